package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

var now = time.Date(2026, time.November, 20, 20, 0, 0, 0, time.UTC)

// library is a directory on a journal in memory.
type library struct {
	Publication
	importer app.Directory
	book     *record.Book
	journal  *recordtest.Journal
	clock    time.Time
	causes   int
}

type failer interface {
	Helper()
	Fatal(...any)
}

func openLibrary(t failer, j *recordtest.Journal) *library {
	t.Helper()
	l := openLibraryOn(t, j)
	l.journal = j
	return l
}

func openLibraryOn(t failer, j record.Journal) *library {
	t.Helper()
	l := &library{clock: now}
	b := record.NewBook(event.NewCatalogue(
		event.Type[referralv1.AgencyRegistered](), event.Type[referralv1.AgencySuspended](),
		event.Private[referralv1.DirectoryListed, domain.Listing](), event.Private[referralv1.CapacityReported, domain.Count](),
	).ReadingBack(), func() time.Time { return l.clock })
	l.book, l.Publication = b, New(shelf.New(b))
	l.importer = app.Directory{Shelf: l.Shelf}
	err := b.Open(context.Background(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func coordinator(at time.Time) fact.By {
	return fact.By{Principal: "c", Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "spotlight", At: at}
}

// do runs something in the name of the coordination.
func (l *library) do(t failer, fn func(context.Context, fact.By) error) {
	t.Helper()
	l.causes++
	l.clock = l.clock.Add(time.Minute)
	by := coordinator(l.clock)
	if err := fn(record.With(context.Background(), record.Command{Op: "test", By: by, Cause: strconv.Itoa(l.causes)}), by); err != nil {
		t.Fatal(err)
	}
}

func (l *library) hand(t failer, documents ...string) {
	t.Helper()
	l.do(t, func(ctx context.Context, by fact.By) error {
		in := app.Import{}
		for _, d := range documents {
			in.Documents = append(in.Documents, json.RawMessage(d))
		}
		r, err := l.importer.Import(ctx, by, in)
		if len(r.Rejected) > 0 {
			t.Fatal(fmt.Sprintf("%+v", r.Rejected))
		}
		return err
	})
}

func (l *library) register(t failer, agency string, services ...code.Service) {
	t.Helper()
	l.do(t, func(ctx context.Context, _ fact.By) error {
		_, err := l.Agencies.Put(ctx, agency, func(a domain.Agency, by fact.By) ([]fact.Event, error) {
			return a.Register(by, domain.Register{Agency: agency, Country: "GT", Services: services})
		})
		return err
	})
}

func id(kind, n int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", kind, n) }

const (
	kindOrganization = iota + 1
	kindService
	kindLocation
	kindPlace
	kindOther
)

func attribute(n int, taxonomy, word string) string {
	return fmt.Sprintf(`{"id": %q, "taxonomy_term": {"taxonomy": %q, "code": %q}}`, id(kindOther, n), taxonomy, word)
}

func organizationOf(n int, agency string, v code.Visibility) string {
	return fmt.Sprintf(`{"id": %q, "name": "o", "description": "d", "organization_identifiers": [{"id": %q, "identifier_scheme": "sanad-agency",
		"identifier_type": "slug", "identifier": %q}], "attributes": [%s]}`, id(kindOrganization, n), id(kindOther, n), agency, attribute(100+n, "sanad-visibility", string(v)))
}

func locationOf(n int, v code.Visibility) string {
	attributes := ""
	if v != "" {
		attributes = attribute(200+n, "sanad-visibility", string(v))
	}
	return fmt.Sprintf(`{"id": %q, "location_type": "physical", "name": "l", "latitude": 14.6, "longitude": -90.5, "attributes": [%s],
		"addresses": [{"id": %q, "address_1": "Secret Lane %d", "city": "c", "state_province": "s", "postal_code": "9", "country": "GT", "address_type": "physical"}]}`,
		id(kindLocation, n), attributes, id(kindOther, 300+n), n)
}

func serviceOf(n, organization int, kind code.Service, v code.Visibility, locations ...int) string {
	at := ""
	for i, l := range locations {
		if i > 0 {
			at += ","
		}
		at += fmt.Sprintf(`{"id": %q, "location_id": %q}`, id(kindPlace, 100*n+l), id(kindLocation, l))
	}
	attributes := attribute(400+n, "sanad-service", string(kind))
	if v != "" {
		attributes += "," + attribute(500+n, "sanad-visibility", string(v))
	}
	return fmt.Sprintf(`{"id": %q, "organization_id": %q, "name": "s", "status": "active", "attributes": [%s], "service_at_locations": [%s]}`,
		id(kindService, n), id(kindOrganization, organization), attributes, at)
}

var readers = []fact.By{{}, {Agency: "agency-0"}, {Agency: "agency-1"}, {Agency: "agency-2"}}

// all is everything that the shelf says: places, and for each reader each list
// in pages of two.
func (l *library) all(t failer) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, kind := range code.Services {
		for _, o := range l.Index.Of("GT", kind) {
			found[fmt.Sprint("place/", kind, o.Agency, o.Listing, o.Location)] = *o
		}
	}
	for i, by := range readers {
		for name, list := range map[string]func(context.Context, fact.By, string, url.Values) (any, error){
			"services": l.ListServices, "organizations": l.ListOrganizations, "places": l.ListPlaces,
		} {
			ids, total := []string{}, 0
			for page := 1; page == 1 || (page-1)*2 < total; page++ {
				got, err := list(context.Background(), by, "", url.Values{"page": {strconv.Itoa(page)}, "per_page": {"2"}})
				if err != nil {
					t.Fatal(err)
				}
				p := got.(domain.Page)
				total = p.TotalItems
				for _, c := range p.Contents {
					ids = append(ids, c["id"].(string))
				}
			}
			if len(ids) != total {
				t.Fatal(fmt.Sprintf("%s for %d: %d in all, %d on pages", name, i, total, len(ids)))
			}
			slices.Sort(ids)
			found[fmt.Sprint(name, "/", i)] = ids
		}
	}
	return found
}

// walked is what each reader finds who walks the whole directory and judges
// each entry by itself.
func (l *library) walked(t failer) map[string]any {
	t.Helper()
	found := map[string]any{}
	for i, by := range readers {
		r := l.read(context.Background(), by)
		services, organizations, places := []string{}, []string{}, []string{}
		for n := range 6 {
			if o, ok := l.Organizations.Held(id(kindOrganization, n)); ok && r.seesOrganization(o.State) {
				organizations = append(organizations, o.State.Listed.Entry)
			}
			e, ok := l.Services.Held(id(kindService, n))
			if !ok {
				continue
			}
			s, sees, err := r.service(e.State)
			if err != nil {
				t.Fatal(err)
			}
			if sees {
				services = append(services, e.State.Listed.Entry)
			}
			for _, p := range s.Places {
				places = append(places, p.Document["id"].(string))
			}
		}
		slices.Sort(places)
		found[fmt.Sprint("services/", i)], found[fmt.Sprint("organizations/", i)], found[fmt.Sprint("places/", i)] = services, organizations, places
	}
	return found
}

// Whatever comes in whatever order: the shelf is what a restart makes of the
// journal, its lists are what a walk finds, and it lists nothing that is hidden.
func TestTheShelfFollows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLibrary(t)
		now := l.all(t)
		if d := cmp.Diff(openLibrary(t, l.journal).all(t), now); d != "" {
			t.Fatalf("after a restart: %s", d)
		}
		for list, walked := range l.walked(t) {
			if d := cmp.Diff(walked, now[list]); d != "" {
				t.Fatalf("%s: %s", list, d)
			}
		}
		hiddenPlaces(t, l, now)
	})
}

