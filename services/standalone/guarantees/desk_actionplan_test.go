package guarantees_test

import (
	"net/http"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A worker plans with her by forms that are made of the contract. The sheet for her names no
// agency; the agency sees what is agreed with it, and tells her desk of something more.
func TestTheActionPlanStandsOnThePages(t *testing.T) {
	w := begin(t)
	p := w.confide(t.Context())
	p.accept(t.Context())
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.open("/desk/cases/" + p.id)
	b.follow("Write down that she has told something")
	b.outlined("topic")
	b.submitMain(values{"Topic": "What happened", "May agencies that help her know that she told it": "She said yes"})
	b.must("It was written down.", "What she has told", "What happened")
	b.follow("Set a goal with her")
	b.submitMain(values{"Area": "Justice", "The goal in her words": "He stays away"})
	b.must("The goal was set.", "Justice", "He stays away")
	b.follow("Agree on a step")
	b.submitMain(values{"Goal": "Justice: He stays away", "Who does it": "An agency", "Referral": "Legal help, " + p.lawyer.Agency + ": Accepted", "What is to be done": "Apply for an order"})
	b.must("The step was agreed.", "Apply for an order", p.lawyer.Agency)
	b.follow("Action plan, to print")
	b.must("What we agreed", "He stays away", "An agency", "Apply for an order")
	b.mustNot(p.lawyer.Agency, "Somebody")
	b.outlined("action-plan")

	lawyer := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.follow("Tell her desk that she needs something more")
	lawyer.outlined("onward")
	lawyer.submitMain(values{"Service": "Health care", "Urgency": "Urgent", "How she said yes": "By word of mouth", "What she said": "Her back hurts"})
	lawyer.must("Her desk was told.")
	lawyer.submit("Show what is agreed with us", nil)
	lawyer.must("Apply for an order", "Waits for her desk")
	lawyer.mustNot("He stays away", "Her back hurts")
	if lawyer.status != http.StatusOK {
		t.Error(lawyer.status)
	}
	lawyer.outlined("share")

	b.open("/desk/cases/" + p.id)
	b.must("Onward referrals", "Her back hurts")
	b.follow("Answer an onward referral")
	b.submitMain(values{"Reason": "She decided otherwise"})
	b.must("Not passed on", "She decided otherwise")
}
