package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/sanad-network/sanad/services/internal/hsds"
)

// shelf is a network that holds what it is handed, by the rules that the directory has.
type shelf struct {
	t      testing.TB
	known  known
	bodies []Body
	taken  map[string]bool
}

func newShelf(t testing.TB) *shelf {
	return &shelf{t: t, known: known{items: map[string][]Item{}, asked: map[string]bool{}}, taken: map[string]bool{}}
}

func (s *shelf) Lookup(_ context.Context, ids []string) ([]Item, error) {
	var found []Item
	for _, id := range ids {
		found = append(found, s.known.items[id]...)
	}
	return found, nil
}

func (s *shelf) Import(_ context.Context, b Body) (Report, error) {
	raw, err := json.Marshal(b)
	if err != nil || len(raw) > 64<<10 || len(b.Entries) > 1000 || len(b.Doubted) > 500 {
		s.t.Fatalf("a request of %d bytes, %d entries, %v", len(raw), len(b.Entries), err)
	}
	s.bodies = append(s.bodies, b)
	d := hsds.Delivery{Doubted: b.Doubted}
	for i, e := range b.Entries {
		d.Entries = append(d.Entries, hsds.Entry{Kind: e.Kind, Path: fmt.Sprintf("entries/%d", i), Document: hsds.Handed(e.Document), Partial: e.Partial})
	}
	batch := hsds.Read(d, &s.known)
	for _, e := range batch.Entries {
		s.taken[e.ID] = true
		s.known.items[e.ID] = append(s.known.items[e.ID], Item{ID: e.ID, Kind: e.Kind})
	}
	return Report{Taken: len(batch.Entries), Rejected: batch.Rejected, Notes: batch.Notes}, nil
}

