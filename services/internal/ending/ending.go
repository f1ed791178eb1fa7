// Package ending says what her front desk and the loop must agree on when something ends:
// for which reasons it ends at once, and how long it can be taken up again. It refuses to
// know a record.
package ending

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

const day = 24 * time.Hour

const (
	// Grace is how long after the end of a consent a new one takes up what lapsed with it.
	Grace = 30 * day
	// ResumeWithin is how long after its end a referral can be resumed.
	ResumeWithin = 14 * day
)

// atOnce are her no, her safety, and what should never have been.
var atOnce = []code.CancelReason{code.SurvivorDeclined, code.UnsafeToContinue, code.MadeInError}

// AtOnce says whether a referral ends at once when her desk records a reason, also one
// that was accepted: nobody goes on against it, and nobody takes it up again.
func AtOnce(r code.CancelReason) bool { return slices.Contains(atOnce, r) }
