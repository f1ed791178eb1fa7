package guarantees_test

import (
	"net/http"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Who works at a shelter says what there is; a desk holds one; the shelter sees it, and says
// that she left. A desk never sees how many there are.
func TestPlacesAreHeldOnTheDesk(t *testing.T) {
	w := begin(t)
	w.listed()
	house := w.browser(refuge("nora", "focal_point"))
	house.open("/desk/places/" + shelter)
	house.follow("Count places one by one, so that desks can hold them")
	house.outlined("place-describe")
	house.submitMain(values{"/unit": "room", "/maximum": "6", "/free": "2", "/for": "family", "/children": "3", "/boys_to": "12"})
	house.must("Done. What there is is on record.", "Free now: 2 of 6", "Boys up to 12 years") //nolint:dupword // as the page says it

	front := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	front.open("/desk/places/" + shelter)
	front.must("One is free.")
	front.mustNot("2 of 6", "Taken")
	front.follow("Hold one while she decides")
	front.outlined("place-hold")
	front.submitMain(values{"/adults": "1", "/children": "2"})
	front.must("The place takes boys up to this age: 12.")
	front.outlined("place-hold-refused")
	front.submitMain(values{"/boys_within": "yes"})
	front.must("Done. One is held.", "Held for "+journey.FrontDesk, "Adults: 1, children: 2")
	front.mustNot("of 6")
	front.outlined("place-held")

	desk := w.desk(journey.FrontDesk, "caseworker")
	recipient := w.deskOf(refuge("nora", "focal_point"))
	referral := request(t.Context(), t, desk, openCase(t.Context(), t, desk, shelterSlug, "safehouse_service"), shelterSlug, "safehouse_service")
	w.offered(recipient, referral)
	front.follow("Say for which referral it is held")
	front.outlined("place-tie")
	held := w.stands(desk, func(p counted) bool { return len(p.Holds) == 1 })
	front.submitMain(values{"/hold": held.Holds[0].Hold, "/referral": referral})
	front.must("Done. The hold is for the referral.")

	if err := recipient.Post(t.Context(), "/v1/referrals/"+referral+"/accept", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(recipient, func(p counted) bool { return p.Counts.Taken == 1 })
	if err := recipient.Post(t.Context(), "/v1/referrals/"+referral+"/complete", map[string]any{"outcome": "needs_met"}, nil); err != nil {
		t.Fatal(err)
	}
	w.stands(recipient, func(p counted) bool { return !p.Stays[0].EndedAt.IsZero() })
	house.open("/desk/free")
	house.must("Free now: 1 of 6", "Held: 0", "Taken: 1", "Nobody has said that she left.")
	house.outlined("free-counted")
	house.follow("Count what is free")
	house.submitMain(values{"/free": "0"})
	if house.must("Free now: 0 of 6"); house.path() != "/desk/free?done=countPlace" {
		t.Errorf("after a count one is at %s", house.path())
	}
	house.open("/desk/places/" + shelter)
	house.follow("Say that she is not there any more")
	house.outlined("place-leave")
	house.submitMain(values{"/referral": referral, "/reason": "left"})
	house.must("Done. The place is free again.", "Free now: 1 of 6", "Taken: 0")
	house.outlined("place-counted")
	if house.status != http.StatusOK {
		t.Error(house.status)
	}
}
