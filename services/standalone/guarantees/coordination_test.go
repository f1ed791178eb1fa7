package guarantees_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// coordinatorOf is a coordinator of a country and a programme. Their agency is not
// registered: a token is enough to coordinate, and no more than what it names.
func coordinatorOf(country, programme string) identity.Principal {
	return identity.Principal{
		Subject: "coordinator-" + country + "-" + programme, Agency: "coordination-elsewhere", Roles: []string{"coordinator"},
		Country: country, Programme: programme,
	}
}

// A coordinator coordinates the country and the programme of the token: another
// country's agencies, channels and entries stay as they are, one whose token names
// less coordinates nothing, and nobody of them sees a case.
func TestACoordinatorCoordinatesTheirOwn(t *testing.T) {
	w := invited(t)
	ctx := t.Context()
	hers, other := w.desk(journey.Coordination, "coordinator"), w.deskOf(coordinatorOf("KG", "kyrgyzstan"))
	nowhere := map[string]office.Desk{
		"no claims": w.deskOf(coordinatorOf("", "")), "no country": w.deskOf(coordinatorOf("", "guatemala")), "no programme": w.deskOf(coordinatorOf("GT", "")),
	}
	says := func(name string, d office.Desk, method, path, body string, status int, code string) string {
		t.Helper()
		header := http.Header{}
		if body != "" {
			header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {uuid.NewString()}}
		}
		a, err := d.Do(ctx, method, path, []byte(body), header)
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Code string }
		if a.Status != http.StatusOK {
			if err := json.Unmarshal(a.Body, &p); err != nil {
				t.Fatal(err)
			}
		}
		if a.Status != status || p.Code != code {
			t.Errorf("%s: %s %s: %d %q, want %d %q", name, method, path, a.Status, p.Code, status, code)
		}
		return string(a.Body)
	}
	// What she handed in, the others do not change: neither a row of it nor a new row
	// beside it.
	hand := `{"documents": [` + shelterHSDS + `]}`
	says("hers", hers, http.MethodPost, "/v1/directory/import", hand, 200, "")
	const added = "11111111-0000-4000-8000-00000000aaaa"
	changed := `{"documents": [{"id": "` + added + `", "name": "added", "description": "d"},` + strings.ReplaceAll(shelterHSDS, `"status": "active"`, `"status": "inactive"`) + `]}`
	told := says("other", other, http.MethodPost, "/v1/directory/import", changed, 403, "not_your_country")
	if !strings.Contains(told, `"/documents/1`) || strings.Contains(told, canary) {
		t.Errorf("the refusal says %s", told)
	}
	says("hers", hers, http.MethodGet, "/hsds/organizations/"+added, "", 404, "not_found")

	register := func(country string) string {
		return `{"agency": "` + village + `", "country": "` + country + `", "services": ["food_service"]}`
	}
	channels := `{"agency": "` + village + `", "language": "en", "channels": []}`
	for _, c := range []struct{ method, path, body string }{
		{http.MethodPost, "/v1/agencies/" + village + "/suspend", `{}`},
		{http.MethodPost, "/v1/agencies", register("GT")},
		{http.MethodPost, "/v1/agencies", register("KG")},
		{http.MethodPost, "/v1/channels", channels},
		{http.MethodPost, "/v1/directory/import", hand},
	} {
		says("other", other, c.method, c.path, c.body, 403, "not_your_country")
		for name, d := range nowhere {
			says(name, d, c.method, c.path, c.body, 403, "coordinates_nothing")
		}
	}
	says("other", other, http.MethodGet, "/v1/channels/"+village, "", 404, "not_found")
	says("other", other, http.MethodGet, "/v1/escalations", "", 200, "")
	for name, d := range nowhere {
		says(name, d, http.MethodGet, "/v1/channels/"+village, "", 404, "not_found")
		says(name, d, http.MethodGet, "/v1/escalations", "", 403, "coordinates_nothing")
		says(name, d, http.MethodPost, "/v1/directory/import", `{"documents": [{}]}`, 403, "coordinates_nothing")
	}
	var a struct {
		Status, Country string
		Services        []string
	}
	if err := hers.Get(ctx, "/v1/agencies/"+village, &a); err != nil || a.Status != "active" || a.Country != "GT" || a.Services[0] != "health_medical_service" {
		t.Errorf("%+v, %v", a, err)
	}
	if !strings.Contains(says("hers", hers, http.MethodGet, "/v1/channels/"+village, "", 200, ""), villageMail) {
		t.Error("her agency has lost its channels")
	}

	referral, id := w.referred()
	for name, d := range map[string]office.Desk{"hers": hers, "other": other} {
		for _, path := range []string{
			"/v1/cases", "/v1/cases/" + id, "/v1/cases/" + id + "/plan", "/v1/referrals", "/v1/referrals/" + referral, "/v1/referrals/" + referral + "/history",
		} {
			says(name, d, http.MethodGet, path, "", 403, "forbidden")
		}
	}

	says("hers", hers, http.MethodPost, "/v1/agencies/"+village+"/suspend", `{}`, 200, "")
	says("other", other, http.MethodPost, "/v1/agencies", register("GT"), 403, "not_your_country")
}
