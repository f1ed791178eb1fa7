package delivery

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// row is one row of a table, by the names of its columns.
type row map[string]any

func (w row) text(column string) string {
	s, _ := w[column].(string)
	return s
}

// tables hands a folder of tables in as it is, where it goes into one part.
func (r *reading) tables(path string, texts map[string]string) {
	size := 0
	for name, text := range texts {
		quoted, err := json.Marshal(text)
		if err != nil {
			r.reject(filepath.Join(path, name), "cannot be written as JSON")
			return
		}
		size += len(name) + len(quoted) + 4
	}
	if size <= maxPart {
		r.parts = append(r.parts, Part{Source: path, Body: Body{Tables: texts}})
		return
	}
	rows := map[string][]row{}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(texts[name], "\ufeff")))
		lines, err := reader.ReadAll()
		if err != nil {
			r.reject(filepath.Join(path, name), "is not CSV")
			return
		}
		for n, line := range lines {
			if n == 0 {
				continue
			}
			w := row{}
			for i, column := range lines[0] {
				if line[i] != "" {
					w[strings.TrimSpace(column)] = line[i]
				}
			}
			rows[name] = append(rows[name], w)
		}
	}
	r.split(path, rows)
}

// roots are the tables whose rows stand on their own, in the order in which
// they refer to one another.
var roots = []string{"taxonomies.csv", "taxonomy_terms.csv", "organizations.csv", "locations.csv", "services.csv"}

// place is a row and where it stands.
type place struct {
	table string
	n     int // from 1
	row   row
}

// split cuts tables into parts: each holds whole entries, with every row that
// belongs to them.
func (r *reading) split(path string, tables map[string][]row) {
	byID := map[string]*place{}
	var all []*place
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		for i, w := range tables[name] {
			p := &place{name, i + 1, w}
			all = append(all, p)
			byID[w.text("id")] = p
		}
	}
	groups := map[string]map[*place][]*place{}
	for _, p := range all {
		owners := owners(p, byID, 0)
		if len(owners) == 0 {
			owners = []*place{p} // it belongs to nothing here; the directory says so
		}
		for _, o := range owners {
			if groups[o.table] == nil {
				groups[o.table] = map[*place][]*place{}
			}
			groups[o.table][o] = append(groups[o.table][o], p)
		}
	}
	b := packing{reading: r, path: path, byID: byID}
	names := append(slices.Clone(roots), slices.DeleteFunc(slices.Sorted(maps.Keys(groups)), func(name string) bool {
		return slices.Contains(roots, name)
	})...)
	for _, name := range names {
		owners := slices.SortedFunc(maps.Keys(groups[name]), func(a, b *place) int { return a.n - b.n })
		for _, owner := range owners {
			b.group(owner, groups[name][owner])
		}
		b.flush() // what refers to these comes in a later request
	}
}

// owners are the roots that a row belongs to.
func owners(p *place, byID map[string]*place, depth int) []*place {
	if slices.Contains(roots, p.table) {
		return []*place{p}
	}
	if depth > 4 {
		return nil
	}
	columns := []string{"service_id"}
	if !strings.HasPrefix(p.table, "service_at_location") {
		columns = []string{
			"service_id", "location_id", "organization_id", "service_at_location_id", "contact_id", "phone_id",
			"link_id", "resource_id",
		}
	}
	var found []*place
	for _, column := range columns {
		to := byID[p.row.text(column)]
		if p.row.text(column) == "" || to == nil || to == p {
			continue
		}
		for _, o := range owners(to, byID, depth+1) {
			if !slices.Contains(found, o) {
				found = append(found, o)
			}
		}
	}
	return found
}

type packing struct {
	*reading
	path string
	byID map[string]*place
	rows map[string][]row
	ns   map[string][]int
	size int
}

// group adds an entry and its rows, and the units that they count.
func (b *packing) group(owner *place, members []*place) {
	rows, ns, size := map[string][]row{}, map[string][]int{}, 0
	add := func(p *place) {
		if slices.Contains(b.ns[p.table], p.n) && p.table == "units.csv" || slices.Contains(ns[p.table], p.n) {
			return
		}
		w := b.only(p, owner)
		text, err := json.Marshal(w)
		if err != nil {
			return
		}
		rows[p.table], ns[p.table], size = append(rows[p.table], w), append(ns[p.table], p.n), size+len(text)+len(p.table)+8
	}
	for _, p := range members {
		add(p)
		if unit := b.byID[p.row.text("unit_id")]; unit != nil {
			add(unit)
		}
	}
	if size > maxPart {
		b.reject(b.path+"/"+owner.table, "has an entry that is too large for one request")
		return
	}
	if b.size+size > maxPart {
		b.flush()
	}
	if b.rows == nil {
		b.rows, b.ns = map[string][]row{}, map[string][]int{}
	}
	for table := range rows {
		b.rows[table], b.ns[table] = append(b.rows[table], rows[table]...), append(b.ns[table], ns[table]...)
	}
	b.size += size
}

// only is a row as it belongs to one owner: a row of two goes with each.
func (b *packing) only(p, owner *place) row {
	if p == owner || strings.HasPrefix(p.table, "service_at_location") {
		return p.row
	}
	w := maps.Clone(p.row)
	for column := range w {
		to := b.byID[w.text(column)]
		if column == "id" || !strings.HasSuffix(column, "_id") || to == nil || column == "taxonomy_term_id" || column == "unit_id" {
			continue
		}
		if !slices.Contains(owners(to, b.byID, 0), owner) {
			delete(w, column)
		}
	}
	return w
}

func (b *packing) flush() {
	if len(b.rows) == 0 {
		return
	}
	text, err := json.Marshal(b.rows)
	if err == nil {
		b.parts = append(b.parts, Part{Source: b.path, Body: Body{Documents: []json.RawMessage{text}}, rows: b.ns})
	}
	b.rows, b.ns, b.size = nil, nil, 0
}
