package hsds

import (
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tablesOf are the rows of a tabular delivery by shape, in their order.
type tablesOf struct {
	*reader
	rows map[string][]*row
	byID map[string]map[string]*row
	lost []lostRow
	// lostTerms are terms and taxonomies that were not taken; anyTerm: any may be one.
	lostTerms map[string]bool
	anyTerm   bool
}

// lostRow is a row that could not be read. What looks like an identifier in its text, in
// small letters, says what it may have been about.
type lostRow struct{ shape, text string }

func (r *reader) newTables() *tablesOf {
	return &tablesOf{reader: r, rows: map[string][]*row{}, byID: map[string]map[string]*row{}, lostTerms: map[string]bool{}}
}

// described are tables that are not of records. They say nothing of an entry.
var described = []string{"meta_table_descriptions"}

// tableName is the name of a table without its ending, in small letters.
func tableName(name string) string {
	return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(name)), ".csv")
}

// folder reads the tables of a folder. Two files of one table could each be the right
// one: neither is read.
func (t *tablesOf) folder(f Folder) {
	named := map[string]string{}
	for _, file := range slices.Sorted(maps.Keys(f.Tables)) {
		path, name := file, tableName(file)
		if f.Path != "" {
			path = f.Path + "/" + file
		}
		shape, known := tables[name]
		switch first, twice := named[shape]; {
		case slices.Contains(described, name):
			t.note(&row{path: path}, "", "describes the tables and holds none; it was left out")
			continue
		case !known:
			t.unreadable(path, "is not a table of HSDS")
			continue
		case twice:
			t.unreadable(path, "is the same table as "+first)
			continue
		}
		named[shape] = file
		if file != name+".csv" {
			t.note(&row{path: path}, "", "was read as the table "+name+".csv")
		}
		t.csv(shape, path, f.Tables[file])
	}
}

var (
	uuids = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	// swallowed is a line in a value that begins as a row does: a quote was not closed.
	swallowed = regexp.MustCompile(`(?im)\n"?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"?\s*,`)
)

// csv reads a table as text. A row that cannot be read is told, and what may have been
// in it is remembered; the rows after it are read.
func (t *tablesOf) csv(shape, path, text string) {
	if rest, marked := strings.CutPrefix(text, "\ufeff"); marked {
		t.note(&row{path: path}, "", "begins with a byte order mark, which was left out")
		text = rest
	}
	lines := csv.NewReader(strings.NewReader(text))
	lines.FieldsPerRecord = -1
	head, err := lines.Read()
	if errors.Is(err, io.EOF) {
		t.spoilt(shape, path, "is empty: it must begin with the names of its columns")
		return
	}
	if err == nil {
		err = t.head(shape, head)
	}
	if err == nil && lines.InputOffset() == int64(len(text)) && !strings.HasSuffix(text, "\n") {
		err = errors.New("ends in its first line: it was cut")
	}
	if err != nil {
		t.spoilt(shape, path, err.Error())
		return
	}
	blank := false
	for n := 1; ; n++ {
		begin := lines.InputOffset()
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		at := &row{shape: shape, path: path + "/" + strconv.Itoa(n)}
		last := lines.InputOffset() == int64(len(text)) && !strings.HasSuffix(text, "\n")
		raw := text[begin:lines.InputOffset()]
		switch {
		case err != nil:
			t.lose(at, raw, "is not CSV: a quote stands where none may be, or is not closed")
		case !slices.ContainsFunc(line, func(v string) bool { return strings.TrimSpace(v) != "" }):
			if !blank {
				t.note(at, "", "is blank, and was left out, as are other blank rows of this table")
			}
			blank = true
		case len(line) != len(head):
			t.lose(at, raw, "must have as many values as the table has columns")
		case slices.ContainsFunc(line, swallowed.MatchString):
			t.lose(at, raw, "has another row in one of its values: a quote is not closed")
		default:
			object := make(map[string]any, len(head))
			for i, column := range head {
				object[strings.TrimSpace(column)] = line[i]
			}
			if o := t.add(shape, at.path, object); last && bears(shape) {
				t.unread = t.unread || o.bad
				t.note(o, "", "is the last and does not end with a line break: look whether the table is whole")
			}
			continue
		}
		if last && bears(shape) {
			t.unread = true // the table was cut: nobody knows what came after
		}
	}
}

