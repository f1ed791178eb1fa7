package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Facts of other services arrive late, twice and in any order. A fact that
// says nothing new is no error: nothing happens.

// OnServiceRequested offers the referral to its recipient. When the recipient
// cannot take it, the network says so for it, in the same breath: a request
// that nobody will answer must not wait for its deadline.
func (r Referral) OnServiceRequested(by fact.By, e intakev1.ServiceRequested, to Agency) ([]fact.Event, error) {
	if r.Exists() {
		return nil, nil
	}
	loop := referralv1.Loop{Referral: e.Referral, Case: e.Case, Sender: e.Sender, Recipient: e.Recipient, Service: e.Service}
	events := fact.Of(referralv1.Requested{
		Loop:           loop,
		Urgency:        e.Urgency,
		Consent:        e.Consent,
		Purpose:        e.Purpose,
		Categories:     e.Categories,
		ConsentExpires: e.ConsentExpires,
		Due:            by.At.Add(answerWithin[e.Urgency]),
	})
	if reason, refuses := to.Refuses(e.Service); refuses {
		events = append(events, fact.Event{Data: referralv1.Declined{Loop: loop, Reason: reason}})
	}
	return events, nil
}

// Withdraw ends the referral because the consent on which it stands has ended,
// whatever its agencies want.
func (r Referral) Withdraw(fact.By) ([]fact.Event, error) {
	if !r.can(code.Withdrawn) {
		return nil, nil
	}
	return fact.Of(referralv1.Withdrawn{Loop: r.Loop, Consent: r.Consent}), nil
}

// ConsentDue withdraws the referral when its consent runs out before it ended.
func (r Referral) ConsentDue(by fact.By) ([]fact.Event, error) {
	if r.Open() && by.At.Before(r.ConsentExpires) {
		return nil, ErrNotDue
	}
	return r.Withdraw(by)
}

// ResponseDue marks the referral as overdue.
func (r Referral) ResponseDue(by fact.By) ([]fact.Event, error) {
	switch {
	case !r.awaitsAnswer():
		return nil, nil
	case by.At.Before(r.Due):
		return nil, ErrNotDue
	}
	return fact.Of(referralv1.Overdue{Loop: r.Loop, Due: r.Due}), nil
}

// OnAdviceGiven starts the service.
func (r Referral) OnAdviceGiven(fact.By, legalaidv1.AdviceGiven) ([]fact.Event, error) {
	return r.started()
}

// OnSessionRecorded starts the service, if the survivor came.
func (r Referral) OnSessionRecorded(_ fact.By, e psychosocialv1.SessionRecorded) ([]fact.Event, error) {
	if e.Attendance != code.Attended {
		return nil, nil
	}
	return r.started()
}

// OnExaminationRecorded starts the service.
func (r Referral) OnExaminationRecorded(fact.By, forensicv1.ExaminationRecorded) ([]fact.Event, error) {
	return r.started()
}

// OnMatterClosed completes the referral.
func (r Referral) OnMatterClosed(_ fact.By, e legalaidv1.MatterClosed) ([]fact.Event, error) {
	return r.completed(e.Outcome)
}

// OnPlanClosed completes the referral.
func (r Referral) OnPlanClosed(_ fact.By, e psychosocialv1.PlanClosed) ([]fact.Event, error) {
	return r.completed(e.Outcome)
}

// OnExaminationClosed completes the referral.
func (r Referral) OnExaminationClosed(_ fact.By, e forensicv1.ExaminationClosed) ([]fact.Event, error) {
	return r.completed(e.Outcome)
}

func (r Referral) started() ([]fact.Event, error) {
	if !r.can(code.InService) {
		return nil, nil
	}
	return fact.Of(referralv1.Started{Loop: r.Loop}), nil
}

func (r Referral) completed(outcome code.Outcome) ([]fact.Event, error) {
	if !r.can(code.Completed) {
		return nil, nil
	}
	return fact.Of(referralv1.Completed{Loop: r.Loop, Outcome: outcome}), nil
}
