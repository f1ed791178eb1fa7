package hsds

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/api/code"
)

// Delivery is what a publisher hands in: documents, tables or both.
type Delivery struct {
	// Documents are objects of HSDS, pages of a list, or tables as JSON.
	Documents []json.RawMessage
	// Tables are CSV texts by the name of their file.
	Tables map[string]string
}

// Known is what the directory holds already, as far as references need it.
type Known interface {
	// Has says whether there is an entry.
	Has(kind code.EntryKind, id string) bool
	// Term is a term by its identifier.
	Term(id string) (taxonomy, code string, ok bool)
	// ServiceOf is the service that a service at a location belongs to.
	ServiceOf(serviceAtLocation string) (service string, ok bool)
}

// Entry is one entry of the directory out of a delivery.
type Entry struct {
	Kind code.EntryKind
	ID   string
	// Path is where it stood.
	Path string
	// Document is what the delivery says of it. A partial one adds to an entry
	// that the directory has.
	Document map[string]any
	Partial  bool
}

// Batch is what of a delivery can be taken, organizations first, and what
// cannot.
type Batch struct {
	Entries  []Entry
	Rejected []Issue
	Notes    []Issue
}

// Read reads a delivery. It changes nothing. Whether a row is taken depends
// only on the rows that it refers to.
func Read(d Delivery, known Known) Batch {
	r := &reader{checked: map[*row]bool{}, made: map[Issue]bool{}}
	g := &gathering{reader: r, known: known, entries: map[code.EntryKind]map[string]*row{}}
	for i, text := range d.Documents {
		g.document("documents/"+strconv.Itoa(i), text)
	}
	if len(d.Tables) > 0 {
		t := r.newTables()
		for _, name := range slices.Sorted(maps.Keys(d.Tables)) {
			t.csv(name, d.Tables[name])
		}
		g.tables(t)
	}
	return g.batch()
}

func keys[M ~map[K]V, K comparable, V any](m M) iter.Seq[K] { return maps.Keys(m) }

// decode reads JSON and leaves numbers as they are written.
func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("goes on behind its end")
	}
	return v, nil
}

// document reads one document. Its properties show what it is.
func (g *gathering) document(path string, text []byte) {
	place := &row{path: path}
	v, err := decode(text)
	if err != nil {
		g.reject(place, "", "must be JSON")
		return
	}
	object, ok := v.(map[string]any)
	if !ok {
		g.reject(place, "", "must be an object")
		return
	}
	if isTables(object) {
		t := g.newTables()
		for _, name := range slices.Sorted(maps.Keys(object)) {
			t.json(path, name, object[name])
		}
		g.tables(t)
		return
	}
	page, paged := object["contents"]
	if !paged {
		g.object(path, object)
		return
	}
	items, ok := page.([]any)
	if !ok {
		g.reject(place, "contents", "must be an array")
		return
	}
	for i, item := range items {
		at := path + "/contents/" + strconv.Itoa(i)
		if object, ok := item.(map[string]any); ok {
			g.object(at, object)
		} else {
			g.reject(&row{path: at}, "", "must be an object")
		}
	}
}

func isTables(object map[string]any) bool {
	for name := range object {
		if strings.HasSuffix(name, ".csv") {
			return true
		}
	}
	return false
}

func (g *gathering) object(path string, object map[string]any) {
	shape := shapeOf(object)
	if shape == "" {
		g.note(&row{path: path}, "", "describes data and holds no record; it was left out")
		return
	}
	g.tabular = false
	o := g.row(shape, path, object, 0)
	o.path = path
	g.take(o, true)
}

// shapeOf knows an object by the properties that only its kind has.
func shapeOf(object map[string]any) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return object[name] != nil })
	}
	switch {
	case has("openapi_url", "openapi", "properties", "$schema") && !has("id"):
		return ""
	case has("location_type", "addresses"):
		return "location"
	case has("service", "location", "location_id"):
		return "service_at_location"
	case has("status", "organization", "organization_id", "service_at_locations", "capacities"):
		return "service"
	case has("taxonomy", "taxonomy_id", "taxonomy_detail", "term_uri", "code"):
		return "taxonomy_term"
	case has("version"):
		return "taxonomy"
	default:
		return "organization"
	}
}

// tables are the rows of a tabular delivery by shape, in their order.
type tablesOf struct {
	*reader
	rows map[string][]*row
	byID map[string]map[string]*row
}

func (r *reader) newTables() *tablesOf {
	return &tablesOf{reader: r, rows: map[string][]*row{}, byID: map[string]map[string]*row{}}
}

// csv reads a table as text. What comes before a line that cannot be read is
// taken.
func (t *tablesOf) csv(name, text string) {
	name = strings.TrimSuffix(name, ".csv")
	shape, ok := tables[name]
	if !ok {
		t.note(&row{path: "tables"}, "", "has a table that holds no records of HSDS; it was left out")
		return
	}
	place := &row{path: name + ".csv"}
	lines := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	lines.FieldsPerRecord = -1
	head, err := lines.Read()
	if errors.Is(err, io.EOF) {
		return
	}
	if err != nil {
		t.reject(place, "", "must begin with the names of its columns")
		return
	}
	for n := 1; ; n++ {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		at := &row{path: place.path + "/" + strconv.Itoa(n)}
		if err != nil {
			t.reject(at, "", "is not CSV; the rest of the table was not read")
			return
		}
		if len(line) != len(head) {
			t.reject(at, "", "must have as many values as the table has columns")
			continue
		}
		object := make(map[string]any, len(head))
		for i, column := range head {
			object[strings.TrimSpace(column)] = line[i]
		}
		t.add(shape, at.path, object)
	}
}

// json reads a table as a list of objects.
func (t *tablesOf) json(path, name string, v any) {
	shape, ok := tables[strings.TrimSuffix(name, ".csv")]
	items, list := v.([]any)
	if !ok || !list {
		t.note(&row{path: path}, "", "has a table that holds no records of HSDS; it was left out")
		return
	}
	for i, item := range items {
		t.add(shape, path+"/"+strings.TrimSuffix(name, ".csv")+".csv/"+strconv.Itoa(i+1), item)
	}
}

func (t *tablesOf) add(shape, path string, v any) {
	t.tabular = true
	o := t.row(shape, path, v, 0)
	if o.bad {
		if shape == "attribute" {
			t.rows[shape] = append(t.rows[shape], o) // it may be the one that hides a row
		}
		return
	}
	if t.byID[shape] == nil {
		t.byID[shape] = map[string]*row{}
	}
	if t.byID[shape][o.id] != nil {
		t.reject(o, "id", "is used by a row before it")
		return
	}
	t.byID[shape][o.id] = o
	t.rows[shape] = append(t.rows[shape], o)
}
