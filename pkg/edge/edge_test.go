package edge_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
)

const (
	uuid  = "0190f3a0-7c1b-7000-8000-0123456789ab"
	plant = `{"name":"Tulip","status":"seed","planted_at":"2026-03-01T09:00:00+06:00"}`
)

type Plant struct {
	Name      string            `json:"name"`
	Status    string            `json:"status"`
	PlantedAt time.Time         `json:"planted_at"`
	CutOn     string            `json:"cut_on,omitempty"`
	Label     string            `json:"label,omitempty"`
	Height    int               `json:"height,omitempty"`
	Tags      []string          `json:"tags,omitempty"`
	Bed       *Bed              `json:"bed,omitempty"`
	Soil      map[string]int    `json:"soil,omitempty"`
	Notes     map[string]string `json:"notes,omitempty"`
}

type Bed struct {
	Row int `json:"row"`
}

type nothing = struct{}

// garden is a service of four operations whose behaviour a test may replace.
type garden struct {
	router *edge.Router
	token  string
	issuer *identity.Issuer
	logs   strings.Builder

	add   func(context.Context, edge.Request[Plant]) (edge.Response, error)
	list  func(context.Context, edge.Request[nothing]) (edge.Response, error)
	get   func(context.Context, edge.Request[nothing]) (edge.Response, error)
	water func(context.Context, edge.Request[nothing]) (edge.Response, error)
	look  func(context.Context, edge.Request[nothing]) (edge.Response, error)
	keep  func(context.Context, edge.Request[edge.Upload]) (edge.Response, error)
}

