// Package forensic is the forensic-services service: what examiners do for a
// survivor after an agency accepted her referral to a forensic examination. It
// holds findings, exhibits in custody and the certificate. It publishes that a
// certificate exists, and refuses to publish what is in it.
package forensic

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
)

// New makes the forensic-services service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "forensic-services",
		event.Private[forensicv1.ExaminationOpened, work.Consent](),
		event.Private[forensicv1.ExaminationRecorded, domain.Findings](),
		event.Private[forensicv1.ExhibitCollected, domain.Label](),
		event.Private[forensicv1.CertificateIssued, domain.Issued](),
		event.Private[forensicv1.CertificateAnnulled, domain.Word](),
		event.Private[forensicv1.CertificateUpheld, domain.Word](),
		event.Private[forensicv1.CertificateKept, domain.Issued](),
		event.Private[forensicv1.CertificateKeptAnnulled, domain.Word](),
		event.Private[forensicv1.ExaminationAmended, domain.Amendment](),
		event.Type[forensicv1.ExaminationClosed](),
		event.Private[forensicv1.ExaminationReopened, work.Consent](),
		event.Type[forensicv1.ExaminationEnded](),
		event.Type[forensicv1.ExaminationStarted](),
		event.Type[forensicv1.ExaminationContactProblem](),
		event.Type[forensicv1.ExaminationRested](),
		event.Private[forensicv1.ExaminationRenewed, work.Consent](),
		event.Type[forensicv1.ExaminationEndingAsked](),
		event.Type[forensicv1.ExaminationEndingAnswered](),
		event.Type[forensicv1.ExaminationKeptClosed](),
		event.Type[forensicv1.ExaminationAssigned](),
		event.Private[forensicv1.ExaminationSeen, seen.Glance](),
		event.Type[forensicv1.WorkerNoted](),
		event.Type[forensicv1.CredentialNoted](),
	)
	desk := seen.Desk[domain.Examination]{
		ByAgency: &domain.ByAgency, ByWorker: &domain.ByWorker,
		Note: func(x domain.Examination, g seen.Glance) []fact.Event {
			return fact.With(forensicv1.ExaminationSeen{Work: x.Work}, g)
		},
	}.Open(u.Book, domain.Prefix, &domain.Waiting, &domain.Lacking)
	u.Admit(leaver.Stays(desk.Workers, leaver.HasLeft))
	operations(u, desk, credential.Under(d.Programmes))
	service.Way(u, desk.Works, func(referral string) []string { return []string{domain.ExaminationID(referral)} })
	reactions(u, desk)
	return u
}
