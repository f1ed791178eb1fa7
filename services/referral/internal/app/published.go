package app

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
	"github.com/sanad-network/sanad/services/referral/internal/hsds"
)

// reading is one request of one reader. What it gives, the reader may see.
type reading struct {
	ctx context.Context // of the one request
	d   Directory
	by  fact.By
	// organizations and withheld are looked up once, whatever asks for them.
	organizations map[string]directory.Entry
	withheld      map[string]directory.Withheld
}

func (d Directory) read(ctx context.Context, by fact.By) *reading {
	return &reading{ctx: ctx, d: d, by: by, organizations: map[string]directory.Entry{}, withheld: map[string]directory.Withheld{}}
}

func (r *reading) organization(id string) (directory.Entry, error) {
	if e, ok := r.organizations[id]; ok {
		return e, nil
	}
	res, err := r.d.Organizations.Get(r.ctx, id)
	if err == nil {
		r.organizations[id] = res.State
	}
	return res.State, err
}

func (r *reading) seesOrganization(e directory.Entry) bool {
	return e.Organization != nil && directory.Sees(r.by, e.Organization.Visibility(), e.Organization.Agency())
}

// seesService is judged by the service and by who answers for it: what a
// hidden organization does is hidden.
func (r *reading) seesService(e directory.Entry) (bool, error) {
	if e.Service == nil {
		return false, nil
	}
	o, err := r.organization(e.Service.OrganizationID)
	if err != nil || o.Organization == nil {
		return false, err
	}
	v := hsds.Strictest(e.Service.Visibility(), o.Organization.Visibility())
	return directory.Sees(r.by, v, o.Organization.Agency()), nil
}

// seesLocation is judged by what is there now, whatever was known when the
// location was listed.
func (r *reading) seesLocation(e directory.Entry) (bool, error) {
	if e.Location == nil {
		return false, nil
	}
	var given []hsds.Service
	owners := []string{e.Location.OrganizationID}
	for _, id := range r.d.Services.Find("by_location", e.Location.ID) {
		s, err := r.d.Services.Get(r.ctx, id)
		if err != nil {
			return false, err
		}
		if s.State.Service != nil {
			given, owners = append(given, *s.State.Service), append(owners, s.State.Service.OrganizationID)
		}
	}
	v := e.Location.Visibility(given)
	for _, owner := range owners {
		o, err := r.organization(owner)
		if err != nil {
			return false, err
		}
		agency := ""
		if o.Organization != nil {
			agency = o.Organization.Agency()
		}
		if directory.Sees(r.by, v, agency) {
			return true, nil
		}
	}
	return false, nil
}

// withhold gathers what this reader must not learn of an organization's
// locations.
func (r *reading) withhold(organization string) (directory.Withheld, error) {
	if w, ok := r.withheld[organization]; ok {
		return w, nil
	}
	ids := r.d.Locations.Find("by_organization", organization)
	for _, id := range r.d.Services.Find("by_organization", organization) {
		s, err := r.d.Services.Get(r.ctx, id)
		if err != nil {
			return directory.Withheld{}, err
		}
		for _, at := range s.State.At() {
			ids = append(ids, r.d.Locations.Stream(at))
		}
	}
	slices.Sort(ids)
	var w directory.Withheld
	for _, id := range slices.Compact(ids) {
		l, err := r.d.Locations.Get(r.ctx, id)
		if err != nil {
			return w, err
		}
		sees, err := r.seesLocation(l.State)
		if err != nil {
			return w, err
		}
		if l.Version > 0 && !sees {
			w.Withhold(l.State)
		}
	}
	r.withheld[organization] = w
	return w, nil
}

// service is a service that the reader sees, with what lies around it.
func (r *reading) service(e directory.Entry) (directory.Shown, bool, error) {
	sees, err := r.seesService(e)
	if err != nil || !sees {
		return directory.Shown{}, false, err
	}
	shown := directory.Shown{Entry: e}
	if shown.Withheld, err = r.withhold(e.Service.OrganizationID); err != nil {
		return shown, false, err
	}
	o, err := r.organization(e.Service.OrganizationID)
	if err != nil {
		return shown, false, err
	}
	shown.Organization = &directory.Shown{Entry: o}
	for i, document := range e.Places() {
		l, sees, err := r.place(e, i)
		if err != nil {
			return shown, false, err
		}
		if sees {
			shown.Places = append(shown.Places, directory.ShownPlace{Document: document, Location: l})
		}
	}
	return shown, true, nil
}

// place is where a service is given, if the reader sees it. The service at a
// hidden location is hidden with it: its telephones and words lead there.
func (r *reading) place(e directory.Entry, i int) (*directory.Entry, bool, error) {
	p := e.Service.At[i]
	o, err := r.organization(e.Service.OrganizationID)
	if err != nil || o.Organization == nil || !directory.Sees(r.by, p.Visibility(), o.Organization.Agency()) {
		return nil, false, err
	}
	if p.LocationID == "" {
		return nil, true, nil
	}
	l, err := r.d.Locations.Get(r.ctx, p.LocationID)
	if err != nil {
		return nil, false, err
	}
	sees, err := r.seesLocation(l.State)
	return &l.State, sees, err
}