func folder(t testing.TB, files map[string]string) string {
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

// hand hands a folder in, and gives what was told, without the folder's own name.
func hand(t testing.TB, s *shelf, files map[string]string, encoding string) (told []string, r Report) {
	t.Helper()
	dir := folder(t, files)
	r, err := Hand(t.Context(), s, []string{dir}, encoding, func(int, int, string) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range r.Rejected {
		i.Path = strings.TrimPrefix(strings.TrimPrefix(i.Path, dir), "/")
		told = append(told, line(i))
	}
	return told, r
}

func id(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }

// tables are n organizations with an open service each, and one with a hidden service.
// Words make the tables longer, so that they need more than one request.
func tables(n, words int) map[string]string {
	organizations, services, attributes := "id,name,description\n", "id,organization_id,name,status\n", "id,link_id,taxonomy_term_id\n"
	for i := range n {
		organizations += fmt.Sprintf("%s,o,%s\n", id(1, i), strings.Repeat("w", words))
		services += fmt.Sprintf("%s,%s,s,active\n", id(2, i), id(1, i))
	}
	services += fmt.Sprintf("%s,%s,s,active\n", id(2, 0xffff), id(1, 0))
	attributes += fmt.Sprintf("%s,%s,%s\n", id(3, 1), id(2, 0xffff), id(4, 1))
	return map[string]string{
		"organizations.csv": organizations, "services.csv": services, "attributes.csv": attributes,
		"taxonomy_terms.csv": "id,code,name,description,taxonomy\n" + id(4, 1) + ",hidden,h,d,sanad-visibility\n",
	}
}

// Each way in which a file cannot be read is told with the file and the reason, and
// nothing is handed in that it may have been about.
func TestWhatCannotBeReadIsToldAndOpensNothing(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, want string
	}{
		"a stray quote":           {"attributes.csv", "id,link_id,taxonomy_term_id\n\"" + id(3, 1) + "x\n", "attributes.csv/1: is not CSV"},
		"another separator":       {"attributes.csv", strings.ReplaceAll(tables(1, 0)["attributes.csv"], ",", ";"), "attributes.csv: must begin with the names of its columns"},
		"tabs":                    {"attributes.csv", strings.ReplaceAll(tables(1, 0)["attributes.csv"], ",", "\t"), "attributes.csv: must begin with the names of its columns"},
		"a row too wide":          {"attributes.csv", "id,link_id,taxonomy_term_id\nx,x,x,x\n", "attributes.csv/1: must have as many values"},
		"a row cut":               {"attributes.csv", tables(1, 0)["attributes.csv"][:80], "attributes.csv/1: must have as many values"},
		"cut in its first line":   {"attributes.csv", "id,link_id", "attributes.csv: has no column taxonomy_term_id"},
		"empty":                   {"attributes.csv", "", "attributes.csv: is empty"},
		"a column twice":          {"attributes.csv", "id,link_id,taxonomy_term_id,link_id\n", "attributes.csv: has two columns with one name"},
		"a column in capitals":    {"attributes.csv", "ID,LINK_ID,TAXONOMY_TERM_ID\n", "attributes.csv: has a column that differs"},
		"a NUL":                   {"attributes.csv", "id,link_id,taxonomy_term_id\n\x00", "attributes.csv: holds a NUL byte"},
		"no UTF-8":                {"attributes.csv", "id,link_id,taxonomy_term_id,label\n,,,caf\xe9\n", "attributes.csv: is not in UTF-8"},
		"UTF-16, cut":             {"attributes.csv", "\xff\xfei\x00d", "attributes.csv: is in UTF-16, and was cut"},
		"UTF-16 without its mark": {"attributes.csv", "i\x00d\x00", "attributes.csv: holds a NUL byte"},
		"an unknown table":        {"atributes.csv", "id,link_id\n", "atributes.csv: is not a table of HSDS"},
		"the same table twice":    {"Attributes.csv", "id,link_id,taxonomy_term_id\n", "is the same table as"},
		"a zip":                   {"more.zip", "PK\x03\x04", "more.zip: is an archive"},
		"a workbook":              {"attributes.xlsx", "PK", "attributes.xlsx: is a workbook"},
		"another ending":          {"attributes.csv.txt", "id\n", "attributes.csv.txt: is neither"},
		"a folder named so":       {"more.csv/attributes.dat", "id\n", "more.csv/attributes.dat: is neither"},
		"no JSON":                 {"a.json", `{"id": `, "a.json: must be JSON"},
		"JSON with a tail":        {"a.json", `{} {}`, "a.json: must be JSON"},
		"a property twice":        {"a.json", `{"attributes": [1], "attributes": []}`, "a.json: has a property twice"},
		"JSON that is a text":     {"a.json", `"x"`, "a.json: must be an object"},
		"an array of no objects":  {"a.json", `[1]`, "a.json/0: must be an object"},
		"a page of no contents":   {"a.json", `{"contents": 1}`, "a.json: must have an array of contents"},
		"a table of no rows":      {"a.json", `{"attributes.csv": 1}`, "a.json/attributes.csv: must be an array"},
		"an unknown JSON table":   {"a.json", `{"atributes.csv": []}`, "a.json: has a table that is not of HSDS"},
	} {
		for size, files := range map[string]map[string]string{"small": tables(1, 0), "large": tables(400, 200)} {
			files[c.file] = c.text
			s := newShelf(t)
			told, r := hand(t, s, files, "")
			if !slices.ContainsFunc(told, func(line string) bool { return strings.Contains(line, c.want) }) {
				t.Errorf("%s, %s: not told: %s\n%v", name, size, c.want, told)
			}
			if len(s.taken) > 1 || r.Taken > 1 { // the term
				t.Errorf("%s, %s: %d entries are taken", name, size, len(s.taken))
			}
		}
	}
}

// One bad table does not lose the report on the others.
func TestABadTableLosesNoReport(t *testing.T) {
	files := tables(400, 200)
	files["services.csv"] += "x,y\n"
	files["phones.csv"] = "id;number\n"
	files["schedules.csv"] = "id,service_id,freq\n" + id(9, 1) + "," + id(2, 1) + ",DAILY\n"
	told, _ := hand(t, newShelf(t), files, "")
	for _, want := range []string{"services.csv/402: must have as many", "phones.csv: must begin with", "schedules.csv/1 (" + id(9, 1) + ") freq: must be one of"} {
		if !slices.ContainsFunc(told, func(line string) bool { return strings.Contains(line, want) }) {
			t.Errorf("not told: %s\n%v", want, told)
		}
	}
}

// What becomes of a delivery does not depend on how large it is: the same rows with
// longer words are taken, and rejected, as the short ones.
func TestSizeDecidesNothing(t *testing.T) {
	spoil := map[string]func(map[string]string){
		"nothing":         func(map[string]string) {},
		"a blank row":     func(f map[string]string) { f["services.csv"] += ",,,\n,,,\n" },
		"a wide row":      func(f map[string]string) { f["services.csv"] += id(2, 7) + "," + id(1, 7) + ",a,b,active\n" },
		"a row twice":     func(f map[string]string) { f["services.csv"] += id(2, 1) + "," + id(1, 1) + ",other,active\n" },
		"an organization": func(f map[string]string) { f["organizations.csv"] += id(1, 0) + ",other,other\n" },
		"an attribute":    func(f map[string]string) { f["attributes.csv"] += id(3, 2) + "," + id(2, 3) + ",x\n" },
	}
	for name, spoil := range spoil {
		var outcomes [2][]string
		for i, words := range []int{1, 300} {
			files := tables(400, words)
			spoil(files)
			s := newShelf(t)
			told, _ := hand(t, s, files, "")
			if outcomes[i] = append(told, slices.Sorted(maps.Keys(s.taken))...); len(s.bodies) < 1+2*i {
				t.Fatalf("%s: %d requests", name, len(s.bodies))
			}
		}
		if d := cmp.Diff(outcomes[0], outcomes[1]); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A blank last row is told once, however many requests it takes.
func TestABlankRowIsCountedOnce(t *testing.T) {
	files := tables(400, 300)
	files["services.csv"] += ",,,\n"
	_, r := hand(t, newShelf(t), files, "")
	blank := 0
	for _, i := range slices.Concat(r.Notes, r.Rejected) {
		if strings.Contains(i.Rule, "blank") {
			blank++
		}
	}
	if blank != 1 || len(r.Rejected) != 0 || r.Taken != 802 {
		t.Errorf("%d lines, %+v, %d taken", blank, r.Rejected, r.Taken)
	}
}

// Windows-1252 is read when it is named, and refused otherwise; UTF-16 with its mark is
// read. No letter is another afterwards.
func TestEncodings(t *testing.T) {
	const name = "Œuvre d’été – 5 €"
	document := `{"id": "` + id(1, 1) + `", "name": "` + name + `", "description": "d"}`
	western, err := charmap.Windows1252.NewEncoder().String(document)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(high, low int) string {
		units := utf16.Encode([]rune("\ufeff" + document))
		raw := make([]byte, 2*len(units))
		for i, u := range units {
			raw[2*i+high], raw[2*i+low] = byte(u>>8), byte(u)
		}
		return string(raw)
	}
	for way, c := range map[string]struct {
		text, encoding, told string
	}{
		"UTF-8":                       {document, "", ""},
		"UTF-8 with its mark":         {"\ufeff" + document, "", ""},
		"UTF-16, little":              {wide(1, 0), "", ""},
		"UTF-16, big":                 {wide(0, 1), "", ""},
		"Windows-1252":                {western, "windows-1252", ""},
		"Windows-1252, not named":     {western, "", "is not in UTF-8"},
		"bytes that it does not have": {western + "\x81", "windows-1252", "holds bytes that its encoding does not have"},
		"UTF-8, with a name":          {document, "windows-1252", ""},
	} {
		s := newShelf(t)
		told, r := hand(t, s, map[string]string{"o.json": c.text}, c.encoding)
		if c.told != "" {
			if len(told) != 1 || !strings.Contains(told[0], c.told) || len(s.bodies) > 0 {
				t.Errorf("%s: %v, %d requests", way, told, len(s.bodies))
			}
			continue
		}
		if len(told) > 0 || len(s.bodies) != 1 {
			t.Errorf("%s: %v", way, told)
			continue
		}
		if got := hsds.Document(s.bodies[0].Entries[0].Document)["name"]; got != name {
			t.Errorf("%s: %v", way, got)
		}
		if noted := way != "UTF-8" && way != "UTF-8, with a name"; noted != (len(r.Notes) > 0) {
			t.Errorf("%s: %+v", way, r.Notes)
		}
	}
	if _, err := Hand(t.Context(), newShelf(t), []string{t.TempDir()}, "windows-9999", nil); err == nil {
		t.Error("an encoding that nobody knows is taken")
	}
}

// What a delivery adds to entries that the network holds is asked of it, and added.
func TestADeliveryAddsToWhatIsThere(t *testing.T) {
	s := newShelf(t)
	phones := map[string]string{"phones.csv": "id,service_id,number\n" + id(5, 1) + "," + id(2, 0) + ",1\n"}
	if told, _ := hand(t, s, phones, ""); len(told) != 1 || !strings.Contains(told[0], "refers to a row that is not there") {
		t.Errorf("of nothing: %v", told)
	}
	hand(t, s, tables(2, 1), "")
	told, r := hand(t, s, phones, "")
	if last := s.bodies[len(s.bodies)-1]; len(told) > 0 || r.Taken != 1 || !last.Entries[0].Partial {
		t.Errorf("%v %+v", told, last)
	}
}

// An entry that no request can hold is told; what is given at its places is in doubt.
func TestAnEntryTooLarge(t *testing.T) {
	s := newShelf(t)
	service := fmt.Sprintf(`{"id": %q, "organization_id": %q, "name": "s", "status": "active", "description": %q,
		"additional": [%[3]q, %[3]q, %[3]q, %[3]q], "service_at_locations": [{"id": %[4]q, "location_id": %[5]q}]}`,
		id(2, 1), id(1, 1), strings.Repeat("x", 16_000), id(6, 1), id(7, 1))
	told, _ := hand(t, s, map[string]string{
		"s.json": service, "o.json": fmt.Sprintf(`{"id": %q, "name": "o", "description": "d"}`, id(1, 1)),
		"l.json": fmt.Sprintf(`{"id": %q, "location_type": "physical"}`, id(7, 1)),
	}, "")
	if len(told) != 1 || !strings.Contains(told[0], "s.json ("+id(2, 1)+"): is too large for one request") {
		t.Error(told)
	}
	if d := cmp.Diff([]string{id(2, 1), id(7, 1)}, s.bodies[0].Doubted); d != "" {
		t.Error(d)
	}
}

// FuzzHand: whatever a table holds and in whichever encoding, nothing breaks, and where an
// error ends a delivery nothing was handed in.
func FuzzHand(f *testing.F) {
	f.Add([]byte(tables(1, 0)["attributes.csv"]), "")
	f.Add([]byte("\xff\xfei\x00d\x00"), "windows-1252")
	f.Add([]byte("id;link_id\n\"\n"), "utf-8")
	f.Fuzz(func(t *testing.T, text []byte, encoding string) {
		files := tables(1, 0)
		files["attributes.csv"] = string(text)
		dir := folder(t, files)
		r, err := Hand(t.Context(), newShelf(t), []string{dir}, encoding, func(int, int, string) {})
		if err != nil && r.Taken > 0 {
			t.Fatal(err, r)
		}
	})
}
