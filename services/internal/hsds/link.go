package hsds

import (
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/code"
)

// tables links the rows of a tabular delivery to the rows that they belong to,
// and gathers the entries. A row that belongs to several others must lead to
// one of them at least; what leads nowhere is reported.
func (g *gathering) tables(t *tablesOf) {
	g.tabular = true
	l := &linking{gathering: g, t: t, stubs: map[string]map[string]*row{}}
	l.losses("taxonomy", "taxonomy_term")
	for _, shape := range []string{"taxonomy", "taxonomy_term"} {
		for _, o := range t.rows[shape] {
			switch {
			case o.bad:
				t.loseTerm(o.id)
			case shape == "taxonomy_term":
				l.detail(o)
			}
		}
	}
	l.units()
	// From the leaves to the roots, so that what is linked is whole.
	for _, shape := range []string{"language", "phone"} {
		l.all(shape)
	}
	for _, shape := range slices.Sorted(keys(links)) {
		if shape != "language" && shape != "phone" {
			l.all(shape)
		}
	}
	l.attributes()
	l.metadata()
	l.programs()
	l.losses("organization", "service", "location", "service_at_location", "attribute")
	for _, o := range t.rows["service_at_location"] {
		if !o.bad {
			l.require(o, "service_id", "service")
			l.require(o, "location_id", "location")
		}
	}
	for _, o := range t.rows["service"] {
		if !o.bad && o.text("organization_id") == "" {
			g.reject(o, "organization_id", "is required in a table")
		}
	}
	for _, shape := range []string{"taxonomy", "taxonomy_term", "organization", "location", "service", "service_at_location"} {
		for _, o := range t.rows[shape] {
			if !o.bad || len(o.lists) > 0 {
				g.take(o, true)
			}
		}
		for _, id := range slices.Sorted(keys(l.stubs[shape])) {
			g.take(l.stubs[shape][id], false)
		}
	}
}

type linking struct {
	*gathering
	t *tablesOf
	// stubs stand for entries that the directory has and the delivery adds to.
	stubs map[string]map[string]*row
}

// find is the row of an identifier, or a stub for an entry that the directory
// has.
func (l *linking) find(shape, id string) *row {
	if o := l.t.byID[shape][id]; o != nil {
		return o
	}
	if o := l.stubs[shape][id]; o != nil {
		return o
	}
	values := map[string]any{"id": id}
	kind, entry := kinds[shape]
	switch {
	case entry && l.known.Has(kind, id):
	case shape == "service_at_location":
		service, ok := l.known.ServiceOf(id)
		if !ok {
			return nil
		}
		values["service_id"] = service
	default:
		return nil
	}
	o := &row{shape: shape, id: id, values: values, ones: map[string]*row{}, lists: map[string][]*row{}, partial: true}
	if l.stubs[shape] == nil {
		l.stubs[shape] = map[string]*row{}
	}
	l.stubs[shape][id] = o
	return o
}

// any is the row of an identifier, of whatever shape: one of this delivery
// before one that the directory has. A row that describes others is not found,
// so that no row is inside itself.
func (l *linking) any(id string) *row {
	if id == "" {
		return nil
	}
	shapes := slices.DeleteFunc(slices.Sorted(keys(shapes)), func(shape string) bool {
		return shape == "attribute" || shape == "metadata" || shape == "taxonomy_term" || shape == "taxonomy"
	})
	for _, shape := range shapes {
		if o := l.t.byID[shape][id]; o != nil {
			return o
		}
	}
	for _, shape := range shapes {
		if o := l.find(shape, id); o != nil {
			return o
		}
	}
	return nil
}

func (l *linking) all(shape string) {
	for _, o := range l.t.rows[shape] {
		l.link(o, links[shape])
	}
}

func (l *linking) link(o *row, links []link) {
	linked, dangling := 0, []string{}
	for _, to := range links {
		id := o.text(to.column)
		delete(o.values, to.column) // where it stands says it
		if id == "" {
			continue
		}
		parent := l.find(to.shape, id)
		if parent == nil {
			dangling = append(dangling, to.column)
			continue
		}
		if parent.path == "" {
			parent.path = o.path
		}
		parent.lists[to.list] = append(parent.lists[to.list], o)
		linked++
	}
	for _, column := range dangling {
		if linked == 0 {
			l.reject(o, column, "refers to a row that is not there")
		} else {
			l.note(o, column, "refers to a row that is not there; the row was taken for the others that it names")
		}
	}
	if linked == 0 && len(dangling) == 0 {
		l.reject(o, "", "belongs to no other row")
	}
}

func (l *linking) units() {
	for _, o := range l.t.rows["service_capacity"] {
		id := o.text("unit_id")
		delete(o.values, "unit_id")
		if unit := l.t.byID["unit"][id]; unit != nil {
			o.ones["unit"] = unit
		} else {
			l.reject(o, "unit_id", "refers to a row that is not there")
		}
	}
}

