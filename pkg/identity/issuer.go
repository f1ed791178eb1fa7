package identity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/sanad-network/sanad/pkg/secret"
)

// Issuer makes tokens, for a small office that has no identity provider, for
// demonstrations and for tests. Who holds its key can make a token for any person.
type Issuer struct {
	issuer, audience string
	signer           jose.Signer
	public           keys
	jwks             []byte
}

// NewIssuer reads the signing key (PKCS #8 in PEM, P-256) at path, or makes one
// there. It refuses a file that others can read. Without a path the key lives as long as the process.
func NewIssuer(path, issuer, audience string) (*Issuer, error) {
	if issuer == "" || audience == "" {
		return nil, errors.New("issuer and audience of tokens: both must be set")
	}
	private, err := signingKey(path)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	public := jose.JSONWebKey{Key: &private.PublicKey, Algorithm: string(jose.ES256), Use: "sig"}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	public.KeyID = fmt.Sprintf("%x", thumbprint[:8])
	jwks, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public}})
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: private, KeyID: public.KeyID}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("signer: %w", err)
	}
	return &Issuer{issuer: issuer, audience: audience, signer: signer, public: keys{public}, jwks: jwks}, nil
}

func signingKey(path string) (*ecdsa.PrivateKey, error) {
	if path == "" {
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	encoded, err := secret.Ensure(path, newKey)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(encoded)
	if block == nil {
		return nil, errors.New("not a PEM file")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a PKCS #8 key")
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, errors.New("not a P-256 key")
	}
	return private, nil
}

// newKey makes a signing key as its file holds it.
func newKey() ([]byte, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Token makes a token for the principal that holds for ttl, counted in seconds.
func (i *Issuer) Token(p Principal, ttl time.Duration) (string, error) {
	if !p.valid() {
		return "", errors.New("a token needs a subject, the slug of an agency and not too many roles; a country is two capitals of ISO 3166-1, a programme a slug")
	}
	if ttl < time.Second || ttl > longest {
		return "", errors.New("a token lasts from a second to 24 hours")
	}
	own := map[string]any{"agency": p.Agency, "roles": append([]string{}, p.Roles...)}
	if p.Country != "" {
		own["country"] = p.Country
	}
	if p.Programme != "" {
		own["programme"] = p.Programme
	}
	issued := time.Now().Truncate(time.Second)
	return jwt.Signed(i.signer).
		Claims(jwt.Claims{
			Issuer: i.issuer, Subject: p.Subject, Audience: jwt.Audience{i.audience},
			IssuedAt: jwt.NewNumericDate(issued), Expiry: jwt.NewNumericDate(issued.Add(ttl)),
		}).
		Claims(own).
		Serialize()
}

// JWKS serves the public key.
func (i *Issuer) JWKS() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		_, _ = w.Write(i.jwks)
	})
}

// Verifier judges the tokens of this issuer without asking the network.
func (i *Issuer) Verifier() *Verifier {
	return newVerifier(Config{Issuer: i.issuer, Audience: i.audience, Clock: time.Now}, i.public)
}
