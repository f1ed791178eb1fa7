// Package forensic is the forensic-services service: what examiners do for a
// survivor after an agency accepted her referral to a forensic examination. It
// holds findings, exhibits in custody and the certificate. It publishes that a
// certificate exists, and refuses to publish what is in it.
package forensic

import (
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// New makes the forensic-services service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "forensic-services",
		event.Private[forensicv1.ExaminationOpened, work.Consent](),
		event.Private[forensicv1.ExaminationRecorded, domain.Findings](),
		event.Private[forensicv1.ExhibitCollected, domain.Label](),
		event.Private[forensicv1.CertificateIssued, domain.Opinion](),
		event.Type[forensicv1.ExaminationClosed](),
		event.Private[forensicv1.ExaminationReopened, work.Consent](),
		event.Type[forensicv1.ExaminationEnded](),
		event.Type[forensicv1.WorkerNoted](),
	)
	examinations := record.New(u.Book, domain.Prefix, &domain.ByAgency)
	operations(u, examinations)
	reactions(u, examinations, record.New[worker.Copy](u.Book, worker.Prefix))
	return u
}
