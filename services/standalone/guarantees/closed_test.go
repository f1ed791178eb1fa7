package guarantees_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// Her no closes what was done on an earlier yes, too. Here a second referral stood on the
// same yes and was carried over to a later one; the first had ended before, and stayed.
func TestHerNoClosesWhatWasDoneBefore(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	if err := w.desk(journey.Coordination, "coordinator").Post(ctx, "/v1/agencies", m{
		"agency": journey.Counselling, "country": "GT", "services": []string{"psychosocial_service"},
	}, nil); err != nil {
		t.Fatal(err)
	}
	front, helper := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor", "focal_point", "supervisor")
	w.staffed(helper, journey.Subject("counsellor", journey.Counselling))
	for what, no := range map[string]m{
		"refuse":   {"recipient": journey.Counselling, "service": "psychosocial_service", "purpose": "service_delivery"},
		"withdraw": {"recipient": journey.Counselling, "service": "psychosocial_service"},
	} {
		var c struct {
			ID        string                `json:"id"`
			Consents  []struct{ ID string } `json:"consents"`
			Referrals []struct{ ID string } `json:"referrals"`
		}
		does := func(path string, body m) {
			t.Helper()
			if err := front.Post(ctx, "/v1/cases"+path, body, &c); err != nil {
				t.Fatal(err)
			}
		}
		agrees := func(term time.Duration) {
			t.Helper()
			does("/"+c.ID+"/consents", m{
				"recipient": journey.Counselling, "service": "psychosocial_service", "purpose": "service_delivery", "categories": []string{"identity"},
				"expires": time.Now().Add(term).UTC().Format(time.RFC3339), "method": "oral", "given_by": "survivor", "witnessed": false,
			})
		}
		asks := func() {
			t.Helper()
			does("/"+c.ID+"/requests", m{"requests": []m{{
				"service": "psychosocial_service", "recipient": journey.Counselling, "urgency": "urgent", "consent": c.Consents[0].ID,
			}}})
		}
		does("", m{"channel": "hotline", "country": "GT", "programme": "guatemala", "survivor": m{"age_band": "18+"}})
		agrees(40 * day)
		asks()
		referral := c.Referrals[0].ID
		w.offered(helper, referral)
		for _, step := range []struct {
			path string
			body m
		}{
			{"/v1/referrals/" + referral + "/accept", m{}},
			{"/v1/support-plans/plan" + referral[len("ref"):] + "/sessions", m{"kind": "individual", "attendance": "attended", "notes": "what she said"}},
			{"/v1/support-plans/plan" + referral[len("ref"):] + "/close", m{"outcome": "needs_met"}},
		} {
			if err := helper.Post(ctx, step.path, step.body, nil); err != nil {
				t.Fatal(err)
			}
			w.idle()
			if step.path[len(step.path)-len("accept"):] == "accept" {
				w.gives(helper, "counsellor", referral, "/v1/support-plans/plan"+referral[len("ref"):])
			}
		}
		asks()
		agrees(8 * time.Hour)
		w.idle()
		does("/"+c.ID+"/consents/"+what, no)
		w.idle()
		if a := w.get(helper, "/v1/support-plans/plan"+referral[len("ref"):]); bytes.Contains(a.Body, []byte("what she said")) {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
		if a := w.get(helper, "/v1/referrals/"+referral); !bytes.Contains(a.Body, []byte("acknowledgeWithdrawal")) {
			t.Errorf("%s: nobody is asked what became of copies: %s", what, a.Body)
		}
	}
}
