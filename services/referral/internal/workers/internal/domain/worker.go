package domain

import (
	"maps"
	"net/url"

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
	// Papers are the private halves of the credentials, by their identifiers.
	Papers map[string]Paper
}

// Person is the private half of all that is said of a worker: no other service and no
// other agency learns it.
type Person struct {
	// Subject is how tokens name the person, CoverSubject the colleague who covers.
	Subject      string `json:"subject"`
	CoverSubject string `json:"cover_subject,omitempty"`
	// Anew is why the person was registered again after they had left.
	Anew code.RegisteredAnew `json:"anew,omitempty"`
	// SupervisorSubject is how tokens name the colleague who supervises the person.
	SupervisorSubject string `json:"supervisor_subject,omitempty"`
	// Languages are those that the person speaks (ISO 639).
	Languages []string `json:"languages,omitempty"`
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
	switch d := e.Data.(type) {
	case referralv1.WorkerChanged:
		w.Worker = d.Worker
		w.Person, _ = e.Private.(Person)
	case referralv1.CredentialChanged:
		paper, _ := e.Private.(Paper)
		w.Present.Credentials = w.Present.Credentials.With(d.Credential)
		w.Papers = maps.Clone(w.Papers)
		if w.Papers == nil {
			w.Papers = map[string]Paper{}
		}
		w.Papers[d.ID] = paper
	}
	return w
}

// becomes is the event that says what holds of the worker from now on.
func (w Worker) becomes(is staff.Worker, person Person) []fact.Event {
	is.Turn = w.Turn + 1
	return fact.With(referralv1.WorkerChanged{Worker: is}, person)
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
