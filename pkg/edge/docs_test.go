package edge_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/docs"
	"github.com/sanad-network/sanad/pkg/edge"
)

// shown are the pages of a process that serves one service.
type shown struct {
	t       *testing.T
	handler http.Handler
	// pages are the addresses that answer with HTML, and their bodies.
	pages map[string]string
}

// network is what the service of the front desks shows of the network.
var network = sync.OnceValues(func() (map[string]http.Handler, error) { return edge.Docs(api.Files, docs.Files, "intake") })

func show(t *testing.T, routes map[string]http.Handler, err error) shown {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := shown{t, edge.Join(noop.NewTracerProvider(), routes), map[string]string{}}
	for _, address := range slices.Sorted(maps.Keys(routes)) {
		if w := s.get(address); strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			s.pages[address] = w.Body.String()
		}
	}
	return s
}

func showNetwork(t *testing.T) shown {
	t.Helper()
	routes, err := network()
	return show(t, routes, err)
}

func (s shown) get(address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, http.NoBody))
	return w
}

func TestDocsServeTheContracts(t *testing.T) {
	s := showNetwork(t)
	for served, file := range map[string][2]string{
		"/openapi/referral.yaml":                         {"openapi/referral.yaml", "application/yaml"},
		"/asyncapi.yaml":                                 {"asyncapi/network.yaml", "application/yaml"},
		"/schema/referral/accepted.v1.schema.json":       {"schema/referral/accepted.v1.schema.json", "application/schema+json"},
		"/schema/intake/case_opened.v1.schema.json":      {"schema/intake/case_opened.v1.schema.json", "application/schema+json"},
		"/schema/legal-aid/matter_opened.v1.schema.json": {"schema/legal-aid/matter_opened.v1.schema.json", "application/schema+json"},
	} {
		want, err := api.Files.ReadFile(file[0])
		if err != nil {
			t.Fatal(err)
		}
		if w := s.get(served); w.Code != http.StatusOK || w.Header().Get("Content-Type") != file[1] || w.Body.String() != string(want) {
			t.Errorf("%s: status %d, %s", served, w.Code, w.Header().Get("Content-Type"))
		}
	}
	for _, nowhere := range []string{"/openapi/none.yaml", "/docs/none", "/docs/assets", "/docs/guides/access.md"} {
		if w := s.get(nowhere); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", nowhere, w.Code)
		}
	}
}

var (
	loading = regexp.MustCompile(`<(script|link|img|iframe|object|embed|video|audio|source|form|base|meta http-equiv)\b[^>]*>`)
	address = regexp.MustCompile(`\b(?:src|href|action)="([^"]*)"`)
	inline  = regexp.MustCompile(`<style|<script>|<[^>]+ (?:on[a-z]+|style)=|ZgotmplZ`)
)

// Nothing that a page loads is another host's, nothing is written into the page,
// and the policy holds it so.
func TestPagesAskNobodyElse(t *testing.T) {
	const rest = "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	s := showNetwork(t)
	for page, body := range s.pages {
		policy := "default-src 'none'; style-src 'self'" + rest
		if strings.HasPrefix(page, "/docs/api/") {
			policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'" + rest
		}
		h := s.get(page).Header()
		if got := h.Get("Content-Security-Policy"); got != policy {
			t.Errorf("%s: policy %q", page, got)
		}
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" {
			t.Errorf("%s: others learn of it: %v", page, h)
		}
		loads := loading.FindAllString(body, -1)
		if len(loads) < 2 {
			t.Errorf("%s loads %q", page, loads)
		}
		for _, tag := range loads {
			for _, to := range address.FindAllStringSubmatch(tag, -1) {
				if w := s.get(to[1]); to[1] != "data:," && (!strings.HasPrefix(to[1], "/docs/assets/") || w.Code != http.StatusOK) {
					t.Errorf("%s: %s", page, tag)
				}
			}
		}
		if found := inline.FindString(body); found != "" {
			t.Errorf("%s holds %q", page, found)
		}
	}
	for _, file := range []string{"docs.css", "docs.js"} {
		source, err := os.ReadFile(file)
		if err != nil || regexp.MustCompile(`https?:|//[a-z]|url\(|@import`).Match(source) {
			t.Errorf("%s asks somebody: %v", file, err)
		}
	}
}

