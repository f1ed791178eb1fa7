package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A question is on record before its answer where she wants to think, or where somebody must be
// asked who is not there. It lets nobody see anything. Her yes or no takes its place, under its
// identifier: there is one record of one question.

// QuestionDeadline names the end of the time for which a question waits.
const QuestionDeadline = "question"

// questionWaits is for how long a question waits. What she was told then may be true no more.
const questionWaits = 14 * 24 * time.Hour

// RequestConsent is the command that puts a question on record.
type RequestConsent struct {
	Recipient  string          `json:"recipient"`
	Service    code.Service    `json:"service"`
	Purpose    code.Purpose    `json:"purpose"`
	Categories []code.Category `json:"categories"`
}

// Names is the agency that the question names.
func (c RequestConsent) Names() []Named { return []Named{{"/recipient", c.Recipient, true}} }

// RequestConsent records that she was asked and has not answered (ErrCategories, ErrUnknownCode).
// A question that waits already is not put twice.
func (c Case) RequestConsent(by fact.By, cmd RequestConsent) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if err := question(cmd.Recipient, cmd.Service, cmd.Purpose); err != nil {
		return nil, err
	}
	if len(cmd.Categories) == 0 {
		return nil, ErrCategories.At("/categories", "required")
	}
	if _, waits := c.waiting(cmd.Recipient, cmd.Service, cmd.Purpose); waits {
		return nil, nil
	}
	return fact.Of(intakev1.ConsentRequested{
		Case: c.ID, Consent: by.ID("cons", 0), Recipient: cmd.Recipient, Service: cmd.Service, Purpose: cmd.Purpose, Categories: cmd.Categories,
	}), nil
}

// waiting is the question that waits for her answer.
func (c Case) waiting(recipient string, service code.Service, purpose code.Purpose) (Consent, bool) {
	i := slices.IndexFunc(c.Consents, func(k Consent) bool {
		return k.Status == code.ConsentRequested && k.covers(recipient, service, purpose)
	})
	if i < 0 {
		return Consent{}, false
	}
	return c.Consents[i], true
}

// answered is the identifier of her answer: that of the question where one waits.
func (c Case) answered(by fact.By, recipient string, service code.Service, purpose code.Purpose) string {
	if k, waits := c.waiting(recipient, service, purpose); waits {
		return k.ID
	}
	return by.ID("cons", 0)
}

// saysNo answers the questions that wait, where she takes back what she gave to the same.
func (c Case) saysNo(paper *OnPaper, recipient string, service code.Service, purposes ...code.Purpose) (events []fact.Event) {
	for _, purpose := range purposes {
		if k, waits := c.waiting(recipient, service, purpose); waits {
			events = append(events, c.refusal(k.ID, recipient, service, purpose, paper))
		}
	}
	return events
}

// questions are those that wait, in the order in which they were put.
func (c Case) questions() (all []Consent) {
	for _, k := range c.Consents {
		if k.Status == code.ConsentRequested {
			all = append(all, k)
		}
	}
	return all
}

// asksConsent are the questions for which her desk waits.
func (c Case) asksConsent() []Consent {
	if c.Closed() {
		return nil
	}
	return c.questions()
}

// questionUntil is when the next question lapses; false where none waits.
func (c Case) questionUntil() (time.Time, bool) {
	all := c.questions()
	if len(all) == 0 {
		return time.Time{}, false
	}
	return all[0].AskedAt.Add(questionWaits), true
}

// QuestionDue lets the questions lapse that have waited long enough (ErrNotDue before that). It
// says nothing of what she wants: she may be asked again.
func (c Case) QuestionDue(by fact.By) (events []fact.Event, err error) {
	until, waits := c.questionUntil()
	if due, err := come(by, until, waits); !due {
		return nil, err
	}
	for _, k := range c.questions() {
		if !by.At.Before(k.AskedAt.Add(questionWaits)) {
			events = append(events, fact.Event{Data: intakev1.ConsentQuestionEnded{Case: c.ID, Consent: k.ID, Status: code.ConsentExpired}})
		}
	}
	return events, nil
}

// asking is the case after an event about a question.
func (c Case) asking(e fact.Event) Case {
	switch d := e.Data.(type) {
	case intakev1.ConsentRequested:
		c.Consents = append(slices.Clip(c.Consents), Consent{
			ID: d.Consent, Recipient: d.Recipient, Service: d.Service, Purpose: d.Purpose, Categories: d.Categories,
			Status: code.ConsentRequested, AskedAt: e.At,
		})
	case intakev1.ConsentQuestionEnded:
		ended, _ := e.Private.(Ended)
		c.Consents = slices.Clone(c.Consents)
		for i, k := range c.Consents {
			if k.ID == d.Consent {
				c.Consents[i].Status, c.Consents[i].EndGround = d.Status, ended.Ground
			}
		}
	}
	return c
}

// answers is the consents with her answer as the last. It takes the place of its question.
func (c Case) answers(k Consent) []Consent {
	others := make([]Consent, 0, len(c.Consents)+1)
	for _, one := range c.Consents {
		if one.ID == k.ID {
			k.AskedAt = one.AskedAt
			continue
		}
		others = append(others, one)
	}
	return append(others, k)
}
