package domain

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const agency = "haya-centre"

var (
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	head = fact.By{Principal: "head", Agency: agency, Roles: []string{"supervisor"}, At: noon}
	ana  = worker.ID(agency, "ana")
	eva  = worker.ID(agency, "eva")
	// eva and ana are there, ida has left.
	known = worker.Seen{Staff: look.Made(worker.Staff{Of: map[string]worker.Present{
		"eva": {Worker: staff.Worker{ID: eva, Agency: agency, Turn: 1}},
		"ana": {Worker: staff.Worker{ID: ana, Agency: agency, Turn: 1}},
		"ida": {Worker: staff.Worker{ID: worker.ID(agency, "ida"), Agency: agency, Turn: 2, Left: true}},
	}})}
	errUnread = errors.New("the register cannot be read")
	unread    = worker.Seen{Err: errUnread}
)

type step func(Worker, fact.By) ([]fact.Event, error)

func registers(cmd Register, seen worker.Seen) step {
	cmd.Agency, cmd.Subject = agency, "ana"
	return func(w Worker, by fact.By) ([]fact.Event, error) { return w.Register(by, cmd, seen) }
}

func absent(cmd Absent, seen worker.Seen) step {
	return func(w Worker, by fact.By) ([]fact.Event, error) { return w.GoAbsent(by, cmd, seen) }
}

func back(w Worker, by fact.By) ([]fact.Event, error)  { return w.Back(by, Back{}) }
func leave(w Worker, by fact.By) ([]fact.Event, error) { return w.Leave(by, Leave{}) }

func fold(w Worker, events []fact.Event) Worker {
	for _, e := range events {
		w = w.Evolve(e)
	}
	return w
}

func TestRules(t *testing.T) {
	register := registers(Register{}, known)
	covered := registers(Register{Cover: "eva"}, known)
	away := absent(Absent{Until: noon.Add(time.Hour), Cover: "eva"}, known)
	says := func(turn int, is staff.Worker, p Person) []fact.Event {
		is.ID, is.Agency, is.Turn, p.Subject = ana, agency, turn, "ana"
		return fact.With(referralv1.WorkerChanged{Worker: is}, p)
	}
	for name, c := range map[string]struct {
		given []step
		when  step
		by    *fact.By
		want  []fact.Event
		err   error
	}{
		"registered":                   {when: register, want: says(1, staff.Worker{}, Person{})},
		"registered with cover":        {when: covered, want: says(1, staff.Worker{Cover: eva}, Person{CoverSubject: "eva"})},
		"registered again":             {given: []step{covered}, when: covered},
		"no cover any more":            {given: []step{covered}, when: register, want: says(2, staff.Worker{}, Person{})},
		"a cover for who is away":      {given: []step{away0(known)}, when: covered, want: says(3, staff.Worker{Cover: eva, AbsentUntil: noon.Add(time.Hour)}, Person{CoverSubject: "eva"})},
		"for another agency":           {when: register, by: &fact.By{Principal: "x", Agency: "other-centre", Roles: []string{"supervisor", "coordinator"}, At: noon}, err: ErrNotYourAgency},
		"covers for herself":           {when: registers(Register{Cover: "ana"}, known), err: ErrCover},
		"covered by nobody who exists": {when: registers(Register{Cover: "eve"}, known), err: worker.ErrUnknown},
		"covered by one who has left":  {when: registers(Register{Cover: "ida"}, known), err: worker.ErrUnknown},
		"cover not known now":          {when: registers(Register{Cover: "eva"}, unread), err: errUnread},
		"no cover, register unread":    {when: registers(Register{}, unread), want: says(1, staff.Worker{}, Person{})},
		"left, and without a reason":   {given: []step{register, leave}, when: covered, err: ErrLeft},
		"left, and anew": {
			given: []step{covered, away, leave}, when: registers(Register{Reason: code.AnewReturned}, known),
			want: says(4, staff.Worker{}, Person{Anew: code.AnewReturned}),
		},

		"away":                       {given: []step{register}, when: away, want: says(2, staff.Worker{AbsentUntil: noon.Add(time.Hour), Cover: eva}, Person{CoverSubject: "eva"})},
		"away, the cover stays":      {given: []step{covered}, when: absent(Absent{Until: noon.Add(1)}, unread), want: says(2, staff.Worker{AbsentUntil: noon.Add(1), Cover: eva}, Person{CoverSubject: "eva"})},
		"away again the same":        {given: []step{register, away}, when: away},
		"away until now":             {given: []step{register}, when: absent(Absent{Until: noon}, known), err: ErrAbsence},
		"away, covered by herself":   {given: []step{register}, when: absent(Absent{Until: noon.Add(1), Cover: "ana"}, known), err: ErrCover},
		"away, covered by nobody":    {given: []step{register}, when: absent(Absent{Until: noon.Add(1), Cover: "eve"}, known), err: worker.ErrUnknown},
		"away, cover cannot be read": {given: []step{register}, when: absent(Absent{Until: noon.Add(1), Cover: "eva"}, unread), err: errUnread},
		"away after she left":        {given: []step{register, leave}, when: away, err: ErrLeft},

		"back":                {given: []step{register, away}, when: back, want: says(3, staff.Worker{Cover: eva}, Person{CoverSubject: "eva"})},
		"back, never away":    {given: []step{register}, when: back},
		"back after she left": {given: []step{register, leave}, when: back, err: ErrLeft},

		"left":                {given: []step{covered}, when: leave, want: says(2, staff.Worker{Left: true, Cover: eva}, Person{CoverSubject: "eva"})},
		"left while away":     {given: []step{register, away}, when: leave, want: says(3, staff.Worker{Left: true, Cover: eva}, Person{CoverSubject: "eva"})},
		"left and left again": {given: []step{register, leave}, when: leave},
	} {
		t.Run(name, func(t *testing.T) {
			var w Worker
			for _, s := range c.given {
				events, err := s(w, head)
				if err != nil {
					t.Fatal(err)
				}
				w = fold(w, events)
			}
			by := head
			if c.by != nil {
				by = *c.by
			}
			got, err := c.when(w, by)
			if !errors.Is(err, c.err) {
				t.Fatalf("refused with %v, want %v", err, c.err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("events (-want +got):\n%s", d)
			}
		})
	}
}

// away0 registers and notes an absence without a cover.
func away0(seen worker.Seen) step {
	return func(w Worker, by fact.By) ([]fact.Event, error) {
		first, err := registers(Register{}, seen)(w, by)
		if err != nil {
			return nil, err
		}
		second, err := absent(Absent{Until: noon.Add(time.Hour)}, seen)(fold(w, first), by)
		return append(first, second...), err
	}
}

// Each change says all that holds: who has only the last event knows as much as who
// has all. The public half never names the person.
func TestTheLastEventIsTheWhole(t *testing.T) {
	steps := []step{
		registers(Register{}, known), registers(Register{Cover: "eva"}, known), registers(Register{Reason: code.AnewLeftInError}, known),
		absent(Absent{Until: noon.Add(time.Hour)}, known), absent(Absent{Until: noon.Add(2 * time.Hour), Cover: "eva"}, known), back, leave,
	}
	rapid.Check(t, func(t *rapid.T) {
		w := fold(Worker{}, must(steps[0](Worker{}, head)))
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			events, err := rapid.SampledFrom(steps).Draw(t, "step")(w, head)
			if err != nil {
				if len(events) > 0 {
					t.Fatal("refused, and yet something happened")
				}
				continue
			}
			for _, e := range events {
				was := w.Turn
				w = w.Evolve(e)
				if w.Turn != was+1 {
					t.Fatalf("turn %d follows %d", w.Turn, was)
				}
				if d := cmp.Diff(w, Worker{}.Evolve(e)); d != "" {
					t.Fatalf("the last event alone gives another worker:\n%s", d)
				}
				public, _ := json.Marshal(e.Data)
				if strings.Contains(string(public), "ana") || strings.Contains(string(public), "eva") {
					t.Fatalf("the public half names somebody: %s", public)
				}
			}
			if w.Left && w.Works(noon.Add(100*time.Hour)) {
				t.Fatal("who has left works")
			}
		}
	})
}

