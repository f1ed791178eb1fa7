package domain

import (
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// From the end of the consent on, what was done under it is not told again: not to
// the agency that took the referral, nor to one that was only asked. The sender, and
// the network, need none.
func TestWhenTheConsentEnded(t *testing.T) {
	untaken := fold(requested(t), later, first(t)(requested(t).ConsentEnds("cons_1")))
	recalled := fold(in(t, code.Completed), later, first(t)(in(t, code.Completed).ConsentEnds("cons_1")))
	for name, c := range map[string]struct {
		r     Referral
		ended bool
	}{
		"asked":     {requested(t), false},
		"accepted":  {in(t, code.Accepted), false},
		"completed": {in(t, code.Completed), false},
		"declined":  {in(t, code.Declined), false},
		"cancelled": {in(t, code.Cancelled), false},
		"withdrawn": {in(t, code.Withdrawn), true},
		"recalled":  {recalled, true},
		"untaken":   {untaken, true},
	} {
		if got := c.r.ConsentEnded(at(c.r.Recipient, later)); got.IsZero() == c.ended {
			t.Errorf("%s: the consent of the recipient ended at %s", name, got)
		}
		for _, by := range []fact.By{at(c.r.Sender, later), {}} {
			if got := c.r.ConsentEnded(by); !got.IsZero() {
				t.Errorf("%s: %q needs a consent, which ended at %s", name, by.Agency, got)
			}
		}
	}
}
