package forensic

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/forensic-services/internal/app"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/kit"
	"github.com/sanad-network/sanad/services/internal/signed"
	"github.com/sanad-network/sanad/services/internal/work"
)

// operations is what the people of an agency can ask of its own examinations. Everybody sees the
// frame; who has the work, and who covers, sees what is in it and changes it.
func operations(u *service.Unit, a app.App) {
	d := a.Desk
	service.List(u, "GET /v1/examinations", "listExaminations", access.ExaminationRead, d.Works, a.Worklist)
	service.GetBy(u, "GET /v1/examinations/{id}", "getExamination", access.ExaminationRead, d.Works, d.Read)
	service.HistoryBy(u, "GET /v1/examinations/{id}/history", "getExaminationHistory", access.ExaminationRead, d.Works, d.Past)
	service.Query(u, "GET /v1/examinations/{id}/looks", "listExaminationLooks", access.ExaminationRead, d.Looked)

	service.Query(u, "GET /v1/examination-duties", "listExaminationDuties", access.ExaminationRead, a.Duties)
	service.Query(u, "GET /v1/clinic", "getClinic", access.ExaminationRead, a.Clinic)
	service.Query(u, "GET /v1/examinations/{id}/windows", "listExaminationWindows", access.ExaminationRead, a.Windows)
	service.Query(u, "GET /v1/examinations/{id}/body-map", "drawBodyMap", access.ExaminationRead, a.BodyMap)

	service.ChangeOn(u, "POST /v1/examinations/{id}/steps", "answerExaminationStep", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.AnswerStep))
	service.ChangeOn(u, "POST /v1/examinations/{id}/findings", "recordFinding", access.ExaminationWrite, d.Works, a.Examiner, domain.ByExaminer(domain.Examination.RecordFinding))
	service.ChangeOn(u, "POST /v1/examinations/{id}/record", "recordExamination", access.ExaminationWrite, d.Works, a.Examiner, domain.ByExaminer(domain.Examination.RecordExamination))
	service.ChangeOn(u, "POST /v1/examinations/{id}/exhibits", "collectExhibit", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.CollectExhibit))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate", "issueCertificate", access.CertificateIssue, d.Works, a.Examiner, domain.ByExaminer(domain.Examination.IssueCertificate))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate/countersign", "countersignCertificate", access.CertificateIssue, d.Works, a.Examiner, domain.ByExaminer(domain.Examination.CountersignCertificate))
	service.ChangeNaming(u, "POST /v1/examinations/{id}/certificate/sign", "signCertificate", access.CertificateIssue, d.Works, a.SigningCertificate, domain.BySigners)
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate/release", "releaseCertificate", access.CertificateIssue, d.Works, d.Hands, work.ByWorker(domain.Examination.ReleaseCertificate))
	service.Query(u, "GET /v1/examinations/{id}/certificate/file", "getCertificateFile", access.ExaminationRead, a.CertificateFile)
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate/annul", "annulCertificate", access.CertificateIssue, d.Works, d.Hands, work.ByWorker(domain.Examination.AnnulCertificate))
	service.ChangeOn(u, "POST /v1/examinations/{id}/certificate/uphold", "upholdCertificate", access.CertificateIssue, d.Works, d.Hands, work.ByWorker(domain.Examination.UpholdCertificate))
	service.Upload(u, "POST /v1/examinations/{id}/files", "storeExaminationFile", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.StoreFile))
	service.Download(u, "GET /v1/examinations/{id}/file", "getExaminationFile", access.ExaminationRead, a.Picture)
	service.ChangeOn(u, "POST /v1/examinations/{id}/photographs", "keepPhotograph", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.KeepPhotograph))
	service.ChangeOn(u, "POST /v1/examinations/{id}/reviews", "answerMedicalReview", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.AnswerReview))
	service.ChangeOn(u, "POST /v1/examinations/{id}/reviews/result", "recordMedicalReview", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.RecordReview))
	service.ChangeOn(u, "POST /v1/examinations/{id}/holds", "holdExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.HoldExamination))
	service.ChangeOn(u, "POST /v1/examinations/{id}/holds/lift", "liftExaminationHold", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.LiftHold))
	service.ChangeOn(u, "POST /v1/examinations/{id}/holds/told", "tellOfHold", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.TellOfHold))
	service.ChangeOn(u, "POST /v1/examinations/{id}/amend", "amendExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(domain.Examination.Amend))
	service.ChangeOn(u, "POST /v1/examinations/{id}/close", "closeExamination", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.Close)))
	service.ChangeOn(u, "POST /v1/examinations/{id}/contact-problem", "reportExaminationContactProblem", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.ContactProblem)))
	service.ChangeOn(u, "POST /v1/examinations/{id}/ending", "answerExaminationEnding", access.ExaminationWrite, d.Works, d.Hands, work.ByWorker(work.In[domain.Examination](work.Work.AnswerEnding)))
}

