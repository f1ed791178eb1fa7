// Package publication shows the directory to each reader as they may see it, in the
// form of HSDS. It refuses to show what the shelf lists before it has checked what
// is there now.
package publication

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/hsds"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

// Publication is the directory as it is read.
type Publication struct {
	*shelf.Shelf
	walks *walks
}

// New publishes a shelf.
func New(s *shelf.Shelf) Publication { return Publication{s, &walks{begin: map[walk]begun{}}} }

// reading is one request of one reader. What it gives, the reader may see.
type reading struct {
	ctx context.Context // of the one request
	d   Publication
	by  fact.By
	// organizations and withheld are looked up once.
	organizations map[string]domain.Entry
	withheld      map[string]domain.Withheld
}

func (d Publication) read(ctx context.Context, by fact.By) *reading {
	return &reading{ctx: ctx, d: d, by: by, organizations: map[string]domain.Entry{}, withheld: map[string]domain.Withheld{}}
}

func (r *reading) organization(id string) (domain.Entry, error) {
	if e, ok := r.organizations[id]; ok {
		return e, nil
	}
	res, err := r.d.Organizations.Get(r.ctx, id)
	if err == nil {
		r.organizations[id] = res.State
	}
	return res.State, err
}

func (r *reading) seesOrganization(e domain.Entry) bool {
	return e.Organization != nil && domain.Sees(r.by, e.Organization.Visibility(), e.Organization.Agency())
}

// seesService is decided by the service and its organization: the services of a
// hidden organization are hidden.
func (r *reading) seesService(e domain.Entry) (bool, error) {
	if e.Service == nil {
		return false, nil
	}
	o, err := r.organization(e.Service.OrganizationID)
	if err != nil || o.Organization == nil {
		return false, err
	}
	v := hsds.Strictest(e.Service.Visibility(), o.Organization.Visibility())
	return domain.Sees(r.by, v, o.Organization.Agency()), nil
}

// seesLocation is decided by what is there now, and not by what was known at
// the listing.
func (r *reading) seesLocation(e domain.Entry) bool {
	return e.Location != nil && r.d.Knows(r.by, e)
}

// withhold gathers what this reader must not learn of an organization's locations. A
// location in quarantine is unknown, so nothing is shown that may name it.
func (r *reading) withhold(organization string) (domain.Withheld, error) {
	if w, ok := r.withheld[organization]; ok {
		return w, nil
	}
	w := domain.Withheld{
		Others: func(text string, address bool) bool { return r.d.Tells(r.by, text, address) },
		At:     func(latitude, longitude float64) bool { return r.d.TellsAt(r.by, latitude, longitude) },
	}
	if slices.ContainsFunc(r.d.locationsOf(organization), r.d.Locations.Aside) {
		return w, record.ErrQuarantined
	}
	for _, id := range r.d.Withheld(organization) {
		l, err := r.d.Locations.Get(r.ctx, id)
		if err != nil {
			return w, err
		}
		if l.Version > 0 && !r.seesLocation(l.State) {
			w.Withhold(l.State)
		}
	}
	r.withheld[organization] = w
	return w, nil
}

// locationsOf are those of an organization, and those at which it gives services.
func (d Publication) locationsOf(organization string) []string {
	ids := d.Locations.Find(domain.ByOrganization.Of(organization))
	for _, id := range d.Services.Find(domain.ByOrganization.Of(organization)) {
		e, _ := d.Services.Held(id)
		ids = append(ids, e.State.At()...)
	}
	return ids
}

// service is a service that the reader sees, with what lies around it.
func (r *reading) service(e domain.Entry) (domain.Shown, bool, error) {
	sees, err := r.seesService(e)
	if err != nil || !sees {
		return domain.Shown{}, false, err
	}
	shown := domain.Shown{Entry: e}
	if shown.Withheld, err = r.withhold(e.Service.OrganizationID); err != nil {
		return shown, false, err
	}
	o, err := r.organization(e.Service.OrganizationID)
	if err != nil {
		return shown, false, err
	}
	shown.Organization = &domain.Shown{Entry: o}
	for i, document := range e.Places() {
		l, sees, err := r.place(e, i)
		if err != nil {
			return shown, false, err
		}
		if sees {
			shown.Places = append(shown.Places, domain.ShownPlace{Document: document, Location: l})
		}
	}
	return shown, true, nil
}

