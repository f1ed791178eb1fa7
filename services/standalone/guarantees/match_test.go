package guarantees_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Who asks which places could help leaves no trace of her: nothing is stored,
// published or logged of the question, and no refusal repeats it.
func TestAMatchLeavesNoTrace(t *testing.T) {
	w := begin(t)
	w.play(t.Context())
	w.idle()
	before := stored(t, w.Bus, "EVENTS")
	need := map[string]any{
		"services": []string{"legal_assistance_service", "food_service"}, "country": "GT", "urgency": "standard",
		"area": "GT-CANARY", "language": "es-Canary", "age_band": "18+", "sex": "female", "blocked": []string{journey.Counselling},
		"incident": map[string]any{"date": "2026-03-01", "zone": "America/Guatemala"},
		"consents": []any{map[string]any{"agency": journey.LegalAid, "service": "legal_assistance_service"}},
	}
	var got struct {
		Items []struct {
			Ranked []struct {
				Agency  string
				Reasons []struct{ Code, Words string }
			}
			Excluded []any
		}
	}
	desk := w.desk(journey.FrontDesk, "caseworker")
	if err := desk.Post(t.Context(), "/v1/matches", need, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != 2 || len(got.Items[0].Ranked) != 1 || got.Items[0].Ranked[0].Agency != journey.LegalAid || len(got.Items[1].Ranked) != 0 {
		t.Errorf("%+v", got)
	} else if r := got.Items[0].Ranked[0].Reasons[0]; r.Code != "consent_in_force" || r.Words == "" {
		t.Errorf("%+v", r)
	}
	need["incident"] = map[string]any{"date": "2026-03-01", "zone": "Canary/Mine"}
	var refused *office.Refused
	if err := desk.Post(t.Context(), "/v1/matches", need, nil); !errors.As(err, &refused) || refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown zone: %v", err)
	} else if strings.Contains(strings.ToLower(string(refused.Body)), "canary") || !strings.Contains(string(refused.Body), "/incident/zone") {
		t.Errorf("%s", refused.Body)
	}
	if err := w.desk(journey.Coordination, "coordinator").Post(t.Context(), "/v1/matches", need, nil); !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
		t.Errorf("who sends no referrals asks: %v", err)
	}
	if after := stored(t, w.Bus, "EVENTS"); len(after) != len(before) {
		t.Errorf("%d events were published", len(after)-len(before))
	}
	if bytes.Contains(bytes.ToLower(w.logs.all()), []byte("canary")) {
		t.Error("the question is in a log")
	}
}
