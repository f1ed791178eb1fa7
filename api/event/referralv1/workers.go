package referralv1

import "github.com/sanad-network/sanad/api/staff"

// WorkerChanged says what holds of a worker of an agency from now on, as a whole. Who
// the person is stays with their agency.
type WorkerChanged struct{ staff.Worker }

// CredentialChanged says what holds of a credential of a worker from now on, as a whole. Who
// issued it, what it is called and why it is suspended stay with their agency.
type CredentialChanged struct{ staff.Credential }
