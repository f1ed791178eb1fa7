// Package legalaidv1 holds the events that the legal-aid service records, in their
// first version. Fields are only ever added. What others are told is that a matter
// opened, started, goes on, ended with a reason, and that she was not reached. Every
// other event stays in the room (ConfinedToAddressees): what a lawyer does for her is
// nobody else's to know.
package legalaidv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Work is what every event of a matter repeats.
type Work struct {
	Matter   string `json:"matter"`
	Referral string `json:"referral"`
	Case     string `json:"case"`
	Agency   string `json:"agency"`
	// Turn is that of the referral, as far as its facts have arrived. Work from
	// before a reopening says nothing about the new round.
	Turn int `json:"turn,omitempty"`
}

// MatterOpened says that an accepted referral became a legal matter.
type MatterOpened struct {
	Work
	Categories []code.Category `json:"categories"`
	// ConflictCheck says that no fact of the matter is shown or written before its conflict
	// check. It is missing in one of before there were such checks: that counts as checked, on paper.
	ConflictCheck bool `json:"conflict_check,omitempty"`
}

// AdviceGiven says that the survivor was advised on a topic. What was said is
// private.
type AdviceGiven struct {
	Work
	// Advice is missing in one of before advice could be put right.
	Advice string          `json:"advice,omitempty"`
	Topic  code.LegalTopic `json:"topic"`
}

// ProtectionOrderApplied says that a court was asked for protection.
type ProtectionOrderApplied struct {
	Work
	Application string `json:"application"`
}

// ProtectionOrderDecided says what the court answered.
type ProtectionOrderDecided struct {
	Work
	Application string           `json:"application"`
	Result      code.OrderResult `json:"result"`
	// Ruling names this version of the answer. It is missing in one of before answers
	// had versions.
	Ruling string `json:"ruling,omitempty"`
	// Replaces is the version in whose place it comes, and Reason why. Without them the
	// court answered once more.
	Replaces string           `json:"replaces,omitempty"`
	Reason   code.AmendReason `json:"reason,omitempty"`
}

// MatterAmended says that an entry of the matter was written anew, or was entered in
// error. What it holds, and who wrote it, is private.
type MatterAmended struct {
	Work
	Entry  string           `json:"entry"`
	Reason code.AmendReason `json:"reason"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterAmended) ConfinedToAddressees() {}

// CertificateNoted says that a forensic certificate exists for the survivor,
// and that her consent lets this matter know it.
type CertificateNoted struct {
	Work
	Certificate string `json:"certificate"`
	// Replaces is the version in whose place it comes.
	Replaces string `json:"replaces,omitempty"`
}

// CertificateOutdated says that a certificate which this matter knows does not stand any
// more: another version replaced it, or it was annulled. It names no other certificate,
// because her consent may not let this matter know that one.
type CertificateOutdated struct {
	Work
	Certificate string `json:"certificate"`
	Annulled    bool   `json:"annulled,omitempty"`
}

// CertificateSettled says that the lawyer knows that a certificate does not stand any
// more.
type CertificateSettled struct {
	Work
	Certificate string `json:"certificate"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateOutdated) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateSettled) ConfinedToAddressees() {}

// MatterClosed ends the matter.
type MatterClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// MatterReopened says that the referral behind the matter was taken up again, and
// the work with it.
type MatterReopened struct {
	Work
	Categories []code.Category `json:"categories"`
	// ConflictCheck is that of MatterOpened, where the acceptance has not arrived.
	ConflictCheck bool `json:"conflict_check,omitempty"`
}

// MatterEnded says that the referral behind the matter was completed, cancelled or
// withdrawn, and the work with it. Erasure says that the matter was closed to readers,
// once her consent has ended. It says nothing of copies.
type MatterEnded struct {
	Work
	Erasure code.Erasure `json:"erasure,omitempty"`
}

// CertificateFiled notes in legal-aid that a certificate exists for a case,
// also for matters that are yet to be opened.
type CertificateFiled struct {
	Case        string `json:"case"`
	Certificate string `json:"certificate"`
	// Replaces is the version in whose place it comes.
	Replaces string `json:"replaces,omitempty"`
}

// AnnulmentFiled notes in legal-aid that a certificate of a case was annulled, also one that
// is yet to be filed.
type AnnulmentFiled struct {
	Case        string `json:"case"`
	Certificate string `json:"certificate"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (AnnulmentFiled) ConfinedToAddressees() {}

// MatterStarted says that the work has begun in this round of the referral. It says
// nothing of what was done.
type MatterStarted struct{ Work }

// MatterContactProblem says that the worker could not reach her. How it was tried, and
// what was missed, stays in the room.
type MatterContactProblem struct{ Work }

// MatterRested says that the consent behind the matter ran out: nobody reads what is
// in it until she gave a new one.
type MatterRested struct{ Work }

// MatterRenewed says that the matter continues on a new consent of hers, in the place of
// another.
type MatterRenewed struct {
	Work
	Replaces string `json:"replaces"`
	// ConflictCheck is that of MatterOpened, where the acceptance has not arrived.
	ConflictCheck bool `json:"conflict_check,omitempty"`
}

// MatterEndingAsked says that she took back the consent of her desk, and that her
// worker is to ask her whether this work ends, too.
type MatterEndingAsked struct{ Work }

// MatterEndingAnswered is what she said to her worker.
type MatterEndingAnswered struct {
	Work
	Answer code.EndingAnswer `json:"answer"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterRested) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterRenewed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterEndingAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterEndingAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (AdviceGiven) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ProtectionOrderApplied) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ProtectionOrderDecided) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateNoted) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateFiled) ConfinedToAddressees() {}

// MatterKeptClosed says that the worker closed what continued on her own word. Her desk
// hears nothing of it.
type MatterKeptClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterKeptClosed) ConfinedToAddressees() {}

// MatterAssigned says which worker has the matter, by the identifier in the register.
type MatterAssigned struct {
	Work
	Worker string    `json:"worker"`
	At     time.Time `json:"at,omitzero"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterAssigned) ConfinedToAddressees() {}

// MatterSeen says that somebody looked at what is in the matter. Who, and at what, is
// private.
type MatterSeen struct{ Work }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (MatterSeen) ConfinedToAddressees() {}

// Of is the case of the matter.
func (e MatterSeen) Of() string { return e.Case }
