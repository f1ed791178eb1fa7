package guarantees_test

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// deskFund is a small fund whose people work at the desk.
type deskFund struct {
	*world
	clock             *shiftedClock
	call, application string
}

func (f *deskFund) person(subject, agency string, roles ...string) identity.Principal {
	return identity.Principal{Subject: subject, Agency: agency, Roles: roles}
}

// at is the desk of a person of the fund.
func (f *deskFund) at(subject string) *browser {
	f.t.Helper()
	return f.browser(f.people()[subject])
}

func (f *deskFund) people() map[string]identity.Principal {
	people := map[string]identity.Principal{
		"mara": f.person("mara", journey.Fund, "fund_manager"), "milo": f.person("milo", journey.Fund, "fund_manager"),
		"lina": f.person("lina", "casa-lirio", "fund_applicant"),
		"ines": f.person("ines", "university", "fund_assessor"), "igor": f.person("igor", "institute", "fund_assessor"),
	}
	for seat := 1; seat <= 5; seat++ {
		name := fmt.Sprint("trustee-", seat)
		people[name] = f.person(name, "board", "trustee")
	}
	return people
}

// does sends a command of somebody's by the API.
func (f *deskFund) does(subject, path string, body m, out any) {
	f.t.Helper()
	if err := f.deskOf(f.people()[subject]).Post(f.t.Context(), path, body, out); err != nil {
		f.t.Fatal(err)
	}
}

// does fills the form of a command on the page where the browser is, and sends it.
func (b *browser) does(operation string, fill values) {
	b.t.Helper()
	b.command(operation)
	b.submitMain(fill)
	if b.status >= http.StatusBadRequest || strings.HasPrefix(b.path(), "/desk/do/") {
		b.t.Fatalf("%s is not done:\n%s", operation, b.outline())
	}
}

// The work of a fund is done at the desk, by each of its people on their own pages: a call is written and
// published, an application is written and submitted, two score it, five vote, and a report comes in.
func TestTheFundAtTheDesk(t *testing.T) {
	f := &deskFund{clock: &shiftedClock{}}
	f.world = begin(t, func(w *world) { w.config.Clock = f.clock.now })
	today := f.clock.now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)

	manager := f.at("mara")
	manager.open("/desk/ledger")
	manager.does("pledgeDonation", values{"/kind": "state", "/name": "Austria", "/country": "AT", "/pledged_cents": "25000.50", "/on": today})
	manager.does("recordDonationPayment", values{"/donation": "Austria", "/cents": "25000.50", "/on": today})
	manager.must("25,000.50")
	manager.outlined("ledger")
	manager.open("/desk/trustees")
	for seat := 1; seat <= 5; seat++ {
		manager.does("appointTrustee", values{"/seat": fmt.Sprint(seat), "/subject": fmt.Sprint("trustee-", seat), "/from": today})
	}
	manager.outlined("trustees")
	f.opens(manager)
	f.applies()
	manager.open("/desk/received")
	manager.mustNot("Casa Lirio")

	f.idle()
	f.clock.ahead(30 * time.Minute) // who signed in is not signed out by it
	f.restart(nil)
	f.judges()
	f.scores()
	f.votes()
	f.reports()
}

// opens writes a call and publishes it.
func (f *deskFund) opens(b *browser) {
	f.t.Helper()
	b.open("/desk/calls")
	b.does("draftCall", values{
		"/number": "short-1", "/languages": "en", "/title/0/language": "en", "/title/0/text": "First help", "/sub_programme": "short_term", "/least_cents": "1000", "/most_cents": "20000",
		"/least_months": "3", "/most_months": "9", "/questions/0/id": "need", "/questions/0/text/0/language": "en", "/questions/0/text/0/text": "What is missing?",
		"/questions/0/most_letters": "500", "/criteria/0/id": "need", "/criteria/0/text/0/language": "en", "/criteria/0/text/0/text": "Is it needed?", "/criteria/0/weight": "100",
		"Papers › Proposal": "yes", "/opens": "2020-01-01T09:00", "/closes": inVienna(f.clock.now().Add(20 * time.Minute)), "/registered_by": "2023-12-01", "/direct_since": "2024-11-30", "/differ_points": "15",
	})
	b.follow("First help")
	b.does("publishCall", nil)
	f.call = path.Base(b.at.Path)
}

// applies writes an application and submits it.
func (f *deskFund) applies() {
	f.t.Helper()
	b := f.at("lina")
	b.follow("Calls")
	b.outlined("calls")
	b.follow("First help")
	b.outlined("call")
	b.submit("Apply", nil)
	f.application = path.Base(b.at.Path)
	sent, err := f.deskOf(f.people()["lina"]).Do(f.t.Context(), http.MethodPost, "/v1/applications/"+f.application+"/files", []byte("%PDF-1.7 what we want to do"),
		http.Header{"Content-Type": {"application/pdf"}, "Idempotency-Key": {uuid.NewString()}})
	if err != nil || sent.Status >= http.StatusBadRequest {
		f.t.Fatalf("%d %v", sent.Status, err)
	}
	b.open("/desk/applications/" + f.application)
	b.does("nameApplicationPaper", values{"/paper": "proposal"})
	b.command("saveApplication")
	b.submit("Add one more", values{
		"/organisation/name": "Casa Lirio", "/organisation/registered_on": "2019-04-02", "/organisation/direct_since": "2020-01-01", "/country": "GT", "/language": "en",
		"/months": "6", "/requested_cents": "9000", "/answers/0/text": "Clothes",
	})
	b.submitMain(values{
		"/budget/0/category": "staff", "/budget/0/description": "One person", "/budget/0/unit_cents": "1500", "/budget/0/quantity": "1", "/budget/0/months": "6",
	})
	b.does("submitApplication", nil)
	b.outlined("application")
	b.follow("Receipt")
	b.outlined("application-receipt")
	b.open("/desk/applications")
	b.must("Casa Lirio", "9,000")
	b.outlined("applications")
}

