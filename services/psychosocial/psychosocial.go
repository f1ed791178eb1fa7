// Package psychosocial is the psychosocial service: what counsellors do for a
// survivor after an agency accepted her referral to psychosocial support. It
// holds sessions and her safety plan. It refuses to let notes or the safety
// plan leave the agency, and to hold who she is.
package psychosocial

import (
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// New makes the psychosocial service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "psychosocial",
		event.Private[psychosocialv1.PlanOpened, work.Consent](),
		event.Private[psychosocialv1.SessionRecorded, domain.Notes](),
		event.Private[psychosocialv1.SafetyPlanned, domain.Safety](),
		event.Type[psychosocialv1.PlanClosed](),
		event.Private[psychosocialv1.PlanReopened, work.Consent](),
		event.Type[psychosocialv1.PlanEnded](),
		event.Type[psychosocialv1.WorkerNoted](),
	)
	plans := record.New(u.Book, domain.Prefix, &domain.ByAgency)
	operations(u, plans)
	reactions(u, plans, record.New[worker.Copy](u.Book, worker.Prefix))
	return u
}
