package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Register puts a person on the register of their agency.
type Register struct {
	Agency string `json:"agency"`
	// Subject is the person as their token names them.
	Subject string `json:"subject"`
	// Cover is the subject of the colleague who acts while the person does not work.
	Cover string `json:"cover,omitempty"`
	// Reason is why a person who had left is registered anew.
	Reason code.RegisteredAnew `json:"reason,omitempty"`
}

// Name is the identifier of the worker that is registered.
func (c Register) Name() string { return worker.ID(c.Agency, c.Subject) }

// Absent says that a worker is away until an instant.
type Absent struct {
	Until time.Time `json:"until"`
	// Cover is as in Register. Left out, it stays who it was.
	Cover string `json:"cover,omitempty"`
}

// Back says that a worker works again.
type Back struct{}

// Duty says when a worker is on duty for their desk, also at night. Whoever is on duty is
// alerted when it becomes unsafe to reach a survivor.
type Duty struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Leave says that a person works at the agency no more.
type Leave struct{}

// Register puts a person on the register, or replaces who covers for them. The same
// again changes nothing. Nobody registers for another agency (ErrNotYourAgency). A
// person who has left needs a reason to be registered anew (ErrLeft). Who covers must
// work at the agency (worker.ErrUnknown).
func (w Worker) Register(by fact.By, cmd Register, seen worker.Seen) ([]fact.Event, error) {
	if by.Agency != cmd.Agency {
		return nil, ErrNotYourAgency.At("/agency", "one's own")
	}
	if w.Left && cmd.Reason == "" {
		return nil, ErrLeft.At("/reason", "required after a worker has left")
	}
	cover, err := coverOf(seen, cmd.Subject, cmd.Cover)
	if err != nil {
		return nil, err
	}
	is := staff.Worker{ID: cmd.Name(), Agency: cmd.Agency, Cover: cover}
	person := Person{Subject: cmd.Subject, CoverSubject: cmd.Cover}
	switch {
	case w.Left:
		person.Anew = cmd.Reason
	case w.Exists():
		if w.Cover == cover {
			return nil, nil
		}
		is = w.Worker
		is.Cover = cover
		person = w.Person
		person.CoverSubject = cmd.Cover
	}
	return w.becomes(is, person), nil
}

// GoAbsent notes an absence, or another end of it. It ends in the future (ErrAbsence).
func (w Worker) GoAbsent(by fact.By, cmd Absent, seen worker.Seen) ([]fact.Event, error) {
	if w.Left {
		return nil, ErrLeft
	}
	if !cmd.Until.After(by.At) {
		return nil, ErrAbsence.At("/until", "in the future")
	}
	is, person := w.Worker, w.Person
	if cmd.Cover != "" {
		cover, err := coverOf(seen, w.Subject, cmd.Cover)
		if err != nil {
			return nil, err
		}
		is.Cover, person.CoverSubject = cover, cmd.Cover
	}
	if w.AbsentUntil.Equal(cmd.Until) && w.Cover == is.Cover {
		return nil, nil
	}
	is.AbsentUntil = cmd.Until.UTC()
	return w.becomes(is, person), nil
}

// Back ends an absence. Who is not absent stays as they are.
func (w Worker) Back(by fact.By, _ Back) ([]fact.Event, error) {
	if w.Left {
		return nil, ErrLeft
	}
	if !w.Absent(by.At) {
		return nil, nil
	}
	is := w.Worker
	is.AbsentUntil = time.Time{}
	return w.becomes(is, w.Person), nil
}

// maxDuty is longer than anybody is on duty without a break.
const maxDuty = 48 * time.Hour

// OnDuty notes a duty in the place of the one before. It ends in the future, after it
// began, and within two days (ErrDuty).
func (w Worker) OnDuty(by fact.By, cmd Duty) ([]fact.Event, error) {
	switch {
	case w.Left:
		return nil, ErrLeft
	case !cmd.Until.After(by.At):
		return nil, ErrDuty.At("/until", "in the future")
	case !cmd.From.Before(cmd.Until):
		return nil, ErrDuty.At("/from", "before the end")
	case cmd.Until.Sub(cmd.From) > maxDuty:
		return nil, ErrDuty.At("/until", "within 48 hours of the beginning")
	case w.DutyFrom.Equal(cmd.From) && w.DutyUntil.Equal(cmd.Until):
		return nil, nil
	}
	is := w.Worker
	is.DutyFrom, is.DutyUntil = cmd.From.UTC(), cmd.Until.UTC()
	return w.becomes(is, w.Person), nil
}

// Leave takes a worker off, at once and for good: only a new registration, with a
// reason, puts them on again. Who covers for them acts for them from now on.
func (w Worker) Leave(_ fact.By, _ Leave) ([]fact.Event, error) {
	if w.Left {
		return nil, nil
	}
	is := w.Worker
	is.Left, is.AbsentUntil, is.DutyFrom, is.DutyUntil = true, time.Time{}, time.Time{}, time.Time{}
	is.Roles, is.Supervisor = nil, ""
	person := w.Person
	person.SupervisorSubject = ""
	return w.becomes(is, person), nil
}

// Profile says what a worker does at the agency, in which languages, and under whom. What is
// left out is no more.
type Profile struct {
	Roles     []code.WorkerRole `json:"roles,omitempty"`
	Languages []string          `json:"languages,omitempty"`
	// Supervisor is the subject of the colleague who supervises the person.
	Supervisor string `json:"supervisor,omitempty"`
}

// Describe notes what a worker does at the agency, in the place of what was noted before. The
// same again changes nothing. Who supervises works at the agency (worker.ErrUnknown), and
// nobody supervises themself (ErrSupervisor). A role permits nothing. Errors: ErrLeft.
func (w Worker) Describe(_ fact.By, cmd Profile, seen worker.Seen) ([]fact.Event, error) {
	if w.Left {
		return nil, ErrLeft
	}
	is, person := w.Worker, w.Person
	is.Supervisor, person.SupervisorSubject = "", cmd.Supervisor
	if cmd.Supervisor != "" {
		if cmd.Supervisor == w.Subject {
			return nil, ErrSupervisor.At("/supervisor", "another person than the worker")
		}
		colleague, err := seen.Find("/supervisor", cmd.Supervisor)
		if err != nil {
			return nil, err
		}
		is.Supervisor = colleague.ID
	}
	is.Roles, person.Languages = sorted(cmd.Roles), sorted(cmd.Languages)
	if is.Supervisor == w.Supervisor && slices.Equal(is.Roles, w.Roles) && slices.Equal(person.Languages, w.Languages) {
		return nil, nil
	}
	return w.becomes(is, person), nil
}

// coverOf is the identifier of the colleague who is to cover for a person; empty for
// nobody.
func coverOf(seen worker.Seen, subject, cover string) (string, error) {
	if cover == "" {
		return "", nil
	}
	if cover == subject {
		return "", ErrCover.At("/cover", "another person than the worker")
	}
	colleague, err := seen.Find("/cover", cover)
	return colleague.ID, err
}