func must(events []fact.Event, err error) []fact.Event {
	if err != nil {
		panic(err)
	}
	return events
}

// The agency sees its own workers, and nobody else's.
func TestWhoSeesAWorker(t *testing.T) {
	w := fold(Worker{}, must(registers(Register{Cover: "eva"}, known)(Worker{}, head)))
	w = fold(w, must(absent(Absent{Until: noon.Add(time.Hour)}, known)(w, head)))
	if !w.Visible(fact.By{Principal: "eva", Agency: agency}) {
		t.Error("a colleague does not see her")
	}
	for _, by := range []fact.By{{Principal: "x", Agency: "other-centre", Roles: []string{"coordinator"}}, {Principal: fact.Anonymous}} {
		if w.Visible(by) {
			t.Errorf("%+v sees her", by)
		}
	}
	if (Worker{}).Visible(fact.By{Principal: "x"}) {
		t.Error("somebody without an agency sees a worker of no agency")
	}
	want := WorkerView{Worker: ana, Agency: agency, Subject: "ana", Cover: "eva", AbsentUntil: noon.Add(time.Hour)}
	if d := cmp.Diff(want, w.View(head)); d != "" {
		t.Error(d)
	}
	late := head
	late.At = noon.Add(time.Hour)
	if v := w.View(late).(WorkerView); !v.AbsentUntil.IsZero() {
		t.Errorf("an absence that is over is shown: %s", v.AbsentUntil)
	}
}

func TestWorkers(t *testing.T) {
	here := fold(Worker{}, must(registers(Register{}, known)(Worker{}, head)))
	gone := fold(here, must(leave(here, head)))
	for query, want := range map[string][2]bool{"": {true, false}, "left=false": {true, false}, "left=true": {false, true}} {
		q, _ := url.ParseQuery(query)
		part, err := Workers(head, q)
		if err != nil || part.Holds(here) != want[0] || part.Holds(gone) != want[1] {
			t.Errorf("%q: %t %t %v", query, part.Holds(here), part.Holds(gone), err)
		}
	}
	if part, _ := Workers(fact.By{Agency: "other-centre"}, nil); part.Holds(here) {
		t.Error("another agency lists her")
	}
}
