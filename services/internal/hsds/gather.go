package hsds

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/api/code"
)

// kinds are the shapes that stand on their own in the directory. A service at
// a location stands with its service.
var kinds = map[string]code.EntryKind{
	"organization": code.EntryOrganization, "service": code.EntryService, "location": code.EntryLocation,
	"taxonomy": code.EntryTaxonomy, "taxonomy_term": code.EntryTerm,
}

// gathering takes the entries out of what was read: HSDS nests them in one
// another, and repeats them.
type gathering struct {
	*reader
	known   Known
	entries map[code.EntryKind]map[string]*row
	order   []*row
	// refused are entries of which a row was rejected; doubted those around which one
	// was.
	refused, doubted map[string]bool
}

// take checks a row that is an entry, takes apart what is nested in it, and
// gathers it. It says whether the row is taken; batch decides later, by what
// the row refers to.
func (g *gathering) take(o *row, top bool) bool {
	g.check(o)
	if o.bad {
		g.drop(o)
		return false
	}
	switch o.shape {
	case "organization":
		services, locations := o.lists["services"], o.lists["locations"]
		delete(o.lists, "services")
		delete(o.lists, "locations")
		g.gather(o, top)
		for _, l := range locations {
			g.belong(l, "organization_id", o.id)
		}
		for _, s := range services {
			g.belong(s, "organization_id", o.id)
		}
	case "service":
		if org := o.ones["organization"]; org != nil {
			delete(o.ones, "organization")
			if g.same(o, "organization_id", org.id) {
				g.take(org, false)
			}
		}
		places := o.lists["service_at_locations"]
		delete(o.lists, "service_at_locations")
		if !o.bad {
			g.gather(o, top)
		}
		for _, p := range places {
			g.belong(p, "service_id", o.id)
		}
	case "service_at_location":
		g.place(o, top)
	default:
		g.gather(o, top)
	}
	return !o.bad
}

// drop reports the entries in a rejected row as rejected with it.
func (g *gathering) drop(o *row) {
	for _, name := range []string{"services", "locations", "service_at_locations"} {
		for _, nested := range o.lists[name] {
			if !nested.bad {
				g.reject(nested, "", "stands in a row that was rejected")
			}
		}
	}
}

// belong takes a nested row, which need not name what it is nested in.
func (g *gathering) belong(o *row, column, id string) {
	if o.bad {
		g.drop(o)
		return
	}
	if g.same(o, column, id) {
		g.take(o, false)
	}
}

func (g *gathering) same(o *row, column, id string) bool {
	switch o.text(column) {
	case "":
		if id != "" {
			o.values[column] = id
		}
	case id:
	default:
		g.reject(o, column, "differs from the row that it stands with")
		return false
	}
	return true
}

// place takes a service at a location: it goes to its service, and its
// location stands on its own.
func (g *gathering) place(o *row, top bool) {
	if s := o.ones["service"]; s != nil {
		delete(o.ones, "service")
		if !g.same(o, "service_id", s.id) || !g.take(s, false) {
			g.spoil(o)
			return
		}
	}
	if l := o.ones["location"]; l != nil {
		delete(o.ones, "location")
		if !g.same(o, "location_id", l.id) || !g.take(l, false) {
			g.spoil(o)
			return
		}
	}
	id := o.text("service_id")
	if id == "" {
		g.reject(o, "service_id", "is required where the service is not beside it")
		return
	}
	service := g.entries[code.EntryService][id]
	if service == nil {
		if !g.known.Has(code.EntryService, id) {
			g.reject(o, "service_id", "refers to a service that is not there")
			return
		}
		service = &row{
			shape: "service", path: o.path, id: id, partial: true,
			values: map[string]any{"id": id}, ones: map[string]*row{}, lists: map[string][]*row{},
		}
		g.gather(service, false)
	}
	list := service.lists["service_at_locations"]
	if i := slices.IndexFunc(list, func(p *row) bool { return p.id == o.id }); i >= 0 {
		g.repeat(list[i], o, top)
		return
	}
	service.lists["service_at_locations"] = append(list, o)
}

