// Package placement holds the rules of a stay in a shelter: from when until when, where, with
// whom, and why it ended. Where it is, only the shelter's own worker sees, and only the present
// address: no answer shows one that was. It refuses to know who she is, and to tell anybody
// more than which place is taken, and when it is free again.
package placement

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// What the rules refuse, and why.
var (
	// ErrNoShelter refuses a stay of what is no work of a shelter.
	ErrNoShelter = fault.New(fault.Conflict, "placement_not_here", "A stay belongs to the open work of a shelter.")
	// ErrOngoing refuses a second stay at the same time.
	ErrOngoing = fault.New(fault.Conflict, "placement_ongoing", "She stays there already. Change that stay, or end it.")
	// ErrOver refuses to change a stay that has ended.
	ErrOver = fault.New(fault.Conflict, "placement_over", "This stay is over.")
	// ErrDays refuses a stay that ends before it begins.
	ErrDays = fault.New(fault.Invalid, "placement_days", "A stay ends after it begins.")
)

// Placement is the stay of one survivor, and who is with her, in a shelter. A referral has one at a
// time; one that begins after another ended stands in its place, and the journal keeps both.
type Placement struct {
	ID   string
	Plan string
	// What is known of the work when the stay begins. It is private: the services that are told
	// of the stay are told of no case.
	Ground
	// Place is the service in the directory at which it is counted; empty for the one that the
	// acceptance took.
	Place string
	Stay
	// EndedAt is when it ended, Reason why.
	EndedAt time.Time
	Reason  code.PlacementEnd
}

// Ground is whose stay it is.
type Ground struct {
	Referral string `json:"referral"`
	CaseID   string `json:"case"`
	Agency   string `json:"agency"`
}

// Stay is what is true of a stay now, as a whole.
type Stay struct {
	// From is since when, and Until until when it is planned.
	From  time.Time `json:"from"`
	Until time.Time `json:"until,omitzero"`
	// Address is where, in the shelter's words: the house, the flat, the room.
	Address    string   `json:"address,omitempty"`
	Dependants []Person `json:"dependants,omitempty"`
}

// Person is how many of one kind stay with her.
type Person struct {
	Kind  code.Dependant `json:"kind"`
	Count int            `json:"count"`
}

// Begun is the private half of PlacementStarted.
type Begun struct {
	Ground
	Stay
}

// Over is the private half of PlacementEnded.
type Over struct {
	At     time.Time         `json:"at"`
	Reason code.PlacementEnd `json:"reason"`
}

// Prefix begins the identifier of every placement.
const Prefix = "stay"

// ID is the placement of a referral, or of a plan.
func ID(of string) string { return fact.Rename(Prefix, of) }

// Start begins a stay.
type Start struct {
	Plan string `json:"plan"`
	// Place is at which service of the directory it is counted. Left out: at the one that the
	// acceptance took.
	Place      string    `json:"place,omitempty"`
	From       time.Time `json:"from,omitzero"`
	Until      time.Time `json:"until,omitzero"`
	Address    string    `json:"address,omitempty"`
	Dependants []Person  `json:"dependants,omitempty"`
}

// Name is the placement of the plan.
func (c Start) Name() string { return ID(c.Plan) }

// Change writes anew what is true of a stay: what is left out stays as it is. A new address is a
// move; the old one is shown to nobody any more.
type Change struct {
	Until      time.Time `json:"until,omitzero"`
	Address    string    `json:"address,omitempty"`
	Dependants []Person  `json:"dependants,omitempty"`
	// Alone says that nobody stays with her any more.
	Alone bool `json:"alone,omitempty"`
}

// End ends a stay.
type End struct {
	At     time.Time         `json:"at,omitzero"`
	Reason code.PlacementEnd `json:"reason"`
}

// On is what a decision knows of the work that the stay belongs to, and of who acts.
type On struct {
	work.Hands
	Plan look.Fresh[domain.Plan]
}

// Start begins the stay of an open plan of a shelter. Errors: work.ErrNotTheWorker, ErrNoShelter,
// ErrOngoing, ErrDays, work.ErrDate.
func (p Placement) Start(by fact.By, cmd Start, on On) ([]fact.Event, error) {
	plan, err := p.hands(on)
	if err != nil {
		return nil, err
	}
	switch {
	case plan.Service != code.SafeHouse:
		return nil, ErrNoShelter
	case plan.MustBeOpen() != nil:
		return nil, plan.MustBeOpen()
	case p.ongoing():
		return nil, ErrOngoing
	}
	from, err := work.Took("/from", cmd.From, by.At)
	if err != nil {
		return nil, err
	}
	stay := Stay{From: from, Until: cmd.Until, Address: cmd.Address, Dependants: cmd.Dependants}
	if err := stay.check(); err != nil {
		return nil, err
	}
	return fact.With(
		psychosocialv1.PlacementStarted{Stay: psychosocialv1.Stay{Placement: ID(plan.Referral), Place: cmd.Place}},
		Begun{Ground: Ground{Referral: plan.Referral, CaseID: plan.Case(), Agency: plan.Agency}, Stay: stay},
	), nil
}

