package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Certificate is one forensic certificate that a matter knows. It is never taken out: the
// lawyer may have relied on it.
type Certificate struct {
	ID string
	// Replaces is the version in whose place it came.
	Replaces string
	// OutdatedAt is when the matter heard that it does not stand any more; zero while it
	// does. Annulled says that it was issued in error; otherwise another version replaced it.
	OutdatedAt time.Time
	Annulled   bool
	// Settled says that the lawyer knows it.
	Settled bool
}

// EarlierCertificate is a certificate that does not stand any more, as the lawyer sees it.
type EarlierCertificate struct {
	ID         string    `json:"id"`
	OutdatedAt time.Time `json:"outdated_at"`
	Annulled   bool      `json:"annulled,omitempty"`
	// ReplacedBy is missing where her consent does not let this matter know it.
	ReplacedBy string `json:"replaced_by,omitempty"`
	Settled    bool   `json:"settled"`
}

// SettleCertificate is the command by which a lawyer says that they know that a
// certificate does not stand any more.
type SettleCertificate struct {
	Certificate string `json:"certificate"`
}

// SettleCertificate takes a certificate off the lawyer's list. It works on a closed
// matter, too, because an order may rest on the certificate. Errors: those of work.MayAmend;
// work.ErrEntryUnknown for one that this matter does not know, work.ErrUnchanged for one that
// stands or is settled already.
func (m Matter) SettleCertificate(_ fact.By, cmd SettleCertificate) ([]fact.Event, error) {
	if err := m.MayAmend(); err != nil {
		return nil, err
	}
	switch i := m.certificate(cmd.Certificate); {
	case i < 0:
		return nil, work.ErrEntryUnknown.At("/certificate", "exists")
	case !m.Certificates[i].waits():
		return nil, work.ErrUnchanged
	}
	return fact.Of(legalaidv1.CertificateSettled{Work: m.Work, Certificate: cmd.Certificate}), nil
}

// OnCertificate notes what the file of the case knows of a certificate. That one exists, it
// notes when the consent behind the matter covers forensic certificates and is in force. That
// one which it knows does not stand any more, it notes always, also at rest and after
// the end: it tells nothing new of her, and who relied on the certificate must know.
func (m Matter) OnCertificate(by fact.By, c OnFile) ([]fact.Event, error) {
	if c.Case != m.Case() {
		return nil, nil
	}
	var events []fact.Event
	i, known := m.certificate(c.Certificate), Certificate{}
	switch {
	case i >= 0:
		known = m.Certificates[i]
	case !c.Issued || m.Now() != work.Open || !m.Consent.Covers(code.ForensicCertificate, by.At):
		return nil, nil
	default:
		events = fact.Of(legalaidv1.CertificateNoted{Work: m.Work, Certificate: c.Certificate, Replaces: c.Replaces})
	}
	if c.Annulled && !known.Annulled || c.Replaced && known.OutdatedAt.IsZero() {
		events = append(events, fact.Event{Data: legalaidv1.CertificateOutdated{Work: m.Work, Certificate: c.Certificate, Annulled: c.Annulled}})
	}
	return events, nil
}

func (c Certificate) waits() bool { return !c.OutdatedAt.IsZero() && !c.Settled }

// certificate is the index of a certificate, or -1.
func (m Matter) certificate(id string) int {
	return slices.IndexFunc(m.Certificates, func(c Certificate) bool { return c.ID == id })
}

// certified is the matter after something about a certificate that it knows.
func (m Matter) certified(id string, change func(*Certificate)) Matter {
	if i := m.certificate(id); i >= 0 {
		m.Certificates = slices.Clone(m.Certificates)
		change(&m.Certificates[i])
	}
	return m
}

// certificates are those that stand, and those that do not any more.
func (m Matter) certificates() (stand []string, earlier []EarlierCertificate) {
	for _, c := range m.Certificates {
		if c.OutdatedAt.IsZero() {
			stand = append(stand, c.ID)
			continue
		}
		e := EarlierCertificate{ID: c.ID, OutdatedAt: c.OutdatedAt, Annulled: c.Annulled, Settled: c.Settled}
		if i := slices.IndexFunc(m.Certificates, func(o Certificate) bool { return o.Replaces == c.ID }); i >= 0 {
			e.ReplacedBy = m.Certificates[i].ID
		}
		earlier = append(earlier, e)
	}
	return stand, earlier
}
