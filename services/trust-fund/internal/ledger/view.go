package ledger

import (
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
)

// Manager is the role of the secretariat.
const Manager = "fund_manager"

// Trustee is the role of a member of the board, who must know what there is to give.
const Trustee = "trustee"

// View is the ledger as the secretariat sees it.
type View struct {
	ID string `json:"id"`
	// PledgedCents, ReceivedCents, CommittedCents and PaidCents are sums over all time;
	// BalanceCents is what may be committed now.
	PledgedCents   int64           `json:"pledged_cents"`
	ReceivedCents  int64           `json:"received_cents"`
	CommittedCents int64           `json:"committed_cents"`
	PaidCents      int64           `json:"paid_cents"`
	BalanceCents   int64           `json:"balance_cents"`
	Donations      []DonationView  `json:"donations"`
	Awards         []CommittedView `json:"awards"`
}

// DonationView is one donation.
type DonationView struct {
	ID string `json:"id"`
	Pledge
	ReceivedCents int64     `json:"received_cents"`
	FreeCents     int64     `json:"free_cents"`
	Paid          []Payment `json:"paid"`
}

// CommittedView is what is kept for one application.
type CommittedView struct {
	Application string `json:"application"`
	Use
	PaidCents     int64  `json:"paid_cents"`
	ReleasedCents int64  `json:"released_cents"`
	ReturnedCents int64  `json:"returned_cents"`
	Draws         []Draw `json:"draws"`
}

// View shows all of it.
func (l Ledger) View(fact.By) any {
	v := View{ID: ID, BalanceCents: l.Balance(), Donations: []DonationView{}, Awards: []CommittedView{}}
	for _, d := range l.Donations {
		v.PledgedCents += d.Cents
		v.ReceivedCents += d.received()
		v.Donations = append(v.Donations, DonationView{d.ID, d.Pledge, d.received(), l.free(d), append([]Payment{}, d.Paid...)})
	}
	for _, id := range l.order {
		a := l.Awards[id]
		v.CommittedCents += a.Cents - a.Released
		v.PaidCents += a.Paid - a.Returned
		v.Awards = append(v.Awards, CommittedView{id, a.Use, a.Paid, a.Released, a.Returned, a.Draws})
	}
	return v
}

// Exists says that something was ever promised.
func (l Ledger) Exists() bool { return len(l.Donations) > 0 }

// Case is empty: money belongs to no case.
func (l Ledger) Case() string { return "" }

// Visible lets the secretariat and the trustees know of it.
func (l Ledger) Visible(by fact.By) bool {
	return by.System() || (slices.Contains(by.Roles, Manager) || slices.Contains(by.Roles, Trustee))
}

// Closed is never.
func (l Ledger) Closed() bool { return false }

// Deadlines are none.
func (l Ledger) Deadlines() []fact.Deadline { return nil }

// Commands says which commands the ledger takes.
func (Ledger) Commands() command.Table[Ledger] {
	anybody := func(Ledger, fact.By) error { return nil }
	promised := func(l Ledger, _ fact.By) error {
		if !l.Exists() {
			return ErrNotFound
		}
		return nil
	}
	return command.Table[Ledger]{
		"pledgeDonation":        {When: anybody},
		"recordDonationPayment": {When: promised},
		"correctDonation":       {When: promised},
	}
}