// place is where a service is given, if the reader sees it. The service at a
// hidden location is hidden with it: its telephones and words lead there.
func (r *reading) place(e domain.Entry, i int) (*domain.Entry, bool, error) {
	p := e.Service.At[i]
	o, err := r.organization(e.Service.OrganizationID)
	if err != nil || o.Organization == nil || !domain.Sees(r.by, p.Visibility(), o.Organization.Agency()) {
		return nil, false, err
	}
	if p.LocationID == "" {
		return nil, true, nil
	}
	l, err := r.d.Locations.Get(r.ctx, p.LocationID)
	if err != nil {
		return nil, false, err
	}
	return &l.State, r.seesLocation(l.State), nil
}

// whole is an organization that the reader sees, with its services and
// locations.
func (r *reading) whole(e domain.Entry) (domain.Shown, error) {
	id := e.Organization.ID
	shown := domain.Shown{Entry: e}
	var err error
	if shown.Withheld, err = r.withhold(id); err != nil {
		return shown, err
	}
	services := record.Each(r.d.Services.Find(domain.ByOrganization.Of(id)), func(id string) error {
		s, err := r.d.Services.Get(r.ctx, id)
		if err != nil {
			return err
		}
		one, sees, err := r.service(s.State)
		if err == nil && sees {
			one.Organization = nil // it contains the service
			shown.Services = append(shown.Services, one)
		}
		return err
	})
	locations := record.Each(r.d.Locations.Find(domain.ByOrganization.Of(id)), func(id string) error {
		l, err := r.d.Locations.Get(r.ctx, id)
		if err == nil && r.seesLocation(l.State) {
			shown.Locations = append(shown.Locations, l.State)
		}
		return err
	})
	for _, err := range []error{services, locations} {
		if err != nil && !errors.Is(err, record.ErrQuarantined) {
			return shown, err
		}
	}
	return shown, nil // without what is in quarantine
}

// paging reads HSDS's own parameters.
func paging(q url.Values) (number, size int) {
	number, _ = strconv.Atoi(q.Get("page"))
	size, _ = strconv.Atoi(q.Get("per_page"))
	return cmp.Or(number, 1), cmp.Or(size, 50)
}

// About is the description of this API that HSDS asks for.
type About struct {
	Version    string `json:"version"`
	Profile    string `json:"profile"`
	OpenapiURL string `json:"openapi_url"`
}

// About says which HSDS is spoken here. Its addresses are on this server, whatever its
// name is for the caller.
func (d Publication) About(context.Context, fact.By, string, url.Values) (About, error) {
	return About{Version: "3.1", Profile: "/docs/guides/directory", OpenapiURL: "/openapi/referral.yaml"}, nil
}

// tiers is the order of a list that is kept for each tier.
func (r *reading) tiers(span func(tier, from string, offset, limit int) ([]string, int)) order {
	var o order
	for _, tier := range domain.Tiers(r.by) {
		o = append(o, func(from string, offset, limit int) ([]string, int) { return span(tier, from, offset, limit) })
	}
	return o
}

// written is an entry as it is published; not ok: the reader does not see it.
type written func(id string) (d map[string]any, sees bool, err error)

