// Package trustfund is the trust-fund service: how a voluntary trust fund for victims of
// trafficking takes money from States and companies and gives it to organizations that assist
// survivors. It holds the ledger, the calls, the applications and the grants. It refuses to know
// a survivor, to see a case, and to let money hang on how many services were counted.
//
// A network without a trust fund does not run it.
package trustfund

import (
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/application"
	"github.com/sanad-network/sanad/services/trust-fund/internal/board"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
	"github.com/sanad-network/sanad/services/trust-fund/internal/served"
)

// New makes the trust-fund service.
func New(d service.Deps) *service.Unit {
	u := service.NewUnit(d, "trust-fund",
		event.Private[trustfundv1.DonationPledged, ledger.Pledge](),
		event.Private[trustfundv1.DonationPaid, ledger.Payment](),
		event.Private[trustfundv1.DonationCorrected, ledger.Correction](),
		event.Private[trustfundv1.FundsCommitted, ledger.Kept](),
		event.Type[trustfundv1.FundsPaid](),
		event.Type[trustfundv1.FundsReleased](),
		event.Type[trustfundv1.FundsReturned](),
		event.Private[trustfundv1.CallDrafted, call.Terms](),
		event.Type[trustfundv1.CallPublished](),
		event.Private[trustfundv1.CallExtended, call.Extend](),
		event.Private[trustfundv1.CallRevoked, call.Revoke](),
		event.Private[trustfundv1.ClarificationAsked, call.Asked](),
		event.Private[trustfundv1.ClarificationGiven, call.Answered](),
		event.Private[trustfundv1.TrusteeAppointed, board.Person](),
		event.Private[trustfundv1.TrusteeshipEnded, board.Ended](),
		event.Private[trustfundv1.AgreementDrafted, grant.Terms](),
		event.Private[trustfundv1.AgreementSigned, grant.Signed](),
		event.Private[trustfundv1.ApplicationStarted, application.Started](),
		event.Private[trustfundv1.ApplicationSaved, application.Written](),
		event.Private[trustfundv1.ApplicationFileStored, vault.File](),
		event.Private[trustfundv1.ApplicationPaperNamed, application.Paper](),
		event.Private[trustfundv1.ApplicationSubmitted, application.Final](),
		event.Type[trustfundv1.ApplicationTakenBack](),
		event.Private[trustfundv1.EligibilityJudged, application.Judged](),
		event.Private[trustfundv1.EligibilityCountersigned, application.Countersigned](),
		event.Private[trustfundv1.AssessorAssigned, application.Asked](),
		event.Private[trustfundv1.AssessorDeclared, application.Declared](),
		event.Private[trustfundv1.AssessorFreed, application.Freed](),
		event.Private[trustfundv1.ApplicationScored, application.Scored](),
		event.Private[trustfundv1.ApplicationAssessed, application.Result](),
		event.Private[trustfundv1.ApplicationSelected, application.Selection](),
		event.Private[trustfundv1.TrusteeVoted, application.Vote](),
		event.Private[trustfundv1.ApplicationAwarded, application.Awarded](),
		event.Private[trustfundv1.ApplicationNotAwarded, application.Refused](),
		event.Type[trustfundv1.GrantAgreed](),
		event.Private[trustfundv1.GrantSuspended, grant.Suspension](),
		event.Private[trustfundv1.GrantRestored, grant.Restored](),
		event.Type[trustfundv1.GrantClosed](),
		event.Private[trustfundv1.GrantEnded, grant.Ending](),
		event.Private[trustfundv1.GrantSettled, grant.Noted](),
		event.Private[trustfundv1.PaymentOrdered, grant.Order](),
		event.Private[trustfundv1.InstalmentPaid, grant.Confirmed](),
		event.Type[trustfundv1.CommitmentReleased](),
		event.Private[trustfundv1.MoneyReturned, grant.Booked](),
		event.Private[trustfundv1.GrantPaperStored, vault.File](),
		event.Private[trustfundv1.GrantReportSubmitted, grant.Said](),
		event.Private[trustfundv1.GrantReportAccepted, grant.Judged](),
		event.Private[trustfundv1.GrantReportSentBack, grant.Judged](),
		event.Type[trustfundv1.GrantReportOverdue](),
		event.Private[trustfundv1.GrantAuditOrdered, grant.Noted](),
		event.Private[trustfundv1.GrantAuditRecorded, grant.Audit](),
		event.Private[trustfundv1.GrantExtensionAsked, grant.Wish](),
		event.Private[trustfundv1.GrantExtensionDecided, grant.Extension](),
		event.Type[trustfundv1.GranteeAwaited](),
		event.Type[trustfundv1.ServedNoted](),
	)
	r := rooms{
		money: record.New[ledger.Ledger](u.Book, ledger.Prefix),
		calls: record.New(u.Book, call.Prefix, &call.ByDeadline),
		applications: record.New(u.Book, application.Prefix, &application.ByAgency, &application.ByStatus, &application.Ranking,
			&application.ByAssessor, &application.ByDue),
		board: record.New[board.Board](u.Book, board.Prefix),
	}
	record.Knowing(r.applications, r.under, application.Application.Under)
	operations(u, r)
	granting(u, r, granted{
		grants: record.New(u.Book, grant.Prefix, &grant.ByParty, &grant.Agreed),
		served: record.New(u.Book, served.Prefix, &served.ByGrant),
		clock:  d.Clock,
	})
	applying(u, r)
	deciding(u, r)
	return u
}

// rooms are the records of the service.
type rooms struct {
	money *record.Records[ledger.Ledger]
	calls *record.Records[call.Call]
	// applications are those of all agencies, to all calls.
	applications *record.Records[application.Application]
	board        *record.Records[board.Board]
}
