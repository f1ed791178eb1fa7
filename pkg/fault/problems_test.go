package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

// declared is a fault as the sources declare it.
type declared struct{ kind, detail, file string }

// Every code that a caller can meet is explained in docs/problems.md, and
// nothing else is. Codes are API: who takes one away breaks somebody's client.
func TestEveryCodeIsExplained(t *testing.T) {
	kindOf := make(map[string]string)
	for code, d := range declarations(t) {
		kindOf[code] = d.kind
	}
	if diff := cmp.Diff(kindOf, explained(t)); diff != "" {
		t.Errorf("sources (-) and docs/problems.md (+) differ in codes or kinds:\n%s", diff)
	}
}

// declarations finds every fault.New in the sources of pkg and services. One
// code means one thing: wherever else it is declared it says the same.
func declarations(t *testing.T) map[string]declared {
	t.Helper()
	found := make(map[string]declared)
	for _, tree := range []string{"pkg", "services"} {
		err := filepath.WalkDir(filepath.Join(root, tree), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (strings.HasSuffix(entry.Name(), "test") || entry.Name() == "testdata"):
				return filepath.SkipDir // what tests use
			case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && isNew(file, call) {
					note(t, found, path, call)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// isNew reports whether a call is fault.New, or New inside this package.
func isNew(file *ast.File, call *ast.CallExpr) bool {
	switch fn := call.Fun.(type) {
	case *ast.SelectorExpr:
		from, ok := fn.X.(*ast.Ident)
		return ok && from.Name == "fault" && fn.Sel.Name == "New"
	case *ast.Ident:
		return file.Name.Name == "fault" && fn.Name == "New"
	}
	return false
}

func note(t *testing.T, found map[string]declared, path string, call *ast.CallExpr) {
	t.Helper()
	if len(call.Args) != 3 {
		t.Fatalf("%s: fault.New takes a kind, a code and a detail", path)
	}
	code, detail := literal(call.Args[1]), literal(call.Args[2])
	kind := kindName(call.Args[0])
	if code == "" || detail == "" || kind == "" {
		t.Errorf("%s: a fault is declared with a constant kind, code and detail", path)
		return
	}
	if !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(code) {
		t.Errorf("%s: %q is not a code", path, code)
	}
	d := declared{kind: kind, detail: detail, file: path}
	if other, ok := found[code]; ok && (other.kind != kind || other.detail != detail) {
		t.Errorf("%q says one thing in %s and another in %s", code, other.file, path)
	}
	found[code] = d
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// kindName turns fault.RateLimited into rate_limited.
func kindName(e ast.Expr) string {
	var name string
	switch e := e.(type) {
	case *ast.SelectorExpr:
		name = e.Sel.Name
	case *ast.Ident:
		name = e.Name
	}
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "${1}_${2}"))
}

var (
	heading = regexp.MustCompile(`(?m)^## ([a-z0-9_]+)\n\n\*([a-z_]+), ([0-9]{3})\*\n\n\S`)
	row     = regexp.MustCompile(`(?m)^\| ([a-z_]+) \| ([0-9]{3}) \|`)
)

// explained reads the codes and kinds of the page.
func explained(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "problems.md"))
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(map[string]string)
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		statuses[m[1]] = m[2]
	}
	kinds := make(map[string]string)
	var order []string
	for _, m := range heading.FindAllStringSubmatch(string(page), -1) {
		code, kind, status := m[1], m[2], m[3]
		if status != statuses[kind] && code != "method_not_allowed" { // HTTP has a status of its own for it
			t.Errorf("%s: status %s of kind %s", code, status, kind)
		}
		if _, twice := kinds[code]; twice {
			t.Errorf("%s is explained twice", code)
		}
		kinds[code] = kind
		order = append(order, code)
	}
	if n := strings.Count(string(page), "\n## "); n != len(order) {
		t.Errorf("%d sections, of which %d can be read", n, len(order))
	}
	if !slices.Equal(order, slices.Sorted(maps.Keys(kinds))) {
		t.Error("the codes are not in alphabetical order")
	}
	return kinds
}
