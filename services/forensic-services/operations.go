package forensic

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/app"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
)

// operations is what an agency can ask of its own examinations.
func operations(u *service.Unit, a app.App) {
	service.List(u, "GET /v1/examinations", "listExaminations", access.ExaminationRead, a.Examinations, work.Worklist(&domain.ByAgency))
	service.Get(u, "GET /v1/examinations/{id}", "getExamination", access.ExaminationRead, a.Examinations)
	service.History(u, "GET /v1/examinations/{id}/history", "getExaminationHistory", access.ExaminationRead, a.Examinations)
	service.Change(u, "POST /v1/examinations/{id}/record", "recordExamination", access.ExaminationWrite, a.Examinations, domain.Examination.RecordExamination)
	service.Change(u, "POST /v1/examinations/{id}/exhibits", "collectExhibit", access.ExaminationWrite, a.Examinations, domain.Examination.CollectExhibit)
	service.Change(u, "POST /v1/examinations/{id}/certificate", "issueCertificate", access.CertificateIssue, a.Examinations, domain.Examination.IssueCertificate)
	service.Change(u, "POST /v1/examinations/{id}/close", "closeExamination", access.ExaminationWrite, a.Examinations, domain.Examination.Close)
}
