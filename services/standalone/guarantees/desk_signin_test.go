package guarantees_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// What a browser holds of a session, and what it is good for.
func TestTheSessionInTheBrowser(t *testing.T) {
	w := begin(t)
	t.Run("a random cookie", func(t *testing.T) { sessionIsARandomCookie(t, w.in(t)) })
	t.Run("the API reads none", func(t *testing.T) { theAPIReadsNoCookie(t, w.in(t)) })
	t.Run("a form from elsewhere", func(t *testing.T) { formFromElsewhereIsRefused(t, w.in(t)) })
}

// The browser holds a random id and nothing else: its flags, that it is another each time,
// and that it stands on no page (browser.judge).
func sessionIsARandomCookie(t *testing.T, w *world) {
	p := network.Seat(journey.FrontDesk, "caseworker")
	known := map[string]bool{}
	for range 3 {
		b := w.browser(p)
		if id := b.session(); len(id) != 43 || known[id] {
			t.Errorf("the session is called %q", id)
		} else {
			known[id] = true
		}
		flags := ""
		for _, seen := range b.trail {
			for _, c := range seen.header.Values("Set-Cookie") {
				if strings.HasPrefix(c, "__Host-") {
					flags = c[strings.Index(c, ";"):]
				}
			}
		}
		if flags != "; Path=/; HttpOnly; Secure; SameSite=Strict" {
			t.Errorf("the cookie is sent as %q", flags)
		}
		b.must("What waits for you", p.Subject)
	}
}

// A code holds once and for ten minutes. People type it as they read it.
func TestACodeHoldsOnceAndForTenMinutes(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	p := network.Seat(journey.FrontDesk, "caseworker")
	try := func(code string) *browser {
		t.Helper()
		b := w.stranger()
		b.open("/desk/sign-in")
		b.submit("Sign in", values{"Code": code})
		return b
	}
	code := w.code(p)
	typed := regexp.MustCompile(`(.{4})`).ReplaceAllString(strings.ToLower(code), "$1 - ")
	if b := try(typed); b.session() == "" {
		t.Errorf("typed in lower case, with spaces: %s", b.outline())
	}
	for _, wrong := range []string{code, typed, "0000 0000 0000", "..", "x", strings.Repeat("A", 2000), "\x00"} {
		b := try(wrong)
		b.must("The code cannot be used.")
		if b.session() != "" {
			t.Errorf("%q signs somebody in", wrong)
		}
	}
	late := w.code(p)
	clock.ahead(10*time.Minute - time.Second)
	early := try(w.code(p))
	if early.session() == "" {
		t.Error("a new code does not sign in")
	}
	clock.ahead(time.Second)
	if b := try(late); b.session() != "" {
		t.Error("a code of ten minutes ago signs in")
	}
	// No code is in an address or a log.
	for _, c := range []string{code, late, strings.ToLower(code)} {
		if strings.Contains(string(w.logs.all()), c) {
			t.Errorf("the log holds a code")
		}
	}
}

// The API takes no cookie: a page that a person opens cannot act in their name there.
func theAPIReadsNoCookie(t *testing.T, w *world) {
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	for _, o := range operations(t) {
		if o.public || strings.Contains(o.path, "{") || o.method != http.MethodGet {
			continue
		}
		status, _, _ := b.fetch(t.Context(), o.method, o.path, nil, nil)
		if status == http.StatusOK && !o.welcome(t) {
			t.Errorf("%s takes the cookie: %d", o.path, status)
		}
	}
	if status, _, _ := b.fetch(t.Context(), http.MethodGet, "/v1/referrals?role=sender", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("the referrals, with a cookie alone: %d", status)
	}
}

// welcome says that an operation needs no token, and takes one.
func (o operation) welcome(t *testing.T) bool {
	t.Helper()
	item := o.doc["paths"].(map[string]any)[o.path].(map[string]any)[strings.ToLower(o.method)].(map[string]any)
	security, own := item["security"].([]any)
	for _, s := range security {
		if m, _ := s.(map[string]any); len(m) == 0 {
			return true
		}
	}
	return own && len(security) == 0
}

// A form comes from this desk, or it is refused: cross-site, and where the browser does not
// say from where it comes. A telephone that says only the origin can work.
func formFromElsewhereIsRefused(t *testing.T, w *world) {
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	form := url.Values{"language": {"es"}, "back": {"/desk/"}}
	for _, c := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"says nothing", http.Header{}, http.StatusForbidden},
		{"another site", http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://elsewhere.example"}}, http.StatusForbidden},
		{"another site by its origin alone", http.Header{"Origin": {"https://elsewhere.example"}}, http.StatusForbidden},
		{"an origin that is hidden", http.Header{"Origin": {"null"}}, http.StatusForbidden},
		{"another port", http.Header{"Origin": {"http://127.0.0.1:1"}}, http.StatusForbidden},
		{"same site, another host", http.Header{"Sec-Fetch-Site": {"same-site"}}, http.StatusForbidden},
		{"this desk", http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {w.Base()}}, http.StatusSeeOther},
		{"this desk, an old telephone", http.Header{"Origin": {w.Base()}}, http.StatusSeeOther},
	} {
		for _, path := range []string{"/desk/language", "/desk/leave-nobody", "/desk/referrals/ref_1/packet", "/desk/do/acceptReferral/ref_1"} {
			status, header, body := b.fetch(t.Context(), http.MethodPost, path, form, c.header)
			if c.status == http.StatusForbidden && status != c.status || path == "/desk/language" && status != c.status {
				t.Errorf("%s, %s: %d %s", c.name, path, status, body)
			}
			if header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s: the answer may be kept", c.name, path)
			}
		}
	}
	// The same through whole pages: the old telephone sends what its pages let it send.
	old := w.stranger()
	old.noFetch = true
	old.signIn(network.Seat(journey.FrontDesk, "caseworker"))
	old.must("What waits for you")
}
