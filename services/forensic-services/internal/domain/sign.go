package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Draft is a certificate of an examiner in training, until the named supervisor countersigns it.
type Draft struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Replaces string    `json:"replaces,omitempty"`
	Issued
}

// Signing is the private half of CertificateSigned: what was signed beside the certificate, as it was
// then, and by whom. What is signed does not change with what is found later.
type Signing struct {
	Findings   []string           `json:"findings,omitempty"`
	Signatures []signed.Signature `json:"signatures"`
}

// Release is one release of a certificate.
type Release struct {
	At time.Time          `json:"at"`
	To code.CertificateTo `json:"to"`
	Handed
}

// Handed is the private half of CertificateReleased: to whom by name, and by whom.
type Handed struct {
	Name string `json:"name,omitempty"`
	By   string `json:"by"`
}

// CountersignCertificate is the command with which a supervisor makes a draft a certificate.
type CountersignCertificate struct {
	Certificate string `json:"certificate"`
}

// SignCertificate is the command that adds the signatures of who must sign.
type SignCertificate struct {
	Certificate string `json:"certificate"`
	// Signatures are that of the examiner, and then that of the supervisor who countersigned.
	Signatures []signed.Signature `json:"signatures"`
}

// ReleaseCertificate is the command that records to whom a certificate was given.
type ReleaseCertificate struct {
	Certificate string             `json:"certificate"`
	To          code.CertificateTo `json:"to"`
	// Name is who took it, for somebody who is not she.
	Name string `json:"name,omitempty"`
}

// draft is what an examiner says who lacks what certifying requires, and who names a supervisor. It
// is no certificate yet: nobody outside hears of it.
func (x Examination) draft(by fact.By, cmd IssueCertificate, issued Issued) ([]fact.Event, error) {
	if cmd.Supervisor == worker.ID(by.Agency, by.Principal) {
		return nil, ErrSupervisor.At("/supervisor", "somebody else")
	}
	return fact.With(forensicv1.CertificateDrafted{
		Work: x.Work, Certificate: by.ID("cert", 0), Replaces: cmd.Replaces, Supervisor: cmd.Supervisor,
	}, issued), nil
}

// CountersignCertificate issues the draft that waits, by the supervisor whom it names (ErrSupervisor)
// and who lacks nothing (credential.ErrMissing). Errors also: ErrNoDraft, and those of follows.
func (x Examination) CountersignCertificate(by fact.By, cmd CountersignCertificate, e Examiner) ([]fact.Event, error) {
	if err := x.unheld(code.HoldOnFindings, by.At); err != nil {
		return nil, err
	}
	if err := x.mayCountersign(); err != nil {
		return nil, err
	}
	d := *x.Draft
	if d.ID != cmd.Certificate {
		return nil, work.ErrEntryUnknown.At("/certificate", "exists")
	}
	if d.Supervisor != worker.ID(by.Agency, by.Principal) {
		return nil, ErrSupervisor.At("/certificate", "the supervisor whom it names")
	}
	if err := credential.Refuse("/certificate", e.lacks(x.Consent.Place, by.At)); err != nil {
		return nil, err
	}
	if err := x.follows(IssueCertificate{Replaces: d.Replaces, Reason: d.Reason}); err != nil {
		return nil, err
	}
	return x.issue(forensicv1.CertificateIssued{Work: x.Work, Certificate: d.ID, Replaces: d.Replaces}, d.Issued), nil
}

// mayCountersign gives ErrNoDraft where none waits.
func (x Examination) mayCountersign() error {
	if x.Draft == nil {
		if err := x.MustBeOpen(); err != nil {
			return err
		}
		return ErrNoDraft
	}
	if err := x.MustBeOpen(); err != nil && (x.Draft.Replaces == "" || x.MayAmend() != nil) {
		return err
	}
	return nil
}

// Supervises reports whether a worker is the supervisor of what waits, or of what was countersigned:
// they may look at what they answer for.
func (x Examination) Supervises(id string) bool {
	return id != "" && (x.Draft != nil && x.Draft.Supervisor == id || slices.ContainsFunc(x.Certificates, func(c Certificate) bool { return c.Supervisor == id }))
}

// File is a version of the certificate as it is signed and given away; false for none.
func (x Examination) File(id string) (signed.Certificate, bool) {
	i := slices.IndexFunc(x.Certificates, func(c Certificate) bool { return c.ID == id })
	if i < 0 {
		return signed.Certificate{}, false
	}
	c := x.Certificates[i]
	file := signed.Certificate{
		Certificate: c.ID, Examination: x.Examination, At: c.At.UTC().Truncate(time.Second), Replaces: c.Replaces, Opinion: c.Opinion.Opinion, Text: c.Text,
		Examiner: worker.ID(x.Agency, c.By), Supervisor: c.Supervisor, Findings: x.told(),
	}.Named()
	if c.Signing != nil {
		file.Findings, file.Signatures = c.Signing.Findings, c.Signing.Signatures
	}
	return file, true
}

// told are the findings that stand, one a line, in codes and in the words of who found them.
func (x Examination) told() (all []string) {
	for _, f := range x.Findings {
		if f.InError {
			continue
		}
		parts := []string{string(f.Step), f.FoundAt.UTC().Format(time.RFC3339)}
		switch i := f.Injury; {
		case f.NoneFound:
			parts = append(parts, "no injury found; that does not say that nothing happened")
		case i != nil:
			parts = append(parts, string(i.Type), string(i.Region)+", "+string(i.Side)+", "+string(i.Aspect), i.size())
			for _, said := range []string{i.Colour, i.Age} {
				if said != "" {
					parts = append(parts, said)
				}
			}
		}
		if f.Text != "" {
			parts = append(parts, f.Text)
		}
		all = append(all, strings.Join(parts, "; "))
	}
	return all
}

