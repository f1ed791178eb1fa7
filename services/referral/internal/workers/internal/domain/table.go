package domain

import "github.com/sanad-network/sanad/pkg/command"

// Commands says which commands a worker's entry takes. The agency is its own: Visible
// refuses others.
func (Worker) Commands() command.Table[Worker] {
	return command.Table[Worker]{
		"registerWorker":  {When: command.Always[Worker]},
		"setWorkerAbsent": {When: command.In(Worker.mustWork)},
		"setWorkerBack":   {When: command.In(Worker.mustWork)},
		"setWorkerDuty":   {When: command.In(Worker.mustWork)},
		"removeWorker":    {When: command.In(Worker.mustWork)},
	}
}

// mustWork gives ErrLeft.
func (w Worker) mustWork() error {
	if w.Left {
		return ErrLeft
	}
	return nil
}
