package publication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// unread is a journal of which one record cannot be read from a version on.
type unread struct {
	*recordtest.Journal
	record  string
	version uint64
}

// Replay visits the one commit as what it is.
func (j unread) Replay(ctx context.Context, visit func(*journal.Commit) error, progress func(done, total int64)) error {
	return j.Journal.Replay(ctx, func(c *journal.Commit) error {
		if c.Record == j.record && c.Version == j.version {
			c = &journal.Commit{Record: c.Record, Version: c.Version, Broken: journal.ReasonUnreadable}
		}
		return visit(c)
	}, progress)
}

// visible is everything that anybody is told of: entries on lists, services with
// their organizations, places of services, and what is given at which place. What
// an agency registered is not among it: the network knows that from the agency.
func (l *library) visible(t failer) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for _, kind := range code.Services {
		for _, o := range l.Index.Of("GT", kind) {
			if o.Listing == "" {
				continue
			}
			seen[fmt.Sprint("listed ", kind, " of ", o.Agency, " by ", o.Listing)] = true
			if o.Location != "" || o.Point != nil {
				seen[fmt.Sprint("listed at ", o.Listing, " ", o.Location)] = true
			}
		}
	}
	for i, by := range readers {
		r := l.read(context.Background(), by)
		for _, query := range []string{"", "full=true", "minimal=true"} {
			q, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			services, err1 := l.ListServices(context.Background(), by, "", q)
			organizations, err2 := l.ListOrganizations(context.Background(), by, "", q)
			places, err3 := l.ListPlaces(context.Background(), by, "", q)
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			for name, page := range map[string]any{"service": services, "organization": organizations, "place": places} {
				for _, c := range page.(domain.Page).Contents {
					seen[fmt.Sprint(i, " ", name, " ", c["id"], query)] = true
				}
			}
		}
		for _, record := range l.Locations.Find(domain.ByOrganization.Of()) {
			if e, ok := l.Locations.Held(record); ok && r.seesLocation(e.State) {
				seen[fmt.Sprint(i, " location ", record)] = true
			}
		}
	}
	return seen
}

// Whichever record cannot be read, and from whichever commit on: nothing is told of
// the directory that was not told before, the rest is told, and the record itself
// answers that it is set aside.
func TestNothingBecomesVisibleBecauseItCannotBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := someLibrary(t)
		before := l.visible(t)
		var all []*journal.Commit
		if err := l.journal.Replay(context.Background(), func(c *journal.Commit) error { all = append(all, c); return nil }, nil); err != nil {
			t.Fatal(err)
		}
		c := rapid.SampledFrom(all).Draw(t, "commit")
		var after *library
		if rapid.Bool().Draw(t, "running") {
			after = l
			l.book.Quarantine(c.Record, c.Version, journal.ReasonUnreadable)
		} else {
			after = openLibraryOn(t, unread{l.journal, c.Record, c.Version})
		}
		for what := range after.visible(t) {
			if !before[what] {
				t.Fatalf("%s/%d cannot be read, and this is told: %s", c.Record, c.Version, what)
			}
		}
		if l := after; !slices.ContainsFunc([]error{
			second(l.Organizations.Get(context.Background(), c.Record)), second(l.Services.Get(context.Background(), c.Record)),
			second(l.Locations.Get(context.Background(), c.Record)), second(l.Agencies.Get(context.Background(), c.Record)),
		}, func(err error) bool { return errors.Is(err, record.ErrQuarantined) }) {
			t.Fatal("it is not set aside")
		}
	})
}

func second[T any](_ T, err error) error { return err }

// aside are the ways in which a record comes to be set aside: while the service runs,
// and at a start, where nothing of it was ever in a list.
func aside(t *testing.T, l *library, record string) map[string]*library {
	t.Helper()
	unlisted := openLibraryOn(t, unread{l.journal, record, 1})
	running := openLibrary(t, l.journal)
	running.book.Quarantine(record, 2, journal.ReasonUnreadable)
	return map[string]*library{"unlisted": unlisted, "running": running}
}

