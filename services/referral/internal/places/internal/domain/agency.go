package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// Listed is what the directory knows of a service. The type has no name, so that the
// directory need not know this package.
type Listed = struct {
	// Agency is the one that gives it; empty for a service that is not there.
	Agency     string
	Country    code.Country
	Services   []code.Service
	Visibility code.Visibility
	// Suspended says that the agency takes no new referrals.
	Suspended bool
}

// Describe says what an agency has at a service, and whom it takes.
type Describe struct {
	Place      string         `json:"place"`
	Unit       code.PlaceUnit `json:"unit"`
	Maximum    int64          `json:"maximum"`
	Free       int64          `json:"free"`
	For        code.PlaceFor  `json:"for"`
	Children   int64          `json:"children,omitempty"`
	BoysTo     *int64         `json:"boys_to,omitempty"`
	Wheelchair bool           `json:"wheelchair,omitempty"`
}

// Name is the service.
func (c Describe) Name() string { return c.Place }

// Count says again how many there are, and are free. Without Maximum the earlier one stays.
type Count struct {
	Free    int64  `json:"free"`
	Maximum *int64 `json:"maximum,omitempty"`
}

// Leave says that somebody who was placed is not there any more.
type Leave struct {
	Referral string       `json:"referral"`
	Reason   code.StayEnd `json:"reason"`
}

// Listing is a look at the directory, or why it cannot be had now.
type Listing struct {
	Service look.Fresh[Listed]
	Err     error
}

// Describe takes the word of the agency that gives the service. What is held and taken
// stays; where that does not add up, Over shows it. More free than there are is refused
// (ErrCapacity).
func (p Place) Describe(by fact.By, cmd Describe, on Listing) ([]fact.Event, error) {
	if on.Err != nil {
		return nil, on.Err
	}
	is := on.Service.Value()
	switch {
	case is.Agency == "":
		return nil, ErrNotFound
	case is.Agency != by.Agency:
		return nil, ErrNotYourAgency
	case cmd.Free > cmd.Maximum:
		return nil, ErrCapacity.At("/free", "must not be more than maximum")
	case cmd.For == code.ForOnePerson && cmd.Children > 0:
		return nil, ErrCapacity.At("/children", "none where a place is for one person")
	}
	next := referralv1.PlaceDescribed{
		Place: cmd.Place, Agency: is.Agency, Country: is.Country, Services: is.Services, Visibility: is.Visibility,
		Unit: cmd.Unit, Maximum: cmd.Maximum, Free: cmd.Free,
		Takes: referralv1.Takes{For: cmd.For, Children: cmd.Children, BoysTo: cmd.BoysTo, Wheelchair: cmd.Wheelchair},
	}
	return fact.Of(next), nil
}

// Count corrects the counts, in the agency's own word: what is held and taken is in it.
func (p Place) Count(by fact.By, cmd Count) ([]fact.Event, error) {
	if err := p.own(by); err != nil {
		return nil, err
	}
	maximum := p.Maximum
	if cmd.Maximum != nil {
		maximum = *cmd.Maximum
	}
	if cmd.Free > maximum {
		return nil, ErrCapacity.At("/free", "must not be more than maximum")
	}
	return fact.Of(referralv1.PlaceDescribed{
		Place: p.ID, Agency: p.Agency, Country: p.Country, Services: p.Services, Visibility: p.Visibility,
		Unit: p.Unit, Maximum: maximum, Free: cmd.Free, Takes: p.Takes,
	}), nil
}

// Leave gives one back: she left, moved, or never came. The end of a referral does not.
func (p Place) Leave(by fact.By, cmd Leave) ([]fact.Event, error) {
	if err := p.own(by); err != nil {
		return nil, err
	}
	if p.stay(cmd.Referral) < 0 {
		return nil, ErrNotPlaced.At("/referral", "one that is counted there")
	}
	return fact.Of(referralv1.PlacementEnded{Place: p.ID, Referral: cmd.Referral, Reason: cmd.Reason}), nil
}

func (p Place) own(by fact.By) error {
	if by.Agency != p.Agency || p.Agency == "" {
		return ErrNotYourAgency
	}
	return nil
}

// Take is what an acceptance does: the hold for the referral becomes a placement; without
// one, a free unit is taken. Where none is free by the count, the acceptance stands all the
// same, and the agency is shown that its count is wrong: nobody is turned away by a number.
func (p Place) Take(by fact.By, referral string) ([]fact.Event, error) {
	begun := referralv1.PlacementBegun{Place: p.ID, Referral: referral}
	if i := p.stay(referral); i >= 0 {
		events, _ := p.AcceptedElsewhere(by, referral) // one is enough: a hold that raced the acceptance falls back
		if !p.Stays[i].EndedAt.IsZero() {
			events = append(events, fact.Event{Data: begun})
		}
		return events, nil
	}
	if i := p.heldFor(referral); i >= 0 {
		begun.Hold = p.Holds[i].ID
		return fact.Of(referralv1.HoldEnded{Place: p.ID, Hold: begun.Hold, Reason: code.HoldTaken}, begun), nil
	}
	begun.Uncounted = p.Free <= 0
	return fact.Of(begun), nil
}

// ReferralEnded gives back what is held for a referral that is over, and notes that whoever
// was placed by it may be there still. Of a stay that the shelter keeps a record of, that record
// says when it ends.
func (p Place) ReferralEnded(by fact.By, referral string, rule Rule) ([]fact.Event, error) {
	var events []fact.Event
	if i := p.heldFor(referral); i >= 0 {
		events = fact.Of(referralv1.HoldEnded{Place: p.ID, Hold: p.Holds[i].ID, Reason: code.HoldGivenBack})
	}
	if i := p.stay(referral); i >= 0 && p.Stays[i].EndedAt.IsZero() && !p.Stays[i].Told {
		events = append(events, fact.Event{Data: referralv1.PlacementOutlived{Place: p.ID, Referral: referral, AskAt: by.At.Add(rule.Ask)}})
	}
	return events, nil
}

// AcceptedElsewhere gives back what is held for a referral that has its place.
func (p Place) AcceptedElsewhere(_ fact.By, referral string) ([]fact.Event, error) {
	if i := p.heldFor(referral); i >= 0 {
		return fact.Of(referralv1.HoldEnded{Place: p.ID, Hold: p.Holds[i].ID, Reason: code.HoldGivenBack}), nil
	}
	return nil, nil
}

// gives says whether the place is at a service of this kind.
func (p Place) gives(s code.Service) bool { return slices.Contains(p.Services, s) }

// Best is the place in which an acceptance without a hold takes one: of those that give the
// service the one with the most free, and of such the first by its identifier. Empty: the
// agency counts none. The agency says moved where it was another.
func Best(all []Place, s code.Service) (id string) {
	free := int64(-1)
	for _, p := range all {
		if p.gives(s) && (p.Free > free || p.Free == free && p.ID < id) {
			id, free = p.ID, p.Free
		}
	}
	return id
}