// Whoever looks for an operation finds it on the first page, and from there in the
// reference of its service.
func TestReferenceHasEveryOperation(t *testing.T) {
	s := showNetwork(t)
	files, err := fs.Glob(api.Files, "openapi/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		service := strings.TrimSuffix(path.Base(file), ".yaml")
		page, here := s.pages["/docs/api/"+service], "false"
		if service == "intake" {
			here = "true"
		}
		if want := `data-contract="/` + file + `" data-here="` + here + `"`; !strings.Contains(page, want) {
			t.Errorf("the reference of %s does not show %s:\n%s", service, want, page)
		}
		var contract struct {
			Paths map[string]map[string]struct {
				ID   string   `yaml:"operationId"`
				Tags []string `yaml:"tags"`
			} `yaml:"paths"`
		}
		source := s.get("/" + file).Body.Bytes()
		if err := yaml.Unmarshal(source, &contract); err != nil || len(contract.Paths) == 0 {
			t.Fatalf("%s: %d paths, %v", file, len(contract.Paths), err)
		}
		for where, methods := range contract.Paths {
			for method, op := range methods {
				row := `<a href="/docs/api/` + service + `#tag/` + op.Tags[0] + `/` + op.ID + `"><code>` + op.ID + `</code></a></td><td><code>` + strings.ToUpper(method) + " "
				if !strings.Contains(s.pages["/docs"], row) {
					t.Errorf("%s %s is not on the first page: %s", method, where, row)
				}
			}
		}
	}
}

func TestFirstPageSaysWhoNeedsAToken(t *testing.T) {
	garden := `{openapi: 3.1.0, info: {title: Garden}, paths: {/a: {
		get: {operationId: a, tags: [x], security: [{bearer: ["plants:look"]}]}, put: {operationId: b, security: []}, post: {operationId: c, security: [{}, {bearer: []}]},
		delete: {operationId: d, security: [{bearer: ["plants:uproot"]}]}}}}`
	routes, err := edge.Docs(fstest.MapFS{"openapi/garden.yaml": {Data: []byte(garden)}, "asyncapi/network.yaml": {Data: []byte("{}")}}, fstest.MapFS{})
	s := show(t, routes, err)
	for id, want := range map[string]string{
		"x/a": "plants:look", "b": "not needed", "c": "optional", "d": "plants:uproot",
	} {
		if !regexp.MustCompile(`#(?:tag/)?` + id + `"><code>\w</code></a></td><td><code>\w+ /<wbr>a</code></td><td>` + want + `</td>`).MatchString(s.pages["/docs"]) {
			t.Errorf("%s: not %q on\n%s", id, want, s.pages["/docs"])
		}
	}
}