// whole is an organization that the reader sees, with its services and
// locations.
func (r *reading) whole(e directory.Entry) (directory.Shown, error) {
	id := e.Organization.ID
	shown := directory.Shown{Entry: e}
	var err error
	if shown.Withheld, err = r.withhold(id); err != nil {
		return shown, err
	}
	for _, stream := range r.d.Services.Find("by_organization", id) {
		s, err := r.d.Services.Get(r.ctx, stream)
		if err != nil {
			return shown, err
		}
		one, sees, err := r.service(s.State)
		if err != nil {
			return shown, err
		}
		if sees {
			one.Organization = nil // it stands around it
			shown.Services = append(shown.Services, one)
		}
	}
	for _, stream := range r.d.Locations.Find("by_organization", id) {
		l, err := r.d.Locations.Get(r.ctx, stream)
		if err != nil {
			return shown, err
		}
		sees, err := r.seesLocation(l.State)
		if err != nil {
			return shown, err
		}
		if sees {
			shown.Locations = append(shown.Locations, l.State)
		}
	}
	return shown, nil
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
func (d Directory) About(context.Context, fact.By, string, url.Values) (any, error) {
	return About{
		Version: "3.1", Profile: "https://sanad-network.github.io/docs/guides/directory",
		OpenapiURL: "https://sanad-network.github.io/openapi/referral.yaml",
	}, nil
}

// visible walks the entries of a kind and keeps what the reader sees.
func (d Directory) visible(ctx context.Context, kind code.EntryKind, sees func(directory.Entry) (bool, error)) ([]directory.Entry, error) {
	records := d.kind(kind)
	var list []directory.Entry
	for _, id := range records.Find("all") {
		res, err := records.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		ok, err := sees(res.State)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, res.State)
		}
	}
	return list, nil
}

// page writes the entries of one page; the others cost no more than a look at
// who may see them.
func page[T any](items []T, q url.Values, write func(T) (map[string]any, error)) (any, error) {
	number, size := paging(q)
	var failed error
	p := directory.PageOf(items, number, size, func(item T) map[string]any {
		d, err := write(item)
		if err != nil {
			failed = err
		}
		return d
	})
	return p, failed
}

// ListServices lists the services that the reader sees.
func (d Directory) ListServices(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	items, err := d.visible(ctx, code.EntryService, r.seesService)
	if err != nil {
		return nil, err
	}
	return page(items, q, func(e directory.Entry) (map[string]any, error) {
		s, _, err := r.service(e)
		return s.Brief(), err
	})
}

// GetService gives one service with all that belongs to it.
func (d Directory) GetService(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
	res, err := d.Services.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	s, sees, err := d.read(ctx, by).service(res.State)
	if err == nil && !sees {
		err = directory.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.Full(), nil
}

// ListOrganizations lists the organizations that the reader sees.
func (d Directory) ListOrganizations(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	items, err := d.visible(ctx, code.EntryOrganization, func(e directory.Entry) (bool, error) { return r.seesOrganization(e), nil })
	if err != nil {
		return nil, err
	}
	return page(items, q, func(e directory.Entry) (map[string]any, error) {
		w, err := r.withhold(e.Organization.ID)
		return directory.Shown{Entry: e, Withheld: w}.Brief(), err
	})
}

// GetOrganization gives one organization with its services and locations.
func (d Directory) GetOrganization(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
	r := d.read(ctx, by)
	e, err := r.organization(id)
	if err == nil && !r.seesOrganization(e) {
		err = directory.ErrNotFound
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

// place is a service at one of its locations.
type place struct {
	service directory.Entry
	at      int
}

// ListPlaces lists the services at locations that the reader sees.
func (d Directory) ListPlaces(ctx context.Context, by fact.By, _ string, q url.Values) (any, error) {
	r := d.read(ctx, by)
	services, err := d.visible(ctx, code.EntryService, r.seesService)
	if err != nil {
		return nil, err
	}
	var items []place
	for _, e := range services {
		for i := range e.Service.At {
			_, sees, err := r.place(e, i)
			if err != nil {
				return nil, err
			}
			if sees {
				items = append(items, place{e, i})
			}
		}
	}
	return page(items, q, func(p place) (map[string]any, error) {
		return r.alone(p.service, p.service.Service.At[p.at].ID, false)
	})
}

// alone is a service at a location as a record of its own.
func (r *reading) alone(service directory.Entry, id string, full bool) (map[string]any, error) {
	s, _, err := r.service(service)
	if err != nil {
		return nil, err
	}
	for _, p := range s.Places {
		if p.Document["id"] == id {
			return s.Place(p, full), nil
		}
	}
	return nil, directory.ErrNotFound
}

// GetPlace gives one service at a location.
func (d Directory) GetPlace(ctx context.Context, by fact.By, id string, _ url.Values) (any, error) {
	r := d.read(ctx, by)
	services := d.Services.Find("by_place", id)
	if len(services) != 1 {
		return nil, directory.ErrNotFound
	}
	res, err := d.Services.Get(ctx, services[0])
	if err != nil {
		return nil, err
	}
	return r.alone(res.State, id, true)
}

// ListTaxonomies lists the taxonomies of this network, and those that were
// handed in.
func (d Directory) ListTaxonomies(ctx context.Context, _ fact.By, _ string, q url.Values) (any, error) {
	return d.words(ctx, code.EntryTaxonomy, hsds.Taxonomies(), q)
}

// ListTerms lists the codes of this network as terms, and the terms that were
// handed in.
func (d Directory) ListTerms(ctx context.Context, _ fact.By, _ string, q url.Values) (any, error) {
	return d.words(ctx, code.EntryTerm, hsds.Terms(), q)
}

func (d Directory) words(ctx context.Context, kind code.EntryKind, ours []map[string]any, q url.Values) (any, error) {
	entries, err := d.visible(ctx, kind, func(directory.Entry) (bool, error) { return true, nil })
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		ours = append(ours, hsds.Document(e.Text))
	}
	return page(ours, q, func(m map[string]any) (map[string]any, error) { return m, nil })
}
