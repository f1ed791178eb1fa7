package worker

import (
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/near"
)

// ErrUnknown refuses a person who is not on the register of the agency, or has left
// it. Near are the names that may have been meant.
var ErrUnknown = fault.New(fault.Conflict, "worker_unknown", "Nobody of this name works at the agency. Register them first, or take one of the names that are near.")

// Staff is who is on the register of one agency, by the subject of their tokens.
type Staff struct {
	Of map[string]Present
	// Unread is why somebody may be missing here; nil when nobody is.
	Unread error
}

// Find is the person of a subject who has not left, however they are now. The pointer
// is the place in the command that names them. Errors: ErrUnknown, or Unread when
// they may be among those who cannot be read.
func (s Staff) Find(pointer, subject string) (Present, error) {
	p, known := s.Of[subject]
	switch {
	case known && !p.Left:
		return p, nil
	case !known && s.Unread != nil:
		return Present{}, s.Unread
	}
	var names []string
	for name, p := range s.Of {
		if !p.Left {
			names = append(names, name)
		}
	}
	return Present{}, ErrUnknown.At(pointer, "registered at this agency, and not gone").Nearest(near.To(subject, names))
}

// Seen is the staff of an agency as a command sees it, or why that cannot be known.
type Seen struct {
	Staff look.Fresh[Staff]
	Err   error
	// Requires is what a role requires there; nil where nothing is required.
	Requires credential.Requires
}

// Lacks is what a person lacks at an instant of what a role requires at a place.
func (s Seen) Lacks(p Present, of credential.Place, role code.WorkerRole) []credential.Lack {
	if s.Requires == nil {
		return nil
	}
	return s.Requires(of, role).Missing(p.Credentials, of.At)
}

// Find is Staff.Find, or the reason why nobody can be found now.
func (s Seen) Find(pointer, subject string) (Present, error) {
	if s.Err != nil {
		return Present{}, s.Err
	}
	return s.Staff.Value().Find(pointer, subject)
}

// ByID is the person of an identifier, the zero value when there is none.
func (s Staff) ByID(id string) Present {
	for _, subject := range slices.Sorted(maps.Keys(s.Of)) {
		if s.Of[subject].ID == id {
			return s.Of[subject]
		}
	}
	return Present{}
}

// OnDuty are the people of an agency who are on duty for their desk at an instant, by
// the subjects of their tokens: whom an alert is for.
func (s Staff) OnDuty(at time.Time) []string {
	on := []string{}
	for subject, p := range s.Of {
		if p.OnDuty(at) {
			on = append(on, subject)
		}
	}
	slices.Sort(on)
	return on
}
