package domain

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
)

const station = "police-station"

// strict is a country in which the police are asked only when she agreed to a
// prosecution as well, and lawyers only with a conflict check.
func strict() Rules {
	return made(func(f *programme.Fields) {
		f.Requirement.Is = map[code.Service]programme.Requirement{
			code.Police:          {Purposes: []code.Purpose{code.Prosecution}},
			code.LegalAssistance: {ConflictCheck: true},
		}
	})
}

func agreedTo(t tb, d *desk, recipient string, purpose code.Purpose, months int) string {
	t.Helper()
	cmd := yes(recipient, code.Police)
	cmd.Purpose, cmd.Expires = purpose, d.now.AddDate(0, months, 0)
	d.must(t)(do(d, plain(Case.GiveConsent), cmd))
	return d.state.Consents[len(d.state.Consents)-1].ID
}

// Where a country requires it, a request stands on several consents, and says on
// which. Without one of them nobody is asked.
func TestACountryRequiresASecondConsent(t *testing.T) {
	d := open(t, Opening{})
	rules := strict()
	reports := Under(rules, Case.RequestServices)
	first := agreedTo(t, d, station, code.ServiceDelivery, 3)
	if events, err := do(d, reports, please(ask(station, code.Police))); len(events) > 0 {
		t.Fatalf("asked without the second consent: %v", err)
	} else if f := fault.Of(err); f.Code != ErrConsentMissing.Code || f.Fields[0].Pointer != "/requests/0" || f.Fields[0].Rule != "consent to prosecution in force; one for the purpose service_delivery exists" {
		t.Fatalf("refused with %+v", f)
	}
	second := agreedTo(t, d, station, code.Prosecution, 1)
	events := d.must(t)(do(d, reports, please(ask(station, code.Police))))
	got := events[0].Data.(intakev1.ServiceRequested)
	want := []intakev1.Further{{Consent: second, Purpose: code.Prosecution, Expires: d.state.Consents[1].Expires}}
	if diff := cmp.Diff(want, got.Further); diff != "" || got.Consent != first {
		t.Errorf("on %s and (-want +got):\n%s", got.Consent, diff)
	}
	if f := d.state.Referrals[0]; f.Consent != first || !slices.Equal(f.Further, []string{second}) {
		t.Errorf("the case holds %s and %v", f.Consent, f.Further)
	}
	l := d.loop(d.state.Referrals[0].ID)
	d.must(t)(do(d, Case.OnAccepted, referralv1.Accepted{Loop: l, Consent: first}))
	officer := fact.By{Principal: "officer", Agency: station, At: d.now}
	if !d.state.Knows(officer, l.Referral) {
		t.Error("who took it on both consents does not know it")
	}
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: second}))
	if d.state.Knows(officer, l.Referral) {
		t.Error("the packet is open, though one of its consents has ended")
	}
	l.Turn++
	d.must(t)(do(d, Case.OnWithdrawn, referralv1.Withdrawn{Loop: l, Consent: second}))
	if is := d.state.Referrals[0].Status; is != code.Withdrawn {
		t.Errorf("it is %s", is)
	}
}

// Each of several agencies is asked on a set of its own.
func TestEachCandidateHasItsSet(t *testing.T) {
	d := open(t, Opening{})
	reports := Under(strict(), Case.RequestServices)
	r := Request{Service: code.Police, Urgency: code.Urgent, Mode: code.Broadcast, Candidates: []Choice{{Recipient: station}, {Recipient: other}}}
	for _, agency := range []string{station, other} {
		agreedTo(t, d, agency, code.ServiceDelivery, 3)
	}
	one := agreedTo(t, d, station, code.Prosecution, 3)
	_, err := do(d, reports, please(r))
	if f := fault.Of(err); len(f.Fields) != 1 || f.Fields[0].Pointer != "/requests/0/candidates/1" {
		t.Fatalf("refused with %v %+v", err, f.Fields)
	}
	two := agreedTo(t, d, other, code.Prosecution, 3)
	got := d.must(t)(do(d, reports, please(r)))[0].Data.(intakev1.ServiceRequested)
	if len(got.Further) > 0 || got.Candidates[0].Further[0].Consent != one || got.Candidates[1].Further[0].Consent != two {
		t.Errorf("asked on %+v", got)
	}
}

// A step that is required is asked for, by the desk and by the network.
func TestACountryRequiresAStep(t *testing.T) {
	d := consented(t)
	rules := strict()
	r := ask(legal, code.LegalAssistance)
	events, err := do(d, Under(rules, Case.RequestServices), please(r))
	if f := fault.Of(err); len(events) > 0 || f.Code != ErrStepRequired.Code || f.Fields[0].Pointer != "/requests/0/needs/conflict_check" {
		t.Fatalf("%d events, %v", len(events), err)
	}
	r.Needs.ConflictCheck = true
	d.must(t)(do(d, Under(rules, Case.RequestServices), please(r)))
}

// Nobody is asked next, when nobody took it, without what is required.
func TestTheNextIsAskedUnderTheRules(t *testing.T) {
	for _, second := range []bool{false, true} {
		d := open(t, Opening{})
		rules := strict()
		r := ask(station, code.Police)
		r.Then = []Choice{{Recipient: other}}
		agreedTo(t, d, station, code.ServiceDelivery, 3)
		agreedTo(t, d, station, code.Prosecution, 3)
		agreedTo(t, d, other, code.ServiceDelivery, 3)
		if second {
			agreedTo(t, d, other, code.Prosecution, 3)
		}
		d.must(t)(do(d, Under(rules, Case.RequestServices), please(r)))
		l := d.loop(d.state.Referrals[0].ID)
		l.Turn = 2
		d.must(t)(do(d, Under(rules, Case.OnDeclined), referralv1.Declined{Loop: l, Reason: code.AtCapacity}))
		if asked := len(d.state.Referrals) == 2; asked != second {
			t.Errorf("with the second consent %t, the next is asked: %t", second, asked)
		}
	}
}
