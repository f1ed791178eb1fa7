package domain

import (
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/command"
)

// Commands says which commands a worker's entry takes. The agency is its own: Visible
// refuses others.
func (Worker) Commands() command.Table[Worker] {
	return command.Table[Worker]{
		"registerWorker":      {When: command.Always[Worker]},
		"setWorkerAbsent":     {When: command.In(Worker.mustWork)},
		"setWorkerBack":       {When: command.In(Worker.mustWork)},
		"setWorkerDuty":       {When: command.In(Worker.mustWork)},
		"removeWorker":        {When: command.In(Worker.mustWork)},
		"describeWorker":      {When: command.In(Worker.mustWork)},
		"recordCredential":    {When: command.In(Worker.mustWork)},
		"correctCredential":   {When: command.In(Worker.mayChange)},
		"suspendCredential":   {When: command.In(Worker.mayChange)},
		"reinstateCredential": {When: command.In(Worker.mayReinstate)},
		"revokeCredential":    {When: command.In(Worker.mayChange)},
	}
}

// mustWork gives ErrLeft.
func (w Worker) mustWork() error {
	if w.Left {
		return ErrLeft
	}
	return nil
}

// mayChange gives ErrCredentialUnknown where no credential can change.
func (w Worker) mayChange() error {
	return w.some(func(staff.Credential) bool { return true })
}

// mayReinstate gives ErrCredentialUnknown where none is suspended.
func (w Worker) mayReinstate() error {
	return w.some(func(c staff.Credential) bool { return !c.Suspended.IsZero() })
}

func (w Worker) some(can func(staff.Credential) bool) error {
	if err := w.mustWork(); err != nil {
		return err
	}
	for _, c := range w.Present.Credentials {
		if _, err := w.present(c.ID); err == nil && can(c) {
			return nil
		}
	}
	return ErrCredentialUnknown.At("/credential", "exists")
}
