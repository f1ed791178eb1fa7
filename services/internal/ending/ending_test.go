package ending

import (
	"testing"

	"github.com/sanad-network/sanad/api/code"
)

// Every reason is decided: a new one is a decision here.
func TestEveryReasonIsDecided(t *testing.T) {
	want := map[code.CancelReason]bool{
		code.SurvivorDeclined: true, code.UnsafeToContinue: true, code.MadeInError: true, code.NoLongerNeeded: false, code.OtherCancel: false,
	}
	for _, r := range code.CancelReasons {
		if is, decided := want[r]; !decided || AtOnce(r) != is {
			t.Errorf("%s: at once %t, decided %t", r, AtOnce(r), decided)
		}
	}
}
