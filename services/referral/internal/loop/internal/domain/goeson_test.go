package domain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// An appointment travels only to those to whom she lets it be known. So no event that
// says where a referral goes on tells of one, and the referral still goes on with it: by
// its own history, also after an event of an earlier release.
func TestWhereItGoesOnTellsOfNoAppointment(t *testing.T) {
	until := noon.AddDate(0, 9, 0)
	ways := map[string]func(Referral) (Referral, []fact.Event){
		"continued": func(r Referral) (Referral, []fact.Event) {
			r = fold(r, later, first(t)(r.Cancel(asked, Cancel{Reason: code.OtherCancel})))
			return r, first(t)(r.Continue(answered, Continue{}))
		},
		"renewed": func(r Referral) (Referral, []fact.Event) {
			return r, first(t)(r.OnReferralRenewed(system(later), hers(until)))
		},
		"taken up": func(r Referral) (Referral, []fact.Event) {
			end := r.ConsentExpires
			r = fold(r, end, first(t)(r.ConsentDue(system(end))))
			return r, first(t)(r.OnReferralRenewed(system(end), hers(until)))
		},
		"taken up from a cancellation": func(r Referral) (Referral, []fact.Event) {
			end := r.ConsentExpires
			r = fold(r, later, first(t)(r.Cancel(asked, Cancel{Reason: code.OtherCancel})))
			r = fold(r, end, first(t)(r.ConsentDue(system(end))))
			return r, first(t)(r.OnReferralRenewed(system(end), hers(until)))
		},
		"not resumed": func(r Referral) (Referral, []fact.Event) {
			return r, first(t)(r.OnReferralResumed(system(later), again("cons_2", until), only(clinic()), shipped))
		},
	}
	for name, way := range ways {
		for _, s := range []code.ReferralStatus{code.Accepted, code.Scheduled, code.Missed, code.InService} {
			r, events := way(in(t, s))
			if len(events) != 1 {
				t.Fatalf("%s, %s: %d events", name, s, len(events))
			}
			wire, err := json.Marshal(events[0].Data)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(wire), string(code.Scheduled)) || strings.Contains(string(wire), string(code.Missed)) {
				t.Errorf("%s, %s: the agencies are told of an appointment: %s", name, s, wire)
			}
			at := r.EndedAt
			if at.IsZero() {
				at = later
			}
			is := fold(r, at, events)
			if is.Status != s {
				t.Errorf("%s, %s: it goes on as %s", name, s, is.Status)
			}
			if d := cmp.Diff(is, fold(r, at, asEarlier(events, s)), cmpopts.EquateComparable(Referral{}.Place)); d != "" {
				t.Errorf("%s, %s: an event of an earlier release is read otherwise: %s", name, s, d)
			}
		}
	}
}

// asEarlier are the events as a release wrote them that named the status.
func asEarlier(events []fact.Event, s code.ReferralStatus) []fact.Event {
	switch d := events[0].Data.(type) {
	case referralv1.Continued:
		d.Status = s
		return fact.Of(d)
	case referralv1.Renewed:
		d.Status = s
		return fact.Of(d)
	case referralv1.NotResumed:
		d.Status = s
		return fact.Of(d)
	}
	return nil
}
