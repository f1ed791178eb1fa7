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
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/hsds"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

// Publication is the directory as it is read.
type Publication struct{ *shelf.Shelf }

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

// About says which HSDS is spoken here.
func (d Publication) About(context.Context, fact.By, string, url.Values) (About, error) {
	return About{
		Version: "3.1", Profile: "https://sanad-network.github.io/docs/guides/directory",
		OpenapiURL: "https://sanad-network.github.io/openapi/referral.yaml",
	}, nil
}

// spans gives one part of a list of the shelf or of records.
type spans func(prefix []string, from string, offset, limit int) (ids []string, total int)

func (d Publication) listOrganizations(prefix []string, from string, offset, limit int) ([]string, int) {
	return d.Organizations.Span(domain.ByTier.Of(prefix...), from, offset, limit)
}

// page writes one page of a list of the reader's tiers, one tier after the other.
// It reads only the entries of the page. An entry that the reader may no longer
// see is left out.
func (r *reading) page(q url.Values, list spans, parts []string, from string, write func(id string) (map[string]any, bool, error)) (any, error) {
	number, size := paging(q)
	offset, total := (number-1)*size, 0
	contents := []map[string]any{}
	for _, tier := range domain.Tiers(r.by) {
		ids, n := list(append([]string{tier}, parts...), from, max(0, offset-total), size-len(contents))
		total += n
		for _, id := range ids {
			d, sees, err := write(id)
			if errors.Is(err, record.ErrQuarantined) {
				continue // it, or what belongs to it, is in quarantine: the others are shown
			}
			if err != nil {
				return nil, err
			}
			if sees {
				contents = append(contents, d)
			}
		}
	}
	return domain.PageOf(contents, total, number, size), nil
}

// wants reads a switch of a query.
func wants(q url.Values, name string) bool { return q.Get(name) == "true" }

// ListServices lists the services that the reader sees: all, or those of an
// organization, with a term, or changed since an instant.
func (d Publication) ListServices(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	from := ""
	if since, err := time.Parse(time.RFC3339Nano, q.Get("modified_after")); err == nil {
		from = fact.Sortable(since)
	}
	parts := []string{q.Get("organization_id"), q.Get("taxonomy_term_id")}
	if wants(q, "minimal") {
		if !q.Has("per_page") {
			q = maps.Clone(q)
			if q == nil {
				q = url.Values{}
			}
			q.Set("per_page", strconv.Itoa(minimalPage))
		}
		return r.page(q, d.SpanServices, parts, from, func(id string) (map[string]any, bool, error) {
			entry, tier, at := d.Changed(id)
			return map[string]any{"id": entry, "modified_date": at.UTC().Format("2006-01-02T15:04:05.000Z")}, slices.Contains(domain.Tiers(by), tier), nil
		})
	}
	return r.page(q, d.SpanServices, parts, from, func(id string) (map[string]any, bool, error) {
		res, err := d.Services.Get(ctx, id)
		if err != nil {
			return nil, false, err
		}
		s, sees, err := r.service(res.State)
		if err != nil || !sees {
			return nil, false, err
		}
		if wants(q, "full") {
			return s.Full(), true, nil
		}
		return s.Brief(), true, nil
	})
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
	return r.page(q, d.listOrganizations, nil, "", func(id string) (map[string]any, bool, error) {
		res, err := d.Organizations.Get(ctx, id)
		if err != nil || !r.seesOrganization(res.State) {
			return nil, false, err
		}
		if wants(q, "full") {
			o, err := r.whole(res.State)
			return o.Full(), err == nil, err
		}
		w, err := r.withhold(res.State.Organization.ID)
		return domain.Shown{Entry: res.State, Withheld: w}.Brief(), err == nil, err
	})
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

// ListPlaces lists the services at locations that the reader sees.
func (d Publication) ListPlaces(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	return r.page(q, d.SpanPlaces, nil, "", func(id string) (map[string]any, bool, error) {
		return d.placed(r, id, wants(q, "full"))
	})
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
	return words(ctx, d.Taxonomies, hsds.Taxonomies(), q)
}

// GetTaxonomy gives one taxonomy.
func (d Publication) GetTaxonomy(ctx context.Context, _ fact.By, id string, _ url.Values) (any, error) {
	return word(ctx, d.Taxonomies, hsds.Taxonomies(), id)
}

// ListTerms lists the codes of this network as terms, and the terms that were
// handed in.
func (d Publication) ListTerms(ctx context.Context, _ fact.By, _ string, q url.Values) (any, error) {
	return words(ctx, d.Terms, hsds.Terms(), q)
}

// GetTerm gives one term.
func (d Publication) GetTerm(ctx context.Context, _ fact.By, id string, _ url.Values) (any, error) {
	return word(ctx, d.Terms, hsds.Terms(), id)
}

// words is a page of ours, and after them of those handed in. Everybody sees
// them.
func words(ctx context.Context, records *record.Records[domain.Entry], ours []map[string]any, q url.Values) (any, error) {
	number, size := paging(q)
	offset := (number - 1) * size
	contents := slices.Clip(ours[min(offset, len(ours)):min(offset+size, len(ours))])
	ids, n := records.Span(domain.All.Of(), "", max(0, offset-len(ours)), size-len(contents))
	for _, id := range ids {
		res, err := records.Get(ctx, id)
		if errors.Is(err, record.ErrQuarantined) {
			continue
		}
		if err != nil {
			return nil, err
		}
		contents = append(contents, hsds.Document(res.State.Text))
	}
	return domain.PageOf(contents, len(ours)+n, number, size), nil
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
