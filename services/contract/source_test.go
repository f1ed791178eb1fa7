package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The lists of this package are held against the source of package api, so
// that a new event or code list cannot be forgotten here.

// Every type of event in api/event is declared by the service whose name it
// bears, and by no other.
func TestEveryEventIsDeclared(t *testing.T) {
	declared := map[string]string{}
	for room, catalogue := range catalogues {
		for _, typ := range catalogue.Types() {
			if !catalogue.Writes(typ) {
				continue
			}
			goType := reflect.TypeOf(catalogue.Zero(typ)).String()
			if other, twice := declared[goType]; twice {
				t.Errorf("%s is declared by %s and by %s", goType, room, other)
			}
			if service, _ := split(typ); service != room {
				t.Errorf("New of %s declares %s, which is of %s", room, goType, service)
			}
			declared[goType] = room
		}
	}
	each(t, "../../api/event/*/*.go", func(file *ast.File, d ast.Decl) {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "EventType" {
			return
		}
		goType := file.Name.Name + "." + f.Recv.List[0].Type.(*ast.Ident).Name
		if _, ok := declared[goType]; !ok {
			t.Errorf("no service declares %s: event.Type or event.Private of it is missing in New of its service", goType)
		}
		delete(declared, goType)
	})
	for goType, room := range declared {
		t.Errorf("New of %s declares %s, which is not in api/event", room, goType)
	}
}

// A README with a table of commands by route has all of them.
func TestReadmesListTheCommands(t *testing.T) {
	found := 0
	for room := range catalogues {
		text, err := os.ReadFile("../" + room + "/README.md")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\n| command | needs |") {
			continue
		}
		found++
		for _, o := range openAPI(t, room).operations() {
			if o.method == "post" && !strings.Contains(string(text), "\n| `POST "+o.route+"` |") {
				t.Errorf("../%s/README.md: the table of commands lacks POST %s", room, o.route)
			}
		}
	}
	if found < 3 {
		t.Errorf("%d tables were found", found)
	}
}

// The README of each service lists its events, and says of each that has a
// private half what is in it.
func TestReadmesListTheEvents(t *testing.T) {
	for room, catalogue := range catalogues {
		want := map[string]bool{}
		for _, typ := range catalogue.Types() {
			if catalogue.Writes(typ) {
				_, name := split(typ)
				want[name] = catalogue.Half(typ) != nil
			}
		}
		path := "../" + room + "/README.md"
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, listed(room, string(text))); d != "" {
			t.Errorf("%s, in the table of events out: which there are, and whether they have a private half (-declared +README):\n%s", path, d)
		}
	}
}

// listed reads the table that begins with "| out |": the names of events, and
// whether something is said of their private half.
func listed(room, text string) map[string]bool {
	_, text, _ = strings.Cut(text, "\n| out |")
	names := map[string]bool{}
	for i, row := range strings.Split(text, "\n") {
		switch cells := strings.Split(row, "|"); {
		case i < 2: // the rest of the head, and the line below
		case len(cells) < 4:
			return names
		default:
			for _, word := range regexp.MustCompile("`[^`]+`").FindAllString(cells[1], -1) {
				word = strings.TrimSuffix(strings.TrimPrefix(strings.Trim(word, "`"), room+"."), ".v1")
				names[word] = strings.TrimSpace(cells[2]) != ""
			}
		}
	}
	return names
}

// A code that is on no list of its type could be written and never be read.
func TestEveryCodeListIsKnown(t *testing.T) {
	var written []string
	each(t, "../../api/code/*.go", func(_ *ast.File, d ast.Decl) {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			return
		}
		for _, s := range g.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				written = append(written, s.Name.Name)
			case *ast.ValueSpec:
				typ, typed := s.Type.(*ast.Ident)
				if g.Tok != token.CONST || !typed {
					continue
				}
				if text, err := strconv.Unquote(s.Values[0].(*ast.BasicLit).Value); err != nil || !slices.Contains(codes[typ.Name], text) {
					t.Errorf("code.%s is not on the list of %s (%v)", s.Names[0].Name, typ.Name, err)
				}
			}
		}
	})
	if d := cmp.Diff(sorted(written), slices.Sorted(maps.Keys(codes))); d != "" {
		t.Error(d)
	}
}

var listing = regexp.MustCompile("`[a-z0-9_]+`(?:,?\\s+(?:(?:and|or)\\s+)?`[a-z0-9_]+`)+")

// A text that names two thirds of the codes of a list names all of them: what is new
// is told where the others are.
func TestTextsNameAllCodes(t *testing.T) {
	found := 0
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../docs/guides/*.md", "../*/README.md"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no text at %s: %v", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, run := range listing.FindAllString(string(text), -1) {
				words := slices.DeleteFunc(strings.FieldsFunc(run, func(r rune) bool { return r == '`' }), func(s string) bool { return strings.ContainsAny(s, " \n,") })
				for name, all := range codes {
					missing := slices.DeleteFunc(slices.Clone(all), func(c string) bool { return slices.Contains(words, c) })
					if named := len(all) - len(missing); named != len(words) || named < 3 || 3*named < 2*len(all) {
						continue // the words of something else, or a few for an example
					}
					if found++; len(missing) > 0 {
						t.Errorf("%s lists codes of %s without %v", path, name, missing)
					}
				}
			}
		}
	}
	if found < 3 {
		t.Errorf("%d lists were found", found)
	}
}

func each(t *testing.T, pattern string, visit func(*ast.File, ast.Decl)) {
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
			visit(file, d)
		}
	}
}

// No file holds both sides of a merge: a page with such a line is still read by every other test.
func TestNothingIsHalfMerged(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "bin", "var", "node_modules"}, d.Name()):
			return fs.SkipDir
		case !slices.Contains([]string{".md", ".yaml", ".yml", ".go", ".json", ".conf", ".templ"}, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for n, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, strings.Repeat("<", 7)) || strings.HasPrefix(line, strings.Repeat(">", 7)) {
				t.Errorf("%s:%d: one side of a merge", path, n+1)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
