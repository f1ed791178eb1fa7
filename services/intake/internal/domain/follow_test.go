package domain

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

func TestFollow(t *testing.T) {
	for _, c := range []struct {
		has, arrives code.ReferralStatus
		moves        bool
	}{
		{"", code.Accepted, true},
		{"", code.Declined, true},
		{"", code.Completed, true},
		{code.Accepted, code.Accepted, false},
		{code.Accepted, code.InService, true},
		{code.InService, code.Accepted, false},
		{code.InService, code.Completed, true},
		{code.InService, code.Withdrawn, true},
		{code.Completed, code.InService, false},
		{code.Declined, code.Accepted, false},
		{code.Cancelled, code.Completed, false},
		{code.Withdrawn, code.Cancelled, false},
	} {
		t.Run(string(c.has)+" then "+string(c.arrives), func(t *testing.T) {
			d := requested(t)
			id := d.state.Referrals[0].ID
			want := code.Requested
			if c.has != "" {
				want = c.has
				d.must(t)(do(d, news[c.has], d.loop(id)))
			}
			var events []fact.Event
			if c.moves {
				want = c.arrives
				followed := intakev1.ReferralFollowed{Case: d.state.ID, Referral: id, Status: c.arrives}
				if c.arrives == code.Cancelled {
					followed.CancelledBy, followed.CancelReason = agency, code.NoLongerNeeded
				}
				events = fact.Of(followed)
			}
			if diff := cmp.Diff(events, d.must(t)(do(d, news[c.arrives], d.loop(id)))); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if got := d.state.Referrals[0].Status; got != want {
				t.Errorf("status %s, want %s", got, want)
			}
		})
	}
}

// Every end counts, and the last one finishes the case; a new request opens it
// anew.
func TestFinished(t *testing.T) {
	for _, end := range []code.ReferralStatus{code.Completed, code.Cancelled, code.Withdrawn, code.EnteredInError} {
		t.Run(string(end), func(t *testing.T) {
			d := requested(t)
			first, second := d.state.Referrals[0].ID, d.state.Referrals[1].ID
			if d.must(t)(do(d, news[end], d.loop(first))); d.state.Finished() {
				t.Error("finished while one is open")
			}
			events := d.must(t)(do(d, news[end], d.loop(second)))
			if diff := cmp.Diff(fact.Of(intakev1.ReferralsFinished{Case: d.state.ID}), events[1:]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if !d.state.Finished() || d.state.Status() != code.CaseFinished {
				t.Error("not finished")
			}
			d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
			if d.state.Finished() {
				t.Error("finished with a new request")
			}
		})
	}
	if open(t, Opening{}).state.Finished() {
		t.Error("finished before anything was asked")
	}
}

// Every status is followed, and none of a referral that the case never asked for,
// or of a case that there is not.
func TestFollowsNothingElse(t *testing.T) {
	d := requested(t)
	for _, tell := range news {
		events, err := tell(d.state, fact.By{}, d.loop("ref_of_somebody"))
		refused(t, events, err, agree.Err, "/referral")
		events, err = tell(Case{}, fact.By{}, d.loop(d.state.Referrals[0].ID))
		refused(t, events, err, agree.Err, "/referral")
	}
	if len(news) != len(code.ReferralStatuses)-1 || len(steps) != len(code.ReferralStatuses) {
		t.Error("a status is not followed")
	}
}

// A referral that was taken up again is followed, also by a case that had
// finished or was closed. The closed one stays closed, and says so.
func TestReopenedIsFollowed(t *testing.T) {
	for name, shut := range map[string]bool{"finished": false, "closed": true} {
		t.Run(name, func(t *testing.T) {
			d := requested(t)
			first, second := d.state.Referrals[0].ID, d.state.Referrals[1].ID
			at := func(id string, turn int) referralv1.Loop {
				l := d.loop(id)
				l.Turn = turn
				return l
			}
			d.must(t)(do(d, Case.OnCompleted, referralv1.Completed{Loop: at(first, 3)}))
			d.must(t)(do(d, Case.OnCompleted, referralv1.Completed{Loop: at(second, 3)}))
			want := fact.Of(intakev1.ReferralFollowed{Case: d.state.ID, Referral: first, Status: code.Accepted, Turn: 4})
			status, after := code.CaseOpen, code.CaseFinished
			if shut {
				d.must(t)(do(d, Case.Close, Close{Reason: code.CloseReasons[0]}))
				want = append(want, fact.Event{Data: intakev1.CaseResumed{Case: d.state.ID, Referral: first}})
				status, after = code.CaseResumed, code.CaseClosed
			}
			if diff := cmp.Diff(want, d.must(t)(do(d, Case.OnReopened, referralv1.Reopened{Loop: at(first, 4), Consent: on(d.state, at(first, 4))}))); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if d.state.Status() != status || d.state.Finished() || !strings.HasPrefix(ByAgency.Keys(d.state)[0], fact.Key(d.state.Agency, string(status))) {
				t.Errorf("the case is %s, finished %t", d.state.Status(), d.state.Finished())
			}
			if again := d.must(t)(do(d, Case.OnCompleted, referralv1.Completed{Loop: at(first, 3)})); again != nil {
				t.Errorf("the end before took it back: %v", again)
			}
			next := d.must(t)(do(d, Case.OnReopened, referralv1.Reopened{Loop: at(second, 4), Consent: on(d.state, at(second, 4))}))
			if len(next) != 1 {
				t.Errorf("resumed twice: %v", next)
			}
			if shut {
				if _, err := do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))); !errors.Is(err, ErrNotOpen) {
					t.Errorf("a resumed case was asked of: %v", err)
				}
			}
			for _, id := range []string{first, second} {
				d.must(t)(do(d, Case.OnCompleted, referralv1.Completed{Loop: at(id, 5)}))
			}
			if d.state.Status() != after {
				t.Errorf("in the end the case is %s", d.state.Status())
			}
		})
	}
}
