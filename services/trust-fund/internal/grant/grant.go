// Package grant holds the rules of a grant, from the agreement to its closing: two signatures,
// payments by two persons, a report accepted before the next payment. It refuses to know how many
// people or services there were: no payment and no closing can depend on a consent of hers.
package grant

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// What the rules refuse, and why.
var (
	ErrNotManager = fault.New(fault.Forbidden, "not_a_fund_manager", "Only a manager of the fund can do this.")
	ErrNotGrantee = fault.New(fault.Forbidden, "not_the_grantee", "Only a person of the grantee can do this.")
	// ErrAgreement refuses an agreement that is not what was awarded, or does not add up.
	ErrAgreement = fault.New(fault.Invalid, "agreement_invalid", "The agreement does not add up, or is not what was awarded.")
	// ErrNotDrafted refuses to write or to sign what is agreed or over.
	ErrNotDrafted = fault.New(fault.Conflict, "agreement_settled", "The agreement is signed by both parts, or it is over.")
	// ErrDraft refuses a signature below another draft than the one that stands.
	ErrDraft = fault.New(fault.Conflict, "agreement_other_draft", "Another draft stands now. Read it, and sign that one.")
	// ErrSigned refuses a second signature of one part.
	ErrSigned = fault.New(fault.Conflict, "agreement_signed", "This part has signed.")
	// ErrTwoPersons refuses the second step to who did the first.
	ErrTwoPersons = fault.New(fault.Forbidden, "second_person_needed", "Another person must do this.")
	// ErrNotInForce refuses what needs a grant in force.
	ErrNotInForce = fault.New(fault.Conflict, "grant_not_in_force", "The grant is not in force.")
	// ErrNotSuspended refuses to restore what is not suspended.
	ErrNotSuspended = fault.New(fault.Conflict, "grant_not_suspended", "The grant is not suspended.")
	// ErrOver refuses what comes after the end.
	ErrOver = fault.New(fault.Conflict, "grant_over", "The grant is over.")
	// ErrInstalment refuses a payment that is not the next one.
	ErrInstalment = fault.New(fault.Conflict, "instalment_not_next", "This instalment is not the one that comes next.")
	// ErrReportFirst refuses a payment before the report on the one before it is accepted.
	ErrReportFirst = fault.New(fault.Conflict, "report_not_accepted", "The report on the instalment before it is not accepted yet.")
	// ErrNotOrdered refuses to confirm what nobody ordered.
	ErrNotOrdered = fault.New(fault.Conflict, "payment_not_ordered", "Nobody ordered this payment.")
	// ErrOrdered refuses to order twice.
	ErrOrdered = fault.New(fault.Conflict, "payment_ordered", "This payment is ordered. Another person confirms it.")
	// ErrReport refuses a report that does not add up.
	ErrReport = fault.New(fault.Invalid, "grant_report_invalid", "The report is not whole, or does not add up.")
	// ErrReportNotExpected refuses a report that nobody awaits.
	ErrReportNotExpected = fault.New(fault.Conflict, "report_not_expected", "No report on this instalment is awaited.")
	// ErrReportNotIn refuses to judge a report that is not there.
	ErrReportNotIn = fault.New(fault.Conflict, "report_not_submitted", "There is no report on this instalment to judge.")
	// ErrPapers refuses more papers than a report can name.
	ErrPapers = fault.New(fault.Conflict, "grant_papers_full", "No more papers can be kept with this grant.")
	// ErrDay refuses a day that cannot be.
	ErrDay = fault.New(fault.Invalid, "grant_day", "The day cannot be.")
	// ErrExtension refuses a second request, or a decision on none.
	ErrExtension = fault.New(fault.Conflict, "extension_state", "A request for more time waits already, or none does.")
	// ErrTooLong refuses more months than the call permits.
	ErrTooLong = fault.New(fault.Invalid, "extension_too_long", "That is longer than the call permits, and than what was stated beyond it.")
	// ErrAudit refuses a second audit at a time, or the result of none.
	ErrAudit = fault.New(fault.Conflict, "audit_state", "An audit is ordered already, or none is.")
	// ErrReturn refuses to give back more than was paid.
	ErrReturn = fault.New(fault.Invalid, "return_too_much", "More money cannot come back than was paid.")
	// ErrUnsettled refuses to close what is not accounted for.
	ErrUnsettled = fault.New(fault.Conflict, "grant_unsettled", "Something is still unpaid, not reported, under audit or not returned.")
)

