package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Amend is the command that puts an entry right: advice, an application, a proceeding, a step of
// one or a document is written anew, whole; any entry was entered in error. A court's answer
// is never written anew: RecordOrderResult puts another in its place. Neither are others: they
// were entered in error, and are recorded once more.
type Amend struct {
	work.Entry
	Advice      *GiveAdvice           `json:"advice,omitempty"`
	Application *ApplyProtectionOrder `json:"application,omitempty"`
	Proceeding  *OpenProceeding       `json:"proceeding,omitempty"`
	Step        *StepAnew             `json:"step,omitempty"`
	Document    *KeepDocument         `json:"document,omitempty"`
}

// StepAnew is a step of a proceeding as it is written anew. It stays with its proceeding.
type StepAnew struct {
	Step      code.ProceedingStep `json:"step"`
	SteppedAt time.Time           `json:"stepped_at,omitzero"`
	Notes     string              `json:"notes,omitempty"`
}

// Amendment is the private half of MatterAmended.
type Amendment struct {
	work.Amender
	Advice      *Said    `json:"advice,omitempty"`
	Application *Applied `json:"application,omitempty"`
	Proceeding  *Docket  `json:"proceeding,omitempty"`
	Step        *Stepped `json:"step,omitempty"`
	Document    *Paper   `json:"document,omitempty"`
}

// Amend puts an entry right, also of a closed matter. A date that is left out stays as it
// is. An application that the court has answered is not taken back before its answer is
// (ErrDecided). Errors: those of work.MayAmend and work.Entry, work.ErrEntryUnknown,
// work.ErrEntryInError, work.ErrDate.
func (m Matter) Amend(by fact.By, cmd Amend) ([]fact.Event, error) {
	if err := m.MayAmend(); err != nil {
		return nil, err
	}
	if err := cmd.Check(cmd.Advice != nil, cmd.Application != nil, cmd.Proceeding != nil, cmd.Step != nil, cmd.Document != nil); err != nil {
		return nil, err
	}
	a := Amendment{Amender: cmd.Amender(by)}
	if err := m.amends(&a, cmd, by.At); err != nil {
		return nil, err
	}
	return fact.With(legalaidv1.MatterAmended{Work: m.Work, Entry: cmd.Entry.Entry, Reason: cmd.Reason}, a), nil
}

// amends fills in what is written anew of the entry.
func (m Matter) amends(a *Amendment, cmd Amend, now time.Time) (err error) {
	id := cmd.Entry.Entry
	if i := m.advice(id); i >= 0 {
		a.Advice, err = m.Advice[i].anew(cmd, now)
		return err
	}
	if i := m.order(id); i >= 0 {
		a.Application, err = m.Orders[i].anew(cmd, now)
		return err
	}
	if i := slices.IndexFunc(m.Proceedings, func(p Proceeding) bool { return p.ID == id }); i >= 0 {
		a.Proceeding, err = m.Proceedings[i].anew(cmd)
		return err
	}
	if i := slices.IndexFunc(m.Steps, func(s Step) bool { return s.ID == id }); i >= 0 {
		a.Step, err = m.Steps[i].anew(cmd, now)
		return err
	}
	if i := slices.IndexFunc(m.Documents, func(d Document) bool { return d.ID == id }); i >= 0 {
		a.Document, err = m.Documents[i].anew(m, cmd)
		return err
	}
	switch stands, there := m.stands(id); {
	case !there:
		return work.ErrEntryUnknown.At("/entry", "exists")
	case !stands:
		return work.ErrEntryInError.At("/entry", "not in error")
	case !cmd.InError:
		return work.ErrAmendment.At("/entry", "not an answer of a court")
	}
	return nil
}

// stands says of an entry that is never written anew whether it is there, and was not entered in
// error.
func (m Matter) stands(id string) (stands, there bool) {
	if m.ruling(id) >= 0 {
		return true, true
	}
	note := func(of string, inError bool) {
		if of == id {
			stands, there = !inError, true
		}
	}
	for _, s := range m.Served {
		note(s.ID, s.InError)
	}
	for _, c := range m.Changes {
		note(c.ID, c.InError)
	}
	for _, h := range m.Hearings {
		note(h.ID, h.InError)
	}
	for _, e := range m.Eligibility {
		note(e.ID, e.InError)
	}
	for _, e := range m.Explained {
		note(e.ID, e.InError)
	}
	for _, c := range m.Chosen {
		note(c.ID, c.InError)
	}
	return stands, there
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
	return &Applied{AppliedAt: at, Petition: cmd.Application.petition()}, err
}

// anew is the proceeding as it is written anew; nil where it was entered in error.
func (p Proceeding) anew(cmd Amend) (*Docket, error) {
	switch {
	case p.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Proceeding == nil:
		return nil, work.ErrAmendment.At("/proceeding", "required")
	}
	is := Docket(*cmd.Proceeding)
	return &is, nil
}

