package record_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// unsure is a journal that stores what it says is not known to be stored.
type unsure struct {
	*recordtest.Journal
	lost bool
}

func (j *unsure) Append(ctx context.Context, c *journal.Commit) error {
	if err := j.Journal.Append(ctx, c); err != nil || !j.lost {
		return err
	}
	return journal.ErrUnavailable
}

// What this process appended, and was told that nobody knows what became of it, a
// decision sees all the same. An answer may not.
func TestFreshSeesWhatNobodyKnowsToBeStored(t *testing.T) {
	kept := &recordtest.Journal{}
	f := openFiles(t, tampered{Journal: kept})
	j := &unsure{Journal: kept, lost: true}
	g := openFilesOn(t, j)
	for _, id := range []string{"file_1", "file_2"} {
		if _, err := g.rs.Execute(somebody(t, id), id, addTo); !errors.Is(err, journal.ErrUnavailable) {
			t.Fatal(err)
		}
		if seen, _ := g.rs.Get(t.Context(), id); seen.Version != 0 {
			t.Fatalf("the image has version %d", seen.Version)
		}
	}
	if one, err := g.rs.Fresh(t.Context(), "1"); err != nil || one.Value().N != 1 {
		t.Errorf("by its identifier: %+v, %v", one.Value(), err)
	}
	all, err := g.rs.FreshIn(t.Context(), dossiers.Of("a"))
	if err != nil || !slices.Equal(all.Value(), []string{"file_1", "file_2"}) {
		t.Errorf("in the list: %v, %v", all.Value(), err)
	}
	// Another process knows of it by what the journal shows.
	kept.Beside = true
	if all, err = f.rs.FreshIn(t.Context(), dossiers.Of("a")); err != nil || len(all.Value()) != 2 {
		t.Errorf("another process finds %v, %v", all.Value(), err)
	}
}

// When it cannot be known who writes, nothing is fresh.
func TestNothingIsFreshWhenTheJournalIsAway(t *testing.T) {
	g := openFilesOn(t, away{&recordtest.Journal{}})
	if _, err := g.rs.Fresh(t.Context(), "1"); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("by its identifier: %v", err)
	}
	if _, err := g.rs.FreshIn(t.Context(), dossiers.Of("a")); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("in the list: %v", err)
	}
}

type away struct{ *recordtest.Journal }

func (away) Sole(context.Context) (bool, error) { return false, journal.ErrUnavailable }
