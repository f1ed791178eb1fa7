// Package console asks the admin addresses of the services for what operators need: what is
// stuck, how each service is, and the way of one referral. It asks with the token of the
// person, and only when somebody looks. It refuses to follow a redirect, to read an answer
// that is longer than a page can be, and to know a survivor: what it reads are ids, codes,
// moments and figures.
package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

const (
	// mostAnswer bounds an answer. The metrics of five services in one process are a megabyte.
	mostAnswer = 16 << 20
	// patience is for the whole look: a page waits no longer for what does not answer.
	patience = 5 * time.Second
	// longest is for a decision. A service tries a letter again before it answers.
	longest = 40 * time.Second
)

// ErrUnknown says that the admin address of a service is not known here.
var ErrUnknown = errors.New("the admin address is not known")

// Client asks the admin addresses.
type Client struct {
	services []string
	address  func(service string) string
	http     *http.Client
	now      func() time.Time
}

// New makes a client for some services, by their names. The address of a service has no path;
// an empty one is not known.
func New(services []string, address func(service string) string, now func() time.Time) *Client {
	if address == nil {
		address = func(string) string { return "" }
	}
	return &Client{services: services, address: address, now: now, http: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Services are the names of the services.
func (c *Client) Services() []string { return c.services }

// raw asks one address. Its error is api.ErrAway where nothing answers.
func (c *Client) raw(ctx context.Context, method, address, token string, body any) (status int, text []byte, err error) {
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return 0, nil, fmt.Errorf("encode the request: %w", err)
		}
		sent = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, sent)
	if err != nil {
		return 0, nil, fmt.Errorf("ask an admin address: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("ask an admin address: %w", errors.Join(api.ErrAway, err))
	}
	defer res.Body.Close() //nolint:errcheck // nothing is lost with it
	text, err = io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	if err != nil || len(text) > mostAnswer {
		return 0, nil, fmt.Errorf("read an admin address: %w", errors.Join(api.ErrAway, err))
	}
	return res.StatusCode, text, nil
}

// ask asks one service and reads what it answers. Errors: ErrUnknown; api.ErrAway;
// *api.Problem, as the service gave it.
func (c *Client) ask(ctx context.Context, method, service, path, token string, body, out any) error {
	base := c.address(service)
	if base == "" {
		return fmt.Errorf("%s: %w", service, ErrUnknown)
	}
	status, text, err := c.raw(ctx, method, base+path, token, body)
	if err != nil {
		return fmt.Errorf("%s: %w", service, err)
	}
	return read(status, text, out)
}

func read(status int, text []byte, out any) error {
	if status >= http.StatusMultipleChoices {
		return api.ReadProblem(status, text)
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("read the answer: %w", errors.Join(api.ErrAway, err))
	}
	return nil
}

// to joins parts that a person may have typed.
func to(parts ...string) (joined string) {
	for _, p := range parts {
		joined += "/" + url.PathEscape(p)
	}
	return joined
}
