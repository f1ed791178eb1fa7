package oidc_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/desk/internal/oidc"
	"github.com/sanad-network/sanad/services/desk/internal/site"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The pages that a person sees at the end, by a sentence of each.
const (
	signedIn = "You are signed in"
	again    = "You could not be signed in. Please try again."
	noPlace  = "You have no place in this network. Please ask who runs it."
)

// canary is in all that the provider knows of the person.
const canary = "canary-7c1e"

// network is a provider, a desk before it, and a service that the desk asks.
type network struct {
	t        *testing.T
	provider *mockoidc.MockOIDC
	desk     *httptest.Server
	log      *bytes.Buffer
	logging  sync.Mutex
	later    atomic.Int64 // how much later it is for the desk, in nanoseconds
	away     atomic.Bool  // whether the desk reaches the provider
	bearer   atomic.Value // what the service was sent last

	// access and id change the claims of the tokens, and answer the whole answer.
	access, id func(jwt.MapClaims)
	answer     func(map[string]any)
}

func (n *network) Write(p []byte) (int, error) {
	n.logging.Lock()
	defer n.logging.Unlock()
	return n.log.Write(p)
}

func (n *network) logged() string {
	n.logging.Lock()
	defer n.logging.Unlock()
	return n.log.String()
}

// anew has everything be as at the start, for another test.
func (n *network) anew(t *testing.T) {
	n.logging.Lock()
	defer n.logging.Unlock()
	n.t = t
	n.log.Reset()
	n.later.Store(0)
	n.access, n.id, n.answer = func(jwt.MapClaims) {}, func(jwt.MapClaims) {}, func(map[string]any) {}
}

func open(t *testing.T) *network {
	t.Helper()
	n := &network{log: &bytes.Buffer{}}
	n.anew(t)
	var err error
	if n.provider, err = mockoidc.NewServer(nil); err != nil {
		t.Fatal(err)
	}
	if err := n.provider.AddMiddleware(n.tokens); err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := n.provider.Start(listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.provider.Shutdown() })
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.bearer.Store(r.Header.Get("Authorization"))
		_, _ = w.Write([]byte(`{"new":3}`))
	}))
	t.Cleanup(service.Close)
	var routes atomic.Value
	n.desk = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		routes.Load().(http.Handler).ServeHTTP(w, r)
	}))
	t.Cleanup(n.desk.Close)
	routes.Store(n.pages(service.URL))
	return n
}

// pages are those of one process: another has another key.
func (n *network) pages(service string) http.Handler {
	n.t.Helper()
	transport := &way{open: &http.Transport{}, away: &n.away}
	n.t.Cleanup(transport.open.CloseIdleConnections)
	clock := func() time.Time { return time.Now().Add(time.Duration(n.later.Load())) }
	p, err := oidc.New(oidc.Config{
		Issuer: n.provider.Issuer(), ClientID: n.provider.ClientID, ClientSecret: n.provider.ClientSecret,
		RedirectURL: n.desk.URL + oidc.CallbackPath, Audience: "sanad", Transport: transport, Clock: clock,
	})
	if err != nil {
		n.t.Fatal(err)
	}
	pages, err := desk.Pages(desk.Config{
		Base: func(string) string { return service }, Audience: "sanad", Provider: p, Clock: clock, Logger: telemetry.NewLogger(n, -8),
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return pages
}

// way leads to the provider.
type way struct {
	open *http.Transport
	away *atomic.Bool
}

func (w *way) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.away.Load() {
		return nil, errors.New("no way to the provider for " + canary)
	}
	return w.open.RoundTrip(r)
}

// tokens makes the tokens of this network of those that the provider gives.
func (n *network) tokens(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != mockoidc.TokenEndpoint {
			next.ServeHTTP(w, r)
			return
		}
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		if kept.Code != http.StatusOK {
			w.WriteHeader(kept.Code)
			_, _ = w.Write(kept.Body.Bytes())
			return
		}
		var answer map[string]any
		if err := json.Unmarshal(kept.Body.Bytes(), &answer); err != nil {
			n.t.Error(err)
		}
		id := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(answer["id_token"].(string), id); err != nil {
			n.t.Error(err)
		}
		now := time.Now()
		access := jwt.MapClaims{
			"iss": n.provider.Issuer(), "aud": []string{"sanad"}, "sub": canary, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
			"agency": "harbour-desk", "roles": []string{"caseworker"}, "email": canary + "@example.org",
		}
		id["auth_time"] = now.Unix()
		n.access(access)
		n.id(id)
		answer["access_token"], answer["id_token"] = n.signed(access), n.signed(id)
		n.answer(answer)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	})
}

