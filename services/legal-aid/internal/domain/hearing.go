package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// PlanHearing records when a hearing is to be.
type PlanHearing struct {
	// About is an application or a proceeding of the matter. Empty: neither.
	About    string           `json:"about,omitempty"`
	Kind     code.HearingKind `json:"kind"`
	StartsAt time.Time        `json:"starts_at"`
	Court    string           `json:"court"`
}

// MoveHearing records that it has another time, and perhaps another court.
type MoveHearing struct {
	Hearing  string    `json:"hearing"`
	StartsAt time.Time `json:"starts_at"`
	// Court is empty where it stays.
	Court string `json:"court,omitempty"`
}

// SettleHearing records what became of it.
type SettleHearing struct {
	Hearing string             `json:"hearing"`
	Result  code.HearingResult `json:"result"`
}

// HearingSet is the private half of HearingPlanned.
type HearingSet struct {
	About string `json:"about,omitempty"`
	HearingTime
}

// HearingTime is the private half of HearingMoved, and part of that of HearingPlanned. RemindAt
// is from when the hearing is soon.
type HearingTime struct {
	By       string    `json:"by"`
	StartsAt time.Time `json:"starts_at"`
	Court    string    `json:"court,omitempty"`
	RemindAt time.Time `json:"remind_at,omitzero"`
}

// Hearing is one hearing.
type Hearing struct {
	ID string `json:"id"`
	Sitting
	RemindAt time.Time `json:"-"`
	// Moves are the times and courts that it had before.
	Moves   []Move                 `json:"moves,omitempty"`
	InError bool                   `json:"entered_in_error,omitempty"`
	Before  []work.Before[Sitting] `json:"before,omitempty"`
}

// Sitting is what a hearing is, when and where. It is empty where it was entered in error.
type Sitting struct {
	Kind     code.HearingKind   `json:"kind,omitempty"`
	About    string             `json:"about,omitempty"`
	StartsAt time.Time          `json:"starts_at,omitzero"`
	Court    string             `json:"court,omitempty"`
	Result   code.HearingResult `json:"result,omitempty"`
}

// Move is a time and a court that a hearing had, and when it was moved away from there.
type Move struct {
	At       time.Time `json:"at"`
	StartsAt time.Time `json:"starts_at"`
	Court    string    `json:"court,omitempty"`
}

// PlanHearing records a hearing, also at rest: it is a date. One that is over is a step of its
// proceeding. Errors: ErrHearing, work.ErrEntryUnknown, work.ErrEntryInError, work.ErrUnknownCode.
func (m Matter) PlanHearing(by fact.By, cmd PlanHearing, rules Rules) ([]fact.Event, error) {
	if err := m.MayDoDuties(); err != nil {
		return nil, err
	}
	if err := cmp.Or(work.Known("/kind", cmd.Kind, code.HearingKinds), m.hears(cmd.About), toCome(cmd.StartsAt, by.At)); err != nil {
		return nil, err
	}
	return m.done(fact.With(legalaidv1.HearingPlanned{Work: m.Work, Hearing: by.ID("hear", 0), Kind: cmd.Kind}, HearingSet{
		About: cmd.About, HearingTime: m.sits(by, cmd.StartsAt, cmd.Court, rules),
	})), nil
}

// MoveHearing gives a hearing another time, also at rest, and also one that was put off. Errors:
// those of hearing, ErrHearing.
func (m Matter) MoveHearing(by fact.By, cmd MoveHearing, rules Rules) ([]fact.Event, error) {
	h, err := m.hearing(cmd.Hearing)
	switch {
	case err != nil:
		return nil, err
	case h.Result != "" && h.Result != code.HearingPutOff:
		return nil, ErrHearing.At("/hearing", "one that is still to be held")
	case h.Result == "" && h.StartsAt.Equal(cmd.StartsAt) && (cmd.Court == "" || cmd.Court == h.Court):
		return nil, nil
	}
	if err := toCome(cmd.StartsAt, by.At); err != nil {
		return nil, err
	}
	return fact.With(legalaidv1.HearingMoved{Work: m.Work, Hearing: h.ID}, m.sits(by, cmd.StartsAt, cmp.Or(cmd.Court, h.Court), rules)), nil
}

