package domain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// forTalk is her yes to an agency for a conference.
func forTalk(to string, service code.Service, categories ...code.Category) GiveConsent {
	k := yes(to, service)
	k.Purpose, k.Categories = code.CaseConference, categories
	return k
}

func ruledBy[C any](decide func(Case, fact.By, C, Rules) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return Under(basis, decide)
}

func talk(d *desk, invited ...string) ProposeConference {
	return ProposeConference{ConferencePlan{
		At: d.now.AddDate(0, 0, 7), Form: code.ConferenceInPerson, Place: "room 4",
		Topics: []code.Topic{code.TopicDanger, code.TopicWhatHappened}, Invited: invited,
	}}
}

func invited(d *desk, agency, referral string, cmd AnswerConference) error {
	by, hands := d.from(agency)
	events, err := d.state.AnswerConference(by, referral, cmd, hands, basis)
	d.commit(events)
	return err
}

// conferring is a desk at which she agreed to a conference of her lawyer and her clinic.
func conferring(t tb) (d *desk, lawyers, clinics, id string) {
	t.Helper()
	d, lawyers, clinics = helped(t)
	d.must(t)(do(d, plain(Case.GiveConsent), forTalk(legal, code.LegalAssistance, code.SafetyNeeds, code.Incident)))
	d.must(t)(do(d, plain(Case.GiveConsent), forTalk(clinic, code.ForensicExam, code.SafetyNeeds, code.Incident)))
	d.must(t)(do(d, ruledBy(Case.ProposeConference), talk(d, lawyers, clinics)))
	id = d.state.Conferences[0].ID
	if p, _ := shareOf(t, d, legal, lawyers); len(p.Conferences) > 0 {
		t.Fatal("an agency learns of it before she agreed")
	}
	d.must(t)(do(d, ruledBy(Case.AgreeConference), AgreeConference{id, ConferenceYes{Agreed: code.Oral, SheAttends: code.Yes, Words: "secret wish"}}))
	return d, lawyers, clinics, id
}

// Who may not be there is refused at the field, and nothing is planned.
func TestAConferenceIsOnHerConsentToEach(t *testing.T) {
	d, lawyers, clinics := helped(t)
	events, err := do(d, ruledBy(Case.ProposeConference), talk(d, lawyers))
	refused(t, events, err, ErrConsentMissing, "/invited/0")
	d.must(t)(do(d, plain(Case.GiveConsent), forTalk(legal, code.LegalAssistance, code.SafetyNeeds)))
	events, err = do(d, ruledBy(Case.ProposeConference), talk(d, lawyers))
	refused(t, events, err, ErrConsentMissing, "/invited/0")
	d.must(t)(do(d, plain(Case.GiveConsent), forTalk(legal, code.LegalAssistance, code.SafetyNeeds, code.Incident)))
	events, err = do(d, ruledBy(Case.ProposeConference), talk(d, lawyers, clinics))
	refused(t, events, err, ErrConsentMissing, "/invited/1")
	events, err = do(d, ruledBy(Case.ProposeConference), talk(d, lawyers, lawyers))
	refused(t, events, err, ErrConference, "/invited/1")
	events, err = do(d, ruledBy(Case.ProposeConference), talk(d))
	refused(t, events, err, ErrConference, "/invited")
	late := talk(d, lawyers)
	late.At = d.now
	events, err = do(d, ruledBy(Case.ProposeConference), late)
	refused(t, events, err, ErrConference, "/at")
	d.must(t)(do(d, Case.TellTopic, TellTopic{Topic: code.TopicDanger, PassOn: code.No}))
	events, err = do(d, ruledBy(Case.ProposeConference), talk(d, lawyers))
	refused(t, events, err, ErrConference, "/may_be_said/0")
	d.must(t)(do(d, Case.TellTopic, TellTopic{Topic: code.TopicDanger, PassOn: code.Yes}))
	blocked := d.state
	blocked.Blocks = &Blocks{Agencies: []string{legal}}
	events, err = blocked.ProposeConference(d.by(), talk(d, lawyers), basis)
	refused(t, events, err, ErrBlocked, "/invited/0")
	d.must(t)(do(d, ruledBy(Case.ProposeConference), talk(d, lawyers)))
	events, err = do(d, ruledBy(Case.ProposeConference), talk(d, lawyers))
	refused(t, events, err, ErrConferenceOpen)
	if !errors.Is(d.state.waits(), ErrOpenReferrals) {
		t.Fatal(d.state.waits())
	}
}

