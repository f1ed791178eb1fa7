package site

import (
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	contracts "github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/session"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

//go:embed testdata/ask
var recorded embed.FS

// counter is one desk with services that answer what an office once answered.
type counter struct {
	t      *testing.T
	desk   *httptest.Server
	client *http.Client
	id     string

	mu     sync.Mutex
	sent   []order
	answer map[string]answer // by method and path; the id of the case is {id}
}

type order struct {
	Op, Key string
	Body    map[string]any
}

type answer struct {
	status int
	body   []byte
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	text, err := recorded.ReadFile("testdata/ask/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// at sits down at a desk; the folder has the office's own sentences, or is empty.
func at(t *testing.T, texts string) *counter {
	t.Helper()
	var k struct{ ID string }
	if err := json.Unmarshal(file(t, "case"), &k); err != nil {
		t.Fatal(err)
	}
	c := &counter{t: t, id: k.ID, answer: map[string]answer{
		"GET /v1/cases/{id}":                    {200, file(t, "case")},
		"GET /v1/cases/{id}/plan":               {200, file(t, "plan")},
		"GET /v1/agencies":                      {200, file(t, "agencies")},
		"GET /hsds/organizations":               {200, []byte(`{"contents":[]}`)},
		"GET /v1/agencies/legal-aid-clinic":     {200, []byte(`{"agency":"legal-aid-clinic","status":"active"}`)},
		"GET /v1/agencies/counselling-centre":   {200, []byte(`{"agency":"counselling-centre","status":"active"}`)},
		"POST /v1/matches":                      {200, file(t, "matches")},
		"POST /v1/cases/{id}/consents":          {200, file(t, "case")},
		"POST /v1/cases/{id}/consents/refuse":   {200, file(t, "case")},
		"POST /v1/cases/{id}/consents/withdraw": {200, file(t, "case")},
		"POST /v1/cases/{id}/askable":           {200, []byte(`{"agencies": ["counselling-centre", "forensic-clinic", "legal-aid-clinic"]}`)},
		"POST /v1/cases/{id}/requests":          {200, file(t, "case")},
		"POST /v1/cases/{id}/reroute":           {200, file(t, "case")},
	}}
	services := httptest.NewServer(http.HandlerFunc(c.serve))
	t.Cleanup(services.Close)
	contract, err := api.ReadContract(contracts.Files)
	if err != nil {
		t.Fatal(err)
	}
	bases := map[string]func() string{}
	for _, o := range contract.Operations {
		bases[o.Service] = func() string { return services.URL }
	}
	asks, err := api.New(contract, bases)
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	consents, err := words.OpenConsents(texts, contract.Operations["giveConsent"].Body)
	if err != nil {
		t.Fatal(err)
	}
	claims, _ := json.Marshal(map[string]any{"sub": "ana", "agency": "citizen-service-office", "roles": []string{"caseworker"}, "aud": "sanad", "exp": time.Now().Add(time.Hour).Unix()})
	token := "x." + base64.RawURLEncoding.EncodeToString(claims) + ".x"
	c.desk = httptest.NewServer(New(Config{
		Client: asks, Sessions: session.New("sanad", time.Hour, time.Now), Words: book, Consents: consents,
		Logger: slog.New(slog.DiscardHandler), Code: func(context.Context, string) (string, error) { return token, nil },
	}))
	t.Cleanup(c.desk.Close)
	c.client = &http.Client{
		Jar:           jar{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.post("/desk/sign-in", url.Values{"code": {"x"}})
	return c
}

// jar keeps cookies by name: those of a browser that counts loopback as secure.
type jar map[string]*http.Cookie

func (j jar) SetCookies(_ *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		j[c.Name] = c
	}
}
func (j jar) Cookies(*url.URL) []*http.Cookie { return slices.Collect(maps.Values(j)) }

func (c *counter) serve(w http.ResponseWriter, r *http.Request) {
	route := r.Method + " " + strings.Replace(r.URL.Path, c.id, "{id}", 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	a, found := c.answer[route]
	if !found {
		a = answer{404, []byte(`{"code":"not_found","status":404}`)}
	}
	if r.Method == http.MethodPost {
		one := order{Op: route, Key: r.Header.Get("Idempotency-Key")}
		_ = json.NewDecoder(r.Body).Decode(&one.Body)
		c.sent = append(c.sent, one)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// orders are the commands that were sent to a route.
func (c *counter) orders(route string) (all []order) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.sent {
		if one.Op == "POST /v1/cases/{id}/"+route || one.Op == "POST /v1/"+route {
			all = append(all, one)
		}
	}
	return all
}

func (c *counter) say(route string, status int, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer[route] = answer{status, body}
}

// page is what a browser shows.
type page struct {
	status   int
	text     string
	location string
}

func (c *counter) get(path string) page {
	c.t.Helper()
	return c.do(httptest.NewRequest(http.MethodGet, c.desk.URL+path, nil))
}

func (c *counter) post(path string, form url.Values) page {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodPost, c.desk.URL+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

func (c *counter) do(r *http.Request) page {
	c.t.Helper()
	r.RequestURI = ""
	res, err := c.client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return page{res.StatusCode, string(body), res.Header.Get("Location")}
}

func (c *counter) path(rest string) string { return "/desk/cases/" + c.id + rest }

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// form is what a page would send: the hidden fields, and what a person adds.
func (p page) form(pairs ...string) url.Values {
	values := url.Values{}
	for _, found := range hiddenInput.FindAllStringSubmatch(p.text, -1) {
		if name := html.UnescapeString(found[1]); name != "back" && name != "zone" {
			values.Add(name, html.UnescapeString(found[2]))
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

func (p page) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.text, text) {
			t.Errorf("the page has no %q", text)
		}
	}
}

func (p page) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(p.text, text) {
			t.Errorf("the page has %q", text)
		}
	}
}

func reviewedTexts(t *testing.T) string {
	t.Helper()
	own, err := os.ReadFile("../words/consent/es.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	text := strings.NewReplacer(`reviewed_by: ""`, "reviewed_by: A. Example", `reviewed_on: ""`, `reviewed_on: "2026-11-01"`).Replace(string(own))
	if err := os.WriteFile(filepath.Join(dir, "es.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// terms fills in what a yes would cover.
func (c *counter) terms() (page, url.Values) {
	p := c.post(c.path("/consent"), url.Values{"/service": {"legal_assistance_service"}, "/recipient": {" Legal-Aid-Clinic "}, "/purpose": {"service_delivery"}, "step": {toTerms}})
	return p, p.form("/categories", "identity", "/categories", "contact", "/expires", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "/given_by", "survivor", "/method", "oral", "step", toRead)
}

// She is asked for what the service needs, and for no more.
func TestConsentOffersWhatTheServiceNeeds(t *testing.T) {
	c := at(t, "")
	for service, want := range map[string][]string{
		"legal_assistance_service": {"identity", "contact", "incident", "narrative", "safety_needs", "health", "forensic_certificate", "appointments"},
		"food_service":             {"identity", "contact", "safety_needs", "appointments"},
		"safehouse_service":        {"identity", "contact", "safety_needs", "health", "appointments"},
	} {
		p := c.post(c.path("/consent"), url.Values{"/service": {service}, "/recipient": {"legal-aid-clinic"}, "/purpose": {"service_delivery"}, "step": {toTerms}})
		var got []string
		for _, found := range regexp.MustCompile(`name="/categories" value="([a-z_]+)" checked`).FindAllStringSubmatch(p.text, -1) {
			got = append(got, found[1])
		}
		if !slices.Equal(got, want) || strings.Count(p.text, `name="/categories"`) != len(want) {
			t.Errorf("%s: %v is asked, and not %v", service, got, want)
		}
	}
}

// Whoever takes a case over sees all of it, so she is asked for all of it.
func TestConsentToATransferIsAboutAll(t *testing.T) {
	c := at(t, "")
	p := c.post(c.path("/consent"), url.Values{"/service": {"food_service"}, "/recipient": {"legal-aid-clinic"}, "/purpose": {"case_transfer"}, "step": {toTerms}})
	p.has(t, `name="/service" value="other_service"`, "sees all of it")
	if n := strings.Count(p.text, `name="/categories"`); n != 8 {
		t.Errorf("%d of 8 categories are asked", n)
	}
}

// Without a text that a named person reviewed nothing is read to her.
func TestConsentIsReadFromAReviewedTextAlone(t *testing.T) {
	ours := at(t, "")
	_, filled := ours.terms()
	filled.Set("read_in", "es")
	p := ours.post(ours.path("/consent"), filled)
	p.has(t, "Use an interpreter", "legal-aid-clinic", "She may say no, and loses no help", "She may take back a yes at any time")
	p.lacks(t, "Le pregunto", `class="sheet"`, "data-print")

	own := at(t, reviewedTexts(t))
	asked, filled := own.terms()
	asked.has(t, `<option value="es" lang="es"`)
	asked.lacks(t, `<option value="en" lang="en">English</option></select></div><div class="actions">`)
	filled.Set("read_in", "es")
	p = own.post(own.path("/consent"), filled)
	p.has(t, "Le pregunto: ¿puede legal-aid-clinic saber", "su nombre, su edad", "la ayuda de una abogada", "no pierde ninguna ayuda", "puede retirarlo en cualquier", "A. Example reviewed this text", `body class="sheet"`, "data-print")
	p.lacks(t, "Use an interpreter", "canary-name")
	filled.Set("read_in", "ar")
	own.post(own.path("/consent"), filled).has(t, "Use an interpreter")
}

// Her three answers are three buttons of one kind, and only a yes is a yes.
func TestHerAnswers(t *testing.T) {
	c := at(t, "")
	_, filled := c.terms()
	sentence := c.post(c.path("/consent"), filled)
	if got := regexp.MustCompile(`<div class="answers">(<button name="step" value="(agree|refuse|think)">[^<]+</button>\s*){3}</div>`).FindString(sentence.text); got == "" {
		t.Fatal("the answers are not three equal buttons")
	}
	think := c.post(c.path("/consent"), sentence.form("step", toThink))
	if think.location != c.path("") || len(c.orders("consents"))+len(c.orders("consents/refuse")) > 0 {
		t.Errorf("she wants to think, and something was recorded: %+v", think)
	}

	agree := c.post(c.path("/consent"), sentence.form("step", toAgree))
	if agree.location != c.path("?done=giveConsent") {
		t.Fatalf("after her yes: %d %s", agree.status, agree.location)
	}
	given := c.orders("consents")[0]
	day := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	if want := map[string]any{
		"recipient": "legal-aid-clinic", "service": "legal_assistance_service", "purpose": "service_delivery", "method": "oral", "given_by": "survivor",
		"categories": []any{"identity", "contact"}, "expires": day + "T23:59:00Z",
	}; !reflect.DeepEqual(given.Body, want) {
		t.Errorf("sent %v, not %v", given.Body, want)
	}
	c.post(c.path("/consent"), sentence.form("step", toAgree))
	if again := c.orders("consents"); again[1].Key != given.Key || given.Key == "" {
		t.Error("a form that is sent twice has two keys")
	}

	c.post(c.path("/consent"), sentence.form("step", toRefuse))
	no := c.orders("consents/refuse")[0]
	if want := map[string]any{"recipient": "legal-aid-clinic", "service": "legal_assistance_service", "purpose": "service_delivery"}; !reflect.DeepEqual(no.Body, want) || no.Key == given.Key {
		t.Errorf("her no is %v under %s", no.Body, no.Key)
	}
}

// Nothing is read to her that could not be recorded.
func TestConsentIsWholeBeforeSheIsAsked(t *testing.T) {
	for _, name := range []string{"/categories", "/expires", "/given_by", "/method"} {
		c := at(t, "")
		_, filled := c.terms()
		filled.Del(name)
		if p := c.post(c.path("/consent"), filled); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.text, "-fault") && !strings.Contains(p.text, `class="fault"`) {
			t.Errorf("without %s: %d", name, p.status)
		}
	}
}

// An agency that is not registered gives names that may have been meant, before she is asked.
func TestConsentFindsTheAgency(t *testing.T) {
	c := at(t, "")
	ask := func(name string) page {
		return c.post(c.path("/consent"), url.Values{"/service": {"legal_assistance_service"}, "/recipient": {name}, "/purpose": {"service_delivery"}, "step": {toTerms}})
	}
	ask("the clinic").has(t, `type="radio" name="/recipient" value="legal-aid-clinic"`, `value="forensic-clinic"`)
	none := ask("zzz")
	none.has(t, `value="legal-aid-clinic"`)
	none.lacks(t, `type="radio" name="/recipient" value="forensic-clinic"`)
	c.say("GET /hsds/organizations", 200, []byte(`{"contents":[{"name":"Casa Amiga","organization_identifiers":[{"identifier_scheme":"sanad-agency","identifier":"casa-amiga"},{"identifier_scheme":"tax","identifier":"77"}]}]}`))
	amiga := ask("casa amiga")
	amiga.has(t, `type="radio" name="/recipient" value="casa-amiga"`)
	amiga.lacks(t, `value="77"`)

	c.say("POST /v1/cases/{id}/consents", 409, file(t, "unknown"))
	_, filled := c.terms()
	late := c.post(c.path("/consent"), c.post(c.path("/consent"), filled).form("step", toAgree))
	late.has(t, `type="radio" name="/recipient" value="legal-aid-clinic"`)
}

func need() url.Values {
	return url.Values{
		askServices: {"legal_assistance_service", "psychosocial_service"}, askUrgency: {"urgent"}, askLanguage: {"es-GT"},
		askBlocked: {"canary-blocked\n"}, "step": {"match"},
	}
}

// The directory is asked without who she is, and each place says why.
func TestMatchingSaysWhy(t *testing.T) {
	c := at(t, "")
	p := c.post(c.path("/ask"), need())
	p.has(t, "She agreed that this agency is asked.", "She has not agreed to this agency yet.", `value="psychosocial_service counselling-centre"`, "Nobody is asked yet")
	asked := c.orders("matches")[0].Body
	for name, want := range map[string]any{
		"country": "GT", "language": "es-GT", "sex": "female", "age_band": "18+", "blocked": []any{"canary-blocked"},
		"services": []any{"legal_assistance_service", "psychosocial_service"},
	} {
		if !reflect.DeepEqual(asked[name], want) {
			t.Errorf("%s is %v, not %v", name, asked[name], want)
		}
	}
	if text, _ := json.Marshal(asked); strings.Contains(string(text), "canary-na") || strings.Contains(string(text), "canary-note") || strings.Contains(string(text), c.id) {
		t.Errorf("the directory learned who she is: %s", text)
	}
	if want := 2; len(asked["consents"].([]any)) != want {
		t.Errorf("%v of %d consents", asked["consents"], want)
	}
	short := c.post(c.path("/ask"), url.Values{"step": {"match"}})
	if short.status != http.StatusUnprocessableEntity || len(c.orders("matches")) != 1 {
		t.Errorf("nothing was needed, and the directory was asked: %d", short.status)
	}
}

// An agency that may not be asked for her is not offered, and the page says nothing of it;
// where nobody can tell who may be asked, nobody is offered.
func TestWhoMayNotBeAskedIsNotOffered(t *testing.T) {
	c := at(t, "")
	c.say("POST /v1/cases/{id}/askable", 200, []byte(`{"agencies":["legal-aid-clinic"]}`))
	p := c.post(c.path("/ask"), need())
	p.has(t, "legal-aid-clinic")
	p.lacks(t, "counselling-centre")
	asked := c.orders("askable")[0].Body["agencies"].([]any)
	if !slices.Contains(asked, any("legal-aid-clinic")) || !slices.Contains(asked, any("counselling-centre")) {
		t.Errorf("asked of %v", asked)
	}
	c.say("POST /v1/cases/{id}/askable", 503, []byte(`{"code":"record_quarantined","status":503}`))
	c.post(c.path("/ask"), need()).lacks(t, "legal-aid-clinic", "counselling-centre")
}

// What lacks her consent leads to it and comes back with all that was chosen; only then it
// is asked.
func TestAskingWaitsForHer(t *testing.T) {
	c := at(t, "")
	places := c.post(c.path("/ask"), need())
	chosen := places.form(askPick, "legal_assistance_service legal-aid-clinic", askPick, "psychosocial_service counselling-centre", "step", "choose")
	confirm := c.post(c.path("/ask"), chosen)
	confirm.has(t, "She agrees.", "She has not agreed yet.", `value="psychosocial_service counselling-centre"`, "Without her yes nobody is asked")
	confirm.lacks(t, `value="send"`)

	lead := confirm.form(askConsent, "psychosocial_service counselling-centre", askOpposing, "canary-opponent", askCheck, "legal_assistance_service")
	terms := c.post(c.path("/consent"), lead)
	terms.has(t, "What her yes would cover", "counselling-centre")
	sentence := c.post(c.path("/consent"), terms.form("/categories", "identity", "/expires", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "/given_by", "survivor", "/method", "oral", "step", toRead))

	c.say("GET /v1/cases/{id}/plan", 200, []byte(`{"steps":[{"service":"psychosocial_service","stage":"wanted","waits":true,"after":[{"service":"safehouse_service","code":"safety_first","words":"A safe place comes first.","holds":true}]}]}`))
	agreed := strings.Replace(string(file(t, "case")), `"consents": [`, `"consents": [{"id":"cons_1","recipient":"counselling-centre","service":"psychosocial_service","purpose":"service_delivery","status":"given"},`, 1)
	c.say("GET /v1/cases/{id}", 200, []byte(agreed))
	back := c.post(c.path("/consent"), sentence.form("step", toAgree))
	if back.status != http.StatusOK || back.location != "" {
		t.Fatalf("it does not come back: %d %s", back.status, back.location)
	}
	back.has(t, `value="send"`, "canary-opponent", "are told now", "Best after: Safe house.", "It is better to wait.")

	sent := c.post(c.path("/ask"), back.form(askOpposing, "canary-opponent", askCheck, "legal_assistance_service", askTell, "true", askVisit, "true", "step", "send"))
	if sent.location != c.path("?done=requestServices") {
		t.Fatalf("asked: %d %s", sent.status, sent.location)
	}
	order := c.orders("requests")[0]
	if order.Key == c.orders("consents")[0].Key {
		t.Error("the request has the key of the consent")
	}
	if want := map[string]any{"requests": []any{
		map[string]any{
			"service": "legal_assistance_service", "recipient": "legal-aid-clinic", "urgency": "urgent", "visit": "1",
			"needs": map[string]any{"language": "es", "conflict_check": true}, "opposing_party": []any{"canary-opponent"},
		},
		map[string]any{"service": "psychosocial_service", "recipient": "counselling-centre", "urgency": "urgent", "visit": "1", "needs": map[string]any{"language": "es"}},
	}}; !reflect.DeepEqual(order.Body, want) {
		t.Errorf("asked %v\nnot %v", order.Body, want)
	}
}

// Her no takes the agency out of what was chosen, and nothing else.
func TestHerNoIsNotAskedFor(t *testing.T) {
	c := at(t, "")
	form := url.Values{
		askServices: {"legal_assistance_service"}, askUrgency: {"urgent"}, "key": {newKey()},
		askPick:    {"legal_assistance_service legal-aid-clinic", "forensic_examination_service forensic-clinic"},
		"/service": {"legal_assistance_service"}, "/recipient": {"legal-aid-clinic"}, "/purpose": {"service_delivery"}, "step": {toRefuse},
	}
	p := c.post(c.path("/consent"), form)
	p.has(t, `name="ask.pick" value="forensic_examination_service forensic-clinic"`)
	p.lacks(t, `name="ask.pick" value="legal_assistance_service legal-aid-clinic"`)
}

// Several agencies for one service are asked one by one, at once, or find it; what a country
// asks for beside is asked of her from there.
func TestAskingSeveral(t *testing.T) {
	two := []string{"legal_assistance_service legal-aid-clinic", "legal_assistance_service law-society"}
	for mode, want := range map[string]map[string]any{
		"directed":  {"recipient": "legal-aid-clinic", "then": []any{map[string]any{"recipient": "law-society"}}},
		"broadcast": {"mode": "broadcast", "candidates": []any{map[string]any{"recipient": "legal-aid-clinic"}, map[string]any{"recipient": "law-society"}}},
		"queue":     {"mode": "queue", "candidates": []any{map[string]any{"recipient": "legal-aid-clinic"}, map[string]any{"recipient": "law-society"}}},
	} {
		c := at(t, "")
		want["service"], want["urgency"] = "legal_assistance_service", "urgent"
		c.post(c.path("/ask"), url.Values{askPick: two, askUrgency: {"urgent"}, askMode + "legal_assistance_service": {mode}, "key": {newKey()}, "step": {"send"}})
		if got := c.orders("requests")[0].Body["requests"].([]any)[0]; !reflect.DeepEqual(got, any(want)) {
			t.Errorf("%s: %v, not %v", mode, got, want)
		}
	}
	c := at(t, "")
	c.say("POST /v1/cases/{id}/requests", 409, []byte(`{"status":409,"code":"consent_missing","errors":[{"pointer":"/requests/0/candidates/1","rule":"consent to prosecution in force"}]}`))
	p := c.post(c.path("/ask"), url.Values{askPick: two, askUrgency: {"urgent"}, askMode + "legal_assistance_service": {"queue"}, "key": {newKey()}, "step": {"send"}})
	p.has(t, `value="legal_assistance_service law-society prosecution"`)
	terms := c.post(c.path("/consent"), p.form(askConsent, "legal_assistance_service law-society prosecution"))
	terms.lacks(t, "What her yes would cover") // law-society is not registered here
	c.say("GET /v1/agencies/law-society", 200, []byte(`{"agency":"law-society","status":"active"}`))
	c.post(c.path("/consent"), p.form(askConsent, "legal_assistance_service law-society prosecution")).has(t, `name="/purpose" value="prosecution"`)
}

const ref = "ref_01jrmw3tkf5hd41bz98c02qx67"

// A need that is unmet leads to another agency, to the same one, or to what she says.
func TestUnmetNeed(t *testing.T) {
	c := at(t, "")
	var k map[string]any
	if err := json.Unmarshal(file(t, "case"), &k); err != nil {
		t.Fatal(err)
	}
	k["referrals"] = []any{map[string]any{"id": ref, "recipient": "legal-aid-clinic", "service": "legal_assistance_service", "urgency": "urgent", "status": "completed", "ended_at": "2020-01-01T00:00:00Z"}}
	k["unmet_needs"], k["commands"] = []any{ref}, []any{"rerouteReferral", "resumeReferral", "settleNeed", "giveConsent"}
	put := func() {
		text, _ := json.Marshal(k)
		c.say("GET /v1/cases/{id}", 200, text)
	}
	put()
	p := c.get(c.path("/needs/" + ref))
	p.has(t, "Ask another agency", `value="resume"`, "How it is settled") // her consent is of a later day

	places := c.post(c.path("/ask"), url.Values{askReplaces: {ref}, askServices: {"legal_assistance_service"}, askUrgency: {"urgent"}, "step": {"match"}})
	places.has(t, "She did not get this help there.")
	c.post(c.path("/ask"), url.Values{askReplaces: {ref}, askPick: {"legal_assistance_service legal-aid-clinic"}, "key": {newKey()}, "step": {"send"}})
	if got, want := c.orders("reroute")[0].Body, (map[string]any{"referral": ref, "recipient": "legal-aid-clinic"}); !reflect.DeepEqual(got, want) {
		t.Errorf("rerouted %v, not %v", got, want)
	}

	c.say("POST /v1/cases/{id}/resume", 200, file(t, "case"))
	c.say("POST /v1/cases/{id}/settle", 200, file(t, "case"))
	c.post(c.path("/needs/"+ref), url.Values{"key": {newKey()}, "step": {"resume"}})
	c.post(c.path("/needs/"+ref), url.Values{"key": {newKey()}, "step": {"settle"}, "/settlement": {"met_elsewhere"}})
	if len(c.orders("resume")) != 1 || !reflect.DeepEqual(c.orders("settle")[0].Body, map[string]any{"referral": ref, "settlement": "met_elsewhere"}) {
		t.Errorf("sent %v", c.sent)
	}

	k["referrals"].([]any)[0].(map[string]any)["ended_at"] = "2999-01-01T00:00:00Z"
	put()
	old := c.get(c.path("/needs/" + ref)) // her consent is from before the end
	old.has(t, "Ask her for her consent")
	old.lacks(t, `value="resume"`)
	k["commands"] = []any{"withdrawConsent"}
	put()
	c.get(c.path("/needs/"+ref)).lacks(t, "Ask another agency", "How it is settled", "Ask her for her consent")
	if p := c.get(c.path("/needs/ref_01jrmw3tkf5hd41bz98c02qx68")); p.status != http.StatusNotFound {
		t.Errorf("a referral of nobody: %d", p.status)
	}
}

// Taking back is asked once more, says who is told, and is done for each consent by itself:
// the same form sent again does what was left.
func TestWithdrawal(t *testing.T) {
	c := at(t, "")
	again := c.post(c.path("/withdraw"), url.Values{"everything": {"true"}})
	again.has(t, "Told at once", "legal-aid-clinic, forensic-clinic")
	if len(c.orders("consents/withdraw")) > 0 {
		t.Fatal("it was not asked once more")
	}
	done := c.post(c.path("/withdraw"), again.form("step", "withdraw"))
	c.post(c.path("/withdraw"), again.form("step", "withdraw"))
	sent := c.orders("consents/withdraw")
	if done.location != c.path("?done=withdrawConsent") || len(sent) != 4 {
		t.Fatalf("%d %s, %d sent", done.status, done.location, len(sent))
	}
	if sent[0].Key != sent[2].Key || sent[1].Key != sent[3].Key || sent[0].Key == sent[1].Key {
		t.Errorf("the keys are %v", sent)
	}
	if none := c.post(c.path("/withdraw"), url.Values{}); !strings.Contains(none.text, "Nothing was chosen") {
		t.Error("nothing was chosen, and nobody says so")
	}

	c.say("GET /v1/cases/{id}", 200, []byte(`{"id":"`+c.id+`","consents":[{"id":"cons_1","status":"given"}],"commands":["refuseConsent","withdrawConsent"]}`))
	frame := c.get(c.path("/withdraw"))
	frame.has(t, "She names the agency and the help", "She takes back everything")
	named := c.post(c.path("/withdraw"), url.Values{"/recipient": {"Legal-Aid-Clinic"}, "/service": {"legal_assistance_service"}})
	c.post(c.path("/withdraw"), named.form("step", "withdraw"))
	if got, want := c.orders("consents/withdraw")[4].Body, (map[string]any{"recipient": "legal-aid-clinic", "service": "legal_assistance_service"}); !reflect.DeepEqual(got, want) {
		t.Errorf("sent %v, not %v", got, want)
	}
	c.get(c.path("/consent")).lacks(t, `value="terms"`)
}

// A register, a plan or a directory that does not answer takes only its own part away.
func TestAskingWithoutAPart(t *testing.T) {
	c := at(t, "")
	for _, route := range []string{"GET /v1/cases/{id}/plan", "GET /v1/agencies", "GET /hsds/organizations", "GET /v1/agencies/legal-aid-clinic"} {
		c.say(route, 503, []byte(`{"status":503,"code":"unavailable"}`))
	}
	for _, path := range []string{"/ask", "/consent", "/withdraw"} {
		if p := c.get(c.path(path)); p.status != http.StatusOK {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	if p, _ := c.terms(); !strings.Contains(p.text, "What her yes would cover") {
		t.Error("she cannot be asked while the register is away")
	}
}
