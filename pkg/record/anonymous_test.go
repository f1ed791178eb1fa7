package record_test

import (
	"context"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
)

// open is a record that everybody sees, so that nothing else stands in the way.
type open struct{}

func (open) Evolve(fact.Event) open     { return open{} }
func (open) Case() string               { return "" }
func (open) Visible(fact.By) bool       { return true }
func (open) Closed() bool               { return false }
func (open) Deadlines() []fact.Deadline { return nil }
func (open) View(fact.By) any           { return nil }

// Whoever is anonymous changes nothing, in whichever way a change is asked for;
// nor does a context that forgot to say who acts, which must not read as the
// network itself.
func TestNobodyChangesAnything(t *testing.T) {
	rs := record.New[open](record.NewBook(event.NewCatalogue(), time.Now), "open")
	decide := func(open, fact.By) ([]fact.Event, error) {
		t.Error("a decision was asked for")
		return nil, nil
	}
	for name, ctx := range map[string]context.Context{
		"anonymous":  record.With(t.Context(), record.Command{Op: "x", Cause: "y", By: fact.By{Principal: fact.Anonymous}}),
		"no command": t.Context(),
	} {
		for way, do := range map[string]func(context.Context, string, record.Decide[open]) (record.Result[open], error){
			"execute": rs.Execute, "create": rs.Create, "put": rs.Put, "change": rs.Change,
		} {
			if _, err := do(ctx, "open_1", decide); err == nil {
				t.Errorf("%s, %s: done", name, way)
			}
		}
	}
}
