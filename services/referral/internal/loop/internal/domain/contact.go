package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Attempt is one attempt to reach her. Each is kept.
type Attempt struct {
	At     time.Time          `json:"at"`
	Result code.ContactResult `json:"result"`
}

// Contact says what came of an attempt to reach her.
type Contact struct {
	Result code.ContactResult `json:"result"`
}

// Reach is what is known of how to reach her.
type Reach struct {
	// Contacts are the attempts, the last one last.
	Contacts []Attempt
	// ClosedAt is since when nobody contacts her; zero while somebody may.
	ClosedAt time.Time
	// ClocksFrom is from when the times to contact and to serve count, where that is
	// after the acceptance.
	ClocksFrom time.Time
	// UpdatedAt is when her desk last changed how she may be reached.
	UpdatedAt time.Time
}

func (r Referral) reach() Reach {
	if r.Reach == nil {
		return Reach{}
	}
	return *r.Reach
}

// lastContact is the last attempt, the zero one where there was none.
func (r Referral) lastContact() Attempt {
	if all := r.reach().Contacts; len(all) > 0 {
		return all[len(all)-1]
	}
	return Attempt{}
}

// contactClosed is since when nobody contacts her; zero while somebody may.
func (r Referral) contactClosed() time.Time { return r.reach().ClosedAt }

// tried is the referral after an attempt. That it is unsafe closes the contact.
func (r Referral) tried(a Attempt) Referral {
	reach := r.reach()
	reach.Contacts = append(slices.Clip(reach.Contacts), a)
	r.Reach = &reach
	if a.Result == code.UnsafeToReach && reach.ClosedAt.IsZero() {
		return r.closedContact(a.At)
	}
	return r
}

func (r Referral) closedContact(at time.Time) Referral {
	reach := r.reach()
	reach.ClosedAt = at
	r.Reach = &reach
	return r
}

// fromNow is the referral with open contact and clocks that begin anew.
func (r Referral) fromNow(at time.Time) Referral {
	reach := r.reach()
	reach.ClosedAt, reach.ClocksFrom = time.Time{}, at
	r.Reach, r.ContactOverdueAt, r.ServiceOverdueAt = &reach, time.Time{}, time.Time{}
	return r
}

// Contact notes an attempt to reach her. An attempt without an answer stops no
// clock. That it is unsafe closes the contact at once, for every agency of the case,
// until her desk opens it; meanwhile nobody tries (ErrContactClosed).
func (r Referral) Contact(by fact.By, cmd Contact) ([]fact.Event, error) {
	if err := r.may(by, contact); err != nil {
		return nil, err
	}
	if !r.contactClosed().IsZero() && cmd.Result != code.UnsafeToReach {
		return nil, ErrContactClosed
	}
	return fact.Of(referralv1.Contacted{Loop: r.Loop, Result: cmd.Result, Told: r.told(by)}), nil
}

// OnContactSuspended closes the contact: her desk, or another agency, found it unsafe.
func (r Referral) OnContactSuspended(_ fact.By, e intakev1.ContactSuspended) ([]fact.Event, error) {
	if !r.Exists() {
		return nil, ErrUnknownYet
	}
	if err := agree.Same("/case", r.Case(), e.Case); err != nil || !r.contactClosed().IsZero() || !r.Open() && r.Status != code.Lapsed {
		return nil, err
	}
	return fact.Of(referralv1.ContactClosed{Loop: r.Loop}), nil
}

// OnContactChanged tells the recipient that how she may be reached has changed: it is to
// look again before it uses what it has.
func (r Referral) OnContactChanged(_ fact.By, e intakev1.ContactChanged) ([]fact.Event, error) {
	if !r.Exists() {
		return nil, ErrUnknownYet
	}
	if err := agree.Same("/case", r.Case(), e.Case); err != nil || !r.taken() {
		return nil, err
	}
	return fact.Of(referralv1.ContactUpdated{Loop: r.Loop}), nil
}

// updatedContact is the referral after that.
func (r Referral) updatedContact(at time.Time) Referral {
	reach := r.reach()
	reach.UpdatedAt = at
	r.Reach = &reach
	return r
}

// OnContactRestored opens it again. The times to contact and to serve begin anew.
func (r Referral) OnContactRestored(_ fact.By, e intakev1.ContactRestored) ([]fact.Event, error) {
	if !r.Exists() {
		return nil, ErrUnknownYet
	}
	if err := agree.Same("/case", r.Case(), e.Case); err != nil || r.contactClosed().IsZero() {
		return nil, err
	}
	return fact.Of(referralv1.ContactOpened{Loop: r.Loop}), nil
}
