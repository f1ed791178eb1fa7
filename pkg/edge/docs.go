package edge

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

var (
	//go:embed docs.html
	docsPage string
	//go:embed docs.css
	docsStyle string
)

// docs is what the page shows; all of it stands in the contracts.
type docs struct {
	Style    template.CSS
	Network  string
	Services []docsService
	Channels []docsChannel
}

type docsService struct {
	Name, Title, Text, Contract string
	Operations                  []docsOperation
}

type docsOperation struct{ ID, Method, Path, Summary string }

type docsChannel struct {
	Address, Text string
	Events        []string
}

// Docs gives handlers, by path, of the contracts in a file system with
// openapi/<service>.yaml, asyncapi/network.yaml and schema/, and of a page at /docs that
// lists what they promise. The page needs no script and asks nobody else.
func Docs(contracts fs.FS) (map[string]http.Handler, error) {
	files, err := fs.Glob(contracts, "openapi/*.yaml")
	if err != nil {
		return nil, err
	}
	routes := make(map[string]http.Handler)
	page := docs{Style: template.CSS(docsStyle)} //nolint:gosec // our own file
	for _, name := range files {
		doc, source, err := readFile(contracts, name)
		if err != nil {
			return nil, err
		}
		address := "/openapi/" + path.Base(name)
		routes[address] = static("application/yaml", source, "")
		page.Services = append(page.Services, doc.service(address))
	}
	doc, source, err := readFile(contracts, "asyncapi/network.yaml")
	if err != nil {
		return nil, err
	}
	const network = "/asyncapi.yaml"
	routes[network] = static("application/yaml", source, "")
	page.Network, page.Channels = network, doc.channels()

	// The events' schemas, where asyncapi.yaml refers to them.
	schemas, err := fs.Glob(contracts, "schema/*/*.schema.json")
	if err != nil {
		return nil, err
	}
	for _, name := range schemas {
		source, err := fs.ReadFile(contracts, name)
		if err != nil {
			return nil, fmt.Errorf("read contract: %w", err)
		}
		routes["/"+name] = static("application/schema+json", source, "")
	}

	tmpl, err := template.New("docs").Parse(docsPage)
	if err != nil {
		return nil, fmt.Errorf("page of the contracts: %w", err)
	}
	var html bytes.Buffer
	if err := tmpl.Execute(&html, page); err != nil {
		return nil, fmt.Errorf("page of the contracts: %w", err)
	}
	style := sha256.Sum256([]byte(docsStyle))
	routes["/docs"] = static("text/html; charset=utf-8", html.Bytes(),
		"default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(style[:])+
			"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	return routes, nil
}

func readFile(contracts fs.FS, name string) (*document, []byte, error) {
	source, err := fs.ReadFile(contracts, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read contract: %w", err)
	}
	doc, err := readDocument(source)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, source, nil
}

func static(mediaType string, body []byte, policy string) http.Handler {
	m := newMethods()
	m.add(http.MethodGet, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		if policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Referrer-Policy", "no-referrer")
		}
		_, _ = w.Write(body)
	}))
	return m
}

func (d *document) service(address string) docsService {
	info := member(d.root, "info")
	s := docsService{Name: strings.TrimSuffix(path.Base(address), ".yaml"), Title: word(info, "title"), Text: word(info, "description"), Contract: address}
	for where, item := range members(member(d.root, "paths")) {
		for _, method := range verbs {
			if op := member(item, method); op != nil {
				s.Operations = append(s.Operations, docsOperation{
					ID: word(op, "operationId"), Method: strings.ToUpper(method), Path: where, Summary: word(op, "summary"),
				})
			}
		}
	}
	return s
}

func (d *document) channels() []docsChannel {
	var found []docsChannel
	for _, channel := range members(member(d.root, "channels")) {
		c := docsChannel{Address: word(channel, "address"), Text: word(channel, "description")}
		for name, message := range members(member(channel, "messages")) {
			// The name in components is the event's type; the one in the channel is local.
			if ref := word(message, "$ref"); ref != "" {
				name = path.Base(ref)
			}
			c.Events = append(c.Events, name)
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b docsChannel) int { return cmp.Compare(a.Address, b.Address) })
	return found
}

func member(node map[string]any, name string) map[string]any {
	value, _ := node[name].(map[string]any)
	return value
}

func word(node map[string]any, name string) string {
	value, _ := node[name].(string)
	return value
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
