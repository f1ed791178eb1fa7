package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The lists of this package are held against the source of package api, so
// that a new event or code list cannot be forgotten here.

func TestEveryEventIsKnown(t *testing.T) {
	var written []string
	each(t, "../../api/event/*/*.go", func(d ast.Decl) {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "EventType" {
			written = append(written, f.Recv.List[0].Type.(*ast.Ident).Name)
		}
	})
	var known []string
	for _, e := range events {
		known = append(known, reflect.TypeOf(e).Name())
	}
	if d := cmp.Diff(sorted(written), sorted(known)); d != "" {
		t.Error(d)
	}
}

func TestEveryCodeListIsKnown(t *testing.T) {
	var written []string
	each(t, "../../api/code/*.go", func(d ast.Decl) {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			return
		}
		for _, s := range g.Specs {
			written = append(written, s.(*ast.TypeSpec).Name.Name)
		}
	})
	if d := cmp.Diff(sorted(written), slices.Sorted(maps.Keys(codes))); d != "" {
		t.Error(d)
	}
}

func each(t *testing.T, pattern string, visit func(ast.Decl)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no source at %s: %v", pattern, err)
	}
	for _, path := range paths {
		if ok, _ := filepath.Match("*_test.go", filepath.Base(path)); ok {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			visit(d)
		}
	}
}
