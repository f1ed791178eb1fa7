package words

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	tag     = regexp.MustCompile(`(?s)<!?[a-zA-Z/][^>]*>`)
	spoken  = regexp.MustCompile(`\s(title|alt|placeholder|aria-label|aria-description|aria-roledescription)="([^"]*)"`)
	dynamic = "\uFFFD"
)

// A page has no text of its own: what people read is in the texts, in each language.
func TestNoTextStandsInAPage(t *testing.T) {
	pages := 0
	for path, file := range sources(t, "services/desk") {
		if !strings.HasSuffix(path, "_templ.go") {
			continue
		}
		pages++
		var html strings.Builder
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || f.Sel.Name != "WriteString" {
				return true
			}
			if text, ok := literal(call.Args[len(call.Args)-1]); ok {
				html.WriteString(text)
			} else {
				html.WriteString(dynamic)
			}
			return true
		})
		for _, text := range texted(html.String()) {
			t.Errorf("%s: a text stands in the page: %q", path, text)
		}
	}
	if pages < 4 {
		t.Fatalf("there are %d pages", pages)
	}
}

// texted are the texts in a page that are written into it.
func texted(html string) (found []string) {
	for _, a := range spoken.FindAllStringSubmatch(html, -1) {
		found = append(found, a[2])
	}
	for _, text := range tag.Split(html, -1) {
		found = append(found, strings.Split(text, dynamic)...)
	}
	return slices.DeleteFunc(found, func(text string) bool { return !strings.ContainsFunc(text, unicode.IsLetter) })
}

func TestATextInAPageIsFound(t *testing.T) {
	for html, want := range map[string][]string{
		`<p class="x">` + dynamic + `</p> · <br>`:              nil,
		`<p>Hello ` + dynamic + `</p>`:                         {"Hello "},
		`<button title="Hide" class="a"><b>1</b></button>`:     {"Hide"},
		`<input value="` + dynamic + `" required>` + dynamic:   nil,
		`<!doctype html><html lang="` + dynamic + `"></html>–`: nil,
	} {
		if got := texted(html); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
}
