package identity

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/secret"
)

const (
	issuerURL = "https://tokens.example"
	audience  = "sanad"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newIssuer(t testing.TB) *Issuer {
	t.Helper()
	issuer, err := NewIssuer("", issuerURL, audience)
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

// sign makes a token of any payload with a good signature.
func sign(t interface{ Fatal(...any) }, signer jose.Signer, payload []byte) string {
	jws, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func claimsOf(change map[string]any) []byte {
	now := time.Now()
	all := map[string]any{
		"iat": now.Unix(), "iss": issuerURL, "aud": audience, "sub": "person-1", "agency": "legal-clinic-osh",
		"roles": []string{"lawyer"}, "exp": now.Add(time.Hour).Unix(),
	}
	for name, value := range change {
		if value == nil {
			delete(all, name)
			continue
		}
		all[name] = value
	}
	payload, _ := json.Marshal(all)
	return payload
}

func TestGoodTokenGivesPrincipal(t *testing.T) {
	issuer := newIssuer(t)
	for _, want := range []Principal{
		{Subject: "person-1", Agency: "legal-clinic-osh", Roles: []string{"lawyer"}},
		{Subject: "person-2", Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "spotlight"},
		{Subject: "person-3", Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT"},
		{Subject: "person-4", Agency: "coordination", Roles: []string{"coordinator"}, Programme: "spotlight"},
	} {
		token, err := issuer.Token(want, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		verifier := issuer.Verifier()
		for range 2 { // the second is remembered
			got, err := verifier.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if left := time.Until(got.Expires); left <= 0 || left > time.Hour {
				t.Errorf("expires in %s", left)
			}
			got.Expires = time.Time{}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestEveryBadTokenGetsTheSameAnswer(t *testing.T) {
	issuer, other := newIssuer(t), newIssuer(t)
	b64 := base64.RawURLEncoding.EncodeToString
	none := b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + b64(claimsOf(nil)) + "."
	hmac, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: issuer.jwks}, nil)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, issuer.signer, claimsOf(nil))
	many := make([]string, maxRoles+1)

	tokens := map[string]string{
		"empty":                    "",
		"garbage":                  "garbage",
		"three dots":               "a.b.c",
		"too long":                 strings.Repeat("a", maxToken+1),
		"algorithm none":           none,
		"shared secret":            sign(t, hmac, claimsOf(nil)),
		"another key":              sign(t, other.signer, claimsOf(nil)),
		"signature cut":            good[:len(good)-2],
		"payload swapped":          strings.Join([]string{good[:strings.Index(good, ".")], b64(claimsOf(map[string]any{"sub": "x"})), good[strings.LastIndex(good, ".")+1:]}, "."),
		"wrong issuer":             sign(t, issuer.signer, claimsOf(map[string]any{"iss": "https://else.example"})),
		"wrong audience":           sign(t, issuer.signer, claimsOf(map[string]any{"aud": "else"})),
		"no audience":              sign(t, issuer.signer, claimsOf(map[string]any{"aud": nil})),
		"expires now":              sign(t, issuer.signer, claimsOf(map[string]any{"exp": time.Now().Unix()})),
		"expired":                  sign(t, issuer.signer, claimsOf(map[string]any{"exp": time.Now().Add(-time.Second).Unix()})),
		"never expires":            sign(t, issuer.signer, claimsOf(map[string]any{"exp": nil})),
		"not yet valid":            sign(t, issuer.signer, claimsOf(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()})),
		"no agency":                sign(t, issuer.signer, claimsOf(map[string]any{"agency": nil})),
		"agency is not a slug":     sign(t, issuer.signer, claimsOf(map[string]any{"agency": "Legal Clinic"})),
		"agency with a wildcard":   sign(t, issuer.signer, claimsOf(map[string]any{"agency": "*"})),
		"agency of another type":   sign(t, issuer.signer, claimsOf(map[string]any{"agency": 7})),
		"agency with a line break": sign(t, issuer.signer, claimsOf(map[string]any{"agency": "clinic\n"})),
		"no subject":               sign(t, issuer.signer, claimsOf(map[string]any{"sub": nil})),
		"subject too long":         sign(t, issuer.signer, claimsOf(map[string]any{"sub": strings.Repeat("s", maxSubject+1)})),
		"roles are not a list":     sign(t, issuer.signer, claimsOf(map[string]any{"roles": "lawyer"})),
		"a country in words":       sign(t, issuer.signer, claimsOf(map[string]any{"country": "Guatemala"})),
		"a country in small":       sign(t, issuer.signer, claimsOf(map[string]any{"country": "gt"})),
		"a country of nowhere":     sign(t, issuer.signer, claimsOf(map[string]any{"country": "ZZ"})),
		"an empty country":         sign(t, issuer.signer, claimsOf(map[string]any{"country": ""})),
		"two countries":            sign(t, issuer.signer, claimsOf(map[string]any{"country": []string{"GT", "KG"}})),
		"a country that is null":   sign(t, issuer.signer, with(claimsOf(nil), `"country":null`, `"x":1`)),
		"a programme in words":     sign(t, issuer.signer, claimsOf(map[string]any{"programme": "Spotlight Initiative"})),
		"an empty programme":       sign(t, issuer.signer, claimsOf(map[string]any{"programme": ""})),
		"a programme of a kind":    sign(t, issuer.signer, claimsOf(map[string]any{"programme": 7})),
		"too many roles":           sign(t, issuer.signer, claimsOf(map[string]any{"roles": many})),
		"payload is not an object": sign(t, issuer.signer, []byte(`[]`)),
	}
	verifier := issuer.Verifier()
	for name, token := range tokens {
		t.Run(name, func(t *testing.T) {
			p, err := verifier.Verify(t.Context(), token)
			requireRefused(t, p, err)
		})
	}
}

func requireRefused(t interface{ Errorf(string, ...any) }, p Principal, err error) {
	f := fault.Of(err)
	if f.Kind != fault.Unauthenticated || f.Code != ErrUnauthenticated.Code ||
		f.Detail != ErrUnauthenticated.Detail || len(f.Fields) != 0 || f.Current != nil {
		t.Errorf("refused with %v %q %q", f.Kind, f.Code, f.Detail)
	}
	if !cmp.Equal(p, Principal{}) {
		t.Errorf("refused, and gave %v", p)
	}
}

func TestRememberedTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newIssuer(t)
		token, err := issuer.Token(Principal{Subject: "s", Agency: "clinic"}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		verifier := issuer.Verifier()
		if _, err := verifier.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // the bubble's clock, not the wall's
		p, err := verifier.Verify(t.Context(), token)
		requireRefused(t, p, err)
	})
}

func TestKnownIsBounded(t *testing.T) {
	var k known
	for i := range 5 * generation {
		k.put([32]byte{byte(i), byte(i >> 8), byte(i >> 16)}, Principal{})
	}
	if n := len(k.young) + len(k.old); n > 2*generation {
		t.Errorf("remembers %d tokens", n)
	}
}

func TestConfigIsAllOrNothing(t *testing.T) {
	all := Config{Issuer: issuerURL, Audience: audience, JWKSURL: "https://tokens.example/keys"}
	for name, spoil := range map[string]func(*Config){
		"issuer":   func(c *Config) { c.Issuer = "" },
		"audience": func(c *Config) { c.Audience = "" },
		"key set":  func(c *Config) { c.JWKSURL = "" },
	} {
		cfg := all
		spoil(&cfg)
		if _, err := NewVerifier(cfg); err == nil {
			t.Errorf("a verifier without %s", name)
		}
	}
}

func TestIssuerKeepsItsKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	first, err := NewIssuer(path, issuerURL, audience)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v", info, err)
	}
	token, err := first.Token(Principal{Subject: "s", Agency: "clinic"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	second, err := NewIssuer(path, issuerURL, audience)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Verifier().Verify(t.Context(), token); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewIssuer(path, issuerURL, audience); err == nil {
		t.Error("took a file that is no key")
	}
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		want    error
	}{
		"an earlier version on a full disk": {"", 0o600, secret.ErrEmpty},
		"for a group":                       {"x", 0o640, secret.ErrOpen},
		"for everybody":                     {"x", 0o644, secret.ErrOpen},
	} {
		if err := errors.Join(os.WriteFile(path, []byte(c.content), 0o600), os.Chmod(path, c.mode)); err != nil {
			t.Fatal(err)
		}
		if _, err := NewIssuer(path, issuerURL, audience); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIssuerRefusesWhatItWouldNotTake(t *testing.T) {
	issuer := newIssuer(t)
	if _, err := issuer.Token(Principal{Subject: "s", Agency: "Not A Slug"}, time.Hour); err == nil {
		t.Error("made a token that no verifier takes")
	}
	for ttl, taken := range map[time.Duration]bool{
		-time.Hour: false, 0: false, time.Second - 1: false, 90*time.Minute + time.Millisecond: true, longest: true, longest + 1: false,
	} {
		token, err := issuer.Token(Principal{Subject: "s", Agency: "clinic"}, ttl)
		if (err == nil) != taken {
			t.Errorf("a token for %s: %v", ttl, err)
		}
		if err == nil {
			if _, err := issuer.Verifier().Verify(t.Context(), token); err != nil {
				t.Errorf("a token for %s is not taken: %v", ttl, err)
			}
		}
	}
}

func TestContext(t *testing.T) {
	if _, err := From(t.Context()); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := From(Without(t.Context(), ErrKeysUnavailable)); !errors.Is(err, ErrKeysUnavailable) {
		t.Errorf("nobody, with a reason: %v", err)
	}
	if p, err := From(With(t.Context(), Principal{Agency: "clinic"})); err != nil || p.Agency != "clinic" {
		t.Errorf("somebody: %v, %v", p, err)
	}
}

// Whatever claims an issuer signs, what comes out is a principal that may be
// recorded or the one refusal.
func TestAnyClaims(t *testing.T) {
	issuer := newIssuer(t)
	verifier := issuer.Verifier()
	value := rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any]("clinic"), rapid.Just[any](audience), rapid.Just[any](issuerURL),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
		rapid.Map(rapid.SliceOf(rapid.String()), func(s []string) any { return s }),
		rapid.Just[any](map[string]any{}), rapid.Just[any](true),
	)
	name := rapid.SampledFrom([]string{"iss", "aud", "sub", "exp", "nbf", "iat", "agency", "roles", "_claim_names"})
	rapid.Check(t, func(t *rapid.T) {
		payload := claimsOf(rapid.MapOfN(name, value, 0, 4).Draw(t, "changes"))
		p, err := verifier.Verify(t.Context(), sign(t, issuer.signer, payload))
		requireSound(t, p, err)
	})
}

func FuzzClaims(f *testing.F) {
	issuer := newIssuer(f)
	verifier := issuer.Verifier()
	f.Add(claimsOf(nil))
	f.Add([]byte(`{"exp":1e300,"agency":"clinic","sub":"s","iss":"https://tokens.example","aud":["sanad"]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		p, err := verifier.Verify(t.Context(), sign(t, issuer.signer, payload))
		requireSound(t, p, err)
	})
}

func FuzzToken(f *testing.F) {
	issuer := newIssuer(f)
	verifier := issuer.Verifier()
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		p, err := verifier.Verify(t.Context(), token)
		requireRefused(t, p, err)
	})
}

func requireSound(t interface{ Errorf(string, ...any) }, p Principal, err error) {
	switch {
	case err != nil:
		requireRefused(t, p, err)
	case !p.valid() || !p.Expires.After(time.Now()):
		t.Errorf("let in %+v", p)
	}
}

func BenchmarkVerifyKnown(b *testing.B) {
	issuer := newIssuer(b)
	verifier := issuer.Verifier()
	token := sign(b, issuer.signer, claimsOf(nil))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := verifier.Verify(b.Context(), token); err != nil {
				b.Error(err)
			}
		}
	})
}
