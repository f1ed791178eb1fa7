package guarantees_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// essentialMap is where essential services are, as these tests read it.
type essentialMap struct {
	From, Until string
	Coverage    []struct {
		Essential, Area, Gap string
		Providers            int
	}
	Whole     []struct{ Service string }
	Answers   []struct{ Service, Area string }
	Silent    []struct{ Agency, Service string }
	Providers []struct{ Agency, Service string }
}

// asksFor sends a referral of somebody in an area.
func (w *world) asksFor(d office.Desk, recipient, service, area string) string {
	w.t.Helper()
	id := openCase(w.t.Context(), w.t, d, recipient, service)
	var c struct{ Referrals []struct{ ID string } }
	one := map[string]any{"recipient": recipient, "service": service, "urgency": "standard", "needs": map[string]any{"area": area}}
	if err := d.Post(w.t.Context(), "/v1/cases/"+id+"/requests", map[string]any{"requests": []any{one}}, &c); err != nil {
		w.t.Fatal(err)
	}
	return c.Referrals[0].ID
}

// nextQuarter is how long it takes from now until a quarter is over by the clocks of the programme.
func nextQuarter(t *testing.T) time.Duration {
	zone, err := time.LoadLocation("America/Guatemala")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().In(zone)
	return time.Until(time.Date(now.Year(), (now.Month()-1)/3*3+4, 2, 0, 0, 0, 0, zone))
}

