package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Certificate is one version of what the examiner certified. What it says is never changed:
// a court may have it. At most one version stands, and a version is replaced by one other.
type Certificate struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	Issued
	// Replaces is the version before it; ReplacedBy is the one after it, since ReplacedAt.
	Replaces   string    `json:"replaces,omitempty"`
	ReplacedBy string    `json:"replaced_by,omitempty"`
	ReplacedAt time.Time `json:"replaced_at,omitzero"`
	// Annulled is who said that it was issued in error; nil where nobody did.
	Annulled *Spoken `json:"annulled,omitempty"`
	// Upheld is who said, each time, that it stands although the findings were amended.
	Upheld []Spoken `json:"upheld,omitempty"`
	// Signing is what was signed, and by whom; nil before.
	Signing *Signing `json:"-"`
	// Signed says that it is signed. It is not kept, either.
	Signed   bool      `json:"signed,omitempty"`
	Releases []Release `json:"releases,omitempty"`
	// FindingsChanged is not kept: it is so, or not, when somebody reads it.
	FindingsChanged bool `json:"findings_changed,omitempty"`
	// Kept says that nobody outside the room has heard of it.
	Kept bool `json:"-"`
	// Rests is what a person had before them who last answered for it.
	Rests Basis `json:"-"`
}

// Spoken is a word that a person gave for a certificate, and when.
type Spoken struct {
	At time.Time `json:"at"`
	Word
}

// Basis is what a certificate rests on: how many exhibits and findings there were, and how many
// amendments of these and of the record.
type Basis struct{ Exhibits, Findings, Amendments int }

// IssueCertificate certifies the examination: an opinion by the degrees of the
// Istanbul Protocol, and its text. Replaces is the version in whose place it comes, and
// Reason why; empty for the first.
type IssueCertificate struct {
	Opinion  code.Opinion     `json:"opinion"`
	Text     string           `json:"text"`
	Replaces string           `json:"replaces,omitempty"`
	Reason   code.AmendReason `json:"reason,omitempty"`
	// Supervisor is the worker who is to countersign, for an examiner in training.
	Supervisor string `json:"supervisor,omitempty"`
}

// Answer is what a person says of a certificate that stands: why it was issued in error, or
// why it stands although the findings were amended.
type Answer struct {
	Certificate string `json:"certificate"`
	Why         string `json:"why"`
}

// IssueCertificate certifies a recorded examination (ErrNotRecorded). Another certificate
// beside one that stands is refused (ErrCertified): a court must not find two opinions. A
// new version names the one that stands, also on a closed examination, because what is wrong
// before a court must not stay so. Who lacks what certifying requires does not certify
// (credential.ErrMissing); somebody else of the agency does, to whom the examination is given, or a
// supervisor countersigns whom the examiner names: until then it is a draft.
// Errors: those of stands, work.ErrAmendment, work.ErrUnknownCode.
func (x Examination) IssueCertificate(by fact.By, cmd IssueCertificate, e Examiner) ([]fact.Event, error) {
	if err := x.unheld(code.HoldOnFindings, by.At); err != nil {
		return nil, err
	}
	if err := x.MustBeOpen(); err != nil && (cmd.Replaces == "" || x.MayAmend() != nil) {
		return nil, err
	}
	if !x.recorded() {
		return nil, ErrNotRecorded
	}
	if err := x.follows(cmd); err != nil {
		return nil, err
	}
	if err := work.Known("/opinion", cmd.Opinion, code.Opinions); err != nil {
		return nil, err
	}
	issued := Issued{By: by.Principal, Reason: cmd.Reason, Supervisor: cmd.Supervisor, Opinion: Opinion{Opinion: cmd.Opinion, Text: cmd.Text}}
	if cmd.Supervisor != "" {
		return x.draft(by, cmd, issued)
	}
	if err := credential.Refuse("/opinion", e.lacks(x.Consent.Place, by.At)); err != nil {
		return nil, err
	}
	return x.issue(forensicv1.CertificateIssued{Work: x.Work, Certificate: by.ID("cert", 0), Replaces: cmd.Replaces}, issued), nil
}

// issue tells of a certificate. Who relies on an old version must know that it does not stand, also
// where nobody outside hears of the work.
func (x Examination) issue(what forensicv1.CertificateIssued, issued Issued) []fact.Event {
	if x.Kept() && (what.Replaces == "" || x.keeps(what.Replaces)) {
		return fact.With(forensicv1.CertificateKept(what), issued)
	}
	return fact.With(what, issued)
}

// keeps says whether nobody outside the room has heard of a certificate.
func (x Examination) keeps(id string) bool {
	return slices.ContainsFunc(x.Certificates, func(c Certificate) bool { return c.ID == id && c.Kept })
}

// follows gives the reason why a certificate cannot come after those that there are.
func (x Examination) follows(cmd IssueCertificate) error {
	present := x.present()
	switch {
	case cmd.Replaces != "":
		return cmp.Or(x.stands("/replaces", cmd.Replaces), work.Known("/reason", cmd.Reason, code.AmendReasons))
	case cmd.Reason != "":
		return work.ErrAmendment.At("/replaces", "required with a reason")
	case present != nil:
		return ErrCertified.At("/replaces", "the certificate that stands").Nearest([]string{present.ID})
	}
	return nil
}

