package guarantees_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// value is what a hidden field of the page holds.
func (b *browser) value(name string) string {
	for n := range elements(b.doc, "input") {
		if attribute(n, "name") == name {
			return strings.TrimPrefix(attribute(n, "value"), none)
		}
	}
	return ""
}

// Two windows write the same part of a case. The second is told what happened and what stands
// there now; what was typed stays, and nothing is overwritten that nobody saw.
func TestTwoWindowsOverwriteNothing(t *testing.T) {
	w := begin(t)
	one, two := w.browser(at("ana", "caseworker")), w.browser(at("ana", "caseworker"))
	path := one.opens(values{"Telephone": "5555 0100"})
	for _, b := range []*browser{one, two} {
		b.open(path + "/amend/contact")
	}
	const phone, reason = "How to reach her › Telephone", "It was right and has changed"
	one.submit("Write it", values{phone: "5555 0111", "Reason": reason})
	one.must("5555 0111")

	stale := two.value("version")
	two.submit("Write it", values{phone: "5555 0122", "Reason": reason})
	if two.status != http.StatusUnprocessableEntity || two.value("version") == stale || two.value("version") == "" {
		t.Errorf("%d, for version %q after %q", two.status, two.value("version"), stale)
	}
	two.must("Somebody has changed this since you opened it.", "What happened last", "What was written was corrected or added to", "ana", "5555 0111", "Look at it as it is now")
	if !strings.Contains(string(two.body), `value="5555 0122"`) {
		t.Errorf("what was typed is lost:\n%s", two.outline())
	}
	two.outlined("case-amend-changed")
	one.open(path)
	one.must("5555 0111")
	one.mustNot("5555 0122")
	two.submit("Write it", nil)
	two.must("5555 0122", "5555 0111") // what was there before is kept
}

// So it is in a room: an entry is written anew for the record that the person saw.
func TestTwoWindowsOverwriteNoEntry(t *testing.T) {
	w := begin(t)
	w.registered()
	r := roomOf("lawyer")
	page, _, _ := w.takes(r)
	one, two := w.worker(r), w.worker(r)
	one.open(page)
	one.command("giveAdvice")
	const advised, reason = "Advice › What was advised", "It was never right"
	one.submitMain(values{"Topic": "Family law", "What was advised": "The first words."})
	for _, b := range []*browser{one, two} {
		b.open(page)
		b.follow("· Family law")
	}
	one.submit("Write it", values{advised: "The second words.", "Reason": reason})
	one.must("The second words.")

	stale := two.value("version")
	two.submit("Write it", values{advised: "The third words.", "Reason": reason})
	if two.status != http.StatusUnprocessableEntity || two.value("version") == stale || two.value("version") == "" {
		t.Errorf("%d, for version %q after %q", two.status, two.value("version"), stale)
	}
	two.must("Somebody has changed this since you opened it.", "What happened last", "The second words.", "The third words.")
	one.open(page)
	one.mustNot("The third words.")
	two.submit("Write it", nil)
	two.must("The third words.", "The second words.")

	two.follow("· Family law")
	two.visit(http.MethodPost, two.path(), map[string][]string{"/advice/given": {"Blind."}, "/reason": {reason}, "key": {two.value("key")}})
	if two.status != http.StatusUnprocessableEntity {
		t.Errorf("a form without a version was sent: %d", two.status)
	}
}

// A command is for the record that the person saw. One that the record does not take any more
// is not offered again, and a form without a version is not sent.
func TestACommandIsForTheRecordThatWasSeen(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	page := "/desk/referrals/" + p.referral
	one, two := w.browser(network.Seat(p.lawyer.Agency, "lawyer")), w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	for _, b := range []*browser{one, two} {
		b.open(page)
	}
	two.command("declineReferral")
	one.command("acceptReferral")
	one.submitMain(nil)
	two.submitMain(values{"Reason": "No place is free"})
	two.must("Somebody has changed this since you opened it.", "The referral was accepted", p.lawyer.Agency, "It cannot be done any more.")
	two.outlined("command-over")
	for n := range elements(two.doc, "button") {
		if attribute(n, "class") == "main" {
			t.Error("it can be sent again")
		}
	}
	two.open(page)
	two.must("Accepted")

	// A form without a version: from a link that names none it is for the record as it is, and
	// one that comes without is shown again.
	for _, b := range []*browser{one, two} {
		b.open("/desk/do/recordContact/" + p.referral)
		if b.value("version") == "" {
			t.Errorf("a form without a version:\n%s", b.outline())
		}
	}
	before := len(past(t, w, p))
	one.visit(http.MethodPost, "/desk/do/recordContact/"+p.referral, map[string][]string{"/result": {"not_reached"}, "key": {one.value("key")}})
	if one.status != http.StatusUnprocessableEntity || len(past(t, w, p)) != before {
		t.Errorf("a form without a version was sent: %d", one.status)
	}
	one.submitMain(nil)
	if got := past(t, w, p); len(got) != before+1 || !slices.ContainsFunc(got, func(e string) bool { return strings.Contains(e, "contact") }) {
		t.Errorf("sent again it had no effect: %v", got)
	}
}

func past(t *testing.T, w *world, p confided) (events []string) {
	t.Helper()
	var h struct {
		Items []struct {
			Event string `json:"event"`
		} `json:"items"`
	}
	if err := w.desk(p.lawyer.Agency, "lawyer").Get(t.Context(), "/v1/referrals/"+p.referral+"/history", &h); err != nil {
		t.Fatal(err)
	}
	for _, one := range h.Items {
		events = append(events, one.Event)
	}
	return events
}

// A packet is offered to who may be shown it: not to who has not accepted, but for the name on
// the other side where that is to be looked at first.
func TestAPacketIsOfferedWhereItMayBeShown(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	caseID := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
	referral := request(t.Context(), t, front, caseID, journey.Counselling, "psychosocial_service")
	w.offered(w.desk(journey.Counselling, "counsellor"), referral)
	people := map[string]*browser{
		"counsellor": w.browser(network.Seat(journey.Counselling, "counsellor")), "supervisor": w.browser(network.Seat(journey.Counselling, "supervisor")),
		"sender": w.browser(network.Seat(journey.FrontDesk, "caseworker")),
	}
	offered := func(who string) bool {
		people[who].open("/desk/referrals/" + referral)
		return people[who].shows("Show what we may know of her") || people[who].shows("Show who is on the other side")
	}
	for who := range people {
		if offered(who) {
			t.Errorf("before the answer: offered to the %s", who)
		}
	}
	people["counsellor"].command("receiveReferral")
	people["counsellor"].submitMain(nil)
	people["counsellor"].must("Opened, not answered yet")
	if people["counsellor"].offers("receiveReferral") {
		t.Error("what was opened can be opened again")
	}
	people["counsellor"].command("acceptReferral")
	people["counsellor"].submitMain(nil)
	for who := range people {
		if offered(who) != (who == "counsellor") {
			t.Errorf("after the answer: offered to the %s: %t", who, offered(who))
		}
	}
}
