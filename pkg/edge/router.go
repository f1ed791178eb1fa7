// Package edge is HTTP: it holds every request against the service's OpenAPI
// contract, hands it to an operation, and tells the outcome. What the contract
// does not name does not get in. An answer never repeats a value that a caller
// sent, and an error never says more than its code.
package edge

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"

	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/identity"
)

// Request is a request that keeps the contract.
type Request[B any] struct {
	// ID is the path value "id", empty when the route has none.
	ID string
	// Query holds the parameters that the contract declares, except limit and
	// cursor.
	Query url.Values
	// Body is what was sent; the zero value when the operation takes none.
	Body B
	// Key is the Idempotency-Key; set for every POST.
	Key string
	// Digest is the SHA-256 of the route with its path values and the body: the
	// same key with another digest is a mistake of the caller.
	Digest []byte
	// IfMatch is the version that the caller saw; 0 when they did not say.
	IfMatch uint64
	// Limit is how many items a list may give, 1 to 200.
	Limit int
	// Cursor continues a list; empty for its beginning.
	Cursor string
}

// Response is the outcome of an operation.
type Response struct {
	// Status is the HTTP status; 0 is 200.
	Status int
	// Body is written as JSON; nil is an empty body.
	Body any
	// Version becomes the ETag; 0 is none.
	Version uint64
	// Location is the path of what was created.
	Location string
	// Next is the cursor of the next page; it becomes a Link.
	Next string
}

// Config is what a router needs; everything must be set.
type Config struct {
	Service string
	// Contract is the OpenAPI 3.1 document, as YAML.
	Contract []byte
	Verifier *identity.Verifier
	Chain    *chain.Chain
}

// Router serves the operations of one service.
type Router struct{}

// New reads the contract and compiles its schemas.
func New(cfg Config) (*Router, error) { return nil, errors.ErrUnsupported }

// Handle serves an operation on a route ("POST /v1/referrals/{id}/accept").
// What the contract does not know is remembered, and Check reports it.
func Handle[B any](r *Router, route string, op chain.Operation, fn func(context.Context, Request[B]) (Response, error)) {
}

// Check reports every operation that the contract has and the router lacks, and
// the other way round. Call it when all operations are there, before serving.
func (r *Router) Check() error { return nil }

// ServeHTTP serves the operations of this router alone.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {}

// Routes gives the handlers by path, without methods, for a shared address.
// Each answers 405 to the methods it lacks.
func (r *Router) Routes() map[string]http.Handler { return nil }

// Join serves several sets of routes under one address. A path that nobody
// serves is a 404 problem.
func Join(routes ...map[string]http.Handler) http.Handler { return http.NotFoundHandler() }

// Docs gives handlers, by path, of the contracts in a file system with
// openapi/<service>.yaml and asyncapi/network.yaml, and of a page that lists
// what they promise.
func Docs(contracts fs.FS) (map[string]http.Handler, error) { return nil, errors.ErrUnsupported }
