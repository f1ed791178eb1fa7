package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// CaseFile records which certificates exist for a case, also while the case has
// no open matter. Nobody may read it: a worker sees a certificate only where a
// matter has noted it.
type CaseFile struct {
	CaseID       string
	Certificates []Filed
}

// Filed is what is known of one certificate. What is told of it arrives in any order: it may
// be annulled before it is issued.
type Filed struct {
	Certificate string
	// Replaces is the version in whose place it came.
	Replaces         string
	Issued, Annulled bool
}

// FilePrefix begins the identifier of every case file.
const FilePrefix = "file"

// FileID is the file of a case.
func FileID(caseID string) string { return fact.Rename(FilePrefix, caseID) }

// Exists reports whether anything was filed.
func (f CaseFile) Exists() bool { return f.CaseID != "" }

// Case is the case that the file belongs to.
func (f CaseFile) Case() string { return f.CaseID }

// Visible is for the network alone.
func (f CaseFile) Visible(by fact.By) bool { return by.System() }

// Closed is never: a certificate may always come.
func (f CaseFile) Closed() bool { return false }

// Deadlines is empty.
func (f CaseFile) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (f CaseFile) View(fact.By) any { return struct{}{} }

// Evolve is the file after an event.
func (f CaseFile) Evolve(e fact.Event) CaseFile {
	switch d := e.Data.(type) {
	case legalaidv1.CertificateFiled:
		f.CaseID = d.Case
		return f.with(d.Certificate, func(c *Filed) { c.Issued, c.Replaces = true, d.Replaces })
	case legalaidv1.AnnulmentFiled:
		f.CaseID = d.Case
		return f.with(d.Certificate, func(c *Filed) { c.Annulled = true })
	}
	return f
}

func (f CaseFile) with(certificate string, change func(*Filed)) CaseFile {
	f.Certificates = slices.Clone(f.Certificates)
	i := f.index(certificate)
	if i < 0 {
		i, f.Certificates = len(f.Certificates), append(f.Certificates, Filed{Certificate: certificate})
	}
	change(&f.Certificates[i])
	return f
}

// index is that of a certificate, or -1.
func (f CaseFile) index(certificate string) int {
	return slices.IndexFunc(f.Certificates, func(c Filed) bool { return c.Certificate == certificate })
}

// OnCertificateIssued files a certificate once. What it replaced does not change, and it
// cannot be itself (agree.Err).
func (f CaseFile) OnCertificateIssued(_ fact.By, e forensicv1.CertificateIssued) ([]fact.Event, error) {
	switch i := f.index(e.Certificate); {
	case i >= 0 && f.Certificates[i].Issued:
		return nil, agree.Same("/replaces", f.Certificates[i].Replaces, e.Replaces)
	case e.Replaces == e.Certificate:
		return nil, agree.Err.At("/replaces", "another certificate")
	}
	return fact.Of(legalaidv1.CertificateFiled{Case: e.Case, Certificate: e.Certificate, Replaces: e.Replaces}), nil
}

// OnCertificateAnnulled files once that a certificate was annulled, also one that is yet to
// arrive.
func (f CaseFile) OnCertificateAnnulled(_ fact.By, e forensicv1.CertificateAnnulled) ([]fact.Event, error) {
	if i := f.index(e.Certificate); i >= 0 && f.Certificates[i].Annulled {
		return nil, nil
	}
	return fact.Of(legalaidv1.AnnulmentFiled{Case: e.Case, Certificate: e.Certificate}), nil
}

// OnFile is what a file tells a matter of one certificate.
type OnFile struct {
	Case string
	Filed
	// Replaced says that another version came in its place.
	Replaced bool
}

// Tells is what the file tells the matters of its case.
func (f CaseFile) Tells() []OnFile {
	var all []OnFile
	for _, c := range f.Certificates {
		all = append(all, OnFile{Case: f.CaseID, Filed: c, Replaced: slices.ContainsFunc(f.Certificates, func(o Filed) bool {
			return o.Issued && o.Replaces == c.Certificate
		})})
	}
	return all
}
