package forensic

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
)

// operations is what an agency can ask of its own examinations.
func operations(u *service.Unit, examinations *record.Records[domain.Examination]) {
	service.List(u, "GET /v1/examinations", "listExaminations", access.ExaminationRead, examinations, work.Worklist(&domain.ByAgency))
	service.Get(u, "GET /v1/examinations/{id}", "getExamination", access.ExaminationRead, examinations)
	service.History(u, "GET /v1/examinations/{id}/history", "getExaminationHistory", access.ExaminationRead, examinations)
	service.Change(u, "POST /v1/examinations/{id}/record", "recordExamination", access.ExaminationWrite, examinations, domain.Examination.RecordExamination)
	service.Change(u, "POST /v1/examinations/{id}/exhibits", "collectExhibit", access.ExaminationWrite, examinations, domain.Examination.CollectExhibit)
	service.Change(u, "POST /v1/examinations/{id}/certificate", "issueCertificate", access.CertificateIssue, examinations, domain.Examination.IssueCertificate)
	service.Change(u, "POST /v1/examinations/{id}/close", "closeExamination", access.ExaminationWrite, examinations, domain.Examination.Close)
}
