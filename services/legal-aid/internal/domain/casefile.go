package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
)

// CaseFile records which certificates exist for a case, also while the case has
// no open matter. Nobody may read it: a worker sees a certificate only where a
// matter has noted it.
type CaseFile struct {
	CaseID       string
	Certificates []string
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
	if d, ok := e.Data.(legalaidv1.CertificateFiled); ok {
		f.CaseID = d.Case
		f.Certificates = append(slices.Clip(f.Certificates), d.Certificate)
	}
	return f
}

// OnCertificateIssued files a certificate once.
func (f CaseFile) OnCertificateIssued(_ fact.By, e forensicv1.CertificateIssued) ([]fact.Event, error) {
	if slices.Contains(f.Certificates, e.Certificate) {
		return nil, nil
	}
	return fact.Of(legalaidv1.CertificateFiled{Case: e.Case, Certificate: e.Certificate}), nil
}
