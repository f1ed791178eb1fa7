package guarantees_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

const (
	shelterOrg  = "11111111-0000-4000-8000-000000000001"
	shelter     = "11111111-0000-4000-8000-000000000010"
	shelterAt   = "11111111-0000-4000-8000-000000000017"
	clinic      = "11111111-0000-4000-8000-000000000030"
	clinicAt    = "11111111-0000-4000-8000-000000000037"
	council     = "11111111-0000-4000-8000-000000000040"
	lair        = "11111111-0000-4000-8000-000000000050"
	shelterSlug = "casa-amiga"
)

func term(n int, taxonomy, code string) string {
	return fmt.Sprintf(`{"id": "22222222-0000-4000-8000-%012d", "taxonomy_term": {"taxonomy": %q, "code": %q}}`, n, taxonomy, code)
}

// shelterHSDS is an organization with a service of each visibility. The canary
// is where the shelter is, and in every word by which its publisher lets it
// slip elsewhere.
var shelterHSDS = `{
  "id": "` + shelterOrg + `", "name": "Casa Amiga", "description": "Near Canary Lane 12 since 1999.",
  "organization_identifiers": [{"id": "11111111-0000-4000-8000-000000000002", "identifier_scheme": "sanad-agency", "identifier_type": "slug", "identifier": "` + shelterSlug + `"}],
  "phones": [{"id": "11111111-0000-4000-8000-000000000003", "number": "1500"}, {"id": "11111111-0000-4000-8000-000000000022", "number": "+502 7777 0815"}],
  "services": [
    {"id": "` + shelter + `", "name": "Shelter", "status": "active", "alert": "Ring 77770815",
     "attributes": [` + term(1, "sanad-service", "safehouse_service") + `],
     "capacities": [{"id": "11111111-0000-4000-8000-000000000015", "unit": {"id": "11111111-0000-4000-8000-000000000016", "name": "bed"}, "available": 4, "maximum": 10, "updated": "2026-01-20T08:00:00Z"}],
     "service_at_locations": [{"id": "` + shelterAt + `", "description": "Door behind ` + canary + `", "location": {
       "id": "11111111-0000-4000-8000-000000000020", "location_type": "physical", "name": "` + canary + `-house", "latitude": 14.61501, "longitude": -90.51502,
       "transportation": "` + canary + ` bus", "external_identifier": "` + canary + `.by.words",
       "addresses": [{"id": "11111111-0000-4000-8000-000000000021", "address_1": "Canary Lane 12", "city": "` + canary + `-city", "state_province": "s", "postal_code": "99", "country": "GT", "address_type": "physical"}],
       "phones": [{"id": "11111111-0000-4000-8000-000000000022", "number": "+502 7777 0815"}],
       "contacts": [{"id": "11111111-0000-4000-8000-000000000023", "name": "` + canary + ` Amal", "email": "` + canary + `@example.org"}]}}]},
    {"id": "` + clinic + `", "name": "Clinic", "status": "active", "description": "Ask ` + canary + ` Amal.",
     "attributes": [` + term(2, "sanad-service", "health_medical_service") + `],
     "service_at_locations": [{"id": "` + clinicAt + `", "location": {
       "id": "11111111-0000-4000-8000-000000000038", "location_type": "physical", "name": "Clinic on the square",
       "addresses": [{"id": "11111111-0000-4000-8000-000000000039", "address_1": "Market Square 1", "city": "c", "state_province": "s", "postal_code": "99", "country": "GT", "address_type": "physical"}]}}]},
    {"id": "` + council + `", "name": "Council", "status": "active",
     "attributes": [` + term(3, "sanad-service", "legal_assistance_service") + `,` + term(4, "sanad-visibility", "assigned") + `]},
    {"id": "` + lair + `", "name": "` + canary + ` cellar", "status": "active",
     "attributes": [` + term(5, "sanad-service", "food_service") + `,` + term(6, "sanad-visibility", "hidden") + `],
     "capacities": [{"id": "11111111-0000-4000-8000-000000000055", "unit": {"id": "11111111-0000-4000-8000-000000000016", "name": "` + canary + `"}, "available": 12, "maximum": 10, "updated": "2026-01-20T08:00:00Z"}]}
  ]
}`

