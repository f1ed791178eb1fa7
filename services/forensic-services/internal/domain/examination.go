package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Examination is the forensic work of one agency on one referral.
type Examination struct {
	forensicv1.Work
	work.Standing
	Record   Record
	Exhibits []Exhibit
	// Certificates are all versions, the oldest first.
	Certificates []Certificate
	Outcome      code.Outcome
}

// Record is what the examiner recorded; zero until then.
type Record struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	Findings
	Before []work.Before[Findings] `json:"before,omitempty"`
}

// Exhibit is one item in custody.
type Exhibit struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	Item
	InError bool                `json:"entered_in_error,omitempty"`
	Before  []work.Before[Item] `json:"before,omitempty"`
}

// Item is what can be written anew of an exhibit. It is empty where the exhibit was entered
// in error.
type Item struct {
	Kind code.ExhibitKind `json:"kind,omitempty"`
	Label
}

// Prefix begins the identifier of every examination.
const Prefix = "exam"

// ExaminationID is the examination of a referral: one each, whatever arrives
// first.
func ExaminationID(referral string) string { return fact.Rename(Prefix, referral) }

// Case is the case that the examination belongs to.
func (x Examination) Case() string { return x.Work.Case }

// Visible reports whether the actor may know of the examination: its own
// agency.
func (x Examination) Visible(by fact.By) bool {
	return by.System() || x.Exists() && by.Agency == x.Agency
}

// Evolve is the examination after an event.
func (x Examination) Evolve(e fact.Event) Examination {
	switch d := e.Data.(type) {
	case forensicv1.ExaminationOpened:
		consent, _ := e.Private.(work.Consent)
		x.Standing = x.Opened(e.At, consent, d.Turn)
		x.Work = x.still(d.Work)
	case forensicv1.ExaminationReopened:
		consent, _ := e.Private.(work.Consent)
		x.Standing = x.Opened(e.At, consent, d.Turn)
		if x.Status == work.Open {
			x.Outcome = ""
		}
		x.Work = x.still(d.Work)
	case forensicv1.ExaminationRenewed:
		consent, _ := e.Private.(work.Consent)
		x.Standing = x.Standing.Renewed(e.At, consent, d.Turn, d.Replaces)
		x.Work = x.still(d.Work)
	case forensicv1.ExaminationStarted:
		x.Standing = x.Begun()
	case forensicv1.ExaminationRested:
		x.Standing = x.Standing.Rested(e.At, d.Turn)
		x.Work = x.still(d.Work)
	case forensicv1.ExaminationAssigned:
		x.Standing = x.Assigned(d.Worker, d.Turn, d.At)
		x.Work = x.still(d.Work)
	case forensicv1.ExaminationEndingAsked:
		x.Standing = x.ToAsk()
	case forensicv1.ExaminationEndingAnswered:
		x.Standing = x.Answered(e.At, d.Answer)
	case forensicv1.ExaminationRecorded:
		findings, _ := e.Private.(Findings)
		x.Record = Record{ID: fact.Rename("rec", x.Examination), At: e.At, Findings: findings}
	case forensicv1.ExaminationAmended:
		amendment, _ := e.Private.(Amendment)
		x = x.amended(d, amendment, e.At)
	case forensicv1.ExhibitCollected:
		label, _ := e.Private.(Label)
		x.Exhibits = append(slices.Clip(x.Exhibits), Exhibit{ID: d.Exhibit, At: e.At, Item: Item{Kind: d.Kind, Label: label}})
	case forensicv1.CertificateIssued:
		issued, _ := e.Private.(Issued)
		x = x.certified(d, issued, e.At)
	case forensicv1.CertificateAnnulled:
		word, _ := e.Private.(Word)
		x = x.certificate(d.Certificate, func(c *Certificate) { c.Annulled = &Spoken{At: e.At, Word: word} })
	case forensicv1.CertificateUpheld:
		word, _ := e.Private.(Word)
		x = x.certificate(d.Certificate, func(c *Certificate) {
			c.Upheld = append(slices.Clip(c.Upheld), Spoken{At: e.At, Word: word})
			c.Rests.Amendments = x.amendments(c.Rests.Exhibits)
		})
	case forensicv1.ExaminationClosed:
		x.Standing = x.Finished(e.At, d.Turn)
		x.Outcome = d.Outcome
	case forensicv1.ExaminationKeptClosed:
		x.Standing = x.Finished(e.At, d.Turn)
		x.Outcome = d.Outcome
	case forensicv1.ExaminationEnded:
		x.Standing = x.Over(e.At, d.Turn, d.Erasure != "")
		x.Work = x.still(d.Work)
	}
	return x
}

// still is what the examination is after an event: what it was made for, at the turn of its
// standing. A journal may hold an early commit that names another agency. It is read
// like any other and does not move the examination.
func (x Examination) still(w forensicv1.Work) forensicv1.Work {
	is := x.Work
	if is.Referral == "" {
		is = w
	}
	is.Turn = x.Standing.Turn
	return is
}

// recorded reports whether the survivor has been examined.
func (x Examination) recorded() bool { return !x.Record.At.IsZero() }
