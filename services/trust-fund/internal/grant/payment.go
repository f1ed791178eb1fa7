package grant

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// Pay orders a payment, or confirms one.
type Pay struct {
	// Instalment counts from 1.
	Instalment int `json:"instalment"`
}

// Order is the private half of PaymentOrdered.
type Order struct {
	By string `json:"by"`
}

// Confirmed is the private half of InstalmentPaid.
type Confirmed struct {
	By string `json:"by"`
	// Due is the first instant at which the report on it is late.
	Due time.Time `json:"due"`
}

// GiveBack records money that the grantee returned.
type GiveBack struct {
	Cents int64 `json:"cents"`
}

// Booked is the private half of MoneyReturned.
type Booked struct {
	By string `json:"by"`
}

// OrderPayment is the first of two persons. Errors: ErrNotManager, ErrNotInForce, ErrReportFirst,
// ErrInstalment, ErrOrdered.
func (g Grant) OrderPayment(by fact.By, cmd Pay) ([]fact.Event, error) {
	if err := g.mayOrder(by); err != nil {
		return nil, err
	}
	if cmd.Instalment != g.Paid+1 {
		return nil, ErrInstalment.At("/instalment", "the next one")
	}
	return fact.With(trustfundv1.PaymentOrdered{GrantReportStep: g.reportStep(cmd.Instalment)}, Order{by.Principal}), nil
}

// ConfirmPayment is the second of two persons: the ledger is told. Errors: ErrNotManager,
// ErrNotInForce, ErrReportFirst, ErrNotOrdered, ErrTwoPersons, ErrInstalment.
func (g Grant) ConfirmPayment(by fact.By, cmd Pay) ([]fact.Event, error) {
	if err := g.mayConfirm(by); err != nil {
		return nil, err
	}
	if cmd.Instalment != g.Paid+1 {
		return nil, ErrInstalment.At("/instalment", "the next one")
	}
	due := g.Reports[g.Paid].Due
	if soonest := vienna.After(by.At, 0, 0, graceDays); due.Before(soonest) {
		// Money that came late makes no report late.
		due, _ = vienna.Day(vienna.Of(soonest))
		due = vienna.After(due, 0, 0, 1)
	}
	return fact.With(
		trustfundv1.InstalmentPaid{Money: g.money(g.Instalments[g.Paid].Cents), Instalment: cmd.Instalment},
		Confirmed{By: by.Principal, Due: due},
	), nil
}

func (g Grant) mayPay(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if err := g.inForce(); err != nil {
		return err
	}
	switch {
	case g.Paid == len(g.Instalments):
		return ErrInstalment
	case !g.reported():
		return ErrReportFirst
	}
	return nil
}

func (g Grant) mayOrder(by fact.By) error {
	if err := g.mayPay(by); err != nil {
		return err
	}
	if g.Ordered != "" {
		return ErrOrdered
	}
	return nil
}

func (g Grant) mayConfirm(by fact.By) error {
	if err := g.mayPay(by); err != nil {
		return err
	}
	switch g.Ordered {
	case "":
		return ErrNotOrdered
	case by.Principal:
		return ErrTwoPersons
	}
	return nil
}

// RecordReturn says that money came back. It may come at any time, also when nobody asked for it.
// Errors: ErrNotManager, ErrReturn.
func (g Grant) RecordReturn(by fact.By, cmd GiveBack) ([]fact.Event, error) {
	if err := g.mayReturn(by); err != nil {
		return nil, err
	}
	if cmd.Cents <= 0 || cmd.Cents > g.PaidCents()-g.ReturnedCents {
		return nil, ErrReturn.At("/cents", "above zero, and no more than was paid")
	}
	return fact.With(trustfundv1.MoneyReturned{Money: g.money(cmd.Cents)}, Booked{by.Principal}), nil
}

func (g Grant) mayReturn(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if g.PaidCents() == g.ReturnedCents {
		return ErrReturn
	}
	return nil
}

// settled refuses to close what is not accounted for. Errors: ErrUnsettled.
func (g Grant) settled() error {
	whole := g.Status == code.GrantEnded || g.Paid == len(g.Instalments)
	if !whole || !g.reported() || g.AuditOpen || g.OwedCents() > 0 {
		return ErrUnsettled
	}
	return nil
}
