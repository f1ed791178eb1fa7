// Package oidc signs people in at the identity provider of a network: OpenID Connect,
// authorization code with PKCE (RFC 7636). It gives the desk the access token that the
// services judge, and judges it as they do. It refuses a sign-in that this desk did not
// begin in the same browser, one that it took before, and one for which the provider did
// not ask the person anew: who sits down at a computer that somebody left must not be let
// in by what that person proved an hour ago. It keeps no token and logs nothing.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/desk/internal/session"
	"github.com/sanad-network/sanad/services/desk/internal/site"
)

// CallbackPath is where the provider sends a browser back to.
const CallbackPath = "/desk/callback"

const (
	// lasts is how long somebody may take to sign in at the provider.
	lasts = 5 * time.Minute
	// patience is how long the provider may take for one answer.
	patience = 10 * time.Second
	// skew is how far the clock of the provider may be behind ours.
	skew = time.Minute
	// longest bounds what a browser brings back; a longer one is refused unread.
	longest = 4 << 10
)

// Why somebody could not sign in. The person is told none of it.
const (
	ErrAway     site.Refusal = "the provider does not answer, or is another one"
	ErrCookie   site.Refusal = "the browser began no sign-in here, or too long ago"
	ErrUsed     site.Refusal = "the sign-in was used before"
	ErrState    site.Refusal = "the answer belongs to another sign-in"
	ErrRefused  site.Refusal = "the provider refused"
	ErrExchange site.Refusal = "the provider gave no tokens for the code"
	ErrIDToken  site.Refusal = "the ID token does not hold" //nolint:gosec // G101: it is a sentence
	ErrNonce    site.Refusal = "the ID token belongs to another sign-in"
	ErrStale    site.Refusal = "the provider did not ask the person anew, or does not say when it did (auth_time)"
	ErrToken    site.Refusal = "the access token is none for this network"
)

// Config names the provider. A field without a default is required.
type Config struct {
	// Issuer is the exact issuer; the provider publishes under it what OpenID Connect
	// Discovery says. ClientID and ClientSecret are those that it gave the desk.
	Issuer, ClientID, ClientSecret string
	// RedirectURL is the address of CallbackPath as browsers see it.
	RedirectURL string
	// Audience is for whom access tokens are made: the services.
	Audience string
	// Scopes are asked for besides openid. Default: none.
	Scopes []string
	// Transport reaches the provider. Default: that of net/http.
	Transport http.RoundTripper
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
}

// Provider is where people prove who they are. It is safe for several at once.
type Provider struct {
	cfg    Config
	client *http.Client
	seal   *seal

	asking sync.Mutex
	found  atomic.Pointer[found]
	failed time.Time
	why    error
}

// found is what the provider says of itself. It is never changed.
type found struct {
	oauth2 oauth2.Config
	id     *oidc.IDTokenVerifier
	access *identity.Verifier
}

