package domain

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

func sharing[C any](decide func(Case, fact.By, C) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return TellingShares(basis, decide)
}

// rung are the agencies that a commit says something waits for, in order.
func rung(events []fact.Event) (agencies []string) {
	for _, e := range events {
		if d, ok := e.Data.(intakev1.DeskAwaited); ok {
			agencies = append(agencies, d.Agency)
		}
	}
	slices.Sort(agencies)
	return agencies
}

// listed are the referrals in whose shares an agency finds something new.
func listed(d *desk, agency string) (referrals []string) {
	by, _ := d.from(agency)
	for _, s := range d.state.NewShares(by, basis) {
		referrals = append(referrals, s.Referral)
	}
	return referrals
}

// Who gets something new in its share is told once in the commit that put it there, and finds it on
// its list until it looks; nobody else is told, and nobody by what takes something away.
func TestAnAgencyIsToldThatSomethingIsNewInItsShare(t *testing.T) {
	step := func(referral string) SetStep {
		return SetStep{Who: code.DoneByAgency, Referral: referral, What: "an order"}
	}
	sets := func(cmd func(lawyers string) SetStep) func(*desk, string) ([]fact.Event, error) {
		return func(d *desk, lawyers string) ([]fact.Event, error) {
			set := cmd(lawyers)
			set.Goal = d.state.ActionPlan.Goals[0].ID
			return do(d, sharing(Case.SetStep), set)
		}
	}
	calls := func(d *desk, _ string) ([]fact.Event, error) {
		return do(d, sharing(Case.CallOffConference), CallOffConference{d.state.Conferences[0].ID, code.ConferenceAnotherTime})
	}
	agrees := func(d *desk, _ string) ([]fact.Event, error) {
		return do(d, sharing(ruledBy(Case.AgreeConference)), AgreeConference{d.state.Conferences[0].ID, ConferenceYes{Agreed: code.Oral, SheAttends: code.Yes}})
	}
	before := func(t *testing.T, steps ...func(*desk, string) ([]fact.Event, error)) (*desk, string) {
		t.Helper()
		d, lawyers, clinics := helped(t)
		d.must(t)(do(d, plain(Case.GiveConsent), forTalk(legal, code.LegalAssistance, code.SafetyNeeds, code.Incident)))
		d.must(t)(do(d, plain(Case.GiveConsent), forTalk(clinic, code.ForensicExam, code.SafetyNeeds, code.Incident)))
		d.must(t)(do(d, Case.SetGoal, SetGoal{Area: code.GoalSafety}))
		proposed := d.must(t)(do(d, sharing(ruledBy(Case.ProposeConference)), talk(d, lawyers, clinics)))
		if who := rung(proposed); len(who) > 0 {
			t.Fatalf("before she agreed %v are told", who)
		}
		for _, s := range steps {
			d.must(t)(s(d, lawyers))
		}
		for agency, referral := range map[string]string{legal: lawyers, clinic: clinics} {
			by, hands := d.from(agency)
			d.commit(d.must(t)(d.state.LookAtShare(by, referral, hands, basis)))
			if found := listed(d, agency); len(found) > 0 {
				t.Fatalf("%s looked, and still finds %v", agency, found)
			}
		}
		return d, lawyers
	}
	for name, c := range map[string]struct {
		before []func(*desk, string) ([]fact.Event, error)
		does   func(*desk, string) ([]fact.Event, error)
		want   []string
	}{
		"a step":                     {does: sets(step), want: []string{legal}},
		"a step of her own":          {does: sets(func(string) SetStep { return SetStep{Who: code.ByHerself, What: "call"} })},
		"she agrees to a conference": {does: agrees, want: []string{clinic, legal}},
		"it is called off":           {before: []func(*desk, string) ([]fact.Event, error){agrees}, does: calls, want: []string{clinic, legal}},
		"called off unseen":          {does: calls},
		"she agrees once more":       {before: []func(*desk, string) ([]fact.Event, error){agrees}, does: agrees},
		"a step is settled": {before: []func(*desk, string) ([]fact.Event, error){sets(step)}, does: func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, sharing(Case.SettleStep), SettleStep{Step: d.state.ActionPlan.Steps[0].ID, Status: code.StepDone})
		}, want: []string{legal}},
		"the plan is closed": {before: []func(*desk, string) ([]fact.Event, error){sets(step)}, does: func(d *desk, _ string) ([]fact.Event, error) {
			return do(d, sharing(Case.CloseActionPlan), CloseActionPlan{Reason: code.SheSaid})
		}},
		"she takes her yes to the conference back": {before: []func(*desk, string) ([]fact.Event, error){agrees}, does: func(d *desk, _ string) ([]fact.Event, error) {
			k := no(legal, code.LegalAssistance)
			k.Purpose = code.CaseConference
			return do(d, sharing(Case.RefuseConsent), k)
		}},
		"called off, after she took one yes back": {before: []func(*desk, string) ([]fact.Event, error){agrees, func(d *desk, _ string) ([]fact.Event, error) {
			k := no(legal, code.LegalAssistance)
			k.Purpose = code.CaseConference
			return do(d, Case.RefuseConsent, k)
		}}, does: calls, want: []string{clinic}},
		"a step, to whom her consent has ended": {does: func(d *desk, lawyers string) ([]fact.Event, error) {
			d.state.Consents = slices.Clone(d.state.Consents)
			for i, k := range d.state.Consents {
				if k.Recipient == legal {
					d.state.Consents[i].Status = code.ConsentWithdrawn
				}
			}
			return sets(step)(d, lawyers)
		}},
		"a step, to whom she must not meet": {does: func(d *desk, lawyers string) ([]fact.Event, error) {
			d.state.Blocks = &Blocks{Agencies: []string{legal}}
			return sets(step)(d, lawyers)
		}},
		"her contact is closed, and she attends": {does: func(d *desk, lawyers string) ([]fact.Event, error) {
			d.state.ContactClosed = d.now
			return agrees(d, lawyers)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d, lawyers := before(t, c.before...)
			events := d.must(t)(c.does(d, lawyers))
			if diff := cmp.Diff(c.want, rung(events)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			for _, agency := range []string{legal, clinic} {
				if found := listed(d, agency); len(found) > 0 != slices.Contains(c.want, agency) {
					t.Errorf("%s finds %v", agency, found)
				}
			}
			if keys := ByShare.Keys(d.state); len(keys) != len(c.want) {
				t.Errorf("%d agencies are on the list", len(keys))
			}
		})
	}
}