const (
	// Prefix begins the identifier of every grant.
	Prefix = "grant"
	// ReportDeadline is the name of the deadline of the report that is expected next.
	ReportDeadline = "report"
	// graceDays after a payment is when a report on it can be due at the earliest (our design).
	graceDays = 30
	// mostPapers is how many papers a grant keeps.
	mostPapers = 100
)

// ID is the grant of an application: each award makes one.
func ID(application string) string { return fact.Rename(Prefix, application) }

// Grant is one award that is paid out.
type Grant struct {
	ID string
	Terms
	// Draft counts the drafts of the agreement, from 1.
	Draft  int
	Status code.GrantStatus
	// Since is when it took the status.
	Since time.Time
	// Grantee and Fund are the subjects of who signed the draft.
	GranteeSigned, FundSigned string
	// Turn counts what was said of the grant to others.
	Turn int
	// Paid is how many instalments are paid.
	Paid int
	// Ordered is who ordered the next payment; empty: nobody.
	Ordered string
	// Reports are one for each instalment.
	Reports []Report
	Papers  []Paper
	// AuditOpen says that an audit is ordered and has no result.
	AuditOpen bool
	Audits    []Audit
	// Asked is for how many more months the grantee asks; zero: for none.
	Asked      int
	Extensions []Extension
	Suspended  Suspension
	Ended      Ending
	// ReturnedCents came back from the grantee.
	ReturnedCents int64
}

// Terms is what an agreement says: the private half of AgreementDrafted.
type Terms struct {
	Application  string            `json:"application"`
	Call         string            `json:"call,omitempty"`
	Agency       string            `json:"agency"`
	Country      code.Country      `json:"country"`
	SubProgramme code.SubProgramme `json:"sub_programme"`
	// Name is the grantee's, as the public page writes it.
	Name string `json:"name"`
	// HiddenPlace says that the place of the grantee is hidden: the public page shows its name, and
	// neither where it works nor what help it gives.
	HiddenPlace bool           `json:"hidden_place"`
	Services    []code.Service `json:"services"`
	Cents       int64          `json:"cents"`
	Months      int            `json:"months"`
	// MostMonths is what the call permits.
	MostMonths int `json:"most_months"`
	// From is the first day.
	From        string       `json:"from"`
	Instalments []Instalment `json:"instalments"`
	Budget      []Line       `json:"budget"`
}

// Instalment is a part of the money, and the day by which its report is due.
type Instalment struct {
	Cents     int64  `json:"cents"`
	ReportDue string `json:"report_due"`
}

// Line is a line of a budget, or of what was spent.
type Line struct {
	Line  string `json:"line"`
	Cents int64  `json:"cents"`
}

// Report is what was reported on one instalment.
type Report struct {
	Status code.GrantReportStatus
	// Due is the first instant at which it is late.
	Due time.Time
	// Late says that the day passed without it.
	Late bool
	// Said is what the grantee wrote last.
	Said Said
	// Judged is what a manager said of it last.
	Judged Judged
}

// Paper is a file of the grantee.
type Paper struct {
	vault.File
	At time.Time
}

// period is the first instant of the grant, and the first after it.
func (t Terms) period() (from, until time.Time) {
	from, _ = vienna.Day(t.From) // what is no day was refused
	return from, vienna.After(from, 0, t.Months, 0)
}

// PaidCents is what was paid.
func (g Grant) PaidCents() (cents int64) {
	for _, i := range g.Instalments[:g.Paid] {
		cents += i.Cents
	}
	return cents
}

// spentCents is what accepted reports say was spent.
func (g Grant) spentCents() (cents int64) {
	for _, r := range g.Reports {
		if r.Status == code.ReportAccepted {
			cents += r.Said.SpentCents
		}
	}
	return cents
}

