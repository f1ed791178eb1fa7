// Package office is a partner agency's side of the network's API: a person at
// a desk with a token. It knows HTTP and JSON and nothing of the services, so
// that what plays on it is what a partner could do.
package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/propagation"
)

// Desk is one person's place at an agency.
type Desk struct {
	// Agency is the slug of the agency.
	Agency string
	// Token is the person's bearer token.
	Token string
	// Base is the address of the API.
	Base string
	// HTTP carries the requests.
	HTTP *http.Client
}

// Answer is what the API said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Refused is an answer that is not a success.
type Refused struct {
	Answer
	Method, Path string
}

// Error names the request and the problem's code.
func (r *Refused) Error() string {
	return fmt.Sprintf("%s %s: %d %s", r.Method, r.Path, r.Status, r.code())
}

func (r *Refused) code() string {
	var p struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(r.Body, &p) // a body that is no problem has no code
	return p.Code
}

// Post sends a command under a fresh Idempotency-Key and reads the answer into
// out, unless that is nil.
func (d Desk) Post(ctx context.Context, path string, body, out any) error {
	return d.PostKey(ctx, path, uuid.NewString(), body, out)
}

// PostKey is Post under a key of the caller's. One service hears of an agency that was
// registered at another a moment later: the same command is sent again until then, as
// the answer says.
func (d Desk) PostKey(ctx context.Context, path, key string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range againMost {
		err = d.read(ctx, http.MethodPost, path, raw, http.Header{
			"Content-Type": {"application/json"}, "Idempotency-Key": {key},
		}, out)
		if r, ok := errors.AsType[*Refused](err); !ok || r.code() != "agency_unknown" {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-tick.C:
		}
	}
	return err
}

// againMost bounds how often a command is sent again: an agency may be misspelt. It is
// more than the busiest machine needs.
const againMost = 3000

// Get reads a record or a list.
func (d Desk) Get(ctx context.Context, path string, out any) error {
	return d.read(ctx, http.MethodGet, path, nil, nil, out)
}

// Until reads a record until it is as expected, as a person does who looks at
// the page again.
func (d Desk) Until(ctx context.Context, path string, out any, expected func() bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := d.Get(ctx, path, out)
		if err == nil && expected() {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", path, errors.Join(context.Cause(ctx), err))
		case <-tick.C:
		}
	}
}

func (d Desk) read(ctx context.Context, method, path string, body []byte, header http.Header, out any) error {
	a, err := d.Do(ctx, method, path, body, header)
	if err != nil {
		return err
	}
	if a.Status >= 300 {
		return &Refused{Answer: a, Method: method, Path: path}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(a.Body, out)
}

// Do sends any request, good or bad.
func (d Desk) Do(ctx context.Context, method, path string, body []byte, header http.Header) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, d.Base+path, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	maps.Copy(req.Header, header)
	// A partner's own trace, if there is one, goes on in the network.
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(req.Header))
	if d.Token != "" {
		req.Header.Set("Authorization", "Bearer "+d.Token)
	}
	resp, err := d.HTTP.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: raw}, err
}
