package forensic

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// operations is what the people of an agency can ask of its own examinations. Everybody sees the
// frame; who has the work, and who covers, sees what is in it and changes it.
func operations(u *service.Unit, d seen.Desk[domain.Examination], requires credential.Requires) {
	service.List(u, "GET /v1/examinations", "listExaminations", access.ExaminationRead, d.Works, worklist(d))
	service.GetBy(u, "GET /v1/examinations/{id}", "getExamination", access.ExaminationRead, d.Works, d.Read)
	service.HistoryBy(u, "GET /v1/examinations/{id}/history", "getExaminationHistory", access.ExaminationRead, d.Works, d.Past)
	service.Query(u, "GET /v1/examinations/{id}/looks", "listExaminationLooks", access.ExaminationRead, d.Looked)

	service.ChangeOn(u, "POST /v1/examinations/{id}/record", "recordExamination", access.ExaminationWrite, d.Works, examiner(d, requires), domain.ByExaminer(domain.Examination.RecordExamination))
	service.ChangeOn(u, "POST /v1/examinations/{id}/exhibits", "collectExhibit", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.CollectExhibit))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate", "issueCertificate", access.CertificateIssue, d.Works, examiner(d, requires), domain.ByExaminer(domain.Examination.IssueCertificate))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate/annul", "annulCertificate", access.CertificateIssue, d.Works, d.Hands, work.ByWorker(domain.Examination.AnnulCertificate))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate/uphold", "upholdCertificate", access.CertificateIssue, d.Works, d.Hands, work.ByWorker(domain.Examination.UpholdCertificate))
	service.ChangeOn(u, "POST /v1/examinations/{id}/amend", "amendExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.Amend))
	service.ChangeOn(u, "POST /v1/examinations/{id}/close", "closeExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.Close)))
	service.ChangeOn(u, "POST /v1/examinations/{id}/contact-problem", "reportExaminationContactProblem", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.ContactProblem)))
	service.ChangeOn(u, "POST /v1/examinations/{id}/ending", "answerExaminationEnding", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.AnswerEnding)))
}

// examiner looks up, for a decision, who examines or certifies, and what they learned and may do.
func examiner(d seen.Desk[domain.Examination], requires credential.Requires) func(context.Context, string, fact.By) domain.Examiner {
	return func(ctx context.Context, id string, by fact.By) domain.Examiner {
		e := domain.Examiner{Hands: d.Hands(ctx, id, by), Requires: requires}
		if e.Hands.Err == nil {
			e.Is, e.Hands.Err = d.Workers.Fresh(ctx, worker.ID(by.Agency, by.Principal))
		}
		return e
	}
}

// worklist is that of the desk, or what of it waits for an answer of its worker. It says not
// what is asked, because a list is for more people than the content is.
func worklist(d seen.Desk[domain.Examination]) func(fact.By, url.Values) (image.Part[domain.Examination], error) {
	return func(by fact.By, query url.Values) (image.Part[domain.Examination], error) {
		part, err := d.Worklist(by, query)
		if err == nil && query.Get("attention") == "true" {
			part = part.And(domain.Waiting.Of(by.Agency))
		}
		if err == nil && query.Get("lacking") == "true" {
			part = part.And(domain.Lacking.Of(by.Agency))
		}
		return part, err
	}
}