// A day after its time a conference waits for the whole desk, once, until somebody writes down
// whether it took place; one to which she never agreed, too.
func TestAConferenceThatIsOverWaitsForTheDesk(t *testing.T) {
	over := map[string]func(d *desk, id string) ([]fact.Event, error){
		"held": func(d *desk, id string) ([]fact.Event, error) {
			return do(d, Case.HoldConference, HoldConference{Conference: id, ConferenceOutcome: ConferenceOutcome{SheAttended: code.No}})
		},
		"called off": func(d *desk, id string) ([]fact.Event, error) {
			return do(d, Case.CallOffConference, CallOffConference{Conference: id, Reason: code.ConferenceCallOffs[len(code.ConferenceCallOffs)-1]})
		},
	}
	for how, end := range over {
		t.Run(how, func(t *testing.T) {
			d, _, _, id := conferring(t)
			day := d.state.Conferences[0].At.Add(24 * time.Hour)
			runs := func() bool {
				return slices.ContainsFunc(d.state.Deadlines(), func(l fact.Deadline) bool { return l.Name == ConferenceDeadline && l.At.Equal(day) })
			}
			if _, err := d.state.ConferenceDue(d.by()); !runs() || !errors.Is(err, ErrNotDue) {
				t.Fatalf("before its day: %v", err)
			}
			d.now = day
			events, err := d.state.ConferenceDue(d.by())
			d.must(t)(events, err)
			if !rings(events, d.state.Agency) {
				t.Error("nobody of the desk is told that something waits")
			}
			d.commit(events)
			if !slices.Contains(d.state.Waits(), code.ConferenceDue) || runs() || len(ByAttention.Keys(d.state)) == 0 {
				t.Fatalf("it waits for nobody: %v", d.state.Waits())
			}
			if again, err := d.state.ConferenceDue(d.by()); err != nil || len(again) > 0 {
				t.Fatalf("said twice: %v %v", again, err)
			}
			d.must(t)(end(d, id))
			if slices.Contains(d.state.Waits(), code.ConferenceDue) || d.state.Conferences[0].OutcomeDue {
				t.Error("it waits although it was said")
			}
		})
	}
}

// What is agreed at a conference is a part of the action plan, and each agency reads its own.
func TestWhatAConferenceAgreesOnIsInThePlan(t *testing.T) {
	d, lawyers, clinics, id := conferring(t)
	if err := invited(d, legal, lawyers, AnswerConference{id, code.ConferenceAttends}); err != nil {
		t.Fatal(err)
	}
	events, err := do(d, Case.HoldConference, HoldConference{id, ConferenceOutcome{SheAttended: code.Yes}})
	refused(t, events, err, ErrConference, "/conference")
	events, err = do(d, Case.SetGoal, SetGoal{Area: code.GoalSafety, Conference: id})
	refused(t, events, err, ErrConference, "/conference")
	d.now = d.now.AddDate(0, 0, 7)
	d.must(t)(do(d, Case.HoldConference, HoldConference{id, ConferenceOutcome{Attended: []string{lawyers}, SheAttended: code.Yes, Word: "secret word"}}))
	d.must(t)(do(d, Case.SetGoal, SetGoal{Area: code.GoalSafety, Conference: id}))
	d.must(t)(do(d, Case.SetStep, SetStep{Goal: d.state.ActionPlan.Goals[0].ID, Who: code.DoneByAgency, Referral: lawyers, What: "an order", Conference: id}))
	if p, _ := shareOf(t, d, legal, lawyers); len(p.Steps) != 1 || p.Conferences[0].Status != code.ConferenceHeld || p.Conferences[0].Answer != code.ConferenceAttends {
		t.Errorf("%+v", p)
	}
	if p, _ := shareOf(t, d, clinic, clinics); len(p.Steps) != 0 || p.Conferences[0].Answer != "" {
		t.Errorf("the clinic sees what is the lawyer's: %+v", p)
	}
}

// While her contact is closed nobody reads where she will be.
func TestAConferenceAtWhichSheIsIsAnAddress(t *testing.T) {
	d, lawyers, _, _ := conferring(t)
	d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
	if p, _ := shareOf(t, d, legal, lawyers); len(p.Conferences) > 0 {
		t.Errorf("%+v", p)
	}
}

