package guarantees_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// at is a person of the front desk.
func at(subject string, roles ...string) identity.Principal {
	return identity.Principal{Subject: subject, Agency: journey.FrontDesk, Roles: roles}
}

// opens gives a new case what is required, and more, and gives its address.
func (b *browser) opens(more values) string {
	b.t.Helper()
	fill := values{"How she came": "Hotline", "Country": "Guatemala", "Programme": "guatemala"}
	maps.Copy(fill, more)
	b.open("/desk/cases/open")
	b.submit("Open the case", fill)
	if b.status != http.StatusOK || !strings.HasPrefix(b.heading(), "Case ") {
		b.t.Fatalf("the case is not open (%d):\n%s", b.status, b.outline())
	}
	path, _, _ := strings.Cut(b.path(), "?")
	return path
}

// A form never makes a survivor wait: three answers open a case, and they are there the
// second time. The page then says that nobody contacts her first.
func TestACaseIsOpenedWithTheLeast(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	ana.outlined("home-caseworker")
	ana.follow("Open a case")
	ana.outlined("case-open")
	path := ana.opens(nil)
	ana.must("No safe way is on record.", "You have it")
	ana.outlined("case-least")

	ana.open("/desk/cases/open")
	ana.submit("Open the case", nil)
	if ana.heading() == "Open a case" || strings.HasPrefix(ana.path(), path) {
		t.Errorf("what holds for the next case is asked again:\n%s", ana.outline())
	}
	other := w.browser(at("ana", "caseworker"))
	other.open("/desk/cases/open")
	asked := 0
	for n := range elements(other.doc, "select") {
		if attribute(n, "name") != "/programme" {
			continue
		}
		asked++
		for o := range elements(n, "option") {
			if attribute(o, "selected") != none && strings.Trim(attribute(o, "value"), none) != "" {
				t.Error("what somebody chose outlives their session")
			}
		}
	}
	if asked != 1 {
		t.Errorf("the programme is asked %d times", asked)
	}
}

// A form that is sent twice opens one case.
func TestACaseIsOpenedOnce(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	ana.open("/desk/cases/open")
	at, form := ana.at, ana.doc
	var led []string
	for range 2 {
		ana.at, ana.doc = at, form
		ana.submit("Open the case", values{"How she came": "Hotline", "Country": "Guatemala", "Programme": "guatemala"})
		led = append(led, ana.path())
	}
	if led[0] != led[1] {
		t.Errorf("one form opened two cases")
	}
	ana.open("/desk/cases?status=open&mine=true")
	n := 0
	for a := range elements(ana.doc, "a") {
		if strings.HasPrefix(attribute(a, "href"), "/desk/cases/case_") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d cases are open", n)
	}
}

// What was refused stands at its field, and nothing that was written is lost.
func TestARefusedOpeningLosesNothing(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	ana.open("/desk/cases/open")
	ana.submit("Open the case", values{
		"How she came": "Hotline", "Country": "Guatemala", "Programme": "guatemala", "Telephone": "5555 0100", "E-mail": "nowhere", "How to reach her safely": canaryWords,
	})
	if ana.status != http.StatusUnprocessableEntity {
		t.Fatalf("%d:\n%s", ana.status, ana.outline())
	}
	ana.must(canaryWords)
	ana.outlined("case-open-refused")
	ana.submit("Open the case", values{"E-mail": ""})
	ana.must(canaryWords, "5555 0100")
}

const canaryWords = "Ask for the bakery."

// Who has the case sees what is in it. Everybody else of the desk sees that it is there, and
// can still close her contact.
func TestACaseIsShownAsFarAsTheAPIShowsIt(t *testing.T) {
	w := begin(t)
	ana, eva, head := w.browser(at("ana", "caseworker")), w.browser(at("eva", "caseworker")), w.browser(at("head", "supervisor"))
	private := values{"Telephone": "5555 0100", "How to reach her safely": canaryWords, "What she wants to be called": "Somebody Canary", "What she said, in her words": "A canary account."}
	path := ana.opens(private)
	ana.must("5555 0100", canaryWords, "Somebody Canary", "A canary account.")
	ana.outlined("case")

	for _, other := range []*browser{eva, head} {
		other.open(path)
		other.must("A colleague has it.", "Who has it sees what is in it.")
		other.mustNot("5555 0100", canaryWords, "Somebody Canary", "A canary account.")
	}
	head.outlined("case-frame")
	head.follow("Who looked")
	head.must("ana")
	head.open(path + "/timeline")
	if head.status != http.StatusForbidden {
		t.Errorf("a supervisor reads the history: %d", head.status)
	}
	head.open(path + "/amend/name")
	if head.status != http.StatusNotFound {
		t.Errorf("who sees a frame is given a form to amend it: %d", head.status)
	}

	eva.open(path)
	eva.follow("Close her contact")
	eva.submitMain(nil)
	eva.must("Do not contact her.")
	eva.mustNot("5555 0100")
	head.open("/desk/")
	head.follow("Do not contact her now")
	head.must(strings.TrimPrefix(ana.heading(), "Case "))
	for _, b := range []*browser{ana, eva, head} {
		for _, page := range b.trail {
			for _, said := range private {
				if strings.Contains(page.address, strings.Fields(said)[0]) {
					t.Errorf("an address says what she said: %s", page)
				}
			}
		}
	}
}

