package guard

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Plain HTTP counts on this machine alone, unless a proxy speaks TLS with the browsers.
func TestPlainHTTPFromAnotherMachineIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, from  string
		tls, behind bool
		status      int
	}{
		{"this machine", "127.0.0.1:5000", false, false, http.StatusOK},
		{"this machine, IPv6", "[::1]:5000", false, false, http.StatusOK},
		{"another machine", "192.0.2.7:5000", false, false, http.StatusForbidden},
		{"another machine, as IPv6", "[::ffff:192.0.2.7]:5000", false, false, http.StatusForbidden},
		{"the same network", "10.0.0.2:5000", false, false, http.StatusForbidden},
		{"an address that cannot be read", "127.0.0.1", false, false, http.StatusForbidden},
		{"another machine by TLS", "192.0.2.7:5000", true, false, http.StatusOK},
		{"behind a proxy", "192.0.2.7:5000", false, true, http.StatusOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/desk/", nil)
			r.RemoteAddr = c.from
			if c.tls {
				r.TLS = &tls.ConnectionState{}
			}
			// What a proxy is said to have added proves nothing.
			r.Header.Set("X-Forwarded-Proto", "https")
			r.Header.Set("X-Forwarded-For", "127.0.0.1")
			w := httptest.NewRecorder()
			New(Config{Behind: c.behind}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != c.status || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
		})
	}
}

// Each answer has a nonce of its own.
func TestEachAnswerHasItsNonce(t *testing.T) {
	known := map[string]bool{}
	for range 100 {
		var nonce string
		h := New(Config{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { nonce = Nonce(r.Context()) }))
		r := httptest.NewRequest(http.MethodGet, "/desk/", nil)
		r.RemoteAddr = "127.0.0.1:1"
		h.ServeHTTP(httptest.NewRecorder(), r)
		if len(nonce) < 22 || known[nonce] {
			t.Fatalf("the nonce is %q", nonce)
		}
		known[nonce] = true
	}
}
