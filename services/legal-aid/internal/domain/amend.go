package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Amend is the command that puts an entry right: advice or an application is written anew,
// whole; advice, an application or a court's answer was entered in error. A court's answer
// is never written anew: RecordOrderResult puts another in its place.
type Amend struct {
	work.Entry
	Advice      *GiveAdvice           `json:"advice,omitempty"`
	Application *ApplyProtectionOrder `json:"application,omitempty"`
}

// Amendment is the private half of MatterAmended.
type Amendment struct {
	work.Amender
	Advice      *Said    `json:"advice,omitempty"`
	Application *Applied `json:"application,omitempty"`
}

// Amend puts an entry right, also of a closed matter. A date that is left out stays as it
// is. An application that the court has answered is not taken back before its answer is
// (ErrDecided). Errors: those of work.MayAmend and work.Entry, work.ErrEntryUnknown,
// work.ErrEntryInError, work.ErrDate.
func (m Matter) Amend(by fact.By, cmd Amend) ([]fact.Event, error) {
	if err := m.MayAmend(); err != nil {
		return nil, err
	}
	if err := cmd.Check(cmd.Advice != nil, cmd.Application != nil); err != nil {
		return nil, err
	}
	a := Amendment{Amender: cmd.Amender(by)}
	var err error
	switch advice, order, ruling := m.advice(cmd.Entry.Entry), m.order(cmd.Entry.Entry), m.ruling(cmd.Entry.Entry); {
	case advice >= 0:
		a.Advice, err = m.Advice[advice].anew(cmd, by.At)
	case order >= 0:
		a.Application, err = m.Orders[order].anew(cmd, by.At)
	case ruling < 0:
		err = work.ErrEntryUnknown.At("/entry", "exists")
	case !cmd.InError:
		err = work.ErrAmendment.At("/entry", "not an answer of a court")
	}
	if err != nil {
		return nil, err
	}
	return fact.With(legalaidv1.MatterAmended{Work: m.Work, Entry: cmd.Entry.Entry, Reason: cmd.Reason}, a), nil
}

// anew is the advice as it is written anew; nil where it was entered in error.
func (a Advised) anew(cmd Amend, now time.Time) (*Said, error) {
	switch {
	case a.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Advice == nil:
		return nil, work.ErrAmendment.At("/advice", "required")
	}
	if err := work.Known("/advice/topic", cmd.Advice.Topic, code.LegalTopics); err != nil {
		return nil, err
	}
	at, err := work.Took("/advice/given_at", work.Dated(cmd.Advice.GivenAt, a.At), now)
	return &Said{At: at, Topic: cmd.Advice.Topic, Advice: Advice{Summary: cmd.Advice.Summary}}, err
}

// anew is the application as it is written anew; nil where it was entered in error.
func (o Order) anew(cmd Amend, now time.Time) (*Applied, error) {
	switch {
	case o.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError && o.Result != "":
		return nil, ErrDecided
	case cmd.InError:
		return nil, nil
	case cmd.Application == nil:
		return nil, work.ErrAmendment.At("/application", "required")
	}
	at, err := work.Took("/application/applied_at", work.Dated(cmd.Application.AppliedAt, o.AppliedAt), now)
	return &Applied{AppliedAt: at, Petition: Petition{Court: cmd.Application.Court, Measures: cmd.Application.Measures}}, err
}

// amended is the matter after an amendment.
func (m Matter) amended(d legalaidv1.MatterAmended, a Amendment, at time.Time) Matter {
	if i := m.advice(d.Entry); i >= 0 {
		m.Advice = slices.Clone(m.Advice)
		e := &m.Advice[i]
		e.Before = append(slices.Clip(e.Before), work.Before[Said]{At: at, By: a.By, Reason: d.Reason, What: e.Said})
		e.Said, e.InError = work.Anew(a.Advice), a.InError
	}
	if i := m.order(d.Entry); i >= 0 {
		m.Orders = slices.Clone(m.Orders)
		o := &m.Orders[i]
		o.Before = append(slices.Clip(o.Before), work.Before[Applied]{At: at, By: a.By, Reason: d.Reason, What: o.Applied})
		o.Applied, o.InError = work.Anew(a.Application), a.InError
	}
	if i := m.ruling(d.Entry); i >= 0 {
		m.Orders = slices.Clone(m.Orders)
		m.Orders[i] = m.Orders[i].answered(Answer{}, work.Before[Answer]{At: at, By: a.By, Reason: d.Reason})
	}
	return m
}

// decided is the matter after a court answered, or after its answer was corrected. What
// stood there before is kept: a court went on from it, or a person had it wrong.
func (m Matter) decided(d legalaidv1.ProtectionOrderDecided, by Decision, at time.Time) Matter {
	i := m.order(d.Application)
	if i < 0 {
		return m
	}
	reason := d.Reason
	if reason == "" {
		reason = code.Change
	}
	answer := Answer{ID: work.EntryID("rul", d.Ruling, m.Matter, i, len(m.Orders[i].Earlier)), Result: d.Result, Decided: by.Decided}
	answer.DecidedAt = work.Dated(answer.DecidedAt, at)
	m.Orders = slices.Clone(m.Orders)
	m.Orders[i] = m.Orders[i].answered(answer, work.Before[Answer]{At: at, By: by.By, Reason: reason})
	return m
}

// answered is the order with another answer, or none, in the place of what stood there.
func (o Order) answered(now Answer, before work.Before[Answer]) Order {
	if o.Result != "" {
		before.What = o.Answer
		o.Earlier = append(slices.Clip(o.Earlier), before)
	}
	o.Answer = now
	return o
}

// advice is the index of a piece of advice, or -1.
func (m Matter) advice(id string) int {
	return slices.IndexFunc(m.Advice, func(a Advised) bool { return a.ID == id })
}

// ruling is the index of the order that holds an answer of a court now, or -1.
func (m Matter) ruling(id string) int {
	return slices.IndexFunc(m.Orders, func(o Order) bool { return o.Result != "" && o.Answer.ID == id })
}