// head refuses names of columns with which a row could not be read, or could be read in
// two ways.
func (t *tablesOf) head(shape string, head []string) error {
	seen := map[string]bool{}
	for _, column := range head {
		column = strings.TrimSpace(column)
		_, known := shapes[shape][column]
		switch {
		case column == "":
			return errors.New("has a column without a name")
		case seen[strings.ToLower(column)]:
			return errors.New("has two columns with one name")
		case !known && resembles(shape, column) != "":
			return errors.New("has a column that differs from one of HSDS in its letters' case only")
		case unreadableText(column) || strings.ContainsAny(column, ";\t|"):
			return errors.New("must begin with the names of its columns, with commas between them")
		}
		seen[strings.ToLower(column)] = true
	}
	for _, column := range needed[shape] {
		if !seen[column] {
			return errors.New("has no column " + column)
		}
	}
	if !seen["id"] && !completed(shape) {
		return errors.New("has no column id")
	}
	return nil
}

// needed are the columns without which no row of a table could be taken. The table is
// refused once, and not row by row.
var needed = map[string][]string{
	"attribute": {"link_id", "taxonomy_term_id"}, "service_at_location": {"service_id", "location_id"},
	"service": {"organization_id", "name", "status"}, "location": {"location_type"}, "organization": {"name"},
}

// json reads a table as a list of objects.
func (t *tablesOf) json(path, name string, v any) {
	at := path + "/" + tableName(name) + ".csv"
	shape, ok := tables[tableName(name)]
	items, list := v.([]any)
	switch {
	case slices.Contains(described, tableName(name)):
		t.note(&row{path: at}, "", "describes the tables and holds none; it was left out")
		return
	case !ok:
		t.unreadable(path, "has a table that is not of HSDS")
		return
	case !list:
		t.spoilt(shape, at, "must be an array")
		return
	}
	if len(t.rows[shape]) > 0 {
		t.unreadable(at, "is there twice, under two names")
		return
	}
	for i, item := range items {
		t.add(shape, at+"/"+strconv.Itoa(i+1), item)
	}
}

// bears says whether a row of a shape may be what hides an entry: the entry itself, what
// is said of its visibility and its kind, and where a service is given.
func bears(shape string) bool {
	return kinds[shape] != "" || shape == "attribute" || shape == "service_at_location"
}

// spoilt is a table of which no row could be read.
func (t *tablesOf) spoilt(shape, path, rule string) {
	t.reject(&row{path: path}, "", rule)
	t.unread = t.unread || bears(shape)
}

// lose tells of a row that could not be read. What it was about is not known; it is one
// of the identifiers in its text, or anything.
func (t *tablesOf) lose(o *row, raw, rule string) {
	t.reject(&row{path: o.path}, "", rule)
	if bears(o.shape) {
		t.lost = append(t.lost, lostRow{o.shape, strings.ToLower(raw)})
	}
}

func (t *tablesOf) add(shape, path string, v any) *row {
	t.tabular = true
	o := t.row(shape, path, v, 0)
	first := t.byID[shape][o.id]
	switch {
	case o.bad && !bears(shape):
		return o
	case o.bad || o.id == "": // a term of ours may stand without one
	case first == nil:
		if t.byID[shape] == nil {
			t.byID[shape] = map[string]*row{}
		}
		t.byID[shape][o.id] = o
	case !first.bad && equal(first.values, o.values):
		t.note(o, "", "says the same as a row before it, which was taken")
		return o
	default:
		t.reject(o, "id", "is used by a row before it that says otherwise")
		t.reject(first, "id", "is used by a row after it that says otherwise")
	}
	t.rows[shape] = append(t.rows[shape], o)
	return o
}
