package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// A room that sealed its record acknowledges for its agency, and nobody else's
// record and no other end does.
func TestASealedRecordAcknowledges(t *testing.T) {
	withdrawn := in(t, code.Withdrawn)
	recalled := fold(in(t, code.Completed), later, first(t)(in(t, code.Completed).ConsentEnds("cons_1")))
	says := func(agency string, erasure code.Erasure) []command {
		return []command{
			with(Referral.OnMatterEnded, legalaidv1.MatterEnded{Work: legalaidv1.Work{Agency: agency}, Erasure: erasure}),
			with(Referral.OnPlanEnded, psychosocialv1.PlanEnded{Work: psychosocialv1.Work{Agency: agency}, Erasure: erasure}),
			with(Referral.OnExaminationEnded, forensicv1.ExaminationEnded{Work: forensicv1.Work{Agency: agency}, Erasure: erasure}),
		}
	}
	acknowledged := func(r Referral) []fact.Event {
		return fact.Of(referralv1.Acknowledged{Loop: r.Loop, Erasure: code.DataSealed})
	}
	for name, c := range map[string]struct {
		r     Referral
		rooms []command
		want  []fact.Event
	}{
		"withdrawn":                      {withdrawn, says(counsel, code.DataSealed), acknowledged(withdrawn)},
		"recalled":                       {recalled, says(counsel, code.DataSealed), acknowledged(recalled)},
		"ended, and not sealed":          {withdrawn, says(counsel, ""), nil},
		"the record of somebody else":    {withdrawn, says(stranger, code.DataSealed), nil},
		"acknowledged by hand already":   {after(t, withdrawn, answered, "acknowledge"), says(counsel, code.DataSealed), nil},
		"nobody had the data":            {fold(requested(t), later, first(t)(requested(t).ConsentEnds("cons_1"))), says(counsel, code.DataSealed), nil},
		"sealed, and nothing to let go ": {in(t, code.Completed), says(counsel, code.DataSealed), nil},
	} {
		for _, room := range c.rooms {
			if d := cmp.Diff(c.want, first(t)(room(c.r, system(later)))); d != "" {
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
	for name, c := range map[string]struct {
		tell command
		want []fact.Event
	}{
		"closed before": {with(Referral.OnMatterClosed, legalaidv1.MatterClosed{Work: legalaidv1.Work{Turn: before}, Outcome: code.NeedsMet}), nil},
		"closed now": {
			with(Referral.OnMatterClosed, legalaidv1.MatterClosed{Work: legalaidv1.Work{Turn: r.Turn}, Outcome: code.NeedsMet}),
			fact.Of(referralv1.Completed{Loop: r.turn(), Outcome: code.NeedsMet, Round: r.Turn}),
		},
		"advice before":      {with(Referral.OnAdviceGiven, legalaidv1.AdviceGiven{Work: legalaidv1.Work{Turn: before}}), nil},
		"advice now":         {with(Referral.OnAdviceGiven, legalaidv1.AdviceGiven{Work: legalaidv1.Work{Turn: r.Turn}}), fact.Of(referralv1.Started{Loop: r.turn()})},
		"session before":     {with(Referral.OnSessionRecorded, psychosocialv1.SessionRecorded{Work: psychosocialv1.Work{Turn: before}, Attendance: code.Attended}), nil},
		"examination before": {with(Referral.OnExaminationRecorded, forensicv1.ExaminationRecorded{Work: forensicv1.Work{Turn: before}}), nil},
	} {
		if d := cmp.Diff(c.want, first(t)(c.tell(r, system(later)))); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
