package desk_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/desk"
)

// served is a desk behind a server that gives up on slow requests.
type served struct {
	*httptest.Server
	t     *testing.T
	ahead atomic.Int64
	bell  chan struct{}
	done  context.CancelFunc
}

// impatient is for how long the server lets a request and its answer take.
const impatient = 800 * time.Millisecond

func serve(t *testing.T, beat time.Duration) *served {
	t.Helper()
	return serveOf(t, beat, "http://127.0.0.1:1", impatient) // nobody listens there
}

// serveOf is a desk of services at an address, behind a server that gives up after some time; 0
// is never.
func serveOf(t *testing.T, beat time.Duration, services string, limit time.Duration) *served {
	t.Helper()
	s := &served{t: t, bell: make(chan struct{})}
	ctx, done := context.WithCancel(t.Context())
	s.done = done
	routes, err := desk.Routes(desk.Config{
		Base: func(string) string { return services }, Audience: "sanad", Beat: beat, Done: ctx.Done(),
		Logger: slog.New(slog.DiscardHandler),
		Clock:  func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) },
		Code:   func(_ context.Context, code string) (string, error) { return token(code), nil },
		Bell: func(_ context.Context, agency string) <-chan struct{} {
			if agency == "an-agency" {
				return s.bell
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for pattern, h := range routes {
		if strings.HasSuffix(pattern, "/") {
			pattern += "{$}"
		}
		mux.Handle(pattern, h)
	}
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ReadTimeout, s.Config.WriteTimeout = limit, limit
	s.Start()
	t.Cleanup(func() { done(); s.Close() })
	return s
}

func token(subject string) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	claims := fmt.Sprintf(`{"sub":%q,"agency":"an-agency","roles":["caseworker"],"aud":"sanad","exp":%d}`, subject, time.Now().Add(time.Hour).Unix())
	return strings.Join([]string{part(`{"alg":"none"}`), part(claims), part("signature")}, ".")
}

func (s *served) ask(method, path string, cookie *http.Cookie, form url.Values) *http.Response {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != nil {
		req.AddCookie(cookie)
	}
	res, err := s.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func (s *served) signIn() *http.Cookie {
	s.t.Helper()
	for _, c := range s.ask(http.MethodPost, "/desk/sign-in", nil, url.Values{"code": {"somebody"}}).Cookies() {
		if strings.HasPrefix(c.Name, "__Host-") {
			return c
		}
	}
	s.t.Fatal("nobody signed in")
	return nil
}

// words are what a stream says.
type words struct {
	t *testing.T
	s *bufio.Scanner
}

func (s *served) live(cookie *http.Cookie) words {
	s.t.Helper()
	res := s.ask(http.MethodGet, "/desk/live", cookie, nil)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		s.t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	w := words{s.t, bufio.NewScanner(res.Body)}
	w.next("hello")
	return w
}

// next is the word that comes next; empty is the end.
func (w words) next(want string) {
	w.t.Helper()
	for w.s.Scan() {
		switch line := w.s.Text(); line {
		case "", "data:":
		case "event: " + want:
			return
		default:
			w.t.Fatalf("the stream says %q, want %q", line, want)
		}
	}
	if want != "" {
		w.t.Fatalf("the stream ended (%v), want %q", w.s.Err(), want)
	}
	if err := w.s.Err(); err != nil {
		w.t.Errorf("the stream broke off: %v", err)
	}
}

// A stream lasts longer than the server lets an answer take, and says when to look.
func TestAnOpenPageIsRungFor(t *testing.T) {
	s := serve(t, time.Hour)
	w := s.live(s.signIn())
	// Between two rings there is a rest, which is longer than the server's patience.
	for range 2 {
		s.bell <- struct{}{}
		w.next("ring")
	}
}

// Without a bell it rings all the same, now and then.
func TestItRingsWithoutABell(t *testing.T) {
	s := serve(t, time.Millisecond)
	s.live(s.signIn()).next("ring")
}

// A browser has one stream: a new one ends the old.
func TestABrowserListensOnce(t *testing.T) {
	s := serve(t, time.Hour)
	cookie := s.signIn()
	old, other := s.live(cookie), s.live(s.signIn())
	fresh := s.live(cookie)
	old.next("elsewhere")
	old.next("")
	for range 2 {
		s.bell <- struct{}{}
	}
	fresh.next("ring")
	other.next("ring")
}

// A stream looks at the session before each ring, and does not keep it up.
func TestListeningEndsWithTheSession(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(s *served, cookie *http.Cookie)
	}{
		{"Hide", func(s *served, c *http.Cookie) { s.ask(http.MethodPost, "/desk/lock", c, nil) }},
		{"Leave", func(s *served, c *http.Cookie) { s.ask(http.MethodPost, "/desk/leave", c, nil) }},
		{"idle", func(s *served, _ *http.Cookie) { s.ahead.Store(int64(15 * time.Minute)) }},
		{"the end of the token", func(s *served, c *http.Cookie) {
			for range 6 {
				s.ahead.Add(int64(10 * time.Minute))
				s.ask(http.MethodPost, "/desk/here", c, nil)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, time.Hour)
			cookie := s.signIn()
			w := s.live(cookie)
			s.ahead.Store(int64(8 * time.Minute))
			s.bell <- struct{}{}
			w.next("ring") // which is no activity: 15 minutes after sign-in it is over
			c.end(s, cookie)
			s.bell <- struct{}{}
			w.next("over")
			w.next("")
			if res := s.ask(http.MethodGet, "/desk/live", cookie, nil); res.StatusCode != http.StatusNoContent {
				t.Errorf("a stream without a session: %d", res.StatusCode)
			}
		})
	}
}

// When the server takes no requests any more, streams end, and it can stop.
func TestListeningDoesNotKeepTheServer(t *testing.T) {
	s := serve(t, time.Hour)
	w := s.live(s.signIn())
	s.Config.RegisterOnShutdown(s.done)
	if err := s.Config.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	w.next("")
}

// Nothing of the desk is cached but what tells of nobody.
func TestNothingIsKept(t *testing.T) {
	s := serve(t, time.Hour)
	cookie := s.signIn()
	for _, path := range []string{"/desk", "/desk/", "/desk/sign-in", "/desk/locked", "/desk/left", "/desk/nowhere", "/desk/referrals/ref_1", "/desk/do/none/1", "/console"} {
		for _, c := range []*http.Cookie{nil, cookie} {
			res := s.ask(http.MethodGet, path, c, nil)
			if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Content-Security-Policy") == "" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", path, res.Header)
			}
		}
	}
	page, err := io.ReadAll(s.ask(http.MethodGet, "/desk/sign-in", nil, nil).Body)
	if err != nil {
		t.Fatal(err)
	}
	_, asset, _ := strings.Cut(string(page), `href="/desk/asset/`)
	asset, _, _ = strings.Cut(asset, `"`)
	if res := s.ask(http.MethodGet, "/desk/asset/"+asset, nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", asset, res.StatusCode, res.Header)
	}
}

