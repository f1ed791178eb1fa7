// Package forensicv1 holds the events that the forensic-services service records, in
// their first version. Fields are only ever added. What others are told is that an
// examination opened, started, goes on, ended with a reason, that she was not reached,
// and, for her lawyer, that a certificate exists. Every other event stays in the room
// (ConfinedToAddressees): what was found and kept is nobody else's to know.
package forensicv1

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Work is what every event of an examination repeats.
type Work struct {
	Examination string `json:"examination"`
	Referral    string `json:"referral"`
	Case        string `json:"case"`
	Agency      string `json:"agency"`
	// Turn is that of the referral, as far as its facts have arrived. Work from
	// before a reopening says nothing about the new round.
	Turn int `json:"turn,omitempty"`
}

// ExaminationOpened says that an accepted referral became an examination.
type ExaminationOpened struct{ Work }

// ExaminationRecorded says that the survivor was examined. Findings are
// private.
type ExaminationRecorded struct{ Work }

// ExhibitCollected says that an item entered the chain of custody. Its seal
// number and description are private.
type ExhibitCollected struct {
	Work
	Exhibit string           `json:"exhibit"`
	Kind    code.ExhibitKind `json:"kind"`
}

// CertificateIssued says that a certificate exists. The opinion in it is private. It is
// the one result that leaves its room, because legal-aid must file it: a matter notes
// it where her consent to that matter covers forensic certificates, and no other service
// reacts to it. It stands on no timeline of a desk.
type CertificateIssued struct {
	Work
	Certificate string `json:"certificate"`
	// Replaces is the version in whose place it comes: a lawyer who relies on the old one
	// must know. Empty for the first.
	Replaces string `json:"replaces,omitempty"`
}

// CertificateAnnulled says that a certificate was issued in error and does not stand any
// more. Who annulled it, and why, is private. Legal-aid must know, as of its issue.
type CertificateAnnulled struct {
	Work
	Certificate string `json:"certificate"`
}

// CertificateKept is CertificateIssued for work that continues on her own word: nobody
// outside hears of such work, and so of no certificate of it.
type CertificateKept struct {
	Work
	Certificate string `json:"certificate"`
	Replaces    string `json:"replaces,omitempty"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateKept) ConfinedToAddressees() {}

// CertificateKeptAnnulled is CertificateAnnulled for a certificate of which nobody outside
// has heard.
type CertificateKeptAnnulled struct {
	Work
	Certificate string `json:"certificate"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateKeptAnnulled) ConfinedToAddressees() {}

// CertificateUpheld says that a certificate stands although the findings under it were
// amended. Who said so, and why, is private.
type CertificateUpheld struct {
	Work
	Certificate string `json:"certificate"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (CertificateUpheld) ConfinedToAddressees() {}

// ExaminationAmended says that the record was written anew, or that an exhibit was labelled
// anew or was entered in error. What it holds, and who wrote it, is private.
type ExaminationAmended struct {
	Work
	Entry  string           `json:"entry"`
	Reason code.AmendReason `json:"reason"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationAmended) ConfinedToAddressees() {}

// ExaminationClosed ends the examination.
type ExaminationClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// ExaminationReopened says that the referral behind the examination was taken up again, and
// the work with it.
type ExaminationReopened struct {
	Work
	Categories []code.Category `json:"categories"`
}

// ExaminationEnded says that the referral behind the examination was completed, cancelled or
// withdrawn, and the work with it. Erasure says that the examination was closed to readers,
// once her consent has ended. It says nothing of copies.
type ExaminationEnded struct {
	Work
	Erasure code.Erasure `json:"erasure,omitempty"`
}

// ExaminationStarted says that the work has begun in this round of the referral. It says
// nothing of what was done.
type ExaminationStarted struct{ Work }

// ExaminationContactProblem says that the worker could not reach her. How it was tried, and
// what was missed, stays in the room.
type ExaminationContactProblem struct{ Work }

// ExaminationRested says that the consent behind the examination ran out: nobody reads what is
// in it until she gave a new one.
type ExaminationRested struct{ Work }

// ExaminationRenewed says that the examination continues on a new consent of hers, in the place of
// another.
type ExaminationRenewed struct {
	Work
	Replaces string `json:"replaces"`
}

// ExaminationEndingAsked says that she took back the consent of her desk, and that her
// worker is to ask her whether this work ends, too.
type ExaminationEndingAsked struct{ Work }

// ExaminationEndingAnswered is what she said to her worker.
type ExaminationEndingAnswered struct {
	Work
	Answer code.EndingAnswer `json:"answer"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationRested) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationRenewed) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationEndingAsked) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationEndingAnswered) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationRecorded) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExhibitCollected) ConfinedToAddressees() {}

// ExaminationKeptClosed says that the worker closed what continued on her own word. Her desk
// hears nothing of it.
type ExaminationKeptClosed struct {
	Work
	Outcome code.Outcome `json:"outcome"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationKeptClosed) ConfinedToAddressees() {}

// ExaminationAssigned says which worker has the examination, by the identifier in the register.
type ExaminationAssigned struct {
	Work
	Worker string    `json:"worker"`
	At     time.Time `json:"at,omitzero"`
}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationAssigned) ConfinedToAddressees() {}

// ExaminationSeen says that somebody looked at what is in the examination. Who, and at what, is
// private.
type ExaminationSeen struct{ Work }

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (ExaminationSeen) ConfinedToAddressees() {}

// Of is the case of the examination.
func (e ExaminationSeen) Of() string { return e.Case }
