package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// lead hands out the work of the recipient.
var lead = fact.By{Principal: "head", Agency: counsel, Roles: []string{"focal_point"}, At: answered.At}

// assigns has a focal point assign a worker; whoever else acts keeps their part.
func assigns(seen worker.Seen, subject string) wish {
	return func(r Referral, by fact.By) ([]fact.Event, error) {
		by.Roles = append(slices.Clip(by.Roles), "focal_point")
		return r.Assign(by, Assign{Worker: subject}, seen)
	}
}

// staffed is a register of people who work at the recipient.
func staffed(subjects ...string) worker.Seen {
	all := map[string]worker.Present{}
	for _, subject := range subjects {
		all[subject] = worker.Present{Worker: staff.Worker{ID: worker.ID(counsel, subject), Agency: counsel, Turn: 1}}
	}
	return worker.Seen{Staff: look.Made(worker.Staff{Of: all})}
}

// saying is a register on which something else is said of one.
func saying(seen worker.Seen, subject string, change func(*staff.Worker)) worker.Seen {
	p := seen.Staff.Value().Of[subject]
	change(&p.Worker)
	seen.Staff.Value().Of[subject] = p
	return seen
}

func TestAssign(t *testing.T) {
	unread := errors.New("the register cannot be read")
	accepted := in(t, code.Accepted)
	due := accepted.contactBy()
	if due.IsZero() {
		t.Fatal("nothing is due, and absences cannot be tried")
	}
	lawyer := fact.By{Principal: "ana", Agency: counsel, Roles: []string{"lawyer"}, At: answered.At}
	away := func(until time.Time, cover string) func(*staff.Worker) {
		return func(w *staff.Worker) {
			w.AbsentUntil = until
			if cover != "" {
				w.Cover = worker.ID(counsel, cover)
			}
		}
	}
	left := func(w *staff.Worker) { w.Left = true }
	scheduled := accepted
	scheduled.Status, scheduled.Appointment = code.Scheduled, due.Add(48*time.Hour)
	late := lead
	late.At = due.Add(time.Hour)
	with := func(hand string) Referral {
		r := accepted
		r.Hands = []Hand{{Worker: hand, ID: worker.ID(counsel, hand)}}
		return r
	}
	const none = ""
	for name, c := range map[string]struct {
		r    Referral
		by   fact.By
		who  string
		seen worker.Seen
		want string
		err  error
		near []string
	}{
		"a colleague":                     {accepted, lead, "ana", staffed("ana"), "ana", nil, nil},
		"handed over":                     {with("eva"), lead, "ana", staffed("ana", "eva"), "ana", nil, nil},
		"the same again":                  {with("ana"), lead, "ana", staffed("ana"), none, nil, nil},
		"misspelt":                        {accepted, lead, "anna", staffed("ana", "eva"), none, worker.ErrUnknown, []string{"ana"}},
		"nobody like it":                  {accepted, lead, "somebody-else", staffed("ana"), none, worker.ErrUnknown, []string{}},
		"has left":                        {accepted, lead, "ana", saying(staffed("ana", "anna"), "ana", left), none, worker.ErrUnknown, []string{"anna"}},
		"has it, and has left":            {with("ana"), lead, "ana", saying(staffed("ana"), "ana", left), none, worker.ErrUnknown, []string{}},
		"the register cannot be read":     {accepted, lead, "ana", worker.Seen{Err: unread}, none, unread, nil},
		"away, and back when it is due":   {accepted, lead, "ana", saying(staffed("ana"), "ana", away(due, "")), "ana", nil, nil},
		"away past the deadline":          {accepted, lead, "ana", saying(staffed("ana"), "ana", away(due.Add(1), "")), none, ErrWorkerAbsent, nil},
		"away past it, and covered":       {accepted, lead, "ana", saying(staffed("ana", "eva"), "ana", away(due.Add(1), "eva")), "ana", nil, nil},
		"covered by who is away, too":     {accepted, lead, "ana", saying(saying(staffed("ana", "eva"), "ana", away(due.Add(1), "eva")), "eva", away(due.Add(1), "")), none, ErrWorkerAbsent, nil},
		"covered by who has left":         {accepted, lead, "ana", saying(saying(staffed("ana", "eva"), "ana", away(due.Add(1), "eva")), "eva", left), none, ErrWorkerAbsent, nil},
		"away until before the visit":     {scheduled, lead, "ana", saying(staffed("ana"), "ana", away(due.Add(time.Hour), "")), "ana", nil, nil},
		"away now, and the time is over":  {accepted, late, "ana", saying(staffed("ana"), "ana", away(late.At.Add(1), "")), none, ErrWorkerAbsent, nil},
		"herself":                         {accepted, lawyer, "ana", staffed("ana"), "ana", nil, nil},
		"herself, who has it":             {with("ana"), lawyer, "ana", staffed("ana"), none, nil, nil},
		"herself, what another one has":   {with("eva"), lawyer, "ana", staffed("ana", "eva"), none, ErrOthersAssign, nil},
		"another one, without the role":   {accepted, lawyer, "eva", staffed("ana", "eva"), none, ErrOthersAssign, nil},
		"herself, who is not registered":  {accepted, lawyer, "ana", staffed("eva"), none, worker.ErrUnknown, nil},
		"nobody named":                    {accepted, lead, "", staffed("ana"), none, ErrWorker, nil},
		"by the sender's people":          {accepted, fact.By{Principal: "x", Agency: police, Roles: []string{"focal_point"}, At: answered.At}, "ana", staffed("ana"), none, ErrNotTheRecipient, nil},
		"before it is answered":           {requested(t), lead, "ana", saying(staffed("ana"), "ana", away(requested(t).Policy.RespondBy, "")), "ana", nil, nil},
		"before, and away when it is due": {requested(t), lead, "ana", saying(staffed("ana"), "ana", away(requested(t).Policy.RespondBy.Add(1), "")), none, ErrWorkerAbsent, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.r.Assign(c.by, Assign{Worker: c.who}, c.seen)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("refused with %v, want %v", err, c.err)
			}
			var want []fact.Event
			if c.want != none {
				id := worker.ID(counsel, c.want)
				want = fact.With(referralv1.Assigned{Loop: c.r.Loop, Worker: id, At: c.by.At}, Hand{Worker: c.want, ID: id})
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("events (-want +got):\n%s", d)
			}
			if f := fault.Of(err); c.near != nil {
				if d := cmp.Diff(c.near, f.Near); d != "" {
					t.Errorf("near (-want +got):\n%s", d)
				}
			}
		})
	}
}

