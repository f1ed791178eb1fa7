package domain

import (
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/internal/work"
)

// What a case refuses because of the agency that is named.
var (
	// ErrAgencyUnknown refuses an agency that intake does not know to be registered. The
	// copy of the directory is late by moments, so it says when to try again.
	ErrAgencyUnknown = fault.New(fault.Conflict, "agency_unknown", "No agency of this name is registered. One that was registered just now is known in a moment.").After(time.Second)
	// ErrAgencySuspended refuses to ask an agency that takes no new referrals.
	ErrAgencySuspended = fault.New(fault.Conflict, "agency_suspended", "The agency is suspended. Only a coordinator can register it again.")
)

// Named is a place in a command that names an agency.
type Named struct {
	Pointer, Agency string
	// Asks says that the agency is asked at once. What is only written down, or is for
	// later, may name an agency that is suspended now.
	Asks bool
}

// Names are the agencies that a consent names: to record what she says of a suspended
// one is no request.
func (c GiveConsent) Names() []Named { return []Named{{Pointer: "/recipient", Agency: c.Recipient}} }

// Names are the agencies that requests name.
func (c RequestServices) Names() (all []Named) {
	for i, r := range c.Requests {
		all = append(all, r.names("/requests/"+strconv.Itoa(i))...)
	}
	return all
}

// Names are the agencies that a reroute names.
func (c Reroute) Names() []Named {
	return Request{Recipient: c.Recipient, Then: c.Then}.names("")
}

func (r Request) names(pointer string) (all []Named) {
	if r.Recipient != "" {
		all = append(all, Named{pointer + "/recipient", r.Recipient, true})
	}
	for i, to := range r.Candidates {
		all = append(all, Named{pointer + "/candidates/" + strconv.Itoa(i) + "/recipient", to.Recipient, true})
	}
	for i, to := range r.Then {
		all = append(all, Named{pointer + "/then/" + strconv.Itoa(i) + "/recipient", to.Recipient, false})
	}
	return all
}

// Known is what a command that names agencies hangs on.
type Known struct {
	// Hands are those of who commands.
	work.Hands
	Agencies agencies.Seen
}

// OwnerNaming is Naming for who has the case, and who covers, alone (ErrNotTheOwner). They
// are told where they name an agency that she must not meet (ErrBlocked).
func OwnerNaming[C interface{ Names() []Named }](decide func(Case, fact.By, C) ([]fact.Event, error)) func(Case, fact.By, C, Known) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C, k Known) ([]fact.Event, error) {
		if err := c.Handled(k.Hands); err != nil {
			return nil, err
		}
		if err := c.mayAsk(cmd.Names()); err != nil {
			return nil, err
		}
		return Naming(decide)(c, by, telling(c, cmd, k.Agencies), k.Agencies)
	}
}

// Naming holds a command on an open case to agencies that are registered
// (ErrAgencyUnknown), and to ask none that is suspended (ErrAgencySuspended). It comes
// before all other rules: who misspells an agency is told that, and not that a consent
// is missing.
func Naming[C interface{ Names() []Named }](decide func(Case, fact.By, C) ([]fact.Event, error)) func(Case, fact.By, C, agencies.Seen) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C, seen agencies.Seen) ([]fact.Event, error) {
		if err := c.mustBeOpen(); err != nil {
			return nil, err
		}
		for _, n := range cmd.Names() {
			if err := n.allowed(seen); err != nil {
				return nil, err
			}
		}
		return decide(c, by, cmd)
	}
}

func (n Named) allowed(seen agencies.Seen) error {
	if err := slug(n.Pointer, n.Agency); err != nil {
		return err
	}
	known, err := seen.Of(n.Agency)
	switch {
	case err != nil:
		return err
	case !known.Exists():
		return ErrAgencyUnknown.At(n.Pointer, "a registered agency").Nearest(seen.Near[n.Agency])
	case known.Suspended && n.Asks:
		return ErrAgencySuspended.At(n.Pointer, "an agency that is not suspended")
	}
	return nil
}
