package domain

import (
	"errors"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

// An agency declines and cancels for a reason that the programme of the case uses, and of another
// programme nothing counts. Her no and her safety are in use everywhere.
func TestReasonsInUse(t *testing.T) {
	few := func(id string) Rules {
		return Rules{Programmes: programmetest.Made(id, "GT", func(f *programme.Fields) {
			f.Reasons.Is.Decline = map[code.DeclineReason]programme.Words{code.AtCapacity: nil}
			f.Reasons.Is.Cancel = map[code.CancelReason]programme.Words{code.MadeInError: nil}
		})}
	}
	here, elsewhere := few("spotlight"), few("rainbow")
	asked, taken := in(t, code.Requested), in(t, code.Accepted)
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"in use":               {refusalOf(here.Decline(asked, answered, Decline{code.AtCapacity})), nil},
		"not in use":           {refusalOf(here.Decline(asked, answered, Decline{code.OutOfArea})), programme.ErrReason},
		"of another programme": {refusalOf(elsewhere.Decline(asked, answered, Decline{code.OutOfArea})), nil},
		"cancelled":            {refusalOf(here.Cancel(taken, answered, Cancel{Reason: code.MadeInError})), nil},
		"cancelled, not so":    {refusalOf(here.Cancel(taken, answered, Cancel{Reason: code.NoLongerNeeded})), programme.ErrReason},
		"her no":               {refusalOf(here.Cancel(taken, answered, Cancel{Reason: code.SurvivorDeclined})), nil},
		"her safety":           {refusalOf(here.Cancel(taken, answered, Cancel{Reason: code.UnsafeToContinue})), nil},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
}

func refusalOf[T any](_ T, err error) error { return err }