// judges finds it eligible: one person judges, another one countersigns.
func (f *deskFund) judges() {
	f.t.Helper()
	b := f.at("mara")
	b.open("/desk/received")
	b.outlined("received")
	b.follow("Casa Lirio")
	b.outlined("application-received")
	f.does("mara", "/v1/applications/"+f.application+"/eligibility", judges(), nil)
	b = f.at("milo")
	b.open("/desk/applications/" + f.application)
	b.does("countersignEligibility", values{"/agrees": "yes"})
	due := f.clock.now().UTC().Add(time.Minute).Format(time.RFC3339)
	for _, who := range []string{"ines", "igor"} {
		f.does("mara", "/v1/applications/"+f.application+"/assessors", m{"assessor": who, "due": due}, nil)
	}
	f.idle()
	f.clock.ahead(2 * time.Minute)
	f.restart(nil)
	b = f.at("mara")
	b.until("two are late", func() bool { b.open("/desk/late-assessments"); return b.shows("Casa Lirio") })
	b.outlined("late-assessments")
}

// scores has two score it: each says first that they have no conflict of interest, and sees nothing of the other.
func (f *deskFund) scores() {
	f.t.Helper()
	for who, other := range map[string]string{"ines": "igor", "igor": "ines"} {
		b := f.at(who)
		b.follow("1 To assess")
		if who == "ines" {
			b.outlined("assignments")
		}
		b.follow("Casa Lirio")
		b.mustNot("Clothes")
		b.does("declareInterest", values{"/interest": "no_conflict"})
		b.must("Clothes")
		b.does("scoreApplication", values{"/scores/0/criterion": "need", "/scores/0/points": "90", "/scores/0/reason": "A reason of " + who})
		b.must("A reason of " + who)
		b.mustNot("A reason of " + other)
	}
}

// votes selects and awards it.
func (f *deskFund) votes() {
	f.t.Helper()
	b := f.at("mara")
	b.open("/desk/ranking?call=" + f.call)
	b.must("Casa Lirio", "90")
	b.outlined("ranking")
	f.does("mara", "/v1/applications/"+f.application+"/select", m{"amount_cents": 900000, "reason": "by its rank", "vote_by": f.clock.now().UTC().AddDate(0, 0, 7).Format(time.RFC3339)}, nil)
	for seat := 1; seat <= 5; seat++ {
		b := f.at(fmt.Sprint("trustee-", seat))
		b.open("/desk/votes")
		if seat == 1 {
			b.outlined("votes")
		}
		b.follow("Casa Lirio")
		b.does("voteOnApplication", values{"/vote": "for", "/reason": "As I see it"})
	}
	b.open("/desk/applications/" + f.application)
	b.does("awardApplication", nil)
}

// reports signs the agreement, pays and reports.
func (f *deskFund) reports() {
	f.t.Helper()
	at := func(months int) string { return f.clock.now().UTC().AddDate(0, months, 0).Format(time.DateOnly) }
	var grant struct{ ID string }
	f.does("mara", "/v1/grants", m{
		"application": f.application, "agency": "casa-lirio", "name": "Casa Lirio", "hidden_place": false, "services": []string{"nfi_clothes_shoes_service"}, "cents": 900000, "months": 6, "from": at(0),
		"instalments": []m{{"cents": 600000, "report_due": at(3)}, {"cents": 300000, "report_due": at(8)}}, "budget": []m{{"line": "staff", "cents": 900000}},
	}, &grant)
	page := "/desk/grants/" + grant.ID
	for _, who := range []string{"lina", "milo"} {
		b := f.at(who)
		b.open(page)
		b.does(map[string]string{"lina": "signForGrantee", "milo": "signForFund"}[who], nil)
	}
	b := f.at("mara")
	b.open(page)
	b.does("orderPayment", nil)
	b = f.at("milo")
	b.open(page)
	b.does("confirmPayment", nil)
	b = f.at("lina")
	b.open(page)
	b.does("submitReport", values{
		"/instalment": "1", "/narrative/0/text": "We gave clothes.", "/narrative/1/text": "Women could go out.", "/narrative/2/text": "The rain.", "/narrative/3/text": "Shoes.",
		"/spent_cents": "5000", "/spending/0/line": "staff", "/spending/0/cents": "5000",
	})
	b.outlined("grant")
	b = f.at("mara")
	b.open("/desk/grants")
	b.must("Casa Lirio")
	b.outlined("grants")
}
