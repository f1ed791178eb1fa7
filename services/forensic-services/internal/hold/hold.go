// Package hold says what a legal hold is: an order or a statute by which something is kept. It stands on
// the name of one, and never on a wish (docs/guides/what-harms.md). It refuses to open anything to anybody.
package hold

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// ErrHold refuses a hold without a ground.
var ErrHold = fault.New(fault.Invalid, "hold_invalid", "A legal hold names its order or statute, and is not over.")

// Hold is a legal hold: while it stands, what it is on is not destroyed.
type Hold struct {
	ID     string          `json:"id"`
	At     time.Time       `json:"at"`
	Ground code.HoldGround `json:"ground"`
	Until  time.Time       `json:"until,omitzero"`
	Ordered
	// Lifted is who ended it, and why; nil while nobody did.
	Lifted *Lifting `json:"lifted,omitempty"`
}

// Ordered is the name of the order or the statute, and who wrote it down. It is the private half of the
// event that says so.
type Ordered struct {
	Name string `json:"name"`
	By   string `json:"by"`
}

// Lifting is who ended a hold, when and why. It is the private half of the event that says so.
type Lifting struct {
	At  time.Time `json:"at"`
	By  string    `json:"by"`
	Why string    `json:"why"`
}

// Stands reports whether a hold counts at an instant.
func (h Hold) Stands(at time.Time) bool {
	return h.Lifted == nil && (h.Until.IsZero() || at.Before(h.Until))
}

// Order is the command that puts a legal hold on something.
type Order struct {
	Ground code.HoldGround `json:"ground"`
	// Name is that of the order or the statute.
	Name string `json:"name"`
	// Until is its end, where it has one.
	Until time.Time `json:"until,omitzero"`
}

// Check refuses a hold without a name, and one that is over (ErrHold); work.ErrUnknownCode.
func (o Order) Check(at time.Time) error {
	if err := work.Known("/ground", o.Ground, code.HoldGrounds); err != nil {
		return err
	}
	switch {
	case o.Name == "":
		return ErrHold.At("/name", "required")
	case !o.Until.IsZero() && !o.Until.After(at):
		return ErrHold.At("/until", "after now")
	}
	return nil
}

// Ordered is who wrote the order down.
func (o Order) Ordered(by fact.By) Ordered { return Ordered{Name: o.Name, By: by.Principal} }

// Lift is the command that ends a legal hold.
type Lift struct {
	Hold string `json:"hold"`
	Why  string `json:"why"`
}

// Lifting is who ended it.
func (l Lift) Lifting(by fact.By) Lifting { return Lifting{At: by.At, By: by.Principal, Why: l.Why} }

// Unlifted is the index of a hold that nobody lifted: of the one that is named, or of any for "". It is -1
// where there is none.
func Unlifted[H interface{ is() Hold }](all []H, id string) int {
	return slices.IndexFunc(all, func(h H) bool { return h.is().Lifted == nil && (id == "" || h.is().ID == id) })
}

func (h Hold) is() Hold { return h }
