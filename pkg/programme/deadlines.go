package programme

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Terms are the times of one kind of referral, from its request on. Contact and Serve count
// from acceptance.
type Terms struct {
	Respond time.Duration
	Remind  []time.Duration
	// Ladder are the rungs, in the order of code.EscalationSteps.
	Ladder  []time.Duration
	Expire  time.Duration
	Contact time.Duration
	Serve   time.Duration
	// OfficeHours pauses all of them while offices are closed: only where no survivor may be
	// in danger.
	OfficeHours bool
}

// Deadlines are the terms by urgency, and those of the services that differ.
type Deadlines struct {
	ByUrgency map[code.Urgency]Terms
	ByService map[code.Service]map[code.Urgency]Terms
}

// For are the terms of a referral.
func (d Deadlines) For(s code.Service, u code.Urgency) Terms {
	if t, ok := d.ByService[s][u]; ok {
		return t
	}
	return d.ByUrgency[u]
}