// An event is shown with all that its schema says of each field. One that stays in its
// room is not: nobody outside reads it.
func TestEventsAreShown(t *testing.T) {
	s := showNetwork(t)
	page := s.pages["/docs/events"]
	for _, want := range []string{
		`<code>sanad.<wbr>events.<wbr>intake.<wbr>{event}.<wbr>{record}</code>`, `<a href="#referral.accepted.v1">`,
		`<code>ce-id</code>`, `href="/schema/referral/accepted.v1.schema.json"`, `date-time`, `ref_[0-9a-hjkmnp-tv-z]{26}`,
		`<code>consent_<wbr>expires</code><br><small>required</small>`, `<code>safehouse_<wbr>service</code>`, `<code>categories[]</code>`, `<code>forensic_<wbr>certificate</code>`, `<code>1.<wbr>0</code>`,
		`&#34;ref_eaq11m24xwdha7txyqaa5n95sm&#34;`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	schemas, err := fs.Glob(api.Files, "schema/*/*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range schemas {
		event := path.Base(path.Dir(name)) + "." + strings.TrimSuffix(path.Base(name), ".schema.json")
		_, section, found := strings.Cut(page, `id="`+event+`"`)
		section, _, _ = strings.Cut(section, "</section>")
		if text, err := api.Files.ReadFile(name); err != nil || strings.Contains(string(text), "It stays in the room") || strings.Contains(string(text), "Services alone are told") {
			if found || err != nil || s.get("/"+name).Code != http.StatusNotFound {
				t.Errorf("%s is shown, and stays in the room: %v", event, err)
			}
			continue
		}
		if !found || !strings.Contains(section, `href="/`+name+`"`) || !strings.Contains(section, "<summary>Example</summary>") {
			t.Errorf("%s is not shown with its schema and an example", event)
		}
	}
}

// A problem's type is a reference that the same instance resolves: to the section
// of its code.
func TestTypeOfAProblemResolves(t *testing.T) {
	s := showNetwork(t)
	var problem struct{ Type, Code string }
	if err := json.Unmarshal(s.get("/nowhere").Body.Bytes(), &problem); err != nil {
		t.Fatal(err)
	}
	page, code, _ := strings.Cut(problem.Type, "#")
	if page != "/docs/problems" || code != problem.Code || code == "" {
		t.Errorf("type %q of %q", problem.Type, problem.Code)
	}
	// The page's sections are the codes of the sources: pkg/fault holds them so.
	source, err := docs.Files.ReadFile("problems.md")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`(?m)^## ([a-z0-9_]+)$`).FindAllStringSubmatch(string(source), -1)
	if len(codes) < 50 {
		t.Fatalf("%d codes", len(codes))
	}
	for _, code := range codes {
		if !strings.Contains(s.pages["/docs/problems"], `<h2 id="`+code[1]+`">`) {
			t.Errorf("%s has no anchor", code[1])
		}
	}
}

