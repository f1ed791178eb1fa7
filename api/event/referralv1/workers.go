package referralv1

import "github.com/sanad-network/sanad/api/staff"

// WorkerChanged says what holds of a worker of an agency from now on, as a whole. Who
// the person is stays with their agency.
type WorkerChanged struct{ staff.Worker }
