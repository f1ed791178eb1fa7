package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// Who may answer is awaited until the answer is due, and nobody else is; of one that
// finds the referral in a queue that is said.
func TestAsks(t *testing.T) {
	for _, s := range code.ReferralStatuses {
		r := in(t, s)
		want := Ask{Referral: r.Referral, Case: r.Case(), Agency: counsel, Service: r.Service, Urgency: r.Urgency}
		if s == code.Requested || s == code.Received {
			want.Until = r.Policy.RespondBy
		}
		if d := cmp.Diff([]Ask{want}, r.Asks()); d != "" {
			t.Errorf("%s (-want +got):\n%s", s, d)
		}
	}
	for _, mode := range []code.ReferralMode{code.Broadcast, code.Queue} {
		r, _ := broadcast(t, mode, 2)
		asks := r.Asks()
		if len(asks) != 2 || asks[0].Agency != "agency-0" || asks[1].Agency != "agency-1" || asks[1].Queued != (mode == code.Queue) || !asks[1].Until.Equal(r.Policy.RespondBy) {
			t.Errorf("%s: %+v", mode, asks)
		}
	}
	if asks := (Referral{}).Asks(); asks != nil {
		t.Errorf("of no referral: %+v", asks)
	}
}

func TestWhoIsAwaited(t *testing.T) {
	r := requested(t)
	if !r.Awaits(at(counsel, r.Policy.RespondBy.Add(-1))) || r.Awaits(at(counsel, r.Policy.RespondBy)) {
		t.Error("the recipient is not awaited until the answer is due")
	}
	if r.Awaits(at(stranger, noon)) || r.Awaits(at(police, noon)) || r.Awaits(fact.By{Principal: fact.Anonymous, At: noon}) {
		t.Error("a referral waits for somebody else")
	}
	// No actor without an agency is awaited, also where nobody is asked yet.
	r.Recipient = ""
	if r.Awaits(fact.By{Principal: fact.Anonymous, At: noon}) {
		t.Error("a referral without a recipient waits for nobody in particular")
	}
}
