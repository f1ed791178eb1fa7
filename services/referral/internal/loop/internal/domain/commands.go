package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/ending"
)

// Receive says that the referral was opened and read.
type Receive struct{}

// Accept takes a referral.
type Accept struct {
	// ByCode says that the agency has no account.
	ByCode bool `json:"-"`
}

// Decline does not take a referral.
type Decline struct {
	Reason code.DeclineReason `json:"reason"`
}

// Review is what a supervisor says of a proposed decline.
type Review struct{}

// Start says that the service is under way.
type Start struct{}

// Complete says how the service ended.
type Complete struct {
	Outcome code.Outcome `json:"outcome"`
}

// Cancel calls a referral off.
type Cancel struct {
	Reason code.CancelReason `json:"reason"`
}

// Continue says that the service goes on although the sender asked to call the
// referral off.
type Continue struct{}

// EnterInError says that a referral should never have been made.
type EnterInError struct{}

// Report says how the survivor herself sees what came of it.
type Report struct {
	Outcome code.SurvivorOutcome `json:"outcome"`
}

// Assign names the person who looks after the referral.
type Assign struct {
	Worker string `json:"worker"`
}

// Receive notes that an asked agency has opened the referral. A second opening
// is nothing new.
func (r Referral) Receive(by fact.By, _ Receive) ([]fact.Event, error) {
	if err := r.may(by, receive); err != nil {
		return nil, err
	}
	i := r.candidate(by.Agency)
	if i < 0 && r.Status == code.Received || i >= 0 && !r.Candidates[i].ReceivedAt.IsZero() {
		return nil, nil
	}
	loop := r.Loop
	if r.Status == code.Requested {
		loop = r.turn()
	}
	return fact.Of(referralv1.Received{Loop: loop, Agency: by.Agency}), nil
}

// Accept takes the referral for its recipient, or for the candidate that is first.
// Nobody begins on a consent that has run out (ErrConsentExpired) or is known to
// have ended, or after the time of the referral (ErrExpired). The end of a consent
// goes to each referral that stands on it. One that could not be read then was in
// no list; here it is compared with that end.
func (r Referral) Accept(by fact.By, cmd Accept, consents Consents) ([]fact.Event, error) {
	if err := r.may(by, accept); err != nil {
		return nil, err
	}
	loop, categories, stands := r.turn(), r.Categories, r.standingOf(by.Agency)
	if i := r.candidate(by.Agency); i >= 0 {
		loop.Recipient, categories = by.Agency, r.Candidates[i].Categories
	}
	switch end := r.Policy.ExpiresAt; {
	case !by.At.Before(stands.until()):
		return nil, ErrConsentExpired
	case !end.IsZero() && !by.At.Before(end):
		return nil, ErrExpired
	}
	for _, consent := range stands.consents() {
		if err := consents.stands(consent); err != nil {
			return nil, err
		}
	}
	if !r.AcceptedAt.IsZero() { // it was resumed
		return fact.Of(referralv1.Reopened{
			Loop: loop, Place: r.rules(), Consent: stands.consent, Purpose: r.Purpose, Categories: categories, ConsentExpires: stands.expires, ByCode: cmd.ByCode,
			Urgency: r.Urgency,
		}), nil
	}
	return append(fact.Of(referralv1.Accepted{
		Loop:           loop,
		Place:          r.rules(),
		Urgency:        r.Urgency,
		Consent:        stands.consent,
		Purpose:        r.Purpose,
		Categories:     categories,
		ConsentExpires: stands.expires,
		ByCode:         cmd.ByCode,
	}), r.dismiss(code.ReleasedTaken, by.Agency)...), nil
}

// Decline gives a reason on which the sender can act. Where the policy asks for
// two steps, a supervisor decides.
func (r Referral) Decline(by fact.By, cmd Decline) ([]fact.Event, error) {
	if err := r.mayDecline(by); err != nil {
		return nil, err
	}
	if r.Policy.TwoStepDenial {
		return fact.With(referralv1.DenialProposed{Loop: r.turn(), Reason: cmd.Reason}, Hand{Worker: by.Principal}), nil
	}
	return r.drop(by.Agency, cmd.Reason), nil
}

// ConfirmDenial confirms a proposed decline.
func (r Referral) ConfirmDenial(by fact.By, _ Review) ([]fact.Event, error) {
	if err := r.review(by, confirmDenial); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.Declined{Loop: r.turn(), Reason: r.DeclineReason}), nil
}