// What a record in quarantine listed is listed no more, whichever record it is.
func TestWhatIsSetAsideIsNotOffered(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic), locationOf(0, code.VisiblePublic))
	l.hand(t, serviceOf(0, 0, code.Food, code.VisiblePublic, 0))
	l.register(t, "agency-0", code.Food, code.Education)
	places := func(l *library, kind code.Service) (list []string) {
		for _, o := range l.Index.Of("GT", kind) {
			list = append(list, fmt.Sprint(o.Status, " listed ", o.Listing != "", " placed ", o.Location != "" || o.Point != nil))
		}
		return list
	}
	for record, want := range map[string]struct{ food, education []string }{
		"":                               {[]string{"active listed true placed true"}, []string{"active listed false placed false"}},
		"agency_agency-0":                {[]string{"suspended listed true placed true"}, nil},
		"org_" + id(kindOrganization, 0): {nil, []string{"active listed false placed false"}},
		"svc_" + id(kindService, 0):      {nil, []string{"active listed false placed false"}},
		"loc_" + id(kindLocation, 0):     {[]string{"active listed true placed false"}, []string{"active listed false placed false"}},
	} {
		ways := map[string]*library{"read": l}
		if record != "" {
			ways = aside(t, l, record)
		}
		for way, l := range ways {
			if d := cmp.Diff(want.education, places(l, code.Education)); d != "" {
				t.Errorf("%s, %s: education %s", record, way, d)
			}
			food := places(l, code.Food)
			if way == "unlisted" {
				// That its organization lists the kind is not known: the agency's own word stands.
				food = slices.DeleteFunc(food, func(o string) bool { return o == "active listed false placed false" })
			}
			if d := cmp.Diff(want.food, slices.Clip(food), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s, %s: food %s", record, way, d)
			}
		}
	}
}

// A place where a safe house is stays hidden while the safe house's record cannot be
// read, though another service there is public.
func TestAnUnreadSafeHouseHidesItsPlace(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic), organizationOf(1, "agency-1", code.VisiblePublic), locationOf(0, ""))
	l.hand(t, serviceOf(0, 0, code.Food, code.VisiblePublic, 0))
	l.hand(t, serviceOf(1, 1, code.SafeHouse, "", 0))
	for way, l := range aside(t, l, "svc_"+id(kindService, 1)) {
		place, err := l.Locations.Get(t.Context(), id(kindLocation, 0))
		if err != nil || place.State.Location == nil {
			t.Fatal(err)
		}
		for i, by := range readers {
			if l.read(t.Context(), by).seesLocation(place.State) {
				t.Errorf("%s: reader %d sees where it is", way, i)
			}
		}
		if slices.ContainsFunc(l.Index.Of("GT", code.Food), func(o *match.Place) bool { return o.Location != "" || o.Point != nil }) {
			t.Errorf("%s: it is listed with its place", way)
		}
		// Nor is the place listed anew by what is known now.
		in := app.Import{Documents: []json.RawMessage{json.RawMessage(locationOf(0, ""))}}
		by := coordinator(now)
		ctx := record.With(t.Context(), record.Command{Op: "test", By: by, Cause: "again"})
		if _, err := l.importer.Import(ctx, by, in); !errors.Is(err, record.ErrQuarantined) {
			t.Errorf("%s: an import says %v", way, err)
		}
	}
}

// The words of an organization may name a place that must not be told. While a place
// of its services cannot be read, nobody knows which those are, and it is not shown.
func TestWordsThatMayNameAPlaceAreKept(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic), organizationOf(1, "agency-1", code.VisiblePublic), locationOf(0, code.VisibleNobody))
	l.hand(t, serviceOf(0, 0, code.Food, code.VisiblePublic, 0), serviceOf(1, 0, code.Education, code.VisiblePublic))
	for way, l := range aside(t, l, "loc_"+id(kindLocation, 0)) {
		for name, read := range map[string]func(context.Context, fact.By, string, url.Values) (any, error){
			id(kindOrganization, 0): l.GetOrganization, id(kindService, 0): l.GetService, id(kindService, 1): l.GetService,
		} {
			if _, err := read(t.Context(), fact.By{}, name, nil); !errors.Is(err, record.ErrQuarantined) {
				t.Errorf("%s: %s says %v", way, name, err)
			}
		}
		page, err := l.ListOrganizations(t.Context(), fact.By{}, "", nil)
		if err != nil || len(page.(domain.Page).Contents) != 1 {
			t.Errorf("%s: the other organization is not listed: %v", way, err)
		}
	}
}
