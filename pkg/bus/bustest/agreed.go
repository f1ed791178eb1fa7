package bustest

import (
	"errors"
	"testing"

	"github.com/sanad-network/sanad/pkg/bus"
)

// A bus that held events before there were modes is a live one: what is on it is real, and
// never becomes a training. One that holds nothing may be either.
func testUnmarkedIsLive(t *testing.T, srv Server) {
	s := start(t, srv, "intake", NewJournal())
	agree := func(rules string, want error) {
		t.Helper()
		if err := bus.Agree(t.Context(), s.JS, rules); !errors.Is(err, want) {
			t.Errorf("agreed on %s: %v, want %v", rules, err, want)
		}
	}
	s.Publish("case_1", caseOpened("case_1"))
	everything(t, srv, s, "intake")
	for _, m := range read(t, srv, bus.Events, "sanad.events.>") {
		if m.header.Get("ce-mode") != "" {
			t.Errorf("%s is marked", m.subject)
		}
	}
	agree("training a", bus.ErrMode)
	agree("live a", nil)
	agree("live b", nil)
	agree("training b", bus.ErrMode)
}

// Each message of a training says that nothing in it is real, also what an agency gets.
func testTrainingIsMarked(t *testing.T, srv Server) {
	s := start(t, srv, "referral", NewJournal(), func(s *settings) { s.Agreed = "training a" })
	for _, rules := range []string{"live a", "training a"} {
		if err := bus.Agree(t.Context(), s.JS, rules); err != nil {
			t.Fatalf("nothing has happened yet, and %s is refused: %v", rules, err)
		}
	}
	s.Publish("agency_alpha", registered("alpha", true))
	s.Publish("ref_1", accepted("ref_1"))
	everything(t, srv, s, "referral")
	all := append(read(t, srv, bus.Events, "sanad.events.>"), read(t, srv, bus.Agencies, "sanad.agencies.>")...)
	if len(all) < 2 {
		t.Fatalf("%d messages", len(all))
	}
	for _, m := range all {
		if m.header.Get("ce-mode") != "training" {
			t.Errorf("%s is not marked", m.subject)
		}
	}
}
