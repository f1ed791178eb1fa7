package forensic

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
)

// operations is what the people of an agency can ask of its own examinations. Everybody sees the
// frame; who has the work, and who covers, sees what is in it and changes it.
func operations(u *service.Unit, d seen.Desk[domain.Examination]) {
	service.List(u, "GET /v1/examinations", "listExaminations", access.ExaminationRead, d.Works, d.Worklist)
	service.GetBy(u, "GET /v1/examinations/{id}", "getExamination", access.ExaminationRead, d.Works, d.Read)
	service.HistoryBy(u, "GET /v1/examinations/{id}/history", "getExaminationHistory", access.ExaminationRead, d.Works, d.Past)
	service.Query(u, "GET /v1/examinations/{id}/looks", "listExaminationLooks", access.ExaminationRead, d.Looked)

	service.ChangeOn(u, "POST /v1/examinations/{id}/record", "recordExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.RecordExamination))
	service.ChangeOn(u, "POST /v1/examinations/{id}/exhibits", "collectExhibit", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.CollectExhibit))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate", "issueCertificate", access.CertificateIssue, d.Works, d.Hands, work.ByWorker(domain.Examination.IssueCertificate))
	service.ChangeOn(u, "POST /v1/examinations/{id}/amend", "amendExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.Amend))
	service.ChangeOn(u, "POST /v1/examinations/{id}/close", "closeExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.Close)))
	service.ChangeOn(u, "POST /v1/examinations/{id}/contact-problem", "reportExaminationContactProblem", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.ContactProblem)))
	service.ChangeOn(u, "POST /v1/examinations/{id}/ending", "answerExaminationEnding", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.AnswerEnding)))
}