func newGarden(t testing.TB, tp trace.TracerProvider) *garden {
	t.Helper()
	issuer, err := identity.NewIssuer("", "https://tokens.example", "sanad")
	if err != nil {
		t.Fatal(err)
	}
	g := &garden{issuer: issuer}
	g.token, err = issuer.Token(identity.Principal{Subject: "person-1", Agency: "garden-club", Roles: []string{"caseworker"}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	contract, err := os.ReadFile("testdata/garden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// The time stands still, or a bound would give back while it is spent, the
	// more the slower the machine is.
	now := time.Now()
	g.router, err = edge.New(edge.Config{
		Service: "garden", Contract: contract, Verifier: issuer.Verifier(), TracerProvider: tp,
		Chain: chain.New(chain.Config{
			TracerProvider: tp, Registerer: prometheus.NewRegistry(), Clock: func() time.Time { return now },
			Logger: slog.New(slog.NewTextHandler(&g.logs, nil)), RatePerSecond: 1_000_000,
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	ok := func(context.Context, edge.Request[nothing]) (edge.Response, error) { return edge.Response{}, nil }
	g.list, g.get, g.water, g.look = ok, ok, ok, ok
	g.add = func(context.Context, edge.Request[Plant]) (edge.Response, error) {
		return edge.Response{Status: http.StatusCreated, Body: map[string]string{"id": "plant_0001"}, Version: 1, Location: "/v1/plants/plant_0001"}, nil
	}
	edge.Handle(g.router, "GET /v1/plants", chain.Operation{ID: "listPlants", Permission: access.CaseRead},
		func(ctx context.Context, r edge.Request[nothing]) (edge.Response, error) { return g.list(ctx, r) })
	edge.HandleChange(g.router, "POST /v1/plants", chain.Operation{ID: "addPlant", Permission: access.CaseOpen},
		func(ctx context.Context, r edge.Request[Plant]) (edge.Response, error) { return g.add(ctx, r) })
	edge.Handle(g.router, "GET /v1/plants/{id}", chain.Operation{ID: "getPlant", Permission: access.CaseRead},
		func(ctx context.Context, r edge.Request[nothing]) (edge.Response, error) { return g.get(ctx, r) })
	edge.Handle(g.router, "POST /v1/plants/{id}/water", chain.Operation{ID: "waterPlant", Permission: access.MatterWrite},
		func(ctx context.Context, r edge.Request[nothing]) (edge.Response, error) { return g.water(ctx, r) })
	look := func(ctx context.Context, r edge.Request[nothing]) (edge.Response, error) { return g.look(ctx, r) }
	edge.Handle(g.router, "GET /v1/weather", chain.Operation{ID: "getWeather", Permission: access.Public}, look)
	edge.Handle(g.router, "GET /v1/hedges", chain.Operation{ID: "listHedges", Permission: access.Welcome}, look)
	edge.Handle(g.router, "POST /v1/weather", chain.Operation{ID: "addWeather", Permission: access.Public}, look)
	edge.Handle(g.router, "POST /v1/plants/{id}/files", chain.Operation{ID: "keepPicture", Permission: access.CaseOpen},
		func(ctx context.Context, r edge.Request[edge.Upload]) (edge.Response, error) { return g.keep(ctx, r) })
	edge.Handle(g.router, "GET /v1/plants/{id}/file", chain.Operation{ID: "getPicture", Permission: access.CaseRead},
		func(ctx context.Context, r edge.Request[nothing]) (edge.Response, error) { return g.get(ctx, r) })
	if err := g.router.Check(); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *garden) request(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+g.token)
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid)
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (g *garden) do(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	g.router.ServeHTTP(w, r)
	return w.Result()
}

type problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail"`
	Code    string         `json:"code"`
	Errors  []fault.Field  `json:"errors"`
	Current map[string]any `json:"current"`
	TraceID string         `json:"trace_id"`
}

// requireProblem holds an answer against RFC 9457.
func requireProblem(t testing.TB, resp *http.Response, status int, code string) problem {
	t.Helper()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", resp.StatusCode, status, body)
	}
	if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q", got)
	}
	var p problem
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatal(err)
	}
	if p.Code != code || p.Status != status || p.Title != http.StatusText(status) ||
		p.Type != "/docs/problems#"+code {
		t.Errorf("problem %+v, want code %q and status %d", p, code, status)
	}
	return p
}

func TestCommandIsUnderstood(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var got edge.Request[Plant]
	g.add = func(ctx context.Context, r edge.Request[Plant]) (edge.Response, error) {
		if p, err := identity.From(ctx); err != nil || p.Agency != "garden-club" {
			t.Errorf("principal %v, %v", p, err)
		}
		got = r
		return edge.Response{Status: http.StatusCreated, Body: r.Body, Version: 7, Location: "/v1/plants/plant_0001"}, nil
	}
	resp := g.do(g.request("POST", "/v1/plants", plant, "If-Match", `"3"`, "Idempotency-Key", strings.ToUpper(uuid)))
	if resp.StatusCode != http.StatusCreated {
		t.Fatal(requireProblem(t, resp, 201, ""))
	}
	want := map[string]string{
		"Content-Type": "application/json", "Etag": `"7"`, "Location": "/v1/plants/plant_0001",
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
	}
	for name, value := range want {
		if resp.Header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, resp.Header.Get(name), value)
		}
	}
	if len(got.Digest) != 32 {
		t.Errorf("digest of %d bytes", len(got.Digest))
	}
	got.Digest, got.Earlier = nil, nil
	if diff := cmp.Diff(edge.Request[Plant]{
		Body: Plant{Name: "Tulip", Status: "seed", PlantedAt: time.Date(2026, 3, 1, 9, 0, 0, 0, time.FixedZone("", 6*3600))},
		Key:  uuid, IfMatch: 3, Limit: 50,
	}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDigestTellsRequestsApart(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	seen := map[string]string{}
	note := func(name string, digest []byte) {
		if other, ok := seen[string(digest)]; ok {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[string(digest)] = name
	}
	var name string
	g.add = func(_ context.Context, r edge.Request[Plant]) (edge.Response, error) {
		note(name, r.Digest)
		return edge.Response{}, nil
	}
	g.get = func(_ context.Context, r edge.Request[nothing]) (edge.Response, error) {
		note(name, r.Digest)
		return edge.Response{}, nil
	}
	for _, r := range []*http.Request{
		g.request("POST", "/v1/plants", plant),
		g.request("POST", "/v1/plants", strings.Replace(plant, "Tulip", "Rose", 1)),
		g.request("GET", "/v1/plants/plant_0001", ""),
		g.request("GET", "/v1/plants/plant_0002", ""),
	} {
		name = r.Method + " " + r.URL.Path
		g.do(r)
	}
	if len(seen) != 4 {
		t.Errorf("%d digests of 4 requests", len(seen))
	}
}

func TestListIsUnderstood(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var got edge.Request[nothing]
	g.list = func(_ context.Context, r edge.Request[nothing]) (edge.Response, error) {
		got = r
		return edge.Response{Body: map[string]any{"items": []any{}}, Next: "a_b-c"}, nil
	}
	resp := g.do(g.request("GET", "/v1/plants?status=seed&tag=a&tag=b&young=true&limit=10&cursor=xyz", ""))
	if resp.StatusCode != http.StatusOK {
		t.Fatal(requireProblem(t, resp, 200, ""))
	}
	if got.Limit != 10 || got.Cursor != "xyz" || got.Query.Encode() != "status=seed&tag=a&tag=b&young=true" {
		t.Errorf("%+v", got)
	}
	if want := `</v1/plants?cursor=a_b-c&limit=10&status=seed&tag=a&tag=b&young=true>; rel="next"`; resp.Header.Get("Link") != want {
		t.Errorf("Link %s", resp.Header.Get("Link"))
	}
	g.do(g.request("GET", "/v1/plants", ""))
	if got.Limit != 50 || got.Cursor != "" || got.Query != nil {
		t.Errorf("defaults: %+v", got)
	}
}

func TestRefusals(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	const path = "/v1/plants"
	deep := strings.Repeat(`{"bed":`, 33) + "1" + strings.Repeat("}", 33)
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		code    string
		fields  []fault.Field
	}{
		"unknown path":            {g.request("GET", "/v1/trees", ""), 404, "not_found", nil},
		"root":                    {g.request("GET", "/", ""), 404, "not_found", nil},
		"path that is not clean":  {g.request("GET", "/v1//plants", ""), 404, "not_found", nil},
		"path with dots":          {g.request("GET", "/v1/x/../plants", ""), 404, "not_found", nil},
		"trailing slash":          {g.request("GET", "/v1/plants/", ""), 404, "not_found", nil},
		"unknown method":          {g.request("DELETE", path, ""), 405, "method_not_allowed", nil},
		"id of another form":      {g.request("GET", path+"/tree_0001", ""), 404, "not_found", nil},
		"id with an escape":       {g.request("GET", path+"/plant_%2f%2f01", ""), 404, "not_found", nil},
		"no token":                {g.request("GET", path, "", "Authorization", ""), 401, "unauthenticated", nil},
		"another scheme":          {g.request("GET", path, "", "Authorization", "Basic "+g.token), 401, "unauthenticated", nil},
		"bad token":               {g.request("GET", path, "", "Authorization", "Bearer x.y.z"), 401, "unauthenticated", nil},
		"role without permission": {g.request("POST", path+"/plant_0001/water", ""), 403, "forbidden", nil},

		"no key":                {g.request("POST", path, plant, "Idempotency-Key", ""), 400, "idempotency_key", nil},
		"key is no UUID":        {g.request("POST", path, plant, "Idempotency-Key", "1"), 400, "idempotency_key", nil},
		"key in braces":         {g.request("POST", path, plant, "Idempotency-Key", "{"+uuid+"}"), 400, "idempotency_key", nil},
		"weak If-Match":         {g.request("POST", path, plant, "If-Match", `W/"1"`), 400, "if_match", nil},
		"If-Match any":          {g.request("POST", path, plant, "If-Match", `*`), 400, "if_match", nil},
		"If-Match zero":         {g.request("POST", path, plant, "If-Match", `"0"`), 400, "if_match", nil},
		"no content type":       {g.request("POST", path, plant, "Content-Type", ""), 415, "media_type", nil},
		"another content type":  {g.request("POST", path, plant, "Content-Type", "text/json"), 415, "media_type", nil},
		"another charset":       {g.request("POST", path, plant, "Content-Type", "application/json; charset=latin1"), 415, "media_type", nil},
		"content encoding":      {g.request("POST", path, plant, "Content-Encoding", "gzip"), 415, "media_type", nil},
		"body too large":        {g.request("POST", path, strings.Repeat(" ", 65<<10)), 413, "too_large", nil},
		"body where none is":    {g.request("GET", path, "{}"), 400, "malformed", []fault.Field{{Pointer: "", Rule: "takes no body"}}},
		"empty body":            {g.request("POST", path, ""), 400, "malformed", []fault.Field{{Rule: "is not JSON"}}},
		"not JSON":              {g.request("POST", path, "{'name':1}"), 400, "malformed", []fault.Field{{Rule: "is not JSON"}}},
		"property twice":        {g.request("POST", path, `{"name":"a","name":"b"}`), 400, "malformed", []fault.Field{{Rule: "names a property twice"}}},
		"property twice, apart": {g.request("POST", path, `{"name":"a","\u006eame":"b"}`), 400, "malformed", []fault.Field{{Rule: "names a property twice"}}},
		"trailing data":         {g.request("POST", path, plant+"{}"), 400, "malformed", []fault.Field{{Rule: "goes on after the JSON value"}}},
		"too deep":              {g.request("POST", path, deep), 400, "malformed", []fault.Field{{Rule: "nests deeper than 32 levels"}}},
		"invalid UTF-8":         {g.request("POST", path, "{\"name\":\"\xff\"}"), 400, "malformed", []fault.Field{{Rule: "is not UTF-8"}}},
		"lone surrogate":        {g.request("POST", path, `{"name":"\ud800"}`), 400, "malformed", []fault.Field{{Rule: "is not UTF-8"}}},
		"number out of range":   {g.request("POST", path, `{"height":1e999}`), 400, "malformed", []fault.Field{{Rule: "has a number out of range"}}},

		"unknown query":       {g.request("GET", path+"?canary=1", ""), 422, "invalid", []fault.Field{{Pointer: "query", Rule: "has a parameter that is not in the contract"}}},
		"query not on list":   {g.request("GET", path+"?status=canary", ""), 422, "invalid", []fault.Field{{Pointer: "status", Rule: "must be one of the listed codes"}}},
		"query twice":         {g.request("GET", path+"?status=seed&status=grown", ""), 422, "invalid", []fault.Field{{Pointer: "status", Rule: "must be given once"}}},
		"query pattern":       {g.request("GET", path+"?tag=A", ""), 422, "invalid", []fault.Field{{Pointer: "tag", Rule: "must have the form that the contract gives"}}},
		"query boolean":       {g.request("GET", path+"?young=1", ""), 422, "invalid", []fault.Field{{Pointer: "young", Rule: "must be a boolean"}}},
		"limit zero":          {g.request("GET", path+"?limit=0", ""), 422, "invalid", []fault.Field{{Pointer: "limit", Rule: "must be at least 1"}}},
		"limit too high":      {g.request("GET", path+"?limit=201", ""), 422, "invalid", []fault.Field{{Pointer: "limit", Rule: "must be at most 200"}}},
		"limit is no integer": {g.request("GET", path+"?limit=+1", ""), 422, "invalid", []fault.Field{{Pointer: "limit", Rule: "must be an integer"}}},
		"limit empty":         {g.request("GET", path+"?limit=", ""), 422, "invalid", []fault.Field{{Pointer: "limit", Rule: "must be an integer"}}},
		"cursor form":         {g.request("GET", path+"?cursor=%21", ""), 422, "invalid", []fault.Field{{Pointer: "cursor", Rule: "must have the form that the contract gives"}}},
		"query unreadable":    {g.request("GET", path+"?a=%zz", ""), 400, "malformed", []fault.Field{{Pointer: "query", Rule: "is not a query"}}},

		"not an object": {g.request("POST", path, `[]`), 422, "invalid", []fault.Field{{Rule: "must be an object"}}},
		"many rules": {
			g.request("POST", path, `{"status":"canary","planted_at":"yesterday","cut_on":"1 May","label":"x","height":-1,"tags":["a","a","B"],"bed":{"canary":1},"canary":2,"soil":{"sand":1,"clay":2},"notes":{"canary":"too long"}}`),
			422, "invalid",
			[]fault.Field{
				{Pointer: "", Rule: "has a property that is not in the contract"},
				{Pointer: "/bed", Rule: "has a property that is not in the contract"},
				{Pointer: "/bed/row", Rule: "is required"},
				{Pointer: "/cut_on", Rule: "must be a date"},
				{Pointer: "/height", Rule: "must be at least 0"},
				{Pointer: "/label", Rule: "must be a UUID"},
				{Pointer: "/name", Rule: "is required"},
				{Pointer: "/notes", Rule: "has a property that is not in the contract"},
				{Pointer: "/planted_at", Rule: "must be a date-time with offset"},
				{Pointer: "/soil", Rule: "must fit one of the contract's variants"},
				{Pointer: "/status", Rule: "must be one of the listed codes"},
				{Pointer: "/tags", Rule: "must not have an item twice"},
				{Pointer: "/tags/2", Rule: "must have the form that the contract gives"},
			},
		},
		"lengths": {
			g.request("POST", path, `{"name":"","status":"seed","planted_at":"2026-03-01T09:00:00Z","tags":["a","b","c","d"],"height":1.5}`),
			422, "invalid",
			[]fault.Field{
				{Pointer: "/height", Rule: "must be an integer"},
				{Pointer: "/name", Rule: "must be at least 1 character"},
				{Pointer: "/tags", Rule: "must have at most 3 items"},
			},
		},
		"date-time without offset": {
			g.request("POST", path, `{"name":"x","status":"seed","planted_at":"2026-03-01T09:00:00"}`),
			422, "invalid",
			[]fault.Field{{Pointer: "/planted_at", Rule: "must be a date-time with offset"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			resp := g.do(c.request)
			body, _ := io.ReadAll(resp.Body)
			resp.Body = io.NopCloser(strings.NewReader(string(body)))
			p := requireProblem(t, resp, c.status, c.code)
			if diff := cmp.Diff(c.fields, p.Errors); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(string(body), "canary") {
				t.Errorf("repeats what was sent: %s", body)
			}
			if resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", resp.Header)
			}
			if (c.status == 401) != (resp.Header.Get("WWW-Authenticate") == "Bearer") {
				t.Errorf("WWW-Authenticate %q", resp.Header.Get("WWW-Authenticate"))
			}
		})
	}
}

func TestAtMostTwentyRulesAreListed(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	tags := strings.Repeat(`"A",`, 50) + `"B"`
	p := requireProblem(t, g.do(g.request("POST", "/v1/plants", `{"tags":[`+tags+`]}`)), 422, "invalid")
	if len(p.Errors) != 20 {
		t.Errorf("%d rules", len(p.Errors))
	}
}

func TestEveryKindHasItsStatus(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	for kind, want := range map[fault.Kind]struct {
		status     int
		retryAfter string
	}{
		fault.Internal: {500, ""}, fault.Malformed: {400, ""}, fault.Invalid: {422, ""}, fault.Unauthenticated: {401, ""},
		fault.Forbidden: {403, ""}, fault.NotFound: {404, ""}, fault.Conflict: {409, ""}, fault.Contended: {503, "1"},
		fault.Stale: {412, ""}, fault.TooLarge: {413, ""}, fault.Unsupported: {415, ""}, fault.RateLimited: {429, "1"},
		fault.Unavailable: {503, "1"},
	} {
		t.Run(kind.String(), func(t *testing.T) {
			g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) {
				return edge.Response{}, fault.New(kind, "some_code", "Some detail.").Showing(map[string]string{"id": "plant_0001"}, 9)
			}
			resp := g.do(g.request("GET", "/v1/plants/plant_0001", ""))
			p := requireProblem(t, resp, want.status, "some_code")
			if p.Detail != "Some detail." || p.Current["id"] != "plant_0001" || resp.Header.Get("ETag") != `"9"` {
				t.Errorf("problem %+v, ETag %s", p, resp.Header.Get("ETag"))
			}
			if got := resp.Header.Get("Retry-After"); got != want.retryAfter {
				t.Errorf("Retry-After %q, want %q", got, want.retryAfter)
			}
		})
	}
}

// A rule may know when the same request can succeed: the caller is told in whole
// seconds, and never to come back at once.
func TestAFaultSaysWhenToTryAgain(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	for wait, want := range map[time.Duration]string{0: "1", time.Millisecond: "1", time.Second: "1", 90 * time.Second: "90"} {
		g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) {
			return edge.Response{}, fmt.Errorf("look: %w", fault.New(fault.Conflict, "some_code", "Some detail.").After(wait).Because(errors.New("why")))
		}
		resp := g.do(g.request("GET", "/v1/plants/plant_0001", ""))
		requireProblem(t, resp, 409, "some_code")
		if got := resp.Header.Get("Retry-After"); got != want {
			t.Errorf("after %s: Retry-After %q, want %q", wait, got, want)
		}
	}
}

