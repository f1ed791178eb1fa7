package worker

import (
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/credential"
)

// Copy is what a room keeps of a worker. It lags behind the register by as long as
// the bus takes. Nobody reads it as such: only decisions of the room do.
type Copy struct{ Present }

// Noted is the event with which a room keeps what the register said. Each room has a
// type of its own, because a journal holds events of its own service.
type Noted interface {
	fact.Data
	Said() staff.Worker
}

// Named names the record that an event of the register is about.
func Named(e referralv1.WorkerChanged) string { return e.ID }

// Keep makes the reaction of a room to the register out of the room's own event. What
// the register says is a whole: an earlier turn that comes later changes nothing. A
// worker never moves to another agency, and a turn says one thing: a fact that does
// not agree is refused (agree.Err).
func Keep(note func(staff.Worker) Noted) func(Copy, fact.By, referralv1.WorkerChanged) ([]fact.Event, error) {
	return func(c Copy, _ fact.By, e referralv1.WorkerChanged) ([]fact.Event, error) {
		if err := c.worksAt(e.Agency); err != nil {
			return nil, err
		}
		switch {
		case e.Turn > c.Turn:
			return fact.Of(note(e.Worker)), nil
		case e.Turn == c.Turn:
			return nil, agree.That("/turn", c.Same(Present{Worker: e.Worker}))
		}
		return nil, nil
	}
}

// CredentialSaid is the event with which a room keeps what the register said of a credential.
type CredentialSaid interface {
	fact.Data
	SaidOfCredential() staff.Credential
}

// Holder names the record that an event about a credential is about.
func Holder(e referralv1.CredentialChanged) string { return e.Worker }

// KeepCredential makes the reaction of a room to what the register says of a credential, as
// Keep does. Of each credential an earlier turn that comes later changes nothing. A credential
// may be known before its worker is.
func KeepCredential(note func(staff.Credential) CredentialSaid) func(Copy, fact.By, referralv1.CredentialChanged) ([]fact.Event, error) {
	return func(c Copy, _ fact.By, e referralv1.CredentialChanged) ([]fact.Event, error) {
		if err := c.worksAt(e.Agency); err != nil {
			return nil, err
		}
		known, _ := c.Credentials.Find(e.ID)
		switch {
		case e.Turn > known.Turn:
			return fact.Of(note(e.Credential)), nil
		case e.Turn == known.Turn:
			return nil, agree.That("/turn", credential.Same(known, e.Credential))
		}
		return nil, nil
	}
}

// worksAt refuses a fact that names another agency than an earlier one did.
func (c Copy) worksAt(agency string) error {
	known := c.Agency
	if len(c.Credentials) > 0 {
		known = c.Credentials[0].Agency
	}
	if known == "" {
		return nil
	}
	return agree.Same("/agency", known, agency)
}

// Evolve is the copy after an event.
func (c Copy) Evolve(e fact.Event) Copy {
	switch d := e.Data.(type) {
	case Noted:
		c.Worker = d.Said()
	case CredentialSaid:
		c.Credentials = c.Credentials.With(d.SaidOfCredential())
	}
	return c
}

// ByAgency lists the copies of an agency.
var ByAgency = image.List[Copy]{Keys: func(c Copy) []string {
	if !c.Exists() {
		return nil
	}
	return []string{fact.Key(c.Agency)}
}}

// Case is empty: a worker belongs to no case.
func (c Copy) Case() string { return "" }

// Visible is for the network alone.
func (c Copy) Visible(by fact.By) bool { return by.System() }

// Closed is never: who has left may be registered again, and a room must know at
// every moment that they left.
func (c Copy) Closed() bool { return false }

// Deadlines is empty: an absence ends by the clock of whoever decides.
func (c Copy) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (c Copy) View(fact.By) any { return struct{}{} }
