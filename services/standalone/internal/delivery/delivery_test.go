package delivery

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, path string) ([]Part, Report) {
	t.Helper()
	parts, remarks, err := Read([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		raw, err := json.Marshal(p.Body)
		if err != nil || len(raw) > 64<<10 {
			t.Errorf("%s: a part of %d bytes, %v", p.Source, len(raw), err)
		}
	}
	return parts, remarks
}

func TestRead(t *testing.T) {
	dir := folder(t, map[string]string{
		"a/service.json": `{"id": "1"}`, "a/b/services.csv": "id\n1\n", "a/b/phones.csv": "id\n2\n",
		"a/b/datapackage.json": `../datapackage.json`, "a/schema.json": `{"properties": {}}`, "a/broken.json": `{`, "a/read.me": "no",
	})
	parts, remarks := read(t, dir)
	var sources []string
	for _, p := range parts {
		sources = append(sources, strings.TrimPrefix(p.Source, dir))
	}
	if d := cmp.Diff([]string{"/a/service.json", "/a/b"}, sources); d != "" {
		t.Error(d)
	}
	if len(parts[1].Body.Tables) != 2 || len(remarks.Notes) != 2 || len(remarks.Rejected) != 1 || !strings.HasSuffix(remarks.Rejected[0].Path, "broken.json") {
		t.Errorf("%+v %+v", parts, remarks)
	}
	if _, _, err := Read([]string{filepath.Join(dir, "nowhere")}); err == nil {
		t.Error("nowhere is somewhere")
	}
}

func TestLargeDocuments(t *testing.T) {
	long := strings.Repeat("x", 20<<10)
	item := func(n int) string { return fmt.Sprintf(`{"id": "%d", "name": %q}`, n, long) }
	items := strings.Join([]string{item(0), item(1), item(2), item(3)}, ",")

	parts, _ := read(t, folder(t, map[string]string{"page.json": `{"contents": [` + items + `]}`}))
	if len(parts) != 2 || len(parts[1].Body.Documents) != 2 {
		t.Fatalf("%d parts", len(parts))
	}
	named := parts[1].Named(Report{Rejected: []Issue{{Path: "documents/1/phones/0"}}})
	if got := filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(filepath.Dir(named.Rejected[0].Path))))); got != "page.json" || !strings.HasSuffix(named.Rejected[0].Path, "contents/3/phones/0") {
		t.Error(named.Rejected[0].Path)
	}

	parts, _ = read(t, folder(t, map[string]string{"org.json": `{"id": "9", "name": "org", "services": [` + items + `]}`}))
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var service map[string]string
	if err := json.Unmarshal(parts[2].Body.Documents[0], &service); err != nil || service["organization_id"] != "9" {
		t.Error(service, err)
	}

	parts, remarks := read(t, folder(t, map[string]string{"huge.json": `{"id": "9", "name": "` + strings.Repeat(long, 4) + `"}`}))
	if len(parts) != 0 || len(remarks.Rejected) != 1 {
		t.Error(len(parts), remarks)
	}
}

// Tables that are too large for one request are cut between entries: each part
// holds whole entries, what they refer to comes before them, and no row is lost.
func TestLargeTables(t *testing.T) {
	const n = 300
	organizations, services, phones, places, locations, capacities := "id,name\n", "id,organization_id,name\n", "id,service_id,location_id,number\n", "id,service_id,location_id\n", "id,name\n", "id,service_id,unit_id\n"
	for i := range n {
		organizations += fmt.Sprintf("o%d,%s\n", i, strings.Repeat("o", 200))
		services += fmt.Sprintf("s%d,o%d,%s\n", i, i, strings.Repeat("s", 200))
		locations += fmt.Sprintf("l%d,%s\n", i, strings.Repeat("l", 200))
		places += fmt.Sprintf("p%d,s%d,l%d\n", i, i, i)
		phones += fmt.Sprintf("t%d,s%d,l%d,%d\n", i, i, i, i)
		capacities += fmt.Sprintf("c%d,s%d,u\n", i, i)
	}
	dir := folder(t, map[string]string{
		"organizations.csv": organizations, "services.csv": services, "phones.csv": phones, "service_at_location.csv": places,
		"locations.csv": locations, "service_capacity.csv": capacities, "units.csv": "id,name\nu,bed\n",
	})
	parts, remarks := read(t, dir)
	if len(parts) < 4 || len(remarks.Rejected) > 0 {
		t.Fatalf("%d parts, %+v", len(parts), remarks)
	}
	known, seen := map[string]bool{}, map[string]int{}
	for _, p := range parts {
		var tables map[string][]map[string]string
		if err := json.Unmarshal(p.Body.Documents[0], &tables); err != nil {
			t.Fatal(err)
		}
		for table, rows := range tables {
			for i, w := range rows {
				known[w["id"]] = true
				seen[table]++
				if got := p.Named(Report{Notes: []Issue{{Path: fmt.Sprintf("documents/0/%s/%d", table, i+1)}}}).Notes[0].Path; table != "units.csv" && !strings.HasSuffix(got, table+"/"+numberAfter(w["id"])) {
					t.Fatalf("row %s is called %s", w["id"], got)
				}
			}
		}
		for table, rows := range tables {
			for _, w := range rows {
				for column, id := range w {
					if strings.HasSuffix(column, "_id") && !known[id] {
						t.Fatalf("%s: %s %s comes later", table, column, id)
					}
				}
			}
		}
	}
	for table, want := range map[string]int{"organizations.csv": n, "services.csv": n, "locations.csv": n, "service_at_location.csv": n, "phones.csv": 2 * n, "service_capacity.csv": n} {
		if seen[table] != want {
			t.Errorf("%s: %d rows, want %d", table, seen[table], want)
		}
	}
}

// numberAfter is the row of an identifier that ends with its place from 0.
func numberAfter(id string) string {
	var n int
	_, _ = fmt.Sscanf(id[1:], "%d", &n)
	return fmt.Sprint(n + 1)
}