// ReturnDenial sends a proposed decline back: the recipient is to look again.
func (r Referral) ReturnDenial(by fact.By, _ Review) ([]fact.Event, error) {
	if err := r.review(by, returnDenial); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.DenialReturned{Loop: r.turn()}), nil
}

// review lets nobody judge their own proposal: one clerk alone must not send
// her away.
func (r Referral) review(by fact.By, v verb) error {
	if err := r.may(by, v); err != nil {
		return err
	}
	if r.ProposedBy != "" && by.Principal == r.ProposedBy {
		return ErrSupervisorNeeded
	}
	return nil
}

// Start says that the service is under way, for agencies whose work is not
// recorded on this network.
func (r Referral) Start(by fact.By, _ Start) ([]fact.Event, error) {
	if err := r.may(by, start); err != nil {
		return nil, err
	}
	return r.started(r.Turn, r.told(by))
}

// Complete closes the loop, for agencies whose work is not recorded on this
// network. A service that was over in one visit need not have been started.
func (r Referral) Complete(by fact.By, cmd Complete) ([]fact.Event, error) {
	if err := r.may(by, complete); err != nil {
		return nil, err
	}
	return r.completed(cmd.Outcome, r.Turn, r.told(by))
}

// Cancel calls the referral off. The sender may until an agency took it, and from then
// on for a reason that ends it at once. For any other it asks the recipient, which decides; a recipient
// without an account is asked by telephone, and the sender records the answer. What the
// recipient calls off has ended, and her desk asks her.
func (r Referral) Cancel(by fact.By, cmd Cancel) ([]fact.Event, error) {
	v, p := cancel, r.part(by)
	ends := p&sender != 0 && ending.AtOnce(cmd.Reason)
	switch {
	case p == 0:
		return nil, ErrNotFound
	case p&sender != 0 && r.awaitsAnswer():
		v = callOff
	case ends:
		v = stop
	case p&(sender|recipient|teller) == sender:
		v = askCancel
	}
	if err := r.may(by, v); err != nil {
		return nil, err
	}
	if v == askCancel {
		return fact.Of(referralv1.CancellationRequested{Loop: r.turn(), Reason: cmd.Reason}), nil
	}
	cancelled := referralv1.Cancelled{Loop: r.turn(), By: by.Agency, Reason: cmd.Reason, Round: r.Round, Taken: !r.AcceptedAt.IsZero(), Told: v == cancel && r.told(by)}
	events := append(fact.Of(cancelled), r.dismiss(code.ReleasedEnded, "")...)
	if ends && r.Holds() {
		events = append(events, fact.Event{Data: referralv1.Recalled{Loop: cancelled.Loop, Consent: r.Consent}})
	}
	return events, nil
}

// Continue answers the sender that the service goes on.
func (r Referral) Continue(by fact.By, _ Continue) ([]fact.Event, error) {
	if err := r.may(by, continues); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.Continued{Loop: r.turn(), Status: referralv1.GoesOn(r.Before)}), nil
}

// EnterInError takes back a referral that should never have been made, before
// the service began. An agency that had taken it gets a cancellation first, and
// lets go of the data.
func (r Referral) EnterInError(by fact.By, _ EnterInError) ([]fact.Event, error) {
	if err := r.mayEnterInError(by); err != nil {
		return nil, err
	}
	var events []fact.Event
	loop := r.turn()
	if r.unserved() {
		events = fact.Of(referralv1.Cancelled{Loop: loop, By: by.Agency, Reason: code.MadeInError, Round: r.Round, Taken: true})
		loop.Turn++
	}
	events = append(events, fact.Event{Data: referralv1.EnteredInError{Loop: loop}})
	if r.Holds() {
		events = append(events, fact.Event{Data: referralv1.Recalled{Loop: loop, Consent: r.Consent}})
	}
	return append(events, r.dismiss(code.ReleasedEnded, "")...), nil
}

// ReportOutcome records what the survivor says came of it, beside what the
// agency says. Her last answer counts.
func (r Referral) ReportOutcome(by fact.By, cmd Report) ([]fact.Event, error) {
	if err := r.may(by, reportOutcome); err != nil {
		return nil, err
	}
	if r.SurvivorOutcome == cmd.Outcome {
		return nil, nil
	}
	return fact.Of(referralv1.OutcomeReported{Loop: r.Loop, By: by.Agency, Outcome: cmd.Outcome}), nil
}