func (n *network) signed(claims jwt.MapClaims) string {
	token, err := n.provider.Keypair.SignJWT(claims)
	if err != nil {
		n.t.Error(err)
	}
	return token
}

// browser keeps cookies and follows nothing by itself.
func (n *network) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		n.t.Fatal(err)
	}
	b := n.desk.Client()
	one := *b
	one.Jar = jar
	one.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &one
}

// read gets a page: its status, where it leads, and its text.
func (n *network) read(b *http.Client, address string) (int, string, string) {
	n.t.Helper()
	res, err := b.Get(address)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), html.UnescapeString(string(text))
}

// begin goes to the provider and signs in there. It gives what the desk sent, and where the
// provider sends the browser back to.
func (n *network) begin(b *http.Client) (sent, callback *url.URL) {
	n.t.Helper()
	n.provider.QueueUser(&mockoidc.MockUser{Subject: canary, Email: canary + "@example.org"})
	status, there, _ := n.read(b, n.desk.URL+"/desk/provider")
	if status != http.StatusSeeOther {
		n.t.Fatalf("to the provider: %d", status)
	}
	status, back, text := n.read(b, there)
	if status != http.StatusFound {
		n.t.Fatalf("the provider answers %d: %s", status, text)
	}
	sent, err := url.Parse(there)
	if err != nil {
		n.t.Fatal(err)
	}
	callback, err = url.Parse(back)
	if err != nil {
		n.t.Fatal(err)
	}
	return sent, callback
}

// kept is what the browser keeps of a sign-in, and whether it has a session.
func (n *network) kept(b *http.Client) (signIn *http.Cookie, session bool) {
	at, err := url.Parse(n.desk.URL + oidc.CallbackPath)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(at) {
		switch c.Name {
		case "__Secure-sanad-sign-in":
			signIn = c
		case "__Host-sanad":
			session = true
		}
	}
	return signIn, session
}

func (n *network) put(b *http.Client, c *http.Cookie) {
	at, err := url.Parse(n.desk.URL + oidc.CallbackPath)
	if err != nil {
		n.t.Fatal(err)
	}
	b.Jar.SetCookies(at, []*http.Cookie{{Name: c.Name, Value: c.Value, Path: oidc.CallbackPath, Secure: true}})
}

func change(u *url.URL, name, value string) {
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
}

