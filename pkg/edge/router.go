// Package edge is HTTP: it holds every request against the service's OpenAPI
// contract, hands it to an operation, and tells the outcome. What the contract
// does not name does not get in. An answer never repeats a value that a caller
// sent, and an error never says more than its code and the rule.
package edge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/go-kit/kit/endpoint"
	kithttp "github.com/go-kit/kit/transport/http"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/identity"
)

// Config is what a router needs. All of it is required.
type Config struct {
	// Service is the name of the service, for messages at the start.
	Service string
	// Contract is the OpenAPI 3.1 document, as YAML.
	Contract []byte
	// Verifier checks the tokens of callers.
	Verifier *identity.Verifier
	// Chain surrounds each operation.
	Chain *chain.Chain
	// TracerProvider makes the span of each request.
	TracerProvider trace.TracerProvider
}

// Router serves the operations of one service.
type Router struct {
	cfg      Config
	contract *contract
	paths    map[string]*methods
	served   map[string]bool
	faults   []error
	handler  func() http.Handler
}

// New reads the contract and compiles its schemas.
func New(cfg Config) (*Router, error) {
	contract, err := readContract(cfg.Contract)
	if err != nil {
		return nil, fmt.Errorf("contract of %s: %w", cfg.Service, err)
	}
	r := &Router{cfg: cfg, contract: contract, paths: make(map[string]*methods), served: make(map[string]bool)}
	r.handler = sync.OnceValue(func() http.Handler { return Join(r.cfg.TracerProvider, r.Routes()) })
	return r, nil
}

// Handle serves an operation on a route ("POST /v1/referrals/{id}/accept").
// What the contract does not know is remembered, and Check reports it; so is an
// operation that is access.Public without `security: []`, or access.Welcome
// without `security: [{}, {bearer: []}]`, or the reverse. An operation that only
// the network may do panics, at start-up.
//
// The body is read behind authorization and rate limit: who may not ask does
// not make us parse.
func Handle[B any](r *Router, route string, op chain.Operation, fn func(context.Context, Request[B]) (Response, error)) {
	handle(r, route, op, asData, fn)
}

// HandleChange is Handle for an operation that changes a record and answers with
// it. Its contract takes the Prefer header: with return=minimal the record is not
// shown, and fn need not make the body (Request.Minimal).
func HandleChange[B any](r *Router, route string, op chain.Operation, fn func(context.Context, Request[B]) (Response, error)) {
	handle(r, route, op, asChange, fn)
}

func handle[B any](r *Router, route string, op chain.Operation, kind answerKind, fn func(context.Context, Request[B]) (Response, error)) {
	if op.Permission == chain.System {
		panic("edge: " + op.ID + " belongs to the network itself")
	}
	promised := r.promised(route, op, kind)
	if promised == nil {
		return
	}
	r.serve(promised, write, writeProblem, r.cfg.Chain.Around(op, func(ctx context.Context, request any) (any, error) {
		c := request.(*call)
		in, err := decode[B](promised, r.contract, c.request)
		if err != nil {
			return nil, err
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, err
		}
		return answer(c.request, out, in.Minimal)
	}))
}

// promised finds what the contract promises of a route, and remembers where an
// operation is not that.
func (r *Router) promised(route string, op chain.Operation, kind answerKind) *operation {
	promised, ok := r.contract.operations[route]
	switch {
	case !ok:
		r.faults = append(r.faults, fmt.Errorf("%s (%s) is not in the contract", op.ID, route))
	case promised.id != op.ID:
		r.faults = append(r.faults, fmt.Errorf("%s is %s in the contract, and served as %s", route, promised.id, op.ID))
	case promised.open != opened(op.Permission):
		r.faults = append(r.faults, fmt.Errorf("%s (%s): contract and permission disagree on whether it needs a token", op.ID, route))
	case promised.kind != kind:
		r.faults = append(r.faults, fmt.Errorf("%s (%s) is %s in the contract, and served as %s", op.ID, route, promised.kind, kind))
	default:
		r.served[route] = true
		return promised
	}
	return nil
}

