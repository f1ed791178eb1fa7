package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Letting is what is known of how the recipient lets go of the survivor's data. That
// nobody on this network reads them any more is the network's own fact. What became of
// copies, only a person of the agency can say: so it is asked for, reminded, and taken
// up the ladder.
type Letting struct {
	ClosedAt time.Time
	Kept     Kept
	// Pressed counts the reminders and the steps that were taken since the recall.
	Pressed int
}

// Kept is why a law keeps copies, until when, and whether she was told: the private half
// of Acknowledged. The agency and her desk see it.
type Kept struct {
	Ground string    `json:"ground,omitempty"`
	Until  time.Time `json:"until,omitzero"`
	// SheWasTold is false where telling her is not safe yet.
	SheWasTold bool `json:"she_was_told,omitempty"`
}

// Acknowledge says what became of the recipient's copies of the survivor's data.
type Acknowledge struct {
	Erasure code.Erasure `json:"erasure"`
	Kept
}

// maxGround is how many bytes a ground may have. maxKept is how far ahead an end may be, in
// years: the longest fixed time that a law was found to name is that of adoption records
// in England, 100 years. An end that never comes would mean that nobody is asked again. So
// a law that keeps for ever is named in the ground, and the agency is asked again.
const (
	maxGround = 500
	maxKept   = 100
)

// check holds an answer together: what a law keeps has a ground and an end.
func (a Acknowledge) check(at time.Time) error {
	switch {
	case a.Erasure == code.DataClosed:
		return ErrErasure.At("/erasure", "what became of the copies")
	case a.Erasure != code.DataKeptByLaw && a.Kept != Kept{}:
		return ErrErasure.At("/ground", "with kept_by_law only")
	case a.Erasure != code.DataKeptByLaw:
		return nil
	case a.Ground == "" || len(a.Ground) > maxGround:
		return ErrErasure.At("/ground", "1 to 500 bytes")
	case !a.Until.After(at):
		return ErrErasure.At("/until", "in the future")
	case a.Until.After(at.AddDate(maxKept, 0, 0)):
		return ErrErasure.At("/until", "at most 100 years ahead; a law without an end is named in the ground")
	}
	return nil
}

// Acknowledge notes it. Where a law keeps the copies, it is asked for again at the end of
// that time.
func (r Referral) Acknowledge(by fact.By, cmd Acknowledge) ([]fact.Event, error) {
	if err := r.mayAcknowledge(by); err != nil {
		return nil, err
	}
	if err := cmd.check(by.At); err != nil {
		return nil, err
	}
	said := referralv1.Acknowledged{Loop: r.Loop, Erasure: cmd.Erasure, Told: r.told(by)}
	if cmd.Kept == (Kept{}) {
		return fact.Of(said), nil
	}
	cmd.Until = cmd.Until.UTC()
	return fact.With(said, cmd.Kept), nil
}

// AcknowledgeByCode is Acknowledge for a recipient without an account. Its code is for one
// recall, in its time: for any other it is ErrNothingToAcknowledge.
func (r Referral) AcknowledgeByCode(by fact.By, cmd Acknowledge, recalled time.Time) ([]fact.Event, error) {
	if ask := r.LetGo(); !ask.Recalled.Equal(recalled) || !by.At.Before(ask.Until) {
		return nil, ErrNothingToAcknowledge
	}
	return r.Acknowledge(by, cmd)
}

func (r Referral) mustAcknowledge() bool {
	return !r.RecalledAt.IsZero() && r.AcknowledgedAt.IsZero()
}

func (r Referral) letting() Letting {
	if r.Letting == nil {
		return Letting{}
	}
	return *r.Letting
}

// letGo is the referral after an event about the data.
func (r Referral) letGo(e fact.Event) Referral {
	l := r.letting()
	switch d := e.Data.(type) {
	case referralv1.Recalled:
		r.RecalledAt, r.AcknowledgedAt, r.Erasure = e.At, time.Time{}, ""
		l.Kept, l.Pressed = Kept{}, 0
	case referralv1.ClosedToReaders:
		l.ClosedAt = e.At
	case referralv1.Acknowledged:
		r.AcknowledgedAt, r.Erasure = e.At, d.Erasure
		l.Kept, _ = e.Private.(Kept)
	}
	if l != (Letting{}) {
		r.Letting = &l
	} else {
		r.Letting = nil
	}
	return r
}

// pressed is the referral after one more reminder or step.
func (r Referral) pressed() Referral {
	l := r.letting()
	l.Pressed++
	r.Letting = &l
	return r
}

// keptUntil is when a law keeps the copies no longer; zero when none does.
func (r Referral) keptUntil() time.Time { return r.letting().Kept.Until }

// press is what happens while nobody says what became of the copies, counted from the
// recall: a reminder, then the steps of a ladder of its own.
var press = []struct {
	after time.Duration
	step  code.EscalationStep
}{
	{3 * day, ""},
	{7 * day, code.ToSupervisor},
	{14 * day, code.ToReferring},
	{21 * day, code.ToNetwork},
}

// pressAt is when the next of them is due.
func (r Referral) pressAt() time.Time {
	if n := r.letting().Pressed; r.mustAcknowledge() && n < len(press) {
		return r.RecalledAt.Add(press[n].after)
	}
	return time.Time{}
}

// PressDue reminds of copies of which nobody said what became of them, or takes that up
// the ladder.
func (r Referral) PressDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.pressAt()); !ok {
		return nil, err
	}
	n := r.letting().Pressed
	if press[n].step == "" {
		return fact.Of(referralv1.Reminded{
			Referral: r.Referral, Agency: r.Recipient, Number: n + 1, Due: r.RecalledAt.Add(press[n+1].after), Kind: code.ToLetGo,
		}), nil
	}
	return fact.Of(referralv1.Escalated{Loop: r.Loop, Step: press[n].step, Kind: code.ToLetGo}), nil
}

// KeptDue asks again, once a law keeps the copies no longer.
func (r Referral) KeptDue(by fact.By) ([]fact.Event, error) {
	if ok, err := pending(by, r.keptUntil()); !ok {
		return nil, err
	}
	return fact.Of(referralv1.Recalled{Loop: r.Loop, Consent: r.Consent}), nil
}
