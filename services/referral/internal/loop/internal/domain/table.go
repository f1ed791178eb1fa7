package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
)

// commands joins the operations of the contract to the verbs of life.
var commands = command.Table[Referral]{
	"receiveReferral":       {When: by(receive)},
	"acceptReferral":        {When: by(accept)},
	"declineReferral":       {When: Referral.mayDecline},
	"confirmDenial":         {When: by(confirmDenial)},
	"returnDenial":          {When: by(returnDenial)},
	"assignReferral":        {When: Referral.mayAssign},
	"scheduleReferral":      {When: by(schedule)},
	"cancelAppointment":     {When: by(unschedule)},
	"recordNoShow":          {When: Referral.mayMiss},
	"recordContact":         {When: by(contact)},
	"startReferral":         {When: by(start)},
	"completeReferral":      {When: by(complete)},
	"continueReferral":      {When: by(continues)},
	"cancelReferral":        {When: command.Any(by(callOff), by(stop), by(askCancel), by(cancel))},
	"enterReferralInError":  {When: Referral.mayEnterInError},
	"reportOutcome":         {When: by(reportOutcome)},
	"acknowledgeWithdrawal": {When: Referral.mayAcknowledge},
}

// Commands says which commands a referral takes.
func (Referral) Commands() command.Table[Referral] { return commands }

func by(v verb) func(Referral, fact.By) error {
	return func(r Referral, by fact.By) error { return r.may(by, v) }
}

// mayDecline asks what the policy asks: one step, or two.
func (r Referral) mayDecline(by fact.By) error {
	if r.Policy.TwoStepDenial {
		return r.may(by, propose)
	}
	return r.may(by, decline)
}

// mayAssign gives ErrNotOpen where nobody ever worked.
func (r Referral) mayAssign(by fact.By) error {
	if err := r.may(by, assign); err != nil {
		return err
	}
	if slices.Contains(worked, r.Status) && r.AcceptedAt.IsZero() {
		return ErrNotOpen.At("/status", "not "+string(r.Status))
	}
	return nil
}

// mayMiss gives ErrAppointmentAhead before the appointment.
func (r Referral) mayMiss(by fact.By) error {
	if err := r.may(by, miss); err != nil {
		return err
	}
	if by.At.Before(r.Appointment) {
		return ErrAppointmentAhead
	}
	return nil
}

// mayEnterInError gives ErrAlreadyStarted once the service began.
func (r Referral) mayEnterInError(by fact.By) error {
	if err := r.may(by, enterInError); err != nil {
		return err
	}
	if !r.StartedAt.IsZero() {
		return ErrAlreadyStarted
	}
	return nil
}

// mayAcknowledge gives ErrNothingToAcknowledge where nothing was recalled, or all was
// answered.
func (r Referral) mayAcknowledge(by fact.By) error {
	if err := r.may(by, acknowledge); err != nil {
		return err
	}
	if !r.mustAcknowledge() {
		return ErrNothingToAcknowledge
	}
	return nil
}
