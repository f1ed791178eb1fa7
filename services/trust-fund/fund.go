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
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
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
		event.Type[trustfundv1.GrantAgreed](),
		event.Type[trustfundv1.GrantSuspended](),
		event.Type[trustfundv1.GrantRestored](),
		event.Type[trustfundv1.GrantClosed](),
	)
	r := rooms{
		money: record.New[ledger.Ledger](u.Book, ledger.Prefix),
		calls: record.New(u.Book, call.Prefix, &call.ByDeadline),
	}
	operations(u, r)
	return u
}

// rooms are the records of the service.
type rooms struct {
	money *record.Records[ledger.Ledger]
	calls *record.Records[call.Call]
}