// page writes one page of a list. It reads only the entries of the page. An entry that the
// reader may no longer see is left out.
func (r *reading) page(list string, q url.Values, o order, write written) (any, error) {
	number, size := paging(q)
	q = maps.Clone(q)
	delete(q, "page")
	list = strings.Join(append(domain.Tiers(r.by), list, q.Encode(), strconv.Itoa(size)), "\n")
	from, known := "", number == 1
	if !known {
		from, known = r.d.walks.at(list, number, r.by.At)
	}
	if !known {
		from, known = o.nth((number - 1) * size)
	}
	contents, total := []map[string]any{}, o.count("")
	if !known {
		return domain.PageOf(contents, total, 0, number, size), nil
	}
	names := o.from(from, size)
	for _, name := range names {
		d, sees, err := r.alive(name, write)
		if err != nil {
			return nil, err
		}
		if sees {
			contents = append(contents, d)
		}
	}
	rest := 0
	if len(names) > 0 {
		next := behind(bare(names[len(names)-1]))
		rest = o.count(next)
		r.d.walks.put(list, number+1, next, r.by.At)
	}
	return domain.PageOf(contents, total, rest, number, size), nil
}

// alive leaves out what is in quarantine, or has something there that belongs to it.
func (r *reading) alive(name string, write written) (map[string]any, bool, error) {
	d, sees, err := write(name)
	if errors.Is(err, record.ErrQuarantined) {
		return nil, false, nil
	}
	return d, sees && err == nil, err
}

// chosen are those of an order that a filter keeps, by what the reader sees of them.
func (r *reading) chosen(o order, write written, keep func(d map[string]any) bool) (order, error) {
	var names []string
	for _, name := range o.from("", o.count("")) {
		d, sees, err := r.alive(name, write)
		if err != nil {
			return nil, err
		}
		if sees && keep(d) {
			names = append(names, name)
		}
	}
	return fixed(names), nil
}

// filters are those parameters of HSDS that are asked of what the reader sees of an entry,
// and not of a list that is kept.
func (r *reading) filters(q url.Values) (keep func(d map[string]any) bool, asked bool, err error) {
	taxonomy := q.Get("taxonomy_id")
	name := ""
	if taxonomy != "" {
		d, err := word(r.ctx, r.d.Taxonomies, hsds.Taxonomies(), taxonomy)
		if err != nil && !errors.Is(err, domain.ErrNotFound) {
			return nil, false, err
		}
		if m, ok := d.(map[string]any); ok {
			name, _ = m["name"].(string)
		}
	}
	search := q.Get("search")
	return func(d map[string]any) bool {
		return (taxonomy == "" || hsds.Describes(d, taxonomy, name)) && (search == "" || domain.Mentions(d, search))
	}, taxonomy != "" || search != "", nil
}

// wants reads a switch of a query.
func wants(q url.Values, name string) bool { return q.Get(name) == "true" }

// changed are the services that changed at the instant of the query or after it.
func (r *reading) changed(q url.Values) (names []string, asked bool) {
	since, err := time.Parse(time.RFC3339Nano, q.Get("modified_after"))
	if err != nil {
		return nil, false
	}
	for _, tier := range domain.Tiers(r.by) {
		names = append(names, r.d.ChangedAfter(tier, since)...)
	}
	return names, true
}

// ListServices lists the services that the reader sees: all, or those of an
// organization, with a term, of a taxonomy, with some words, or changed since an instant.
func (d Publication) ListServices(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	service := func(show func(domain.Shown) map[string]any) written {
		return func(id string) (map[string]any, bool, error) {
			res, err := d.Services.Get(ctx, id)
			if err != nil {
				return nil, false, err
			}
			s, sees, err := r.service(res.State)
			if err != nil || !sees {
				return nil, false, err
			}
			return show(s), true, nil
		}
	}
	o := r.tiers(func(tier, from string, offset, limit int) ([]string, int) {
		return d.SpanServices(tier, q.Get("taxonomy_term_id"), from, offset, limit)
	})
	if organization := q.Get("organization_id"); organization != "" {
		o = o.among(d.Services.Find(domain.ByOrganization.Of(organization)))
	}
	if changed, asked := r.changed(q); asked {
		o = o.among(changed)
	}
	keep, asked, err := r.filters(q)
	if err == nil && asked {
		o, err = r.chosen(o, service(domain.Shown.Full), keep)
	}
	if err != nil {
		return nil, err
	}
	show := service(domain.Shown.Brief)
	switch {
	case wants(q, "minimal"):
		if !q.Has("per_page") {
			q = maps.Clone(q)
			q.Set("per_page", strconv.Itoa(minimalPage))
		}
		show = func(id string) (map[string]any, bool, error) {
			entry, tier, at := d.Changed(id)
			return map[string]any{"id": entry, "modified_date": at.UTC().Format("2006-01-02T15:04:05.000Z")}, slices.Contains(domain.Tiers(by), tier), nil
		}
	case wants(q, "full"):
		show = service(domain.Shown.Full)
	}
	return r.page("services", q, o, show)
}

