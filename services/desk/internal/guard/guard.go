// Package guard stands before every page: what a browser may load, keep and send on, and
// from where a form may come. It refuses a form of which the browser does not say where it
// comes from, and plain HTTP from another machine.
package guard

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
)

type nonceKey struct{}

// Nonce is what the scripts of this answer carry.
func Nonce(ctx context.Context) string {
	nonce, _ := ctx.Value(nonceKey{}).(string)
	return nonce
}

// Config is what the guard must know.
type Config struct {
	// Behind says that a proxy in front of the desk speaks TLS with the browsers. Default:
	// browsers reach the desk themselves, and plain HTTP counts on this machine alone.
	Behind bool
}

// New puts the guard before some pages.
func New(cfg Config, next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := random()
		head(w.Header(), nonce)
		switch {
		case !cfg.Behind && r.TLS == nil && !near(r.RemoteAddr):
			http.Error(w, "Use HTTPS.", http.StatusForbidden)
		case unsafe(r.Method) && r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "",
			cross.Check(r) != nil:
			http.Error(w, "This form does not come from this desk.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), nonceKey{}, nonce)))
		}
	})
}

// head says what a browser may do with an answer. Nothing comes from elsewhere, nothing is
// kept, and no address of a page is told to another.
func head(h http.Header, nonce string) {
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "script-src 'nonce-" + nonce + "'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
		"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
		"require-trusted-types-for 'script'", "trusted-types htmx",
	}, "; "))
	h.Set("Cache-Control", "no-store")
	// Not "no-referrer": browsers then hide the origin of forms too, and one that sends no
	// Sec-Fetch-Site could not sign in.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), clipboard-read=(), browsing-topics=()")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// near says whether a peer is this machine.
func near(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && net.ParseIP(host).IsLoopback()
}

func random() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails
	return base64.RawStdEncoding.EncodeToString(b)
}