// Change says where she stays now, until when, and with whom. It is done while its worker reads all
// of the work. Errors: work.ErrNotTheWorker, ErrOver, ErrDays.
func (p Placement) Change(_ fact.By, cmd Change, on On) ([]fact.Event, error) {
	plan, err := p.hands(on)
	if err != nil {
		return nil, err
	}
	if err := p.mustGoOn(); err != nil {
		return nil, err
	}
	if plan.Shows() != work.Everything {
		return nil, plan.MayAmend()
	}
	stay := p.Stay
	if !cmd.Until.IsZero() {
		stay.Until = cmd.Until
	}
	if cmd.Address != "" {
		stay.Address = cmd.Address
	}
	if cmd.Alone {
		stay.Dependants = nil
	} else if len(cmd.Dependants) > 0 {
		stay.Dependants = cmd.Dependants
	}
	if err := stay.check(); err != nil {
		return nil, err
	}
	return fact.With(psychosocialv1.PlacementChanged{Placement: p.ID}, stay), nil
}

// End ends the stay and gives the place back. It hangs on no consent: a bed is free when it is, also
// where the work is over or she took everything back. Errors: work.ErrNotTheWorker, ErrOver,
// work.ErrUnknownCode, work.ErrDate, ErrDays.
func (p Placement) End(by fact.By, cmd End, on On) ([]fact.Event, error) {
	if _, err := p.hands(on); err != nil {
		return nil, err
	}
	if err := p.mustGoOn(); err != nil {
		return nil, err
	}
	if err := work.Known("/reason", cmd.Reason, code.PlacementEnds); err != nil {
		return nil, err
	}
	at, err := work.Took("/at", cmd.At, by.At)
	if err != nil {
		return nil, err
	}
	if at.Before(p.From) {
		return nil, ErrDays.At("/at", "after it began")
	}
	return fact.With(
		psychosocialv1.PlacementEnded{Stay: psychosocialv1.Stay{Placement: p.ID, Place: p.Place}},
		Over{At: at, Reason: cmd.Reason},
	), nil
}

// hands gives the plan to who has it, and who covers.
func (p Placement) hands(on On) (domain.Plan, error) {
	if on.Err != nil {
		return domain.Plan{}, on.Err
	}
	plan := on.Plan.Value()
	return plan, plan.Handled(on.Hands)
}

// check refuses a stay that cannot be. Errors: ErrDays, work.ErrUnknownCode.
func (s Stay) check() error {
	if !s.Until.IsZero() && !s.Until.After(s.From) {
		return ErrDays.At("/until", "after it began")
	}
	for _, d := range s.Dependants {
		if err := work.Known("/dependants", d.Kind, code.Dependants); err != nil {
			return err
		}
	}
	return nil
}

func (p Placement) ongoing() bool { return p.ID != "" && p.EndedAt.IsZero() }

// mustGoOn gives ErrOver.
func (p Placement) mustGoOn() error {
	if !p.ongoing() {
		return ErrOver
	}
	return nil
}

// Evolve is the placement after an event.
func (p Placement) Evolve(e fact.Event) Placement {
	switch d := e.Data.(type) {
	case psychosocialv1.PlacementStarted:
		begun, _ := e.Private.(Begun)
		p = Placement{
			ID: d.Placement, Plan: fact.Rename(domain.Prefix, d.Placement), Ground: begun.Ground, Place: d.Place, Stay: begun.Stay,
		}
	case psychosocialv1.PlacementChanged:
		p.Stay, _ = e.Private.(Stay)
	case psychosocialv1.PlacementEnded:
		over, _ := e.Private.(Over)
		p.EndedAt, p.Reason = over.At, over.Reason
	}
	return p
}

// Case is the case of the work.
func (p Placement) Case() string { return p.CaseID }

// Visible reports whether the actor may know of the stay: its own agency.
func (p Placement) Visible(by fact.By) bool {
	return by.System() || p.ID != "" && by.Agency == p.Agency
}

// Closed reports whether the stay is over.
func (p Placement) Closed() bool { return !p.ongoing() }

// Deadlines is empty: nobody is sent away by a clock.
func (p Placement) Deadlines() []fact.Deadline { return nil }

// Exists reports whether there was ever a stay.
func (p Placement) Exists() bool { return p.ID != "" }