// OwedCents is what must come back, beyond what came: money unspent when nothing more is paid, and
// spending that an audit did not accept. Never below zero.
func (g Grant) OwedCents() int64 {
	var owed int64
	if g.Paid == len(g.Instalments) || g.Status == code.GrantEnded || g.Status == code.GrantClosed {
		if g.reported() {
			owed = g.PaidCents() - g.spentCents()
		}
	}
	for _, a := range g.Audits {
		owed += a.DisallowedCents
	}
	return max(0, min(owed, g.PaidCents())-g.ReturnedCents)
}

// reported says that the report on each instalment that was paid is accepted.
func (g Grant) reported() bool {
	return !slices.ContainsFunc(g.Reports[:g.Paid], func(r Report) bool { return r.Status != code.ReportAccepted })
}

// granted is what is told of the grant, for the next turn.
func (g Grant) granted() trustfundv1.Granted {
	return trustfundv1.Granted{Grant: g.ID, Agency: g.Agency, Turn: g.Turn + 1}
}

// inForceNow says that both parts have signed, or that the grant was extended.
func (g Grant) inForceNow() trustfundv1.GrantAgreed {
	from, until := g.period()
	return trustfundv1.GrantAgreed{Granted: g.granted(), Country: g.Country, From: from, Until: until}
}

func (g Grant) step() trustfundv1.GrantStep { return trustfundv1.GrantStep{Grant: g.ID} }

func (g Grant) reportStep(instalment int) trustfundv1.GrantReportStep {
	return trustfundv1.GrantReportStep{Grant: g.ID, Instalment: instalment}
}

func (g Grant) money(cents int64) trustfundv1.Money {
	return trustfundv1.Money{Grant: g.ID, Application: g.Application, Cents: cents}
}

// agreed says that both parts have signed it once.
func (g Grant) agreed() bool { return g.Turn > 0 }

// manager refuses all but the secretariat, which is no grantee. Errors: ErrNotManager.
func (g Grant) manager(by fact.By) error {
	if !slices.Contains(by.Roles, "fund_manager") || g.Exists() && by.Agency == g.Agency {
		return ErrNotManager
	}
	return nil
}

// grantee refuses all but the people of the grantee. Errors: ErrNotGrantee.
func (g Grant) grantee(by fact.By) error {
	if !g.Exists() || by.Agency != g.Agency || !slices.Contains(by.Roles, "fund_applicant") {
		return ErrNotGrantee
	}
	return nil
}

// inForce gives ErrNotInForce.
func (g Grant) inForce() error {
	if g.Status != code.GrantInForce {
		return ErrNotInForce
	}
	return nil
}

// Exists reports whether there was ever a draft.
func (g Grant) Exists() bool { return g.ID != "" }

// Case is empty: it belongs to no case.
func (Grant) Case() string { return "" }

// Visible lets managers and trustees see it, and the people of the grantee.
func (g Grant) Visible(by fact.By) bool {
	return by.System() || g.Exists() && (ofFund(by) || g.grantee(by) == nil)
}

// ofFund says that somebody sees all grants.
func ofFund(by fact.By) bool {
	return slices.Contains(by.Roles, "fund_manager") || slices.Contains(by.Roles, "trustee")
}

// Closed is never: the public page shows what was given also later.
func (Grant) Closed() bool { return false }

// expected is the instalment whose report is awaited from the grantee, from 1; zero: none is.
func (g Grant) expected() int {
	for i, r := range g.Reports[:min(g.Paid, len(g.Reports))] {
		if r.Status == code.ReportExpected || r.Status == code.ReportSentBack {
			return i + 1
		}
	}
	return 0
}

// paused says that no clock runs.
func (g Grant) paused() bool { return g.Status == code.GrantSuspended || g.Status == code.GrantClosed }

// Deadlines is the day of the report that is awaited, while the grant is not suspended.
func (g Grant) Deadlines() []fact.Deadline {
	n := g.expected()
	if n == 0 || g.paused() || g.Reports[n-1].Late {
		return nil
	}
	return []fact.Deadline{{Name: ReportDeadline, At: g.Reports[n-1].Due}}
}

// Overdue says that a report is late at an instant.
func (g Grant) Overdue(at time.Time) bool {
	n := g.expected()
	return n > 0 && !g.paused() && !at.Before(g.Reports[n-1].Due)
}
