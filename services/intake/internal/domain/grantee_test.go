package domain

import (
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/intake/internal/grants"
)

// grant tells a case that the grant of the lawyers is suspended, or goes on.
func (d *desk) grant(t tb, suspended bool, turn int) []fact.Event {
	t.Helper()
	g := grants.Grant{GrantNoted: intakev1.GrantNoted{Grant: "grant_1", Agency: legal, Suspended: suspended, Turn: turn}}
	return d.must(t)(do(d, func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.OnGrant(by, g, basis) }, struct{}{}))
}

func granteeDue(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.GranteeDue(by) }

func wants(a code.GranteeAnswer) AskedGrantee { return AskedGrantee{Agency: legal, Answer: a} }

// A suspended grant is a question to her and nothing else: no referral moves, and no consent ends.
// It waits for who has the case, and for the whole desk once nobody asked her in time.
func TestASuspendedGrantIsAQuestionToHer(t *testing.T) {
	d, id, _ := helped(t)
	before := d.state.Referrals
	if events := d.grant(t, true, 2); len(events) != 2 {
		t.Fatalf("%v", events)
	}
	if again := d.grant(t, true, 2); len(again) > 0 {
		t.Errorf("told twice: %v", again)
	}
	if !slices.Contains(d.state.Content(d.by()).(View).Attention, code.GranteeToAsk) || slices.Contains(d.state.Waits(), code.GranteeUnasked) {
		t.Error("it does not wait for who has the case alone")
	}
	events, err := do(d, granteeDue, struct{}{})
	refused(t, events, err, ErrNotDue)
	d.now = d.state.Grantees[0].Until
	if late := d.must(t)(do(d, granteeDue, struct{}{})); len(late) != 2 || !slices.Contains(d.state.Waits(), code.GranteeUnasked) {
		t.Errorf("nobody of the desk learns that it is late: %v", late)
	}
	d.must(t)(do(d, Case.AskedGrantee, wants(code.WantsAnother)))
	d.must(t)(do(d, Case.AskedGrantee, wants(code.StaysWithWorker)))
	if all, _ := d.state.granteesWaiting(); len(all) > 0 || d.state.Grantees[0].Answer != code.StaysWithWorker {
		t.Errorf("%+v", d.state.Grantees)
	}
	if f := d.state.Referrals[find(d.state.Referrals, id)]; f.Status != before[find(before, id)].Status || !d.state.Consents[0].InForce(d.now) {
		t.Errorf("something moved: %+v", f)
	}
	d.grant(t, false, 3)
	if asked := d.grant(t, true, 4); len(asked) != 2 {
		t.Errorf("a second suspension is not asked about: %v", asked)
	}
}

// What is in force again, ended, or helps her no more is nothing to ask her.
func TestAQuestionAboutAGrantGoes(t *testing.T) {
	d, id, _ := helped(t)
	events, err := do(d, Case.AskedGrantee, wants(code.WantsAnother))
	refused(t, events, err, ErrGrantee, "/agency")
	d.grant(t, true, 2)
	d.grant(t, false, 3)
	if all, _ := d.state.granteesWaiting(); len(all) > 0 {
		t.Error("it waits after the grant goes on")
	}
	d.grant(t, true, 4)
	d.now = d.now.Add(time.Hour)
	d.must(t)(do(d, news[code.Completed], d.loop(id)))
	if all, _ := d.state.granteesWaiting(); len(all) > 0 {
		t.Error("it waits though the work has ended")
	}
	if _, waits := d.state.granteeUntil(); waits {
		t.Error("a clock runs for it")
	}
	other, _, _ := helped(t)
	g := grants.Grant{GrantNoted: intakev1.GrantNoted{Grant: "grant_2", Agency: "night-shelter", Suspended: true, Turn: 2}}
	if events, err := other.state.OnGrant(other.by(), g, basis); len(events) > 0 || err != nil {
		t.Errorf("asked about an agency that does not help her: %v, %v", events, err)
	}
}