// A part is written anew with what stands there filled in. What is emptied is removed, and
// what was written before is kept.
func TestAPartIsWrittenAnew(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	path := ana.opens(values{"Telephone": "5555 0100", "How to reach her safely": canaryWords, "What she wants to be called": "Somebody"})

	ana.open(path + "/amend/contact")
	ana.outlined("case-amend")
	ana.submit("Write it", values{"How to reach her › Telephone": "5555 0199", "Reason": "It was right and has changed"})
	ana.must("5555 0199", canaryWords, "What was written before", "5555 0100")

	ana.open(path + "/amend/name")
	ana.submit("Write it", values{"What she wants to be called": "", "Reason": "It was never right"})
	ana.must("Nothing is written here.")
	ana.open(path + "/amend/name")
	ana.submit("Write it", values{"What she wants to be called": "Somebody else", "Reason": "It was not known before"})
	ana.open(path + "/amend/name")
	ana.submit("Leave this part empty", values{"Reason": "It was never right"})
	ana.open(path + "/amend/name")
	ana.mustNot("Somebody")
}

// Search is a weapon: it says why first, finds what one has alone, and repeats nothing.
func TestASearchSaysWhyAndRepeatsNothing(t *testing.T) {
	w := begin(t)
	ana, eva, head := w.browser(at("ana", "caseworker")), w.browser(at("eva", "caseworker")), w.browser(at("head", "supervisor"))
	path := ana.opens(values{"What she wants to be called": "Somebody Canary"})
	search := func(b *browser) {
		b.open("/desk/search")
		b.submit("Search", values{"Reason": "She is here", "Her name": "somebody canary"})
		for _, kept := range []string{"somebody canary", "Somebody Canary"} {
			if strings.Contains(string(b.body), kept) {
				t.Errorf("the answer repeats what was searched for:\n%s", b.outline())
			}
		}
	}
	ana.open("/desk/search")
	ana.outlined("search")
	search(ana)
	ana.must("1 case was found")
	ana.outlined("search-found")
	search(eva)
	eva.must("0 cases were found", "This does not mean that there is none.")

	ana.open(path)
	ana.follow("Keep the case out of searches")
	ana.submitMain(nil)
	search(ana)
	ana.must("0 cases were found")

	head.open("/desk/searches")
	head.must("ana", "eva")
	head.mustNot("anary")
	head.outlined("searches")
	eva.open("/desk/searches")
	if eva.status != http.StatusForbidden {
		t.Errorf("a caseworker reads who searched: %d", eva.status)
	}
}

// A colleague is chosen from the register; what was handed over is read no more.
func TestACaseIsHandedToAColleague(t *testing.T) {
	w := begin(t)
	head := w.deskOf(at("head", "supervisor"))
	for _, subject := range []string{"ana", "eva"} {
		if err := head.Post(t.Context(), "/v1/workers", m{"agency": journey.FrontDesk, "subject": subject}, nil); err != nil {
			t.Fatal(err)
		}
	}
	ana, eva := w.browser(at("ana", "caseworker")), w.browser(at("eva", "caseworker"))
	path := ana.opens(values{"How to reach her safely": canaryWords})
	hand := func() bool {
		ana.open(path)
		ana.follow("Give the case to a colleague")
		ana.submit("Give the case to a colleague", values{"Colleague": "eva"})
		return ana.status == http.StatusOK
	}
	ana.open(path)
	ana.follow("Give the case to a colleague")
	ana.outlined("case-hand-over")
	ana.until("the room knows the register", hand)
	ana.must("A colleague has it.")
	ana.mustNot(canaryWords)
	eva.open(path)
	eva.must("You have it", canaryWords)
}

// A hint of a second case stands with who has the older one. The newer one comes to point to
// it, and can stand alone again.
func TestASecondCaseOfOnePerson(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	older := ana.opens(values{"What she wants to be called": "Somebody Canary"})
	newer := ana.opens(values{"What she wants to be called": "somebody  canary"})
	ana.until("the hint", func() bool { ana.open(older); return ana.shows("It is one person") })
	ana.open("/desk/")
	ana.follow("1 ")
	ana.open(older)
	ana.outlined("case-hint")
	ana.follow("It is one person")
	ana.submitMain(nil)
	ana.must("Cases that point to this one", "I looked at it")
	ana.follow("I looked at it")
	ana.submitMain(nil)
	ana.mustNot("I looked at it")
	ana.open(newer)
	ana.must("This case points to an older one")
	ana.follow("Let the case stand alone again")
	ana.submitMain(nil)
	ana.open(newer)
	ana.mustNot("This case points to an older one")
}

// What happened, who looked and who was shown what, in words.
func TestTheRecordsOfACase(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	owner := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	owner.open("/desk/cases/" + p.id)
	owner.outlined("case-asked")
	owner.follow("What was done in this case")
	owner.must("The case was opened (hotline).", p.lawyer.Agency)
	owner.outlined("case-timeline")
	owner.open("/desk/cases/" + p.id + "/disclosures")
	owner.must("There is nothing on this list.")
	owner.open("/desk/cases?status=open&mine=true")
	owner.outlined("cases")
}
