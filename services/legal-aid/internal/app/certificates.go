package app

import (
	"context"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// Certificates brings a case's certificates to its matters, whichever comes
// first. Each side appends its own record first and only then looks at the
// other's. So of two that come at the same instant, at least one sees the
// other, and none is lost; when both do, the matter notes it once.
type Certificates struct {
	matters records[domain.Matter]
	files   records[domain.CaseFile]
}

// records is what this package needs of record.Records.
type records[S any] interface {
	Get(ctx context.Context, id string) (record.Result[S], error)
	Find(list string, prefix ...string) []string
	Execute(ctx context.Context, id string, decide record.Decide[S]) (record.Result[S], error)
}

// OnReferralAccepted opens the matter, and then notes each certificate on file.
func (c Certificates) OnReferralAccepted(ctx context.Context, e referralv1.Accepted) error {
	matter, err := c.matters.Execute(ctx, domain.MatterID(e.Referral), func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.OnAccepted(by, e)
	})
	if err != nil || matter.Version == 0 {
		return err
	}
	file, err := c.files.Get(ctx, domain.FileID(e.Case))
	if err != nil {
		return err
	}
	for _, certificate := range file.State.Certificates {
		if err := c.note(ctx, matter.ID, e.Case, certificate); err != nil {
			return err
		}
	}
	return nil
}

// OnCertificateIssued files the certificate, and then notes it on each matter
// of the case.
func (c Certificates) OnCertificateIssued(ctx context.Context, e forensicv1.CertificateIssued) error {
	_, err := c.files.Execute(ctx, domain.FileID(e.Case), func(f domain.CaseFile, by fact.By) ([]fact.Event, error) {
		return f.OnCertificateIssued(by, e)
	})
	if err != nil {
		return err
	}
	for _, matter := range c.matters.Find(byCase, e.Case) {
		if err := c.note(ctx, matter, e.Case, e.Certificate); err != nil {
			return err
		}
	}
	return nil
}

// note is a step of its own: the matter may already have taken the event that
// it follows from.
func (c Certificates) note(ctx context.Context, matter, caseID, certificate string) error {
	filed := legalaidv1.CertificateFiled{Case: caseID, Certificate: certificate}
	_, err := c.matters.Execute(record.Step(ctx, certificate), matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.OnCertificate(by, filed)
	})
	return err
}