// Whatever happens, in whatever order: an agency is shown a conference only after her yes and
// while her consent to it holds, and of what may be said only what that consent covers; none
// is held without her yes; two are never planned at once; and nothing of what she said, and of
// who else is invited, is shown.
func TestAConferenceKeepsToHerYes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, lawyers, clinics := helped(t)
		agencies := map[string]string{legal: lawyers, clinic: clinics}
		service := map[string]code.Service{legal: code.LegalAssistance, clinic: code.ForensicExam}
		one := func() string {
			if n := len(d.state.Conferences); n > 0 {
				return d.state.Conferences[rapid.IntRange(0, n-1).Draw(t, "which")].ID
			}
			return "conf_none"
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			agency := rapid.SampledFrom([]string{legal, clinic}).Draw(t, "agency")
			switch rapid.IntRange(0, 8).Draw(t, "what") {
			case 0, 1:
				_, _ = do(d, plain(Case.GiveConsent), forTalk(agency, service[agency], code.SafetyNeeds, code.Incident))
			case 2:
				_, _ = do(d, ruledBy(Case.ProposeConference), talk(d, agencies[agency]))
			case 3:
				_, _ = do(d, ruledBy(Case.AgreeConference), AgreeConference{one(), ConferenceYes{Agreed: code.Oral, SheAttends: code.No, Words: "secret wish"}})
			case 4:
				_ = invited(d, agency, agencies[agency], AnswerConference{one(), rapid.SampledFrom(code.ConferenceAnswers).Draw(t, "answer")})
			case 5:
				_, _ = do(d, Case.HoldConference, HoldConference{one(), ConferenceOutcome{SheAttended: code.No, Word: "secret word"}})
			case 6:
				_, _ = do(d, Case.CallOffConference, CallOffConference{one(), code.ConferenceNotSafe})
			case 7:
				_, _ = do(d, Case.RefuseConsent, RefuseConsent{Recipient: agency, Service: service[agency], Purpose: code.CaseConference})
			case 8:
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "days")) * 24 * time.Hour)
			}
			planned := 0
			for _, k := range d.state.Conferences {
				if k.Status == code.ConferenceProposed || k.Status == code.ConferenceAgreed {
					planned++
				}
				if k.Status == code.ConferenceHeld && k.Yes == nil {
					t.Fatal("held without her yes")
				}
			}
			if planned > 1 {
				t.Fatal("two are planned")
			}
			for agency, referral := range agencies {
				p, ok := shareOf(t, d, agency, referral)
				if !ok {
					continue
				}
				holds := slices.ContainsFunc(d.state.Consents, func(k Consent) bool {
					return k.InForce(d.now) && k.covers(agency, service[agency], code.CaseConference)
				})
				for _, s := range p.Conferences {
					k, _ := d.state.conference(s.ID, code.ConferenceStatuses...)
					if !holds || k.Yes == nil || !slices.Contains(k.Invited, referral) {
						t.Fatalf("%s sees %+v", agency, s)
					}
				}
				if strings.Contains(fmt.Sprintf("%+v", p), "secret") {
					t.Fatalf("%+v", p)
				}
			}
		}
	})
}

// Where two cases are one person's, nothing of what is planned moves: each goes on with its
// plan, its agencies and its conference, and an unmerge finds each as it was.
func TestAMergedCaseGoesOnWithWhatIsPlanned(t *testing.T) {
	d, lawyers, _, id := conferring(t)
	before, _ := shareOf(t, d, legal, lawyers)
	d.state.Into = fact.ID("case", "older")
	if err := invited(d, legal, lawyers, AnswerConference{id, code.ConferenceAttends}); err != nil {
		t.Fatal(err)
	}
	d.must(t)(do(d, Case.SetGoal, SetGoal{Area: code.GoalSafety}))
	d.must(t)(do(d, Case.SetStep, SetStep{Goal: d.state.ActionPlan.Goals[0].ID, Who: code.DoneByAgency, Referral: lawyers, What: "an order"}))
	if p, _ := shareOf(t, d, legal, lawyers); len(p.Steps) != 1 || len(p.Conferences) != len(before.Conferences) {
		t.Errorf("%+v", p)
	}
	d.must(t)(do(d, Case.Unmerge, Unmerge{}))
	if d.state.Into != "" || len(d.state.ActionPlan.Goals) != 1 || len(d.state.Conferences) != 1 {
		t.Errorf("%+v", d.state.ActionPlan)
	}
	d.must(t)(do(d, Case.CallOffConference, CallOffConference{id, code.ConferenceAnotherTime}))
}
