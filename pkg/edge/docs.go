package edge

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
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
	Name, Title, Text, Address, Contract string
	// Here says that this process serves the operations, so that they can be tried.
	Here       bool
	Operations []docsOperation
}

type docsOperation struct{ ID, Method, Path, Summary, Address, Token string }

// Docs gives handlers, by path, of the contracts in a file system with
// openapi/<service>.yaml, asyncapi/network.yaml and schema/, and of the pages at
// /docs: the reference of each service, the events, and texts in Markdown. The
// operations of the services that are served here can be tried. No page asks
// another host for anything.
func Docs(contracts, texts fs.FS, here ...string) (map[string]http.Handler, error) {
	s := &site{
		contracts: contracts, texts: texts, routes: make(map[string]http.Handler), Groups: make(map[string][]docsLink),
		templates: template.Must(template.New("").Funcs(template.FuncMap{"breakable": breakable, "fields": fields, "base": path.Base}).ParseFS(docsFiles, "docs.html")),
	}
	s.Style = s.asset("docs.css", "text/css; charset=utf-8")
	s.Script = s.asset("docs.js", "text/javascript; charset=utf-8")
	s.Scalar = s.asset("scalar/standalone.js.gz", "text/javascript; charset=utf-8")
	for _, part := range []func() error{func() error { return s.references(here) }, s.schemas, s.events, s.pages} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return s.routes, s.page("/docs", textPolicy, "start", "Sanad", s)
}

// asset serves one of our own files where only its content is, so that a browser
// can keep it.
func (s *site) asset(name, mediaType string) string {
	body, err := docsFiles.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	sum := sha256.Sum256(body)
	address := "/docs/assets/" + hex.EncodeToString(sum[:8]) + "/" + strings.TrimSuffix(path.Base(name), ".gz")
	header := map[string]string{"Content-Type": mediaType, "Cache-Control": "public, max-age=31536000, immutable"}
	if strings.HasSuffix(name, ".gz") {
		header["Content-Encoding"], header["Vary"] = "gzip", "Accept-Encoding"
	}
	s.routes[address] = static(body, header)
	return address
}

// page serves what a template makes, inside the frame of all pages.
func (s *site) page(address, policy, name, title string, data any) error {
	if s.routes[address] != nil {
		return fmt.Errorf("page %s: there are two", address)
	}
	var body, html bytes.Buffer
	if err := s.templates.ExecuteTemplate(&body, name, data); err != nil {
		return fmt.Errorf("page %s: %w", address, err)
	}
	frame := struct {
		*site
		Title string
		Body  template.HTML
	}{s, title, template.HTML(body.String())} //nolint:gosec // the template has escaped it
	if err := s.templates.ExecuteTemplate(&html, "frame", frame); err != nil {
		return fmt.Errorf("page %s: %w", address, err)
	}
	s.routes[address] = static(html.Bytes(), map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin",
	})
	return nil
}

// references serves each service's contract, and the page that shows it.
func (s *site) references(here []string) error {
	files, err := fs.Glob(s.contracts, "openapi/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		doc, err := s.contract(file, "/"+file)
		if err != nil {
			return err
		}
		s.Services = append(s.Services, doc.service(file, here))
	}
	for _, service := range s.Services { // each page links to all of them
		if err := s.page(service.Address, referencePolicy, "reference", service.Title, struct {
			*site
			docsService
		}{s, service}); err != nil {
			return err
		}
	}
	return nil
}

// schemas serves the events' schemas where asyncapi.yaml refers to them.
func (s *site) schemas() error {
	files, err := fs.Glob(s.contracts, "schema/*/*.schema.json")
	for _, file := range files {
		if _, err := s.file(file, "/"+file, "application/schema+json"); err != nil {
			return err
		}
	}
	return err
}

func (s *site) contract(file, address string) (*document, error) {
	source, err := s.file(file, address, "application/yaml")
	if err != nil {
		return nil, err
	}
	doc, err := readDocument(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return doc, nil
}

// file serves a file of the contracts as it is.
func (s *site) file(name, address, mediaType string) ([]byte, error) {
	source, err := fs.ReadFile(s.contracts, name)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	s.routes[address] = static(source, map[string]string{"Content-Type": mediaType})
	return source, nil
}

// static serves a body as it is; one that is packed is unpacked for who cannot.
func static(body []byte, header map[string]string) http.Handler {
	m := newMethods()
	m.add(http.MethodGet, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		if header["Content-Encoding"] == "gzip" && !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Del("Content-Encoding")
			if unpacked, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
				_, _ = io.Copy(w, unpacked) //nolint:gosec // our own file
			}
			return
		}
		_, _ = w.Write(body)
	}))
	return m
}

func (d *document) service(file string, here []string) docsService {
	info, name := member(d.root, "info"), strings.TrimSuffix(path.Base(file), ".yaml")
	s := docsService{
		Name: name, Title: word(info, "title"), Text: word(info, "summary"), Address: "/docs/api/" + name, Contract: "/" + file,
		Here: slices.Contains(here, name),
	}
	for where, item := range members(member(d.root, "paths")) {
		for _, method := range verbs {
			if op := member(item, method); op != nil {
				o := docsOperation{ID: word(op, "operationId"), Method: strings.ToUpper(method), Path: where, Summary: word(op, "summary"), Token: d.token(op)}
				o.Address = s.Address + "#" + o.ID
				if tags := words(op, "tags"); len(tags) > 0 { // docs.js has Scalar make the same anchors
					o.Address = s.Address + "#tag/" + tags[0] + "/" + o.ID
				}
				s.Operations = append(s.Operations, o)
			}
		}
	}
	return s
}

// token says what an operation asks of a token.
func (d *document) token(op map[string]any) string {
	schemes, own := op["security"].([]any)
	if !own {
		schemes, _ = d.root["security"].([]any)
	}
	for _, scheme := range schemes {
		switch needs, _ := scheme.(map[string]any); {
		case len(needs) == 0:
			return "optional"
		case len(words(needs, "bearer")) > 0:
			return strings.Join(words(needs, "bearer"), ", ")
		}
	}
	if len(schemes) == 0 {
		return "not needed"
	}
	return "needed"
}

func member(node map[string]any, name string) map[string]any {
	value, _ := node[name].(map[string]any)
	return value
}

func word(node map[string]any, name string) string {
	value, _ := node[name].(string)
	return value
}

// words gives the elements of an array as text.
func words(node map[string]any, name string) (all []string) {
	values, _ := node[name].([]any)
	for _, value := range values {
		all = append(all, fmt.Sprint(value))
	}
	return all
}

// members gives the objects of an object in the order of their names.
func members(node map[string]any) func(yield func(string, map[string]any) bool) {
	return func(yield func(string, map[string]any) bool) {
		for _, name := range slices.Sorted(maps.Keys(node)) {
			if value, ok := node[name].(map[string]any); ok && !yield(name, value) {
				return
			}
		}
	}
}
