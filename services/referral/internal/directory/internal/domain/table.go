package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Commands says which commands an agency takes: from its own people, and from who
// coordinates in its country.
func (Agency) Commands() command.Table[Agency] {
	return command.Table[Agency]{
		"registerAgency": {When: Agency.mayRegister},
		"suspendAgency":  {When: Agency.maySuspend},
	}
}

// mayRegister gives ErrSuspended to the agency itself while it is suspended.
func (a Agency) mayRegister(by fact.By) error {
	coordinates := coordination.In(by, ErrNotYourAgency, a.Country)
	switch {
	case coordinates == nil:
		return nil
	case by.Agency != a.Name:
		return coordinates
	case a.Status == code.AgencySuspended:
		return ErrSuspended
	}
	return nil
}

// maySuspend gives ErrSuspended where it is suspended.
func (a Agency) maySuspend(by fact.By) error {
	if a.Status != code.AgencyActive {
		return ErrSuspended
	}
	if by.Agency == a.Name {
		return nil
	}
	return coordination.In(by, ErrNotYourAgency, a.Country)
}

// Commands says which commands an entry takes.
func (Entry) Commands() command.Table[Entry] {
	return command.Table[Entry]{"reportCapacity": {When: Entry.mayReport}}
}

// mayReport gives ErrNotFound for an entry that is no service, or nobody's.
func (e Entry) mayReport(by fact.By) error {
	if e.Service == nil {
		return ErrNotFound
	}
	return e.kept(by)
}
