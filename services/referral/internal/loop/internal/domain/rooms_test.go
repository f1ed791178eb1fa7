package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// A record that a room closed to readers acknowledges for its agency. No other
// record and no other end does.
func TestARecordClosedToReadersAcknowledges(t *testing.T) {
	withdrawn := in(t, code.Withdrawn)
	recalled := fold(in(t, code.Completed), later, first(t)(in(t, code.Completed).ConsentEnds("cons_1")))
	for name, c := range map[string]struct {
		r    Referral
		says code.Erasure
		want bool
	}{
		"withdrawn":                     {withdrawn, code.DataClosed, true},
		"recalled":                      {recalled, code.DataClosed, true},
		"ended, and not closed":         {withdrawn, "", false},
		"acknowledged by hand already":  {after(t, withdrawn, answered, "acknowledge"), code.DataClosed, false},
		"nobody had the data":           {fold(requested(t), later, first(t)(requested(t).ConsentEnds("cons_1"))), code.DataClosed, false},
		"closed, and nothing to let go": {in(t, code.Completed), code.DataClosed, false},
	} {
		for service, room := range rooms {
			c.r.Service = service
			var want []fact.Event
			if c.want {
				want = fact.Of(referralv1.Acknowledged{Loop: c.r.Loop, Erasure: code.DataClosed})
			}
			if d := cmp.Diff(want, first(t)(room.ended(told(c.r, c.r.Turn), c.says)(c.r, system(later)))); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
		}
	}
}

// What a room tells of before the referral was taken up again arrives late: it
// neither starts nor completes the service that is to come. The end of the new
// round names its beginning.
func TestALateRoomCompletesNothing(t *testing.T) {
	r := in(t, code.Completed)
	before := r.Turn
	r = after(t, r, answered, "reopen")
	in := func(turn int) legalaidv1.Work {
		w := matter(r)
		w.Turn = turn
		return w
	}
	for name, c := range map[string]struct {
		tell command
		want []fact.Event
	}{
		"closed before": {with(Referral.OnMatterClosed, legalaidv1.MatterClosed{Work: in(before), Outcome: code.NeedsMet}), nil},
		"closed now": {
			with(Referral.OnMatterClosed, legalaidv1.MatterClosed{Work: in(r.Turn), Outcome: code.NeedsMet}),
			fact.Of(referralv1.Completed{Loop: r.turn(), Outcome: code.NeedsMet, Round: r.Turn}),
		},
		"begun before": {with(Referral.OnMatterStarted, legalaidv1.MatterStarted{Work: in(before)}), nil},
		"begun now":    {with(Referral.OnMatterStarted, legalaidv1.MatterStarted{Work: in(r.Turn)}), fact.Of(referralv1.Started{Loop: r.turn()})},
	} {
		if d := cmp.Diff(c.want, first(t)(c.tell(r, system(later)))); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