type report struct {
	Taken, Unchanged int
	Rejected, Notes  []struct{ Path, ID, Field, Rule string }
}

// A shelter is found by those who may find it, and where it is by nobody: not
// in lists, not alone, not in the words of others, not in events, logs, spans,
// metrics, errors or the report of the import.
func TestDirectory(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	var told bytes.Buffer // all that anybody was answered
	coordinator := w.desk(journey.Coordination, "coordinator")
	ask := func(d office.Desk, method, path, body string) office.Answer {
		t.Helper()
		header := http.Header{}
		if body != "" {
			header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {uuid.NewString()}}
		}
		a, err := d.Do(t.Context(), method, path, []byte(body), header)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&told, "%v %s\n", a.Header, a.Body)
		return a
	}
	hand := func(documents ...string) (r report) {
		t.Helper()
		a := ask(coordinator, http.MethodPost, "/v1/directory/import", `{"documents": [`+strings.Join(documents, ",")+`]}`)
		if err := json.Unmarshal(a.Body, &r); err != nil || a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return r
	}

	// The location comes first and alone, as in a package that is handed in by
	// tables: nobody knows yet that a shelter is there.
	var org struct {
		Services []struct {
			At []struct{ Location json.RawMessage } `json:"service_at_locations"`
		}
	}
	if err := json.Unmarshal([]byte(shelterHSDS), &org); err != nil {
		t.Fatal(err)
	}
	if r := hand(string(org.Services[0].At[0].Location)); r.Taken != 1 {
		t.Errorf("%+v", r)
	}
	r := hand(shelterHSDS)
	if r.Taken != 6 || r.Unchanged != 1 || len(r.Rejected) != 1 || r.Rejected[0].Path != "documents/0/services/3/capacities/0" || r.Rejected[0].Rule != "must not be more than maximum" {
		t.Errorf("%+v", r)
	}
	w.idle()
	before := len(stored(t, w.Bus, "EVENTS"))
	if before != 7 {
		t.Errorf("%d events for 7 entries", before)
	}
	if r := hand(shelterHSDS); r.Taken != 0 || r.Unchanged != 7 {
		t.Errorf("the same again: %+v", r)
	}
	if a := ask(w.desk(shelterSlug, "focal_point"), http.MethodPost, "/v1/directory/import", `{"documents": [{}]}`); a.Status != http.StatusForbidden {
		t.Errorf("a focal point imports: %d", a.Status)
	}

	neighbour, own := w.desk(journey.Counselling, "counsellor"), w.desk(shelterSlug, "focal_point")
	for _, c := range []struct {
		path             string
		neighbour, owner int
	}{
		{"/hsds", 200, 200},
		{"/hsds/services/" + shelter, 200, 200},
		{"/hsds/services/" + clinic, 200, 200},
		{"/hsds/services/" + council, 404, 200},
		{"/hsds/services/" + lair, 404, 404},
		{"/hsds/organizations/" + shelterOrg, 200, 200},
		{"/hsds/service_at_locations/" + clinicAt, 200, 200},
		{"/hsds/service_at_locations/" + shelterAt, 404, 404},
		{"/hsds/services/" + uuid.NewString(), 404, 404},
		{"/hsds/services?page=1&per_page=1", 200, 200},
		{"/hsds/services?per_page=0", 422, 422},
		{"/hsds/services?search=" + canary, 200, 200}, // and finds nothing, see below
		{"/hsds/services?found=" + canary, 422, 422},
		{"/hsds/", 200, 200},
		{"/hsds/taxonomies", 200, 200},
		{"/hsds/taxonomy_terms?per_page=200", 200, 200},
	} {
		for _, who := range []struct {
			office.Desk
			want int
		}{{neighbour, c.neighbour}, {own, c.owner}} {
			if a := ask(who.Desk, http.MethodGet, c.path, ""); a.Status != who.want {
				t.Errorf("%s reads %s: %d, want %d", who.Agency, c.path, a.Status, who.want)
			}
		}
	}
	for path, want := range map[string][2]int{"/hsds/services": {2, 3}, "/hsds/organizations": {1, 1}, "/hsds/service_at_locations": {1, 1}} {
		for i, d := range []office.Desk{neighbour, own} {
			var page struct {
				Total    int `json:"total_items"`
				Contents []json.RawMessage
			}
			a := ask(d, http.MethodGet, path, "")
			if err := json.Unmarshal(a.Body, &page); err != nil || page.Total != want[i] || len(page.Contents) != want[i] {
				t.Errorf("%s lists %s: %s", d.Agency, path, a.Body)
			}
		}
	}

	if a := ask(own, http.MethodGet, "/hsds/services?search="+canary, ""); !bytes.Contains(a.Body, []byte(`"total_items":0`)) {
		t.Errorf("a search finds what is withheld: %s", a.Body)
	}

	capacity := "/v1/directory/services/" + shelter + "/capacity"
	for _, c := range []struct {
		office.Desk
		body string
		want int
	}{
		{own, `{"unit": "bed", "available": 3}`, 200},
		{own, `{"unit": "bed", "available": 11}`, 422},
		{own, `{"unit": "bed", "available": 3, "maximum": 2}`, 422},
		{coordinator, `{"unit": "bed", "available": 2, "maximum": 9}`, 200},
		{w.desk(journey.LegalAid, "focal_point"), `{"unit": "bed", "available": 1}`, 403},
	} {
		if a := ask(c.Desk, http.MethodPost, capacity, c.body); a.Status != c.want {
			t.Errorf("%s reports %s: %d %s", c.Agency, c.body, a.Status, a.Body)
		}
	}
	if a := ask(w.desk(journey.LegalAid, "focal_point"), http.MethodPost, "/v1/directory/services/"+lair+"/capacity", `{"unit": "bed", "available": 1}`); a.Status != http.StatusNotFound {
		t.Errorf("the hidden service: %d", a.Status)
	}
	if r := hand(shelterHSDS); r.Taken != 0 {
		t.Errorf("yesterday's file undoes today's count: %+v", r)
	}
	w.restart(nil)
	own, coordinator = w.desk(shelterSlug, "focal_point"), w.desk(journey.Coordination, "coordinator")
	if a := ask(own, http.MethodGet, "/hsds/services/"+shelter, ""); !bytes.Contains(a.Body, []byte(`"available":2`)) {
		t.Errorf("after a restart: %s", a.Body)
	}
	if r := hand(shelterHSDS); r.Taken != 0 {
		t.Errorf("after a restart the same is not the same: %+v", r)
	}

	places := w.left(spans)
	places["answers"] = told.Bytes()
	for place, text := range places {
		for _, secret := range []string{canary, "Canary Lane", "77770815", "7777 0815", "14.61501", "90.51502"} {
			if i := bytes.Index(text, []byte(secret)); i >= 0 {
				t.Errorf("%s: …%s…", place, text[max(0, i-200):min(len(text), i+80)])
			}
		}
	}
	for _, shown := range []string{"Market Square 1", `"number":"1500"`, "Casa Amiga"} {
		if !bytes.Contains(places["answers"], []byte(shown)) {
			t.Errorf("%s is nowhere: the test would find nothing", shown)
		}
	}
	err := filepath.WalkDir(network.DatabaseDir(w.config.Dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(canary)) || bytes.Contains(raw, []byte("Canary Lane")) {
			t.Errorf("%s can be read", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
