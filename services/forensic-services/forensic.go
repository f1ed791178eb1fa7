// Package forensic is the forensic-services service: what examiners do for a
// survivor after an agency accepted her referral to a forensic examination. It
// holds findings, exhibits in custody and the certificate. It publishes that a
// certificate exists, and refuses to publish what is in it.
package forensic

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/forensic-services/internal/app"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/forensic-services/internal/kit"
	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
)

// New makes the forensic-services service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "forensic-services",
		event.Private[forensicv1.ExaminationOpened, work.Consent](),
		event.Private[forensicv1.ExaminationRecorded, domain.Findings](),
		event.Private[forensicv1.ExhibitCollected, domain.Label](),
		event.Private[forensicv1.StepAnswered, domain.Heard](),
		event.Private[forensicv1.FindingRecorded, domain.Found](),
		event.Private[forensicv1.CertificateDrafted, domain.Issued](),
		event.Private[forensicv1.CertificateSigned, domain.Signing](),
		event.Private[forensicv1.CertificateReleased, domain.Handed](),
		event.Type[forensicv1.CustodyOpened](),
		event.Private[forensicv1.CustodyProposed, signed.Link](),
		event.Private[forensicv1.CustodyLinked, signed.Link](),
		event.Private[forensicv1.CustodyHeld, hold.Ordered](),
		event.Private[forensicv1.CustodyHoldLifted, hold.Lifting](),
		event.Private[forensicv1.CustodySeen, seen.Glance](),
		event.Type[forensicv1.CustodyKeyRegistered](),
		event.Type[forensicv1.CustodyKeyEnded](),
		event.Private[forensicv1.KitMade, kit.Secret](),
		event.Private[forensicv1.KitConverted, kit.Conversion](),
		event.Type[forensicv1.KitTaken](),
		event.Private[forensicv1.FileStored, vault.File](),
		event.Private[forensicv1.PhotographKept, domain.Shot](),
		event.Private[forensicv1.ReviewsPlanned, domain.Ahead](),
		event.Private[forensicv1.ReviewAnswered, domain.AnsweredReview](),
		event.Private[forensicv1.ReviewRecorded, domain.CameOf](),
		event.Type[forensicv1.ReviewCame](),
		event.Type[forensicv1.WorkerAwaited](),
		event.Private[forensicv1.ExaminationHeld, hold.Ordered](),
		event.Private[forensicv1.ExaminationHoldLifted, hold.Lifting](),
		event.Private[forensicv1.HoldTold, domain.Speaker](),
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
		event.Type[forensicv1.CircleNoted](),
	)
	a := app.New(u.Book, d.Programmes, d.Clock)
	u.Admit(leaver.Stays(a.Workers, leaver.HasLeft))
	u.Holds(a.Holds)
	operations(u, a)
	chains(u, a)
	kits(u, a)
	service.Way(u, a.Works, func(referral string) []string { return []string{domain.ExaminationID(referral)} })
	reactions(u, a.Desk)
	return u
}
