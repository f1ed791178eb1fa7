package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A word that stands twice in the glossary would have two meanings.
func TestGlossary(t *testing.T) {
	text, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Words\n")
	table, _, _ = strings.Cut(table, "\n## ")
	var words []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(strings.TrimSpace(line), " | "); len(cells) == 2 && cells[0] != "| word" {
			words = append(words, strings.TrimPrefix(cells[0], "| "))
		}
	}
	if len(words) < 40 || !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) < len(words) {
		t.Errorf("the glossary has %d words, and they must be sorted and different: %q", len(words), words)
	}
}

// Identifiers keep to the glossary: the word, where it may stand, and the names
// in other places that mean what the glossary says.
var glossary = []struct {
	word    string
	in, may []string
}{
	{"stream", []string{"pkg/bus", "pkg/embedded", "services/standalone"}, []string{
		"jetstream", "JetStreamError", "JSErrCodeStreamNotFound", // JetStream's own
	}},
	{"sealed", []string{"pkg/bus", "pkg/embedded", "pkg/journal", "pkg/seal", "pkg/vault", "services/standalone"}, nil},
}

func TestIdentifiersKeepToTheGlossary(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		path = strings.TrimPrefix(filepath.ToSlash(path), "../../")
		for n := range ast.Preorder(file) {
			id, ok := n.(*ast.Ident)
			for _, k := range glossary {
				if ok && strings.Contains(strings.ToLower(id.Name), k.word) && !slices.Contains(k.may, id.Name) &&
					!slices.ContainsFunc(k.in, func(dir string) bool { return strings.HasPrefix(path, dir+"/") }) {
					t.Errorf("%s: %s is not what the glossary calls %s", path, id.Name, k.word)
				}
			}
		}
		return nil
	})
	if err != nil || files < 500 {
		t.Fatalf("%d files: %v", files, err)
	}
}
