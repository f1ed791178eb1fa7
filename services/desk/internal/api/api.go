// Package api asks the services of the network, with the token of the person who sits at
// the desk. It knows operations by the ids of the contracts and has no other way in: what
// the services do not show to the person, it cannot show either. It refuses to follow a
// redirect, and to read an answer that is longer than a page can be.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

const (
	maxAnswer = 4 << 20
	// maxFile is more than the contracts let a file have.
	maxFile  = 32 << 20
	patience = 20 * time.Second
)

// ErrAway says that a service does not answer. The rest of the desk works.
var ErrAway = errors.New("the service does not answer")

// Client asks the services.
type Client struct {
	contract *Contract
	bases    map[string]func() string
	http     *http.Client
	watch    Watch
}

// Watch is told of each request before it is sent, and of the status of its answer; 0 where
// none came. It may add to the head of the request.
type Watch func(ctx context.Context, o Operation, head http.Header) (context.Context, func(status int))

// New makes a client. Each service of the contracts has its address in bases: a function,
// because an office knows its address when it listens.
func New(contract *Contract, bases map[string]func() string) (*Client, error) {
	for _, o := range contract.Operations {
		if bases[o.Service] == nil {
			return nil, fmt.Errorf("the address of %s is not known", o.Service)
		}
	}
	return &Client{contract: contract, bases: bases, watch: unwatched, http: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func unwatched(ctx context.Context, _ Operation, _ http.Header) (context.Context, func(int)) {
	return ctx, func(int) {}
}

// Watched has a watch be told, from before the first request on.
func (c *Client) Watched(by Watch) { c.watch = by }

// Contract is what the services promise.
func (c *Client) Contract() *Contract { return c.contract }

// Ask is one request.
type Ask struct {
	// Op is the operationId.
	Op string
	// ID is what stands for {id} in the path.
	ID    string
	Query url.Values
	// Body is sent as JSON; nil is none.
	Body any
	// File is sent as it is, in the place of a body; nil is none.
	File *File
	// Key is the Idempotency-Key, and Version the If-Match; empty for none.
	Key, Version string
}

// File is what a person sends from their machine, or takes to it.
type File struct {
	Type    string
	Content []byte
}

// Answer is what a service answered. A file is its body, and Type what it is.
type Answer struct {
	Body json.RawMessage
	Type string
	// Version is the ETag of a record, Cursor that of the next page, Location the path of
	// what was made; empty for none.
	Version, Cursor, Location string
}

// Into reads the answer.
func (a Answer) Into(out any) error { return json.Unmarshal(a.Body, out) }

// Do asks in the name of who has the token; without one, in nobody's. Errors: *Problem, as the service gave it, or for
// what cannot stand in a request; ErrAway.
func (c *Client) Do(ctx context.Context, token string, ask Ask) (Answer, error) {
	o, ok := c.contract.Operations[ask.Op]
	if !ok {
		return Answer{}, fmt.Errorf("there is no operation %q", ask.Op)
	}
	req, err := c.request(ctx, o, ask)
	if err != nil {
		return Answer{}, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	ctx, answered := c.watch(ctx, o, req.Header)
	res, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		answered(0)
		return Answer{}, fmt.Errorf("%s: %w", o.Service, errors.Join(ErrAway, err))
	}
	defer res.Body.Close() //nolint:errcheck // nothing is lost with it
	answered(res.StatusCode)
	most := maxAnswer
	if o.Gives {
		most = maxFile
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
	if err != nil || len(body) > most {
		return Answer{}, fmt.Errorf("%s: %w", o.Service, errors.Join(ErrAway, err))
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return Answer{}, ReadProblem(res.StatusCode, body)
	}
	return Answer{
		Body: body, Type: res.Header.Get("Content-Type"), Version: res.Header.Get("Etag"), Location: res.Header.Get("Location"), Cursor: next(res.Header.Get("Link")),
	}, nil
}

func (c *Client) request(ctx context.Context, o Operation, ask Ask) (*http.Request, error) {
	// They come from a form. To send them would fail, and look as if the service were away.
	if strings.ContainsFunc(ask.Key+ask.Version, unicode.IsControl) {
		return nil, &Problem{Status: http.StatusBadRequest, Code: "malformed"}
	}
	var body io.Reader
	if ask.File != nil {
		body = bytes.NewReader(ask.File.Content)
	}
	if ask.Body != nil {
		text, err := json.Marshal(ask.Body)
		if err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
		body = bytes.NewReader(text)
	}
	address := c.bases[o.Service]() + strings.Replace(o.Path, "{id}", url.PathEscape(ask.ID), 1)
	if len(ask.Query) > 0 {
		address += "?" + ask.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, o.Method, address, body)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", o.Service, err)
	}
	if ask.File != nil {
		req.Header.Set("Content-Type", ask.File.Type)
	}
	if ask.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if ask.Key != "" {
		req.Header.Set("Idempotency-Key", ask.Key)
	}
	if ask.Version != "" {
		req.Header.Set("If-Match", ask.Version)
	}
	return req, nil
}

// next is the cursor of a link to the next page (RFC 8288).
func next(link string) string {
	target, _, ok := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	if !ok {
		return ""
	}
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	return u.Query().Get("cursor")
}

// Problem is what a service refused, and why (RFC 9457).
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Pointer string `json:"pointer"`
		Rule    string `json:"rule"`
	} `json:"errors"`
	// Near are names that may have been meant, where one that was sent is not known.
	Near []string `json:"near"`
	// NotBefore is the instant before which the same is refused; zero where nobody knows it.
	NotBefore time.Time `json:"not_before"`
}

func (p *Problem) Error() string { return p.Code }

// ReadProblem reads a refusal. One that cannot be read has its status alone.
func ReadProblem(status int, body []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(body, p) != nil || p.Code == "" {
		p = &Problem{Code: "unreadable"}
	}
	p.Status = status
	return p
}

// Refused is the problem in an error; nil where it is none.
func Refused(err error) *Problem {
	p, _ := errors.AsType[*Problem](err)
	return p
}
