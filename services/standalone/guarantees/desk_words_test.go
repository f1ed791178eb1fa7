package guarantees_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/desk/desktest"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// pageMux knows which pattern a page of the desk has.
var pageMux = sync.OnceValue(func() *http.ServeMux {
	mux := http.NewServeMux()
	for _, pattern := range desktest.Pages() {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	return mux
})

// pagePattern is the pattern of the page that answered; its path where the page is for who is
// not signed in.
func pagePattern(a asked) string {
	_, pattern := pageMux().Handler(httptest.NewRequest(a.method, a.at.Path, nil))
	if pattern == "" {
		return a.method + " " + a.at.Path
	}
	return pattern
}

// disguise is a desk of the network in the language of tests.
type disguise struct {
	base string

	mu    sync.Mutex
	seats map[string]identity.Principal
}

// code signs a person in at this desk.
func (d *disguise) code(p identity.Principal) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	code := strconv.Itoa(len(d.seats))
	d.seats[code] = p
	return code
}

func (w *world) disguise() *disguise {
	w.t.Helper()
	if w.other != nil {
		return w.other
	}
	d := &disguise{seats: map[string]identity.Principal{}}
	routes, err := desk.Routes(desk.Config{
		Audience: network.Audience, Logger: w.config.Telemetry.Logger, Clock: w.config.Clock, Texts: desktest.Texts(w.t),
		Base:  func(string) string { return w.Base() },
		Admin: func(string) string { return "http://" + w.Admin.String() },
		Code: func(_ context.Context, code string) (string, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			p, known := d.seats[code]
			if !known {
				return "", desk.ErrCode
			}
			return w.deskOf(p).Token, nil
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(routed(routes))
	w.t.Cleanup(server.Close)
	d.base, w.other = server.URL, d
	return d
}

// disguised asks for the page that the browser shows once more, in the language of tests. What
// was sent is sent again with its Idempotency-Key: it has no second effect.
func (b *browser) disguised(name string) {
	b.t.Helper()
	d := b.w.disguise()
	if b.twin == nil || b.twin.session() == "" {
		b.twin = b.w.stranger()
		b.twin.t, b.twin.base, b.twin.language = b.t, d.base, desktest.Tag
		b.twin.open("/desk/sign-in")
		if b.session() != "" {
			b.twin.submitMain(values{"code": d.code(*b.who)})
		}
	}
	b.twin.visit(b.asked.method, b.asked.at.RequestURI(), b.asked.form)
	b.twin.outlinedAs(filepath.Join(desktest.Tag, name))
	if diff := cmp.Diff(skeleton(b.outline()), skeleton(b.twin.outline())); diff != "" {
		b.t.Errorf("%s has other parts in the language of tests (-English +tests):\n%s", name, diff)
	}
	for _, bare := range b.twin.bare() {
		b.t.Errorf("%s: %q is not of the texts", name, bare)
	}
}

// skeleton is an outline without its words.
func skeleton(outline string) string { return inQuotes.ReplaceAllString(outline, `"`) }

var (
	inQuotes = regexp.MustCompile(`"[^"\n]*"`)
	inTexts  = regexp.MustCompile(`⟦[^⟦⟧]*⟧`)
	// isolated is what stands in a plain text as in a bdi.
	isolated = regexp.MustCompile("\u2068[^\u2068\u2069]*\u2069")
)

// bare are the words of a page in the language of tests that are not of the texts of the desk.
// What a person wrote, names of agencies, instants and references are data.
func (b *browser) bare() (found []string) {
	check := func(text string) {
		rest := text
		for inTexts.MatchString(rest) { // one text may stand in another
			rest = inTexts.ReplaceAllString(rest, "")
		}
		rest = varies.ReplaceAllString(isolated.ReplaceAllString(rest, ""), "")
		if strings.ContainsFunc(rest, unicode.IsLetter) {
			found = append(found, strings.TrimSpace(text))
		}
	}
	for body := range elements(b.doc, "body") {
		for n := range body.Descendants() {
			if n.Type == html.ElementNode {
				for _, name := range []string{"aria-label", "title", "placeholder", "alt"} {
					if v := attribute(n, name); v != none {
						check(v)
					}
				}
			}
			if n.Type == html.TextNode && !data(n) {
				check(n.Data)
			}
		}
	}
	return found
}

// data says that a text is no word of the desk.
func data(n *html.Node) bool {
	for a := range n.Ancestors() {
		switch {
		case a.Type != html.ElementNode || a.Data == "html":
		case slices.Contains([]string{"bdi", "time", "script", "textarea"}, a.Data), attribute(a, "dir") == "ltr", attribute(a, "dir") == "auto":
			return true
		case a.Data == "option" && (attribute(a, "value") == text(a) || attribute(a, "lang") != none):
			return true
		case a.Data == "select" && strings.HasSuffix(attribute(a, "name"), "/country"):
			return true // the names of the CLDR
		case a.Data == "select" && strings.HasSuffix(attribute(a, "name"), "/standard"):
			return true // the words of the programme
		}
	}
	return false
}

// What a reader of screens has is known of every page.
func TestEachPageHasAnOutline(t *testing.T) {
	known := map[string]bool{}
	for _, dir := range []string{"testdata/desk", "testdata/desk/" + desktest.Tag} {
		files, err := fs.Glob(os.DirFS(dir), "*.txt")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(text), "\n")
			known[filepath.Base(dir)+strings.TrimPrefix(first, "page")] = true
		}
	}
	for _, pattern := range desktest.Pages() {
		if !strings.HasPrefix(pattern, http.MethodGet) && !slices.Contains(shownOnce, pattern) {
			continue // it leads to a page, or shows that of the form again
		}
		if slices.Contains(downloads, pattern) {
			continue
		}
		for _, dir := range []string{"desk", desktest.Tag} {
			if !known[dir+" "+pattern] {
				t.Errorf("%s: no outline of the page %s: show it to outlined in a test", dir, pattern)
			}
		}
	}
}

// shownOnce are the pages that are the answer to a form, because no way back may ask again.
var shownOnce = []string{"POST /desk/referrals/{id}/packet", "POST /desk/referrals/{id}/contact", "POST /desk/referrals/{id}/share", "POST /desk/cases/{id}/contact"}

// downloads are no pages: what they answer is a file that a person keeps, as it was given.
var downloads = []string{
	"GET /desk/matters/{id}/file/{file}", "GET /desk/examinations/{id}/file/{file}", "GET /desk/custody/{id}/text", "GET /desk/custody/{id}/file",
	"GET /desk/examinations/{id}/body/map.svg", "GET /desk/examinations/{id}/certificate/{certificate}/{part}",
	"GET /desk/figures/{id}/{table}/csv",
	"GET /desk/applications/{id}/file/{file}", "GET /desk/grants/{id}/file/{file}",
}

// An outline that no test writes tells nothing: what it says may be long gone.
func TestEachOutlineIsOfATest(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			if called, is := call.Fun.(*ast.SelectorExpr); !is || called.Sel.Name != "outlined" {
				return true
			}
			name, is := call.Args[0].(*ast.BasicLit)
			if !is {
				t.Errorf("%s: an outline without a name of its own", file)
				return true
			}
			if written[name.Value] {
				t.Errorf("%s: two pages have the outline %s", file, name.Value)
			}
			written[name.Value] = true
			return true
		})
	}
	for _, dir := range []string{"testdata/desk", "testdata/desk/" + desktest.Tag} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if name, is := strings.CutSuffix(e.Name(), ".txt"); (!is || !written[strconv.Quote(name)]) && e.Name() != desktest.Tag {
				t.Errorf("no test writes %s/%s", dir, e.Name())
			}
		}
	}
}
