package guarantees_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// How she may be reached is written row by row, and shown whole. Before anybody contacts her
// they ask, and the answer says how, or from when.
func TestHowSheMayBeReachedIsWrittenAndAskedFor(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	path := ana.opens(values{"How to reach her safely": canaryWords})
	ana.submit("To talk with her", nil)
	ana.must("Nobody knows a safe way and a safe time.")

	ana.open(path + "/amend/contact")
	ana.submit("Add one more", nil)
	ana.must("Ways to reach her 1")
	ana.outlined("case-amend-row")
	sent := ana.form("Write it")
	maps.Copy(sent, map[string][]string{
		"/contact/safe_channels/0/kind": {"call"}, "/contact/safe_channels/0/address": {"5555 0107"}, "/contact/safe_channels/0/device": {"shared"},
		"/contact/safe_hours/0/days": everyDay, "/contact/safe_hours/0/from": {"00:00"}, "/contact/safe_hours/0/until": {"24:00"},
		"/contact/code_word": {"jacaranda"}, "/contact/never_contact/0/kind": {"call"},
		"/reason": {"change"},
	})
	ana.visit(http.MethodPost, path+"/amend/contact", sent)
	ana.must("It is also written that this must never be used.", "Ways to reach her 1")
	if got := ana.value("/contact/safe_channels/0/address"); got != "5555 0107" {
		t.Errorf("the refused form holds %q", got)
	}
	sent.Set("/contact/never_contact/0/kind", "email")
	sent.Set("/contact/zone", "America/Guatemala")
	sent.Set("key", ana.value("key"))
	ana.visit(http.MethodPost, path+"/amend/contact", sent)
	ana.must(canaryWords, "Call", "5555 0107", "speak only to her", "leave no message", "others use the device, too", "jacaranda", "Monday", "E-mail")
	ana.outlined("case-contact")

	ana.submit("To talk with her", nil)
	ana.must(canaryWords, "Call", "5555 0107", "leave no message", "jacaranda")
	ana.mustNot("E-mail")
	ana.outlined("case-reach")
	ana.open(path)
	ana.submit("News of danger to her", nil)
	ana.must("5555 0107")

	ana.open(path + "/amend/contact")
	ana.submit("Write it", values{"Reason": "It was right and has changed"})
	ana.must("5555 0107", "jacaranda", "Monday")
}

// An agency that has taken the referral asks on its page, and is told what is safe now.
func TestAnAgencyAsksOnItsPage(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	p := w.confide(t.Context(), "contact", "incident")
	p.accept(t.Context())
	p.moves(m{"safe_channels": []m{{"kind": "call", "address": "+000 0000 0017", "voicemail": true}}, "zone": "America/Guatemala", "safe_hours": anotherDay()})
	lawyer := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.submit("To talk with her", nil)
	lawyer.must("Do not contact her now.", "The next safe time is:")
	lawyer.mustNot("0017")
	lawyer.outlined("referral-reach")
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.submit("News of danger to her", nil)
	lawyer.must("There is no way to tell her news of danger now.")
	lawyer.outlined("referral-reach-news")
	lawyer.follow("Tell her desk that news of danger waits for her")
	lawyer.outlined("danger-news")
	lawyer.submitMain(values{"What it is": "He is free, or will be", "What her desk must know": "On Friday."})
	lawyer.must("Her desk has it.")
	lawyer.mustNot("On Friday.")

	ana := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	ana.open("/desk/")
	ana.follow("1 News of danger waits for her")
	ana.open("/desk/cases/" + p.id)
	ana.must("News of danger to her", "He is free, or will be", "On Friday.", p.lawyer.Agency)
	ana.submit("News of danger to her", nil)
	ana.must("There is no way to tell her news of danger now.", "Write down that news of danger waits for her")
	ana.open("/desk/cases/" + p.id)
	ana.follow("Say what came of it")
	ana.outlined("danger-news-settle")
	ana.submitMain(values{"What came of it": "She was told"})
	ana.must("Say by which way where she was told, and only there.")
	ana.submitMain(values{"What came of it": "She was told", "How she was told": "In person"})
	ana.must("She was told", "(In person)", "This was written down in error: it waits again")
	ana.outlined("case-danger-news")
	ana.follow("This was written down in error: it waits again")
	ana.submitMain(nil)
	ana.must("It waits again.", "taken back, because it was an error:", "Say what came of it")
}