func TestDefectsAreOpaque(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	for name, fn := range map[string]func() (edge.Response, error){
		"an error of a library": func() (edge.Response, error) { return edge.Response{}, errors.New("canary") },
		"a panic":               func() (edge.Response, error) { panic("canary") },
		"a body of no JSON": func() (edge.Response, error) {
			return edge.Response{Body: map[string]any{"canary": make(chan int)}}, nil
		},
		"a body that panics": func() (edge.Response, error) { return edge.Response{Body: bomb{}}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			g.get = func(context.Context, edge.Request[nothing]) (edge.Response, error) { return fn() }
			resp := g.do(g.request("GET", "/v1/plants/plant_0001", ""))
			p := requireProblem(t, resp, 500, "internal")
			if strings.Contains(p.Detail, "canary") {
				t.Error("says what went wrong inside")
			}
		})
	}
	if !strings.Contains(g.logs.String(), "panic=string") || !strings.Contains(g.logs.String(), "stack=") {
		t.Error("a panic is not logged with its type and its stack")
	}
}

type bomb struct{}

func (bomb) MarshalJSON() ([]byte, error) { panic("canary") }

func TestHeadAndOptions(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	server := httptest.NewServer(g.router)
	defer server.Close()
	for method, want := range map[string]int{http.MethodHead: 200, http.MethodOptions: 204, http.MethodPut: 405} {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/v1/plants", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+g.token)
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: status %d", method, resp.StatusCode)
		}
		if method != http.MethodPut && len(body) > 0 {
			t.Errorf("%s: a body", method)
		}
		if method != http.MethodHead && resp.Header.Get("Allow") != "GET, HEAD, OPTIONS, POST" {
			t.Errorf("%s: Allow %q", method, resp.Header.Get("Allow"))
		}
	}
}

