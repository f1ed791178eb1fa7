package contract

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var queried = regexp.MustCompile(`\b(?:q|query|Query)\.(?:Get|Has)\("([a-z_]+)"\)|wants\(q, "([a-z_]+)"\)`)

// ofHSDS are parameters that HSDS has and leaves to each server. Its readers send them
// everywhere: the contract takes them, and says that they change nothing.
var ofHSDS = []string{"format", "postcode", "proximity"}

// The parameters of a query are those of the contract: the edge refuses another before
// anybody could read it, and one that nobody reads would filter nothing.
func TestQueriesAreRead(t *testing.T) {
	for _, service := range services(t) {
		read := []string{"cursor", "limit"} // by the edge
		for _, dir := range []string{"../" + service, "../internal/seen"} {
			if err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
				if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
					return err
				}
				text, err := os.ReadFile(path)
				for _, m := range queried.FindAllStringSubmatch(string(text), -1) {
					read = append(read, m[1]+m[2])
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		var named []string
		d := openAPI(t, service)
		for _, o := range d.operations() {
			list, _ := o.node["parameters"].([]any)
			for _, p := range list {
				m, _ := at(p)
				if m = d.resolve(m); m["in"] != "query" {
					continue
				}
				name, _ := m["name"].(string)
				if named = append(named, name); !slices.Contains(read, name) && !slices.Contains(ofHSDS, name) && name != "file" { // by service.Download
					t.Errorf("%s: %s takes %s in its query, and nothing reads it", service, o.id, name)
				}
			}
		}
		for _, name := range read {
			if !slices.Contains(named, name) && !slices.Contains([]string{"cursor", "limit", "status", "mine", "worker"}, name) {
				t.Errorf("%s reads %s of a query, which its contract does not name", service, name)
			}
		}
	}
}
