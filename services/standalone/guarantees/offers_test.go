package guarantees_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

type matched struct {
	Items []struct {
		Urgency  string
		Windows  []struct{ Window, State string }
		Ranked   []matchedPlace
		Excluded []matchedPlace
	}
}

type matchedPlace struct {
	Agency, Listing, Location string
	Distance                  *int `json:"distance_km"`
	Reasons                   []struct{ Code string }
}

func (m matchedPlace) says(codes ...string) bool {
	for _, c := range codes {
		found := false
		for _, r := range m.Reasons {
			found = found || r.Code == c
		}
		if !found {
			return false
		}
	}
	return true
}

// onCall is open day and night and speaks Spanish.
const onCall = `{
  "id": "33333333-0000-4000-8000-000000000001", "name": "Clinica", "description": "Open day and night.",
  "organization_identifiers": [{"id": "33333333-0000-4000-8000-000000000002", "identifier_scheme": "sanad-agency", "identifier_type": "slug", "identifier": "zona-clinic"}],
  "services": [{"id": "33333333-0000-4000-8000-000000000010", "name": "Clinic", "status": "active",
    "languages": [{"id": "33333333-0000-4000-8000-000000000011", "code": "es"}],
    "capacities": [{"id": "33333333-0000-4000-8000-000000000012", "unit": {"id": "33333333-0000-4000-8000-000000000013", "name": "place"}, "available": 1, "updated": "2026-01-20T08:00:00Z"}],
    "schedules": [{"id": "33333333-0000-4000-8000-000000000014", "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59", "timezone": -6}],
    "attributes": [%s, %s],
    "service_at_locations": [{"id": "33333333-0000-4000-8000-000000000015", "location": {"id": "33333333-0000-4000-8000-000000000016",
      "location_type": "physical", "name": "Clinic in the zone", "latitude": 14.61, "longitude": -90.5,
      "addresses": [{"id": "33333333-0000-4000-8000-000000000017", "address_1": "Zone 1", "city": "c", "state_province": "s", "postal_code": "1", "country": "GT", "address_type": "physical"}]}}]}]}`