func TestSignIn(t *testing.T) {
	n := open(t)
	var token string
	n.answer = func(a map[string]any) { token = a["access_token"].(string) }
	b := n.browser()
	sent, callback := n.begin(b)
	query := sent.Query()
	for name, want := range map[string]string{
		"response_type": "code", "code_challenge_method": "S256", "prompt": "login", "max_age": "0", "scope": "openid",
		"redirect_uri": n.desk.URL + "/desk/callback",
	} {
		if got := query.Get(name); got != want {
			t.Errorf("the desk sends %s=%q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(query.Get(name)) < 43 {
			t.Errorf("%s can be guessed", name)
		}
	}
	status, leads, text := n.read(b, callback.String())
	// A redirect would not carry the Strict cookie of the session.
	if status != http.StatusOK || leads != "" || !strings.Contains(text, signedIn) || !strings.Contains(text, `href="/desk/"`) {
		t.Fatalf("callback: %d, leads to %q: %s", status, leads, text)
	}
	if signIn, session := n.kept(b); signIn != nil || !session {
		t.Errorf("the browser still has the sign-in: %t; it has a session: %t", signIn != nil, session)
	}
	for _, private := range []string{token, callback.Query().Get("code"), callback.Query().Get("state")} {
		if strings.Contains(text, private) {
			t.Errorf("on the page is %q", private)
		}
	}
	if _, _, home := n.read(b, n.desk.URL+"/desk/"); !strings.Contains(home, "What waits for you") {
		t.Errorf("home: %s", home)
	}
	if got := n.bearer.Load(); got != "Bearer "+token {
		t.Errorf("the service was sent %v", got)
	}
	if n.logged() != "" {
		t.Errorf("logged: %s", n.logged())
	}
}

// A form that was sent with a session that had ended comes back after the sign-in, though a
// browser sends the Strict cookie of that session with nothing that another site caused.
func TestWhatWasWrittenComesBack(t *testing.T) {
	const written = "written-3f8a"
	n := open(t)
	for name, c := range map[string]struct {
		agency string
		back   bool
	}{"the same person": {"harbour-desk", true}, "another agency": {"hill-desk", false}} {
		t.Run(name, func(t *testing.T) {
			n.anew(t)
			b := n.browser()
			_, callback := n.begin(b)
			n.read(b, callback.String())
			n.post(b, "/desk/lock", nil)
			if text := n.post(b, "/desk/referrals/0198c7a1/packet", url.Values{"reason": {written}}); !strings.Contains(text, "was kept for 15 minutes") {
				t.Fatalf("it was not kept: %s", text)
			}
			n.access = with("agency", c.agency)
			_, callback = n.begin(b)
			signIn, _ := n.kept(b)
			if _, _, text := n.read(n.with(signIn), callback.String()); strings.Contains(text, written) != c.back || !strings.Contains(text, signedIn) {
				t.Errorf("the page: %s", text)
			}
		})
	}
}

func (n *network) post(b *http.Client, path string, form url.Values) string {
	n.t.Helper()
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodPost, n.desk.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", n.desk.URL)
	res, err := b.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return html.UnescapeString(string(text))
}

// What a browser keeps of a sign-in cannot be read by scripts, goes to one address, is
// sent when the provider leads back, and ends.
func TestCookieOfASignIn(t *testing.T) {
	n := open(t)
	res, err := n.browser().Get(n.desk.URL + "/desk/provider")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	cookies := res.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	c := cookies[0]
	if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/desk/callback" || c.MaxAge != 300 || c.Domain != "" {
		t.Errorf("cookie: %v", c)
	}
	sent, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(c.Value, sent.Query().Get("state")) {
		t.Error("the cookie is not sealed")
	}
}

