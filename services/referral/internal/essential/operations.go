package essential

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/essential/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/essential/internal/domain"
)

// Operations is what coordinators see of essential services and how they assess them, and what an
// agency sees of itself.
func Operations(u *service.Unit, a app.App) {
	service.Query(u, "GET /v1/essential-services", "getEssentialServices", access.EssentialRead, a.Map)
	service.Query(u, "GET /v1/essential-services/answers", "getOwnAnswers", access.AssessmentRead, a.Own)
	service.Query(u, "GET /v1/standards", "listStandards", access.AssessmentRead, a.Standards)
	service.PutNaming(u, "POST /v1/assessments", "recordAssessment", access.AssessmentWrite, a.Assessments, domain.Assess.Name, a.On, domain.Assessment.Assess)
	service.List(u, "GET /v1/assessments", "listAssessments", access.AssessmentRead, a.Assessments, domain.Assessments)
	service.Get(u, "GET /v1/assessments/{id}", "getAssessment", access.AssessmentRead, a.Assessments)
	service.ChangeOn(u, "POST /v1/assessments/{id}/amend", "amendAssessment", access.AssessmentWrite, a.Assessments, a.Amended, domain.Assessment.Amend)
}
