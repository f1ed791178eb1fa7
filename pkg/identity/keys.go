package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	fetchTimeout = 5 * time.Second
	// fetchPause is how long a fetched key set stands before it is asked for
	// again: whoever sends forged tokens must not make us flood the issuer.
	fetchPause = 10 * time.Second
	maxKeySet  = 1 << 20
)

// outage is where a key set leaves the error that kept it from judging: the
// library flattens errors on their way up.
type outage struct{ err error }

type outageKey struct{}

// remoteKeys are the keys that an issuer publishes.
type remoteKeys struct{ *oidc.RemoteKeySet }

func newRemoteKeys(ctx context.Context, cfg Config) remoteKeys {
	clock := cfg.Clock
	if clock == nil {
		clock = time.Now
	}
	client := &http.Client{Timeout: fetchTimeout, Transport: &fetcher{clock: clock, next: http.DefaultTransport}}
	return remoteKeys{oidc.NewRemoteKeySet(oidc.ClientContext(ctx, client), cfg.JWKSURL)}
}

// VerifySignature gives the payload of a token with a good signature.
func (k remoteKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.RemoteKeySet.VerifySignature(ctx, jwt)
	if failed := errors.Unwrap(err); failed != nil {
		if o, ok := ctx.Value(outageKey{}).(*outage); ok {
			o.err = failed
		}
	}
	return payload, err
}

// fetcher answers from what it fetched last while that is fresh.
type fetcher struct {
	clock func() time.Time
	next  http.RoundTripper

	mu   sync.Mutex
	at   time.Time
	body []byte
	err  error
}

// RoundTrip fetches the key set, at most once a pause.
func (f *fetcher) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.clock(); f.at.IsZero() || now.Sub(f.at) >= fetchPause {
		f.body, f.err = f.fetch(r)
		f.at = now
	}
	if f.err != nil {
		return nil, f.err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(f.body)), Body: io.NopCloser(bytes.NewReader(f.body)),
	}, nil
}

func (f *fetcher) fetch(r *http.Request) ([]byte, error) {
	resp, err := f.next.RoundTrip(r)
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
	return body, nil
}
