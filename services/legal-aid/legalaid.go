// Package legalaid is the legal-aid service: what lawyers do for a survivor
// after an agency accepted her referral to legal assistance. It holds advice,
// protection orders, proceedings, hearings, duties, and which forensic certificates her lawyer may know of. It
// refuses to hold the certificates themselves, and who she is.
package legalaid

import (
	"slices"

	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/court"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// New makes the legal-aid service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "legal-aid", slices.Concat(court.Events(), []event.Entry{
		event.Private[legalaidv1.ConflictNamed, conflict.Named](),
		event.Private[legalaidv1.ConflictMatched, conflict.Found](),
		event.Private[legalaidv1.ConflictSettled, conflict.Settler](),
		event.Private[legalaidv1.MatterOpened, work.Consent](),
		event.Private[legalaidv1.AdviceGiven, domain.Told](),
		event.Private[legalaidv1.ProtectionOrderApplied, domain.Applied](),
		event.Private[legalaidv1.ProtectionOrderDecided, domain.Decision](),
		event.Private[legalaidv1.OrderServicePlanned, domain.Planned](),
		event.Private[legalaidv1.OrderServed, domain.ServedOn](),
		event.Private[legalaidv1.OrderChanged, domain.ChangedTo](),
		event.Private[legalaidv1.LegalDutySettled, domain.By](),
		event.Type[legalaidv1.ReminderCame](),
		event.Private[legalaidv1.FollowingAnswered, domain.FollowingSaid](),
		event.Private[legalaidv1.ProceedingOpened, domain.DocketOpened](),
		event.Private[legalaidv1.ProceedingStepped, domain.StepTaken](),
		event.Private[legalaidv1.HearingPlanned, domain.HearingSet](),
		event.Private[legalaidv1.HearingMoved, domain.HearingTime](),
		event.Private[legalaidv1.HearingSettled, domain.By](),
		event.Private[legalaidv1.EligibilityAssessed, domain.Assessed](),
		event.Private[legalaidv1.OptionsExplained, domain.OptionsTold](),
		event.Private[legalaidv1.OptionsChosen, domain.OptionsTaken](),
		event.Private[legalaidv1.FileStored, vault.File](),
		event.Private[legalaidv1.DocumentKept, domain.PaperKept](),
		event.Type[legalaidv1.CertificateNoted](),
		event.Type[legalaidv1.CertificateOutdated](),
		event.Type[legalaidv1.CertificateSettled](),
		event.Private[legalaidv1.MatterAmended, domain.Amendment](),
		event.Type[legalaidv1.MatterClosed](),
		event.Private[legalaidv1.MatterReopened, work.Consent](),
		event.Type[legalaidv1.MatterEnded](),
		event.Type[legalaidv1.MatterStarted](),
		event.Type[legalaidv1.MatterContactProblem](),
		event.Type[legalaidv1.MatterRested](),
		event.Private[legalaidv1.MatterRenewed, work.Consent](),
		event.Type[legalaidv1.MatterEndingAsked](),
		event.Type[legalaidv1.MatterEndingAnswered](),
		event.Type[legalaidv1.MatterKeptClosed](),
		event.Type[legalaidv1.MatterAssigned](),
		event.Private[legalaidv1.MatterSeen, seen.Glance](),
		event.Type[legalaidv1.CertificateFiled](),
		event.Type[legalaidv1.AnnulmentFiled](),
		event.Type[legalaidv1.WorkerAwaited](),
		event.Type[legalaidv1.WorkerNoted](),
		event.Type[legalaidv1.CredentialNoted](),
		event.Type[legalaidv1.CircleNoted](),
	})...)
	a := app.New(u.Book)
	u.Admit(leaver.Stays(a.Workers, leaver.HasLeft))
	courts := court.New(u.Book, a)
	operations(u, a, courts, domain.Rules{Programmes: d.Programmes})
	court.Operations(u, courts)
	service.Way(u, a.Works, func(referral string) []string { return []string{domain.MatterID(referral)} })
	reactions(u, a, courts)
	return u
}
