package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Schedule says when the survivor is expected.
type Schedule struct {
	Appointment time.Time `json:"appointment"`
}

// Unschedule calls an appointment off, and not the referral.
type Unschedule struct{}

// Miss says that she did not come. It ends nothing.
type Miss struct{}

// shares says that the sender may know when she is expected and whether she came: she
// consented to that, or the recipient tells it the sender itself.
func (r Referral) shares() referralv1.Shared {
	return referralv1.Shared(r.ByCode || r.Sender == r.Recipient || slices.Contains(r.Categories, code.Appointments))
}

// Schedule makes an appointment, or replaces it.
func (r Referral) Schedule(by fact.By, cmd Schedule) ([]fact.Event, error) {
	if err := r.may(by, schedule); err != nil {
		return nil, err
	}
	if !cmd.Appointment.After(by.At) || !cmd.Appointment.Before(r.standingOf(r.Recipient).until()) {
		return nil, ErrAppointment.At("/appointment", "in the future, before the consent ends")
	}
	if r.Status == code.Scheduled && r.Appointment.Equal(cmd.Appointment) {
		return nil, nil
	}
	return fact.Of(referralv1.Scheduled{Loop: r.turn(), Appointment: cmd.Appointment.UTC(), Told: r.told(by), Shared: r.shares()}), nil
}

// Unschedule calls the appointment off. Both agencies may.
func (r Referral) Unschedule(by fact.By, _ Unschedule) ([]fact.Event, error) {
	if err := r.may(by, unschedule); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.AppointmentCancelled{Loop: r.turn(), By: by.Agency, Shared: r.shares()}), nil
}

// Miss notes that she did not come, after the appointment.
func (r Referral) Miss(by fact.By, _ Miss) ([]fact.Event, error) {
	if err := r.mayMiss(by); err != nil {
		return nil, err
	}
	return fact.Of(referralv1.NoShow{Loop: r.turn(), Told: r.told(by), Shared: r.shares()}), nil
}
