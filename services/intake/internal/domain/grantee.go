package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/intake/internal/grants"
)

// When the grant of an agency that helps her is suspended, her desk tells her so and asks her. She
// may stay with her worker; another agency is asked on a new consent, as for any request. Nothing
// moves by itself: when nobody asks her, more people of her desk learn that something waits.

// AskedGrantee is the command that records what she said.
type AskedGrantee struct {
	Agency string             `json:"agency"`
	Answer code.GranteeAnswer `json:"answer"`
}

// GranteeAsked is what her desk asks her: the private half of GranteeSuspended.
type GranteeAsked struct {
	Agency string `json:"agency"`
	// Until is when others of the desk learn of it, by the rule of that day.
	Until time.Time `json:"answer_until"`
	// Turn is how far the grant had come: a later suspension is another question.
	Turn int `json:"turn,omitempty"`
}

// GranteeSaid is what she said: the private half of GranteeAnswered.
type GranteeSaid struct {
	Answer code.GranteeAnswer `json:"answer"`
	// By is the person who asked her.
	By string `json:"by"`
}

// Grantee is an agency that helps her and whose grant was suspended, as her desk sees it.
type Grantee struct {
	Agency string `json:"agency"`
	// Until is when others of the desk learn of it.
	Until       time.Time          `json:"answer_until"`
	SuspendedAt time.Time          `json:"suspended_at"`
	Answer      code.GranteeAnswer `json:"answer,omitempty"`
	By          string             `json:"by,omitempty"`
	AnsweredAt  time.Time          `json:"answered_at,omitzero"`
	// Restored says that the grant is in force again.
	Restored bool `json:"restored,omitempty"`
	// Overdue says that nobody asked her in time.
	Overdue bool   `json:"overdue,omitempty"`
	Grant   string `json:"-"`
	Turn    int    `json:"-"`
}

// GranteeDeadline names the end of the time in which she is to be asked.
const GranteeDeadline = "grantee"

// ByHelper lists the cases by the agencies that help her, or are asked to.
var ByHelper = image.List[Case]{Keys: func(c Case) []string {
	var keys []string
	for _, f := range c.Referrals {
		if !f.open() {
			continue
		}
		for _, agency := range f.asked() {
			if k := fact.Key(agency); agency != "" && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}}

// OnGrant has her desk ask her when a grant of an agency that helps her is suspended, and lets the
// question go when the grant is in force again.
func (c Case) OnGrant(by fact.By, g grants.Grant, rules Rules) ([]fact.Event, error) {
	i := c.grantee(g.Grant)
	waits := i >= 0 && c.Grantees[i].waits()
	switch {
	case g.Suspended && c.helps(g.Agency) && (i < 0 || c.Grantees[i].Turn < g.Turn):
		until := by.At.Add(onwardTerm(rules.of(c, by.At).Answers, code.Standard)).UTC()
		return append(fact.With(intakev1.GranteeSuspended{Case: c.ID, Grant: g.Grant}, GranteeAsked{Agency: g.Agency, Until: until, Turn: g.Turn}), fact.Event{Data: c.awaited()}), nil
	case !g.Suspended && waits:
		return fact.Of(intakev1.GranteeRestored{Case: c.ID, Grant: g.Grant}), nil
	}
	return nil, nil
}

// helps says that an agency has open work for her, or is asked for it. Nothing is asked about a case
// that was entered in error.
func (c Case) helps(agency string) bool {
	return !c.InError && slices.ContainsFunc(c.Referrals, func(f Referral) bool { return f.open() && f.asks(agency) })
}

// grantee is where the last question about a grant stands.
func (c Case) grantee(grant string) int {
	for i, g := range slices.Backward(c.Grantees) {
		if g.Grant == grant {
			return i
		}
	}
	return -1
}

func (g Grantee) waits() bool { return g.Answer == "" && !g.Restored }

// granteesWaiting are the agencies about which she is to be asked, while they help her.
func (c Case) granteesWaiting() (all, overdue []Grantee) {
	for _, g := range c.Grantees {
		if g.waits() && c.helps(g.Agency) {
			if all = append(all, g); g.Overdue {
				overdue = append(overdue, g)
			}
		}
	}
	return all, overdue
}

// AskedGrantee records what she said of an agency whose grant is suspended; her last word counts.
// Nothing follows by itself. Errors: ErrGrantee.
func (c Case) AskedGrantee(by fact.By, cmd AskedGrantee) ([]fact.Event, error) {
	if err := cmp.Or(c.mustHold(), known("/answer", cmd.Answer, code.GranteeAnswers)); err != nil {
		return nil, err
	}
	var events []fact.Event
	found := false
	for _, g := range c.Grantees {
		if g.Agency != cmd.Agency || g.Restored {
			continue
		}
		if found = true; g.Answer != cmd.Answer {
			events = append(events, fact.With(intakev1.GranteeAnswered{Case: c.ID, Grant: g.Grant}, GranteeSaid{Answer: cmd.Answer, By: by.Principal})...)
		}
	}
	if !found {
		return nil, ErrGrantee.At("/agency", "one whose grant is suspended")
	}
	return events, nil
}

// mustAskGrantee gives ErrGrantee where no agency of hers has lost its grant.
func (c Case) mustAskGrantee() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Grantees, func(g Grantee) bool { return !g.Restored }) {
		return ErrGrantee.At("/agency", "one whose grant is suspended")
	}
	return nil
}

// GranteeDue says that she was not asked in time, and that the whole desk is to know.
func (c Case) GranteeDue(by fact.By) ([]fact.Event, error) {
	at, waits := c.granteeUntil()
	if come, err := come(by, at, waits); !come {
		return nil, err
	}
	return fact.Of(intakev1.GranteeOverdue{Case: c.ID}, c.awaited()), nil
}

// granteeUntil is the first end of the time to ask her, where a clock runs.
func (c Case) granteeUntil() (first time.Time, waits bool) {
	all, _ := c.granteesWaiting()
	for _, g := range all {
		if !g.Overdue && (!waits || g.Until.Before(first)) {
			first, waits = g.Until, true
		}
	}
	return first, waits
}

// granted is the case after an event about a grant.
func (c Case) granted(e fact.Event) Case {
	c.Grantees = slices.Clone(c.Grantees)
	last := func(grant string, change func(*Grantee)) {
		if i := c.grantee(grant); i >= 0 {
			change(&c.Grantees[i])
		}
	}
	switch d := e.Data.(type) {
	case intakev1.GranteeSuspended:
		asked, _ := e.Private.(GranteeAsked)
		c.Grantees = append(c.Grantees, Grantee{Agency: asked.Agency, Until: asked.Until, Turn: asked.Turn, SuspendedAt: e.At, Grant: d.Grant})
	case intakev1.GranteeRestored:
		last(d.Grant, func(g *Grantee) { g.Restored = true })
	case intakev1.GranteeAnswered:
		said, _ := e.Private.(GranteeSaid)
		last(d.Grant, func(g *Grantee) { g.Answer, g.By, g.AnsweredAt = said.Answer, said.By, e.At })
	case intakev1.GranteeOverdue:
		for i, g := range c.Grantees {
			c.Grantees[i].Overdue = g.Overdue || g.waits() && !e.At.Before(g.Until)
		}
	}
	return c
}
