package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// StayTold is what the shelter's own record of a stay does: what the acceptance took stays taken
// until that record says that she left, also after the referral ended. Where nothing is counted for
// the referral yet, one is taken.
func (p Place) StayTold(by fact.By, referral string) ([]fact.Event, error) {
	if i := p.stay(referral); i >= 0 {
		if p.Stays[i].Told {
			return nil, nil
		}
		return fact.Of(referralv1.PlacementBegun{Place: p.ID, Referral: referral, Told: true}), nil
	}
	events, err := p.Take(by, referral)
	for i := range events {
		if begun, ok := events[i].Data.(referralv1.PlacementBegun); ok {
			begun.Told = true
			events[i].Data = begun
		}
	}
	return events, err
}

// StayOver gives back what is counted for a referral, for a reason: she left, or is counted at
// another place of the same agency.
func (p Place) StayOver(_ fact.By, referral string, reason code.StayEnd) ([]fact.Event, error) {
	if p.stay(referral) < 0 {
		return nil, nil
	}
	return fact.Of(referralv1.PlacementEnded{Place: p.ID, Referral: referral, Reason: reason}), nil
}

// Counts says whether a unit is counted for a referral.
func (p Place) Counts(referral string) bool {
	return slices.ContainsFunc(p.Stays, func(s Stay) bool { return s.Referral == referral })
}
