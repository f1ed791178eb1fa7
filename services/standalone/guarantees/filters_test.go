package guarantees_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// Each word by which a list can be filtered is answered: a list that its records do not
// keep is found here, and not by the first who asks.
func TestEveryFilterIsAnswered(t *testing.T) {
	w := begin(t)
	roles := map[string]string{
		"/v1/cases": "caseworker", "/v1/referrals": "counsellor", "/v1/matters": "lawyer", "/v1/support-plans": "counsellor",
		"/v1/examinations": "examiner", "/v1/agencies": "coordinator", "/v1/escalations": "coordinator",
	}
	asked := 0
	for _, o := range operations(t) {
		role, ok := roles[o.path]
		if !ok || o.method != http.MethodGet {
			continue
		}
		get, _ := o.doc["paths"].(map[string]any)[o.path].(map[string]any)["get"].(map[string]any)
		parameters, _ := get["parameters"].([]any)
		for _, p := range parameters {
			parameter := o.follow(p.(map[string]any))
			words, _ := o.follow(parameter["schema"].(map[string]any))["enum"].([]any)
			for _, word := range words {
				asked++
				path := fmt.Sprintf("%s?%s=%s", o.path, parameter["name"], word)
				a, err := w.desk(journey.FrontDesk, role).Do(t.Context(), http.MethodGet, path, nil, nil)
				if err != nil || a.Status != http.StatusOK {
					t.Errorf("%s: %d %s %v", path, a.Status, a.Body, err)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("nothing was asked")
	}
	t.Logf("%d filters", asked)
}