// A body that says it is too large is refused without being read, and so is
// one that does not say it and is.
func TestLargeBodies(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	r := g.request("POST", "/v1/plants", "")
	r.Body, r.ContentLength = io.NopCloser(unreadable{t}), 64<<10+1
	requireProblem(t, g.do(r), 413, "too_large")

	r = g.request("POST", "/v1/plants", "")
	r.Body, r.ContentLength = io.NopCloser(io.LimitReader(spaces{}, 1<<30)), -1
	requireProblem(t, g.do(r), 413, "too_large")
}

type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) { u.t.Error("reads the body"); return 0, io.EOF }

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Who may not ask does not make us read.
func TestRefusedCallersAreNotRead(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	r := g.request("POST", "/v1/plants", plant, "Authorization", "")
	r.Body = io.NopCloser(unreadable{t})
	requireProblem(t, g.do(r), 401, "unauthenticated")
}

func TestContractAndOperationsAreEqual(t *testing.T) {
	contract, err := os.ReadFile("testdata/garden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := identity.NewIssuer("", "i", "a")
	if err != nil {
		t.Fatal(err)
	}
	r, err := edge.New(edge.Config{
		Service: "garden", Contract: contract, Verifier: issuer.Verifier(), TracerProvider: noop.NewTracerProvider(),
		Chain: chain.New(chain.Config{TracerProvider: noop.NewTracerProvider(), Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler)}),
	})
	if err != nil {
		t.Fatal(err)
	}
	fn := func(context.Context, edge.Request[nothing]) (edge.Response, error) { return edge.Response{}, nil }
	edge.Handle(r, "GET /v1/plants", chain.Operation{ID: "plantsList", Permission: access.CaseRead}, fn)
	edge.Handle(r, "GET /v1/trees", chain.Operation{ID: "listTrees", Permission: access.CaseRead}, fn)
	edge.Handle(r, "GET /v1/plants/{id}", chain.Operation{ID: "getPlant", Permission: access.Public}, fn)
	edge.Handle(r, "GET /v1/weather", chain.Operation{ID: "getWeather", Permission: access.Welcome}, fn)
	edge.Handle(r, "POST /v1/plants/{id}/water", chain.Operation{ID: "waterPlant", Permission: access.MatterRead}, fn)
	edge.Handle(r, "GET /v1/hedges", chain.Operation{ID: "listHedges", Permission: access.CaseRead}, fn)
	edge.Handle(r, "POST /v1/plants", chain.Operation{ID: "addPlant", Permission: access.Welcome}, fn)
	edge.Handle(r, "POST /v1/plants", chain.Operation{ID: "addPlant", Permission: access.CaseOpen}, fn)
	edge.HandleChange(r, "GET /v1/plants", chain.Operation{ID: "listPlants", Permission: access.CaseRead}, fn)
	err = r.Check()
	if err == nil {
		t.Fatal("no complaint")
	}
	for _, want := range []string{
		"listTrees (GET /v1/trees) is not in the contract", "served as plantsList", "addWeather (POST /v1/weather) is in the contract and not served",
		"addPlant (POST /v1/plants) needs case:open in the contract, and is served to who has welcome",
		"addPlant (POST /v1/plants) is a change that takes Prefer in the contract, and served as data",
		"listPlants (GET /v1/plants) is data in the contract, and served as a change that takes Prefer",
		"listHedges (GET /v1/hedges) needs welcome in the contract, and is served to who has case:read",
		"getPlant (GET /v1/plants/{id}) needs case:read in the contract, and is served to who has public",
		"getWeather (GET /v1/weather) needs public in the contract, and is served to who has welcome",
		"waterPlant (POST /v1/plants/{id}/water) needs matter:write in the contract, and is served to who has matter:read",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no complaint about %q in %v", want, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("serves what belongs to the network itself")
		}
	}()
	edge.Handle(r, "GET /v1/plants", chain.Operation{ID: "listPlants", Permission: chain.System}, fn)
}

