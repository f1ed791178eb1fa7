package guarantees_test

import (
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Who coordinates sees whom to call, and nothing of her; nobody else sees it.
func TestWhatNobodyAnsweredStandsWithTheCoordination(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	desk := w.desk(journey.FrontDesk, "caseworker")
	caseID := openCase(t.Context(), t, desk, journey.Counselling, "psychosocial_service")
	request(t.Context(), t, desk, caseID, journey.Counselling, "psychosocial_service")
	coordination, front := network.Seat(journey.Coordination, "coordinator"), network.Seat(journey.FrontDesk, "caseworker")
	b := w.browser(coordination)
	b.must("What nobody answered", "Nothing waits here.")
	w.idle()
	clock.ahead(7 * day)
	w.restart(nil)
	var late struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	w.sees(w.deskOf(coordination), "/v1/escalations", &late, func() bool { return len(late.Items) == 1 })
	clock.by.Store(0) // who signs in does so now
	b = w.browser(coordination)
	b.follow("Referrals that nobody answered")
	b.must(journey.Counselling, journey.FrontDesk, "Psychosocial", "The coordination of the network")
	b.mustNot(caseID)
	b.outlined("escalations")
	other := w.browser(front)
	other.mustNot("What nobody answered")
	other.open("/desk/escalations")
	other.mustNot(journey.Counselling)
}

// Who sent a referral to an agency without accounts sees how it was told, and sends new codes.
func TestAgenciesWithCodesStandOnTheReferral(t *testing.T) {
	w := invited(t)
	referral, _ := w.referred()
	w.notices(1)
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.until("the agency is told", func() bool { b.open("/desk/referrals/" + referral); return b.shows("Told") })
	b.must("Agencies that answer with a code", village)
	b.mustNot(villageMail, villagePhone)
	b.outlined("referral-invited")
	b.command("inviteAgain")
	b.outlined("invite-again")
	b.submitMain(nil)
	b.must("New codes are on their way.")
	w.notices(2)
	w.opened(w.notices(2)[0].typed)
	other := w.browser(network.Seat(journey.Counselling, "counsellor"))
	other.open("/desk/referrals/" + referral)
	other.mustNot(village)
}
