package domain

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/agree"
)

const north = "north-office" // office(1)

// moved is a referral whose case went to another office.
func moved(t testing.TB, r Referral) Referral {
	t.Helper()
	return fold(r, later, first(t)(r.OnCaseTransferred(system(later), transferred(1))))
}

// A referral goes on where it is, with the new office as its sender. The office that was the
// sender is nobody to it any more.
func TestTheNewOfficeIsTheSender(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		before := in(t, s)
		events := first(t)(before.OnCaseTransferred(system(later), transferred(1)))
		going := !before.Closed()
		loop := before.Loop
		loop.Sender = north
		want := referralv1.SenderChanged{Loop: loop, From: police, Number: 1, Going: going}
		if diff := cmp.Diff(fact.Of(want), events); diff != "" {
			t.Errorf("%s: %s", s, diff)
			continue
		}
		r := fold(before, later, events)
		if r.Status != s || r.Turn != before.Turn || r.Consent != before.Consent {
			t.Errorf("%s: it is %s", s, r.Status)
		}
		if r.Visible(at(police, later)) || !r.Visible(at(north, later)) || r.SentBy(at(police, later)) {
			t.Errorf("%s: the former sender sees it", s)
		}
		for v := range verbs {
			if events, err := verbs[v](r, at(police, later)); !errors.Is(err, ErrNotFound) || events != nil {
				t.Errorf("%s: the former sender may %s: %v, %v", s, v, events, err)
			}
		}
		for verb, rule := range life {
			if is := r.may(at(north, later), verb); rule.by&sender != 0 && (is == nil) != (before.may(at(police, later), verb) == nil) {
				t.Errorf("%s: the new office cannot %s: %v", s, verb, is)
			}
		}
		told := want.Addressees()
		if slices.Contains(told, police) || !slices.Contains(told, north) || slices.Contains(told, counsel) != going {
			t.Errorf("%s: %v is told", s, told)
		}
		if text, err := json.Marshal(events[0].Data); err != nil || strings.Contains(string(text), "cons_") {
			t.Errorf("%s, %v", text, err)
		}
	}
}

// All that the loop says afterwards goes to the new office: what follows from time, from the
// recipient, and from her.
func TestTheNewOfficeIsTold(t *testing.T) {
	r := moved(t, in(t, code.Accepted))
	for name, events := range map[string][]fact.Event{
		"a contact alert": first(t)(r.Contact(answered, Contact{Result: code.UnsafeToReach})),
		"a start":         first(t)(r.Start(answered, Start{})),
		"an end":          first(t)(r.Complete(answered, Complete{Outcome: code.NeedsMet})),
		"a cancellation":  first(t)(r.Cancel(answered, Cancel{Reason: code.SurvivorDeclined})),
		"a withdrawal":    first(t)(r.ConsentEnds("cons_1")),
		"a warning":       first(t)(r.WarningDue(system(r.warnAt()))),
		"a lapse":         first(t)(r.ConsentDue(system(r.consentUntil()))),
		"a late contact":  first(t)(r.ContactDue(system(r.contactBy()))),
		"an escalation":   first(t)(moved(t, requested(t)).EscalationDue(system(noon.AddDate(0, 0, 2)))),
		"a decline":       first(t)(moved(t, requested(t)).Decline(answered, Decline{Reason: code.AtCapacity})),
	} {
		if len(events) == 0 {
			t.Errorf("%s: nothing happened", name)
		}
		for _, e := range events {
			told, ok := e.Data.(interface{ Addressees() []string })
			if ok && (slices.Contains(told.Addressees(), police) || !slices.Contains(told.Addressees(), north)) {
				t.Errorf("%s: %T goes to %v", name, e.Data, told.Addressees())
			}
		}
	}
}

// What a desk says counts by the transfers of its case that it knew of. What it said before
// one is taken, also when that comes later; what it said after one that is not known here
// comes again; and what no desk of that time said is refused.
func TestWhatADeskSaysIsOfItsTime(t *testing.T) {
	replaced := in(t, code.Declined)
	twice := moved(t, replaced)
	twice = fold(twice, later, first(t)(twice.OnCaseTransferred(system(later), transferred(2))))
	for name, c := range map[string]struct {
		r         Referral
		sender    string
		transfers int
		want      error
	}{
		"the desk":                           {replaced, police, 0, nil},
		"another one":                        {replaced, stranger, 0, agree.Err},
		"the new office, before it is known": {replaced, north, 1, ErrUnknownYet},
		"the new office":                     {moved(t, replaced), north, 1, nil},
		"the new office, of before":          {moved(t, replaced), north, 0, agree.Err},
		"the former desk, of before":         {moved(t, replaced), police, 0, nil},
		"the former desk, of after":          {moved(t, replaced), police, 1, agree.Err},
		"the first of three":                 {twice, police, 0, nil},
		"the second of three":                {twice, north, 1, nil},
		"the third":                          {twice, office(2), 2, nil},
		"the second, as the third":           {twice, north, 2, agree.Err},
	} {
		e := instead()
		e.Sender, e.Transfers = c.sender, c.transfers
		if err := c.r.Yields(e); c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The new office asks again for what ended.
	ended := moved(t, in(t, code.Completed))
	e := again("cons_2", noon.AddDate(0, 6, 0))
	e.Sender, e.Transfers = north, 1
	resumed := fold(ended, later, first(t)(ended.OnReferralResumed(system(later), e, only(clinic()), shipped)))
	if resumed.Status != code.Requested || resumed.Sender != north {
		t.Errorf("%s, by %s", resumed.Status, resumed.Sender)
	}
}

// A transfer that does not agree with the referral is refused, and one that was heard
// changes nothing.
func TestAForgedTransferIsRefused(t *testing.T) {
	r := in(t, code.Accepted)
	for _, c := range map[string]struct {
		forge func(*intakev1.CaseTransferred)
		want  *fault.Error
	}{
		"another case":   {func(e *intakev1.CaseTransferred) { e.Case = "case_2" }, agree.Err},
		"another desk":   {func(e *intakev1.CaseTransferred) { e.From = stranger }, agree.Err},
		"a later number": {func(e *intakev1.CaseTransferred) { e.Number = 2 }, ErrUnknownYet},
	} {
		e := transferred(1)
		c.forge(&e)
		refuses(t, c.want)(r.OnCaseTransferred(system(later), e))
	}
	r = moved(t, r)
	if events := first(t)(r.OnCaseTransferred(system(later), transferred(1))); events != nil {
		t.Error("heard twice")
	}
	other := transferred(1)
	other.To = stranger
	refuses(t, agree.Err)(r.OnCaseTransferred(system(later), other))
	refuses(t, ErrUnknownYet)(Referral{}.OnCaseTransferred(system(later), transferred(1)))
}

// The recipient sees what the desks did in the history, also the former one.
func TestTheHistoryKeepsTheFormerDesk(t *testing.T) {
	r := moved(t, in(t, code.Accepted))
	for agency, want := range map[string]bool{police: true, north: true, counsel: true, stranger: false} {
		if got := r.Tells(at(counsel, later), agency, ""); got != want {
			t.Errorf("what %s did is told: %t", agency, got)
		}
	}
}