func TestWhoIsNotSignedIn(t *testing.T) {
	other, err := mockoidc.RandomKeypair(2048)
	if err != nil {
		t.Fatal(err)
	}
	n := open(t)
	past := time.Now().Add(-2 * time.Hour).Unix()
	for name, c := range map[string]struct {
		page string
		step site.Refusal
		// tokens changes what the provider will give; back what the browser does then.
		tokens func(*network)
		back   func(n *network, b *http.Client, callback *url.URL)
	}{
		"wrong state": {page: again, step: oidc.ErrState, back: func(_ *network, _ *http.Client, at *url.URL) { change(at, "state", "x") }},
		"state of another sign-in": {page: again, step: oidc.ErrState, back: func(n *network, _ *http.Client, at *url.URL) {
			_, others := n.begin(n.browser())
			at.RawQuery = others.RawQuery
		}},
		"no state": {page: again, step: oidc.ErrState, back: func(_ *network, _ *http.Client, at *url.URL) { at.RawQuery = "code=a-code" }},
		"a long answer": {page: again, step: oidc.ErrState, back: func(_ *network, _ *http.Client, at *url.URL) {
			change(at, "code", strings.Repeat("x", 5000))
		}},
		"another issuer answers": {page: again, step: oidc.ErrState, back: func(_ *network, _ *http.Client, at *url.URL) {
			change(at, "iss", "https://login.example.org")
		}},
		"the person refuses": {page: again, step: oidc.ErrRefused, back: func(_ *network, _ *http.Client, at *url.URL) {
			state := at.Query().Get("state")
			at.RawQuery = url.Values{"state": {state}, "error": {"access_denied"}, "error_description": {canary}}.Encode()
		}},
		"no cookie": {page: again, step: oidc.ErrCookie, back: func(n *network, b *http.Client, _ *url.URL) { b.Jar = n.browser().Jar }},
		"cookie too old": {page: again, step: oidc.ErrCookie, back: func(n *network, _ *http.Client, _ *url.URL) {
			n.later.Store(int64(5 * time.Minute))
		}},
		"cookie changed": {page: again, step: oidc.ErrCookie, back: func(n *network, b *http.Client, _ *url.URL) {
			c, _ := n.kept(b)
			flip := "A"
			if strings.HasSuffix(c.Value[:20], "A") {
				flip = "B"
			}
			c.Value = c.Value[:19] + flip + c.Value[20:]
			n.put(b, c)
		}},
		"cookie of another process": {page: again, step: oidc.ErrCookie, back: func(n *network, b *http.Client, _ *url.URL) {
			elsewhere := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "https://desk.example/desk/provider", nil)
			n.pages("").ServeHTTP(elsewhere, r)
			n.put(b, elsewhere.Result().Cookies()[0])
		}},
		"used before": {page: again, step: oidc.ErrUsed, back: func(n *network, b *http.Client, at *url.URL) {
			c, _ := n.kept(b)
			if _, _, text := n.read(n.with(c), at.String()); !strings.Contains(text, signedIn) {
				n.t.Fatalf("the first time: %s", text)
			}
		}},
		"code used twice": {page: again, step: oidc.ErrExchange, back: func(n *network, b *http.Client, at *url.URL) {
			c, _ := n.kept(b)
			n.read(n.with(c), at.String())
			code := at.Query().Get("code")
			_, fresh := n.begin(b)
			at.RawQuery = fresh.RawQuery
			change(at, "code", code)
		}},
		"code of another": {page: again, step: oidc.ErrExchange, back: func(n *network, _ *http.Client, at *url.URL) {
			_, others := n.begin(n.browser())
			change(at, "code", others.Query().Get("code"))
		}},
		"wrong verifier": {page: again, step: oidc.ErrExchange, back: func(n *network, _ *http.Client, at *url.URL) {
			n.session(at).CodeChallenge = "another"
		}},
		"wrong nonce": {page: again, step: oidc.ErrNonce, back: func(n *network, _ *http.Client, at *url.URL) {
			n.session(at).OIDCNonce = "another"
		}},
		"no nonce":    {page: again, step: oidc.ErrNonce, tokens: func(n *network) { n.id = without("nonce") }},
		"id issuer":   {page: again, step: oidc.ErrIDToken, tokens: func(n *network) { n.id = with("iss", "https://login.example.org") }},
		"id audience": {page: again, step: oidc.ErrIDToken, tokens: func(n *network) { n.id = with("aud", "another") }},
		"id expired":  {page: again, step: oidc.ErrIDToken, tokens: func(n *network) { n.id = with("exp", past) }},
		"id of another's key": {page: again, step: oidc.ErrIDToken, tokens: func(n *network) {
			n.answer = func(a map[string]any) { a["id_token"] = resigned(n.t, other, a["id_token"]) }
		}},
		"id unsigned": {page: again, step: oidc.ErrIDToken, tokens: func(n *network) {
			n.answer = func(a map[string]any) {
				parts := strings.Split(a["id_token"].(string), ".")
				a["id_token"] = "eyJhbGciOiJub25lIn0." + parts[1] + "."
			}
		}},
		"no id": {page: again, step: oidc.ErrIDToken, tokens: func(n *network) {
			n.answer = func(a map[string]any) { delete(a, "id_token") }
		}},
		"hash of another access token": {page: again, step: oidc.ErrIDToken, tokens: func(n *network) { n.id = with("at_hash", "x") }},
		"not asked anew": {page: again, step: oidc.ErrStale, tokens: func(n *network) {
			n.id = with("auth_time", time.Now().Add(-2*time.Minute).Unix())
		}},
		"when asked is not said": {page: again, step: oidc.ErrStale, tokens: func(n *network) { n.id = without("auth_time") }},
		"audience":               {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) { n.access = with("aud", "another") }},
		"issuer":                 {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) { n.access = with("iss", "https://login.example.org") }},
		"expired": {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) {
			n.access = func(c jwt.MapClaims) { c["iat"], c["exp"] = past-60, past }
		}},
		"agency missing": {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) { n.access = without("agency") }},
		"roles missing":  {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) { n.access = without("roles") }},
		"no roles":       {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) { n.access = with("roles", []string{}) }},
		"another's key": {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) {
			n.answer = func(a map[string]any) { a["access_token"] = resigned(n.t, other, a["access_token"]) }
		}},
		"a token that is no JWT": {page: noPlace, step: oidc.ErrToken, tokens: func(n *network) {
			n.answer = func(a map[string]any) { a["access_token"] = "opaque" }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			n.anew(t)
			if c.tokens != nil {
				c.tokens(n)
			}
			b := n.browser()
			_, callback := n.begin(b)
			if c.back != nil {
				c.back(n, b, callback)
			}
			status, leads, text := n.read(b, callback.String())
			if status != http.StatusOK || leads != "" || !strings.Contains(text, c.page) {
				t.Errorf("%d, leads to %q, and is not the page %q: %s", status, leads, c.page, text)
			}
			if code := callback.Query().Get("code"); code != "" && strings.Contains(text, code) {
				t.Error("the code is on the page")
			}
			if signIn, session := n.kept(b); session || signIn != nil {
				t.Errorf("the browser has a session: %t; it still has the sign-in: %t", session, signIn != nil)
			}
			n.told(c.step, callback)
		})
	}
}

