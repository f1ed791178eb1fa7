package forensicv1

import "github.com/sanad-network/sanad/api/staff"

// WorkerAwaited says that something waits on a worklist of the agency, and not what.
type WorkerAwaited struct{ staff.Awaited }

// ForServicesAlone says that an integrator would see in it when somebody works for her.
func (WorkerAwaited) ForServicesAlone() {}

// Said is for whom it waits.
func (e WorkerAwaited) Said() staff.Awaited { return e.Awaited }
