package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Examination is the forensic work of one agency on one referral.
type Examination struct {
	forensicv1.Work
	work.Standing
	// Steps are those to which she answered, in the order in which she first did.
	Steps    []Step
	Record   Record
	Findings []Finding
	Exhibits []Exhibit
	// Certificates are all versions, the oldest first.
	Certificates []Certificate
	// Draft is the certificate that waits for a supervisor; nil for none.
	Draft *Draft
	// Kits are those that became part of it.
	Kits []string
	// Files are those of its photographs.
	Files       []vault.File
	Photographs []Photograph
	Reviews     []Review
	// Came is up to when what came due was told.
	Came  time.Time
	Holds []LegalHold
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
	if w, what := all(e); what != nil {
		is := x.AsWork().After(work.Event{Ground: ground(w), Turn: w.Turn, What: what}, e.At)
		x.Work, x.Standing = own(is.Ground, is.Turn), is.Standing
		return x
	}
	switch d := e.Data.(type) {
	case forensicv1.StepAnswered:
		heard, _ := e.Private.(Heard)
		x = x.answered(d, heard)
	case forensicv1.FindingRecorded:
		found, _ := e.Private.(Found)
		x.Findings = append(slices.Clip(x.Findings), Finding{ID: d.Finding, At: e.At, Step: d.Step, Found: found})
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
	case forensicv1.CertificateDrafted:
		issued, _ := e.Private.(Issued)
		x.Draft = &Draft{ID: d.Certificate, At: e.At, Replaces: d.Replaces, Issued: issued}
	case forensicv1.CertificateSigned:
		signing, _ := e.Private.(Signing)
		x = x.certificate(d.Certificate, func(c *Certificate) { c.Signing = &signing })
	case forensicv1.CertificateReleased:
		handed, _ := e.Private.(Handed)
		x = x.certificate(d.Certificate, func(c *Certificate) {
			c.Releases = append(slices.Clip(c.Releases), Release{At: e.At, To: d.To, Handed: handed})
		})
	case forensicv1.FileStored:
		file, _ := e.Private.(vault.File)
		x.Files = append(slices.Clip(x.Files), file)
	case forensicv1.PhotographKept:
		shot, _ := e.Private.(Shot)
		x.Photographs = append(slices.Clip(x.Photographs), Photograph{ID: d.Photograph, At: e.At, Shot: shot})
	case forensicv1.ReviewsPlanned, forensicv1.ReviewAnswered, forensicv1.ReviewRecorded:
		x = x.reviewed(e)
	case forensicv1.ReviewCame:
		x.Came = e.At
	case forensicv1.ExaminationHeld, forensicv1.ExaminationHoldLifted, forensicv1.HoldTold:
		x = x.afterHold(e)
	case forensicv1.KitTaken:
		x.Kits = append(slices.Clip(x.Kits), d.Kit)
	case forensicv1.CertificateAnnulled:
		word, _ := e.Private.(Word)
		x = x.certificate(d.Certificate, func(c *Certificate) { c.Annulled = &Spoken{At: e.At, Word: word} })
	case forensicv1.CertificateKept:
		issued, _ := e.Private.(Issued)
		x = x.certified(forensicv1.CertificateIssued(d), issued, e.At).certificate(d.Certificate, func(c *Certificate) { c.Kept = true })
	case forensicv1.CertificateKeptAnnulled:
		word, _ := e.Private.(Word)
		x = x.certificate(d.Certificate, func(c *Certificate) { c.Annulled = &Spoken{At: e.At, Word: word} })
	case forensicv1.CertificateUpheld:
		word, _ := e.Private.(Word)
		x = x.certificate(d.Certificate, func(c *Certificate) {
			c.Upheld = append(slices.Clip(c.Upheld), Spoken{At: e.At, Word: word})
			c.Rests.Amendments = x.amendments(c.Rests)
		})
	}
	return x
}

// recorded reports whether the survivor has been examined: as a whole, or at a step.
func (x Examination) recorded() bool {
	return x.written() || slices.ContainsFunc(x.Findings, func(f Finding) bool { return !f.InError })
}

// written reports whether the examination was recorded as a whole.
func (x Examination) written() bool { return !x.Record.At.IsZero() }
