package guarantees_test

import (
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// The counter of a one-stop centre has codes, rooms and agencies, and an agency in the house has
// who waits for it. Nothing of the case stands on either page.
func TestAOneStopCentreAtTheDesk(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	p := w.deskStory(ctx)
	p.accept(ctx)
	house := w.house(ctx, p.lawyer.Agency)

	head := w.browser(network.Seat(journey.FrontDesk, "supervisor"))
	head.follow("One-stop centre")
	head.must(marked("centre_name"), "Rooms: 1")
	head.outlined("centres")
	head.follow("Set up a one-stop centre")
	head.outlined("centre-open")
	head.open("/desk/centres/" + house)
	head.command("describeCentre")
	head.outlined("centre-describe")

	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.open("/desk/centres")
	b.mustNot("Set up a one-stop centre")
	b.follow(marked("centre_name"))
	b.must("Nobody waits.", "talk-1", p.lawyer.Agency)
	if b.offers("describeCentre") {
		t.Error("somebody at the counter is offered to say anew what the centre is")
	}
	b.open("/desk/cases/" + p.id)
	b.command("beginVisit")
	b.must("Centre", "Legal help, "+p.lawyer.Agency)
	of := "/v1/cases/" + p.id
	var c struct {
		Visits []struct {
			Code string `json:"visit_code"`
		} `json:"centre_visits"`
	}
	if err := p.front.Post(ctx, of+"/visits", m{"centre": house, "visit_referrals": []string{p.referral}, "visit_also": []string{"rest"}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.front.Get(ctx, of, &c); err != nil || len(c.Visits) != 1 {
		t.Fatal(err, c)
	}
	code := c.Visits[0].Code
	b.open("/desk/cases/" + p.id)
	b.must(code, "A rest")
	b.open("/desk/centres/" + house)
	b.must(code)
	b.command("holdRoom")
	b.submitMain(values{"Room": "talk-1", "/visit_code": code})
	b.must(code, "Held for her", "talk-1")
	b.mustNot("Somebody", "Legal help")
	b.outlined("centre")

	lawyer := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	lawyer.follow("Who waits for us in the house")
	lawyer.must(code)
	lawyer.mustNot("Somebody", "Legal help")
	lawyer.outlined("visits")
	lawyer.open("/desk/centres/" + house)
	lawyer.mustNot(code, "talk-1")
}
