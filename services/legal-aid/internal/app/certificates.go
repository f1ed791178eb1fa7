package app

import (
	"context"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// A certificate and a matter of its case may come in either order. Each side
// appends its own record first and only then looks at the other's. So of two at
// the same instant, at least one sees the other, and none is lost. When both do,
// the matter notes it once.

// OnReferralAccepted opens the matter, and then notes each certificate on file.
func (a App) OnReferralAccepted(ctx context.Context, e referralv1.Accepted) error {
	return a.noteAll(ctx, e.Loop, domain.Hears(work.Work.OnAccepted, e))
}

// OnReferralReopened takes the matter up again, and notes each certificate that
// came while nobody worked on it.
func (a App) OnReferralReopened(ctx context.Context, e referralv1.Reopened) error {
	return a.noteAll(ctx, e.Loop, domain.Hears(work.Work.OnReopened, e))
}

// OnReferralRenewed goes on with the matter on a new consent, which may cover
// certificates that the one before did not.
func (a App) OnReferralRenewed(ctx context.Context, e referralv1.Renewed) error {
	return a.noteAll(ctx, e.Loop, domain.Hears(work.Work.OnRenewed, e))
}

func (a App) noteAll(ctx context.Context, l referralv1.Loop, opens record.Decide[domain.Matter]) error {
	matter, err := a.Works.Execute(ctx, domain.MatterID(l.Referral), opens)
	if err != nil || matter.Version == 0 {
		return err
	}
	file, err := a.Files.Fresh(ctx, domain.FileID(l.Case))
	if err != nil {
		return err
	}
	return a.note(ctx, matter.ID, file.Value())
}

// OnCertificateIssued files the certificate, and then notes it on each matter
// of the case.
func (a App) OnCertificateIssued(ctx context.Context, e forensicv1.CertificateIssued) error {
	return a.file(ctx, e.Case, func(f domain.CaseFile, by fact.By) ([]fact.Event, error) { return f.OnCertificateIssued(by, e) })
}

// OnCertificateAnnulled files that the certificate was annulled, and then notes it on each
// matter of the case that knows the certificate.
func (a App) OnCertificateAnnulled(ctx context.Context, e forensicv1.CertificateAnnulled) error {
	return a.file(ctx, e.Case, func(f domain.CaseFile, by fact.By) ([]fact.Event, error) { return f.OnCertificateAnnulled(by, e) })
}

func (a App) file(ctx context.Context, caseID string, decide record.Decide[domain.CaseFile]) error {
	file, err := a.Files.Execute(ctx, domain.FileID(caseID), decide)
	if err != nil {
		return err
	}
	matters, err := a.Works.FreshIn(ctx, domain.ByCase.Of(caseID))
	if err != nil {
		return err
	}
	return record.Each(matters.Value(), func(matter string) error { return a.note(ctx, matter, file.State) })
}

// note tells a matter of each certificate on file: one that came may have replaced another.
// Each is a separate step: the matter may already have handled the event behind it.
func (a App) note(ctx context.Context, matter string, file domain.CaseFile) error {
	for _, c := range file.Tells() {
		_, err := a.Works.Execute(record.Step(ctx, c.Certificate), matter, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
			return m.OnCertificate(by, c)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
