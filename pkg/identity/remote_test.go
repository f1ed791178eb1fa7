package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/secret"
)

// provider is an issuer that publishes its keys, goes away and changes them.
type provider struct {
	*httptest.Server
	t      *testing.T
	issuer atomic.Pointer[Issuer]
	away   atomic.Bool
	asked  atomic.Int64
	began  time.Time
	ahead  atomic.Int64 // seconds that have passed since, here and in its services
	people atomic.Int64
}

func newProvider(t *testing.T) *provider {
	p := &provider{t: t, began: time.Now()}
	p.issuer.Store(newIssuer(t))
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		if p.away.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		p.issuer.Load().JWKS().ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		p.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return p
}

func (p *provider) clock() time.Time {
	return p.began.Add(time.Duration(p.ahead.Load()) * time.Second)
}

func (p *provider) wait(d time.Duration) { p.ahead.Add(int64(d / time.Second)) }

// start is a service that starts now; log gets what it says.
func (p *provider) start(file string, log *bytes.Buffer) *Verifier {
	p.t.Helper()
	verifier, err := NewVerifier(Config{
		Issuer: issuerURL, Audience: audience, JWKSURL: p.URL, JWKSFile: file, Clock: p.clock,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return verifier
}

// token is one of an issuer's, of another person each time: no verifier knows it.
func (p *provider) token(issuer *Issuer) string {
	now := p.clock()
	return sign(p.t, issuer.signer, claimsOf(map[string]any{
		"sub": fmt.Sprint("person-", p.people.Add(1)), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}))
}

func judge(v *Verifier, token string) error {
	_, err := v.Verify(context.Background(), token)
	return err
}

// A remote key set is fetched, a forger cannot make us ask again and again, and
// an outage is told apart from a bad token.
func TestRemoteKeys(t *testing.T) {
	p, forger := newProvider(t), newIssuer(t)
	now := time.Now()
	verifier, err := NewVerifier(Config{Issuer: issuerURL, Audience: audience, JWKSURL: p.URL, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	issuer := p.issuer.Load()
	if err := judge(verifier, p.token(issuer)); err != nil {
		t.Fatal(err)
	}
	forged := p.token(forger)
	for range 20 {
		principal, err := verifier.Verify(t.Context(), forged)
		requireRefused(t, principal, err)
	}
	if p.asked.Load() != 1 {
		t.Errorf("asked the issuer %d times", p.asked.Load())
	}
	p.away.Store(true)
	now = now.Add(fetchPause)
	if err := judge(verifier, forged); !errors.Is(err, ErrKeysUnavailable) {
		t.Errorf("while the issuer is away: %v", err)
	}
	if err := judge(verifier, p.token(issuer)); err != nil {
		t.Errorf("a key that is known, while the issuer is away: %v", err)
	}
	if p.asked.Load() != 2 {
		t.Errorf("asked the issuer %d times", p.asked.Load())
	}
}

// A key that the issuer takes back holds an hour at most, and one that it adds at
// once, but for the pause.
func TestIssuerChangesItsKeys(t *testing.T) {
	p := newProvider(t)
	var log bytes.Buffer
	verifier := p.start("", &log)
	before, after := p.issuer.Load(), newIssuer(t)
	if err := judge(verifier, p.token(before)); err != nil {
		t.Fatal(err)
	}
	p.issuer.Store(after)
	if err := judge(verifier, p.token(before)); err != nil {
		t.Errorf("a key that was fetched just now: %v", err)
	}
	p.wait(fetchPause)
	if err := judge(verifier, p.token(after)); err != nil {
		t.Errorf("the key that is new: %v", err)
	}
	p.issuer.Store(before)
	p.wait(refreshAfter)
	if err := judge(verifier, p.token(after)); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a key that was taken back, an hour later: %v", err)
	}
}

// An issuer that is away is asked once a minute by those who are known, and what
// they waited for is told.
func TestKnownDoNotWaitForAnIssuerThatIsAway(t *testing.T) {
	p := newProvider(t)
	var log bytes.Buffer
	verifier := p.start("", &log)
	if err := judge(verifier, p.token(p.issuer.Load())); err != nil {
		t.Fatal(err)
	}
	p.away.Store(true)
	p.wait(refreshAfter)
	for i := range 3 * int(refreshPause/time.Second) {
		if err := judge(verifier, p.token(p.issuer.Load())); err != nil {
			t.Fatalf("after %d s: %v", i, err)
		}
		p.wait(time.Second)
	}
	if asked := p.asked.Load(); asked != 4 {
		t.Errorf("asked %d times", asked)
	}
	if !strings.Contains(log.String(), "status 502") {
		t.Errorf("said %q", &log)
	}
	p.wait(keysAge)
	if err := judge(verifier, p.token(p.issuer.Load())); !errors.Is(err, ErrKeysUnavailable) {
		t.Errorf("by keys that are too old: %v", err)
	}
}

// A service that starts while the issuer is away knows the keys of before; when it
// is back, what it says counts and is kept.
func TestKeysAreKeptAcrossStarts(t *testing.T) {
	p := newProvider(t)
	var log bytes.Buffer
	file := filepath.Join(t.TempDir(), "jwks.json")
	before, after := p.issuer.Load(), newIssuer(t)
	if err := judge(p.start(file, &log), p.token(before)); err != nil {
		t.Fatal(err)
	}
	first, err := secret.Read(file)
	if err != nil {
		t.Fatal(err)
	}

	p.away.Store(true)
	p.wait(keysAge - time.Hour)
	verifier := p.start(file, &log)
	if err := judge(verifier, p.token(before)); err != nil {
		t.Errorf("a known key, while the issuer is away: %v", err)
	}
	if err := judge(verifier, p.token(after)); !errors.Is(err, ErrKeysUnavailable) {
		t.Errorf("another key, while the issuer is away: %v", err)
	}
	if again, _ := secret.Read(file); !bytes.Equal(first, again) {
		t.Error("a failure changed what is kept")
	}

	p.away.Store(false)
	p.issuer.Store(after)
	p.wait(fetchPause)
	if err := judge(verifier, p.token(after)); err != nil {
		t.Errorf("the new key: %v", err)
	}
	if err := judge(verifier, p.token(before)); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("the key of before: %v", err)
	}
	p.away.Store(true)
	if err := judge(p.start(file, &log), p.token(after)); err != nil {
		t.Errorf("the new key after a start: %v", err)
	}
}

// While the issuer answers, its keys are used, and not those of the file.
func TestAStartAsksTheIssuerFirst(t *testing.T) {
	p := newProvider(t)
	var log bytes.Buffer
	file := filepath.Join(t.TempDir(), "jwks.json")
	stolen := p.issuer.Load()
	if err := judge(p.start(file, &log), p.token(stolen)); err != nil {
		t.Fatal(err)
	}
	p.issuer.Store(newIssuer(t))
	if err := judge(p.start(file, &log), p.token(stolen)); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a key that was taken back: %v", err)
	}
}

// A file that cannot be trusted is logged and not used, whatever the issuer does;
// and when it answers, the file is made again.
func TestKeptKeysThatAreNotBelieved(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, file string, p *provider)
		says  string
	}{
		"damaged":       {func(t *testing.T, file string, _ *provider) { put(t, file, "{canary") }, errDamaged.Error()},
		"cut off":       {func(t *testing.T, file string, _ *provider) { cut(t, file) }, errDamaged.Error()},
		"without keys":  {func(t *testing.T, file string, _ *provider) { change(t, file, `"keys"`, `"canary"`) }, errDamaged.Error()},
		"no public key": {func(t *testing.T, file string, _ *provider) { change(t, file, `"use": "sig"`, `"use": "enc"`) }, errDamaged.Error()},
		"empty":         {func(t *testing.T, file string, _ *provider) { put(t, file, "\n") }, "the file is empty"},
		"of others":     {func(t *testing.T, file string, p *provider) { change(t, file, p.URL, "https://canary.example") }, errOthers.Error()},
		"too old":       {func(_ *testing.T, _ string, p *provider) { p.wait(keysAge + time.Second) }, errAge.Error()},
		"to come":       {func(_ *testing.T, _ string, p *provider) { p.wait(-skew - time.Second) }, errAge.Error()},
		"writable":      {func(t *testing.T, file string, _ *provider) { mode(t, file, 0o620) }, "open to others"},
		"for everybody": {func(t *testing.T, file string, _ *provider) { mode(t, file, 0o602) }, "open to others"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			file := filepath.Join(t.TempDir(), "jwks.json")
			var log bytes.Buffer
			if err := judge(p.start(file, &log), p.token(p.issuer.Load())); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, file, p)
			p.away.Store(true)
			verifier := p.start(file, &log)
			if err := judge(verifier, p.token(p.issuer.Load())); !errors.Is(err, ErrKeysUnavailable) {
				t.Errorf("by a file that is %s: %v", name, err)
			}
			if said := log.String(); !strings.Contains(said, c.says) || strings.Contains(said, "canary") {
				t.Errorf("said %q", said)
			}
			p.away.Store(false)
			p.wait(fetchPause)
			if err := judge(verifier, p.token(p.issuer.Load())); err != nil {
				t.Errorf("when the issuer is back: %v", err)
			}
			if _, _, err := (keptKeys{file, p.URL}).read(p.clock()); err != nil {
				t.Errorf("the file was not made again: %v", err)
			}
		})
	}
}

