package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
)

// What hangs on the conflict check stands here. What keeps her safe does not: that she was
// not reached, the end of the matter, what she says of it, a room at the court, and what a
// court answered.

// MustBeOpen gives the reason why nothing may be written in the matter.
func (m Matter) MustBeOpen() error { return cmp.Or(m.Standing.MustBeOpen(), m.Conflict.Cleared()) }

// MayAmend gives the reason why nothing can be put right.
func (m Matter) MayAmend() error { return cmp.Or(m.Standing.MayAmend(), m.Conflict.Cleared()) }

// Shows is how much of the matter its worker may read: before the check no more than dates
// and duties.
func (m Matter) Shows() work.Extent {
	is := m.Standing.Shows()
	if m.Conflict.Cleared() != nil {
		return min(is, work.Duties)
	}
	return is
}

// Hears is what the matter does when it hears of its referral. A matter that is taken for the
// first time needs its conflict check before anything else, whichever fact opens it; one from
// before there were checks, none.
func Hears[E any](rule func(work.Work, E) ([]work.Event, error), e E) func(Matter, fact.By) ([]fact.Event, error) {
	return func(m Matter, by fact.By) ([]fact.Event, error) {
		events, err := work.In[Matter](rule)(m, by, e)
		if m.Granted == 0 {
			for i := range events {
				events[i].Data = checkedFirst(events[i].Data)
			}
		}
		return events, err
	}
}

// checkedFirst marks an event that opens a matter.
func checkedFirst(d fact.Data) fact.Data {
	switch d := d.(type) {
	case legalaidv1.MatterOpened:
		d.ConflictCheck = true
		return d
	case legalaidv1.MatterReopened:
		d.ConflictCheck = true
		return d
	case legalaidv1.MatterRenewed:
		d.ConflictCheck = true
		return d
	}
	return d
}

// CheckConflicts is the command with the names that are compared.
type CheckConflicts struct{ conflict.Names }

// mayCheck gives the reason why no names can be written: the matter must be there to take.
func (m Matter) mayCheck() error { return m.Standing.MustBeOpen() }

// CheckConflicts writes the names of the client and of the opposing parties, whole. They are
// the first private thing in the matter, and are compared next (OnCompared). Errors:
// conflict.ErrNames.
func (m Matter) CheckConflicts(by fact.By, cmd CheckConflicts) ([]fact.Event, error) {
	if err := cmp.Or(m.mayCheck(), cmd.Check()); err != nil {
		return nil, err
	}
	return fact.With(
		legalaidv1.ConflictNamed{Work: m.Work, Check: by.ID("chk", 0)},
		conflict.Named{By: by.Principal, Names: cmd.Names},
	), nil
}

// OnCompared takes what the comparison gave, once for each check. A match or a doubt waits for a
// conflicts officer, who hears the bell.
func (m Matter) OnCompared(_ fact.By, check string, c conflict.Compared) ([]fact.Event, error) {
	if !m.Conflict.Compares(check) {
		return nil, nil
	}
	events := fact.With(legalaidv1.ConflictMatched{Work: m.Work, Check: check, Result: c.Result()}, c.Found)
	if c.Result() != code.NotFoundAsWritten {
		events = append(events, fact.Event{Data: legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: m.Agency}}})
	}
	return events, nil
}

// SettleConflict is the answer of a conflicts officer.
type SettleConflict struct {
	Check  string              `json:"check"`
	Answer code.ConflictAnswer `json:"answer"`
}

// Neutral is whether an officer acts on none of the matters, or why it cannot be known now.
type Neutral struct {
	Is  look.Fresh[bool]
	Err error
}

// Refuses gives conflict.ErrNotNeutral to an officer who acts on one of the matters.
func (n Neutral) Refuses() error {
	if n.Err == nil && !n.Is.Value() {
		return conflict.ErrNotNeutral
	}
	return n.Err
}

// SettleConflict takes the answer of an officer who acts for neither side. Errors:
// conflict.ErrNothingWaits, conflict.ErrNotNeutral.
func (m Matter) SettleConflict(by fact.By, cmd SettleConflict, officer Neutral) ([]fact.Event, error) {
	if err := officer.Refuses(); err != nil {
		return nil, err
	}
	if err := work.Known("/answer", cmd.Answer, code.ConflictAnswers); err != nil {
		return nil, err
	}
	if !m.Conflict.Waits() || m.Conflict.ID != cmd.Check {
		return nil, conflict.ErrNothingWaits
	}
	return fact.With(
		legalaidv1.ConflictSettled{Work: m.Work, Check: cmd.Check, Answer: cmd.Answer},
		conflict.Settler{By: by.Principal},
	), nil
}

// mayNotTake holds the outcome that an officer said to the matters of which they said it.
func (m Matter) mayNotTake(cmd work.Close) error {
	if cmd.Outcome == code.CannotTakeOutcome && m.Conflict.Answer != code.CannotTakeMatter {
		return work.ErrUnknownCode.At("/outcome", "enum")
	}
	return nil
}

// Checked is the conflict check as the worker of the matter sees it: with the names that they
// wrote, and nothing of any other matter.
type Checked struct {
	Standing code.ConflictStanding `json:"standing"`
	conflict.Names
}

func (m Matter) checked() *Checked {
	if standing := m.Conflict.Standing(); standing != "" && m.Standing.Shows() == work.Everything {
		return &Checked{Standing: standing, Names: m.Conflict.Names}
	}
	return nil
}

// Doubted is (agency): the matters about which a conflicts officer is asked.
var Doubted = image.List[Matter]{Keys: func(m Matter) []string {
	if !m.Exists() || !m.Conflict.Waits() || m.Closed() {
		return nil
	}
	return []string{fact.Key(m.Agency)}
}}
