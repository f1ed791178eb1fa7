package domain

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// assigned is what the network tells when an agency gives a referral to one of its people.
func (d *desk) assigned(referral, subject string, turn int, after time.Duration) referralv1.Assigned {
	l := d.loop(referral)
	l.Turn = turn
	return referralv1.Assigned{Loop: l, Worker: worker.ID(l.Recipient, subject), At: noon.Add(after)}
}

// as is a person of an agency.
func (d *desk) as(agency, subject string) fact.By {
	by := d.by()
	by.Agency, by.Principal = agency, subject
	return by
}

// A referral that nobody has is for each who may ask. From its assignment on, at whatever
// stage, it is for the worker alone; nobody is shown again what was shown before.
func TestAnAssignedReferralIsForItsWorker(t *testing.T) {
	for _, status := range []code.ReferralStatus{code.Received, code.Accepted, code.Scheduled, code.InService, code.CancellationRequested} {
		t.Run(string(status), func(t *testing.T) {
			d, id := referred(t, code.Categories...)
			d.must(t)(do(d, news[status], d.loop(id)))
			ana, eva := d.as(legal, "ana"), d.as(legal, "eva")
			for _, by := range []fact.By{ana, eva} {
				if events := d.must(t)(discloseTo(d, by, id, nil)); len(events) == 0 {
					t.Errorf("nobody has it, and %s is shown nothing", by.Principal)
				}
			}
			d.must(t)(do(d, Case.OnAssigned, d.assigned(id, "ana", 1, 0)))
			d.must(t)(discloseTo(d, ana, id, nil))
			events, err := discloseTo(d, eva, id, nil)
			refused(t, events, err, work.ErrNotTheWorker)
			d.must(t)(do(d, Case.OnAssigned, d.assigned(id, "eva", 1, time.Minute)))
			events, err = discloseTo(d, ana, id, nil)
			refused(t, events, err, work.ErrNotTheWorker)
			d.must(t)(discloseTo(d, eva, id, nil))
		})
	}
}

// An agency to which nothing is known of the referral is not told that somebody has it.
func TestNotTheWorkerIsSaidToColleaguesOnly(t *testing.T) {
	d, id := accepted(t)
	d.must(t)(do(d, Case.OnAssigned, d.assigned(id, "ana", 1, 0)))
	for _, who := range []string{clinic, agency} {
		if events, err := discloseTo(d, d.as(who, "ana"), id, nil); err != nil || len(events) > 0 {
			t.Errorf("%s: %v, %v", who, events, err)
		}
	}
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
	if events, err := discloseTo(d, d.as(legal, "eva"), id, nil); err != nil || len(events) > 0 {
		t.Errorf("after her no: %v, %v", events, err)
	}
}