// An agency with two referrals of her is told once, and finds each alone.
func TestAnAgencyIsToldOnceInACommit(t *testing.T) {
	d, lawyers, _ := helped(t)
	cmd := yes(legal, code.FamilyMediation)
	cmd.Categories = code.Categories
	d.must(t)(do(d, plain(Case.GiveConsent), cmd))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.FamilyMediation))))
	second := d.state.Referrals[len(d.state.Referrals)-1].ID
	d.must(t)(do(d, news[code.Accepted], d.loop(second)))
	for _, service := range []code.Service{code.LegalAssistance, code.FamilyMediation} {
		d.must(t)(do(d, plain(Case.GiveConsent), forTalk(legal, service, code.SafetyNeeds, code.Incident)))
	}
	d.must(t)(do(d, ruledBy(Case.ProposeConference), talk(d, lawyers, second)))
	agreed := d.must(t)(do(d, sharing(ruledBy(Case.AgreeConference)), AgreeConference{d.state.Conferences[0].ID, ConferenceYes{Agreed: code.Oral, SheAttends: code.No}}))
	if diff := cmp.Diff([]string{legal}, rung(agreed)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{lawyers, second}, listed(d, legal)); diff != "" {
		t.Errorf("finds (-want +got):\n%s", diff)
	}
	by, hands := d.from(legal)
	d.commit(d.must(t)(d.state.LookAtShare(by, lawyers, hands, basis)))
	if diff := cmp.Diff([]string{second}, listed(d, legal)); diff != "" {
		t.Errorf("after a look it finds (-want +got):\n%s", diff)
	}
}
