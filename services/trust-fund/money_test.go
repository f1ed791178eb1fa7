package trustfund

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
)

const awarded = "application_01jr596fzxkbqt12340wdcmh87"

// fund is one grant and the ledger that hears of its money.
type fund struct {
	t     *testing.T
	at    time.Time
	grant grant.Grant
	money ledger.Ledger
}

func (f *fund) keep(events []fact.Event, err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
	for _, e := range events {
		e.At = f.at
		f.grant, f.money = f.grant.Evolve(e), f.money.Evolve(e)
		var heard []fact.Event
		switch d := e.Data.(type) {
		case trustfundv1.InstalmentPaid:
			heard, err = onPaid(f.money, fact.By{At: f.at}, d)
		case trustfundv1.CommitmentReleased:
			heard, err = onReleased(f.money, fact.By{At: f.at}, d)
		case trustfundv1.MoneyReturned:
			heard, err = onReturned(f.money, fact.By{At: f.at}, d)
		}
		f.keep(heard, err)
	}
}

func (f *fund) balance(want int64) {
	f.t.Helper()
	if got := f.money.Balance(); got != want {
		f.t.Errorf("the balance is %d, want %d", got, want)
	}
}

// The ledger hears of each payment, of money that is not paid, and of money that came back: what a
// grant gives free, another can have.
func TestTheLedgerFollowsAGrant(t *testing.T) {
	f := &fund{t: t, at: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)}
	by := func(name, role, agency string) fact.By {
		return fact.By{Principal: name, Agency: agency, Roles: []string{role}, At: f.at, Commit: "fund_1/1"}
	}
	first, second, grantee := by("ann", "fund_manager", "secretariat"), by("ben", "fund_manager", "secretariat"), by("eve", "fund_applicant", "open-door")

	f.keep(f.money.Pledge(first, ledger.Pledge{Kind: code.DonorState, Donor: "Norway", Country: "NO", Cents: 3_000_000, On: "2026-05-01"}))
	f.keep(f.money.Pay(first, ledger.Pay{Donation: f.money.Donations[0].ID, Payment: ledger.Payment{Cents: 3_000_000, On: "2026-05-02"}}))
	f.keep(f.money.Commit(first, ledger.Commit{Application: awarded}, ledger.On{Awarded: look.Made(ledger.Awarded{
		Exists: true, SubProgramme: code.ShortTerm, Country: "GT", Cents: 2_000_000,
	})}))
	f.balance(1_000_000)

	f.keep(f.grant.DraftAgreement(first, grant.Draft{
		Application: awarded, Agency: "open-door", Name: "Open Door", Services: []code.Service{code.Food}, Cents: 2_000_000, Months: 8, From: "2026-06-15",
		Instalments: []grant.Instalment{{Cents: 1_200_000, ReportDue: "2026-10-31"}, {Cents: 800_000, ReportDue: "2027-03-15"}},
		Budget:      []grant.Line{{Line: "food", Cents: 2_000_000}},
	}, grant.On{Award: look.Made(grant.Award{Agency: "open-door", Country: "GT", SubProgramme: code.ShortTerm, Cents: 2_000_000, Months: 8, MostMonths: 9})}))
	f.keep(f.grant.SignForGrantee(grantee, grant.Sign{Draft: 1}))
	f.keep(f.grant.SignForFund(first, grant.Sign{Draft: 1}))
	f.keep(f.grant.OrderPayment(first, grant.Pay{Instalment: 1}))
	f.keep(f.grant.ConfirmPayment(second, grant.Pay{Instalment: 1}))
	f.balance(1_000_000) // it was committed before

	f.keep(f.grant.Suspend(first, grant.Suspend{Cause: code.CauseWorkStopped, Words: "the house is closed"}))
	f.keep(f.grant.EndEarly(first, grant.EndEarly{Reason: code.EndingImpossible, Words: "it stays closed"}))
	f.balance(1_800_000)

	report := grant.Reporting{Instalment: 1, SpentCents: 700_000, Spending: []grant.Line{{Line: "food", Cents: 700_000}}}
	for _, h := range code.GrantReportHeadings {
		report.Narrative = append(report.Narrative, grant.Narrated{Heading: h, Text: "words"})
	}
	f.keep(f.grant.SubmitReport(grantee, report))
	f.keep(f.grant.AcceptReport(first, grant.Accept{Instalment: 1}))
	if owed := f.grant.OwedCents(); owed != 500_000 {
		t.Fatalf("%d are owed", owed)
	}
	f.keep(f.grant.RecordReturn(first, grant.GiveBack{Cents: 500_000}))
	f.balance(2_300_000)
	f.keep(f.grant.Close(first, grant.Words{Words: "all is accounted for"}))
	if a := f.money.Awards[awarded]; a.Paid != 1_200_000 || a.Released != 800_000 || a.Returned != 500_000 {
		t.Errorf("the ledger says %+v", a)
	}
}
