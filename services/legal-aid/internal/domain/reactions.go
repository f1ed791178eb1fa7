package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnCertificate notes a certificate of the case, when the consent behind the
// matter covers forensic certificates and is still in force.
func (m Matter) OnCertificate(by fact.By, e legalaidv1.CertificateFiled) ([]fact.Event, error) {
	if m.Now() != work.Open || e.Case != m.Case() || slices.Contains(m.Certificates, e.Certificate) ||
		!m.Consent.Covers(code.ForensicCertificate, by.At) {
		return nil, nil
	}
	return fact.Of(legalaidv1.CertificateNoted{Work: m.Work, Certificate: e.Certificate}), nil
}
