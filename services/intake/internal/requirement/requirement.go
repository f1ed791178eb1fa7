// Package requirement says what a country asks for before an agency may be asked for
// a service, beside the consent to the service itself. It decides nothing: it gives
// the requirement to the decision. It refuses what it does not know, and never
// guesses a country's rule.
package requirement

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sanad-network/sanad/api/code"
)

// Step is something that must be asked for together with a service.
type Step string

// ConflictCheck is the recipient's look for a conflict of interest, before it is told
// anything else.
const ConflictCheck Step = "conflict_check"

// Steps lists every Step.
var Steps = []Step{ConflictCheck}

// Requirement is what one service requires in one country. The zero value requires
// nothing more than a consent to the service.
type Requirement struct {
	// Purposes need further consents, each one to the same recipient and service. The
	// referral stands on all of them.
	Purposes []code.Purpose
	Steps    []Step
}

// Policy is what countries decide for themselves. The zero value knows no country.
type Policy struct {
	countries map[code.Country]map[code.Service]Requirement
}

// NewPolicy takes the requirements by country and service.
func NewPolicy(countries map[code.Country]map[code.Service]Requirement) (Policy, error) {
	for c, services := range countries {
		if !slices.Contains(code.Countries, c) {
			return Policy{}, errors.New("requirements: unknown country")
		}
		for s, r := range services {
			if !slices.Contains(code.Services, s) {
				return Policy{}, fmt.Errorf("requirements/%s: unknown service", c)
			}
			if err := r.check(); err != nil {
				return Policy{}, fmt.Errorf("requirements/%s/%s/%w", c, s, err)
			}
		}
	}
	return Policy{countries: countries}, nil
}

func (r Requirement) check() error {
	for i, p := range r.Purposes {
		if p == code.ServiceDelivery || p == code.CaseTransfer || !slices.Contains(code.Purposes, p) || slices.Contains(r.Purposes[:i], p) {
			return fmt.Errorf("purposes/%d: a purpose beside %s, once", i, code.ServiceDelivery)
		}
	}
	for i, s := range r.Steps {
		if !slices.Contains(Steps, s) || slices.Contains(r.Steps[:i], s) {
			return fmt.Errorf("steps/%d: a known step, once", i)
		}
	}
	return nil
}

// For is what a service requires in a country.
func (p Policy) For(s code.Service, c code.Country) Requirement { return p.countries[c][s] }