func (g *gathering) gather(o *row, top bool) {
	kind := kinds[o.shape]
	if g.entries[kind] == nil {
		g.entries[kind] = map[string]*row{}
	}
	if first := g.entries[kind][o.id]; first != nil {
		g.repeat(first, o, top)
		return
	}
	g.entries[kind][o.id] = o
	g.order = append(g.order, o)
}

// repeat meets an entry for the second time. HSDS nests the same organization
// in each of its services, often shorter: what the first lacks is added, and
// where the two differ the first counts.
func (g *gathering) repeat(first, again *row, top bool) {
	if first.partial && !again.partial {
		// What was added before meets the entry itself.
		add(again, first)
		*first = *again
		return
	}
	if !top {
		if differs(first, again) {
			g.note(again, "", "says otherwise than a row before it, which was taken")
		}
		add(first, again)
		return
	}
	if differs(first, again) {
		g.reject(again, "id", "is used by a row before it that says otherwise")
		return
	}
	add(first, again)
}

func differs(a, b *row) bool {
	for name, v := range b.values {
		if has, ok := a.values[name]; ok && !equal(has, v) {
			return true
		}
	}
	return false
}

func add(to, from *row) {
	for name, v := range from.values {
		if _, ok := to.values[name]; !ok {
			to.values[name] = v
		}
	}
	for name, one := range from.ones {
		if to.ones[name] == nil {
			to.ones[name] = one
		}
	}
	for name, list := range from.lists {
		if name == "attributes" {
			to.lists[name] = append(slices.Clip(to.lists[name]), slices.DeleteFunc(slices.Clone(list), func(a *row) bool {
				return slices.ContainsFunc(to.lists[name], func(b *row) bool { return equal(a.document(), b.document()) })
			})...) // the one that hides may be in either
			continue
		}
		if len(to.lists[name]) == 0 {
			to.lists[name] = list
		}
	}
}

var orderOf = map[string]int{"taxonomy": 0, "taxonomy_term": 1, "organization": 2, "service": 3, "location": 4}

// batch drops what refers to nothing, and what a row may have been about that could not
// be read, and gives the rest as documents.
func (g *gathering) batch() Batch {
	slices.SortStableFunc(g.order, func(a, b *row) int { return cmp.Compare(orderOf[a.shape], orderOf[b.shape]) })
	g.doubts()
	for _, o := range g.order {
		switch {
		case o.bad:
		case g.refused[o.id]:
			g.reject(o, "id", "is named by another row that was rejected")
		case o.shape == "service" && g.inDoubt(o.text("organization_id")):
			g.reject(o, "organization_id", "refers to an organization of which a row was rejected")
		default:
			g.refer(o)
		}
		g.doubts()
	}
	var b Batch
	kept := 0
	for _, o := range g.order {
		if o.bad {
			continue
		}
		if g.unread && orderOf[o.shape] >= orderOf["organization"] {
			kept++
			continue
		}
		b.Entries = append(b.Entries, Entry{Kind: kinds[o.shape], ID: o.id, Path: o.path, Document: o.document(), Partial: o.partial})
	}
	if kept > 0 {
		g.reject(&row{path: "delivery"}, "", strconv.Itoa(kept)+" organizations, services and locations were not taken: what could not be read may be what hides one of them")
	}
	if g.more > 0 {
		g.rejected = append(g.rejected, Issue{Path: "delivery", Rule: strconv.Itoa(g.more) + " more rows were rejected, which are not listed here"})
	}
	for id := range g.refused {
		g.doubted[id] = true
	}
	b.Rejected, b.Notes, b.Doubted = g.rejected, g.notes, slices.Sorted(keys(g.doubted))
	return b
}

func (g *gathering) inDoubt(id string) bool { return g.refused[id] || g.doubted[id] }