// minimalPage is the default length of a page in the least form, which is meant
// to hold all services.
const minimalPage = 10_000

// GetService gives one service with all that belongs to it.
func (d Publication) GetService(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
	res, err := d.Services.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	s, sees, err := d.read(ctx, by).service(res.State)
	if err == nil && !sees {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.Full(), nil
}

// ListOrganizations lists the organizations that the reader sees.
func (d Publication) ListOrganizations(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	brief := func(id string) (map[string]any, bool, error) {
		res, err := d.Organizations.Get(ctx, id)
		if err != nil || !r.seesOrganization(res.State) {
			return nil, false, err
		}
		w, err := r.withhold(res.State.Organization.ID)
		return domain.Shown{Entry: res.State, Withheld: w}.Brief(), err == nil, err
	}
	full := func(id string) (map[string]any, bool, error) {
		res, err := d.Organizations.Get(ctx, id)
		if err != nil || !r.seesOrganization(res.State) {
			return nil, false, err
		}
		o, err := r.whole(res.State)
		return o.Full(), err == nil, err
	}
	show := written(brief)
	if wants(q, "full") || wants(q, "full_service") {
		show = full
	}
	return r.list("organizations", q, d.SpanOrganizations, full, show)
}

// list writes a page of a list of which all filters are asked of what the reader sees.
func (r *reading) list(name string, q url.Values, span func(tier, from string, offset, limit int) ([]string, int), full, show written) (any, error) {
	o := r.tiers(span)
	keep, asked, err := r.filters(q)
	if term := q.Get("taxonomy_term_id"); term != "" && err == nil {
		o, err = r.chosen(o, full, func(d map[string]any) bool { return hsds.Bears(d, term) })
	}
	if asked && err == nil {
		o, err = r.chosen(o, full, keep)
	}
	if err != nil {
		return nil, err
	}
	return r.page(name, q, o, show)
}

// GetOrganization gives one organization with its services and locations.
func (d Publication) GetOrganization(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
	r := d.read(ctx, by)
	e, err := r.organization(id)
	if err == nil && !r.seesOrganization(e) {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	o, err := r.whole(e)
	if err != nil {
		return nil, err
	}
	return o.Full(), nil
}

// ListPlaces lists the services at locations that the reader sees. It knows no place of a
// postal code: postcode and proximity, which HSDS leaves to each server, change nothing.
func (d Publication) ListPlaces(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	show := func(full bool) written {
		return func(id string) (map[string]any, bool, error) { return d.placed(r, id, full) }
	}
	span := d.SpanPlaces
	changed, since := r.changed(q)
	if organization := q.Get("organization_id"); organization != "" || since {
		o, err := r.chosen(r.tiers(d.SpanPlaces), show(false), func(p map[string]any) bool {
			service, _ := p["service"].(map[string]any)
			id, _ := service["id"].(string)
			return (organization == "" || service["organization_id"] == organization) && (!since || slices.Contains(changed, d.Services.Name(id)))
		})
		if err != nil {
			return nil, err
		}
		span = func(tier, from string, offset, limit int) ([]string, int) {
			if tier != domain.Tiers(by)[0] {
				return nil, 0 // they stand in the first
			}
			return o[0](from, offset, limit)
		}
	}
	return r.list("places", q, span, show(true), show(wants(q, "full")))
}

// alone is a service at a location as a record of its own.
func (r *reading) alone(service domain.Entry, id string, full bool) (map[string]any, error) {
	s, _, err := r.service(service)
	if err != nil {
		return nil, err
	}
	for _, p := range s.Places {
		if p.Document["id"] == id {
			return s.Place(p, full), nil
		}
	}
	return nil, domain.ErrNotFound
}

// placed is the service at a location with an identifier.
func (d Publication) placed(r *reading, id string, full bool) (map[string]any, bool, error) {
	services := d.Services.Find(domain.ByPlace.Of(id))
	if len(services) != 1 {
		return nil, false, nil
	}
	res, err := d.Services.Get(r.ctx, services[0])
	if err != nil {
		return nil, false, err
	}
	m, err := r.alone(res.State, id, full)
	if errors.Is(err, domain.ErrNotFound) {
		return nil, false, nil
	}
	return m, err == nil, err
}

// GetPlace gives one service at a location.
func (d Publication) GetPlace(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
	m, sees, err := d.placed(d.read(ctx, by), id, true)
	if err == nil && !sees {
		err = domain.ErrNotFound
	}
	return m, err
}

// ListTaxonomies lists the taxonomies of this network, and those that were
// handed in.
func (d Publication) ListTaxonomies(ctx context.Context, _ fact.By, _ string, q url.Values) (any, error) {
	return words(ctx, d.Taxonomies, hsds.Taxonomies(), q, func(d map[string]any) bool { return domain.Mentions(d, q.Get("search")) })
}

// GetTaxonomy gives one taxonomy.
func (d Publication) GetTaxonomy(ctx context.Context, _ fact.By, id string, _ url.Values) (any, error) {
	return word(ctx, d.Taxonomies, hsds.Taxonomies(), id)
}

// ListTerms lists the codes of this network as terms, and the terms that were
// handed in.
func (d Publication) ListTerms(ctx context.Context, _ fact.By, _ string, q url.Values) (any, error) {
	taxonomy, parent := q.Get("taxonomy_id"), q.Get("parent_id")
	return words(ctx, d.Terms, hsds.Terms(), q, func(d map[string]any) bool {
		detail, _ := d["taxonomy_detail"].(map[string]any)
		return domain.Mentions(d, q.Get("search")) && (taxonomy == "" || d["taxonomy_id"] == taxonomy || detail["id"] == taxonomy) &&
			(parent == "" || d["parent_id"] == parent) && (!wants(q, "top_only") || d["parent_id"] == nil)
	})
}

// GetTerm gives one term.
func (d Publication) GetTerm(ctx context.Context, _ fact.By, id string, _ url.Values) (any, error) {
	return word(ctx, d.Terms, hsds.Terms(), id)
}

// words is a page of ours, and after them of those handed in. Everybody sees
// them.
func words(ctx context.Context, records *record.Records[domain.Entry], ours []map[string]any, q url.Values, keep func(map[string]any) bool) (any, error) {
	number, size := paging(q)
	all := slices.Clone(ours)
	for _, id := range records.Find(domain.All.Of()) {
		res, err := records.Get(ctx, id)
		if errors.Is(err, record.ErrQuarantined) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, hsds.Document(res.State.Text))
	}
	all = slices.DeleteFunc(all, func(d map[string]any) bool { return !keep(d) })
	offset := min((number-1)*size, len(all))
	contents := all[offset:min(offset+size, len(all))]
	return domain.PageOf(append([]map[string]any{}, contents...), len(all), len(all)-offset-len(contents), number, size), nil
}

func word(ctx context.Context, records *record.Records[domain.Entry], ours []map[string]any, id string) (any, error) {
	for _, one := range ours {
		if one["id"] == id {
			return one, nil
		}
	}
	res, err := records.Get(ctx, id)
	if err == nil && !res.State.Exists() {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return hsds.Document(res.State.Text), nil
}
