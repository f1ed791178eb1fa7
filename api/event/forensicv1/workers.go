package forensicv1

import "github.com/sanad-network/sanad/api/staff"

// WorkerNoted keeps what the register of workers says of one of them, so that the
// service can decide without asking another one. It stays in the room.
type WorkerNoted struct{ staff.Worker }

// ConfinedToAddressees says that it stays in the room: no agency is addressed, and
// the register has told the services already.
func (WorkerNoted) ConfinedToAddressees() {}

// Said is what the register says.
func (e WorkerNoted) Said() staff.Worker { return e.Worker }

// CredentialNoted keeps what the register of workers says of a credential of one of them. It
// stays in the room, as WorkerNoted does.
type CredentialNoted struct{ staff.Credential }

// ConfinedToAddressees says that it stays in the room: no agency is addressed, and the
// register has told the services already.
func (CredentialNoted) ConfinedToAddressees() {}

// SaidOfCredential is what the register says.
func (e CredentialNoted) SaidOfCredential() staff.Credential { return e.Credential }