// sits is when and where a hearing is, and from when it is soon.
func (m Matter) sits(by fact.By, at time.Time, court string, rules Rules) HearingTime {
	return HearingTime{By: by.Principal, StartsAt: at, Court: court, RemindAt: ahead(at, rules.of(m, by.At).Hearing, by.At)}
}

// SettleHearing says what became of a hearing, also at rest. What was said wrongly is said anew.
// Errors: those of hearing, work.ErrUnknownCode.
func (m Matter) SettleHearing(by fact.By, cmd SettleHearing) ([]fact.Event, error) {
	h, err := m.hearing(cmd.Hearing)
	if err != nil {
		return nil, err
	}
	if err := work.Known("/result", cmd.Result, code.HearingResults); err != nil || h.Result == cmd.Result {
		return nil, err
	}
	return fact.With(legalaidv1.HearingSettled{Work: m.Work, Hearing: h.ID, Result: cmd.Result}, By{by.Principal}), nil
}

// toCome refuses a time that has passed.
func toCome(at, now time.Time) error {
	if at.Before(now) {
		return ErrHearing.At("/starts_at", "not in the past")
	}
	return nil
}

// hears refuses a hearing of what the matter does not have.
func (m Matter) hears(about string) error {
	if about == "" {
		return nil
	}
	if strings.HasPrefix(about, "app_") {
		i := m.order(about)
		switch {
		case i < 0:
			return work.ErrEntryUnknown.At("/about", "exists")
		case m.Orders[i].InError:
			return work.ErrEntryInError.At("/about", "not in error")
		}
		return nil
	}
	return m.proceeds("/about", about)
}

// hearing is one of the matter. Errors: those of work.MayDoDuties, work.ErrEntryUnknown,
// work.ErrEntryInError.
func (m Matter) hearing(id string) (Hearing, error) {
	if err := m.MayDoDuties(); err != nil {
		return Hearing{}, err
	}
	i := slices.IndexFunc(m.Hearings, func(h Hearing) bool { return h.ID == id })
	switch {
	case i < 0:
		return Hearing{}, work.ErrEntryUnknown.At("/hearing", "exists")
	case m.Hearings[i].InError:
		return Hearing{}, work.ErrEntryInError.At("/hearing", "not in error")
	}
	return m.Hearings[i], nil
}

// hasHearing gives the reason why no hearing can be moved or settled.
func (m Matter) hasHearing() error {
	if err := m.MayDoDuties(); err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Hearings, func(h Hearing) bool { return !h.InError }) {
		return work.ErrEntryUnknown.At("/hearing", "exists")
	}
	return nil
}

// heard is the matter after an event about a hearing.
func (m Matter) heard(e fact.Event) Matter {
	one := func(id string, change func(*Hearing)) {
		m.Hearings = changed(m.Hearings, func(h Hearing) bool { return h.ID == id }, change)
	}
	switch d := e.Data.(type) {
	case legalaidv1.HearingPlanned:
		set, _ := e.Private.(HearingSet)
		m.Hearings = append(slices.Clip(m.Hearings), Hearing{
			ID: d.Hearing, Sitting: Sitting{Kind: d.Kind, About: set.About, StartsAt: set.StartsAt, Court: set.Court}, RemindAt: set.RemindAt,
		})
	case legalaidv1.HearingMoved:
		moved, _ := e.Private.(HearingTime)
		one(d.Hearing, func(h *Hearing) {
			h.Moves = append(slices.Clip(h.Moves), Move{At: e.At, StartsAt: h.StartsAt, Court: h.Court})
			h.StartsAt, h.Court, h.RemindAt, h.Result = moved.StartsAt, moved.Court, moved.RemindAt, ""
		})
	case legalaidv1.HearingSettled:
		one(d.Hearing, func(h *Hearing) { h.Result = d.Result })
	}
	return m
}
