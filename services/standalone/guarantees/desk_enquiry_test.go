package guarantees_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

var cardCode = regexp.MustCompile(`\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b`)

// She writes with a card; a neighbour tells something. One person of the desk takes each, and
// it ends on their page. The page behind the code names nobody, and is the same for every code.
func TestWhatIsToldBeforeThereIsACase(t *testing.T) {
	w := begin(t)
	ana := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	ana.open("/desk/cards")
	ana.outlined("cards")
	ana.submit("Make cards", values{"How many": "2", "Days": "30"})
	codes := cardCode.FindAllString(string(ana.body), -1)
	if len(codes) != 2 {
		t.Fatalf("two cards were asked for:\n%s", ana.outline())
	}
	ana.open("/desk/cards")
	ana.mustNot(codes...)

	her := w.stranger()
	tells := func(code string) string {
		t.Helper()
		her.open("/desk/tell")
		her.submit("Send", values{"The code on your card": code, "A safe way to reach you": "Call", "The number, or the place": "5555 0100", "When it is safe": "mornings"})
		if her.status != http.StatusOK {
			t.Fatalf("%d:\n%s", her.status, her.outline())
		}
		her.mustNot("5555", "mornings", code)
		return her.outline()
	}
	her.open("/desk/tell")
	her.outlined("tell")
	right := tells(codes[0])
	her.outlined("tell-sent")
	if wrong := tells(strings.Repeat("Z", 4) + codes[0][4:]); wrong != right {
		t.Errorf("a wrong code is answered in another way:\n%s\n%s", wrong, right)
	}

	ana.open("/desk/enquiries/new")
	ana.outlined("enquiry-report")
	ana.submitMain(values{"What was seen or heard": "cries at night", "Where": "the blue house"})
	ana.open("/desk/enquiries")
	ana.must("She wrote by herself", "Another person told it")
	ana.outlined("enquiries")
	ana.follow("She wrote by herself")
	ana.mustNot("5555")
	ana.outlined("enquiry-waits")
	ana.command("takeEnquiry")
	ana.submitMain(nil)
	ana.must("5555 0100", "mornings")
	ana.outlined("enquiry-mine")
	ana.command("settleEnquiry")
	ana.submitMain(values{"What came of it": "She was reached safely and knows where to come"})
	ana.must("She was reached safely and knows where to come")

	// A team goes where somebody may die now. The screen does not say where.
	ana.open("/desk/enquiries")
	ana.follow("Another person told it")
	ana.command("takeEnquiry")
	ana.submitMain(nil)
	told := ana.at.Path
	ana.command("askEnquiryResponse")
	if bytes.Contains(ana.body, []byte("her_yes")) {
		t.Error("the page offers her yes before there is a case")
	}
	ana.outlined("enquiry-response")
	ana.submitMain(values{
		"Programme": journey.Programme, "Why a team may go": "Immediate danger to life, and a law permits it", "The immediate danger to life": "She is attacked now", "The law that permits it": "Law on the police",
		"What was seen and heard, and by whom": "the neighbour hears her cry", "Area": "GT-01", "Urgency": "Emergency", "Place": wherePlace,
	})
	ana.must("A response team is asked.", "Response teams")
	ana.mustNot(wherePlace)
	ana.outlined("enquiry-team")

	head := w.browser(network.Seat(journey.FrontDesk, "supervisor"))
	head.open(told)
	head.must("Response team")
	head.mustNot(wherePlace, "cries at night")
	head.outlined("enquiry-team-frame")
	head.open("/desk/enquiries?view=settled")
	head.follow("She wrote by herself")
	head.mustNot("5555", "mornings")
}

// What she consented to is on a sheet that names nobody. It is offered, and it is written down
// what became of it.
func TestAReceiptIsOffered(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	ana := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	ana.open("/desk/cases/" + p.id + "/consent")
	ana.follow("Offer her a receipt")
	ana.mustNot("Canary", canary)
	ana.outlined("receipt")
	ana.submitMain(values{"What she says": "It is kept for her"})
	ana.must("It was written down.")
}