func (i Injury) size() string {
	sizes := []string{strconv.Itoa(i.Length)}
	for _, more := range []int{i.Width, i.Depth} {
		if more > 0 {
			sizes = append(sizes, strconv.Itoa(more))
		}
	}
	return strings.Join(sizes, " × ") + " mm"
}

// SignCertificate adds signatures to the certificate that stands, once: by the examiner, and by the
// supervisor who countersigned, with keys that were in force when it was issued (ErrUnsigned).
// Errors also: those of work.MayAmend and stands, ErrSignedAlready.
func (x Examination) SignCertificate(by fact.By, cmd SignCertificate, keys []look.Fresh[signed.Key]) ([]fact.Event, error) {
	if err := x.unheld(code.HoldOnFindings, by.At); err != nil {
		return nil, err
	}
	if err := x.maySign(); err != nil {
		return nil, err
	}
	if err := x.stands("/certificate", cmd.Certificate); err != nil {
		return nil, err
	}
	file, _ := x.File(cmd.Certificate)
	file.Signatures = cmd.Signatures
	var known []signed.Key
	for _, k := range keys {
		known = append(known, k.Value())
	}
	if file.Check(file.At, known) != nil {
		return nil, ErrUnsigned
	}
	return fact.With(forensicv1.CertificateSigned{Work: x.Work, Certificate: cmd.Certificate}, Signing{Findings: file.Findings, Signatures: cmd.Signatures}), nil
}

func (x Examination) maySign() error {
	if err := x.mayAnnul(); err != nil {
		return err
	}
	if x.present().Signing != nil {
		return ErrSignedAlready
	}
	return nil
}

// releases are the steps that she says yes to before a certificate goes to somebody.
var releases = map[code.CertificateTo]code.ExaminationStep{
	code.ToLawyer: code.StepLawyerRelease, code.ToProsecutor: code.StepProsecutorRelease, code.ToPolice: code.StepPoliceRelease,
}

// ReleaseCertificate records that the certificate that stands was given to somebody. It is signed
// before (ErrUnsigned). It is hers: to others it goes on her yes alone (ErrNoYes), each to the one
// that she named. Errors also: those of work.MayAmend and stands, work.ErrUnknownCode.
func (x Examination) ReleaseCertificate(by fact.By, cmd ReleaseCertificate) ([]fact.Event, error) {
	if err := x.unheld(code.HoldOnFindings, by.At); err != nil {
		return nil, err
	}
	if err := x.mayRelease(); err != nil {
		return nil, err
	}
	if err := work.Known("/to", cmd.To, code.CertificateTos); err != nil {
		return nil, err
	}
	if err := x.stands("/certificate", cmd.Certificate); err != nil {
		return nil, err
	}
	if step, needed := releases[cmd.To]; needed {
		if err := x.yes("/to", by.At, step); err != nil {
			return nil, err
		}
		if cmd.Name == "" {
			return nil, ErrReleased.At("/name", "required")
		}
	}
	return fact.With(forensicv1.CertificateReleased{Work: x.Work, Certificate: cmd.Certificate, To: cmd.To}, Handed{Name: cmd.Name, By: by.Principal}), nil
}

func (x Examination) mayRelease() error {
	if err := x.mayAnnul(); err != nil {
		return err
	}
	if x.present().Signing == nil {
		return ErrUnsigned
	}
	return nil
}

// TakeKit records that a kit became part of the examination, which she wants by holding its secret.
func (x Examination) TakeKit(by fact.By, kit string) ([]fact.Event, error) {
	if err := x.MustBeOpen(); err != nil {
		return nil, err
	}
	if !x.InForce(by.At) {
		return nil, ErrConsentExpired
	}
	if slices.Contains(x.Kits, kit) {
		return nil, nil
	}
	return work.Begin(x, fact.Of(forensicv1.KitTaken{Work: x.Work, Kit: kit})), nil
}

// Signers is what a decision knows of who signs: the caller, and the keys.
type Signers struct {
	work.Hands
	Keys []look.Fresh[signed.Key]
}

// BySigners is SignCertificate for who has the examination, and who covers.
func BySigners(x Examination, by fact.By, cmd SignCertificate, s Signers) ([]fact.Event, error) {
	if err := x.Handled(s.Hands); err != nil {
		return nil, err
	}
	return x.SignCertificate(by, cmd, s.Keys)
}

// Given is a version of the certificate as it may be given away, by its identifier or, without one, the
// version that stands; and whether it stands. What is closed to readers is not given away.
// Errors: ErrNoCertificate, ErrClosedByHold.
func (x Examination) Given(id string, at time.Time) (file signed.Certificate, stands bool, err error) {
	if err := x.unheld(code.HoldOnFindings, at); err != nil {
		return file, false, err
	}
	present := x.present()
	if id == "" && present != nil {
		id = present.ID
	}
	file, known := x.File(id)
	if !known || x.Shows() != work.Everything {
		return file, false, ErrNoCertificate
	}
	return file, present != nil && present.ID == id, nil
}
