package record_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// noted is an event with a private half and a code.
type noted struct {
	Service code.Service `json:"service"`
}

func (noted) EventType() string { return "counting.noted.v1" }

type note struct {
	Text string `json:"text"`
}

type forgotten struct{}

func (forgotten) EventType() string { return "counting.forgotten.v1" }

// What the journal could not give back is refused before it is appended, however
// the change is asked for: nothing is stored, shown or told on, and the next
// command finds the record as it was, here and after a start.
func TestNothingIsAppendedThatCannotBeRead(t *testing.T) {
	good := fact.Event{Data: noted{code.Police}, Private: note{"text"}}
	for name, c := range map[string]struct {
		bad fact.Event
		// outside says that only what came from outside is read back.
		outside bool
	}{
		"unknown to the catalogue":  {fact.Event{Data: forgotten{}}, false},
		"a half of another type":    {fact.Event{Data: noted{code.Police}, Private: map[string]string{"canary": "canary"}}, false},
		"a pointer for a half":      {fact.Event{Data: noted{code.Police}, Private: &note{"canary"}}, false},
		"text that is no UTF-8":     {fact.Event{Data: noted{code.Police}, Private: note{"canary\xff"}}, false},
		"a code that is missing":    {fact.Event{Data: noted{}, Private: note{"canary"}}, true},
		"a code that is on no list": {fact.Event{Data: noted{"canary"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			j := &recordtest.Journal{}
			offered := 0
			open := func() (*record.Book, *record.Records[counted]) {
				b := record.NewBook(event.NewCatalogue(event.Private[noted, note]()), time0)
				rs := record.New[counted](b, "counted")
				if err := b.Open(t.Context(), j, func(*journal.Commit) { offered++ }, func(string, []fact.Deadline) {}, nil); err != nil {
					t.Fatal(err)
				}
				return b, rs
			}
			b, rs := open()
			person := record.With(t.Context(), record.Command{Op: "x", By: fact.By{Principal: "p", Agency: "a"}})
			network := record.With(t.Context(), record.Command{Op: "x"})
			who := map[string]context.Context{"a person": person, "the network": network}
			if c.outside {
				delete(who, "the network")
			}
			deciding := func(events ...fact.Event) record.Decide[counted] {
				return func(counted, fact.By) ([]fact.Event, error) { return events, nil }
			}
			refused := func(id, way string, do func(context.Context, string, record.Decide[counted]) (record.Result[counted], error)) {
				t.Helper()
				before, err := rs.Get(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				for whose, ctx := range who {
					_, err := do(ctx, id, deciding(good, c.bad))
					f := fault.Of(err)
					if f.Kind != fault.Internal || f.Code != "event_unrecordable" || f.Current != nil {
						t.Errorf("%s by %s: %v", way, whose, err)
					}
					// The operators read the type, and nobody a value.
					if err == nil || !strings.Contains(err.Error(), c.bad.Data.EventType()) || strings.Contains(err.Error(), "canary") {
						t.Errorf("%s by %s says %v", way, whose, err)
					}
				}
				after, err := rs.Get(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("%s changed the image: %s", way, diff)
				}
			}
			refused("counted_1", "execute", rs.Execute)
			refused("counted_1", "create", rs.Create)
			refused("counted_1", "put", rs.Put)
			if offered != 0 || b.Len()["counted"] != 0 {
				t.Errorf("%d commits were offered, %d records are there", offered, b.Len()["counted"])
			}
			if res, err := rs.Create(person, "counted_1", deciding(good)); err != nil || res.Version != 1 {
				t.Fatalf("afterwards: %+v, %v", res, err)
			}
			refused("counted_1", "change", rs.Change)
			_, rs = open()
			if res, err := rs.Get(t.Context(), "counted_1"); err != nil || res.Version != 1 || res.State.N != 1 {
				t.Errorf("after a start: %+v, %v", res, err)
			}
		})
	}
}

// A book whose catalogue reads back does so for the network as well.
func TestInTestsEverythingIsReadBack(t *testing.T) {
	b := record.NewBook(event.NewCatalogue(event.Private[noted, note]()).ReadingBack(), time0)
	rs := record.New[counted](b, "counted")
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	_, err := rs.Execute(record.With(t.Context(), record.Command{Op: "x"}), "counted_1", func(counted, fact.By) ([]fact.Event, error) {
		return fact.Of(noted{}), nil
	})
	if _, ok := errors.AsType[*event.UnrecordableError](err); !ok {
		t.Errorf("%v", err)
	}
}
