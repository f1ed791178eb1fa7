package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/ending"
)

const day = 24 * time.Hour

// policy is the times of a referral that is made at an instant, frozen into it: those of the
// programme of its case, and the open hours of its recipient. A queue has no
// reminders, and only a referral to one agency has a ladder.
func policy(at time.Time, all programme.Set, of Place, service code.Service, urgency code.Urgency, mode code.ReferralMode, to Agency) referralv1.Policy {
	p := all.For(of.Programme, code.Country(of.Country), at, at)
	t := p.Deadlines.For(service, urgency)
	w, known := week(at, all, p, to)
	pause := t.OfficeHours && known && w.Known() && mode == code.Directed
	after := func(d time.Duration) time.Time {
		if pause {
			return w.After(at, d)
		}
		return at.Add(d)
	}
	times := referralv1.Policy{
		RespondBy: after(t.Respond), ExpiresAt: after(t.Expire),
		ContactWithin: seconds(t.Contact), ServeWithin: seconds(t.Serve), ReopenWithin: seconds(ending.ResumeWithin),
		OfficeHours: pause, TwoStepDenial: mode == code.Directed && to.TwoStepDenial,
	}
	if mode != code.Queue {
		times.Reminders = make([]time.Time, 0, len(t.Remind))
		for _, d := range t.Remind {
			times.Reminders = append(times.Reminders, after(d))
		}
	}
	times.Ladder = make([]referralv1.Rung, 0, len(code.EscalationSteps))
	for i, step := range code.EscalationSteps {
		if mode == code.Directed || step == code.ToReferring || step == code.ToNetwork {
			times.Ladder = append(times.Ladder, referralv1.Rung{Step: step, At: after(t.Ladder[i])})
		}
	}
	return times
}

// week is when the recipient is open: as the programme of the case says in its own country, and
// elsewhere as the programmes there agree. So nothing of a case hangs on a second programme of
// its country.
func week(at time.Time, all programme.Set, p programme.Programme, to Agency) (programme.Week, bool) {
	if p.ID != "" && p.Country == to.Country {
		return p.Week, true
	}
	return programme.In(all, to.Country, at, at, func(p programme.Programme) programme.Week { return p.Week }, programme.Week.Same)
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
