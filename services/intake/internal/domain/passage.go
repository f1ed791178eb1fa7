package domain

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A person who was smuggled is helped as everybody is, and without the label of trafficking.
// What is written is what was done to her on the way. Nothing here says that she broke a law:
// she is not liable for having been smuggled (Smuggling Protocol, article 5). When indicators
// appear, RecordIdentification is the way on, and the passage stays on record.

// RecordPassage is the command that writes down that she was smuggled.
type RecordPassage struct {
	// Aggravations are what was done to her on the way; they may be empty.
	Aggravations []code.Aggravation `json:"aggravations,omitempty"`
	Words        string             `json:"her_words,omitempty"`
}

// Passage is what she told of it, one time: the private half of PassageRecorded.
type Passage struct {
	At           time.Time          `json:"at,omitzero"`
	By           string             `json:"by"`
	Aggravations []code.Aggravation `json:"aggravations,omitempty"`
	Words        string             `json:"her_words,omitempty"`
}

// RecordPassage writes it down. It changes no service and opens no period.
func (c Case) RecordPassage(by fact.By, cmd RecordPassage) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	for i, a := range cmd.Aggravations {
		if err := known("/aggravations/"+strconv.Itoa(i), a, code.Aggravations); err != nil {
			return nil, err
		}
	}
	aggravations := slices.Clone(cmd.Aggravations)
	slices.Sort(aggravations)
	return fact.With(intakev1.PassageRecorded{Case: c.ID}, Passage{By: by.Principal, Aggravations: slices.Compact(aggravations), Words: cmd.Words}), nil
}
