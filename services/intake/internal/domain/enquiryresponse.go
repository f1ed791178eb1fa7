package domain

import (
	"cmp"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
)

// AskEnquiryResponse asks for a team before there is a case. She was not asked, so it has no name
// of hers.
type AskEnquiryResponse struct {
	// Programme is one in force: the teams are those of it, and the law is of its country.
	Programme string `json:"programme"`
	Call
	Whereabouts
}

// EnquiryResponders are the teams of the programme that the command names.
type EnquiryResponders struct {
	Responders
	// Country is that of the programme.
	Country code.Country
	// Unknown is why the programme is none in force.
	Unknown error
}

// AskResponse asks for a team, on a record of immediate danger to life alone. Her yes opens a case
// first, also where she wrote by herself: a card is not a person who heard her. Nobody knows yet
// whom she must not meet, so every team of the area may be asked. Errors: ErrEnquirySettled,
// ErrNotYourEnquiry, ErrResponseOpen while one is under way, programme.ErrUnknown,
// ErrResponseGround.
func (e Enquiry) AskResponse(by fact.By, cmd AskEnquiryResponse, on EnquiryResponders) ([]fact.Event, error) {
	if err := cmp.Or(e.mayAct(by), slug("/programme", cmd.Programme), on.Unknown); err != nil {
		return nil, err
	}
	if cmd.Ground == code.OnHerYes {
		return nil, ErrResponseGround.At("/response_ground", "immediate_danger, before there is a case")
	}
	of := intakev1.ResponseAsked{Case: e.ID, Agency: e.Agency, Country: on.Country, Programme: cmd.Programme}
	return cmd.ask(by, of, Sought{Whereabouts: cmd.Whereabouts}, on.Responders, func(teams.Team) bool { return false })
}

// EnquiryPrefix begins the identifier of an enquiry.
const EnquiryPrefix = "enquiry"

// IsEnquiry says that a record to which an alert belongs is an enquiry, and not a case.
func IsEnquiry(id string) bool { return strings.HasPrefix(id, EnquiryPrefix+"_") }

// EnquiriesByAlert finds the enquiry of an alert that goes on.
var EnquiriesByAlert = image.List[Enquiry]{Keys: func(e Enquiry) []string { return e.keys() }}
