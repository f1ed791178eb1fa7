package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	fetchTimeout = 5 * time.Second
	// fetchPause is how long a fetched key set stands before it is fetched again: a
	// caller who sends forged tokens must not make the service flood the issuer.
	fetchPause = 10 * time.Second
	// refreshAfter is when the issuer is asked again though the key is known: a key
	// that it takes back lets no new token in after that. A token that was accepted
	// before stays accepted until it ends.
	refreshAfter = time.Hour
	// refreshPause is that while the issuer does not answer.
	refreshPause = time.Minute
	// keysAge is how old keys may be that are still used.
	keysAge   = 7 * 24 * time.Hour
	maxKeySet = 1 << 20
)

// errSignature says that none of the keys made the signature.
var errSignature = errors.New("no key of the issuer made the signature")

// errAway says that a signature could not be judged.
var errAway = errors.New("the issuer's keys cannot be fetched")

// keySet gives the payload of a token with a good signature; errSignature or
// errAway where it has none to give.
type keySet interface {
	payload(ctx context.Context, jws *jose.JSONWebSignature) ([]byte, error)
}

// keys are the public keys of an issuer.
type keys []jose.JSONWebKey

// usable reports whether signatures may be judged by the key. One that is secret
// could forge as well.
func usable(k jose.JSONWebKey) bool {
	return k.Valid() && k.IsPublic() && (k.Use == "" || k.Use == "sig")
}

func (k keys) payload(_ context.Context, jws *jose.JSONWebSignature) ([]byte, error) {
	header := jws.Signatures[0].Protected
	for _, key := range k {
		if header.KeyID != "" && key.KeyID != header.KeyID || key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := jws.Verify(key.Key); err == nil {
			return payload, nil
		}
	}
	return nil, errSignature
}

// readKeys reads what an issuer publishes. A key that is not understood is left
// out, as RFC 7517, section 5, has it: it may be for others.
func readKeys(body []byte) (keys, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(body, &set) != nil {
		return nil, errors.New("the key set is not JSON, or not a key set")
	}
	var read keys
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if json.Unmarshal(raw, &key) == nil && usable(key) {
			read = append(read, key)
		}
	}
	if len(read) == 0 {
		return nil, errors.New("the key set has no key that judges signatures")
	}
	return read, nil
}

// remoteKeys are the keys that an issuer publishes. They ask when the first token
// comes, when one names a key that is not known, and from time to time. While the
// issuer does not answer, its last answer counts.
type remoteKeys struct {
	url    string
	kept   keptKeys
	client *http.Client
	clock  func() time.Time
	logger *slog.Logger

	asking sync.Mutex // one asks at a time
	last   atomic.Pointer[answer]
}

// answer is what is known of the issuer's keys. It is never changed.
type answer struct {
	keys    keys
	fetched time.Time // when the issuer said so
	asked   time.Time // when it was asked last; long ago if not since the start
	err     error     // why it did not answer then
}

func newRemoteKeys(cfg Config) *remoteKeys {
	r := &remoteKeys{
		url: cfg.JWKSURL, kept: keptKeys{path: cfg.JWKSFile, from: cfg.JWKSURL}, clock: cfg.Clock, logger: cfg.Logger,
		client: &http.Client{
			Timeout: fetchTimeout,
			// Keys come only from the address that an operator gave: no redirect is
			// followed.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	first := new(answer)
	var err error
	if first.keys, first.fetched, err = r.kept.read(r.clock()); err != nil {
		r.logger.Warn("kept keys of the identity provider are not used", slog.Any("error", err))
		first = new(answer)
	}
	r.last.Store(first)
	return r
}

func (r *remoteKeys) payload(ctx context.Context, jws *jose.JSONWebSignature) ([]byte, error) {
	payload, err := r.judge(ctx, jws)
	if err != nil {
		r.asking.Lock()
	} else if !r.last.Load().due(r.clock()) || !r.asking.TryLock() {
		return payload, nil // known, and nobody need wait for what another asks
	}
	r.ask(ctx)
	r.asking.Unlock()
	return r.judge(ctx, jws)
}

// judge judges by what is known.
func (r *remoteKeys) judge(ctx context.Context, jws *jose.JSONWebSignature) ([]byte, error) {
	last := r.last.Load()
	err := errSignature
	if r.clock().Sub(last.fetched) <= keysAge {
		var payload []byte
		if payload, err = last.keys.payload(ctx, jws); err == nil {
			return payload, nil
		}
	}
	if last.err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, last.err)
	}
	return nil, err
}

// due reports whether the issuer is to be asked though the key is known.
func (a *answer) due(now time.Time) bool {
	pause := refreshAfter
	if a.err != nil {
		pause = refreshPause
	}
	return now.Sub(a.asked) >= pause
}

// ask asks the issuer, unless somebody did just now.
func (r *remoteKeys) ask(ctx context.Context) {
	next, now := *r.last.Load(), r.clock()
	if now.Sub(next.asked) < fetchPause {
		return
	}
	next.asked = now
	// When a caller goes away, those who wait for the same answer still get it.
	fresh, err := r.fetch(context.WithoutCancel(ctx))
	if next.err = err; err != nil {
		r.logger.Warn("the identity provider's keys cannot be fetched", slog.Any("error", err), slog.Int("known", len(next.keys)))
	} else {
		next.keys, next.fetched = fresh, now
		if err := r.kept.write(fresh, now); err != nil {
			r.logger.Warn("the identity provider's keys cannot be kept for the next start", slog.Any("error", err))
		}
	}
	r.last.Store(&next)
}

func (r *remoteKeys) fetch(ctx context.Context) (keys, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("fetch key set: %w", err)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch key set: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch key set: status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet))
	if err != nil {
		return nil, fmt.Errorf("read key set: %w", err)
	}
	return readKeys(body)
}
