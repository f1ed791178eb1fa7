package domain

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

func TestRequestServices(t *testing.T) {
	d := consented(t)
	by, lawyer, doctor := d.by(), d.state.Consents[0], d.state.Consents[1]
	want := fact.Of(
		intakev1.ServiceRequested{
			Case: d.state.ID, Referral: by.ID("ref", 0), Sender: agency, Recipient: legal, Service: code.LegalAssistance,
			Urgency: code.Urgent, Consent: lawyer.ID, Purpose: code.ServiceDelivery, Categories: lawyer.Categories, ConsentExpires: lawyer.Expires,
			Country: "GT", Programme: "csc-guatemala",
		},
		intakev1.ServiceRequested{
			Case: d.state.ID, Referral: by.ID("ref", 1), Sender: agency, Recipient: clinic, Service: code.ForensicExam,
			Urgency: code.Urgent, Consent: doctor.ID, Purpose: code.ServiceDelivery, Categories: doctor.Categories, ConsentExpires: doctor.Expires,
			Country: "GT", Programme: "csc-guatemala",
		},
	)
	got := d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance), ask(clinic, code.ForensicExam))))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for _, f := range d.state.Referrals {
		if f.Status != code.Requested || f.RequestedAt != noon {
			t.Errorf("referral %+v", f)
		}
	}
}

// All or nothing, and the fields name every request that stands in the way.
func TestRequestServicesRefuses(t *testing.T) {
	lawyer, doctor := ask(legal, code.LegalAssistance), ask(clinic, code.ForensicExam)
	other := func(change func(*Request)) Request {
		r := lawyer
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		cmd      RequestServices
		want     *fault.Error
		pointers []string
	}{
		"nothing":         {please(), ErrRequests, []string{"/requests"}},
		"too much":        {please(make([]Request, 21)...), ErrRequests, []string{"/requests"}},
		"no service":      {please(doctor, other(func(r *Request) { r.Service = "" })), ErrUnknownCode, []string{"/requests/1/service"}},
		"no urgency":      {please(other(func(r *Request) { r.Urgency = "" })), ErrUnknownCode, []string{"/requests/0/urgency"}},
		"another agency":  {please(doctor, ask("other-lawyers", code.LegalAssistance)), ErrConsentMissing, []string{"/requests/1"}},
		"another service": {please(ask(legal, code.Livelihoods), doctor), ErrConsentMissing, []string{"/requests/0"}},
		"several":         {please(ask(legal, code.Food), doctor, ask(clinic, code.Food)), ErrConsentMissing, []string{"/requests/0", "/requests/2"}},
		"another consent": {please(other(func(r *Request) { r.Consent = "cons_of_somebody" })), ErrConsentMissing, []string{"/requests/0"}},
		"twice at once":   {please(lawyer, doctor, lawyer), ErrAlreadyRequested, []string{"/requests/2"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := consented(t)
			events, err := do(d, plain(Case.RequestServices), c.cmd)
			refused(t, events, err, c.want, c.pointers...)
			if len(d.state.Referrals) > 0 {
				t.Error("some of it happened")
			}
		})
	}
}

func TestConsentThatCoversNothing(t *testing.T) {
	request := please(ask(legal, code.LegalAssistance))
	t.Run("for another purpose", func(t *testing.T) {
		d := open(t, Opening{})
		cmd := yes(legal, code.LegalAssistance)
		cmd.Purpose = code.Prosecution
		d.must(t)(do(d, plain(Case.GiveConsent), cmd))
		events, err := do(d, plain(Case.RequestServices), request)
		refused(t, events, err, ErrConsentMissing, "/requests/0")
	})
	t.Run("expired", func(t *testing.T) {
		d := consented(t)
		d.now = d.state.Consents[0].Expires
		events, err := do(d, plain(Case.RequestServices), request)
		refused(t, events, err, ErrConsentMissing, "/requests/0")
	})
	t.Run("withdrawn", func(t *testing.T) {
		d := consented(t)
		d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
		events, err := do(d, plain(Case.RequestServices), request)
		refused(t, events, err, ErrConsentMissing, "/requests/0")
	})
	t.Run("refused", func(t *testing.T) {
		d := open(t, Opening{})
		d.must(t)(do(d, Case.RefuseConsent, no(legal, code.LegalAssistance)))
		events, err := do(d, plain(Case.RequestServices), request)
		refused(t, events, err, ErrConsentMissing, "/requests/0")
	})
}