// Where the provider is away from the start, a person is told so, and a provider that comes
// back is found.
func TestProviderAway(t *testing.T) {
	n := open(t)
	n.away.Store(true)
	b := n.browser()
	status, leads, text := n.read(b, n.desk.URL+"/desk/provider")
	if status != http.StatusOK || leads != "" || !strings.Contains(text, again) {
		t.Errorf("%d, leads to %q: %s", status, leads, text)
	}
	n.told(oidc.ErrAway, &url.URL{})
	n.away.Store(false)
	_, callback := n.begin(b)
	if _, _, text := n.read(b, callback.String()); !strings.Contains(text, signedIn) {
		t.Errorf("when it is back: %s", text)
	}
}

// A provider that goes away while somebody signs in there.
func TestProviderGoesAway(t *testing.T) {
	n := open(t)
	b := n.browser()
	_, callback := n.begin(b)
	n.away.Store(true)
	if _, _, text := n.read(b, callback.String()); !strings.Contains(text, again) {
		t.Errorf("the page: %s", text)
	}
	n.told(oidc.ErrExchange, callback)
}

// told holds that the log says why, once, and names nobody.
func (n *network) told(step site.Refusal, callback *url.URL) {
	n.t.Helper()
	log := n.logged()
	if strings.Count(log, "\n") != 1 || !strings.Contains(log, `"step":"`+string(step)+`"`) {
		n.t.Errorf("the log does not say %q: %s", step, log)
	}
	for _, private := range []string{canary, "harbour-desk", callback.Query().Get("code"), callback.Query().Get("state")} {
		if private != "" && strings.Contains(log, private) {
			n.t.Errorf("the log has %q: %s", private, log)
		}
	}
}

// with is a browser that has what another keeps of a sign-in.
func (n *network) with(c *http.Cookie) *http.Client {
	b := n.browser()
	n.put(b, c)
	return b
}

func (n *network) session(callback *url.URL) *mockoidc.Session {
	n.t.Helper()
	s, err := n.provider.SessionStore.GetSessionByID(callback.Query().Get("code"))
	if err != nil {
		n.t.Fatal(err)
	}
	return s
}

func with(name string, value any) func(jwt.MapClaims) {
	return func(c jwt.MapClaims) { maps.Copy(c, jwt.MapClaims{name: value}) }
}

func without(name string) func(jwt.MapClaims) { return func(c jwt.MapClaims) { delete(c, name) } }

func resigned(t *testing.T, by *mockoidc.Keypair, token any) string {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token.(string), claims); err != nil {
		t.Error(err)
	}
	signed, err := by.SignJWT(claims)
	if err != nil {
		t.Error(err)
	}
	return signed
}