// New makes a provider. It is asked when the first person comes, so that a desk starts
// while it is away.
func New(cfg Config) (*Provider, error) {
	if cfg.Issuer == "" || cfg.ClientID == "" || cfg.RedirectURL == "" || cfg.Audience == "" {
		return nil, errors.New("issuer, client, redirect URL and audience: all of them must be set")
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s, err := newSeal()
	if err != nil {
		return nil, err
	}
	return &Provider{cfg: cfg, seal: s, client: &http.Client{
		Transport: cfg.Transport, Timeout: patience,
		// Secrets go to the addresses that the provider published, and to no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Known says whether the provider has answered since the start.
func (p *Provider) Known() bool { return p.found.Load() != nil }

// Meet asks the provider who it is, unless it has answered already. Errors: ErrAway.
func (p *Provider) Meet() error {
	_, err := p.find()
	return err
}

// find asks the provider who it is, until it has answered once. What it learns is used for
// longer than one request, so it is not bound to the context of one. Who waited while
// another asked in vain does not ask once more.
func (p *Provider) find() (*found, error) {
	if f := p.found.Load(); f != nil {
		return f, nil
	}
	came := time.Now()
	p.asking.Lock()
	defer p.asking.Unlock()
	if f := p.found.Load(); f != nil {
		return f, nil
	}
	if p.failed.After(came) {
		return nil, p.why
	}
	f, err := p.ask()
	if err != nil {
		p.failed, p.why = time.Now(), err
		return nil, err
	}
	p.found.Store(f)
	return f, nil
}

func (p *Provider) ask() (*found, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(context.Background(), p.client), p.cfg.Issuer)
	if err != nil {
		return nil, because(ErrAway, err)
	}
	var published struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&published); err != nil {
		return nil, because(ErrAway, err)
	}
	access, err := identity.NewVerifier(identity.Config{
		Issuer: p.cfg.Issuer, Audience: p.cfg.Audience, JWKSURL: published.Keys, Clock: p.cfg.Clock,
	})
	if err != nil {
		return nil, because(ErrAway, err)
	}
	return &found{
		oauth2: oauth2.Config{
			ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: provider.Endpoint(), RedirectURL: p.cfg.RedirectURL,
			Scopes: append([]string{oidc.ScopeOpenID}, p.cfg.Scopes...),
		},
		id:     provider.VerifierContext(oidc.ClientContext(context.Background(), p.client), &oidc.Config{ClientID: p.cfg.ClientID, Now: p.cfg.Clock}),
		access: access,
	}, nil
}

// Start sends a browser to the provider. Errors: ErrAway.
func (p *Provider) Start(w http.ResponseWriter, r *http.Request) error {
	f, err := p.find()
	if err != nil {
		return err
	}
	b := began{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(), Before: session.ID(r), At: p.cfg.Clock().Unix()}
	http.SetCookie(w, cookie(p.seal.close(b), int(lasts.Seconds())))
	http.Redirect(w, r, f.oauth2.AuthCodeURL(b.State,
		oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier),
		// Ask the person anew, and say in auth_time that it was done (OpenID Connect Core,
		// 3.1.2.1).
		oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"),
	), http.StatusSeeOther)
	return nil
}

// Finish takes what the browser brings back, and gives the access token, and the session that
// the browser had. What the browser kept of the sign-in ends with it. Errors: a site.Refusal; where the access token is none
// for this network it is session.ErrToken, too.
func (p *Provider) Finish(w http.ResponseWriter, r *http.Request) (token, before string, err error) {
	began, err := p.mine(w, r)
	if err != nil {
		return "", "", err
	}
	query, err := p.answer(r, began)
	if err != nil {
		return "", "", err
	}
	f, err := p.find()
	if err != nil {
		return "", "", err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(r.Context(), p.client), patience)
	defer cancel()
	tokens, err := f.oauth2.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(began.Verifier))
	if err != nil {
		return "", "", because(ErrExchange, err)
	}
	if err := p.proves(ctx, f, tokens, began); err != nil {
		return "", "", err
	}
	switch who, err := f.access.Verify(ctx, tokens.AccessToken); {
	case errors.Is(err, identity.ErrKeysUnavailable):
		return "", "", because(ErrAway, err)
	case err != nil:
		return "", "", errors.Join(because(ErrToken, err), session.ErrToken)
	case len(who.Roles) == 0:
		return "", "", errors.Join(ErrToken, session.ErrToken)
	}
	return tokens.AccessToken, began.Before, nil
}

// mine is the sign-in that the browser began here. It counts once.
func (p *Provider) mine(w http.ResponseWriter, r *http.Request) (began, error) {
	c, err := r.Cookie(cookieName)
	http.SetCookie(w, cookie("", -1))
	if err != nil || len(c.Value) > longest {
		return began{}, ErrCookie
	}
	now := p.cfg.Clock()
	b, ok := p.seal.open(c.Value)
	if !ok || now.Before(time.Unix(b.At, 0)) || !now.Before(time.Unix(b.At, 0).Add(lasts)) {
		return began{}, ErrCookie
	}
	if !p.seal.once(b, now) {
		return began{}, ErrUsed
	}
	return b, nil
}

// answer is what the provider had the browser bring, if it belongs to this sign-in.
func (p *Provider) answer(r *http.Request, b began) (url.Values, error) {
	if len(r.URL.RawQuery) > longest {
		return nil, ErrState
	}
	query := r.URL.Query()
	switch {
	case subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(b.State)) != 1:
		return nil, ErrState
	case query.Has("iss") && query.Get("iss") != p.cfg.Issuer: // RFC 9207
		return nil, ErrState
	case query.Has("error"), query.Get("code") == "":
		return nil, ErrRefused
	}
	return query, nil
}

// proves judges the ID token: that this provider made it, for this desk, for this sign-in,
// and after it had asked the person anew.
func (p *Provider) proves(ctx context.Context, f *found, tokens *oauth2.Token, b began) error {
	raw, _ := tokens.Extra("id_token").(string)
	id, err := f.id.Verify(ctx, raw)
	if err != nil {
		return because(ErrIDToken, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(b.Nonce)) != 1 {
		return ErrNonce
	}
	if id.AccessTokenHash != "" && id.VerifyAccessToken(tokens.AccessToken) != nil {
		return ErrIDToken
	}
	var claims struct {
		AuthTime int64 `json:"auth_time"`
	}
	if id.Claims(&claims) != nil || time.Unix(claims.AuthTime, 0).Before(time.Unix(b.At, 0).Add(-skew)) {
		return ErrStale
	}
	return nil
}

// because keeps the cause for logs that know what of it may be told.
func because(refusal site.Refusal, cause error) error { return fmt.Errorf("%w: %w", refusal, cause) }

// Scopes reads a list with spaces or commas between, and leaves out openid, which is
// always asked for.
func Scopes(list string) []string {
	all := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' })
	return slices.DeleteFunc(all, func(scope string) bool { return scope == oidc.ScopeOpenID })
}
