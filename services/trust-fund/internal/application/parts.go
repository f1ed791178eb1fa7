package application

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// The roles that have a part in an application.
const (
	applicant = call.Applicant
	manager   = call.Manager
	trustee   = "trustee"
)

func is(by fact.By, role string) bool { return slices.Contains(by.Roles, role) }

// over says that something is submitted and the call is over: only now the fund sees it, and of a call
// that was revoked never.
func (a Application) over(at time.Time) bool { return a.Submitted != nil && a.terms().Over(at) }

// mayManage is for the managers of the fund, of an application in which they have no other part.
// Errors: ErrNotFound, ErrPart.
func (a Application) mayManage(by fact.By) error {
	switch {
	case !is(by, manager) || !a.Exists() || !a.over(by.At):
		return ErrNotFound
	case by.Agency == a.Agency || a.assessor(by.Principal) != nil || a.voted(by.Principal) || slices.Contains(a.Writers, by.Principal):
		return ErrPart
	}
	return nil
}

// stands gives ErrStage at another stage than these.
func (a Application) stands(at ...code.ApplicationStatus) error {
	if !slices.Contains(at, a.Status()) {
		return ErrStage
	}
	return nil
}

// managed says that somebody judged the application, countersigned, selected it, or asked an assessor.
func (a Application) managed(principal string) bool {
	return principal == a.Judged.By || principal == a.Countersigner ||
		a.Selection != nil && principal == a.Selection.By ||
		slices.ContainsFunc(a.Places, func(p Place) bool { return p.Asked.By == principal })
}

// tookPart says that somebody wrote the application, managed it or voted on it.
func (a Application) tookPart(principal string) bool {
	return slices.Contains(a.Writers, principal) || a.managed(principal) || a.voted(principal)
}
