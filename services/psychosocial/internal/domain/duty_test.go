package domain_test

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// What comes due is told once, at its time, and not what it is: of a task that an answer of hers
// opened nobody outside sees more than of an appointment.
func TestWhatComesDueIsTold(t *testing.T) {
	comes := func(at time.Time) step {
		return func(p domain.Plan, by fact.By) ([]fact.Event, error) {
			by.At = at
			return p.DutyDue(by)
		}
	}
	told := fact.Of(psychosocialv1.PlanDutyCame{Work: about}, psychosocialv1.WorkerAwaited{Awaited: staff.Awaited{Agency: about.Agency}})
	worktest.Check(t, map[string]worktest.Rule[domain.Plan]{
		"nothing waits":        {Given: []step{accepted}, When: comes(worktest.Dawn)},
		"not yet":              {Given: []step{accepted, agreed}, When: comes(worktest.Dawn.Add(30*day - 1)), Err: domain.ErrNotDue},
		"a follow-up":          {Given: []step{accepted, agreed}, When: comes(worktest.Dawn.Add(30 * day)), Want: told},
		"the review of a goal": {Given: []step{accepted, aimed}, When: comes(worktest.Dawn.Add(14 * day)), Want: told},
		"an answer of hers":    {Given: []step{accepted, high}, When: comes(worktest.Dawn.Add(30 * time.Minute)), Want: told},
		"an answer, not late":  {Given: []step{accepted, high}, When: comes(worktest.Dawn.Add(time.Minute)), Err: domain.ErrNotDue},
		"what has been done":   {Given: []step{accepted, agreed, lapsed}, When: comes(worktest.Dawn.Add(40 * day))},
	})
}
