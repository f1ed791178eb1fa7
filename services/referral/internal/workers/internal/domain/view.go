package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
)

// WorkerView is a worker as the people of the agency see them.
type WorkerView struct {
	Worker  string `json:"worker"`
	Agency  string `json:"agency"`
	Subject string `json:"subject"`
	// AbsentUntil is left out when the absence is over, or there is none.
	AbsentUntil time.Time `json:"absent_until,omitzero"`
	Cover       string    `json:"cover,omitempty"`
	// DutyFrom and DutyUntil are left out when the duty is over, or there is none.
	DutyFrom    time.Time           `json:"duty_from,omitzero"`
	DutyUntil   time.Time           `json:"duty_until,omitzero"`
	Left        bool                `json:"left,omitempty"`
	Anew        code.RegisteredAnew `json:"registered_anew,omitempty"`
	Roles       []code.WorkerRole   `json:"roles,omitempty"`
	Languages   []string            `json:"languages,omitempty"`
	Supervisor  string              `json:"supervisor,omitempty"`
	Credentials []CredentialView    `json:"credentials,omitempty"`
}

// CredentialView is a credential as the people of the agency see it.
type CredentialView struct {
	Credential string                 `json:"credential"`
	Status     code.CredentialStatus  `json:"status"`
	Issuer     string                 `json:"issuer"`
	Course     code.Course            `json:"course"`
	Name       string                 `json:"name,omitempty"`
	Content    []code.CourseContent   `json:"content,omitempty"`
	Scope      []code.CredentialScope `json:"scope,omitempty"`
	ValidFrom  time.Time              `json:"valid_from"`
	ValidUntil time.Time              `json:"valid_until,omitzero"`
	Suspended  time.Time              `json:"suspended,omitzero"`
	// Reason is why it is suspended, for who keeps the register and for the person.
	Reason   code.SuspensionReason `json:"reason,omitempty"`
	Revoked  time.Time             `json:"revoked,omitzero"`
	Replaces string                `json:"replaces,omitempty"`
}

// View is the same for everybody who works there. Only why a credential is suspended is not for
// everybody: a complaint is no news for colleagues.
func (w Worker) View(by fact.By) any {
	v := WorkerView{
		Worker: w.ID, Agency: w.Agency, Subject: w.Subject, Cover: w.CoverSubject, Left: w.Left, Anew: w.Anew,
		Roles: w.Roles, Languages: w.Languages, Supervisor: w.SupervisorSubject,
	}
	if w.Absent(by.At) {
		v.AbsentUntil = w.AbsentUntil
	}
	if by.At.Before(w.DutyUntil) {
		v.DutyFrom, v.DutyUntil = w.DutyFrom, w.DutyUntil
	}
	told := by.Principal == w.Subject || keeps(by)
	for _, c := range w.Present.Credentials {
		v.Credentials = append(v.Credentials, w.credential(c, by.At, told))
	}
	slices.SortStableFunc(v.Credentials, func(a, b CredentialView) int {
		return cmp.Or(a.ValidFrom.Compare(b.ValidFrom), cmp.Compare(a.Credential, b.Credential))
	})
	return v
}

func (w Worker) credential(c staff.Credential, at time.Time, told bool) CredentialView {
	paper := w.Papers[c.ID]
	is, _ := w.Present.Credentials.Status(c, at)
	v := CredentialView{
		Credential: c.ID, Status: is, Issuer: paper.Issuer, Course: c.Course, Name: paper.Name, Content: c.Content, Scope: c.Scope,
		ValidFrom: c.ValidFrom, ValidUntil: c.ValidUntil, Suspended: c.Suspended, Revoked: c.Revoked, Replaces: c.Replaces,
	}
	if told {
		v.Reason = paper.Reason
	}
	return v
}

// keeps says whether somebody keeps the register of their agency.
func keeps(by fact.By) bool {
	return slices.Contains(by.Roles, "focal_point") || slices.Contains(by.Roles, "supervisor")
}
