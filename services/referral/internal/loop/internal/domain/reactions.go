package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Facts of other services arrive late, twice and in any order. A fact that says
// nothing new is no error: nothing happens. A fact that does not agree with the
// referral (agree.go) is refused.

// Agency is what a referral for a service knows of an agency. The type has no name, so
// that the directory, which makes it, need not know the loop.
type Agency = struct {
	// Country is where its office hours count.
	Country code.Country
	// TwoStepDenial says that a supervisor of it confirms each decline.
	TwoStepDenial bool
	// Declines is why it takes no such referrals; empty while it does.
	Declines code.DeclineReason
}

// Agencies gives the agencies that a request asks.
type Agencies func(name string) look.Fresh[Agency]

// OnServiceRequested makes the referral and its offers. The network declines at
// once for an agency that cannot take it: a request that nobody will answer must
// not wait for its deadline. The same request again changes nothing. Another
// request under the same name is refused.
func (r Referral) OnServiceRequested(by fact.By, e intakev1.ServiceRequested, agencies Agencies, programmes programme.Set) ([]fact.Event, error) {
	d := request(e)
	if r.Exists() {
		return nil, agree.Same("/referral", r.Request, printOf(d))
	}
	d.Policy = policy(by.At, programmes, Place{e.Country, e.Programme}, e.Service, e.Urgency, cmp.Or(e.Mode, code.Directed), agencies(e.Recipient).Value())
	d.Due = d.Policy.RespondBy
	events := fact.Of(d)
	r = r.Evolve(events[0])
	for _, agency := range r.Asked() {
		next := []fact.Event{offer(d, agency)}
		if reason := agencies(agency).Value().Declines; reason != "" {
			next = r.drop(agency, reason)
		} else if r.Mode == code.Queue {
			continue
		}
		events = append(events, next...)
		for _, e := range next {
			r = r.Evolve(e)
		}
	}
	return events, nil
}

// AgencyGone declines for an agency that was suspended, or left the directory,
// before it answered. A referral that it has taken stays with it.
func (r Referral) AgencyGone(name string, agency look.Fresh[Agency]) ([]fact.Event, error) {
	reason := agency.Value().Declines
	if reason == "" || !r.can(declineFor) || r.Recipient != name && r.candidate(name) < 0 {
		return nil, nil
	}
	return r.drop(name, reason), nil
}

// Reroute notes that another referral replaces one that nobody took.
func (r Referral) Reroute(e intakev1.ServiceRequested) ([]fact.Event, error) {
	if err := r.Yields(e); err != nil || !r.can(reroute) {
		return nil, err
	}
	return fact.Of(referralv1.Rerouted{Loop: r.turn(), Successor: e.Referral}), nil
}

// OnConsentWithdrawn takes the end of a consent to a referral that stands on it.
func (r Referral) OnConsentWithdrawn(_ fact.By, e intakev1.ConsentWithdrawn) ([]fact.Event, error) {
	if err := r.StandsOn(e); err != nil {
		return nil, err
	}
	return r.ConsentEnds(e.Consent)
}

// ConsentEnds takes a consent's end to all that stands on it, beside others or alone: the
// referral ends, a candidate leaves, and the recipient of an ended referral is told to let go of
// the data, whatever its agencies want.
func (r Referral) ConsentEnds(consent string) ([]fact.Event, error) {
	return r.consentsEnd(withdraw, func(id string, _ time.Time) bool { return id == consent }), nil
}

// consentsEnd is ConsentEnds for the verb with which the referral itself ends: she took a
// consent back, or it ran out.
func (r Referral) consentsEnd(v verb, ended func(id string, expires time.Time) bool) []fact.Event {
	var events []fact.Event
	last, left := "", 0
	for _, s := range r.stands() {
		lost := s.lost(ended)
		if lost == "" {
			left++
			continue
		}
		if last = lost; r.candidate(s.agency) >= 0 {
			events = append(events, r.release(s.agency, code.ReleasedConsentEnded, ""))
		}
	}
	if left > 0 || last == "" {
		return events
	}
	switch {
	case r.can(v) && v == lapse:
		events = append(events, fact.Event{Data: referralv1.Lapsed{Loop: r.turn(), Consent: last}})
	case r.can(v):
		events = append(events, fact.Event{Data: referralv1.Withdrawn{Loop: r.turn(), Consent: last}})
	case r.can(recall) && r.Holds():
		events = append(events, fact.Event{Data: referralv1.Recalled{Loop: r.Loop, Consent: last}})
	}
	return events
}

// OnMatterStarted starts the service.
func (r Referral) OnMatterStarted(_ fact.By, e legalaidv1.MatterStarted) ([]fact.Event, error) {
	return r.startedBy(legal(e.Work))
}

