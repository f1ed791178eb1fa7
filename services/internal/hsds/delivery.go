package hsds

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/api/code"
)

// Delivery is what a publisher hands in: documents, folders of tables, or both. It is
// judged as a whole: what one part of it cannot say may be about any other part.
type Delivery struct {
	// Documents are objects of HSDS, pages or arrays of them, or tables as JSON.
	Documents []Source
	// Folders hold tables that refer to one another.
	Folders []Folder
	// Entries were read of a delivery before, by Read.
	Entries []Entry
	// Doubted are entries that another part of the same delivery may have been about,
	// which could not be taken. Nothing becomes more visible on account of them.
	Doubted []string
	// Unread says that something of the delivery could not be read at all, and nobody
	// knows what it was about.
	Unread bool
	// MaxRows is how many rows are read at most; 0 is 20 000.
	MaxRows int
}

// Source is a JSON text, and where it stands.
type Source struct {
	Path string
	Text []byte
}

// Folder is CSV texts by the name of their file, and where they stand.
type Folder struct {
	Path   string
	Tables map[string]string
}

// Known is what the directory holds already, as far as references need it.
type Known interface {
	// Has says whether there is an entry.
	Has(kind code.EntryKind, id string) bool
	// Term is a term by its identifier.
	Term(id string) (taxonomy, code string, ok bool)
	// Taxonomy is the name of a taxonomy by its identifier.
	Taxonomy(id string) (name string, ok bool)
	// ServiceOf is the service that a service at a location belongs to.
	ServiceOf(serviceAtLocation string) (service string, ok bool)
	// At are the locations at which a service is given.
	At(service string) []string
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
	// Doubted are the entries that a row may have been about that was not taken: the
	// services of such an organization are not taken either, and such a location does
	// not become more visible than it is.
	Doubted []string
}

// Read reads a delivery. It changes nothing. Whether a row is taken depends on the
// rows that it refers to, and on the rows that could not be read and may have been
// about it. It does not depend on the size of anything.
func Read(d Delivery, known Known) Batch {
	r := &reader{checked: map[*row]bool{}, made: map[Issue]bool{}, left: cmp.Or(d.MaxRows, maxRows), unread: d.Unread, whole: d.MaxRows > 0}
	g := &gathering{reader: r, known: known, entries: map[code.EntryKind]map[string]*row{}, refused: map[string]bool{}, doubted: map[string]bool{}}
	for _, id := range d.Doubted {
		g.doubted[strings.ToLower(id)] = true
	}
	for _, document := range d.Documents {
		g.document(document.Path, document.Text)
	}
	for _, folder := range d.Folders {
		t := r.newTables()
		t.folder(folder)
		g.tables(t)
	}
	for _, e := range d.Entries {
		g.entry(e)
	}
	return g.batch()
}

func keys[M ~map[K]V, K comparable, V any](m M) iter.Seq[K] { return maps.Keys(m) }

// document reads one document. Its properties show what it is.
func (g *gathering) document(path string, text []byte) {
	if rest, marked := bytes.CutPrefix(text, []byte("\ufeff")); marked {
		g.note(&row{path: path}, "", "begins with a byte order mark, which was left out")
		text = rest
	}
	v, err := decodeOther(text)
	switch {
	case errors.Is(err, errTwice):
		g.unreadable(path, "has a property twice in one object")
		return
	case err != nil:
		g.unreadable(path, "must be JSON")
		return
	}
	if items, ok := v.([]any); ok {
		g.note(&row{path: path}, "", "is an array, and was read as a list of objects")
		g.objects(path+"/", items)
		return
	}
	object, ok := v.(map[string]any)
	if !ok {
		g.unreadable(path, "must be an object")
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
		g.unreadable(path, "must have an array of contents")
		return
	}
	g.objects(path+"/contents/", items)
}

func (g *gathering) objects(path string, items []any) {
	for i, item := range items {
		at := path + strconv.Itoa(i)
		if object, ok := item.(map[string]any); ok {
			g.object(at, object)
		} else {
			g.unreadable(at, "must be an object")
		}
	}
}

// entry reads an entry that was read of a delivery before.
func (g *gathering) entry(e Entry) {
	shape := ""
	for name, kind := range kinds {
		if kind == e.Kind {
			shape = name
		}
	}
	if shape == "" {
		g.unreadable(e.Path, "must be of a kind that the directory has")
		return
	}
	g.tabular = false
	o := g.row(shape, e.Path, e.Document, 0)
	if e.Partial && !o.bad {
		if !g.known.Has(e.Kind, o.id) {
			g.reject(o, "id", "refers to an entry that is not there")
		}
		o.partial = true
	}
	g.take(o, true)
}

func isTables(object map[string]any) bool {
	for name := range object {
		if strings.HasSuffix(strings.ToLower(name), ".csv") {
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
	case has("openapi_url", "openapi", "properties", "$schema") && !has("id", "attributes", "services", "locations"):
		return "" // nothing in it is about an entry
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