// detail gives a term the taxonomy that it refers to. A term of which nobody knows the
// taxonomy could be one of ours.
func (l *linking) detail(o *row) {
	id := o.text("taxonomy_id")
	if id == "" {
		return
	}
	if t := l.t.byID["taxonomy"][id]; t != nil && !t.bad {
		o.ones["taxonomy_detail"] = t
		return
	}
	name, known := ourTaxonomy(id)
	if !known {
		name, known = l.known.Taxonomy(id)
	}
	switch {
	case l.t.lostTerms[id] || l.t.anyTerm && !known:
		l.reject(o, "taxonomy_id", "refers to a taxonomy that was rejected")
	case known && o.text("taxonomy") == "":
		o.values["taxonomy"] = name
	case known && o.text("taxonomy") != name && (claims(name) || claims(o.text("taxonomy"))):
		l.reject(o, "taxonomy", "differs from the taxonomy that the row refers to")
	case known:
	case o.text("taxonomy") == "":
		l.reject(o, "taxonomy_id", "refers to a row that is not there")
	default:
		l.note(o, "taxonomy_id", "refers to a row that is not there")
	}
	if o.bad {
		l.t.loseTerm(o.id)
	}
}

// loseTerm remembers that a term or a taxonomy was not taken. What the directory knew of
// it before may be what this delivery was to put right.
func (t *tablesOf) loseTerm(id string) {
	if id == "" {
		t.anyTerm = true
		return
	}
	t.lostTerms[id] = true
}

// losses finds what rows may have been about that could not be read.
func (l *linking) losses(shapes ...string) {
	for _, lost := range l.t.lost {
		if !slices.Contains(shapes, lost.shape) {
			continue
		}
		found := false
		for line := range strings.Lines(lost.text) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			found = false
			for _, id := range uuids.FindAllString(line, -1) {
				found = l.miss(lost.shape, id) || found
			}
			if !found {
				break
			}
		}
		l.unread = l.unread || !found
	}
}

// miss says whether a row of a shape that could not be read may have been about an
// identifier that stands in it, and does what must be done then.
func (l *linking) miss(shape, id string) bool {
	is := func(kind code.EntryKind) bool {
		for name, k := range kinds {
			if k == kind && l.t.byID[name][id] != nil {
				return true
			}
		}
		return l.known.Has(kind, id)
	}
	switch shape {
	case "taxonomy", "taxonomy_term":
		l.t.loseTerm(id)
	case "attribute":
		o := l.any(id)
		if o == nil {
			return false
		}
		l.reject(o, "attributes", "may have an attribute that could not be read")
	case "service_at_location":
		if !is(code.EntryLocation) {
			return false
		}
		l.doubted[id] = true
	default:
		for _, other := range []code.EntryKind{code.EntryOrganization, code.EntryService, code.EntryLocation} {
			if other != kinds[shape] && is(other) {
				return false // the row refers to it, and is another
			}
		}
		l.refused[id] = true
	}
	return true
}

// attributes hang on any row. One whose term is not known could be the one that hides
// the row: the row is not taken without it. One whose row is not known could hide any.
func (l *linking) attributes() {
	for _, o := range l.t.rows["attribute"] {
		id := o.text("taxonomy_term_id")
		term := l.t.byID["taxonomy_term"][id]
		switch {
		case term != nil:
			o.ones["taxonomy_term"] = term
		case l.t.lostTerms[id] && id != "" || l.t.anyTerm && !l.knowsTerm(id):
			l.reject(o, "taxonomy_term_id", "refers to a term that was rejected")
		}
		parent := l.any(o.text("link_id"))
		if parent == nil {
			l.reject(o, "link_id", "refers to a row that is not there")
			l.unread = l.unread || l.mayBeOurs(o)
			continue
		}
		if parent.path == "" {
			parent.path = o.path
		}
		delete(o.values, "link_id")
		parent.lists["attributes"] = append(parent.lists["attributes"], o)
	}
}

func (l *linking) knowsTerm(id string) bool {
	_, _, ours := ourTerm(id)
	return ours
}

// mayBeOurs says whether an attribute is of a taxonomy of ours, or of one that nobody
// knows.
func (l *linking) mayBeOurs(o *row) bool {
	if term := o.ones["taxonomy_term"]; term != nil {
		return term.bad || claims(taxonomyName(term))
	}
	id := o.text("taxonomy_term_id")
	if taxonomy, _, ok := ourTerm(id); ok {
		return claims(taxonomy)
	}
	taxonomy, _, ok := l.known.Term(id)
	return !ok || claims(taxonomy)
}

// metadata say who changed a row of this delivery, and of no other.
func (l *linking) metadata() {
	for _, o := range l.t.rows["metadata"] {
		parent := l.any(o.text("resource_id"))
		if parent == nil || parent.partial {
			l.reject(o, "resource_id", "refers to a row that is not there")
			continue
		}
		parent.lists["metadata"] = append(parent.lists["metadata"], o)
	}
}

// programs go to their organization, and to the services that name them.
func (l *linking) programs() {
	for _, o := range l.t.rows["service"] {
		id := o.text("program_id")
		if id == "" {
			continue
		}
		if p := l.t.byID["program"][id]; p != nil && !p.bad {
			o.ones["program"] = p
		} else {
			l.note(o, "program_id", "refers to a row that is not there")
		}
	}
}

func (l *linking) require(o *row, column, shape string) {
	if o.text(column) == "" {
		l.reject(o, column, "is required in a table")
		return
	}
	if l.find(shape, o.text(column)) == nil {
		l.reject(o, column, "refers to a row that is not there")
	}
}
