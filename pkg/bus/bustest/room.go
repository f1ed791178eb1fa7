package bustest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/bus"
)

// What stays in the room is on no stream: not when it is said, not after a restart, not
// when the bus is healed, and not when the open records are kept on it. Nothing waits
// for it, and no comparison misses it.
func testStaysInTheRoom(t *testing.T, srv Server) {
	noted := func(worker string) fact.Data {
		return intakev1.WorkerNoted{Worker: staff.Worker{ID: fact.ID("worker", worker), Agency: "alpha", Turn: 1}}
	}
	l := newLedger()
	s := l.runs(t, srv, "intake")
	lies := func(when string, want ...string) {
		t.Helper()
		s.level(t)
		if diff := cmp.Diff(want, places(once(t, srv, "*"))); diff != "" {
			t.Errorf("%s, events (-want +there):\n%s", when, diff)
		}
		if n := s.pending(t); n > 0 {
			t.Errorf("%s, %v commits wait", when, n)
		}
	}
	// Alone, before and behind what is told, and first in a commit with it.
	l.say(s, "worker_1", noted("1"))
	l.say(s, "case_1", caseOpened("1"))
	l.say(s, "worker_1", noted("1"))
	l.say(s, "case_2", noted("2"), caseOpened("2"))
	lies("as it is said", "case_1/1/0", "case_2/1/1")
	if copies := ids(t, srv, bus.Agencies, ">"); len(copies) > 0 {
		t.Errorf("agencies are told: %v", copies)
	}
	at := s.Bus.Positions()
	s.Stop()

	for name, j := range map[string]*Journal{"all": l.Journal, "nothing": NewJournal()} {
		var want []string
		if name == "nothing" {
			want = []string{"case_1/1/0", "case_2/1/1"}
		}
		ahead, _ := compared(t, srv, "intake", j, bus.Positions{})
		var got []string
		for _, id := range ahead {
			got = append(got, place(id.String()))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("a journal with %s, ahead of it (-want +got):\n%s", name, diff)
		}
	}
	if ahead, _ := compared(t, srv, "intake", l.Journal, at); len(ahead) > 0 {
		t.Errorf("ahead of the checkpoint: %v", ahead)
	}

	// Appended, and the process died before it was offered.
	l.Append("worker_2", noted("2"))
	s = l.runs(t, srv, "intake")
	lies("after a restart", "case_1/1/0", "case_2/1/1")
	s.Stop()

	srv.Stop(t)
	srv.Restore(t) // an empty store
	srv.Start(t)
	s = l.runs(t, srv, "intake")
	lies("healed", "case_1/1/0", "case_2/1/1")
	s.Stop()

	l.shift = 100 * day
	s = l.runs(t, srv, "intake")
	kept(t, srv, s, "case_1", "case_2")
	lies("kept on the bus", "case_1/1/0", "case_2/1/1")
	if taken := takeOut(t, s, silent(), l.now()); taken.Held != 0 {
		t.Errorf("%d records hold the steward up", taken.Held)
	}
}