// anew is the step as it is written anew; nil where it was entered in error.
func (s Step) anew(cmd Amend, now time.Time) (*Stepped, error) {
	switch {
	case s.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Step == nil:
		return nil, work.ErrAmendment.At("/step", "required")
	}
	if err := work.Known("/step/step", cmd.Step.Step, code.ProceedingSteps); err != nil {
		return nil, err
	}
	// A release is a duty to have her told: it is recorded, and not written anew out of another.
	if (cmd.Step.Step == code.StepReleased) != (s.Step == code.StepReleased) {
		return nil, work.ErrAmendment.At("/step/step", "a release stays one")
	}
	at, err := work.Took("/step/stepped_at", work.Dated(cmd.Step.SteppedAt, s.SteppedAt), now)
	return &Stepped{Step: cmd.Step.Step, SteppedAt: at, Notes: cmd.Step.Notes}, err
}

// anew is the document as it is written anew; nil where it was entered in error.
func (d Document) anew(m Matter, cmd Amend) (*Paper, error) {
	switch {
	case d.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Document == nil:
		return nil, work.ErrAmendment.At("/document", "required")
	}
	is, err := m.paper("/document", *cmd.Document)
	return &is, err
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
	m.Proceedings = changed(m.Proceedings, func(p Proceeding) bool { return p.ID == d.Entry }, func(p *Proceeding) {
		p.Before = append(slices.Clip(p.Before), work.Before[Docket]{At: at, By: a.By, Reason: d.Reason, What: p.Docket})
		p.Docket, p.InError = work.Anew(a.Proceeding), a.InError
	})
	m.Steps = changed(m.Steps, func(s Step) bool { return s.ID == d.Entry }, func(s *Step) {
		s.Before = append(slices.Clip(s.Before), work.Before[Stepped]{At: at, By: a.By, Reason: d.Reason, What: s.Stepped})
		s.Stepped, s.InError = work.Anew(a.Step), a.InError
	})
	m.Documents = changed(m.Documents, func(p Document) bool { return p.ID == d.Entry }, func(p *Document) {
		p.Before = append(slices.Clip(p.Before), work.Before[Paper]{At: at, By: a.By, Reason: d.Reason, What: p.Paper})
		p.Paper, p.InError = work.Anew(a.Document), a.InError
	})
	return m.withdrawn(d, a, at)
}

// withdrawn is the matter after an entry that is never written anew was entered in error.
func (m Matter) withdrawn(d legalaidv1.MatterAmended, a Amendment, at time.Time) Matter {
	m.Served = changed(m.Served, func(s Served) bool { return s.ID == d.Entry }, func(s *Served) {
		s.Before = append(slices.Clip(s.Before), work.Before[Service]{At: at, By: a.By, Reason: d.Reason, What: s.Service})
		s.Service, s.InError = Service{}, true
	})
	m.Changes = changed(m.Changes, func(c Change) bool { return c.ID == d.Entry }, func(c *Change) {
		c.Before = append(slices.Clip(c.Before), work.Before[Became]{At: at, By: a.By, Reason: d.Reason, What: c.Became})
		c.Became, c.EndsSoonAt, c.InError = Became{}, time.Time{}, true
	})
	m.Hearings = changed(m.Hearings, func(h Hearing) bool { return h.ID == d.Entry }, func(h *Hearing) {
		h.Before = append(slices.Clip(h.Before), work.Before[Sitting]{At: at, By: a.By, Reason: d.Reason, What: h.Sitting})
		h.Sitting, h.RemindAt, h.Moves, h.InError = Sitting{}, time.Time{}, nil, true
	})
	m.Eligibility = changed(m.Eligibility, func(e Eligibility) bool { return e.ID == d.Entry }, func(e *Eligibility) {
		e.Before = append(slices.Clip(e.Before), work.Before[Found]{At: at, By: a.By, Reason: d.Reason, What: e.Found})
		e.Found, e.Eligible, e.InError = Found{}, false, true
	})
	m.Explained = changed(m.Explained, func(e Explained) bool { return e.ID == d.Entry }, func(e *Explained) {
		e.Before = append(slices.Clip(e.Before), work.Before[Explanation]{At: at, By: a.By, Reason: d.Reason, What: e.Explanation})
		e.Explanation, e.InError = Explanation{}, true
	})
	m.Chosen = changed(m.Chosen, func(c Chosen) bool { return c.ID == d.Entry }, func(c *Chosen) {
		c.Before = append(slices.Clip(c.Before), work.Before[Choice]{At: at, By: a.By, Reason: d.Reason, What: c.Choice})
		c.Choice, c.InError = Choice{}, true
	})
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
	anew := d.Replaces == ""
	answer := Answer{ID: work.EntryID("rul", d.Ruling, m.Matter, i, len(m.Orders[i].Earlier)), Result: d.Result, Decided: by.Decided}
	answer.DecidedAt = work.Dated(answer.DecidedAt, at)
	m.Orders = slices.Clone(m.Orders)
	o := m.Orders[i].answered(answer, work.Before[Answer]{At: at, By: by.By, Reason: reason})
	if o.ServeBy, o.EndsSoonAt = by.ServeBy, by.EndsSoonAt; anew {
		o.Round, o.PlannedFor = o.Round+1, time.Time{}
	}
	m.Orders[i] = o
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
