package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
)

// Commands says which commands a place takes: its agency counts and says who left, desks
// hold.
func (Place) Commands() command.Table[Place] {
	return command.Table[Place]{
		"describePlace": {When: Place.own},
		"countPlace":    {When: Place.own},
		"leavePlace":    {When: Place.mayLeave},
		"holdPlace":     {When: Place.mayHold},
		"tieHold":       {When: Place.mayChange},
		"renewHold":     {When: Place.mayRenew},
		"endHold":       {When: Place.mayEnd},
	}
}

// mayLeave gives ErrNotPlaced where nobody is counted.
func (p Place) mayLeave(by fact.By) error {
	if err := p.own(by); err != nil {
		return err
	}
	if len(p.Stays) == 0 {
		return ErrNotPlaced
	}
	return nil
}

// mayHold gives ErrNoneFree.
func (p Place) mayHold(by fact.By) error {
	switch {
	case by.Agency != p.Agency && !open(p.Visibility):
		return ErrNotFound
	case p.Free <= 0:
		return ErrNoneFree
	}
	return nil
}

// mayChange gives ErrHoldEnded where the desk holds nothing that has not run out.
func (p Place) mayChange(by fact.By) error {
	return p.any(func(h Hold) bool { return h.Agency == by.Agency && by.At.Before(h.Until) })
}

func (p Place) mayRenew(by fact.By) error {
	return p.any(func(h Hold) bool { return h.Agency == by.Agency && !h.Renewed && by.At.Before(h.Until) })
}

func (p Place) mayEnd(by fact.By) error {
	return p.any(func(h Hold) bool { return h.Agency == by.Agency || by.Agency == p.Agency })
}

func (p Place) any(is func(Hold) bool) error {
	if !slices.ContainsFunc(p.Holds, is) {
		return ErrHoldEnded
	}
	return nil
}
