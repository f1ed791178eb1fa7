package work

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
)

// Consent is what the survivor agreed to for this work, as the accepted
// referral repeated it. It is the private half of an event that opens work.
type Consent struct {
	ID         string          `json:"id"`
	Purpose    code.Purpose    `json:"purpose"`
	Categories []code.Category `json:"categories"`
	Expires    time.Time       `json:"expires"`
	// Place is the country and the programme of the case, whose rules hold for the work. It is
	// empty where the referral is from a release that did not say so.
	referralv1.Place
	// Urgency is that of the request: it orders work that nobody has. It is empty where the
	// referral did not say so.
	Urgency code.Urgency `json:"urgency,omitempty"`
}

// ConsentOf takes the consent out of an accepted referral.
func ConsentOf(e referralv1.Accepted) Consent {
	return Consent{ID: e.Consent, Purpose: e.Purpose, Categories: e.Categories, Expires: e.ConsentExpires, Place: e.Place, Urgency: e.Urgency}
}

// ConsentAgain takes the consent out of a referral that was taken up again.
func ConsentAgain(e referralv1.Reopened) Consent {
	return Consent{ID: e.Consent, Purpose: e.Purpose, Categories: e.Categories, Expires: e.ConsentExpires, Place: e.Place, Urgency: e.Urgency}
}

// ConsentRenewed takes the consent out of a referral that continues on a new one.
func ConsentRenewed(e referralv1.Renewed) Consent {
	return Consent{ID: e.Consent, Purpose: e.Purpose, Categories: e.Categories, Expires: e.ConsentExpires, Place: e.Place, Urgency: e.Urgency}
}

// InForce reports whether the consent still holds at an instant. A consent
// without an end never holds: it must be reasonably limited in time.
func (c Consent) InForce(at time.Time) bool { return at.Before(c.Expires) }

// Covers reports whether the consent holds at an instant for a class of data.
func (c Consent) Covers(category code.Category, at time.Time) bool {
	return c.InForce(at) && slices.Contains(c.Categories, category)
}