// opened is what the contract must say of tokens for a permission.
func opened(p access.Permission) access.Permission {
	if p == access.Public || p == access.Welcome {
		return p
	}
	return ""
}

func (r *Router) serve(op *operation, write kithttp.EncodeResponseFunc, refuse kithttp.ErrorEncoder, e endpoint.Endpoint) {
	enter := r.enter
	switch op.open {
	case access.Public:
		enter = stroll
	case access.Welcome:
		enter = r.greet
	}
	server := kithttp.NewServer(e, take, write,
		kithttp.ServerBefore(enter), kithttp.ServerErrorEncoder(refuse))
	if r.paths[op.path] == nil {
		r.paths[op.path] = newMethods()
	}
	r.paths[op.path].add(op.method, server)
	r.paths[op.path].operations[op.method] = op.id
}

// Check reports every operation that the contract has and the router lacks, and
// the other way round. Call it when all operations are there, before serving.
func (r *Router) Check() error {
	faults := slices.Clone(r.faults)
	for _, route := range slices.Sorted(maps.Keys(r.contract.operations)) {
		if !r.served[route] {
			faults = append(faults, fmt.Errorf("%s (%s) is in the contract and not served", r.contract.operations[route].id, route))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("operations of %s: %w", r.cfg.Service, err)
	}
	return nil
}

// Routes gives the handlers by path, without methods, to Join. Each answers
// 405 to the methods that it lacks, and is in the spans of this service.
func (r *Router) Routes() map[string]http.Handler {
	routes := make(map[string]http.Handler, len(r.paths))
	for path, handler := range r.paths {
		routes[path] = traced(r.cfg.TracerProvider, path, handler.operations, handler)
	}
	return routes
}

// ServeHTTP serves the operations of this router alone. It takes no operation
// any more once it has served.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.handler().ServeHTTP(w, req) }

// call is one request on its way through the chain.
type call struct{ request *http.Request }

type callKey struct{}

func take(ctx context.Context, _ *http.Request) (any, error) { return ctx.Value(callKey{}), nil }

// begin gives the request its context, in the trace of its span; where nothing is
// traced here, in that of the caller, if they have one.
func begin(ctx context.Context, req *http.Request) context.Context {
	ctx = context.WithValue(ctx, callKey{}, &call{request: req})
	if !trace.SpanContextFromContext(ctx).IsValid() && req.Header.Get("Traceparent") != "" {
		ctx = extract(ctx, req.Header)
	}
	return ctx
}

// stroll lets in whoever comes, as nobody. A token is not looked at: what needs
// none must not do more for whoever brings one.
func stroll(ctx context.Context, req *http.Request) context.Context {
	return identity.Anonymous(begin(ctx, req), remote(req.RemoteAddr))
}

// greet lets in whoever comes without a token, as nobody. Who sends one is who it
// says: a token that does not hold is refused and not passed over, for who
// believes to be somebody must not be answered as nobody.
func (r *Router) greet(ctx context.Context, req *http.Request) context.Context {
	if _, sent := req.Header["Authorization"]; !sent {
		return stroll(ctx, req)
	}
	return r.enter(ctx, req)
}

// remote is the address of a peer as far as it stands for one caller: one who
// has an IPv6 address has 2^64 of them. X-Forwarded-For is not believed, since
// anybody can write one: behind a proxy all share the proxy's address, and
// bounding each caller is for the proxy.
func remote(addr string) string {
	port, err := netip.ParseAddrPort(addr)
	if err != nil {
		return ""
	}
	ip := port.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// enter finds out who calls and in which trace. It never refuses: that is for
// the chain, so that refusals are counted like any other outcome.
func (r *Router) enter(ctx context.Context, req *http.Request) context.Context {
	ctx = begin(ctx, req)
	token, ok := bearer(req.Header)
	if !ok {
		return ctx
	}
	p, err := r.cfg.Verifier.Verify(ctx, token)
	if err != nil {
		return identity.Without(ctx, err)
	}
	return identity.With(ctx, p)
}

func bearer(h http.Header) (string, bool) {
	sent := h["Authorization"]
	if len(sent) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(sent[0], " ")
	return token, ok && strings.EqualFold(scheme, "Bearer")
}
