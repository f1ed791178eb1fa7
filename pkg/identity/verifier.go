package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/sanad-network/sanad/api/code"
)

// The bounds of what a token may be. A longer one is refused unread.
const (
	maxToken   = 8 << 10
	maxSubject = 255
	maxRoles   = 32
)

// algorithms are the signatures that hold. All are asymmetric: a verifier that
// knows a shared secret could forge.
var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.EdDSA, jose.RS256, jose.PS256}

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$`)

// Config names the one issuer whose tokens are accepted. All of the first three
// fields are required: an issuer without an audience would accept tokens that
// were made for another system.
type Config struct {
	// Issuer is the exact value of the iss claim.
	Issuer string
	// Audience must be among the values of the aud claim.
	Audience string
	// JWKSURL is where the issuer publishes its keys.
	JWKSURL string
	// JWKSFile is a file that keeps the keys from one start to the next. Default:
	// they are not kept.
	JWKSFile string
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
	// Logger gets what is wrong with the issuer's keys. Default: nothing is logged.
	Logger *slog.Logger
}

// Verifier judges bearer tokens. It remembers those that held, until they
// expire, so that a signature is checked once a token and not once a request.
type Verifier struct {
	issuer, audience string
	keys             keySet
	clock            func() time.Time
	known            known
}

// NewVerifier judges by the keys that the issuer publishes. They are fetched
// when the first token comes, when one names a key that is not known, and every
// hour.
func NewVerifier(cfg Config) (*Verifier, error) {
	if cfg.Issuer == "" || cfg.Audience == "" || cfg.JWKSURL == "" {
		return nil, errors.New("issuer, audience and key set URL of tokens: all of them must be set")
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return newVerifier(cfg, newRemoteKeys(cfg)), nil
}

func newVerifier(cfg Config, keys keySet) *Verifier {
	return &Verifier{issuer: cfg.Issuer, audience: cfg.Audience, keys: keys, clock: cfg.Clock}
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
	jws, err := jose.ParseSignedCompact(token, algorithms)
	if err != nil {
		return Principal{}, ErrUnauthenticated.Because(err)
	}
	if !typed(jws.Signatures[0].Protected) {
		return Principal{}, ErrUnauthenticated.Because(errType)
	}
	payload, err := v.keys.payload(ctx, jws)
	if errors.Is(err, errAway) {
		return Principal{}, ErrKeysUnavailable.Because(err)
	}
	if err != nil {
		return Principal{}, ErrUnauthenticated.Because(err)
	}
	c, err := readClaims(payload)
	if err == nil {
		err = c.hold(v.issuer, v.audience, v.clock())
	}
	if err != nil {
		return Principal{}, ErrUnauthenticated.Because(err)
	}
	p := Principal{Subject: c.subject, Agency: c.agency, Roles: c.roles, Country: c.country, Programme: c.programme, Expires: c.ends}
	if !p.valid() {
		return Principal{}, ErrUnauthenticated
	}
	return p, nil
}

// errType says that a token names another kind for itself.
var errType = errors.New("the token is of another kind")

// types are the kinds of token that hold: RFC 7519, 5.1, and RFC 9068, 2.1.
var types = []string{"JWT", "at+jwt"}

// typed reports whether the header of a token allows that it is an access token. An
// issuer signs other things with the same key, for example logout tokens, and these
// name their kind (RFC 8725, 3.11). A token that names no kind is accepted: the
// header is optional, and issuers leave it out.
func typed(header jose.Header) bool {
	value, there := header.ExtraHeaders[jose.HeaderType]
	if !there {
		return true
	}
	kind, ok := value.(string)
	// RFC 7515, 4.1.9: capitals do not count, and "application/" may be left out.
	if prefix := "application/"; len(kind) > len(prefix) && strings.EqualFold(kind[:len(prefix)], prefix) {
		kind = kind[len(prefix):]
	}
	return ok && slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, kind) })
}

// valid reports whether the claims are such that they may be recorded.
func (p Principal) valid() bool {
	return p.Subject != "" && len(p.Subject) <= maxSubject && slug.MatchString(p.Agency) && len(p.Roles) <= maxRoles &&
		(p.Country == "" || country(p.Country)) && (p.Programme == "" || slug.MatchString(p.Programme))
}

// country reports whether a text is an assigned code of ISO 3166-1 alpha-2.
func country(s string) bool { return slices.Contains(code.Countries, code.Country(s)) }