// Somebody hides the desk while a service is asked. What it answers then is not shown.
func TestHiddenWhileAServiceIsAsked(t *testing.T) {
	asked, goOn := make(chan struct{}), make(chan struct{})
	services := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-goOn
		_, _ = io.WriteString(w, `{"id":"ref_1","service":"legal_assistance_service","status":"accepted","items":[]}`)
	}))
	defer services.Close()
	for name, hides := range map[string]bool{"nobody hides it": false, "hidden": true} {
		t.Run(name, func(t *testing.T) {
			s := serveOf(t, time.Hour, services.URL, 0)
			cookie := s.signIn()
			page := make(chan string)
			go func() {
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/desk/referrals/ref_1", nil)
				req.AddCookie(cookie)
				res, err := s.Client().Do(req)
				if err != nil {
					page <- err.Error()
					return
				}
				defer func() { _ = res.Body.Close() }()
				text, err := io.ReadAll(res.Body)
				page <- string(text) + fmt.Sprint(err)
			}()
			<-asked
			if hides {
				s.ask(http.MethodPost, "/desk/lock", cookie, nil)
			}
			for shown := ""; shown == ""; {
				select {
				case goOn <- struct{}{}:
				case <-asked:
				case shown = <-page:
					if strings.Contains(shown, "Legal help") == hides || strings.Contains(shown, `action="/desk/sign-in"`) != hides {
						t.Errorf("the page says\n%s", shown)
					}
				}
			}
		})
	}
}

// A page is told by the next touch that its person left everywhere. One that is only locked is
// not: what somebody writes there is kept when it is sent.
func TestATouchAfterLeaving(t *testing.T) {
	s := serve(t, time.Hour)
	one, other := s.signIn(), s.signIn()
	here := func(cookie *http.Cookie, want int) {
		t.Helper()
		if res := s.ask(http.MethodPost, "/desk/here", cookie, nil); res.StatusCode != want {
			t.Errorf("%d, want %d", res.StatusCode, want)
		}
	}
	here(other, http.StatusNoContent)
	s.ask(http.MethodPost, "/desk/lock", one, nil)
	here(one, http.StatusNoContent)
	s.ask(http.MethodPost, "/desk/leave-everywhere", one, nil)
	here(one, http.StatusResetContent)
	here(other, http.StatusResetContent)
	here(nil, http.StatusResetContent)
}

// A page that is asked for again by itself and cannot be had says so in the place of what it
// showed, and asks again at the next ring. Who opens it anew sees a page of its own.
func TestAPageThatCannotBeHadAgainSaysSo(t *testing.T) {
	s := serve(t, time.Hour)
	cookie := s.signIn()
	for _, path := range []string{"/desk/referrals?view=new", "/desk/referrals/ref_01jrd2k9m4qf8w1x5c3b6h0tz7"} {
		for _, rung := range []bool{true, false} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.AddCookie(cookie)
			if rung {
				req.Header.Set("Sanad-Bell", "1")
			}
			res, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
			}
			live := `<div id="live" hx-get="` + html.EscapeString(path) + `"`
			if _, inside, _ := strings.Cut(string(body), live); rung && strings.Count(inside, "<h1>") != 1 {
				t.Errorf("%s: what a page asks for again has not one heading", path)
			}
			if !rung && strings.Contains(string(body), `id="live"`) {
				t.Errorf("%s: a page that was opened and not had asks for itself again", path)
			}
		}
	}
}
