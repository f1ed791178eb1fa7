package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/pkg/patience"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs the program before a provider that need not be there. The function stops it.
func start(t *testing.T, issuer string, changes ...string) (*Program, *log, func() error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "client")
	if err := os.WriteFile(file, []byte("a secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := ReadConfig(t.Context(), settings(append([]string{
		"SANAD_DESK_ADDR=127.0.0.1:0", "SANAD_ADMIN_ADDR=127.0.0.1:0", "SANAD_LAME_DUCK=0s",
		"SANAD_OIDC_ISSUER=" + issuer, "SANAD_OIDC_CLIENT_SECRET_FILE=" + file,
	}, changes...)...))
	if err != nil {
		t.Fatal(err)
	}
	logs, way := &log{}, &http.Transport{}
	t.Cleanup(way.CloseIdleConnections)
	p, err := Open(t.Context(), cfg, Options{Logs: logs, Transport: way})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stop := sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { _ = stop() })
	return p, logs, stop
}

func get(t *testing.T, addr net.Addr, path string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get("http://" + addr.String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func provider(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	m.ClientID, m.ClientSecret = "desk", "a secret"
	if err := m.AddMiddleware(func(next http.Handler) http.Handler { return tokens(t, m, next) }); err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	return m
}

// tokens makes the tokens of a network of those that the provider gives.
func tokens(t *testing.T, m *mockoidc.MockOIDC, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		answer, id := map[string]any{}, jwt.MapClaims{}
		if r.URL.Path != mockoidc.TokenEndpoint || kept.Code != http.StatusOK || json.Unmarshal(kept.Body.Bytes(), &answer) != nil {
			maps.Copy(w.Header(), kept.Header())
			w.WriteHeader(kept.Code)
			_, _ = w.Write(kept.Body.Bytes())
			return
		}
		if _, _, err := jwt.NewParser().ParseUnverified(answer["id_token"].(string), id); err != nil {
			t.Error(err)
		}
		now := time.Now()
		id["auth_time"] = now.Unix()
		access := jwt.MapClaims{
			"iss": m.Issuer(), "aud": "sanad", "sub": "somebody", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
			"agency": "harbour-desk", "roles": []string{"caseworker"},
		}
		var errs [2]error
		answer["id_token"], errs[0] = m.Keypair.SignJWT(id)
		answer["access_token"], errs[1] = m.Keypair.SignJWT(access)
		if err := errors.Join(errs[:]...); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	})
}

// An answer that lasts ends when the program stops, and does not hold up the stop.
func TestStopEndsWhatLasts(t *testing.T) {
	p, _, stop := start(t, provider(t).Issuer())
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	// Browsers send Secure cookies to loopback; Go's jar does not.
	cookies := map[string]string{}
	visit := func(address string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		for _, c := range res.Cookies() {
			cookies[c.Name] = c.Value
		}
		return res
	}
	desk := "http://" + p.Pages.String()
	back := visit(visit(desk + "/desk/provider").Header.Get("Location")).Header.Get("Location")
	_, query, _ := strings.Cut(back, "?")
	visit(desk + "/desk/callback?" + query)
	lasts := visit(desk + "/desk/live")
	if kind := lasts.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("nothing lasts: %d %s", lasts.StatusCode, kind)
	}
	began := time.Now()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > drain/2 {
		t.Errorf("the stop took %s", took)
	}
	if _, err := io.ReadAll(lasts.Body); err != nil {
		t.Errorf("it was cut off: %v", err)
	}
}

func TestProgram(t *testing.T) {
	p, logs, stop := start(t, provider(t).Issuer())
	patience.Until(t, "the desk is ready, and has met the provider", func() bool {
		status, text := get(t, p.Admin, "/readyz")
		return status == http.StatusOK && text == "ok\n"
	})
	for path, want := range map[string]int{"/": 303, "/desk": 303, "/console": 303, "/desk/": 200, "/desk/sign-in": 200, "/desk/provider": 303, "/elsewhere": 404, "/metrics": 404, "/readyz": 404} {
		if status, _ := get(t, p.Pages, path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	// An address names a record. It is counted by its pattern, and one that no page has is counted as none.
	get(t, p.Pages, "/desk/referrals/0198c7a1-canary")
	get(t, p.Pages, "/desk/canary")
	_, metrics := get(t, p.Admin, "/metrics")
	for _, line := range []string{
		`sanad_desk_page_seconds_count{page="GET /desk/referrals/{id}",status="200"} 1`,
		`sanad_desk_page_seconds_count{page="none",status="404"} 1`,
		`sanad_desk_sessions 0`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no %s", line)
		}
	}
	if strings.Contains(metrics+logs.String(), "canary") {
		t.Error("an address is in the metrics or in the log")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if status, err := net.DialTimeout("tcp", p.Pages.String(), time.Second); err == nil {
		t.Errorf("it still listens: %v", status.RemoteAddr())
	}
}

// Who is signed in works on without the provider, so the desk is ready without it, and says
// so to operators.
func TestReadyWithoutTheProvider(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	p, logs, _ := start(t, gone.URL)
	patience.Until(t, "the desk is ready, and says that the provider does not answer", func() bool {
		status, text := get(t, p.Admin, "/readyz")
		return status == http.StatusOK && text == "ok\nprovider: it has not answered yet\n" &&
			strings.Contains(logs.String(), "the identity provider does not answer")
	})
}

// A stop answers for a while, says at once that it is not ready, and lets requests finish.
func TestStop(t *testing.T) {
	p, _, stop := start(t, provider(t).Issuer(), "SANAD_LAME_DUCK=2s")
	patience.Until(t, "the desk is "+http.StatusText(http.StatusOK), func() bool {
		status, _ := get(t, p.Admin, "/readyz")
		return status == http.StatusOK
	})
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	patience.Until(t, "the desk is "+http.StatusText(http.StatusServiceUnavailable), func() bool {
		status, _ := get(t, p.Admin, "/readyz")
		return status == http.StatusServiceUnavailable
	})
	if status, _ := get(t, p.Pages, "/desk/sign-in"); status != http.StatusOK {
		t.Errorf("while it stops a page answers %d", status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "client")
	if err := os.WriteFile(file, []byte("a secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		changes []string
		says    string
	}{
		"a service is missing":     {[]string{"SANAD_DESK_SERVICES=intake=http://intake"}, "SANAD_DESK_SERVICES must name"},
		"a service is none":        {[]string{"SANAD_DESK_SERVICES=" + services + ",intak=http://intake"}, "SANAD_DESK_SERVICES must name"},
		"others read the secret":   {[]string{"SANAD_OIDC_CLIENT_SECRET_FILE=" + file}, "SANAD_OIDC_CLIENT_SECRET_FILE"},
		"the secret is not there":  {[]string{"SANAD_OIDC_CLIENT_SECRET_FILE=/nowhere"}, "SANAD_OIDC_CLIENT_SECRET_FILE"},
		"the address is not there": {[]string{"SANAD_OIDC_CLIENT_SECRET_FILE=" + secretFile(t), "SANAD_DESK_ADDR=127.0.0.1:99999"}, "SANAD_DESK_ADDR"},
	} {
		cfg, err := ReadConfig(t.Context(), settings(c.changes...))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = Open(t.Context(), cfg, Options{Logs: io.Discard}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func secretFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "client")
	if err := os.WriteFile(file, []byte("a secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
