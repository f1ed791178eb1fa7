package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// canary marks every private text that this test sends.
const canary = "CanaryOfTheMine"

// public marks what the bus may carry and the database must seal all the same.
const public = "canary-of-the-bus"

// sing puts the canary into every free text of a journey's requests, and
// sends each request once more with the canary where it does not belong.
type sing struct {
	next http.RoundTripper
	t    *testing.T
}

var freeTexts = []string{
	"name", "safe_note", "narrative", "findings", "examiner_credential", "seal_number",
	"description", "text", "summary", "court", "measures", "notes", "plan", "opposing_party", "why", "issuer",
	"code_word", "person", "her_words", "said_by_name", "in_words",
	"place", "danger_there", "safe_approach", "name_for_team", "danger_words",
	"goal_words", "step_words", "onward_words", "news_words", "conference_place", "conference_words", "conference_word", "supervisor",
	"protected", "respondents", "authority", "docket_number", "title",
	"centre_name", "recorded_by", "recording_kept", "note", "accompanied_by",
	"comes_when", "reach_at", "safe_hours", "seen", "seen_where", "danger_seen", "reporter", "reporter_contact", "address", "taken_by", "words",
}

// coded are what she told of an incident, of danger and of trafficking in codes: they stay where they were
// told as her words do.
var coded = []string{"GT-CANARY", "canary-of-the-work", "canary@of.hers.example", "canary-of-an-agency", "strangulation", "threat_to_kill", "evening_night", "penetration", "withholds_documents", "act_means_purpose", "inhuman_treatment", "1961-05-17", "step_parent"}

// Each free text that a journey may send carries the canary: those that the contracts
// bound by length alone.
func TestFreeTextsAreMarked(t *testing.T) {
	for _, o := range operations(t) {
		schema := o.body
		if schema = o.follow(schema); schema == nil || o.page {
			continue
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, p := range properties {
			ref, _ := p.(map[string]any)["$ref"].(string)
			if (ref == "#/components/schemas/Text" || ref == "#/components/schemas/Line") && !slices.Contains(freeTexts, name) {
				t.Errorf("%s takes %s, and the canary is not put there", o.id, name)
			}
		}
	}
}

// RoundTrip sends the request with canaries, and wrong variations of it.
func (s sing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPost || req.Header.Get("Content-Type") == "application/pdf" {
		return s.next.RoundTrip(req)
	}
	var body map[string]any
	if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
		return nil, err
	}
	mark(body)
	if _, ok := body["programme"]; ok {
		body["programme"] = public
	}
	for _, wrong := range []map[string]any{{canary: 1}, {"channel": canary}, {"outcome": canary, "reason": canary}} {
		for k, v := range body {
			if _, set := wrong[k]; !set {
				wrong[k] = v
			}
		}
		bad := s.clone(req, wrong)
		bad.Header.Set("Idempotency-Key", uuid.NewString())
		resp, err := s.next.RoundTrip(bad)
		if err != nil {
			return nil, err
		}
		var problem bytes.Buffer
		_, _ = problem.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode < 400 || resp.StatusCode >= 500 || strings.Contains(problem.String(), canary) {
			s.t.Errorf("%s with a wrong body: %d %s", req.URL.Path, resp.StatusCode, problem.String())
		}
	}
	return s.next.RoundTrip(s.clone(req, body))
}