func TestKeeps(t *testing.T) {
	ana, eva := worker.ID(legal, "ana"), worker.ID(legal, "eva")
	here := func(w staff.Worker) worker.Present {
		w.Agency = legal
		return worker.Present{Worker: w}
	}
	none, away := worker.Present{}, noon.Add(time.Hour)
	for name, c := range map[string]struct {
		by       string
		me, them worker.Present
		want     bool
	}{
		"the worker":                             {"ana", here(staff.Worker{ID: ana}), here(staff.Worker{ID: ana}), true},
		"the worker, away":                       {"ana", here(staff.Worker{ID: ana, AbsentUntil: away}), here(staff.Worker{ID: ana, AbsentUntil: away}), true},
		"the worker, who left":                   {"ana", here(staff.Worker{ID: ana, Left: true}), here(staff.Worker{ID: ana, Left: true}), false},
		"the worker, whom the copy has not yet":  {"ana", none, none, true},
		"a colleague of whom the copy has not":   {"eva", here(staff.Worker{ID: eva}), none, false},
		"a colleague":                            {"eva", here(staff.Worker{ID: eva}), here(staff.Worker{ID: ana}), false},
		"who covers, while the worker works":     {"eva", here(staff.Worker{ID: eva}), here(staff.Worker{ID: ana, Cover: eva}), false},
		"who covers":                             {"eva", here(staff.Worker{ID: eva}), here(staff.Worker{ID: ana, Cover: eva, AbsentUntil: away}), true},
		"who covers for who left":                {"eva", here(staff.Worker{ID: eva}), here(staff.Worker{ID: ana, Cover: eva, Left: true}), true},
		"who covered, and left":                  {"eva", here(staff.Worker{ID: eva, Left: true}), here(staff.Worker{ID: ana, Cover: eva, Left: true}), false},
		"somebody of that name at another place": {"ana", none, here(staff.Worker{ID: ana}), false},
	} {
		by := fact.By{Principal: c.by, Agency: legal, At: noon}
		if strings.HasPrefix(name, "somebody") {
			by.Agency = clinic
		}
		if got := Keeps(ana, by, c.me, c.them); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// What was looked up counts for the worker who has the referral when it is decided.
func TestALookAtAnotherWorkerDecidesNothing(t *testing.T) {
	d, id := accepted(t)
	ana := d.as(legal, "ana")
	broken := errors.New("the register cannot be read")
	for name, h := range map[string]work.Hands{
		"nobody had it":       {},
		"another one had it":  {Worker: worker.ID(legal, "eva"), Act: look.Made(true)},
		"they do not act":     {Worker: worker.ID(legal, "ana"), Act: look.Made(false)},
		"nothing can be read": {Worker: worker.ID(legal, "ana"), Err: broken, Act: look.Made(true)},
	} {
		d.must(t)(do(d, Case.OnAssigned, d.assigned(id, "ana", 1, 0)))
		events, err := d.state.Disclose(ana, Disclose{Referral: id}, h, basis)
		want := error(work.ErrNotTheWorker)
		if h.Err != nil {
			want = broken
		}
		if len(events) > 0 || !errors.Is(err, want) {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
}

// Assignments arrive in any order, early, late and twice, among all that is told of the
// referral: the one that work counts as the latest has it.
func TestWhoHasItHasNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type piece struct {
			status code.ReferralStatus
			e      referralv1.Assigned
		}
		base := requested(t)
		id := base.state.Referrals[0].ID
		var facts []piece
		var want work.Assignee
		for range rapid.IntRange(1, 5).Draw(t, "assignments") {
			e := base.assigned(id, rapid.SampledFrom([]string{"ana", "eva", "ida"}).Draw(t, "to"),
				rapid.IntRange(0, 2).Draw(t, "turn"), time.Duration(rapid.IntRange(0, 2).Draw(t, "after"))*time.Minute)
			if rapid.IntRange(0, 5).Draw(t, "before there was a register") == 0 {
				e.Worker = ""
			}
			facts = append(facts, piece{e: e})
			if want.Assigns(e) {
				want = work.Assignee{Worker: e.Worker, AssignedTurn: e.Turn, AssignedAt: e.At}
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "news") {
			facts = append(facts, piece{status: rapid.SampledFrom(slices.Sorted(maps.Keys(news))).Draw(t, "status")})
		}
		var ends []Case
		for _, label := range []string{"one order", "another order"} {
			d := requested(t)
			for _, p := range rapid.Permutation(append(facts, facts...)).Draw(t, label) {
				if p.status != "" {
					d.must(t)(do(d, news[p.status], d.loop(id)))
					continue
				}
				d.must(t)(do(d, Case.OnAssigned, p.e))
			}
			ends = append(ends, d.state)
		}
		if diff := cmp.Diff(ends[0], ends[1]); diff != "" {
			t.Fatalf("the order made a difference:\n%s", diff)
		}
		if diff := cmp.Diff(want, ends[0].Referrals[0].Hand.Assignee); diff != "" {
			t.Fatalf("who has it (-want +got):\n%s", diff)
		}
	})
}

// An assignment that does not agree with the request changes nothing; one of before there
// was a register names nobody.
func TestAnAssignmentAgrees(t *testing.T) {
	d, id := accepted(t)
	for lie, of := range lies {
		e := d.assigned(id, "ana", 9, 0)
		of(&e.Loop)
		if events, err := do(d, Case.OnAssigned, e); !errors.Is(err, agree.Err) || len(events) > 0 {
			t.Errorf("another %s: %v, %v", lie, events, err)
		}
	}
	e := d.assigned(id, "ana", 9, 0)
	e.Worker = ""
	if events, err := do(d, Case.OnAssigned, e); err != nil || len(events) > 0 || d.state.HandOf(d.as(legal, "ana"), id) != "" {
		t.Errorf("of before there was a register: %v, %v", events, err)
	}
}

// An assignment that comes before the acceptance is kept, and keeps no other candidate from
// its own check.
func TestAnAssignmentBeforeItsAcceptance(t *testing.T) {
	d, id := broadcast(t)
	e := d.assigned(id, "ana", 2, 0)
	e.Recipient, e.Worker = other, worker.ID(other, "ana")
	d.must(t)(do(d, Case.OnAssigned, e))
	if has := d.state.HandOf(d.as(legal, "bob"), id); has != "" {
		t.Errorf("at another agency %s has it", has)
	}
	events, err := discloseTo(d, d.as(legal, "bob"), id, nil)
	refused(t, events, err, ErrTooEarly)
	d.must(t)(said{code.Accepted, other, 2}.about(d, id))
	events, err = discloseTo(d, d.as(other, "bob"), id, nil)
	refused(t, events, err, work.ErrNotTheWorker)
	d.must(t)(discloseTo(d, d.as(other, "ana"), id, nil))
}

// Who has a referral at its agency is not for her desk: not in the case, and not on its
// timeline.
func TestTheDeskIsNotToldWhoHasIt(t *testing.T) {
	d, id := accepted(t)
	e := d.assigned(id, "ana", 1, 0)
	d.must(t)(do(d, Case.OnAssigned, e))
	for name, v := range map[string]any{"frame": d.state.View(d.by()), "content": d.state.Content(d.by())} {
		if b, err := json.Marshal(v); err != nil || strings.Contains(string(b), e.Worker) {
			t.Errorf("the %s says who has it: %s %v", name, b, err)
		}
	}
	if said := Say(intakev1.ReferralAssigned{Referral: id, Worker: e.Worker}); said != (Said{}) {
		t.Errorf("the timeline says %+v", said)
	}
}