// OnPlanStarted starts the service.
func (r Referral) OnPlanStarted(_ fact.By, e psychosocialv1.PlanStarted) ([]fact.Event, error) {
	return r.startedBy(support(e.Work))
}

// OnExaminationStarted starts the service.
func (r Referral) OnExaminationStarted(_ fact.By, e forensicv1.ExaminationStarted) ([]fact.Event, error) {
	return r.startedBy(forensic(e.Work))
}

// OnMatterContactProblem notes that she was not reached.
func (r Referral) OnMatterContactProblem(_ fact.By, e legalaidv1.MatterContactProblem) ([]fact.Event, error) {
	return r.notReachedBy(legal(e.Work))
}

// OnPlanContactProblem notes that she was not reached.
func (r Referral) OnPlanContactProblem(_ fact.By, e psychosocialv1.PlanContactProblem) ([]fact.Event, error) {
	return r.notReachedBy(support(e.Work))
}

// OnExaminationContactProblem notes that she was not reached.
func (r Referral) OnExaminationContactProblem(_ fact.By, e forensicv1.ExaminationContactProblem) ([]fact.Event, error) {
	return r.notReachedBy(forensic(e.Work))
}

// OnMatterClosed completes the referral.
func (r Referral) OnMatterClosed(_ fact.By, e legalaidv1.MatterClosed) ([]fact.Event, error) {
	return r.completedBy(legal(e.Work), e.Outcome)
}

// OnPlanClosed completes the referral.
func (r Referral) OnPlanClosed(_ fact.By, e psychosocialv1.PlanClosed) ([]fact.Event, error) {
	return r.completedBy(support(e.Work), e.Outcome)
}

// OnExaminationClosed completes the referral.
func (r Referral) OnExaminationClosed(_ fact.By, e forensicv1.ExaminationClosed) ([]fact.Event, error) {
	return r.completedBy(forensic(e.Work), e.Outcome)
}

// OnMatterEnded notes that the matter is closed to readers.
func (r Referral) OnMatterEnded(_ fact.By, e legalaidv1.MatterEnded) ([]fact.Event, error) {
	return r.closedBy(legal(e.Work), e.Erasure)
}

// OnPlanEnded notes that the plan is closed to readers.
func (r Referral) OnPlanEnded(_ fact.By, e psychosocialv1.PlanEnded) ([]fact.Event, error) {
	return r.closedBy(support(e.Work), e.Erasure)
}

// OnExaminationEnded notes that the examination is closed to readers.
func (r Referral) OnExaminationEnded(_ fact.By, e forensicv1.ExaminationEnded) ([]fact.Event, error) {
	return r.closedBy(forensic(e.Work), e.Erasure)
}

// closedBy notes, once, that the recipient's record on this network is closed to
// readers. Of its copies that says nothing: a person of the recipient does.
func (r Referral) closedBy(w work, erasure code.Erasure) ([]fact.Event, error) {
	if err := r.agrees(w); err != nil || erasure == "" || r.RecalledAt.IsZero() || !r.letting().ClosedAt.IsZero() {
		return nil, err
	}
	return fact.Of(referralv1.ClosedToReaders{Loop: r.Loop}), nil
}

func (r Referral) startedBy(w work) ([]fact.Event, error) {
	if err := r.agrees(w); err != nil {
		return nil, err
	}
	return r.started(w.turn, false)
}

// notReachedBy notes what a room says of contact. It tells no attempt and no
// attendance, so it moves nothing.
func (r Referral) notReachedBy(w work) ([]fact.Event, error) {
	if err := r.agrees(w); err != nil || !r.can(contact) || w.turn < r.Round {
		return nil, err
	}
	return fact.Of(referralv1.Contacted{Loop: r.Loop, Result: code.NotReached}), nil
}

func (r Referral) completedBy(w work, outcome code.Outcome) ([]fact.Event, error) {
	if err := r.agrees(w); err != nil {
		return nil, err
	}
	return r.completed(outcome, w.turn, false)
}

// started starts the service. What was done before the referral was taken up
// again, by its turn, was another service.
func (r Referral) started(turn int, told referralv1.Told) ([]fact.Event, error) {
	if !r.can(start) || turn < r.Round {
		return nil, nil
	}
	return fact.Of(referralv1.Started{Loop: r.turn(), Told: told}), nil
}

func (r Referral) completed(outcome code.Outcome, turn int, told referralv1.Told) ([]fact.Event, error) {
	if !r.can(complete) || turn < r.Round {
		return nil, nil
	}
	return fact.Of(referralv1.Completed{Loop: r.turn(), Outcome: outcome, Round: r.Round, Told: told}), nil
}