// Who was assigned before there was a register is assigned once more, so that the
// rooms can learn who it is.
func TestAssignedBeforeTheRegister(t *testing.T) {
	r := in(t, code.Accepted)
	r = r.Evolve(fact.Event{Data: referralv1.Assigned{Loop: r.Loop}, Private: Hand{Worker: "ana"}, At: later})
	events := decided(t)(r.Assign(lead, Assign{Worker: "ana"}, staffed("ana")))
	if len(events) != 1 || !strings.HasPrefix(events[0].Data.(referralv1.Assigned).Worker, "worker_") {
		t.Errorf("%v", events)
	}
}

// A lawyer leaves. Her dates and duties in what has ended pass to a colleague, as long as
// her agency had taken it. What no worker of the agency ever had is nobody's to hand over.
func TestWhatHasEndedIsHandedOver(t *testing.T) {
	left := saying(staffed("ana", "eva"), "ana", func(w *staff.Worker) { w.Left = true })
	for _, s := range []code.ReferralStatus{code.Lapsed, code.Withdrawn, code.Completed, code.Cancelled} {
		r := in(t, s)
		r.Appointment, r.Hands = r.EndedAt.AddDate(1, 0, 0), []Hand{{Worker: "ana", ID: worker.ID(counsel, "ana")}}
		by := lead
		by.At = r.EndedAt.Add(time.Hour)
		if _, err := r.Assign(by, Assign{Worker: "ana"}, left); !errors.Is(err, worker.ErrUnknown) {
			t.Errorf("%s, to her who has left: %v", s, err)
		}
		got := fold(r, by.At, decided(t)(r.Assign(by, Assign{Worker: "eva"}, left)))
		if h := got.hand(); h.Worker != "eva" || got.Status != s || len(got.Hands) != 2 {
			t.Errorf("%s: %+v has it, of %d, and it is %s", s, h, len(got.Hands), got.Status)
		}
		if v := got.View(by).(ReferralView); len(v.Hands) != 2 || v.Case != "" || v.Sender != "" {
			t.Errorf("%s: the agency is shown %+v", s, v)
		}
		if v := got.View(asked).(ReferralView); len(v.Hands) != 0 {
			t.Errorf("%s: the sender is shown %+v", s, v.Hands)
		}
		// An appointment that is no more keeps nobody: whoever is there now can take it.
		back := saying(staffed("eva"), "eva", func(w *staff.Worker) { w.AbsentUntil = by.At.Add(time.Hour) })
		if _, err := r.Assign(by, Assign{Worker: "eva"}, back); !errors.Is(err, ErrWorkerAbsent) {
			t.Errorf("%s, to her who is away: %v", s, err)
		}
	}
	for name, r := range map[string]Referral{
		"called off before an answer": fold(requested(t), later, first(t)(requested(t).Cancel(asked, Cancel{Reason: code.NoLongerNeeded}))),
		"withdrawn before an answer":  fold(requested(t), later, first(t)(requested(t).ConsentEnds("cons_1"))),
		"declined":                    in(t, code.Declined),
		"entered in error":            in(t, code.EnteredInError),
	} {
		if _, err := r.Assign(lead, Assign{Worker: "ana"}, staffed("ana")); !errors.Is(err, ErrNotOpen) {
			t.Errorf("%s: %v", name, err)
		}
		if v := r.View(lead).(ReferralView); len(v.Hands) != 0 {
			t.Errorf("%s: shown %+v", name, v.Hands)
		}
	}
}

func decided(t *testing.T) func([]fact.Event, error) []fact.Event {
	return func(events []fact.Event, err error) []fact.Event {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
}