// doubts finds what the rows may have been about that were rejected since it was last
// asked. A service that was not taken may be a safe house: what is at its places is not
// opened. A row without an identifier may have been about anything.
func (g *gathering) doubts() {
	for len(g.spoilt) > 0 {
		o := g.spoilt[0]
		g.spoilt = g.spoilt[1:]
		switch o.shape {
		case "organization", "service", "location":
			if o.id == "" || o.lost["services"] || o.lost["locations"] || o.lost["service_at_locations"] {
				g.unread = true
			}
			g.refused[o.id] = true
			for _, p := range o.lists["service_at_locations"] {
				g.where(p)
			}
		case "service_at_location":
			g.where(o)
		}
	}
	for _, ids := range []map[string]bool{g.refused, g.doubted} {
		for _, id := range slices.Collect(keys(ids)) {
			for _, at := range g.known.At(id) {
				g.doubted[at] = true
			}
		}
	}
}

// where doubts the location of a service at a location. One that is not there may be any
// of them.
func (g *gathering) where(p *row) {
	id := p.text("location_id")
	if l := p.ones["location"]; l != nil {
		id = cmp.Or(id, l.id)
	}
	switch {
	case id == "":
		g.unread = g.unread || p.lost[""] || p.lost["location_id"] || p.lost["location"]
	case g.entries[code.EntryLocation][id] != nil || g.refused[id] || g.known.Has(code.EntryLocation, id):
		g.doubted[id] = true
	case g.mayShelter(p.text("service_id")):
		g.doubted[id] = true
		for at := range g.entries[code.EntryLocation] {
			g.doubted[at] = true
		}
		for id, s := range g.entries[code.EntryService] {
			for _, at := range g.known.At(id) {
				g.doubted[at] = true
			}
			for _, p := range s.lists["service_at_locations"] {
				g.doubted[p.text("location_id")] = true
			}
		}
	}
}

// mayShelter says whether a service may be a safe house, for all that is known of it.
func (g *gathering) mayShelter(id string) bool {
	s := g.entries[code.EntryService][id]
	if s == nil || s.bad || g.refused[id] {
		return true
	}
	kinds := false
	for _, a := range s.lists["attributes"] {
		if term := a.ones["taxonomy_term"]; taxonomyName(term) == TaxonomyService {
			if kinds = true; term.text("code") == string(code.SafeHouse) {
				return true
			}
		}
	}
	return !kinds && g.known.Has(code.EntryService, id)
}

// there says whether an entry is taken now, or was before.
func (g *gathering) there(kind code.EntryKind, id string) bool {
	if o := g.entries[kind][id]; o != nil && !o.bad {
		return true
	}
	return g.known.Has(kind, id)
}

func (g *gathering) refer(o *row) {
	switch o.shape {
	case "organization":
		if id := o.text("parent_organization_id"); id != "" && !g.there(code.EntryOrganization, id) {
			g.note(o, "parent_organization_id", "refers to an organization that is not there")
		}
	case "location":
		if id := o.text("organization_id"); id != "" && !g.there(code.EntryOrganization, id) {
			g.note(o, "organization_id", "refers to an organization that is not there")
		}
	case "service":
		switch id := o.text("organization_id"); {
		case o.partial:
		case id == "":
			g.reject(o, "organization_id", "is required: somebody must answer for a service")
			return
		case !g.there(code.EntryOrganization, id):
			g.reject(o, "organization_id", "refers to an organization that is not there")
			return
		}
		for _, p := range o.lists["service_at_locations"] {
			if id := p.text("location_id"); id != "" && !g.there(code.EntryLocation, id) {
				g.reject(p, "location_id", "refers to a location that is not there")
			}
		}
		if !o.partial && !slices.ContainsFunc(o.lists["attributes"], func(a *row) bool { return taxonomyName(a.ones["taxonomy_term"]) == TaxonomyService }) {
			g.note(o, "attributes", "has no code of "+TaxonomyService+": it is published, and no referral is matched with it")
		}
	}
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		m, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, m, equal)
	case []any:
		l, ok := b.([]any)
		return ok && slices.EqualFunc(a, l, equal)
	default:
		switch b.(type) {
		case map[string]any, []any:
			return false
		}
		return a == b
	}
}
