// Package worker holds what every room knows of the people who work at an agency:
// whether somebody works there now, is absent, has left, and who covers for them. The
// register of workers in the room of referrals decides that, and the other rooms keep
// copies. The package refuses to know who a person is: an identifier names them.
package worker

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/internal/credential"
)

// Prefix begins the identifier of every worker.
const Prefix = "worker"

// ID names the worker of an agency whom tokens name by this subject. An agency has no
// slash in its name, so that no two pairs are one. A person who knows agency and
// subject can compute it: it keeps a name off the bus, and is no secret.
func ID(agency, subject string) string { return fact.ID(Prefix, agency+"/"+subject) }

// Present is what holds of a worker now. The zero value is somebody whom nobody
// registered: they work nowhere.
type Present struct {
	staff.Worker
	// Credentials are what the worker learned and may do, as far as it is known.
	Credentials credential.Held
}

// Exists reports whether the worker was ever registered.
func (p Present) Exists() bool { return p.ID != "" }

// Works reports whether the worker is at work at an instant: registered, not gone,
// and not absent.
func (p Present) Works(at time.Time) bool { return p.Exists() && !p.Left && !p.Absent(at) }

// Absent reports whether the worker is away at an instant. The absence ends at its
// instant, and not after it.
func (p Present) Absent(at time.Time) bool { return at.Before(p.AbsentUntil) }

// OnDuty reports whether the worker is on duty for their desk at an instant, from its
// beginning to its end. Who does not work then is not.
func (p Present) OnDuty(at time.Time) bool {
	return p.Works(at) && !at.Before(p.DutyFrom) && at.Before(p.DutyUntil)
}

// Covers reports whether the worker acts for another one at an instant: the agency
// has named them for it, the other does not work then, and they do. It is not
// passed on: who covers for the one who covers does not act for the first.
func (p Present) Covers(other Present, at time.Time) bool {
	return other.Exists() && p.Works(at) && !other.Works(at) && p.Agency == other.Agency && other.Cover == p.ID
}

// ActsFor reports whether the worker may do at an instant what another one has to do:
// it is themself, or they cover. Who has left does nothing. Who is absent may still do
// their own work.
func (p Present) ActsFor(other Present, at time.Time) bool {
	return p.Exists() && !p.Left && (p.ID == other.ID || p.Covers(other, at))
}

// Same reports whether two say the same of a worker, instants as instants. Credentials are
// said one by one (credential.Same).
func (p Present) Same(o Present) bool {
	return p.ID == o.ID && p.Agency == o.Agency && p.Turn == o.Turn && p.Cover == o.Cover && p.Left == o.Left &&
		p.Supervisor == o.Supervisor && slices.Equal(p.Roles, o.Roles) &&
		p.AbsentUntil.Equal(o.AbsentUntil) && p.DutyFrom.Equal(o.DutyFrom) && p.DutyUntil.Equal(o.DutyUntil)
}