// chains is what is done with exhibits in custody, and the keys that sign it.
func chains(u *service.Unit, a app.App) {
	service.PutOn(u, "POST /v1/custody", "openCustody", access.ExaminationWrite, a.Chains, func(cmd custody.Open) string { return custody.ID(cmd.Exhibit) }, a.Given, custody.Custody.Open)
	service.List(u, "GET /v1/custody", "listCustody", access.ExaminationRead, a.Chains, a.InCustody)
	service.GetBy(u, "GET /v1/custody/{id}", "getCustody", access.ExaminationRead, a.Chains, a.ReadChain)
	service.Query(u, "GET /v1/custody/{id}/file", "getCustodyFile", access.ExaminationRead, a.ExportChain)
	service.ChangeNaming(u, "POST /v1/custody/{id}/proposal", "proposeCustodyLink", access.ExaminationWrite, a.Chains, a.Proposing, custody.Custody.Propose)
	service.ChangeNaming(u, "POST /v1/custody/{id}/link", "signCustodyLink", access.ExaminationWrite, a.Chains, a.Signing, custody.Custody.Sign)
	service.ChangeOn(u, "POST /v1/custody/{id}/hold", "holdExhibit", access.ExaminationWrite, a.Chains, a.Given, custody.Custody.Order)
	service.ChangeOn(u, "POST /v1/custody/{id}/hold/lift", "liftExhibitHold", access.ExaminationWrite, a.Chains, a.Given, custody.Custody.Lift)

	service.Serve(u, "POST /v1/custody-keys", "registerCustodyKey", access.WorkerWrite,
		func(ctx context.Context, by fact.By, req edge.Request[custody.Register]) (signed.Key, string, error) {
			k, err := a.RegisterKey(ctx, by, req.Key, req.Body)
			return k, "", err
		})
	service.List(u, "GET /v1/custody-keys", "listCustodyKeys", access.WorkerRead, a.Keys, func(by fact.By, _ url.Values) (image.Part[custody.Key], error) {
		return custody.KeysByAgency.Of(by.Agency), nil
	})
	service.Get(u, "GET /v1/custody-keys/{id}", "getCustodyKey", access.WorkerRead, a.Keys)
	service.Change(u, "POST /v1/custody-keys/{id}/end", "endCustodyKey", access.WorkerWrite, a.Keys, custody.Key.End)
}

// kits is what a clinic keeps of somebody whom it does not name.
func kits(u *service.Unit, a app.App) {
	service.Serve(u, "POST /v1/kits", "makeKit", access.ExaminationWrite,
		func(ctx context.Context, by fact.By, req edge.Request[kit.Make]) (app.MadeKit, string, error) {
			made, err := a.MakeKit(ctx, by, req.Key, req.Body)
			return made, "", err
		})
	service.List(u, "GET /v1/kits", "listKits", access.ExaminationRead, a.Kits, func(by fact.By, _ url.Values) (image.Part[kit.Kit], error) {
		return kit.ByAgency.Of(by.Agency), nil
	})
	service.Serve(u, "POST /v1/kits/status", "askKit", access.Public,
		func(ctx context.Context, _ fact.By, req edge.Request[app.OfKit]) (app.KitStands, string, error) {
			stands, err := a.KitStatus(ctx, req.Body)
			return stands, "", err
		})
	service.ChangeNamingThen(u, "POST /v1/examinations/{id}/kit", "takeKit", access.ExaminationWrite, a.Works, a.TakesKit, app.TakeKit, a.Converted)
}
