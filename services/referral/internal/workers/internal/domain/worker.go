package domain

import (
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Worker is a person who works at an agency.
type Worker struct {
	worker.Present
	Person
}

// Person is the private half of all that is said of a worker: no other service and no
// other agency learns it.
type Person struct {
	// Subject is how tokens name the person, CoverSubject the colleague who covers.
	Subject      string `json:"subject"`
	CoverSubject string `json:"cover_subject,omitempty"`
	// Anew is why the person was registered again after they had left.
	Anew code.RegisteredAnew `json:"anew,omitempty"`
}

// Exists reports whether the person was ever registered.
func (w Worker) Exists() bool { return w.Present.Exists() }

// Case is empty: a worker belongs to no case.
func (w Worker) Case() string { return "" }

// Visible is for the worker's own agency: who works elsewhere is nobody's to see.
func (w Worker) Visible(by fact.By) bool { return w.Exists() && by.Agency == w.Agency || by.System() }

// Closed is never: who has left may be registered again, and the register must know
// at every moment that they left.
func (w Worker) Closed() bool { return false }

// Deadlines are none: an absence ends by the clock of whoever decides.
func (w Worker) Deadlines() []fact.Deadline { return nil }

// Evolve is the worker after an event.
func (w Worker) Evolve(e fact.Event) Worker {
	if d, ok := e.Data.(referralv1.WorkerChanged); ok {
		person, _ := e.Private.(Person)
		w = Worker{Present: worker.Present{Worker: d.Worker}, Person: person}
	}
	return w
}

// becomes is the event that says what holds of the worker from now on.
func (w Worker) becomes(is staff.Worker, person Person) []fact.Event {
	is.Turn = w.Turn + 1
	return fact.With(referralv1.WorkerChanged{Worker: is}, person)
}

// WorkerView is a worker as the people of the agency see them.
type WorkerView struct {
	Worker  string `json:"worker"`
	Agency  string `json:"agency"`
	Subject string `json:"subject"`
	// AbsentUntil is left out when the absence is over, or there is none.
	AbsentUntil time.Time `json:"absent_until,omitzero"`
	Cover       string    `json:"cover,omitempty"`
	// DutyFrom and DutyUntil are left out when the duty is over, or there is none.
	DutyFrom  time.Time           `json:"duty_from,omitzero"`
	DutyUntil time.Time           `json:"duty_until,omitzero"`
	Left      bool                `json:"left,omitempty"`
	Anew      code.RegisteredAnew `json:"registered_anew,omitempty"`
}

// View is the same for everybody who works there.
func (w Worker) View(by fact.By) any {
	v := WorkerView{Worker: w.ID, Agency: w.Agency, Subject: w.Subject, Cover: w.CoverSubject, Left: w.Left, Anew: w.Anew}
	if w.Absent(by.At) {
		v.AbsentUntil = w.AbsentUntil
	}
	if by.At.Before(w.DutyUntil) {
		v.DutyFrom, v.DutyUntil = w.DutyFrom, w.DutyUntil
	}
	return v
}

// ByAgency is (agency, whether they left, subject): who works there, and who did.
var ByAgency = image.List[Worker]{Keys: func(w Worker) []string {
	if !w.Exists() {
		return nil
	}
	return []string{fact.Key(w.Agency, there(w.Left), w.Subject)}
}}

func there(left bool) string {
	if left {
		return "left"
	}
	return "there"
}

// Workers chooses the workers of the caller's own agency: who works there, or with
// left=true who did.
func Workers(by fact.By, q url.Values) (image.Part[Worker], error) {
	return ByAgency.Of(by.Agency, there(q.Get("left") == "true")), nil
}
