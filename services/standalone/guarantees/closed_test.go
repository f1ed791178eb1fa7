package guarantees_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// Her no closes what was done on an earlier yes, too: work that its worker had closed, whose
// consent was followed by others to the same agency and service.
func TestHerNoClosesWhatWasDoneBefore(t *testing.T) {
	for name, term := range map[string]time.Duration{"while the first yes holds": 40 * day, "after the first yes ran out": 8 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			shift := time.Duration(0)
			w := begin(t, func(w *world) { w.config.Clock = func() time.Time { return time.Now().Add(shift) } })
			ctx := t.Context()
			coordinator := w.desk(journey.Coordination, "coordinator")
			if err := coordinator.Post(ctx, "/v1/agencies", m{"agency": journey.Counselling, "country": "GT", "services": []string{"psychosocial_service"}}, nil); err != nil {
				t.Fatal(err)
			}
			front, helper := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor", "focal_point", "supervisor")
			var c struct {
				ID        string                `json:"id"`
				Consents  []struct{ ID string } `json:"consents"`
				Referrals []struct{ ID string } `json:"referrals"`
			}
			if err := front.Post(ctx, "/v1/cases", m{"channel": "hotline", "country": "GT", "programme": "spotlight", "survivor": m{"age_band": "18+"}}, &c); err != nil {
				t.Fatal(err)
			}
			agrees := func(term time.Duration) {
				t.Helper()
				if err := front.Post(ctx, "/v1/cases/"+c.ID+"/consents", m{
					"recipient": journey.Counselling, "service": "psychosocial_service", "purpose": "service_delivery", "categories": []string{"identity"},
					"expires": time.Now().Add(shift + term).UTC().Format(time.RFC3339), "method": "oral", "given_by": "survivor", "witnessed": false,
				}, &c); err != nil {
					t.Fatal(err)
				}
			}
			agrees(term)
			if err := front.Post(ctx, "/v1/cases/"+c.ID+"/requests", m{"requests": []m{{"service": "psychosocial_service", "recipient": journey.Counselling, "urgency": "urgent"}}}, &c); err != nil {
				t.Fatal(err)
			}
			referral := c.Referrals[0].ID
			w.offered(helper, referral)
			if err := helper.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
				t.Fatal(err)
			}
			w.idle()
			w.staffed(helper, journey.Subject("counsellor", journey.Counselling))
			plan := "/v1/support-plans/plan" + referral[len("ref"):]
			w.gives(helper, "counsellor", referral, plan)
			if err := helper.Post(ctx, plan+"/sessions", m{"kind": "individual", "attendance": "attended", "notes": "what she said"}, nil); err != nil {
				t.Fatal(err)
			}
			if err := helper.Post(ctx, plan+"/close", m{"outcome": "needs_met"}, nil); err != nil {
				t.Fatal(err)
			}
			w.idle()
			agrees(40 * day)
			agrees(4 * day)
			w.idle()
			w.stop()
			shift = 20 * time.Hour
			w.start()
			front, helper = w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor", "focal_point", "supervisor")
			w.idle()
			if err := front.Post(ctx, "/v1/cases/"+c.ID+"/consents/withdraw", m{"recipient": journey.Counselling, "service": "psychosocial_service"}, nil); err != nil {
				t.Fatal(err)
			}
			w.idle()
			if a := w.get(helper, plan); bytes.Contains(a.Body, []byte("what she said")) {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
}