// Keys come from the address that was given: one that sends elsewhere is away.
func TestKeysComeFromOneAddress(t *testing.T) {
	p := newProvider(t)
	elsewhere := httptest.NewServer(http.RedirectHandler(p.URL, http.StatusFound))
	defer elsewhere.Close()
	verifier, err := NewVerifier(Config{Issuer: issuerURL, Audience: audience, JWKSURL: elsewhere.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := judge(verifier, p.token(p.issuer.Load())); !errors.Is(err, ErrKeysUnavailable) || p.asked.Load() > 0 {
		t.Errorf("%v, asked elsewhere %d times", err, p.asked.Load())
	}
}

// A disk that takes nothing keeps nobody out, and is told of.
func TestKeysThatCannotBeKept(t *testing.T) {
	p := newProvider(t)
	var log bytes.Buffer
	if err := judge(p.start(filepath.Join(t.TempDir(), "nowhere", "jwks.json"), &log), p.token(p.issuer.Load())); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "cannot be kept") {
		t.Errorf("said %q", &log)
	}
}

func put(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, file, from, to string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(content, []byte(from)) {
		t.Fatalf("%s is not in %s, %v", from, content, err)
	}
	put(t, file, strings.ReplaceAll(string(content), from, to))
}

func cut(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put(t, file, string(content[:len(content)/2]))
}

func mode(t *testing.T, file string, m os.FileMode) {
	t.Helper()
	if err := os.Chmod(file, m); err != nil {
		t.Fatal(err)
	}
}

// What an issuer publishes is judged key by key: what is for others, for another
// use, or secret, judges nothing.
func TestReadKeys(t *testing.T) {
	good := string(newIssuer(t).jwks)
	one := good[strings.Index(good, "[")+1 : strings.LastIndex(good, "]")]
	private, err := signingKey("")
	if err != nil {
		t.Fatal(err)
	}
	signing, err := json.Marshal(keys{{Key: private, KeyID: "a", Algorithm: "ES256", Use: "sig"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body string
		keys int
	}{
		"one":                   {good, 1},
		"one among others":      {`{"keys":[{"kty":"OKP","crv":"X448","x":"AA"},{"kty":"post-quantum"},7,` + one + `]}`, 1},
		"for encryption":        {strings.Replace(good, `"sig"`, `"enc"`, 1), 0},
		"a shared secret":       {`{"keys":[{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0","alg":"HS256"}]}`, 0},
		"a key that signs":      {`{"keys":` + string(signing) + `}`, 0},
		"none":                  {`{"keys":[]}`, 0},
		"a page of a gateway's": {`<html>canary</html>`, 0},
	} {
		read, err := readKeys([]byte(c.body))
		if len(read) != c.keys || (err == nil) != (c.keys > 0) || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %d keys, %v", name, len(read), err)
		}
	}
}

// A key that is for one algorithm judges no other.
func TestKeyIsForItsAlgorithm(t *testing.T) {
	issuer := newIssuer(t)
	other := append(keys{}, issuer.public...)
	other[0].Algorithm = "RS256"
	p, err := newVerifier(Config{Issuer: issuerURL, Audience: audience, Clock: time.Now}, other).Verify(t.Context(), sign(t, issuer.signer, claimsOf(nil)))
	requireRefused(t, p, err)
}
