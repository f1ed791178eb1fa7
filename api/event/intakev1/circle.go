package intakev1

import "github.com/sanad-network/sanad/api/staff"

// CircleDrawn says who may work on a referral. It never says who may not, and it is said only
// where there is something to say: so services alone are told, and its record tells nothing else.
type CircleDrawn struct{ staff.Circle }

// ForServicesAlone says that no integrator and no agency may know that it is there.
func (CircleDrawn) ForServicesAlone() {}

// Said is who may.
func (e CircleDrawn) Said() staff.Circle { return e.Circle }
