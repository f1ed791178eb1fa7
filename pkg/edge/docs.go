package edge

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/memo"
)

//go:embed docs.html docs.css docs.js scalar/standalone.js.gz
var docsFiles embed.FS

// What a page may load. A page of text has a style of this instance and nothing
// else. The reference has scripts of this instance, which ask this instance alone.
// Its script writes styles into the page; they can load nothing, since all else is
// closed.
const (
	closedPolicy    = "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	textPolicy      = "default-src 'none'; style-src 'self'" + closedPolicy
	referencePolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'" + closedPolicy
)

// site is what is under /docs, while it is made.
type site struct {
	contracts, texts fs.FS
	routes           map[string]http.Handler
	templates        *template.Template

	// What the pages load, and what the first page lists.
	Style, Script, Scalar string
	Services              []docsService
	Groups                map[string][]docsLink
}

type docsLink struct{ Title, Address string }

type docsService struct {
	Name string
	Info map[string]any
	// Here says that this process serves the operations, so that they can be tried.
	Here       bool
	Operations []docsOperation
}

type docsOperation struct {
	Method, Path string
	Needs        access.Permission
	Node         map[string]any
}

// Docs gives handlers, by path, of the contracts in a file system with
// openapi/<service>.yaml, asyncapi/network.yaml and schema/, and of the pages at
// /docs: the reference of each service, the events, and texts in Markdown. The
// operations of the services that are served here can be tried. No page asks
// another host for anything.
func Docs(contracts, texts fs.FS, here ...string) (map[string]http.Handler, error) {
	c, embedded := contracts.(embed.FS)
	t, both := texts.(embed.FS)
	if !embedded || !both {
		return docs(contracts, texts, here)
	}
	routes, err := made.Get(docsSource{c, t, strings.Join(here, " ")})
	return maps.Clone(routes), err
}

// docsSource is what pages are made of. What is embedded never changes.
type docsSource struct {
	contracts, texts embed.FS
	here             string
}

var made = memo.Of[docsSource, map[string]http.Handler]{Make: func(s docsSource) (map[string]http.Handler, error) {
	return docs(s.contracts, s.texts, strings.Fields(s.here))
}}

func docs(contracts, texts fs.FS, here []string) (map[string]http.Handler, error) {
	s := &site{
		contracts: contracts, texts: texts, routes: make(map[string]http.Handler), Groups: make(map[string][]docsLink),
		templates: template.Must(template.New("").Funcs(template.FuncMap{"fields": fields, "base": path.Base}).ParseFS(docsFiles, "docs.html")),
	}
	s.Style = s.asset("docs.css", "text/css; charset=utf-8")
	s.Script = s.asset("docs.js", "text/javascript; charset=utf-8")
	s.Scalar = s.asset("scalar/standalone.js.gz", "text/javascript; charset=utf-8")
	return s.routes, cmp.Or(s.references(here), s.events(), s.pages(), s.page("/docs", textPolicy, "start", "Sanad", nil))
}

// asset serves one of our own files where only its content is, so that a browser
// can keep it.
func (s *site) asset(name, mediaType string) string {
	body, err := docsFiles.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	address := fmt.Sprintf("/docs/assets/%.8x/%s", sha256.Sum256(body), strings.TrimSuffix(path.Base(name), ".gz"))
	header := map[string]string{"Content-Type": mediaType, "Cache-Control": "public, max-age=31536000, immutable"}
	if strings.HasSuffix(name, ".gz") {
		header["Content-Encoding"] = "gzip" // no browser is without it
	}
	s.routes[address] = static(body, header)
	return address
}

var (
	names = regexp.MustCompile(`(<pre[^>]*>)?<code>[^<]*</code>`)
	parts = strings.NewReplacer("</", "</", ".", ".<wbr>", "/", "/<wbr>", "_", "_<wbr>")
)

// page serves what a template makes. A name in it can break after its parts, and
// nowhere else.
func (s *site) page(address, policy, name, title string, data any) error {
	var html bytes.Buffer
	err := s.templates.ExecuteTemplate(&html, name, struct {
		*site
		Title string
		Data  any
	}{s, title, data})
	if err != nil || s.routes[address] != nil {
		return fmt.Errorf("page %s: %w", address, cmp.Or(err, errors.New("there are two")))
	}
	// Most processes are never asked for most pages, and a search through one takes long.
	body := sync.OnceValue(func() []byte {
		return []byte(names.ReplaceAllStringFunc(html.String(), func(name string) string {
			if !strings.HasPrefix(name, "<pre") {
				name = parts.Replace(name)
			}
			return name
		}))
	})
	s.routes[address] = later(body, map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin",
	})
	return nil
}

// references serves each service's contract, and the page that shows it.
func (s *site) references(here []string) error {
	files, _ := fs.Glob(s.contracts, "openapi/*.yaml") // this is a pattern
	for _, file := range files {
		doc, err := s.contract(file, "/"+file)
		if err != nil {
			return err
		}
		service := docsService{Name: strings.TrimSuffix(path.Base(file), ".yaml"), Info: member(doc.root, "info")}
		service.Here = slices.Contains(here, service.Name)
		for where, item := range members(member(doc.root, "paths")) {
			for method, node := range members(item) {
				needs, err := needed(node)
				if err != nil {
					return fmt.Errorf("%s: %s %s: %w", file, method, where, err)
				}
				service.Operations = append(service.Operations, docsOperation{strings.ToUpper(method), where, needs, node})
			}
		}
		s.Services = append(s.Services, service)
	}
	for _, service := range s.Services { // each page links to all of them
		if err := s.page("/docs/api/"+service.Name, referencePolicy, "reference", word(service.Info, "title"), service); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) contract(name, address string) (*document, error) {
	source, err := s.file(name, address, "application/yaml")
	doc, unread := readDocument(source)
	if err = cmp.Or(err, unread); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

// file serves a file of the contracts as it is.
func (s *site) file(name, address, mediaType string) ([]byte, error) {
	source, err := fs.ReadFile(s.contracts, name)
	s.routes[address] = static(source, map[string]string{"Content-Type": mediaType})
	return source, err
}

// static serves a body as it is.
func static(body []byte, header map[string]string) http.Handler {
	return later(func() []byte { return body }, header)
}

// later serves a body that is made when somebody asks for it.
func later(body func() []byte, header map[string]string) http.Handler {
	m := newMethods()
	m.add(http.MethodGet, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		_, _ = w.Write(body())
	}))
	return m
}
