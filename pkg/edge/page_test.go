package edge_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
)

const letterbox = `
openapi: 3.1.0
paths:
  /box:
    get:
      operationId: getBox
      security: []
      responses: {"200": {content: {text/html: {schema: {type: string}}}}}
    post:
      operationId: postBox
      security: []
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Letter"}}}}
      responses: {"303": {content: {text/html: {schema: {type: string}}}}}
components:
  schemas:
    Letter: {type: object, additionalProperties: false, required: [secret], properties: {secret: {type: string, maxLength: 20}, answer: {type: string, enum: [yes, no]}}}
`

type letter struct {
	Secret string `json:"secret"`
	Answer string `json:"answer"`
}

// box is a page that keeps what was posted and shows what it was given back.
func box(t *testing.T) (serve http.Handler, posts *int) {
	t.Helper()
	issuer, err := identity.NewIssuer("", "https://tokens.example", "sanad")
	if err != nil {
		t.Fatal(err)
	}
	router, err := edge.New(edge.Config{
		Service: "box", Contract: []byte(letterbox), Verifier: issuer.Verifier(), TracerProvider: noop.NewTracerProvider(),
		Chain: chain.New(chain.Config{
			TracerProvider: noop.NewTracerProvider(), Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler), RatePerSecond: 1_000_000, AnonymousPerSecond: 1_000_000,
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	posts = new(int)
	refused := func(v edge.Visit, f *fault.Error) edge.Page {
		if v.Form && f.Kind == fault.NotFound {
			return edge.Page{HTML: []byte("on"), See: "/box", Keep: "refused"}
		}
		return edge.Page{HTML: []byte("refused here")}
	}
	edge.HandlePage(router, "GET /box", "getBox", func(_ context.Context, r edge.Request[nothing]) (edge.Page, error) {
		return edge.Page{HTML: []byte("kept:" + r.Kept)}, nil
	}, refused)
	edge.HandlePage(router, "POST /box", "postBox", func(_ context.Context, r edge.Request[letter]) (edge.Page, error) {
		*posts++
		if r.Body.Secret == "wrong" {
			return edge.Page{}, fault.New(fault.NotFound, "not_found", "x")
		}
		return edge.Page{HTML: []byte("on"), See: "/box", Keep: r.Body.Secret + "|" + r.Body.Answer}, nil
	}, refused)
	if err := router.Check(); err != nil {
		t.Fatal(err)
	}
	return router, posts
}

// A form sends the browser to the page. Loading that anew repeats nothing, and shows
// once what the form was answered. No address holds what was typed.
func TestLoadingAPageAnewRepeatsNoForm(t *testing.T) {
	handler, posts := box(t)
	served := httptest.NewServer(handler)
	defer served.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := served.Client()
	browser.Jar = jar
	var addresses []string
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		addresses = append(addresses, r.Method+" "+r.URL.String())
		return nil
	}
	do := func(form url.Values) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, served.URL+"/box", nil)
		if form != nil {
			req, err = http.NewRequestWithContext(t.Context(), http.MethodPost, served.URL+"/box", strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if err != nil {
			t.Fatal(err)
		}
		resp, err := browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	for _, c := range []struct{ secret, shown string }{{"s3cr3t é;", "kept:s3cr3t é;|"}, {"wrong", "kept:refused"}} {
		*posts = 0
		if got := do(url.Values{"secret": {c.secret}, "answer": {""}}); got != c.shown || *posts != 1 {
			t.Errorf("%q: %q after %d", c.secret, got, *posts)
		}
		for range 2 {
			if got := do(nil); got != "kept:" || *posts != 1 {
				t.Errorf("%q, anew: %q after %d", c.secret, got, *posts)
			}
		}
	}
	for _, a := range addresses {
		if a != "GET "+served.URL+"/box" {
			t.Errorf("sent on to %s", a)
		}
	}
	if len(addresses) != 2 {
		t.Errorf("%d of 2 forms sent on", len(addresses))
	}
}

// What is kept is for this page, this site and this minute, no script reads it, and
// over TLS it stays there, also where a proxy ends the TLS.
func TestWhatABrowserKeeps(t *testing.T) {
	handler, _ := box(t)
	for name, c := range map[string]struct {
		change func(*http.Request)
		secure bool
	}{
		"an office without TLS": {func(*http.Request) {}, false},
		"TLS":                   {func(r *http.Request) { *r = *httptest.NewRequest(r.Method, "https://x.example/box", r.Body); form(r) }, true},
		"TLS at a proxy":        {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }, true},
	} {
		r := httptest.NewRequest(http.MethodPost, "/box", strings.NewReader("secret=x"))
		form(r)
		c.change(r)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		got := w.Result().Cookies()
		if w.Code != http.StatusSeeOther || len(got) != 1 {
			t.Fatalf("%s: %d, %v", name, w.Code, got)
		}
		if k := got[0]; k.Path != "/box" || k.Domain != "" || k.MaxAge != 60 || !k.HttpOnly || k.SameSite != http.SameSiteStrictMode || k.Secure != c.secure {
			t.Errorf("%s: %v", name, k)
		}
	}
	for name, cookies := range map[string][]string{
		"none": nil, "another's": {"other=eA"}, "two": {"kept=eA", "kept=eQ"}, "not ours": {"kept=%%%"}, "too long": {"kept=" + strings.Repeat("eA", 4000)},
	} {
		r := httptest.NewRequest(http.MethodGet, "/box", nil)
		for _, c := range cookies {
			r.Header.Add("Cookie", c)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		forgotten := strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0")
		if w.Code != http.StatusOK || w.Body.String() != "kept:" || forgotten != strings.Contains(strings.Join(cookies, ";"), "kept=") {
			t.Errorf("%s: %d %q %v", name, w.Code, w.Body, w.Header())
		}
	}
}

func form(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
