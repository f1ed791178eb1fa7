package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Accept takes a referral.
type Accept struct{}

// Decline says no to a referral.
type Decline struct {
	Reason code.DeclineReason `json:"reason"`
}

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

// Accept takes the referral for its recipient. A consent that has run out lets
// nobody begin: ErrConsentExpired.
func (r Referral) Accept(by fact.By, _ Accept) ([]fact.Event, error) {
	if err := r.may(by, code.Accepted); err != nil {
		return nil, err
	}
	if !by.At.Before(r.ConsentExpires) {
		return nil, ErrConsentExpired
	}
	return fact.Of(referralv1.Accepted{
		Loop:           r.Loop,
		Urgency:        r.Urgency,
		Consent:        r.Consent,
		Purpose:        r.Purpose,
		Categories:     r.Categories,
		ConsentExpires: r.ConsentExpires,
	}), nil
}

// Decline says no, with a reason that the sender can act on.
func (r Referral) Decline(by fact.By, cmd Decline) ([]fact.Event, error) {
	if err := r.may(by, code.Declined); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.Declined{Loop: r.Loop, Reason: cmd.Reason}), nil
}

// Start says that the service is under way, for agencies whose work is not
// recorded on this network.
func (r Referral) Start(by fact.By, _ Start) ([]fact.Event, error) {
	if err := r.may(by, code.InService); err != nil {
		return nil, err
	}
	return r.started()
}

// Complete closes the loop, for agencies whose work is not recorded on this
// network. A service that was over in one visit need not have been started.
func (r Referral) Complete(by fact.By, cmd Complete) ([]fact.Event, error) {
	if err := r.may(by, code.Completed); err != nil {
		return nil, err
	}
	return r.completed(cmd.Outcome)
}

// Cancel calls the referral off. Both agencies may.
func (r Referral) Cancel(by fact.By, cmd Cancel) ([]fact.Event, error) {
	if err := r.may(by, code.Cancelled); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.Cancelled{Loop: r.Loop, By: by.Agency, Reason: cmd.Reason}), nil
}
