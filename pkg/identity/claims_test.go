package identity

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"pgregory.net/rapid"
)

// with puts more JSON before the other claims, or behind them.
func with(payload []byte, before, behind string) []byte {
	inner := string(payload[1 : len(payload)-1])
	return []byte("{" + strings.Join([]string{before, inner, behind}, ",") + "}")
}

// ownKey is an issuer, and a way to sign by its key under any header.
func ownKey(t *testing.T) (*Issuer, func(header map[jose.HeaderKey]any) jose.Signer) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "issuer.pem")
	issuer, err := NewIssuer(path, issuerURL, audience)
	if err != nil {
		t.Fatal(err)
	}
	private, err := signingKey(path)
	if err != nil {
		t.Fatal(err)
	}
	return issuer, func(header map[jose.HeaderKey]any) jose.Signer {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, &jose.SignerOptions{ExtraHeaders: header})
		if err != nil {
			t.Fatal(err)
		}
		return signer
	}
}

// A reader with other rules must not see another person in the claims.
func TestClaimsAreReadInOneWay(t *testing.T) {
	issuer := newIssuer(t)
	verifier := issuer.Verifier()
	refused := map[string][]byte{}
	every := claimsOf(map[string]any{"nbf": 0, "country": "GT", "programme": "spotlight"})
	for _, name := range names {
		twin := strings.ToUpper(name)
		refused[name+" twice"] = with(every, `"`+name+`":"another-clinic"`, `"x":1`)
		refused[name+" twice, apart in writing"] = with(every, fmt.Sprintf(`"\u%04x%s":"another-clinic"`, name[0], name[1:]), `"x":1`)
		refused[twin+" before"] = with(claimsOf(nil), `"`+twin+`":"another-clinic"`, `"x":1`)
		refused[twin+" behind"] = with(claimsOf(nil), `"x":1`, `"`+twin+`":"another-clinic"`)
		refused[twin+" alone"] = with(claimsOf(map[string]any{name: nil}), `"`+twin+`":"another-clinic"`, `"x":1`)
	}
	refused["a long s in the place of an s"] = with(claimsOf(nil), `"ſub":"another"`, `"x":1`)
	refused["another claim twice"] = with(claimsOf(nil), `"x":1`, `"x":1`)
	refused["goes on behind"] = append(claimsOf(nil), '{', '}')
	refused["half a character"] = with(claimsOf(nil), `"x":"\ud800"`, `"y":1`)
	for name, payload := range refused {
		p, err := verifier.Verify(t.Context(), sign(t, issuer.signer, payload))
		if err == nil {
			t.Errorf("%s: let in", name)
			continue
		}
		requireRefused(t, p, err)
	}
	for name, payload := range map[string][]byte{
		"claims of others":          with(claimsOf(nil), `"_claim_names":{"agency":"a"}`, `"scope":"x","realm_access":{"roles":["R"],"agency":2}`),
		"an audience alone":         claimsOf(map[string]any{"aud": audience}),
		"several audiences":         claimsOf(map[string]any{"aud": []string{"other", audience}}),
		"no roles":                  claimsOf(map[string]any{"roles": nil}),
		"a time with a fraction":    claimsOf(map[string]any{"exp": float64(time.Now().UnixMilli())/1000 + 60}),
		"valid from the beginning":  claimsOf(map[string]any{"nbf": 0}),
		"a name that is no claim's": with(claimsOf(nil), `"agencies":"a"`, `"role":"b"`),
	} {
		if _, err := verifier.Verify(t.Context(), sign(t, issuer.signer, payload)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The times of a token, as the clock stands. What a minute's skew lets in is no
// longer let in a second later.
func TestTimesOfAToken(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	never := int64(253370764800) // the year 9999
	for name, c := range map[string]struct {
		change map[string]any
		holds  bool
	}{
		"a day":                          {map[string]any{"iat": at(0), "exp": at(longest)}, true},
		"a day and a second":             {map[string]any{"iat": at(0), "exp": at(longest + time.Second)}, false},
		"its last second":                {map[string]any{"iat": at(-longest + time.Second), "exp": at(time.Second)}, true},
		"expires now":                    {map[string]any{"iat": at(-time.Hour), "exp": at(0)}, false},
		"expired within the skew":        {map[string]any{"iat": at(-time.Hour), "exp": at(-time.Second)}, false},
		"the year 9999":                  {map[string]any{"iat": at(0), "exp": never}, false},
		"the year 9999 twice":            {map[string]any{"iat": never - 1, "exp": never}, false},
		"beyond all years":               {map[string]any{"iat": at(0), "exp": 1e300}, false},
		"before all years":               {map[string]any{"iat": -1e300, "exp": at(1)}, false},
		"issued within the skew":         {map[string]any{"iat": at(skew), "exp": at(time.Hour)}, true},
		"issued in the future":           {map[string]any{"iat": at(skew + time.Second), "exp": at(time.Hour)}, false},
		"issued after its end":           {map[string]any{"iat": at(skew), "exp": at(time.Second)}, false},
		"not said when issued":           {map[string]any{"iat": nil, "exp": at(time.Hour)}, false},
		"not said when it ends":          {map[string]any{"iat": at(0), "exp": nil}, false},
		"begins within the skew":         {map[string]any{"iat": at(0), "nbf": at(skew), "exp": at(time.Hour)}, true},
		"begins in the future":           {map[string]any{"iat": at(0), "nbf": at(skew + time.Second), "exp": at(time.Hour)}, false},
		"an issue that is a text":        {map[string]any{"iat": fmt.Sprint(at(0)), "exp": at(time.Hour)}, false},
		"a beginning that is nothing":    {map[string]any{"iat": at(0), "nbf": []any{}, "exp": at(time.Hour)}, false},
		"an end that is a text, written": {map[string]any{"iat": at(0), "exp": "tomorrow"}, false},
	} {
		read, err := readClaims(claimsOf(c.change))
		if err == nil {
			err = read.hold(issuerURL, audience, now)
		}
		if (err == nil) != c.holds {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An issuer signs other things by the same key. They say what they are.
func TestTypeOfAToken(t *testing.T) {
	issuer, signer := ownKey(t)
	verifier := issuer.Verifier()
	for _, typ := range []any{"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT"} {
		token := sign(t, signer(map[jose.HeaderKey]any{"typ": typ}), claimsOf(nil))
		if _, err := verifier.Verify(t.Context(), token); err != nil {
			t.Errorf("typ %v: %v", typ, err)
		}
	}
	if _, err := verifier.Verify(t.Context(), sign(t, signer(nil), claimsOf(nil))); err != nil {
		t.Errorf("without a typ: %v", err)
	}
	for _, typ := range []any{"", "JOSE", "JWT ", "logout+jwt", "dpop+jwt", "secevent+jwt", "application/", "application/application/jwt", "text/jwt", 7, []string{"JWT"}, true} {
		token := sign(t, signer(map[jose.HeaderKey]any{"typ": typ}), claimsOf(nil))
		p, err := verifier.Verify(t.Context(), token)
		if err == nil {
			t.Errorf("typ %v: let in", typ)
			continue
		}
		requireRefused(t, p, err)
	}
}

// A header with two types, or in a form that has room for what is not signed, is
// refused though the signature is good.
func TestHeaderIsReadInOneWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	issuer, err := NewIssuer(path, issuerURL, audience)
	if err != nil {
		t.Fatal(err)
	}
	private, err := signingKey(path)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	signed := func(header string) (protected, payload, signature string) {
		protected, payload = b64([]byte(header)), b64(claimsOf(nil))
		sum := sha256.Sum256([]byte(protected + "." + payload))
		r, s, err := ecdsa.Sign(rand.Reader, private, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return protected, payload, b64(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
	}
	compact := func(header string) string {
		protected, payload, signature := signed(header)
		return protected + "." + payload + "." + signature
	}
	verifier := issuer.Verifier()
	if _, err := verifier.Verify(t.Context(), compact(`{"alg":"ES256","typ":"JWT"}`)); err != nil {
		t.Fatal(err)
	}
	protected, payload, signature := signed(`{"alg":"ES256"}`)
	for name, token := range map[string]string{
		"two types":         compact(`{"alg":"ES256","typ":"dpop+jwt","typ":"JWT"}`),
		"two types, turned": compact(`{"alg":"ES256","typ":"JWT","typ":"dpop+jwt"}`),
		"JSON":              fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, payload, protected, signature),
		"JSON and more":     fmt.Sprintf(`{"payload":%q,"protected":%q,"header":{"typ":"JWT"},"signature":%q}`, payload, protected, signature),
	} {
		p, err := verifier.Verify(t.Context(), token)
		if err == nil {
			t.Errorf("%s: let in", name)
			continue
		}
		requireRefused(t, p, err)
	}
}

// A time is one of the calendar's, or it is none.
func TestTimesAreOfTheCalendar(t *testing.T) {
	for seconds, read := range map[float64]bool{
		-1: false, 0: true, 0.5: true, lastSecond: true, lastSecond + 1: false, 1 << 62: false, 1e300: false, -1e300: false,
	} {
		if c, err := readClaims(claimsOf(map[string]any{"exp": seconds})); (err == nil) != read {
			t.Errorf("%g: %s, %v", seconds, c.ends, err)
		}
	}
}

// A payload that holds every claim is read with any other name beside them, and
// with no second form of one of theirs.
func TestNoSecondName(t *testing.T) {
	every := claimsOf(map[string]any{"country": "KG", "programme": "spotlight", "nbf": time.Now().Unix()})
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "name")
		other := rapid.StringMatching(`[A-Za-z]{`+fmt.Sprint(len(name))+`}`).Draw(t, "other")
		if rapid.Bool().Draw(t, "twin") {
			letters := []byte(name)
			for i := range letters {
				if rapid.Bool().Draw(t, "capital") {
					letters[i] -= 'a' - 'A'
				}
			}
			other = string(letters)
		}
		payload := with(every, `"x1":1`, `"`+other+`":"another-clinic"`)
		c, err := readClaims(payload)
		alike := false
		for _, n := range names {
			alike = alike || strings.EqualFold(n, other)
		}
		if alike != (err != nil) || err == nil && c.agency != "legal-clinic-osh" {
			t.Errorf("%s: %v, agency %q", other, err, c.agency)
		}
	})
}
