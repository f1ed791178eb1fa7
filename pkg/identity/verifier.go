package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"regexp"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// The bounds of what a token may be. A longer one is refused unread.
const (
	maxToken   = 8 << 10
	maxSubject = 255
	maxRoles   = 32
)

// algorithms are the signatures that hold. All are asymmetric: a verifier that
// knows a shared secret could forge.
var algorithms = []string{"ES256", "EdDSA", "RS256", "PS256"}

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$`)

// Config names the one issuer whose tokens hold. All or nothing: an issuer
// without an audience would take tokens that were made for somebody else.
type Config struct {
	// Issuer is the exact value of the iss claim.
	Issuer string
	// Audience must be among the values of the aud claim.
	Audience string
	// JWKSURL is where the issuer publishes its keys.
	JWKSURL string
	// Clock tells the time; nil is the wall clock.
	Clock func() time.Time
}

// Verifier judges bearer tokens. It remembers those that held, until they
// expire, so that a signature is checked once a token and not once a request.
type Verifier struct {
	tokens *oidc.IDTokenVerifier
	clock  func() time.Time
	known  known
}

// NewVerifier judges by the keys that the issuer publishes. They are fetched
// when the first token comes, and again when one names a key that is not known.
func NewVerifier(ctx context.Context, cfg Config) (*Verifier, error) {
	if cfg.Issuer == "" || cfg.Audience == "" || cfg.JWKSURL == "" {
		return nil, errors.New("issuer, audience and key set URL of tokens: all of them must be set")
	}
	return newVerifier(cfg, newRemoteKeys(ctx, cfg)), nil
}

func newVerifier(cfg Config, keys oidc.KeySet) *Verifier {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	return &Verifier{
		tokens: oidc.NewVerifier(cfg.Issuer, keys, &oidc.Config{
			ClientID: cfg.Audience, SupportedSigningAlgs: algorithms, Now: cfg.Clock,
		}),
		clock: cfg.Clock,
	}
}

// Verify gives the principal of a token, ErrUnauthenticated whatever is wrong
// with it, or ErrKeysUnavailable when it could not be judged.
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	if token == "" || len(token) > maxToken {
		return Principal{}, ErrUnauthenticated
	}
	var room [1 << 10]byte // most tokens fit, and are not copied to the heap
	sum := sha256.Sum256(append(room[:0], token...))
	if p, ok := v.known.get(sum); ok {
		if !v.clock().Before(p.Expires) {
			return Principal{}, ErrUnauthenticated
		}
		return p, nil
	}
	p, err := v.judge(ctx, token)
	if err != nil {
		return Principal{}, err
	}
	v.known.put(sum, p)
	return p, nil
}

func (v *Verifier) judge(ctx context.Context, token string) (Principal, error) {
	verdict := new(outage)
	t, err := v.tokens.Verify(context.WithValue(ctx, outageKey{}, verdict), token)
	if err != nil {
		if verdict.err != nil {
			return Principal{}, ErrKeysUnavailable.Because(verdict.err)
		}
		return Principal{}, ErrUnauthenticated.Because(err)
	}
	var claims struct {
		Agency string   `json:"agency"`
		Roles  []string `json:"roles"`
	}
	if err := t.Claims(&claims); err != nil {
		return Principal{}, ErrUnauthenticated.Because(err)
	}
	p := Principal{Subject: t.Subject, Agency: claims.Agency, Roles: claims.Roles, Expires: t.Expiry}
	if !p.valid() || !v.clock().Before(p.Expires) {
		return Principal{}, ErrUnauthenticated
	}
	return p, nil
}

// valid reports whether the claims are such that they may be recorded.
func (p Principal) valid() bool {
	return p.Subject != "" && len(p.Subject) <= maxSubject && slug.MatchString(p.Agency) && len(p.Roles) <= maxRoles
}
