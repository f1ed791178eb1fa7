package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// RecordSession records a session that took place or was missed.
type RecordSession struct {
	Kind       code.Session    `json:"kind"`
	Attendance code.Attendance `json:"attendance"`
	Notes      string          `json:"notes,omitempty"`
	// HeldAt is when it took place, or was to take place. Zero: now.
	HeldAt time.Time `json:"held_at,omitzero"`
	// NextAt is when she is expected again; zero for no appointment.
	NextAt time.Time `json:"next_at,omitzero"`
	// Group is the group that met. The first entry of a group leaves it out, and has a new one.
	Group string `json:"group,omitempty"`
}

// MakeSafetyPlan makes the safety plan, or replaces it after a review.
type MakeSafetyPlan struct {
	Plan string `json:"plan"`
	// Shared is how she has it, as she wishes. Left out: she has none.
	Shared code.SafetyShare `json:"shared,omitempty"`
}

// RecordSession records one more session of an open plan. Errors: work.ErrDate.
func (p Plan) RecordSession(by fact.By, cmd RecordSession) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/kind", cmd.Kind, code.Sessions); err != nil {
		return nil, err
	}
	if err := work.Known("/attendance", cmd.Attendance, code.Attendances); err != nil {
		return nil, err
	}
	at, err := work.Took("/held_at", cmd.HeldAt, by.At)
	if err != nil {
		return nil, err
	}
	next, err := cmd.next("/next_at", by.At, by.ID("group", 1))
	if err != nil {
		return nil, err
	}
	recorded := psychosocialv1.SessionRecorded{
		Work: p.Work, Session: by.ID("sess", 0), Kind: cmd.Kind, Attendance: cmd.Attendance,
	}
	events := fact.With(recorded, Held{HeldAt: at, Notes: Notes{Notes: cmd.Notes}, Next: next})
	if cmd.Attendance != code.Attended {
		return events, nil // that she did not come tells nobody anything
	}
	return work.Begin(p, events), nil
}

// next is what the session says of others. A group that is not named is a new one.
func (cmd RecordSession) next(pointer string, now time.Time, group string) (n Next, err error) {
	if n.NextAt = cmd.NextAt; !cmd.NextAt.IsZero() {
		n.NextAt, err = ahead(pointer, cmd.NextAt, now, 0)
	}
	if cmd.Kind == code.Group {
		n.Group = cmp.Or(cmd.Group, group)
	}
	return n, err
}

// MakeSafetyPlan makes or replaces the safety plan of an open plan.
func (p Plan) MakeSafetyPlan(by fact.By, cmd MakeSafetyPlan) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	if cmd.Shared != "" {
		if err := work.Known("/shared", cmd.Shared, code.SafetyShares); err != nil {
			return nil, err
		}
	}
	return work.Begin(p, fact.With(psychosocialv1.SafetyPlanned{Work: p.Work, SafetyPlan: by.ID("safe", 0)}, Safety(cmd))), nil
}
