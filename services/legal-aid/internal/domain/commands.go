package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// GiveAdvice records what the survivor was advised.
type GiveAdvice struct {
	Topic   code.LegalTopic `json:"topic"`
	Summary string          `json:"summary"`
	// GivenAt is when it was given. Zero: now.
	GivenAt time.Time `json:"given_at,omitzero"`
}

// ApplyProtectionOrder records that a court was asked for protection.
type ApplyProtectionOrder struct {
	Court    string `json:"court"`
	Measures string `json:"measures"`
	// Protected are the names of those whom the order is to protect, and Respondents of those
	// against whom it is.
	Protected   []string `json:"protected,omitempty"`
	Respondents []string `json:"respondents,omitempty"`
	// AppliedAt is when the court was asked. Zero: now.
	AppliedAt time.Time `json:"applied_at,omitzero"`
}

// RecordOrderResult records what the court answered.
type RecordOrderResult struct {
	Application string           `json:"application"`
	Result      code.OrderResult `json:"result"`
	// ValidUntil is the last instant of the order; zero when none was set.
	ValidUntil time.Time `json:"valid_until,omitzero"`
	// DecidedAt is when the court answered. Zero: now.
	DecidedAt time.Time `json:"decided_at,omitzero"`
	// Replaces is the version of the answer that this one corrects, and Reason why.
	Replaces string           `json:"replaces,omitempty"`
	Reason   code.AmendReason `json:"reason,omitempty"`
}

// GiveAdvice records advice on an open matter. Errors: work.ErrDate.
func (m Matter) GiveAdvice(by fact.By, cmd GiveAdvice) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/topic", cmd.Topic, code.LegalTopics); err != nil {
		return nil, err
	}
	at, err := work.Took("/given_at", cmd.GivenAt, by.At)
	if err != nil {
		return nil, err
	}
	return work.Begin(m, fact.With(
		legalaidv1.AdviceGiven{Work: m.Work, Advice: by.ID("adv", 0), Topic: cmd.Topic},
		Told{GivenAt: at, Advice: Advice{Summary: cmd.Summary}},
	)), nil
}

// ApplyProtectionOrder records one more application on an open matter. Errors:
// work.ErrDate.
func (m Matter) ApplyProtectionOrder(by fact.By, cmd ApplyProtectionOrder) ([]fact.Event, error) {
	if err := m.MustBeOpen(); err != nil {
		return nil, err
	}
	at, err := work.Took("/applied_at", cmd.AppliedAt, by.At)
	if err != nil {
		return nil, err
	}
	return work.Begin(m, fact.With(
		legalaidv1.ProtectionOrderApplied{Work: m.Work, Application: by.ID("app", 0)},
		Applied{AppliedAt: at, Petition: cmd.petition()},
	)), nil
}

// petition is what the court was asked for.
func (cmd ApplyProtectionOrder) petition() Petition {
	return Petition{Court: cmd.Court, Measures: cmd.Measures, Protected: cmd.Protected, Respondents: cmd.Respondents}
}

// RecordOrderResult records the answer to one of the matter's applications. An
// interim order may still be followed by a final answer; a final answer stands
// (ErrDecided). A court does not wait for a consent, and an order protects her: so the
// answer is recorded also while the matter rests. An order does not end before the court
// made it (ErrValidity). What was recorded wrongly is corrected by a new version that names
// the old, also on a closed matter; only the answer that stands now can be corrected
// (ErrNotTheAnswer). From now on runs the programme's time in which an order is to be served, and
// until which it does not end soon. Errors: work.ErrDate, work.ErrEntryInError.
func (m Matter) RecordOrderResult(by fact.By, cmd RecordOrderResult, rules Rules) ([]fact.Event, error) {
	if err := m.MayDoDuties(); err != nil && (cmd.Replaces == "" || m.MayAmend() != nil) {
		return nil, err
	}
	if err := work.Known("/result", cmd.Result, code.OrderResults); err != nil {
		return nil, err
	}
	i := m.order(cmd.Application)
	if i < 0 {
		return nil, ErrUnknownApplication.At("/application", "exists")
	}
	if err := m.Orders[i].takes(cmd); err != nil {
		return nil, err
	}
	at, err := work.Took("/decided_at", cmd.DecidedAt, by.At)
	if err != nil {
		return nil, err
	}
	if !cmd.ValidUntil.IsZero() && cmd.ValidUntil.Before(at) {
		return nil, ErrValidity.At("/valid_until", "not before decided_at")
	}
	half := Decision{By: by.Principal, Decided: Decided{DecidedAt: at, Ruling: Ruling{ValidUntil: cmd.ValidUntil}}}
	if over := !cmd.ValidUntil.IsZero() && !cmd.ValidUntil.After(by.At); cmd.Result != code.OrderRefused && !over {
		law := rules.of(m, by.At)
		half.Clock = Clock{ServeBy: after(by.At, law.Serve), EndsSoonAt: ahead(cmd.ValidUntil, law.Expiring, by.At)}
	}
	return fact.With(
		legalaidv1.ProtectionOrderDecided{Work: m.Work, Application: cmd.Application, Result: cmd.Result, Ruling: by.ID("rul", 0), Replaces: cmd.Replaces, Reason: cmd.Reason},
		half,
	), nil
}

// takes gives the reason why an application takes no such answer.
func (o Order) takes(cmd RecordOrderResult) error {
	switch {
	case o.InError:
		return work.ErrEntryInError.At("/application", "not in error")
	case cmd.Replaces != "" && (o.Result == "" || cmd.Replaces != o.Answer.ID):
		return ErrNotTheAnswer.At("/replaces", "the answer that stands")
	case cmd.Replaces != "":
		return work.Known("/reason", cmd.Reason, code.AmendReasons)
	case cmd.Reason != "":
		return work.ErrAmendment.At("/replaces", "required with a reason")
	case o.Result == code.OrderGranted || o.Result == code.OrderRefused:
		return ErrDecided
	}
	return nil
}

// Close ends the work on an open matter, also before its conflict check. Errors: that of
// mayClose.
func (m Matter) Close(by fact.By, cmd work.Close) ([]fact.Event, error) {
	if err := cmp.Or(m.mayClose(), m.mayNotTake(cmd)); err != nil {
		return nil, err
	}
	return work.In[Matter](work.Work.Close)(m, by, cmd)
}
