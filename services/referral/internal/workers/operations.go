package workers

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/workers/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/workers/internal/domain"
)

// Operations is what an agency can do with the register of its own workers.
func Operations(u *service.Unit, r app.Register) {
	service.PutOn(u, "POST /v1/workers", "registerWorker", access.WorkerWrite, r.Workers, domain.Register.Name, r.Colleagues, domain.Worker.Register)
	service.List(u, "GET /v1/workers", "listWorkers", access.WorkerRead, r.Workers, domain.Workers)
	service.Get(u, "GET /v1/workers/{id}", "getWorker", access.WorkerRead, r.Workers)
	service.ChangeOn(u, "POST /v1/workers/{id}/absent", "setWorkerAbsent", access.WorkerWrite, r.Workers, r.Colleagues, domain.Worker.GoAbsent)
	service.Change(u, "POST /v1/workers/{id}/back", "setWorkerBack", access.WorkerWrite, r.Workers, domain.Worker.Back)
	service.Change(u, "POST /v1/workers/{id}/duty", "setWorkerDuty", access.WorkerWrite, r.Workers, domain.Worker.OnDuty)
	service.Change(u, "POST /v1/workers/{id}/leave", "removeWorker", access.WorkerWrite, r.Workers, domain.Worker.Leave)
	service.ChangeOn(u, "POST /v1/workers/{id}/profile", "describeWorker", access.WorkerWrite, r.Workers, r.Colleagues, domain.Worker.Describe)
	service.Change(u, "POST /v1/workers/{id}/credentials", "recordCredential", access.WorkerWrite, r.Workers, domain.Worker.RecordCredential)
	service.Change(u, "POST /v1/workers/{id}/credentials/correct", "correctCredential", access.WorkerWrite, r.Workers, domain.Worker.CorrectCredential)
	service.Change(u, "POST /v1/workers/{id}/credentials/suspend", "suspendCredential", access.WorkerWrite, r.Workers, domain.Worker.SuspendCredential)
	service.Change(u, "POST /v1/workers/{id}/credentials/reinstate", "reinstateCredential", access.WorkerWrite, r.Workers, domain.Worker.ReinstateCredential)
	service.Change(u, "POST /v1/workers/{id}/credentials/revoke", "revokeCredential", access.WorkerWrite, r.Workers, domain.Worker.RevokeCredential)
	service.Query(u, "GET /v1/credentials/ending", "listEndingCredentials", access.WorkerRead, r.Ending)
}