// Every link on every page leads somewhere: to a page and a place on it, to a file
// of the repository, or to somebody else's site over TLS.
func TestEveryLinkResolves(t *testing.T) {
	const repository = "https://github.com/sanad-network/sanad/blob/main/"
	s := showNetwork(t)
	seen := 0
	for page, body := range s.pages {
		for _, link := range regexp.MustCompile(`<a href="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			seen++
			to, fragment, _ := strings.Cut(link[1], "#")
			switch file, ours := strings.CutPrefix(to, repository); {
			case ours:
				if _, err := os.Stat(path.Join("../..", file)); err != nil || strings.HasPrefix(file, "docs/") && strings.HasSuffix(file, ".md") {
					t.Errorf("%s: %s: %v", page, link[1], err)
				}
			case to == "", strings.HasPrefix(to, "/"):
				target := body
				if to != "" {
					w := s.get(to)
					if target = w.Body.String(); w.Code != http.StatusOK {
						t.Errorf("%s: %s: status %d", page, link[1], w.Code)
					}
				}
				// The anchors of a reference are made by its script.
				if fragment != "" && !strings.HasPrefix(to, "/docs/api/") && !strings.Contains(target, `id="`+fragment+`"`) {
					t.Errorf("%s: %s: no such place", page, link[1])
				}
			case !strings.HasPrefix(to, "https://"):
				t.Errorf("%s: %s", page, link[1])
			}
		}
	}
	if seen < 500 {
		t.Errorf("%d links", seen)
	}
}

func TestEveryTextHasItsPage(t *testing.T) {
	s := showNetwork(t)
	for _, where := range []string{".", "guides", "adr", "runbooks"} {
		files, err := os.ReadDir(path.Join("../../docs", where))
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		for _, file := range files {
			name, text := strings.CutSuffix(file.Name(), ".md")
			if !text {
				continue
			}
			at := path.Join("/docs", where, strings.TrimSuffix(name, "README"))
			if _, ok := s.pages[at]; !ok || !strings.Contains(s.pages["/docs"], `<a href="`+at+`"`) {
				t.Errorf("%s/%s is not shown at %s, or not on the first page", where, file.Name(), at)
			}
		}
	}
}

// What is served is the file that the README beside it names, packed.
func TestScalarIsTheFileThatIsNamed(t *testing.T) {
	readme, err := os.ReadFile("scalar/README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("(?m)^\\| SHA-256 of the file \\| `([0-9a-f]{64})` \\|$").FindSubmatch(readme)
	script := regexp.MustCompile(`src="(/docs/assets/[0-9a-f]{16}/standalone\.js)"`)
	s := showNetwork(t)
	src := script.FindStringSubmatch(s.pages["/docs/api/referral"])
	if named == nil || src == nil {
		t.Fatal(named, src)
	}
	packed := s.get(src[1])
	unpacked, err := gzip.NewReader(packed.Body)
	if err != nil || packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal(packed.Header(), err)
	}
	source, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(source); hex.EncodeToString(sum[:]) != string(named[1]) {
		t.Errorf("it is %x", sum)
	}
	if cache := packed.Header().Get("Cache-Control"); cache != "public, max-age=31536000, immutable" {
		t.Errorf("a browser may keep it: %q", cache)
	}
}

// The pages' text comes out of files; it must not become markup.
func TestDocsEscape(t *testing.T) {
	const markup = `<img src=x onerror=y>`
	routes, err := edge.Docs(fstest.MapFS{
		"openapi/garden.yaml":   {Data: []byte(`{info: {title: "` + markup + `", summary: "` + markup + `"}, paths: {"/` + markup + `": {get: {security: [], operationId: "` + markup + `", tags: ["` + markup + `"], summary: "` + markup + `"}}}}`)},
		"asyncapi/network.yaml": {Data: []byte(`{info: {description: "` + markup + `"}, channels: {a: {address: "` + markup + `"}}, components: {messages: {"` + markup + `": {payload: {properties: {"` + markup + `": {pattern: "` + markup + `"}}}}}}}`)},
	}, fstest.MapFS{"a.md": {Data: []byte("# `" + markup + "`\n\n" + markup + " [a](javascript:alert(1)) `" + markup + "`\n\n## " + markup + "\n\n|a|\n|-|\n|" + markup + "|\n")}})
	s := show(t, routes, err)
	if len(s.pages) != 4 {
		t.Fatalf("%d pages", len(s.pages))
	}
	for page, body := range s.pages {
		if strings.Contains(body, "<img") || strings.Contains(body, "javascript:") {
			t.Errorf("%s: text became markup:\n%s", page, body)
		}
	}
}

func TestDocsNeedTheContracts(t *testing.T) {
	whole := fstest.MapFS{
		"openapi/garden.yaml":       {Data: []byte(`{}`)},
		"asyncapi/network.yaml":     {Data: []byte(`{components: {messages: {a: {payload: {$ref: ../schema/a/b.v1.schema.json}}}}}`)},
		"schema/a/b.v1.schema.json": {Data: []byte(`{}`)},
	}
	if _, err := edge.Docs(whole, docs.Files); err != nil {
		t.Fatal(err)
	}
	if _, err := edge.Docs(whole, fstest.MapFS{"events.md": {Data: []byte("# Events")}}); err == nil {
		t.Error("a text took the place of another page")
	}
	open := maps.Clone(whole)
	open["openapi/garden.yaml"] = &fstest.MapFile{Data: []byte(`{paths: {/a: {get: {}}}}`)}
	if _, err := edge.Docs(open, docs.Files); err == nil {
		t.Error("no complaint about an operation that does not say who may ask")
	}
	if _, err := edge.Docs(whole, fstest.MapFS{"a.md": {Data: []byte("No heading.")}}); err == nil {
		t.Error("no complaint about a text without a title")
	}
	for name := range whole {
		for _, instead := range []string{"", "[", "3"} {
			broken := maps.Clone(whole)
			if broken[name] = (&fstest.MapFile{Data: []byte(instead)}); instead == "" {
				if name == "openapi/garden.yaml" {
					continue // a network with fewer services
				}
				delete(broken, name)
			}
			if _, err := edge.Docs(broken, docs.Files); err == nil {
				t.Errorf("no complaint about %q as %s", instead, name)
			}
		}
	}
}

// Every contract of the network can be served by this edge.
func TestContractsOfTheNetwork(t *testing.T) {
	files, err := api.Files.ReadDir("openapi")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		contract, err := api.Files.ReadFile("openapi/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := edge.New(edge.Config{Service: file.Name(), Contract: contract}); err != nil {
			t.Error(err)
		}
	}
}