func TestContractsThatCannotBeServed(t *testing.T) {
	good, err := os.ReadFile("testdata/garden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"not YAML":               {string(good), "\t{"},
		"no operations":          {string(good), "openapi: 3.1.0"},
		"no operationId":         {"operationId: getPlant", "x: y"},
		"POST without a key":     {"- $ref: \"#/components/parameters/Key\"\n        - $ref: \"#/components/parameters/IfMatch\"\n        - ", "- $ref: \"#/components/parameters/IfMatch\"\n        - "},
		"POST that need not":     {"Idempotency-Key, in: header, required: true", "Idempotency-Key, in: header"},
		"open to whom, unsaid":   {`security: [{bearer: ["case:read"]}]`, "x-nothing: 1"},
		"open to whom, unclear":  {`security: [{bearer: ["case:read"]}]`, "security: [{}]"},
		"open to whom, strange":  {`security: [{bearer: ["case:read"]}]`, "security: [{}, {basic: []}, {bearer: []}]"},
		"open to each token":     {`security: [{bearer: ["case:read"]}]`, "security: [{bearer: []}]"},
		"two permissions":        {`security: [{bearer: ["case:read"]}]`, `security: [{bearer: ["case:read", "case:open"]}]`},
		"one permission or two":  {`security: [{bearer: ["case:read"]}]`, `security: [{bearer: ["case:read"]}, {bearer: ["case:open"]}]`},
		"undescribed path id":    {"PlantID: {name: id, in: path", "PlantID: {name: id, in: cookie"},
		"broken pattern":         {`"^plant_[0-9a-z]{4}$"`, `"("`},
		"reference to nothing":   {`"#/components/parameters/Limit"`, `"#/components/parameters/None"`},
		"body that is nowhere":   {`"#/components/requestBodies/Plant"`, `"#/components/requestBodies/None"`},
		"body from elsewhere":    {`"#/components/requestBodies/Plant"`, `"requestBodies/Plant"`},
		"reference to elsewhere": {`"#/components/parameters/Limit"`, `"https://example.org/limit"`},
	} {
		t.Run(name, func(t *testing.T) {
			contract := strings.Replace(string(good), change[0], change[1], 1)
			if _, err := edge.New(edge.Config{Service: "garden", Contract: []byte(contract)}); err == nil {
				t.Error("taken")
			}
		})
	}
}

// What is not to be shown is not sent, and the rest of the answer is the same.
func TestPreferMinimal(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	asked := 0
	g.add = func(_ context.Context, r edge.Request[Plant]) (edge.Response, error) {
		if r.Minimal {
			asked++
		}
		return edge.Response{Status: http.StatusCreated, Body: r.Body, Version: 7, Location: "/v1/plants/plant_0001"}, nil
	}
	served := httptest.NewServer(g.router)
	defer served.Close()
	do := func(target, prefer string) (*http.Response, string) {
		t.Helper()
		r := g.request("POST", target, plant, "Prefer", prefer)
		r.RequestURI = ""
		r.URL.Scheme, r.URL.Host = "http", served.Listener.Addr().String()
		resp, err := served.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	full, record := do("/v1/plants", "return=representation")
	if full.StatusCode != http.StatusCreated || record == "" || full.Header.Get("Preference-Applied") != "" {
		t.Errorf("%v %q", full, record)
	}
	short, body := do("/v1/plants", "respond-async, return=minimal")
	if short.StatusCode != http.StatusCreated || body != "" || short.ContentLength != 0 || asked != 1 {
		t.Errorf("%v %q", short, body)
	}
	for name, want := range map[string]string{
		"Etag": `"7"`, "Location": "/v1/plants/plant_0001", "Preference-Applied": "return=minimal", "Content-Type": "",
	} {
		if got := short.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if refused, body := do("/v1/plants?canary=1", "return=minimal"); refused.StatusCode != http.StatusUnprocessableEntity || body == "" || refused.Header.Get("Preference-Applied") != "" {
		t.Errorf("%v %q", refused, body)
	}
	g.add = func(context.Context, edge.Request[Plant]) (edge.Response, error) {
		return edge.Response{Version: 8}, nil
	}
	if short, body = do("/v1/plants", "return=minimal"); short.StatusCode != http.StatusNoContent || body != "" || short.Header.Get("Etag") != `"8"` {
		t.Errorf("%v %q", short, body)
	}
	g.list = func(_ context.Context, r edge.Request[nothing]) (edge.Response, error) {
		return edge.Response{Body: r.Minimal}, nil
	}
	if list := g.do(g.request("GET", "/v1/plants", "", "Prefer", "return=minimal")); list.StatusCode != http.StatusOK || list.Header.Get("Preference-Applied") != "" {
		t.Errorf("a list that does not take it: %v", list)
	}
}

// A program that sends a body again may write it anew. What it says is the same
// request; what says anything else is another.
func TestTheSameBodyWrittenAnewIsTheSameRequest(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var got edge.Request[Plant]
	g.add = func(_ context.Context, r edge.Request[Plant]) (edge.Response, error) {
		got = r
		return edge.Response{}, nil
	}
	digests := func(body string) (now, earlier string) {
		t.Helper()
		if resp := g.do(g.request("POST", "/v1/plants", body)); resp.StatusCode >= 300 {
			t.Fatalf("%s: %d", body, resp.StatusCode)
		}
		return string(got.Digest), string(got.Earlier)
	}
	const first = `{"name":"Tulip","status":"seed","planted_at":"2026-03-01T09:00:00+06:00","height":1,"tags":["a","b"],"bed":{"row":2}}`
	want, sent := digests(first)
	// Journals hold digests of the bytes, made in this way.
	if bytes := sha256.Sum256([]byte("POST /v1/plants\x00\x00" + first)); sent != string(bytes[:]) {
		t.Error("what earlier releases took is not known by its bytes any more")
	}
	for name, body := range map[string]string{
		"another order":     `{"bed":{"row":2},"tags":["a","b"],"height":1,"planted_at":"2026-03-01T09:00:00+06:00","status":"seed","name":"Tulip"}`,
		"other white space": strings.NewReplacer(",", " ,\n\t", ":1", ": 1").Replace(first),
		"escapes":           strings.NewReplacer("Tulip", `\u0054ul\u0069p`).Replace(first),
		"another number":    strings.Replace(first, `"height":1`, `"height":1e0`, 1),
	} {
		now, earlier := digests(body)
		if now != want || got.Body.Height != 1 || got.Body.Name != "Tulip" {
			t.Errorf("%s: is another request", name)
		}
		if earlier == sent {
			t.Errorf("%s: was the same request byte for byte, and so tests nothing", name)
		}
	}
	for name, body := range map[string]string{
		"another value":         strings.Replace(first, "Tulip", "Rose", 1),
		"another order of tags": strings.Replace(first, `["a","b"]`, `["b","a"]`, 1),
		"a name less":           strings.Replace(first, `,"bed":{"row":2}`, "", 1),
		"the same instant":      strings.Replace(first, "09:00:00+06:00", "03:00:00Z", 1),
	} {
		if now, _ := digests(body); now == want {
			t.Errorf("%s: is the same request", name)
		}
	}
}

// A field with what nobody can see, or with what makes it show as another text, is
// refused: the field and the rule are named, and nothing of it is repeated. The
// scripts of people reach the operation byte for byte.
func TestWhatPeopleWriteArrivesOrIsRefused(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	got := ""
	g.add = func(_ context.Context, r edge.Request[Plant]) (edge.Response, error) {
		got = r.Body.Name
		return edge.Response{}, nil
	}
	send := func(name string) *http.Response {
		got = ""
		body, err := json.Marshal(Plant{Name: name, Status: "seed"})
		if err != nil {
			t.Fatal(err)
		}
		return g.do(g.request("POST", "/v1/plants", string(body)))
	}
	for name, rule := range map[string]string{
		"   ":            "must hold more than white space",
		"zzz\x00":        "must not have a control character",
		"zzz\u202e":      "must not override the direction of its letters",
		"zzz\u2067":      "must close each direction that it opens, in the same line, and no other",
		"\u200b\ufeff\t": "must hold more than white space",
	} {
		p := requireProblem(t, send(name), 422, "invalid")
		if diff := cmp.Diff([]fault.Field{{Pointer: "/name", Rule: rule}}, p.Errors); diff != "" || got != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
	for _, name := range []string{"O'Connor", "علی\u200cرضا", "e\u0301", "\u2068فاطمة\u2069"} {
		if resp := send(name); resp.StatusCode >= 300 || got != name {
			t.Errorf("%q arrived as %q (%d)", name, got, resp.StatusCode)
		}
	}
}
