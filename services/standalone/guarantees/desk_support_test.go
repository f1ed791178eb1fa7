package guarantees_test

import (
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A counsellor of a shelter finds what waits, how much she has, and where somebody stays; a
// supervisor what nobody has. Where somebody stays is drawn for who has the plan.
func TestASupportPlanAtTheDesk(t *testing.T) {
	w := begin(t)
	w.listed()
	ctx := t.Context()
	front, her, house := w.desk(journey.FrontDesk, "caseworker"), w.desk(shelterSlug, "counsellor"), w.desk(shelterSlug, "focal_point")
	referral := request(ctx, t, front, openCase(ctx, t, front, shelterSlug, "safehouse_service"), shelterSlug, "safehouse_service")
	w.offered(house, referral)
	if err := house.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	plan := "plan" + strings.TrimPrefix(referral, "ref")
	w.becomes(her, "/v1/support-plans/"+plan, func(v view) bool { return v.Status == "open" })
	head := w.browser(network.Seat(shelterSlug, "supervisor"))
	head.open("/desk/waiting")
	head.outlined("plan-waiting")
	w.gives(her, "counsellor", referral, "/v1/support-plans/"+plan)
	for path, body := range map[string]m{
		"/v1/support-plans/" + plan + "/instruments": {"instrument": "phq_9", "items": m{"item_9": 1}},
		"/v1/placements": {"plan": plan, "address": "the blue house", "dependants": []m{{"kind": "child", "count": 2}}},
	} {
		if err := her.Post(ctx, path, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	b := w.browser(network.Seat(shelterSlug, "counsellor"))
	b.open("/desk/duties")
	b.outlined("plan-duties")
	b.open("/desk/caseload")
	b.outlined("plan-caseload")
	b.open("/desk/placements")
	b.outlined("stays")
	b.open("/desk/plans/" + plan)
	b.outlined("plan-shelter")
	stay := "/desk/placements/stay" + strings.TrimPrefix(referral, "ref")
	b.open(stay)
	b.outlined("stay")
	b.must("the blue house")
	head.open(stay)
	head.mustNot("the blue house")
}