// Coordinators see how long eleven answers took and nothing of two, who does not answer, and the
// gaps; after a restart the same. A hidden shelter counts for the whole programme and in no area.
// Another programme's coordinator sees no figure, and nobody else sees any of it. How a service stands
// against the standards is for its agency and for them, and who assessed it is told nowhere.
func TestEssentialServicesOfAProgramme(t *testing.T) {
	clock, spans := &shiftedClock{}, tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.config.Clock = clock.now
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	coordinator := w.desk(journey.Coordination, "coordinator")
	registration := map[string]any{"agency": shelterSlug, "country": "GT", "services": []string{"safehouse_service", "health_medical_service", "legal_assistance_service", "food_service"}}
	if err := coordinator.Post(ctx, "/v1/agencies", registration, nil); err != nil {
		t.Fatal(err)
	}
	if err := coordinator.Post(ctx, "/v1/directory/import", map[string]any{"documents": []json.RawMessage{json.RawMessage(shelterHSDS)}}, nil); err != nil {
		t.Fatal(err)
	}
	front, lawyer, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.LegalAid, "lawyer"), w.desk(journey.Counselling, "counsellor")
	for range 11 {
		id := w.asksFor(front, journey.LegalAid, "legal_assistance_service", "gt-01-08")
		w.offered(lawyer, id)
		if err := lawyer.Post(ctx, "/v1/referrals/"+id+"/accept", map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		id := w.asksFor(front, journey.Counselling, "psychosocial_service", "gt-01")
		w.offered(counsellor, id)
		if err := counsellor.Post(ctx, "/v1/referrals/"+id+"/decline", map[string]any{"reason": "at_capacity"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	seen := func(d office.Desk) (m essentialMap, text string) {
		t.Helper()
		a := look(ctx, t, d, "/v1/essential-services")
		if err := json.Unmarshal(a.Body, &m); err != nil || a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return m, string(a.Body)
	}
	if m, _ := seen(coordinator); len(m.Answers) > 0 {
		t.Errorf("within the period: %+v", m.Answers)
	}
	w.idle()
	clock.ahead(nextQuarter(t))
	w.restart(nil)
	coordinator = w.desk(journey.Coordination, "coordinator")
	m, text := seen(coordinator)
	if m.From == "" || len(m.Answers) != 1 || m.Answers[0].Service != "legal_assistance_service" || m.Answers[0].Area != "GT-01" || len(m.Silent) > 0 {
		t.Errorf("of eleven and two: %+v, %+v", m.Answers, m.Silent)
	}
	whole := map[string]bool{}
	for _, one := range m.Whole {
		whole[one.Service] = true
	}
	if !whole["safehouse_service"] || !whole["food_service"] || !whole["legal_assistance_service"] {
		t.Errorf("for the whole programme: %+v", m.Whole)
	}
	areas := 0
	for _, c := range m.Coverage {
		switch {
		case c.Area == "":
		case c.Essential == "safe_accommodation":
			t.Errorf("shelters in an area: %+v", c)
		case c.Essential == "material_aid" && c.Gap != "no_provider":
			t.Errorf("a hidden kitchen closes a gap: %+v", c)
		default:
			areas++
		}
	}
	if areas < 22 {
		t.Errorf("%d rows of areas", areas)
	}
	for _, p := range m.Providers {
		if p.Service == "safehouse_service" || p.Service == "food_service" {
			t.Errorf("a hidden provider is shown: %+v", p)
		}
	}

	// Others.
	rainbow, bishkek := w.deskOf(coordinatorOf("GT", "rainbow")), w.deskOf(coordinatorOf("KG", "kyrgyzstan"))
	if other, _ := seen(rainbow); len(other.Answers)+len(other.Silent) > 0 || other.From != "" {
		t.Errorf("another programme: %+v", other.Answers)
	}
	if other, _ := seen(bishkek); len(other.Answers)+len(other.Whole)+len(other.Providers) > 0 {
		t.Errorf("another country: %+v", other)
	}
	for _, role := range []string{"caseworker", "focal_point", "lawyer", "supervisor", "operator"} {
		if a := look(ctx, t, w.desk(journey.LegalAid, role), "/v1/essential-services"); a.Status != http.StatusForbidden {
			t.Errorf("a %s sees the map: %d", role, a.Status)
		}
	}
	own := look(ctx, t, w.desk(journey.LegalAid, "focal_point"), "/v1/essential-services/answers")
	if !bytes.Contains(own.Body, []byte(`"answers":"answers"`)) || bytes.Contains(own.Body, []byte("psychosocial")) {
		t.Errorf("how the clinic answers: %s", own.Body)
	}
	if few := look(ctx, t, w.desk(journey.Counselling, "supervisor"), "/v1/essential-services/answers"); !bytes.Contains(few.Body, []byte("too_few")) {
		t.Errorf("how the centre answers: %s", few.Body)
	}

	// Standards.
	var standards struct {
		Items []struct {
			Standard string
			Services []string
		}
	}
	if err := coordinator.Get(ctx, "/v1/standards", &standards); err != nil {
		t.Fatal(err)
	}
	findings := []any{}
	for _, s := range standards.Items {
		if len(s.Services) == 0 {
			findings = append(findings, map[string]any{"standard": s.Standard, "finding": "met"})
		}
	}
	day := clock.now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	said := map[string]any{
		"programme": "guatemala", "agency": journey.LegalAid, "service": "legal_assistance_service", "on": day, "next": "2099-01-01",
		"assessor": canary + " Team", "note": "Room 3 has " + canary, "findings": findings,
	}
	w.refuses(rainbow, "/v1/assessments", string(encode(said)), http.StatusUnprocessableEntity, "assessment_invalid")
	w.refuses(bishkek, "/v1/assessments", string(encode(said)), http.StatusForbidden, "not_your_country")
	var a struct{ Assessment, Assessor string }
	if err := coordinator.Post(ctx, "/v1/assessments", said, &a); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		d    office.Desk
		want int
	}{
		"the agency": {w.desk(journey.LegalAid, "focal_point"), 200}, "the coordinator": {coordinator, 200},
		"another agency": {w.desk(journey.Counselling, "focal_point"), 404}, "another programme": {rainbow, 404}, "another country": {bishkek, 404},
		"a lawyer of it": {w.desk(journey.LegalAid, "lawyer"), 403},
	} {
		if got := look(ctx, t, c.d, "/v1/assessments/"+a.Assessment); got.Status != c.want || got.Status == http.StatusOK && !bytes.Contains(got.Body, []byte(canary)) {
			t.Errorf("%s reads it: %d %s", name, got.Status, got.Body)
		}
	}
	w.idle()
	left := w.left(spans)
	left["the map"] = []byte(text)
	for place, text := range left {
		for _, secret := range []string{canary, "14.61501", "90.51502"} {
			if i := bytes.Index(text, []byte(secret)); i >= 0 {
				t.Errorf("%s: …%s…", place, text[max(0, i-200):min(len(text), i+80)])
			}
		}
	}
	for _, never := range []string{"case_", "ref_", "total", journey.FrontDesk} {
		if strings.Contains(text, never) {
			t.Errorf("the map says %s", never)
		}
	}
}
