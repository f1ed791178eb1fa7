package trustfundv1

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/staff"
)

// Money is what the ledger is told of a grant.
type Money struct {
	Grant string `json:"grant"`
	// Application is what the money was committed to.
	Application string `json:"application"`
	// Cents are US dollar cents, above zero.
	Cents int64 `json:"cents"`
}

// InstalmentPaid says that a second person confirmed a payment. Who, is private.
type InstalmentPaid struct {
	Money
	Instalment int `json:"instalment"`
}

// CommitmentReleased says that committed money will not be paid.
type CommitmentReleased struct{ Money }

// MoneyReturned says that a grantee gave money back.
type MoneyReturned struct{ Money }

// GrantStep is something that happened to a grant and stays in the room.
type GrantStep struct {
	Grant string `json:"grant"`
}

// GrantReportStep is something that happened to the report on an instalment, and stays in the room.
type GrantReportStep struct {
	Grant string `json:"grant"`
	// Instalment counts from 1: each has one report.
	Instalment int `json:"instalment"`
}

// What stays in the room. What was agreed, written, found and decided is private.
type (
	// AgreementDrafted says that a manager drafted an agreement. A later draft replaces it.
	AgreementDrafted struct{ GrantStep }
	// AgreementSigned says that one part signed the draft.
	AgreementSigned struct {
		GrantStep
		Part code.GrantPart `json:"part"`
	}
	// PaymentOrdered says that a manager ordered an instalment to be paid.
	PaymentOrdered struct{ GrantReportStep }
	// GrantPaperStored says that the grantee handed in a paper.
	GrantPaperStored struct{ GrantStep }
	// GrantReportSubmitted says that the grantee reported on an instalment.
	GrantReportSubmitted struct{ GrantReportStep }
	// GrantReportAccepted says that a manager accepted the report.
	GrantReportAccepted struct{ GrantReportStep }
	// GrantReportSentBack says that a manager asks for the report anew.
	GrantReportSentBack struct{ GrantReportStep }
	// GrantReportOverdue says that the day of a report passed without it.
	GrantReportOverdue struct{ GrantReportStep }
	// GrantAuditOrdered says that a manager ordered an audit.
	GrantAuditOrdered struct{ GrantStep }
	// GrantAuditRecorded says what the audit found.
	GrantAuditRecorded struct{ GrantStep }
	// GrantExtensionAsked says that the grantee asks for more time.
	GrantExtensionAsked struct{ GrantStep }
	// GrantExtensionDecided says what a manager decided on it.
	GrantExtensionDecided struct{ GrantStep }
	// GrantEnded says that nothing more is paid.
	GrantEnded struct{ GrantStep }
	// GrantSettled says that everything is accounted for.
	GrantSettled struct{ GrantStep }
)

// GranteeAwaited says that something waits on a list of the grantee, and not what.
type GranteeAwaited struct{ staff.Awaited }

// Said is for whom it waits.
func (e GranteeAwaited) Said() staff.Awaited { return e.Awaited }

// ForServicesAlone says that money is no matter of integrators.
func (Money) ForServicesAlone() {}

// ForServicesAlone says that no integrator is told whose report is late.
func (GranteeAwaited) ForServicesAlone() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GrantStep) ConfinedToAddressees() {}

// ConfinedToAddressees says that it stays in the room: nobody is told of it.
func (GrantReportStep) ConfinedToAddressees() {}
