// Package coordination says what a coordinator coordinates: the country and the
// programme of their token, and nothing else. It refuses a coordinator whose token
// lacks one of the two: nobody said where they may act, so they may act nowhere.
package coordination

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// What is refused to a coordinator.
var (
	// ErrNowhere refuses a token without a country or without a programme.
	ErrNowhere = fault.New(fault.Forbidden, "coordinates_nothing", "A coordinator's token names a country and a programme.")
	// ErrElsewhere refuses what belongs to another country, or to none that is known.
	ErrElsewhere = fault.New(fault.Forbidden, "not_your_country", "A coordinator can do this in the country of their token only.")
)

// Check gives nil for a coordinator who coordinates something, and ErrNowhere for
// one who does not. Anybody else gets the refusal that is handed in.
func Check(by fact.By, others error) error {
	switch {
	case !slices.Contains(by.Roles, "coordinator"):
		return others
	case by.Country == "" || by.Programme == "":
		return ErrNowhere
	}
	return nil
}

// In is Check, and gives ErrElsewhere to the coordinators of other countries than
// each of these. A country that nobody knows is nobody's.
func In(by fact.By, others error, countries ...code.Country) error {
	if err := Check(by, others); err != nil {
		return err
	}
	for _, c := range countries {
		if string(c) != by.Country {
			return ErrElsewhere
		}
	}
	return nil
}
