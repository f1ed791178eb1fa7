package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// That a room closed its record to readers is noted, and is no word of what became of
// copies: that a person of the agency says.
func TestARecordClosedToReadersAcknowledgesNothing(t *testing.T) {
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
		"acknowledged already":          {after(t, withdrawn, answered, "acknowledge"), code.DataClosed, true},
		"nobody had the data":           {fold(requested(t), later, first(t)(requested(t).ConsentEnds("cons_1"))), code.DataClosed, false},
		"closed, and nothing to let go": {in(t, code.Completed), code.DataClosed, false},
	} {
		for service, room := range rooms {
			c.r.Service = service
			var want []fact.Event
			if c.want {
				want = fact.Of(referralv1.ClosedToReaders{Loop: c.r.Loop})
			}
			got := first(t)(room.ended(told(c.r, c.r.Turn), c.says)(c.r, system(later)))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
			if is := fold(c.r, later, got); is.mustAcknowledge() != c.r.mustAcknowledge() {
				t.Errorf("%s: the room acknowledged for a person", name)
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
	r = accepted(t, resumed(t, r))
	in := func(turn int) legalaidv1.Work {
		w := matter(r)
		w.Turn = turn
		return w
	}
	for name, c := range map[string]struct {
		tell wish
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