// The directory is what matching finds: as it is handed in, counted, suspended
// and after a restart; and what hides there hides in a match.
func TestTheDirectoryIsMatched(t *testing.T) {
	programmes := t.TempDir()
	text, err := fs.ReadFile(files.Shipped(), "guatemala/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("hiv_pep: 72h"), []byte("hiv_pep: 48h"), 1)
	if err := errors.Join(os.Mkdir(filepath.Join(programmes, "guatemala"), 0o700), os.WriteFile(filepath.Join(programmes, "guatemala", "1.yaml"), text, 0o600)); err != nil {
		t.Fatal(err)
	}
	w := begin(t, func(w *world) { w.config.Service.Programmes = programmes })
	post := func(d office.Desk, path string, body any) {
		t.Helper()
		if err := d.Post(t.Context(), path, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	coordinator := w.desk(journey.Coordination, "coordinator")
	register := func(agency string, services ...string) {
		t.Helper()
		post(coordinator, "/v1/agencies", map[string]any{"agency": agency, "country": "GT", "services": services})
	}
	var told bytes.Buffer
	match := func(service string) (ranked, excluded []matchedPlace) {
		t.Helper()
		var m matched
		var raw json.RawMessage
		err := w.desk(journey.FrontDesk, "caseworker").Post(t.Context(), "/v1/matches", map[string]any{
			"services": []string{service}, "country": "GT", "urgency": "standard", "ask_first": true, "language": "es",
			"sex": "female", "point": map[string]any{"latitude": 14.6, "longitude": -90.5},
			"incident": map[string]any{"earliest": time.Now().Add(-60 * time.Hour).UTC().Format(time.RFC3339)},
		}, &raw)
		if err == nil {
			told.Write(raw)
			err = json.Unmarshal(raw, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		if service == "health_medical_service" && m.Items[0].Windows[0].State != "past" {
			t.Errorf("the country's own window does not count: %+v", m.Items[0].Windows)
		}
		return m.Items[0].Ranked, m.Items[0].Excluded
	}
	agencies := func(places []matchedPlace) (list string) {
		for _, p := range places {
			list += " " + p.Agency
		}
		return strings.TrimSpace(list)
	}

	register("aldea-post", "health_medical_service") // and has no entry in the directory
	register("zona-clinic", "health_medical_service")
	register(shelterSlug, "safehouse_service", "health_medical_service", "legal_assistance_service", "food_service")
	documents := shelterHSDS + "," + fmt.Sprintf(onCall, term(21, "sanad-service", "health_medical_service"), term(22, "sanad-area", "GT-01"))
	post(coordinator, "/v1/directory/import", json.RawMessage(`{"documents": [`+documents+`]}`))

	ranked, excluded := match("health_medical_service")
	if agencies(ranked) != "zona-clinic aldea-post casa-amiga" || len(excluded) != 0 {
		t.Fatalf("%+v %+v", ranked, excluded)
	}
	if r := ranked[0]; !r.says("open_now", "language_spoken", "distance_known", "capacity_stale") || r.Location == "" || r.Distance == nil || *r.Distance != 1 {
		t.Errorf("%+v", r)
	}
	if r := ranked[1]; !r.says("hours_unknown", "capacity_unknown") || r.Listing != "" {
		t.Errorf("%+v", r)
	}
	if ranked, excluded := match("safehouse_service"); agencies(ranked) != shelterSlug || len(excluded) != 0 || ranked[0].Listing != shelter ||
		ranked[0].Location != "" || ranked[0].Distance != nil || !ranked[0].says("place_hidden") {
		t.Errorf("the shelter: %+v %+v", ranked, excluded)
	}
	// What is for its own agency alone, or for nobody, is not there although the
	// agency registered that it does this.
	for _, service := range []string{"legal_assistance_service", "food_service"} {
		if ranked, excluded := match(service); len(ranked)+len(excluded) != 0 {
			t.Errorf("%s: %+v %+v", service, ranked, excluded)
		}
	}

	clinicNow := "/v1/directory/services/33333333-0000-4000-8000-000000000010/capacity"
	count := func(n int) {
		t.Helper()
		post(w.desk("zona-clinic", "focal_point"), clinicNow, map[string]any{"unit": "place", "available": n})
	}
	count(1)
	if ranked, _ := match("health_medical_service"); !ranked[0].says("capacity_available") {
		t.Errorf("%+v", ranked[0])
	}
	count(0)
	if ranked, excluded := match("health_medical_service"); agencies(ranked) != "aldea-post casa-amiga" || agencies(excluded) != "zona-clinic" || !excluded[0].says("no_capacity") {
		t.Errorf("full: %+v %+v", ranked, excluded)
	}
	post(w.desk(shelterSlug, "focal_point"), "/v1/agencies/"+shelterSlug+"/suspend", map[string]any{})
	for range 2 {
		if ranked, excluded := match("health_medical_service"); agencies(ranked) != "aldea-post" || agencies(excluded) != "casa-amiga zona-clinic" || !excluded[0].says("service_suspended") {
			t.Errorf("suspended: %+v %+v", ranked, excluded)
		}
		if ranked, excluded := match("safehouse_service"); len(ranked) != 0 || agencies(excluded) != shelterSlug || excluded[0].Location != "" {
			t.Errorf("suspended: %+v %+v", ranked, excluded)
		}
		w.restart(nil)
	}
	for _, secret := range []string{canary, "11111111-0000-4000-8000-000000000020", "14.615"} {
		if bytes.Contains(told.Bytes(), []byte(secret)) {
			t.Errorf("%s is told", secret)
		}
	}
	tokenless(t, w)
}

// tokenless reads the directory as nobody: what is public, in the forms and by
// the filters of HSDS.
func tokenless(t *testing.T, w *world) {
	t.Helper()
	nobody := w.desk(journey.FrontDesk, "caseworker")
	nobody.Token = ""
	agency := w.desk(journey.FrontDesk, "caseworker")
	medical := ""
	for _, c := range []struct {
		office.Desk
		path         string
		status, many int
	}{
		{nobody, "/hsds", 200, -1},
		{nobody, "/hsds/services", 200, 2},
		{agency, "/hsds/services", 200, 3},
		{nobody, "/hsds/services?full=true", 200, 2},
		{agency, "/hsds/services?minimal=true", 200, 3},
		{nobody, "/hsds/services?organization_id=" + shelterOrg, 200, 1},
		{agency, "/hsds/services?organization_id=" + shelterOrg + "&modified_after=2026-01-01T00:00:00Z", 200, 2},
		{agency, "/hsds/services?modified_after=2999-01-01T00:00:00Z", 200, 0},
		{agency, "/hsds/services?modified_after=yesterday", 422, -1},
		{agency, "/hsds/services?taxonomy_term_id=" + shelterOrg, 200, 0},
		{nobody, "/hsds/organizations?full=true", 200, 2},
		{nobody, "/hsds/service_at_locations?full=true", 200, 2},
		{nobody, "/hsds/services/" + shelter, 404, -1},
		{agency, "/hsds/services/" + shelter, 200, -1},
		{nobody, "/hsds/services/" + clinic, 200, -1},
		{nobody, "/hsds/taxonomies/" + shelterOrg, 404, -1},
		{office.Desk{Token: "x", Base: nobody.Base, HTTP: nobody.HTTP}, "/hsds/services", 401, -1},
	} {
		a, err := c.Do(t.Context(), http.MethodGet, c.path, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Total    int `json:"total_items"`
			Contents []struct{ ID string }
		}
		if err := json.Unmarshal(a.Body, &page); err != nil || a.Status != c.status || c.many >= 0 && (page.Total != c.many || len(page.Contents) != c.many) {
			t.Errorf("%q reads %s: %d, %s", c.Agency, c.path, a.Status, a.Body)
		}
		if bytes.Contains(a.Body, []byte(canary)) || bytes.Contains(a.Body, []byte("Canary Lane")) {
			t.Errorf("%s tells where the shelter is: %s", c.path, a.Body)
		}
	}
	for _, path := range []string{"/hsds/taxonomies", "/hsds/taxonomy_terms"} {
		var page struct{ Contents []struct{ ID, Code string } }
		if err := nobody.Get(t.Context(), path+"?per_page=200", &page); err != nil || len(page.Contents) == 0 {
			t.Fatal(err)
		}
		var one struct{ ID string }
		if err := nobody.Get(t.Context(), path+"/"+page.Contents[0].ID, &one); err != nil || one.ID != page.Contents[0].ID {
			t.Errorf("%s: %+v %v", path, one, err)
		}
		for _, c := range page.Contents {
			if c.Code == "health_medical_service" {
				medical = c.ID
			}
		}
	}
	var page struct{ Contents []struct{ ID string } }
	if err := nobody.Get(t.Context(), "/hsds/services?taxonomy_term_id="+medical, &page); err != nil || len(page.Contents) != 2 {
		t.Errorf("by term: %+v %v", page, err)
	}
}
