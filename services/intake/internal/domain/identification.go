package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// RecordIdentification is the command that writes down what somebody says of whether she was
// trafficked. It needs no complete definition, and it ends no service and no referral,
// whatever it says. It is also the way from a person who was smuggled to one who is presumed
// trafficked: what was written of the smuggling stays.
type RecordIdentification struct {
	Status code.Identification `json:"identification"`
	// SaidBy and Name are who says so; it may be the desk itself.
	SaidBy code.Identifier `json:"said_by"`
	Name   string          `json:"said_by_name"`
	// SaidAt is when they said so. Zero: now.
	SaidAt  time.Time                   `json:"said_at,omitzero"`
	Grounds []code.IdentificationGround `json:"grounds"`
	Words   string                      `json:"in_words,omitempty"`
}

// Identification is one such statement: the private half of IdentificationRecorded.
type Identification struct {
	// At is when it was written down, By who wrote it.
	At      time.Time                   `json:"at,omitzero"`
	By      string                      `json:"by"`
	Status  code.Identification         `json:"identification"`
	SaidBy  code.Identifier             `json:"said_by"`
	Name    string                      `json:"said_by_name"`
	SaidAt  time.Time                   `json:"said_at"`
	Grounds []code.IdentificationGround `json:"grounds"`
	Words   string                      `json:"in_words,omitempty"`
	// Opens is the period of reflection that it opens, if any.
	Opens *Reflection `json:"opens,omitempty"`
}

// RecordIdentification writes the statement down. Reasonable grounds open the period of
// reflection (presumed; identified where nobody presumed it before), unless one is going on.
// Nothing that is said later makes it shorter. Errors: ErrIdentification.
func (c Case) RecordIdentification(by fact.By, cmd RecordIdentification, rules Rules) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if err := cmd.check(by.At); err != nil {
		return nil, err
	}
	said := cmd.SaidAt
	if said.IsZero() || said.After(by.At) {
		said = by.At
	}
	grounds := slices.Clone(cmd.Grounds)
	slices.Sort(grounds)
	i := Identification{
		By: by.Principal, Status: cmd.Status, SaidBy: cmd.SaidBy, Name: cmd.Name, SaidAt: said,
		Grounds: slices.Compact(grounds), Words: cmd.Words,
	}
	if cmd.Status != code.NotIdentified && !c.reflecting() && !c.thoughtTrafficked() {
		i.Opens = rules.reflection(c, by.At)
	}
	events := fact.With(intakev1.IdentificationRecorded{Case: c.ID}, i)
	if i.Opens != nil {
		c.Reflection = i.Opens // as it is then
		events = append(events, c.hold()...)
	}
	return events, nil
}

func (cmd RecordIdentification) check(now time.Time) error {
	if err := known("/identification", cmd.Status, code.Identifications); err != nil {
		return err
	}
	if err := known("/said_by", cmd.SaidBy, code.Identifiers); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(cmd.Name) == "" || utf8.RuneCountInString(cmd.Name) > maxName:
		return ErrIdentification.At("/said_by_name", "1 to 200 characters")
	case cmd.SaidAt.After(now.Add(fastClock)):
		return ErrIdentification.At("/said_at", "not in the future")
	case len(cmd.Grounds) == 0:
		return ErrIdentification.At("/grounds", "at least one ground")
	}
	for i, g := range cmd.Grounds {
		if err := known("/grounds/"+strconv.Itoa(i), g, code.IdentificationGrounds); err != nil {
			return err
		}
	}
	return nil
}

// thoughtTrafficked says that the last statement presumes or identifies it.
func (c Case) thoughtTrafficked() bool {
	n := len(c.Identifications)
	return n > 0 && c.Identifications[n-1].Status != code.NotIdentified
}
