package domain

import (
	"cmp"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
	"github.com/sanad-network/sanad/services/internal/work"
)

// A response team goes to her on her yes, or on what a named person records of immediate
// danger to life and of the law that permits it. A sign, a score and a neighbour's call send
// nobody: no rule here reads them. Where she is, what the danger is and how to come near stay
// in her case, or in the enquiry while there is no case, and are shown to the one member who
// acknowledged.

// AskResponse asks for a team.
type AskResponse struct {
	Call
	Sought
}

// Responders are the teams of a country and a programme, for a command of who has the record.
type Responders struct {
	work.Hands
	Teams []teams.Team
	// Unread is why the teams cannot be known now.
	Unread error
}

// AskResponse asks for a team, and says which may be asked. Errors: ErrNotTheOwner,
// ErrResponseOpen while one is under way, ErrResponseGround.
func (c Case) AskResponse(by fact.By, cmd AskResponse, on Responders) ([]fact.Event, error) {
	if err := c.Handled(on.Hands); err != nil {
		return nil, err
	}
	if err := c.mayAskResponse(); err != nil {
		return nil, err
	}
	of := intakev1.ResponseAsked{Case: c.ID, Agency: c.Agency, Country: code.Country(c.Country), Programme: c.Programme}
	return cmd.ask(by, of, cmd.Sought, on, c.meets)
}

// meets says that a member of a team is one whom she must not meet.
func (c Case) meets(t teams.Team) bool { return slices.ContainsFunc(t.Members, c.avoids) }

func (c Case) avoids(m intakev1.TeamMember) bool {
	return c.Blocks.Agency(m.Agency) || c.Blocks.Person(m.Worker)
}

// given are the alerts that go on, of which somebody whom she must not meet, or whose team has
// such a member, was shown where she is. They are shown nothing any more, and the next one is
// asked: who has the case finds another way with her.
func (c Case) given() (all []shownTo) {
	for _, r := range c.Responses {
		for _, s := range r.shown {
			if !r.ended && (c.avoids(intakev1.TeamMember{Worker: s.worker, Agency: s.agency}) || slices.ContainsFunc(s.team, c.avoids)) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Calling is what the circle of an alert hangs on.
type Calling struct {
	Alert string
	// Needed says that a team was asked that has a member whom she must not meet now.
	Needed bool
	// Workers are those whom she may meet: the members of the teams that could be asked, without
	// every member of a team that is passed over whole.
	Workers []string
}

// Calling is the circle of the alert that goes on, empty without one. Whom she must not meet
// from an instant on is out of it from that instant, as of work: the room of referrals is told
// who may go on.
func (c Case) Calling(all []teams.Team) Calling {
	i := c.responding()
	if i < 0 {
		return Calling{}
	}
	of := Calling{Alert: c.Responses[i].Alert, Workers: []string{}}
	var out []string
	for _, t := range all {
		if c.meets(t) {
			of.Needed = of.Needed || slices.Contains(c.Responses[i].asked, t.Team)
			for _, m := range t.Members {
				out = append(out, m.Worker)
			}
		}
	}
	for _, t := range all {
		for _, m := range t.Members {
			if slices.Contains(c.Responses[i].asked, t.Team) && !slices.Contains(out, m.Worker) && !slices.Contains(of.Workers, m.Worker) {
				of.Workers = append(of.Workers, m.Worker)
			}
		}
	}
	return of
}

func (c Case) mayAskResponse() error {
	return cmp.Or(c.mustBeOpen(), c.quiet())
}

// LinkResponse names the referrals that the desk made for what she chose.
type LinkResponse struct {
	Alert     string   `json:"alert"`
	Referrals []string `json:"referrals"`
}

// LinkResponse notes them. Errors: ErrResponseNone, ErrResponseLink.
func (c Case) LinkResponse(_ fact.By, cmd LinkResponse) ([]fact.Event, error) {
	i := c.response(cmd.Alert)
	if i < 0 {
		return nil, ErrResponseNone.At("/alert", "one of the case")
	}
	for _, f := range cmd.Referrals {
		if find(c.Referrals, f) < 0 {
			return nil, ErrResponseLink.At("/referrals", "referrals of the case")
		}
	}
	if slices.Equal(cmd.Referrals, c.Responses[i].Referrals) {
		return nil, nil
	}
	return fact.Of(intakev1.ResponseFollowed{Case: c.ID, Alert: cmd.Alert, Referrals: cmd.Referrals}), nil
}

func (c Case) mayLink() error {
	if len(c.Responses) == 0 {
		return ErrResponseNone
	}
	return nil
}

// RespondsTo is Responses.RespondsTo where nobody of the team is one whom she must not meet now.
func (c Case) RespondsTo(by fact.By, alert string, t teams.Team) bool {
	return !c.barred(by) && !c.meets(t) && c.Responses.RespondsTo(by, alert, t)
}

// responded is the case after an event of an alert.
func (c Case) responded(e fact.Event) Case {
	c.Responses = c.Responses.evolve(e)
	if d, ok := e.Data.(intakev1.ResponseShown); ok {
		c.Disclosures = append(slices.Clip(c.Disclosures), shownWhere(d, e.At))
	}
	return c
}

// ByAlert finds the case of an alert that goes on.
var ByAlert = image.List[Case]{Keys: func(c Case) []string { return c.keys() }}
