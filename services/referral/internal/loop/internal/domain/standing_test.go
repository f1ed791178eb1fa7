package domain

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// soon is when the second consent of these tests runs out: before the first.
var soon = noon.AddDate(0, 1, 0)

func furtherOf(i int) intakev1.Further {
	return intakev1.Further{Consent: fmt.Sprintf("further_%d", i), Purpose: code.Prosecution, Expires: soon}
}

// onTwo is a request that stands on two consents, onTwoEach one to two agencies that
// are asked on two each.
func onTwo() intakev1.ServiceRequested {
	e := serviceRequested()
	e.Further = []intakev1.Further{furtherOf(0)}
	return e
}

func onTwoEach() intakev1.ServiceRequested {
	e := serviceRequested()
	e.Recipient, e.Consent, e.Categories, e.ConsentExpires, e.Mode = "", "", nil, time.Time{}, code.Broadcast
	for i := range 2 {
		c := candidateOf(i)
		c.Further = []intakev1.Further{furtherOf(i)}
		e.Candidates = append(e.Candidates, c)
	}
	return e
}

func made(t testing.TB, e intakev1.ServiceRequested) Referral {
	t.Helper()
	return fold(Referral{}, noon, first(t)(Referral{}.OnServiceRequested(system(noon), e, only(clinic()), shipped)))
}

// A referral needs each consent that it stands on: with any of them it ends, while
// it is asked for, when somebody has it, and behind its end.
func TestAReferralNeedsEachOfItsConsents(t *testing.T) {
	asked := made(t, onTwo())
	taken := fold(asked, later, first(t)(accepts(asked, answered)))
	done := fold(taken, later, first(t)(taken.Complete(answered, Complete{Outcome: code.NeedsMet})))
	for name, r := range map[string]Referral{"asked": asked, "taken": taken, "done": done} {
		for _, consent := range []string{"cons_1", "further_0"} {
			if !slices.Contains(ByConsent.Keys(r), fact.Key(consent)) {
				t.Errorf("%s, %s: it is not on the list", name, consent)
			}
			ended := intakev1.ConsentWithdrawn{Case: "case_1", Consent: consent, Recipient: counsel, Service: code.LegalAssistance}
			events := first(t)(r.OnConsentWithdrawn(system(later), ended))
			if got := consentIn(events); got != consent {
				t.Errorf("%s, %s: the end names %q", name, consent, got)
			}
			after := fold(r, later, events)
			if after.Holds() || name != "done" && after.Status != code.Withdrawn {
				t.Errorf("%s, %s: it is %s, and held: %t", name, consent, after.Status, after.Holds())
			}
			ended.Recipient = stranger
			if _, err := r.OnConsentWithdrawn(system(later), ended); !errors.Is(err, agree.Err) {
				t.Errorf("%s, %s of another agency: %v", name, consent, err)
			}
		}
		if events := first(t)(r.ConsentEnds("cons_other")); len(events) > 0 {
			t.Errorf("%s: another consent ends it", name)
		}
	}
}

func consentIn(events []fact.Event) string {
	for _, e := range events {
		switch d := e.Data.(type) {
		case referralv1.Withdrawn:
			return d.Consent
		case referralv1.Recalled:
			return d.Consent
		}
	}
	return ""
}

// The first consent that runs out is the end of what stands on it.
func TestTheFirstConsentThatRunsOut(t *testing.T) {
	r := made(t, onTwo())
	if !r.consentUntil().Equal(soon) {
		t.Fatalf("until %s", r.consentUntil())
	}
	refuses(t, ErrConsentExpired)(accepts(r, at(counsel, soon)))
	r = fold(r, later, first(t)(accepts(r, answered)))
	refuses(t, ErrAppointment)(r.Schedule(answered, Schedule{Appointment: soon}))
	if r = fold(r, soon, first(t)(r.ConsentDue(system(soon)))); r.Status != code.Lapsed {
		t.Errorf("it is %s", r.Status)
	}
}

// Nobody takes a referral of which one consent is known to have ended.
func TestNobodyTakesWhatLostOneConsent(t *testing.T) {
	for _, lost := range []string{"cons_1", "further_0"} {
		consents := func(id string) (look.Fresh[Consent], error) {
			c := Consent{}
			if id == lost {
				c = fold(c, later, first(t)(c.OnConsentWithdrawn(system(later), intakev1.ConsentWithdrawn{Case: "case_1", Consent: id})))
			}
			return look.Made(c), nil
		}
		refuses(t, ErrNotOpen)(made(t, onTwo()).Accept(answered, Accept{}, consents))
	}
}

// Of several agencies each stands on its own set, and takes it along.
func TestEachCandidateStandsOnItsOwn(t *testing.T) {
	r := made(t, onTwoEach())
	left := fold(r, later, first(t)(r.ConsentEnds("further_0")))
	if d := cmp.Diff([]string{"agency-1"}, left.Asked()); d != "" || left.Status != code.Requested {
		t.Errorf("it is %s, and asked are (-want +got):\n%s", left.Status, d)
	}
	taken := fold(left, later, first(t)(accepts(left, at("agency-1", later))))
	if d := cmp.Diff([]string{"cons_1", "further_1"}, taken.ConsentsOf("agency-1")); d != "" {
		t.Errorf("taken on (-want +got):\n%s", d)
	}
	if gone := fold(taken, later, first(t)(taken.ConsentEnds("further_1"))); gone.Status != code.Withdrawn {
		t.Errorf("it is %s", gone.Status)
	}
	if kept := first(t)(taken.ConsentEnds("further_0")); len(kept) > 0 {
		t.Error("the consent of who is not asked any more ends it")
	}
	if none := fold(left, later, first(t)(left.ConsentEnds("further_1"))); none.Status != code.Withdrawn {
		t.Errorf("when the last has left it is %s", none.Status)
	}
}
