package bustest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"github.com/sanad-network/sanad/api/event/keep"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
)

func none(string) bool { return false }

// letters are the dead letters of a service for which gone does not hold.
func letters(t testing.TB, s *Service, gone func(string) bool) []bus.Letter {
	t.Helper()
	list, more, err := s.Bus.Letters(t.Context(), 100, gone)
	if err != nil || more {
		t.Fatalf("more %t, %v", more, err)
	}
	return list
}

// A dead letter that is replayed passes the judge and the endpoint once more. What
// is refused again is a letter again, with its count.
func testLettersAreReplayed(t *testing.T, srv Server) {
	const record = "case_01jrd2k9m4qf8w1x5c3b6h0tz7"
	in := start(t, srv, "intake", NewJournal())
	var got log
	var refuses atomic.Bool
	refuses.Store(true)
	out := start(t, srv, "legal-aid", NewJournal(), on(func(_ context.Context, d bus.Delivery) error {
		got.add(d.ID)
		if refuses.Load() {
			return fault.New(fault.Conflict, "not_yet", "")
		}
		return nil
	}))
	in.Publish(record, caseOpened(record))
	deadLetters(t, srv, 1)
	settled(t, out, "legal-aid")

	first := letters(t, out, none)
	if len(first) != 1 || first[0].Record != record || first[0].Event != opened || first[0].Code != "not_yet" || first[0].Attempts != 1 || first[0].Replays != 0 {
		t.Fatalf("%+v", first)
	}
	if code, err := out.Bus.Replay(t.Context(), first[0].ID); err != nil || code != "not_yet" {
		t.Fatalf("replayed: %q, %v", code, err)
	}
	second := letters(t, out, func(id string) bool { return id == first[0].ID })
	if len(second) != 1 || second[0].Attempts != 2 || second[0].Replays != 1 || second[0].Record != record {
		t.Fatalf("refused again: %+v", second)
	}
	refuses.Store(false)
	if code, err := out.Bus.Replay(t.Context(), second[0].ID); err != nil || code != "" {
		t.Errorf("once nothing refuses it: %q, %v", code, err)
	}
	if ids := got.lines(); len(ids) != 3 || ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("the endpoint got %v, want the same event three times", ids)
	}
	if n := len(letters(t, out, none)); n != 2 {
		t.Errorf("%d letters, want 2: what was taken is none", n)
	}
}

// Of a letter nothing is shown that its sender chose freely, the letters of another
// service are not one's own, and what was no event is refused again.
func testLettersShowNoData(t *testing.T, srv Server) {
	const canary = "Canary"
	in := start(t, srv, "intake", NewJournal())
	out := start(t, srv, "legal-aid", NewJournal(), on(func(context.Context, bus.Delivery) error { return nil }))
	msg := &nats.Msg{Subject: event.SubjectOf(opened, canary), Data: []byte(`{"canary":"` + canary + `"}`), Header: nats.Header{
		"ce-type": {canary}, "ce-id": {canary}, nats.MsgIdHdr: {canary}, bus.HeaderReplays: {"7"}, bus.HeaderReason: {canary},
	}}
	if _, err := as(t, srv, "intake").PublishMsg(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
	deadLetters(t, srv, 1)
	list := letters(t, out, none)
	want := []bus.Letter{{Event: "unknown", Code: "malformed_event", Attempts: 1, Keep: keep.NotUnderstood}}
	shown := slices.Clone(list)
	for i := range shown {
		if strings.Contains(shown[i].ID, canary) {
			t.Errorf("the name is %s", shown[i].ID)
		}
		shown[i].ID, shown[i].At = "", want[0].At
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Fatal(diff)
	}
	if code, err := out.Bus.Replay(t.Context(), list[0].ID); err != nil || code != "malformed_event" {
		t.Errorf("replayed: %q, %v", code, err)
	}
	if others := letters(t, in, none); len(others) != 0 {
		t.Errorf("intake has %+v", others)
	}
	for _, id := range []string{
		"", "legal-aid", "legal-aid.", "legal-aid.0.00000000", "legal-aid.1.00000000", "legal-aid.99.00000000",
		"legal-aid.-1.x", "intake" + strings.TrimPrefix(list[0].ID, "legal-aid"), list[0].ID + ".", canary,
	} {
		if _, err := out.Bus.Letter(t.Context(), id); !errors.Is(err, bus.ErrNoLetter) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := out.Bus.Replay(t.Context(), id); !errors.Is(err, bus.ErrNoLetter) {
			t.Errorf("%q is replayed: %v", id, err)
		}
	}
	if _, more, err := out.Bus.Letters(t.Context(), 1, none); err != nil || !more {
		t.Errorf("of two letters one is listed, and more is %t: %v", more, err)
	}
}
