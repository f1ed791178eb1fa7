package call

import (
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
)

// Draft writes a call. Errors: ErrTerms.
func (c Call) Draft(by fact.By, cmd Terms) ([]fact.Event, error) {
	if c.Exists() {
		return nil, ErrNotFound
	}
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	id, _, _ := strings.Cut(by.Commit, "/")
	return fact.With(trustfundv1.CallDrafted{Call: id}, cmd), nil
}

// Amend writes a draft anew, as a whole. Errors: ErrPublished, ErrTerms.
func (c Call) Amend(by fact.By, cmd Terms) ([]fact.Event, error) {
	if err := c.mayAmend(by); err != nil {
		return nil, err
	}
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	return fact.With(trustfundv1.CallDrafted{Call: c.ID}, cmd), nil
}

// Publish lets everybody read the call. A call that closes in the past is not published
// (ErrTerms). Errors: ErrPublished.
func (c Call) Publish(by fact.By, _ struct{}) ([]fact.Event, error) {
	if err := c.mayAmend(by); err != nil {
		return nil, err
	}
	if !c.Deadline.After(by.At) {
		return nil, ErrTerms.At("/closes", "not in the past")
	}
	return fact.Of(trustfundv1.CallPublished{Call: c.ID}), nil
}

// Extend has a call close later. It is also the private half of CallExtended.
type Extend struct {
	Closes string `json:"closes"`
	Reason string `json:"reason"`
}

// Extend has an open call close later, for all. A call that has closed stays closed: some were
// refused already. Errors: ErrNotPublished, ErrClosed, ErrTerms.
func (c Call) Extend(by fact.By, cmd Extend) ([]fact.Event, error) {
	if err := c.mayExtend(by); err != nil {
		return nil, err
	}
	if later := last(cmd.Closes); !later.After(c.Deadline) {
		return nil, ErrTerms.At("/closes", "later than it closes now")
	}
	return fact.With(trustfundv1.CallExtended{Call: c.ID}, cmd), nil
}

// Revoke takes a call back. It is also the private half of CallRevoked.
type Revoke struct {
	Reason string `json:"reason"`
}

// Revoke takes a call back before its deadline, with a reason that all applicants see. Errors:
// ErrNotPublished, ErrClosed.
func (c Call) Revoke(by fact.By, cmd Revoke) ([]fact.Event, error) {
	if err := c.mayRevoke(by); err != nil {
		return nil, err
	}
	return fact.With(trustfundv1.CallRevoked{Call: c.ID}, cmd), nil
}

// Ask asks about a call.
type Ask struct {
	Question string `json:"question"`
}

// Asked is the private half of ClarificationAsked.
type Asked struct {
	Agency   string `json:"agency"`
	Question string `json:"question"`
}

// Ask asks a question about a published call before its deadline. Errors: ErrNotPublished,
// ErrClosed.
func (c Call) Ask(by fact.By, cmd Ask) ([]fact.Event, error) {
	if err := c.mayAsk(by); err != nil {
		return nil, err
	}
	return fact.With(trustfundv1.ClarificationAsked{Call: c.ID, Clarification: by.ID(QuestionPrefix, 0)}, Asked{by.Agency, cmd.Question}), nil
}

// Answer answers a question to all at once. The question is told as the secretariat writes it,
// so that it names nobody.
type Answer struct {
	Clarification string `json:"clarification"`
	Answered
}

// Answered is the private half of ClarificationGiven.
type Answered struct {
	Answer string `json:"answer"`
}

// Answer answers a question. Errors: ErrNotPublished, ErrClosed, ErrClarification.
func (c Call) Answer(by fact.By, cmd Answer) ([]fact.Event, error) {
	if err := c.mayExtend(by); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(c.Clarifications, func(q Clarification) bool { return q.ID == cmd.Clarification && q.Answer == "" }) {
		return nil, ErrClarification
	}
	return fact.With(trustfundv1.ClarificationGiven{Call: c.ID, Clarification: cmd.Clarification}, cmd.Answered), nil
}

func (c Call) mayAmend(by fact.By) error {
	switch {
	case !c.Visible(by) || !manages(by):
		return ErrNotFound
	case c.Status != code.CallDraft:
		return ErrPublished
	}
	return nil
}

func (c Call) mayExtend(by fact.By) error {
	if !c.Visible(by) || !manages(by) {
		return ErrNotFound
	}
	return c.before(by)
}

func (c Call) mayRevoke(by fact.By) error { return c.mayExtend(by) }

func (c Call) mayAsk(by fact.By) error {
	if !c.Visible(by) {
		return ErrNotFound
	}
	return c.before(by)
}

// before says that a call is published and not closed yet.
func (c Call) before(by fact.By) error {
	switch {
	case c.Status != code.CallPublished:
		return ErrNotPublished
	case by.At.After(c.Deadline):
		return ErrClosed
	}
	return nil
}

// Commands says which commands a call takes.
func (Call) Commands() command.Table[Call] {
	return command.Table[Call]{
		"amendCall":         {When: Call.mayAmend},
		"publishCall":       {When: Call.mayAmend},
		"extendCall":        {When: Call.mayExtend},
		"revokeCall":        {When: Call.mayRevoke},
		"askClarification":  {When: Call.mayAsk},
		"giveClarification": {When: Call.mayExtend},
	}
}
