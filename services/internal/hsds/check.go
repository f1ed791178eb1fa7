package hsds

import (
	"regexp"
	"slices"

	"github.com/sanad-network/sanad/api/code"
)

// slug is how agencies are named in the network.
var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$`)

// check applies the rules to a row and the rows in it. A row in a list that
// breaks one is left out; a row that others need takes them with it.
func (g *gathering) check(o *row) {
	if g.checked[o] {
		return
	}
	g.checked[o] = true
	for _, name := range slices.Sorted(keys(o.lists)) {
		for _, item := range o.lists[name] {
			if kinds[item.shape] == "" && item.shape != "service_at_location" {
				g.check(item)
			}
		}
	}
	for _, name := range slices.Sorted(keys(o.ones)) {
		if one := o.ones[name]; kinds[one.shape] == "" || one.shape == "taxonomy_term" || one.shape == "taxonomy" {
			g.check(one)
			if one.bad && shapes[o.shape][name].required {
				g.spoil(o) // what is wrong was told
			}
		}
	}
	g.complete(o)
	g.require(o)
	g.attributes(o)
	switch o.shape {
	case "schedule":
		g.schedule(o)
	case "service_capacity":
		g.capacity(o)
	case "service":
		low, lower := o.float("minimum_age")
		high, upper := o.float("maximum_age")
		if lower && upper && low > high {
			g.reject(o, "minimum_age", "must not be over maximum_age")
		}
	case "taxonomy_term":
		name := taxonomyName(o)
		if claims(name) && !listed(name, o.text("code")) {
			g.reject(o, "code", "is not on the list of a taxonomy of this network")
		}
		if d := o.ones["taxonomy_detail"]; d != nil && d.text("name") != name && (claims(name) || claims(d.text("name"))) {
			g.reject(o, "taxonomy", "differs from the taxonomy that stands with it")
		}
	case "location":
		g.coordinate(o, "latitude", 90)
		g.coordinate(o, "longitude", 180)
	case "organization_identifier":
		if o.text("identifier_scheme") == SchemeAgency && !slug.MatchString(o.text("identifier")) {
			g.reject(o, "identifier", "must be the slug of an agency")
		}
	case "address":
		if c := code.Country(o.text("country")); c != "" && !slices.Contains(code.Countries, c) {
			g.reject(o, "country", "must be a country of ISO 3166-1, in two letters")
		}
	}
}

func (g *gathering) require(o *row) {
	if o.partial {
		return
	}
	for _, name := range slices.Sorted(keys(shapes[o.shape])) {
		f := shapes[o.shape][name]
		if !f.required || name == "id" && o.bad {
			continue
		}
		_, value := o.values[name]
		if !value && o.ones[name] == nil && !slices.ContainsFunc(g.rejected, func(i Issue) bool { return i.Path == o.path && i.Field == name }) {
			g.reject(o, name, "is required")
		}
	}
}

// complete fills in a term of ours, so that an exporter needs to write its
// taxonomy and code only.
func (g *gathering) complete(o *row) {
	if _, ok := ours[o.text("name")]; o.shape == "taxonomy" && ok {
		o.fill(taxonomyOf(o.text("name")))
	}
	if o.shape != "taxonomy_term" {
		return
	}
	name, word := taxonomyName(o), o.text("code")
	if listed(name, word) {
		term := termOf(name, word)
		delete(term, "taxonomy_detail")
		o.fill(term)
	}
}

func (o *row) fill(values map[string]any) {
	for k, v := range values {
		if _, has := o.values[k]; !has {
			o.values[k] = v
		}
	}
	o.id = o.text("id")
}

func taxonomyName(term *row) string {
	if term == nil {
		return ""
	}
	if name := term.text("taxonomy"); name != "" {
		return name
	}
	if d := term.ones["taxonomy_detail"]; d != nil {
		return d.text("name")
	}
	return ""
}

// attributes checks the codes of ours in a row. A code that cannot be read
// takes the row with it, and so does any attribute that was rejected: it may be
// the one that hides the row.
func (g *gathering) attributes(o *row) {
	for _, a := range o.lists["attributes"] {
		term := a.ones["taxonomy_term"]
		if id := a.text("taxonomy_term_id"); term == nil && id != "" {
			term = g.term(a, id)
		}
		g.named(a, term)
		name := taxonomyName(term)
		if claims(name) {
			if rule := judge(name, term.text("code"), o.shape); rule != "" {
				g.reject(o, "attributes", rule)
				continue
			}
			term.values["taxonomy"] = name
		}
		if a.bad || term != nil && term.bad {
			g.reject(o, "attributes", "has an attribute that was rejected")
		}
	}
}

// named finds the taxonomy of a term that does not name it, and refuses an attribute that
// may be one of ours, for all that can be read of it.
func (g *gathering) named(a, term *row) {
	if a.bad || taxonomyName(term) != "" {
		return
	}
	if term == nil {
		for name := range a.values {
			if _, known := shapes["attribute"][name]; !known {
				g.reject(a, "taxonomy_term", "is required beside what is not of HSDS")
				return
			}
		}
		if claims(a.text("label")) || isOurWord(a.text("value")) || isOurWord(a.text("label")) {
			g.reject(a, "taxonomy_term", "is required beside a word of this network")
		}
		return
	}
	taxonomy, word, ok := ourTerm(term.id)
	if !ok {
		taxonomy, word, ok = g.known.Term(term.id)
	}
	switch {
	case ok && claims(taxonomy) && (term.text("code") == "" || term.text("code") == word):
		term.values["taxonomy"], term.values["code"] = taxonomy, word
	case ok && claims(taxonomy), isOurWord(term.text("code")), isOurWord(term.text("name")):
		g.reject(a, "taxonomy_term", "has a word of this network and does not name its taxonomy")
	}
}

// isOurWord says whether a word is a code by which an entry is hidden: of a visibility, or
// of a kind of help.
func isOurWord(word string) bool {
	return slices.ContainsFunc(code.Visibilities, func(v code.Visibility) bool { return plain(word) == string(v) }) ||
		slices.ContainsFunc(code.Services, func(s code.Service) bool { return plain(word) == plain(string(s)) })
}

// term finds the term of an attribute that only refers to it.
func (g *gathering) term(a *row, id string) *row {
	taxonomy, word, ok := g.known.Term(id)
	if !ok {
		taxonomy, word, ok = ourTerm(id)
	}
	if !ok {
		g.reject(a, "taxonomy_term_id", "refers to a term that is not there")
		return nil
	}
	term := &row{shape: "taxonomy_term", id: id, values: map[string]any{"id": id, "taxonomy": taxonomy, "code": word}}
	if claims(taxonomy) {
		g.complete(term)
		a.ones["taxonomy_term"] = term
	}
	return term
}

// ourTaxonomy finds the name of a taxonomy of ours by its identifier.
func ourTaxonomy(id string) (name string, ok bool) {
	for name := range ours {
		if derived(name) == id {
			return name, true
		}
	}
	return "", false
}

// ourTerm finds a term of ours by its identifier.
func ourTerm(id string) (taxonomy, word string, ok bool) {
	for name, t := range ours {
		for _, c := range t.codes {
			if derived(name+"/"+c) == id {
				return name, c, true
			}
		}
	}
	return "", "", false
}

func (g *gathering) schedule(o *row) {
	if o.bad {
		return
	}
	s, broken := compile(o.document())
	for _, b := range broken {
		g.reject(o, b.field, b.rule)
	}
	if o.bad {
		return
	}
	for _, odd := range []struct {
		field string
		is    bool
	}{{"byweekno", len(s.byweek) > 0}, {"byyearday", len(s.byyear) > 0}, {"bymonthday", s.weekly && len(s.bymonthday) > 0}} {
		if odd.is {
			g.note(o, odd.field, "is not of a rule of this frequency (RFC 5545); it limits the days")
		}
	}
	if !s.timed {
		g.note(o, "", "does not say in times when it is open: its hours count as not known")
	}
}

// capacity refuses both numbers when more is left than there is at most.
func (g *gathering) capacity(o *row) {
	available, ok := o.float("available")
	if ok && available < 0 {
		g.reject(o, "available", "must not be negative")
	}
	maximum, ok := o.float("maximum")
	if !ok {
		return
	}
	if maximum < 0 {
		g.reject(o, "maximum", "must not be negative")
	}
	if available > maximum {
		g.reject(o, "available", "must not be more than maximum")
	}
}

func (g *gathering) coordinate(o *row, name string, limit float64) {
	if f, ok := o.float(name); ok && (f > limit || f < -limit) {
		g.note(o, name, "is out of range; it is published as it came and not used")
	}
}