func (s sing) clone(req *http.Request, body map[string]any) *http.Request {
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	c := req.Clone(req.Context())
	c.Body, c.ContentLength = readCloser{bytes.NewReader(raw)}, int64(len(raw))
	return c
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func mark(body map[string]any) {
	for k, v := range body {
		switch v := v.(type) {
		case map[string]any:
			mark(v)
		case []any:
			for i, item := range v {
				if o, ok := item.(map[string]any); ok {
					mark(o)
				} else if slices.Contains(freeTexts, k) {
					v[i] = marked(k)
				}
			}
		case string:
			// What names a record is no text: the plan of a stay has the name of a plan for her safety.
			if slices.Contains(freeTexts, k) && !strings.HasPrefix(v, canary) && !event.IsRecord(v) {
				body[k] = marked(k)
			}
		}
	}
}

func marked(field string) string { return canary + "-" + strings.ReplaceAll(field, "_", "-") }

// What is told of a survivor stays where it was told, and is shown to whom she
// consented to show it: it is in no log, span, metric, event or error, and the
// database's files hold nothing that can be read at all.
func TestCanary(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	w := begin(t, func(w *world) {
		w.tracer = provider
		w.config.Service.LogLevel = -8
		w.config.Service.Programmes = singing(t)
	})
	w.http.Transport = sing{w.http.Transport, t}
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := patience.Context(t.Context(), t, "the journey", w.running().moves)
	defer cancel()
	story, err := journey.Play(ctx, w.cast(), func(string, string, time.Duration) {})
	if err != nil {
		t.Fatal(err)
	}
	// The people who may read it, do.
	var c json.RawMessage
	if err := w.desk(journey.FrontDesk, "caseworker").Get(ctx, "/v1/cases/"+story.Case, &c); err != nil || !bytes.Contains(c, []byte(canary+"-name")) {
		t.Errorf("the case does not hold what was told (%v): the test would find nothing", err)
	}
	w.amended(ctx, story)
	w.supported(ctx)
	w.atCourt(ctx)
	w.sung(ctx)
	w.vouched(ctx)
	w.endangered(ctx)
	w.planned(ctx)
	w.brought(ctx)
	w.enquired(ctx)
	w.calls(ctx)
	// A canary in a URL goes no further either.
	for _, path := range []string{"/v1/cases/" + canary, "/v1/referrals?status=" + canary, "/" + canary} {
		a, err := w.desk(journey.FrontDesk, "caseworker").Do(ctx, http.MethodGet, path, nil, nil)
		if err != nil || a.Status < 400 || bytes.Contains(a.Body, []byte(canary)) {
			t.Errorf("%s: %d %s %v", path, a.Status, a.Body, err)
		}
	}
	places := w.left(spans)
	w.sungAll()
	for place, text := range places {
		for _, c := range append([]string{canary}, coded...) {
			if i := bytes.Index(text, []byte(c)); i >= 0 {
				t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
	if len(places["spans"]) == 0 || len(places["logs"]) == 0 || len(places["stream EVENTS"]) == 0 || len(places["stream AGENCIES"]) == 0 {
		t.Error("nothing was looked at")
	}
	if !bytes.Contains(places["stream EVENTS"], []byte(public)) {
		t.Error("the public canary is not on the bus: the test would find nothing in the files")
	}
	files := 0
	err = filepath.WalkDir(network.DatabaseDir(w.config.Dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		files++
		for _, c := range append([]string{canary, public, journey.FrontDesk, "physical_assault", "case_opened"}, coded...) {
			if bytes.Contains(raw, []byte(c)) {
				t.Errorf("%s holds %q", filepath.Base(path), c)
			}
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files looked at: %v", files, err)
	}
}

// singing are the programmes of an office in which one has the name of the public canary.
func singing(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text, err := fs.ReadFile(files.Shipped(), "guatemala/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"guatemala", public} {
		own := bytes.Replace(text, []byte("programme: guatemala"), []byte("programme: "+name), 1)
		if err := errors.Join(os.Mkdir(filepath.Join(dir, name), 0o700), os.WriteFile(filepath.Join(dir, name, "1.yaml"), own, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// amended writes anew what was told, in intake and in each room. Who may read it sees what
// it says now and what it said before.
func (w *world) amended(ctx context.Context, story journey.Story) {
	w.t.Helper()
	at := time.Now().UTC().Format(time.RFC3339)
	anew := func(field string) string { return strings.Replace(marked(field), canary, canary+"-anew", 1) }
	work := func(service string) string { return strings.TrimPrefix(story.Referrals[service], "ref") }
	matter, plan, exam := work("legal_assistance_service"), work("psychosocial_service"), work("forensic_examination_service")
	avoids := func(person string) m { return m{"persons": []string{journey.Forensics + "/" + person}} }
	if err := w.desk(journey.FrontDesk, "caseworker").Post(ctx, "/v1/cases/"+story.Case+"/amend", m{"reason": "addition", "must_not_meet": avoids(marked("persons"))}, nil); err != nil {
		w.t.Error(err)
	}
	for _, c := range []struct {
		agency, role, path string
		// entry begins the identifier of what is written anew; none in intake.
		entry  string
		part   string
		is     m
		fields []string
	}{
		{journey.FrontDesk, "caseworker", "/v1/cases/" + story.Case, "", "contact", m{"phone": "+000 0000 0001", "safe_note": anew("safe_note")}, []string{"safe_note"}},
		{journey.FrontDesk, "caseworker", "/v1/cases/" + story.Case, "", "must_not_meet", avoids(anew("persons")), []string{"persons"}},
		{journey.LegalAid, "lawyer", "/v1/matters/mat" + matter, "adv", "advice", m{"topic": "family_law", "summary": anew("summary")}, []string{"summary"}},
		{
			journey.LegalAid, "lawyer", "/v1/matters/mat" + matter, "app", "application",
			m{"court": anew("court"), "measures": anew("measures")},
			[]string{"court", "measures"},
		},
		{
			journey.Counselling, "counsellor", "/v1/support-plans/plan" + plan, "ses", "session",
			m{"kind": "remote", "attendance": "attended", "notes": anew("notes")},
			[]string{"notes"},
		},
		{journey.Counselling, "counsellor", "/v1/support-plans/plan" + plan, "safe", "safety_plan", m{"plan": anew("plan")}, []string{"plan"}},
		{
			journey.Forensics, "examiner", "/v1/examinations/exam" + exam, "rec", "record",
			m{"examined_at": at, "findings": anew("findings"), "examiner_credential": anew("examiner_credential")},
			[]string{"findings", "examiner_credential"},
		},
		{
			journey.Forensics, "examiner", "/v1/examinations/exam" + exam, "exh", "exhibit",
			m{"kind": "swab", "seal_number": anew("seal_number"), "description": anew("description")},
			[]string{"seal_number", "description"},
		},
	} {
		d := w.desk(c.agency, c.role)
		var is json.RawMessage
		if err := d.Get(ctx, c.path, &is); err != nil {
			w.t.Fatal(err)
		}
		body := m{"reason": "correction", c.part: c.is}
		if c.entry != "" {
			body["entry"] = regexp.MustCompile(c.entry + "[a-z]*_[0-9a-z]{26}").FindString(string(is))
		}
		if err := d.Post(ctx, c.path+"/amend", body, nil); err != nil {
			w.t.Errorf("%s, %s: %v", c.path, c.part, err)
			continue
		}
		if err := d.Get(ctx, c.path, &is); err != nil {
			w.t.Fatal(err)
		}
		for _, field := range c.fields {
			for _, text := range []string{anew(field), marked(field)} {
				if !bytes.Contains(is, []byte(text)) {
					w.t.Errorf("%s, %s: nobody can read %s", c.path, c.part, text)
				}
			}
		}
	}
}

// endangered tells of incidents and of danger, writes one anew and takes one back. Who has the
// case reads all of it.
// A team is called, shown where she is, and stands down: what it was shown stays in her case, or in
// the enquiry.
func (w *world) calls(ctx context.Context) {
	w.t.Helper()
	p := w.confide(ctx)
	ana := member(journey.Counselling, "ana-on-call")
	team(ctx, w.t, w.desk(journey.Counselling, "supervisor"), func(agency, role string) office.Desk { return w.desk(agency, role) }, "GT-01", time.Now(), ana)
	w.idle()
	of, told := "/v1/cases/"+p.id, w.neighbour(ctx, p.front)
	for _, call := range []struct {
		of    string
		words m
	}{
		{of, m{"response_ground": "her_yes", "name_for_team": marked("name_for_team")}},
		{of, m{"response_ground": "immediate_danger", "life_danger": "attack_now", "danger_law": "police_law", "danger_words": marked("danger_words")}},
		{told, m{"response_ground": "immediate_danger", "life_danger": "attack_now", "danger_law": "police_law", "danger_words": marked("danger_words"), "programme": journey.Programme}},
	} {
		words := call.words
		for _, field := range []string{"place", "danger_there", "safe_approach"} {
			words[field] = marked(field)
		}
		words["area"], words["urgency"] = "GT-01", "emergency"
		if err := p.front.Post(ctx, call.of+"/response", words, nil); err != nil {
			w.t.Fatal(err)
		}
		d := w.deskOf(ana)
		a := w.alert(d, func(a called) bool { return a.Status == code.ResponseAlerting })
		if err := d.Post(ctx, "/v1/alerts/"+a.Alert+"/acknowledge", m{}, nil); err != nil {
			w.t.Fatal(err)
		}
		w.respondedAt(p.front, call.of, func(r responses) bool {
			return r.Responses != nil && r.Responses[len(r.Responses)-1].Status == code.ResponseAcknowledged
		})
		var shown m
		if err := d.Post(ctx, "/v1/disclosures/response", m{"alert": a.Alert}, &shown); err != nil || shown["place"] != marked("place") {
			w.t.Fatal(shown, err)
		}
		if err := d.Post(ctx, "/v1/alerts/"+a.Alert+"/stand-down", m{"result": "not_seen", "unseen": "not_there"}, nil); err != nil {
			w.t.Fatal(err)
		}
		w.respondedAt(p.front, call.of, func(r responses) bool { return r.Responses != nil && r.Responses[len(r.Responses)-1].Result != "" })
	}
}

// fromPaper enters a case, her no and a withdrawal from paper. Who has the case reads from which.
func (p confided) fromPaper(ctx context.Context, paper m) {
	p.t.Helper()
	if err := p.front.Post(ctx, "/v1/cases", m{"channel": "ngo", "country": "GT", "programme": "guatemala", "on_paper": paper}, nil); err != nil {
		p.t.Fatal(err)
	}
	of := "/v1/cases/" + p.id
	no := m{"recipient": journey.LegalAid, "service": "psychosocial_service", "purpose": "service_delivery", "on_paper": paper}
	for path, body := range map[string]m{
		of + "/consents/refuse":   no,
		of + "/consents/withdraw": {"recipient": journey.LegalAid, "service": "legal_assistance_service", "on_paper": paper},
	} {
		if err := p.front.Post(ctx, path, body, nil); err != nil {
			p.t.Fatal(path, err)
		}
	}
	var is json.RawMessage
	if err := p.front.Get(ctx, of, &is); err != nil || bytes.Count(is, []byte(marked("by"))) < 2 {
		p.t.Errorf("who has the case does not read from which paper she said no: %v", err)
	}
}

func (w *world) endangered(ctx context.Context) {
	w.t.Helper()
	p := w.confide(ctx)
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/amend", m{"reason": "addition", "survivor": m{"born": m{"date": "1961-05-17"}}}, nil); err != nil {
		w.t.Fatal(err)
	}
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/consents", m{
		"recipient": journey.LegalAid, "service": "legal_assistance_service", "purpose": "service_delivery", "categories": []string{"identity"},
		"expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339), "method": "oral", "given_by": "both",
		"caregiver": m{"relation": "step_parent"}, "supervisor": "the supervisor",
	}, nil); err != nil {
		w.t.Fatal(err)
	}
	// A team goes without her yes: what is said of it is for the member who goes, and her desk.
	team := m{"response_ground": "immediate_danger", "life_danger": "attack_now", "danger_law": "police_law", "area": "GT-01", "urgency": "emergency"}
	called := []string{"danger_words", "place", "danger_there", "safe_approach", "name_for_team"}
	for _, field := range called {
		team[field] = marked(field)
	}
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/response", team, nil); err != nil {
		w.t.Fatal(err)
	}
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/amend", m{
		"reason": "addition", "contact": m{"email": "canary@of.hers.example", "language": "quc"}, "must_not_meet": m{"agencies": []string{"canary-of-an-agency"}},
	}, nil); err != nil {
		w.t.Fatal(err)
	}
	paper := m{"at": time.Now().UTC().Add(-time.Minute).Format(time.RFC3339), "by": marked("by"), "place": marked("place")}
	p.fromPaper(ctx, paper)
	incident := m{
		"answers": m{"penetration": "no", "physical": "yes"}, "time_of_day": "evening_night", "area": "GT-CANARY",
		"perpetrators": m{"number": 2, "relationships": []string{"intimate_partner_former_partner"}, "occupation": "canary-of-the-work"},
		"on_paper":     paper,
	}
	var c struct {
		Incidents []struct {
			ID string `json:"id"`
		} `json:"incidents"`
	}
	of := "/v1/cases/" + p.id
	for range 2 {
		if err := p.front.Post(ctx, of+"/incidents", incident, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := p.front.Get(ctx, of, &c); err != nil || len(c.Incidents) < 2 {
		w.t.Fatalf("%d incidents: %v", len(c.Incidents), err)
	}
	one, two := c.Incidents[len(c.Incidents)-1].ID, c.Incidents[len(c.Incidents)-2].ID
	if err := p.front.Post(ctx, of+"/incidents/amend", m{"incident": one, "reason": "correction", "answers": m{"denial": "yes"}, "remove": []string{"time_of_day"}}, nil); err != nil {
		w.t.Error(err)
	}
	if err := p.front.Post(ctx, of+"/incidents/enter-in-error", m{"incident": two}, nil); err != nil {
		w.t.Error(err)
	}
	if err := p.front.Post(ctx, of+"/danger", m{
		"her_words": marked("her_words"),
		"signs":     m{"strangulation": "yes", "threat_to_kill": "no"},
	}, nil); err != nil {
		w.t.Error(err)
	}
	sheet := m{"sheet": "canary-of-the-work", "replies": []m{{"item": "strangulation", "answer": "penetration"}}}
	if err := p.front.Post(ctx, of+"/danger", m{"instrument": sheet}, nil); err == nil || !strings.Contains(err.Error(), "instrument_invalid") {
		w.t.Errorf("an instrument that nobody installed: %v", err)
	}
	for path, body := range map[string]m{
		"/indicators": {"indicators": m{"withholds_documents": "yes", "debt_bondage": "no"}, "her_words": marked("her_words")},
		"/identifications": {
			"identification": "identified", "said_by": "authority", "said_by_name": marked("said_by_name"),
			"grounds": []string{"act_means_purpose"}, "in_words": marked("in_words"),
		},
		"/mandatory-reports": {
			"law": "ley_pina", "to": "ministerio_publico", "sent_at": time.Now().UTC().Add(-time.Hour).Format(time.RFC3339), "told": "before_she_disclosed",
			"told_words": marked("told_words"), "safety_plan": marked("safety_plan"), "minimum_sent": marked("minimum_sent"),
		},
		"/passages": {"aggravations": []string{"inhuman_treatment"}, "her_words": marked("her_words")},
	} {
		if err := p.front.Post(ctx, of+path, body, nil); err != nil {
			w.t.Error(err)
		}
	}
	var is json.RawMessage
	if err := p.front.Get(ctx, of, &is); err != nil {
		w.t.Fatal(err)
	}
	for _, field := range called {
		if !bytes.Contains(is, []byte(marked(field))) {
			w.t.Errorf("who has the case does not read %s", field)
		}
	}
	for _, text := range append([]string{marked("her_words"), marked("said_by_name"), marked("in_words"), marked("told_words"), marked("safety_plan"), marked("minimum_sent"), "medical_care", "physical_assault"}, coded...) {
		if !bytes.Contains(is, []byte(text)) {
			w.t.Errorf("who has the case does not read %s", text)
		}
	}
}

// sung shows a packet at every stage, and refuses it.
func (w *world) sung(ctx context.Context) {
	w.t.Helper()
	p := w.confide(ctx)
	// Who has the case finds it by her name, which goes no further.
	var found json.RawMessage
	if err := p.front.Post(ctx, "/v1/cases/search", m{"name": "her name", "reason": "she_is_here"}, &found); err != nil || !bytes.Contains(found, []byte(p.id)) || bytes.Contains(found, []byte(canary)) {
		w.t.Errorf("searched, and found %s (%v)", found, err)
	}
	p.moves(m{
		"safe_note": "In the morning.", "code_word": "jacaranda", "zone": "America/Guatemala", "safe_hours": anytime(),
		"safe_channels": []m{{"kind": "in_person", "address": marked("place"), "person": "Her sister"}, {"kind": "messaging_app", "address": marked("app")}},
		"never_contact": []m{{"address": marked("never")}}, "danger_news": m{"kind": "messaging_app", "address": marked("danger")},
	})
	if a := p.ask(ctx); !bytes.Contains(a.Body, []byte(marked("opposing_party"))) {
		w.t.Errorf("before acceptance %d %s", a.Status, a.Body)
	}
	a := p.accept(ctx)
	for _, field := range []string{"name", "narrative", "safe_note", "opposing_party", "code_word", "person", "place", "app", "never", "danger"} {
		if !bytes.Contains(a.Body, []byte(marked(field))) {
			w.t.Errorf("after acceptance %d without %s", a.Status, field)
		}
	}
	for _, purpose := range []string{"ordinary", "danger_news"} {
		a := p.reach(purpose, uuid.NewString())
		for _, field := range []string{"place", "person", "app", "code_word", "safe_note"} {
			if !bytes.Contains(a.Body, []byte(marked(field))) {
				w.t.Errorf("asked how to reach her: %d without %s", a.Status, field)
			}
		}
		if bytes.Contains(a.Body, []byte(marked("never"))) || bytes.Contains(a.Body, []byte(marked("danger"))) != (purpose == "danger_news") {
			w.t.Errorf("%s: %s", purpose, a.Body)
		}
	}
	p.withdraw(ctx)
	if a := p.ask(ctx); a.Status != http.StatusNotFound || bytes.Contains(a.Body, []byte(canary)) {
		w.t.Errorf("after the withdrawal %d %s", a.Status, a.Body)
	}
	if a, err := p.front.Do(ctx, http.MethodGet, "/v1/cases/"+p.id+"/disclosures", nil, nil); err != nil || a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(canary)) {
		w.t.Errorf("the ledger: %d %s %v", a.Status, a.Body, err)
	}
}

// vouched has what stands on a paper recorded, corrected and suspended. The agency reads it, and
// nobody else.
func (w *world) vouched(ctx context.Context) {
	w.t.Helper()
	head := w.desk(journey.LegalAid, "supervisor")
	w.staffed(head, "vouched-for")
	path := "/v1/workers/" + worker.ID(journey.LegalAid, "vouched-for")
	paper := m{"issuer": "an issuer", "name": "a course", "course": "bar_admission", "scope": []string{"represent"}, "valid_from": "2024-01-01T00:00:00Z"}
	var seen struct {
		Credentials []struct{ Credential, Issuer, Name string }
	}
	if err := head.Post(ctx, path+"/credentials", paper, &seen); err != nil || len(seen.Credentials) != 1 ||
		seen.Credentials[0].Issuer != marked("issuer") || seen.Credentials[0].Name != marked("name") {
		w.t.Fatalf("recorded %+v: %v", seen, err)
	}
	paper["credential"], paper["valid_until"] = seen.Credentials[0].Credential, "2040-01-01T00:00:00Z"
	if err := head.Post(ctx, path+"/credentials/correct", paper, nil); err != nil {
		w.t.Error(err)
	}
	w.refuses(head, path+"/credentials/suspend", `{"credential":"`+seen.Credentials[0].Credential+`","reason":"own_wish"}`, http.StatusConflict, "credential_corrected")
}

// left stops the network at rest and gives what it leaves behind where others
// may look: metrics, streams, spans and logs.
func (w *world) left(spans *tracetest.SpanRecorder) map[string][]byte {
	w.t.Helper()
	w.idle()
	places := map[string][]byte{"metrics": w.running().metrics(w.t.Context())}
	parts, err := network.Parts()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, stream := range bus.Streams(1, parts...) {
		place := "stream " + stream.Name
		for _, m := range stored(w.t, w.Bus, stream.Name) {
			places[place] = fmt.Appendf(places[place], "%s %v %s\n", m.Subject, m.Header, m.Data)
		}
	}
	w.stop()
	for _, s := range spans.Ended() {
		places["spans"] = fmt.Appendf(places["spans"], "%s %v %v %v %v\n", s.Name(), s.Attributes(), s.Events(), s.Status(), s.Links())
	}
	places["logs"] = w.logs.all()
	return places
}
