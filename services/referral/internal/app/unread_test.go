package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
)

// unread is a journal of which one stream cannot be read from a version on.
type unread struct {
	*recordtest.Journal
	stream  string
	version uint64
}

// Replay visits the one commit as what it is.
func (j unread) Replay(ctx context.Context, visit func(*journal.Commit) error, progress func(done, total int64)) error {
	return j.Journal.Replay(ctx, func(c *journal.Commit) error {
		if c.Stream == j.stream && c.Version == j.version {
			c = &journal.Commit{Stream: c.Stream, Version: c.Version, Broken: journal.ReasonUnreadable}
		}
		return visit(c)
	}, progress)
}

// visible is everything that anybody is told of: entries on lists, services with
// their organizations, places of services, and what is offered at which place. What
// an agency registered is not among it: the network knows that from the agency.
func (l *library) visible(t failer) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for _, kind := range code.Services {
		offers, err := l.Directory.Offers(context.Background(), "GT", kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offers {
			if o.Listing == "" {
				continue
			}
			seen[fmt.Sprint("offered ", kind, " of ", o.Agency, " by ", o.Listing)] = true
			if o.Location != "" || o.Point != nil {
				seen[fmt.Sprint("offered at ", o.Listing, " ", o.Location)] = true
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
				for _, c := range page.(directory.Page).Contents {
					seen[fmt.Sprint(i, " ", name, " ", c["id"], query)] = true
				}
			}
		}
		for _, stream := range l.Locations.Find("by_organization") {
			if e, ok := l.Locations.Held(stream); ok && r.seesLocation(e.State) {
				seen[fmt.Sprint(i, " location ", stream)] = true
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
			l.book.Quarantine(c.Stream, c.Version, journal.ReasonUnreadable)
		} else {
			after = openLibraryOn(t, unread{l.journal, c.Stream, c.Version})
			// What was visible before the broken commit may be shown by nobody either.
		}
		for what := range after.visible(t) {
			if !before[what] {
				t.Fatalf("%s/%d cannot be read, and this is told: %s", c.Stream, c.Version, what)
			}
		}
		if l := after; !slices.ContainsFunc([]error{
			second(l.Organizations.Get(context.Background(), c.Stream)), second(l.Services.Get(context.Background(), c.Stream)),
			second(l.Locations.Get(context.Background(), c.Stream)), second(l.Agencies.Get(context.Background(), c.Stream)),
		}, func(err error) bool { return errors.Is(err, record.ErrQuarantined) }) {
			t.Fatal("it is not set aside")
		}
	})
}

func second[T any](_ T, err error) error { return err }