// someLibrary is a directory to which anything may have happened.
func someLibrary(t *rapid.T) *library {
	l := openLibrary(t, &recordtest.Journal{})
	small := rapid.IntRange(0, 2)
	visibility := rapid.SampledFrom(code.Visibilities)
	maybe := rapid.SampledFrom(append([]code.Visibility{"", ""}, code.Visibilities...))
	kind := rapid.SampledFrom([]code.Service{code.SafeHouse, code.HealthMedical, code.Food})
	agency := func() string { return fmt.Sprint("agency-", small.Draw(t, "agency")) }
	for n := range 3 {
		l.hand(t, organizationOf(n, agency(), visibility.Draw(t, "v")), locationOf(n, maybe.Draw(t, "v")))
	}
	for range rapid.IntRange(1, 25).Draw(t, "steps") {
		switch rapid.IntRange(0, 5).Draw(t, "step") {
		case 0:
			l.hand(t, organizationOf(small.Draw(t, "n"), agency(), visibility.Draw(t, "v")))
		case 1:
			l.hand(t, locationOf(small.Draw(t, "n"), maybe.Draw(t, "v")))
		case 2, 3:
			at := rapid.SliceOfNDistinct(small, 0, 3, rapid.ID).Draw(t, "at")
			l.hand(t, serviceOf(rapid.IntRange(0, 4).Draw(t, "n"), small.Draw(t, "o"), kind.Draw(t, "kind"), maybe.Draw(t, "v"), at...))
		case 4:
			l.register(t, agency(), kind.Draw(t, "kind"), code.Education)
		case 5:
			name := agency()
			l.do(t, func(ctx context.Context, _ fact.By) error {
				_, err := l.Agencies.Execute(ctx, name, func(a domain.Agency, by fact.By) ([]fact.Event, error) {
					if !a.Exists() {
						return nil, nil
					}
					return a.Suspend(by, domain.Suspend{})
				})
				return err
			})
		}
	}
	return l
}

// hiddenPlaces holds every place against what a caseworker of an agency that is
// none of these reads in the directory.
func hiddenPlaces(t *rapid.T, l *library, found map[string]any) {
	r := l.read(context.Background(), fact.By{Agency: "stranger"})
	for _, v := range found {
		o, ok := v.(match.Place)
		if !ok || o.Listing == "" {
			continue
		}
		e, _ := l.Services.Held(o.Listing)
		s, sees, err := r.service(e.State)
		if err != nil || !sees {
			t.Fatalf("a service that is hidden is listed: %+v %v", o, err)
		}
		shown := slices.ContainsFunc(s.Places, func(p domain.ShownPlace) bool { return p.Location != nil && p.Location.Listed.Entry == o.Location })
		if (o.Location != "" || o.Point != nil) && !shown {
			t.Fatalf("a place that is hidden is told: %+v", o)
		}
	}
}
