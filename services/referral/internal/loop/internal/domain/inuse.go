package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Rules are what country programmes decide for themselves.
type Rules struct{ Programmes programme.Set }

// reasons are those that the programme of a referral's case uses.
func (r Rules) reasons(f Referral, by fact.By) programme.Reasons {
	p := f.Place.Value()
	return r.Programmes.For(p.Programme, code.Country(p.Country), f.RequestedAt, by.At).Reasons
}

// Decline is Referral.Decline, for a reason that the programme uses (programme.ErrReason).
func (r Rules) Decline(f Referral, by fact.By, cmd Decline) ([]fact.Event, error) {
	events, err := f.Decline(by, cmd)
	if _, used := r.reasons(f, by).Decline[cmd.Reason]; err == nil && !used {
		return nil, programme.ErrReason.At("/reason", "in use in the programme")
	}
	return events, err
}

// Cancel is Referral.Cancel, for a reason that the programme uses (programme.ErrReason). Her no
// and her safety are in use everywhere.
func (r Rules) Cancel(f Referral, by fact.By, cmd Cancel) ([]fact.Event, error) {
	events, err := f.Cancel(by, cmd)
	if _, used := r.reasons(f, by).Cancel[cmd.Reason]; err == nil && !used && !always(cmd.Reason) {
		return nil, programme.ErrReason.At("/reason", "in use in the programme")
	}
	return events, err
}

// always are the reasons to cancel that no programme can take out of use.
func always(c code.CancelReason) bool {
	return c == code.SurvivorDeclined || c == code.UnsafeToContinue
}