// Of several consents the one that she gave last counts, unless one is named: who agreed to
// less, or for a shorter time, has changed her mind.
func TestWhichConsent(t *testing.T) {
	for named, want := range map[int]int{-1: 2, 0: 0, 1: 1, 2: 2} {
		t.Run(strconv.Itoa(named), func(t *testing.T) {
			d := open(t, Opening{})
			for _, days := range []int{10, 30, 20} {
				cmd := yes(legal, code.LegalAssistance)
				cmd.Expires = noon.AddDate(0, 0, days)
				d.must(t)(do(d, plain(Case.GiveConsent), cmd))
			}
			r := ask(legal, code.LegalAssistance)
			if named >= 0 {
				r.Consent = d.state.Consents[named].ID
			}
			d.must(t)(do(d, plain(Case.RequestServices), please(r)))
			if got := d.state.Referrals[0].Consent; got != d.state.Consents[want].ID {
				t.Errorf("consent %s, want %s", got, d.state.Consents[want].ID)
			}
		})
	}
}

// When her age is put right, a consent of somebody who may not speak for her at that age is
// asked for anew, and the refusal says so. What is under way goes on.
func TestAgePutRight(t *testing.T) {
	for name, c := range map[string]struct {
		from, to code.AgeBand
		by       code.GivenBy
		holds    bool
	}{
		"a child after all":          {code.AgeAdult, code.Age6To11, code.BySurvivor, false},
		"of age after all":           {code.Age6To11, code.AgeAdult, code.ByCaregiver, false},
		"not known after all":        {code.AgeTo5, "", code.ByCaregiver, false},
		"another band, both":         {code.Age6To11, code.AgeTo17, code.ByBoth, true},
		"another band of a child":    {code.AgeTo5, code.Age6To11, code.ByCaregiver, true},
		"known, and she spoke alone": {"", code.AgeTo17, code.BySurvivor, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{Survivor: Survivor{Sex: code.Female, AgeBand: c.from}})
			for _, to := range []GiveConsent{yes(legal, code.LegalAssistance), yes(clinic, code.ForensicExam)} {
				to.GivenBy = c.by
				d.must(t)(do(d, plain(Case.GiveConsent), to))
			}
			d.must(t)(do(d, plain(Case.RequestServices), please(ask(clinic, code.ForensicExam))))
			d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Correction, Opening: Opening{Survivor: Survivor{Sex: code.Female, AgeBand: c.to}}}))
			events, err := do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance)))
			if f := d.state.Referrals[0]; f.Status != code.Requested {
				t.Errorf("what was asked for is %s", f.Status)
			}
			if c.holds {
				d.must(t)(events, err)
				return
			}
			refused(t, events, err, ErrConsentMissing, "/requests/0")
			var f *fault.Error
			if !errors.As(err, &f) || !strings.Contains(f.Fields[0].Rule, "the age on record") {
				t.Errorf("the rule is told as %v", f.Fields)
			}
		})
	}
}

// A service is asked of an agency again only when the first referral ended.
func TestAlreadyRequested(t *testing.T) {
	d := requested(t)
	again := please(ask(legal, code.LegalAssistance))
	first := d.state.Referrals[0].ID
	for _, status := range []code.ReferralStatus{code.Requested, code.Accepted, code.InService} {
		if status != code.Requested {
			d.must(t)(do(d, news[status], d.loop(first)))
		}
		events, err := do(d, plain(Case.RequestServices), again)
		refused(t, events, err, ErrAlreadyRequested, "/requests/0")
	}
	d.must(t)(do(d, news[code.Cancelled], d.loop(first)))
	d.must(t)(do(d, plain(Case.RequestServices), again))
	if got := d.state.Referrals[2]; got.ID == first || got.Status != code.Requested {
		t.Errorf("referral %+v", got)
	}
}
