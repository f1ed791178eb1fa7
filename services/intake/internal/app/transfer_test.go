package app_test

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const north = "north-office"

func (d *desk) registers(agency string, suspended bool) {
	d.Helper()
	d.n++
	ctx := record.With(d.Context(), record.Command{Op: "hear", Cause: fmt.Sprint(agency, d.n)})
	if _, err := d.Agencies.Execute(ctx, agency, func(a agencies.Agency, by fact.By) ([]fact.Event, error) {
		if suspended {
			return a.OnSuspended(by, referralv1.AgencySuspended{Agency: agency, Turn: d.n})
		}
		return a.OnRegistered(by, referralv1.AgencyRegistered{Agency: agency, Turn: d.n})
	}); err != nil {
		d.Fatal(err)
	}
}

// noor works at the other office.
func (d *desk) noor() fact.By {
	return fact.By{Principal: "noor", Agency: north, Roles: []string{"caseworker"}, At: d.now}
}

// offers asks the other office to take ana's case over.
func (d *desk) offers(id string) string {
	d.Helper()
	ana := d.person("ana")
	d.registers(north, false)
	if err := d.does(ana, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.GiveConsent(by, domain.GiveConsent{
			Recipient: north, Service: code.OtherService, Purpose: code.CaseTransfer, Categories: code.Categories,
			Expires: d.now.AddDate(0, 1, 0), Evidence: domain.Evidence{Method: code.Oral, GivenBy: code.BySurvivor},
		}, d.Rules)
	}); err != nil {
		d.Fatal(err)
	}
	cmd := domain.AskTransfer{To: north, Reason: code.SheMoves}
	k := d.Asking(d.as(ana), id, ana, cmd)
	if err := d.does(ana, id, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.AskTransfer(by, cmd, k) }); err != nil {
		d.Fatal(err)
	}
	return d.state(id).Transfers[0].ID
}

func (d *desk) lists(by fact.By, side string) []domain.TransferView {
	d.Helper()
	page, _, err := d.ListTransfers(d.as(by), by, url.Values{"side": {side}}, "", 10)
	if err != nil {
		d.Fatal(err)
	}
	return page.Items
}

// The case is found, read and searched at the office that took it over, and nowhere else.
// The looks of the office that had it stay recorded.
func TestATransferMovesAllThatIsRead(t *testing.T) {
	d := opened(t)
	id := d.opens("ana", "Ana")
	ana, noor := d.person("ana"), d.noor()
	if !d.sees(ana, id) {
		t.Fatal("her worker does not see the case")
	}
	transfer := d.offers(id)
	if items := d.lists(noor, "received"); len(items) != 1 || items[0].WaitsFor != north {
		t.Fatalf("%+v", items)
	}
	if _, err := d.Read(d.as(noor), id, noor); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("read before it is taken over: %v", err)
	}
	for range 2 {
		if v, err := d.AcceptTransfer(d.as(noor), noor, transfer); err != nil || v.Status != code.TransferAccepted {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	if !d.sees(noor, id) {
		t.Error("who took the case over does not see it")
	}
	for what, err := range map[string]error{
		"content": third(d.Read(d.as(ana), id, ana)), "history": d.Past(d.as(ana), id, ana),
		"plan": third(d.Sequence(d.as(ana), ana, id, nil)), "looks": third(d.Looked(d.as(ana), ana, id, nil)),
		"a change": d.does(ana, id, func(domain.Case, fact.By) ([]fact.Event, error) { return nil, nil }),
	} {
		if !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	name := domain.Search{Name: "Ana", Reason: code.SheIsHere}
	reference := domain.Search{Reference: d.state(id).Reference(), Reason: code.SheIsHere}
	for _, cmd := range []domain.Search{name, reference} {
		for _, c := range []struct {
			by   fact.By
			want int
		}{{ana, 0}, {noor, 1}} {
			if found, err := d.Search(d.as(c.by), c.by, cmd); err != nil || len(found.Items) != c.want {
				t.Errorf("%s finds %+v, %v", c.by.Principal, found, err)
			}
		}
	}
	looks, err := d.Looked(d.as(noor), noor, id, nil)
	var who []string
	for _, l := range looks.Items {
		who = append(who, l.By)
	}
	if diff := cmp.Diff([]string{"ana", "noor"}, who); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if items := d.lists(ana, "given"); len(items) != 1 || items[0].Status != code.TransferAccepted || items[0].Reason != "" || items[0].EndedAt.IsZero() {
		t.Errorf("%+v", items)
	}
}

func third[A any](_ A, err error) error { return err }

// To any other office, and when nobody waits for the answer any more, there is no transfer.
func TestNobodyElseAnswersATransfer(t *testing.T) {
	d := opened(t)
	id := d.opens("ana", "Ana")
	transfer := d.offers(id)
	noor := d.noor()
	south := noor
	south.Agency = "south-office"
	not := func(by fact.By, name string) {
		t.Helper()
		_, accepts := d.AcceptTransfer(d.as(by), by, name)
		_, declines := d.DeclineTransfer(d.as(by), by, name, domain.DeclineTransfer{Reason: code.OfficeFull})
		if !errors.Is(accepts, record.ErrNotFound) || !errors.Is(declines, record.ErrNotFound) {
			t.Errorf("%s of %s: %v, %v", name, by.Agency, accepts, declines)
		}
	}
	not(south, transfer)
	not(d.person("ana"), transfer)
	not(noor, fact.ID("transfer", "none"))
	d.registers(north, true)
	if _, err := d.AcceptTransfer(d.as(noor), noor, transfer); fault.Of(err).Code != "agency_suspended" {
		t.Errorf("%v", err)
	}
	d.registers(north, false)
	if err := d.does(d.person("bob"), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.WithdrawConsent(by, domain.WithdrawConsent{Recipient: north, Service: code.OtherService})
	}); err != nil {
		t.Fatal(err)
	}
	not(noor, transfer)
}

// Who leaves while they take a case over leaves it to a supervisor, in either order: the
// register may say so between the look and the commit.
func TestWhoTakesACaseOverAndLeaves(t *testing.T) {
	for _, first := range []string{"left", "taken over"} {
		d := opened(t)
		id := d.opens("ana", "Ana")
		transfer := d.offers(id)
		noor := d.noor()
		k := domain.Taking{Agency: d.Asking(d.as(noor), id, noor, domain.AskTransfer{To: north}).Agencies}
		takes := func() {
			if _, err := d.Cases.Execute(d.as(noor), id, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.AcceptTransfer(by, transfer, k) }); err != nil {
				t.Fatal(err)
			}
		}
		leaves := func() {
			ctx := record.With(t.Context(), record.Command{Op: "hear", Cause: "noor left"})
			if err := d.OnWorkerChanged(ctx, referralv1.WorkerChanged{Worker: staff.Worker{ID: worker.ID(north, "noor"), Agency: north, Turn: 1, Left: true}}); err != nil {
				t.Fatal(err)
			}
		}
		order := []func(){takes, leaves}
		if first == "left" {
			order = []func(){leaves, takes}
		}
		for _, step := range order {
			step()
		}
		if err := d.OnTransferred(record.With(t.Context(), record.Command{Op: "hear", Cause: id + "/9/0"}), intakev1.CaseTransferred{Case: id}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]code.Attention{code.WithoutOwner}, d.state(id).Waits()); diff != "" {
			t.Errorf("%s first: %s", first, diff)
		}
	}
}
