package record_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// letter can be read when its desk has moved as often as the letter was written.
type letter struct{ N, Desk int }

func (l letter) Evolve(fact.Event) letter         { return letter{N: l.N + 1, Desk: l.Desk} }
func (letter) Case() string                       { return "" }
func (l letter) Visible(fact.By) bool             { return l.N <= l.Desk }
func (letter) Closed() bool                       { return false }
func (letter) Deadlines() []fact.Deadline         { return nil }
func (l letter) View(fact.By) any                 { return l }
func write(letter, fact.By) ([]fact.Event, error) { return fact.Of(oneMore{}), nil }

var letters = image.List[letter]{Keys: func(l letter) []string {
	if l.Desk > 0 {
		return []string{fact.Key("knows")}
	}
	return []string{fact.Key("all")}
}}

// mailroom is one process.
type mailroom struct {
	desks   *record.Records[dossier]
	letters *record.Records[letter]
}

// twoMailrooms write one journal.
func twoMailrooms(t *testing.T) (all [2]mailroom) {
	t.Helper()
	j := &recordtest.Journal{Beside: true}
	for i := range all {
		b := record.NewBook(event.NewCatalogue(event.Type[oneMore]()), time0)
		all[i].desks, all[i].letters = record.New(b, "desk", &dossiers), record.New(b, "letter", &letters)
		record.Knowing(all[i].letters, func(ctx context.Context, _ letter) (int, error) {
			desk, err := all[i].desks.Fresh(ctx, "d")
			return desk.Value().N, err
		}, func(l letter, desk int) letter {
			l.Desk = desk
			return l
		})
		if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// What a record knows of another is fresh wherever it is read or decided, also when another process has
// just changed the other one; and it is kept nowhere.
func TestARecordKnowsAnotherAsItIsNow(t *testing.T) {
	both := twoMailrooms(t)
	here, there := both[0].letters, both[1].desks
	seen, err := here.Execute(somebody(t, "1"), "l", write)
	if err != nil || seen.State != (letter{1, 0}) {
		t.Fatalf("begun as %+v, %v", seen.State, err)
	}
	if _, err := here.See(t.Context(), "l", fact.By{}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("it is read before its desk has moved: %v", err)
	}
	if _, err := here.Change(somebody(t, "2"), "l", write); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("it is changed before its desk has moved: %v", err)
	}
	if _, err := there.Execute(somebody(t, "3"), "d", addTo); err != nil {
		t.Fatal(err)
	}
	if read, err := here.See(t.Context(), "l", fact.By{}); err != nil || read.State != (letter{1, 1}) {
		t.Errorf("read as %+v, %v", read.State, err)
	}
	if is, err := here.Fresh(t.Context(), "l"); err != nil || is.Value() != (letter{1, 1}) {
		t.Errorf("a decision knows %+v, %v", is.Value(), err)
	}
	if page, _, err := here.Page(t.Context(), letters.Of("all"), "", 5); err != nil || len(page) != 1 || page[0].State != (letter{1, 1}) {
		t.Errorf("in a list: %+v, %v", page, err)
	}
	changed, err := here.Change(somebody(t, "4"), "l", func(l letter, by fact.By) ([]fact.Event, error) {
		if l.Desk != 1 {
			t.Errorf("decided on %+v", l)
		}
		return write(l, by)
	})
	if err != nil || changed.State != (letter{2, 1}) {
		t.Errorf("changed to %+v, %v", changed.State, err)
	}
	if held, _ := here.Held("l"); held.State != (letter{2, 0}) || here.Count(letters.Of("knows")) != 0 {
		t.Errorf("what it knows is kept: %+v", held.State)
	}
}

// A record of which nobody can say what it should know is shown to nobody, and nothing is decided on it.
func TestARecordThatCannotKnowIsNotRead(t *testing.T) {
	b := record.NewBook(event.NewCatalogue(event.Type[oneMore]()), time0)
	rs := record.New(b, "letter", &letters)
	broken := error(nil)
	record.Knowing(rs, func(context.Context, letter) (int, error) { return 9, broken }, func(l letter, desk int) letter {
		return letter{l.N, desk}
	})
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := rs.Execute(somebody(t, "1"), "l", write); err != nil {
		t.Fatal(err)
	}
	broken = journal.ErrUnavailable
	_, read := rs.See(t.Context(), "l", fact.By{})
	_, decided := rs.Fresh(t.Context(), "l")
	_, changed := rs.Change(somebody(t, "2"), "l", func(letter, fact.By) ([]fact.Event, error) {
		t.Error("it is decided")
		return nil, nil
	})
	for what, err := range map[string]error{"read": read, "looked at for a decision": decided, "changed": changed} {
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
