package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// FollowUp is that somebody asks her later how she is, because she agreed to it. How she may be
// reached is asked of her safe contact on that day: this room holds no contact.
type FollowUp struct {
	ID string `json:"id"`
	Agreed
	// Result is what came of it; empty while it waits.
	Result  code.FollowUpResult `json:"result,omitempty"`
	Tries   []Try               `json:"tries,omitempty"`
	InError bool                `json:"entered_in_error,omitempty"`
}

// Agreed is the private half of FollowUpAgreed.
type Agreed struct {
	DueAt time.Time `json:"due_at,omitzero"`
}

// Tried is the private half of FollowUpDone. AgainAt is when it is tried again.
type Tried struct {
	Result code.FollowUpResult `json:"result"`
	Notes
	AgainAt time.Time `json:"again_at,omitzero"`
}

// Try is what came of it once, as its worker sees it.
type Try struct {
	At     time.Time           `json:"at"`
	Result code.FollowUpResult `json:"result"`
	Notes
}

// AgreeFollowUp records that she agreed to be followed up. Without DueAt it is when the programme
// says.
type AgreeFollowUp struct {
	DueAt time.Time `json:"due_at,omitzero"`
}

// RecordFollowUp says what came of a follow-up. With AgainAt it is tried again.
type RecordFollowUp struct {
	FollowUp string              `json:"follow_up"`
	Result   code.FollowUpResult `json:"result"`
	Notes    string              `json:"notes,omitempty"`
	AgainAt  time.Time           `json:"again_at,omitzero"`
}

// AgreeFollowUp records a follow-up of an open plan. Errors: ErrDay.
func (p Plan) AgreeFollowUp(by fact.By, cmd AgreeFollowUp, rule Rule) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	at, err := ahead("/due_at", cmd.DueAt, by.At, rule.FollowUp)
	if err != nil {
		return nil, err
	}
	return fact.With(psychosocialv1.FollowUpAgreed{Work: p.Work, FollowUp: by.ID("follow", 0)}, Agreed{DueAt: at}), nil
}

// RecordFollowUp says what came of it, also after the plan was closed: that is when she is followed
// up. Where she wants no more it is settled, whatever else is written. Errors:
// work.ErrEntryUnknown, work.ErrEntryInError, ErrSettled, ErrDay.
func (p Plan) RecordFollowUp(by fact.By, cmd RecordFollowUp) ([]fact.Event, error) {
	if err := p.mayFollowUp(); err != nil {
		return nil, err
	}
	i := p.followUp(cmd.FollowUp)
	switch {
	case i < 0:
		return nil, work.ErrEntryUnknown.At("/follow_up", "exists")
	case p.FollowUps[i].InError:
		return nil, work.ErrEntryInError.At("/follow_up", "not in error")
	case !p.FollowUps[i].waits():
		return nil, ErrSettled.At("/follow_up", "exists")
	}
	if err := work.Known("/result", cmd.Result, code.FollowUpResults); err != nil {
		return nil, err
	}
	tried := Tried{Result: cmd.Result, Notes: Notes{Notes: cmd.Notes}}
	if !cmd.AgainAt.IsZero() {
		if cmd.Result == code.FollowUpWantsNone {
			return nil, ErrDay.At("/again_at", "exclusive")
		}
		var err error
		if tried.AgainAt, err = ahead("/again_at", cmd.AgainAt, by.At, 0); err != nil {
			return nil, err
		}
	}
	return fact.With(psychosocialv1.FollowUpDone{Work: p.Work, FollowUp: cmd.FollowUp}, tried), nil
}

// mayFollowUp gives ErrSettled where no follow-up waits, and the reason why nobody may read the
// plan.
func (p Plan) mayFollowUp() error {
	if err := p.MayAmend(); err != nil {
		return err
	}
	if !slices.ContainsFunc(p.FollowUps, FollowUp.waits) {
		return ErrSettled
	}
	return nil
}

// waits says whether it is still to be done.
func (f FollowUp) waits() bool { return !f.InError && f.Result == "" }

func (p Plan) tried(id string, t Tried, at time.Time) Plan {
	i := p.followUp(id)
	if i < 0 {
		return p
	}
	p.FollowUps = slices.Clone(p.FollowUps)
	f := &p.FollowUps[i]
	f.Tries = append(slices.Clip(f.Tries), Try{At: at, Result: t.Result, Notes: t.Notes})
	if f.DueAt, f.Result = t.AgainAt, ""; t.AgainAt.IsZero() {
		f.Result = t.Result
	}
	return p
}

// followUp is the index of a follow-up, or -1.
func (p Plan) followUp(id string) int {
	return slices.IndexFunc(p.FollowUps, func(f FollowUp) bool { return f.ID == id })
}
