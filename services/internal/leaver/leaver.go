// Package leaver refuses everything to people who have left their agency. It is for the whole
// of a room, and refuses to know what is asked there.
package leaver

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// ErrLeft refuses everything to somebody of whom the register says that they left.
var ErrLeft = fault.New(fault.Forbidden, "left_the_desk", "The register of workers says that you do not work at this agency any more.")

// Stays is a rule for all that people ask of a room (service.Unit.Admit): who has left their
// agency is shown nothing and does nothing there. A token lives on for up to a day after a
// person left, and the roles in it do not know of the register. The workers are those that
// the room keeps, and left says what the register says of one. Who is on no register may
// act. Errors: ErrLeft, or record.ErrQuarantined where it cannot be known.
func Stays[S record.State[S]](workers *record.Records[S], left func(S) bool) func(context.Context, fact.By) error {
	return func(ctx context.Context, by fact.By) error {
		me, err := workers.Fresh(ctx, worker.ID(by.Agency, by.Principal))
		if err == nil && left(me.Value()) {
			return ErrLeft
		}
		return err
	}
}

// HasLeft is what a copy of the register says of a worker.
func HasLeft(c worker.Copy) bool { return c.Left }
