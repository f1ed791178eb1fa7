package service

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

type noted struct{}

func (noted) EventType() string { return "note.noted.v1" }

// note counts what happened to it.
type note int

func (n note) Evolve(fact.Event) note   { return n + 1 }
func (note) Case() string               { return "" }
func (note) Visible(fact.By) bool       { return true }
func (note) Closed() bool               { return false }
func (note) Deadlines() []fact.Deadline { return nil }
func (n note) View(fact.By) any         { return int(n) }

// A request that the release before took, and that comes again after the upgrade, is
// answered and not done twice. That release knew it by its bytes. Nobody else's is.
func TestARequestIsKnownAcrossTheUpgrade(t *testing.T) {
	start := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	b := record.NewBook(event.NewCatalogue(event.Type[noted]()), func() time.Time { return start })
	rs := record.New[note](b, "note")
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	serve := as(&Unit{clock: func() time.Time { return start }}, "addNote", func(ctx context.Context, _ fact.By, _ edge.Request[nothing]) (edge.Response, error) {
		res, err := rs.Put(ctx, "note_1", func(note, fact.By) ([]fact.Event, error) { return fact.Of(noted{}), nil })
		return edge.Response{Body: int(res.State)}, err
	})
	ctx := identity.With(t.Context(), identity.Principal{Subject: "p", Agency: "a"})
	const key = "0190f3a0-7c1b-7000-8000-0123456789ab"
	if a, err := serve(ctx, edge.Request[nothing]{Key: key, Digest: []byte("bytes")}); err != nil || a.Body != 1 {
		t.Fatal(a, err)
	}
	if a, err := serve(ctx, edge.Request[nothing]{Key: key, Digest: []byte("meaning"), Earlier: []byte("bytes")}); err != nil || a.Body != 1 {
		t.Errorf("again: %v %v", a, err)
	}
	if _, err := serve(ctx, edge.Request[nothing]{Key: key, Digest: []byte("meaning"), Earlier: []byte("other bytes")}); !errors.Is(err, record.ErrKeyReused) {
		t.Errorf("another: %v", err)
	}
}