// AnnulCertificate says that the certificate that stands was issued in error. It stays in the
// record, and needs no successor. Errors: those of work.MayAmend and stands.
func (x Examination) AnnulCertificate(by fact.By, cmd Answer) ([]fact.Event, error) {
	if err := x.unheld(code.HoldOnFindings, by.At); err != nil {
		return nil, err
	}
	if err := cmp.Or(x.MayAmend(), x.stands("/certificate", cmd.Certificate)); err != nil {
		return nil, err
	}
	what, word := forensicv1.CertificateAnnulled{Work: x.Work, Certificate: cmd.Certificate}, Word{By: by.Principal, Why: cmd.Why}
	if x.keeps(cmd.Certificate) {
		return fact.With(forensicv1.CertificateKeptAnnulled(what), word), nil
	}
	return fact.With(what, word), nil
}

// UpholdCertificate says that the certificate stands although the findings under it were
// amended. Where they were not, nobody asks (work.ErrUnchanged). Errors: those of
// work.MayAmend and stands.
func (x Examination) UpholdCertificate(by fact.By, cmd Answer) ([]fact.Event, error) {
	if err := x.unheld(code.HoldOnFindings, by.At); err != nil {
		return nil, err
	}
	if err := cmp.Or(x.MayAmend(), x.stands("/certificate", cmd.Certificate)); err != nil {
		return nil, err
	}
	if !x.changed(*x.present()) {
		return nil, work.ErrUnchanged
	}
	return fact.With(forensicv1.CertificateUpheld{Work: x.Work, Certificate: cmd.Certificate}, Word{By: by.Principal, Why: cmd.Why}), nil
}

// stands gives the reason why a certificate is not the one that stands: there is none of
// that name (work.ErrEntryUnknown), it was annulled (work.ErrEntryInError), or another one
// replaced it. Then the one that stands now, if any, is named (ErrNotTheCertificate).
func (x Examination) stands(pointer, id string) error {
	i := slices.IndexFunc(x.Certificates, func(c Certificate) bool { return c.ID == id })
	switch {
	case i < 0:
		return work.ErrEntryUnknown.At(pointer, "exists")
	case x.Certificates[i].Annulled != nil:
		return work.ErrEntryInError.At(pointer, "not in error")
	case x.Certificates[i].ReplacedBy == "":
		return nil
	}
	refusal := ErrNotTheCertificate.At(pointer, "the certificate that stands")
	if present := x.present(); present != nil {
		refusal = refusal.Nearest([]string{present.ID})
	}
	return refusal
}

// present is the certificate that stands; nil for none.
func (x Examination) present() *Certificate {
	for i := range x.Certificates {
		if c := x.Certificates[i]; c.ReplacedBy == "" && c.Annulled == nil {
			return &c
		}
	}
	return nil
}

// Waits reports whether the worker is to answer for the certificate: the findings were
// amended since, and who has the work may read them.
func (x Examination) Waits() bool {
	present := x.present()
	return present != nil && x.changed(*present) && x.Exists() && x.Shows() == work.Everything
}

// changed reports whether what a certificate rests on was amended since somebody answered
// for it. An exhibit that came later is nothing that it rests on.
func (x Examination) changed(c Certificate) bool {
	return x.amendments(c.Rests) > c.Rests.Amendments
}

// amendments counts how often the record, and the exhibits and findings of a basis, were amended.
func (x Examination) amendments(of Basis) int {
	n := len(x.Record.Before)
	for _, e := range x.Exhibits[:of.Exhibits] {
		n += len(e.Before)
	}
	for _, f := range x.Findings[:of.Findings] {
		n += len(f.Before)
	}
	return n
}

// certified is the examination after a certificate was issued.
func (x Examination) certified(d forensicv1.CertificateIssued, issued Issued, at time.Time) Examination {
	if d.Replaces != "" {
		x = x.certificate(d.Replaces, func(c *Certificate) { c.ReplacedBy, c.ReplacedAt = d.Certificate, at })
	}
	if x.Draft != nil && x.Draft.ID == d.Certificate {
		x.Draft = nil
	}
	rests := Basis{Exhibits: len(x.Exhibits), Findings: len(x.Findings)}
	rests.Amendments = x.amendments(rests)
	x.Certificates = append(slices.Clip(x.Certificates), Certificate{ID: d.Certificate, At: at, Issued: issued, Replaces: d.Replaces, Rests: rests})
	return x
}

// certificate is the examination after one of its certificates changed.
func (x Examination) certificate(id string, change func(*Certificate)) Examination {
	x.Certificates = slices.Clone(x.Certificates)
	for i := range x.Certificates {
		if x.Certificates[i].ID == id {
			change(&x.Certificates[i])
		}
	}
	return x
}

// certificates are the one that stands, with what is to be said of it now, and those of
// before.
func (x Examination) certificates() (stands *Certificate, earlier []Certificate) {
	if stands = x.present(); stands != nil {
		stands.FindingsChanged = x.changed(*stands)
	}
	if stands != nil {
		stands.Signed = stands.Signing != nil
	}
	for _, c := range x.Certificates {
		c.Signed = c.Signing != nil
		if stands == nil || c.ID != stands.ID {
			earlier = append(earlier, c)
		}
	}
	return stands, earlier
}
