package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Whether she is counted in figures is a question of its own. Her answer names no recipient, opens
// nothing and stays in the room: nobody may learn how many say yes. A no costs her nothing: no rule
// but Case.contributes reads it.

// AnswerCounting is the command that records whether she may be counted.
type AnswerCounting struct {
	Answer code.YesNo `json:"answer"`
	// Method is how a yes was said, and GivenBy who said it. A no needs neither.
	Method  code.ConsentMethod `json:"method,omitempty"`
	GivenBy code.GivenBy       `json:"given_by,omitempty"`
	// Assent is what a child said where another person answers.
	Assent code.Assent `json:"assent,omitempty"`
}

// Counting is her last answer: the private half of CountingAnswered.
type Counting struct {
	Answer  code.YesNo         `json:"answer"`
	Method  code.ConsentMethod `json:"method,omitempty"`
	GivenBy code.GivenBy       `json:"given_by,omitempty"`
	Assent  code.Assent        `json:"assent,omitempty"`
	// By is the person who wrote it down; empty where the network ended it.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"`
}

// AnswerCounting records her answer; the last one counts. A yes is for who has the case
// (ErrNotTheOwner), on an open case, by a person who may speak for her at this instant (maySpeak).
// Her no waits for nobody: everybody of the desk takes it, also on a closed case, and it changes
// nothing else.
func (c Case) AnswerCounting(by fact.By, cmd AnswerCounting, h work.Hands, rules Rules) ([]fact.Event, error) {
	if err := cmp.Or(c.mustHold(), known("/answer", cmd.Answer, code.YesNos)); err != nil {
		return nil, err
	}
	said := Counting{Answer: code.No, By: by.Principal}
	if cmd.Answer == code.Yes {
		if err := c.mayCount(by, cmd, h, rules); err != nil {
			return nil, err
		}
		said.Answer, said.Method, said.GivenBy, said.Assent = code.Yes, cmd.Method, cmd.GivenBy, cmd.Assent
	}
	if c.Counting != nil && c.Counting.Answer == said.Answer {
		return nil, nil
	}
	return fact.With(intakev1.CountingAnswered{Case: c.ID}, said), nil
}

// mayCount refuses a yes that is not hers to have recorded so.
func (c Case) mayCount(by fact.By, cmd AnswerCounting, h work.Hands, rules Rules) error {
	if err := cmp.Or(
		c.Handled(h),
		c.mustBeOpen(),
		known("/method", cmd.Method, code.ConsentMethods),
		known("/given_by", cmd.GivenBy, code.GivenByList),
	); err != nil {
		return err
	}
	e := Evidence{Method: cmd.Method, GivenBy: cmd.GivenBy, Assent: cmd.Assent}
	if e.Assent == code.Dissent {
		return ErrDissent.At("/assent", "not with a yes")
	}
	return cmp.Or(e.check(by), c.suspects(e), c.maySpeak(rules.of(c, by.At).Consent, "", e, by.At))
}

// uncounted ends a yes without a word of hers: where a commit of the case was found unreadable, she
// may have taken it back there.
func (c Case) uncounted(before time.Time) []fact.Event {
	if c.Counting == nil || c.Counting.Answer != code.Yes || !c.Counting.At.Before(before) {
		return nil
	}
	return fact.With(intakev1.CountingAnswered{Case: c.ID}, Counting{Answer: code.No})
}

// contributes says that the case is counted in figures: she said yes, and it stands, alone and for
// everybody to find. That nobody asked her is no yes.
func (c Case) contributes() bool {
	return c.Counting != nil && c.Counting.Answer == code.Yes && !c.Restricted && !c.InError && c.Into == ""
}

// countingAnswered is the case after her answer.
func (c Case) countingAnswered(e fact.Event) Case {
	said, _ := e.Private.(Counting)
	said.At = e.At
	c.Counting = &said
	return c
}
