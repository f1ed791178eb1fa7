package guarantees_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// step presses the button of a form that has this value.
func (b *browser) step(value string, fill values) {
	b.t.Helper()
	for n := range elements(b.doc, "button") {
		if attribute(n, "value") == value {
			b.submit(text(n), fill)
			return
		}
	}
	b.t.Fatalf("%s has no button of %q:\n%s", b.path(), value, b.outline())
}

// She is asked, agrees, and takes it back: each page on the way is as its outline says.
func TestTheOutlineOfHerConsent(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	path := b.opens(values{"What she wants to be called": "Somebody"})
	b.open(path + "/ask")
	b.outlined("ask")
	b.step("match", values{"ask.urgency": "urgent"})
	b.outlined("ask-refused")
	b.open(path + "/ask")
	for n := range elements(b.doc, "input") {
		if attribute(n, "name") == "ask.services" && attribute(n, "value") == "legal_assistance_service" {
			b.submit(pressing(b, "match"), values{b.name(n): "yes", "ask.urgency": "urgent"})
			break
		}
	}
	b.must(p.lawyer.Agency)
	b.outlined("ask-places")
	for n := range elements(b.doc, "input") {
		if attribute(n, "name") == "ask.pick" && strings.HasSuffix(attribute(n, "value"), p.lawyer.Agency) {
			b.submit(pressing(b, "choose"), values{b.name(n): "yes"})
			break
		}
	}
	b.outlined("ask-no-consent")
	for n := range elements(b.doc, "button") {
		if attribute(n, "name") == "consent_for" {
			b.submit(text(n), nil)
			break
		}
	}
	b.outlined("consent-terms")
	b.step("read", values{"/given_by": "survivor", "/method": "oral"})
	b.outlined("consent-sentence")
	b.step("agree", nil)
	b.outlined("ask-ready")
	b.step("send", nil)
	b.open(path + "/consent")
	b.outlined("consent")
	b.open(path + "/withdraw")
	b.outlined("withdraw")
}

// pressing is the word on the button of a value.
func pressing(b *browser, value string) string {
	b.t.Helper()
	for n := range elements(b.doc, "button") {
		if attribute(n, "value") == value {
			return text(n)
		}
	}
	b.t.Fatalf("%s has no button of %q:\n%s", b.path(), value, b.outline())
	return ""
}

// What did not help her, what is on record of a case, and the way out.
func TestTheOutlineOfTheOtherPages(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	lawyer := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	lawyer.open("/desk/everywhere")
	lawyer.outlined("everywhere")
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.command("acceptReferral")
	lawyer.submitMain(nil)
	lawyer.until("the packet", func() bool {
		lawyer.open("/desk/referrals/" + p.referral)
		lawyer.packet()
		return lawyer.status == http.StatusOK
	})
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.open("/desk/cases/" + p.id)
	b.outlined("case-accepted")
	b.open("/desk/cases/" + p.id + "/disclosures")
	b.must(p.lawyer.Agency)
	b.outlined("case-disclosures")
	b.open("/desk/cases/" + p.id + "/looks")
	b.outlined("case-looks")
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.command("cancelReferral")
	lawyer.submitMain(values{"/reason": "other"})
	b.until("the need", func() bool {
		b.open("/desk/cases/" + p.id + "/needs/" + p.referral)
		return b.shows("Settle it with her")
	})
	b.outlined("need")
}
