package guarantees_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// goes asks another office to take a case over, on her consent, and gives the case and the
// office.
func (w *world) goes() (caseID, office string) {
	w.t.Helper()
	office = "north-office"
	if err := w.desk(journey.Coordination, "coordinator").Post(w.t.Context(), "/v1/agencies", m{"agency": office, "country": "GT", "services": []string{"other_service"}}, nil); err != nil {
		w.t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	var c struct {
		ID string `json:"id"`
	}
	if err := front.Post(w.t.Context(), "/v1/cases", m{
		"channel": "hotline", "country": "GT", "programme": "guatemala", "name": "Canary Somebody", "contact": m{"safe_note": canaryWords},
	}, &c); err != nil {
		w.t.Fatal(err)
	}
	if err := front.Post(w.t.Context(), "/v1/cases/"+c.ID+"/consents", m{
		"recipient": office, "service": "other_service", "purpose": "case_transfer", "categories": []string{"identity", "contact"},
		"expires": time.Now().UTC().AddDate(0, 3, 0).Format(time.RFC3339), "method": "written", "given_by": "survivor",
	}, nil); err != nil {
		w.t.Fatal(err)
	}
	return c.ID, office
}

// A case goes to another office by hand of two people: who asks sees how it stands, who is
// asked sees a frame and says yes, or no with a reason.
func TestACaseGoesToAnotherOfficeByItsPages(t *testing.T) {
	w := begin(t)
	caseID, office := w.goes()
	ana := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	north, head := w.browser(network.Seat(office, "caseworker")), w.browser(network.Seat(office, "supervisor"))
	ask := func() {
		t.Helper()
		ana.open("/desk/cases/" + caseID)
		ana.command("askTransfer")
		ana.submitMain(values{"Office that is asked": office, "Reason": "She moves to another place"})
		ana.must("Another office", office, "The answer is awaited")
	}
	ask()
	ana.outlined("case-transfer")
	ana.open("/desk/transfers?side=given")
	ana.must(office, "The answer is awaited", "She moves to another place")
	ana.outlined("transfers-given")
	ana.follow("Find the case")
	ana.must("Another office is asked to take it over")

	asked := func(b *browser) {
		t.Helper()
		b.until("the office is asked", func() bool { b.open("/desk/"); return b.shows("Asked of us: take a case over") })
		b.follow("Asked of us: take a case over")
		b.must(journey.FrontDesk, "You see nothing of her until you take it over.")
		b.mustNot("Canary", canaryWords)
	}
	asked(north)
	north.outlined("transfers")
	asked(head)
	if head.offers("acceptTransfer") || !head.offers("declineTransfer") {
		t.Errorf("a supervisor is offered %q", head.commands())
	}
	head.command("declineTransfer")
	head.outlined("transfer-decline")
	head.submitMain(values{"Reason": "No place is free"})
	head.must("Your office does not take the case over.", "There is nothing on this list.")

	// Who asked is told on home, and takes note of it.
	ana.open("/desk/")
	ana.follow("The other office did not take it over")
	ana.open("/desk/cases/" + caseID)
	ana.must("Not taken over (No place is free)")
	ana.follow("I have seen the answer")
	ana.submitMain(nil)
	ana.mustNot("Not taken over")

	// Asked again, and the question is taken back: the other office is not asked any more.
	ask()
	ana.follow("Ask the other office no longer")
	ana.submitMain(nil)
	ana.open("/desk/transfers?side=given")
	ana.must("The question was taken back")
	north.open("/desk/transfers")
	north.must("There is nothing on this list.")

	// And a third time. Who takes the case over has it then, sent twice or not.
	ask()
	asked(north)
	north.command("acceptTransfer")
	at, form := north.at, north.doc
	for range 2 {
		north.at, north.doc = at, form
		north.submitMain(nil)
		north.must("Your office has taken the case over.", "Taken over")
	}
	north.outlined("transfers-taken")
	north.open("/desk/cases/" + caseID)
	north.must("You have it", canaryWords)
	ana.open("/desk/cases/" + caseID)
	if ana.status != http.StatusNotFound {
		t.Errorf("the office that had the case sees it: %d", ana.status)
	}
	ana.open("/desk/transfers?side=given")
	ana.must("Taken over")
	ana.mustNot("Find the case", "Canary", canaryWords)
}
