// Package edge is HTTP. It checks every request against the OpenAPI contract of the
// service, passes it to an operation, and writes the answer. It refuses what the
// contract does not name. An answer never repeats a value that a caller sent, and
// an error gives no more than its code and the rule.
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

// Handle serves an operation on a route ("POST /v1/referrals/{id}/accept"). Check
// reports an operation that the contract does not have, or for which its security
// names another permission. An operation that only the network may do panics, at
// start-up.
//
// The body is read after authorization and rate limit, so that a caller who may not
// ask costs no parsing.
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
	if _, takes := any(new(B)).(*Upload); takes != (promised.files != nil) {
		r.faults = append(r.faults, fmt.Errorf("%s (%s): contract and service disagree on whether its body is a file", op.ID, route))
		return
	}
	r.serve(promised, write, writeProblem, r.cfg.Chain.Around(op, func(ctx context.Context, request any) (any, error) {
		c := request.(*call)
		if err := enterWay(ctx); err != nil {
			return nil, err
		}
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
	case promised.needs != op.Permission:
		r.faults = append(r.faults, fmt.Errorf("%s (%s) needs %s in the contract, and is served to who has %s", op.ID, route, promised.needs, op.Permission))
	case promised.kind != kind:
		r.faults = append(r.faults, fmt.Errorf("%s (%s) is %s in the contract, and served as %s", op.ID, route, promised.kind, kind))
	default:
		r.served[route] = true
		return promised
	}
	return nil
}

func (r *Router) serve(op *operation, write kithttp.EncodeResponseFunc, refuse kithttp.ErrorEncoder, e endpoint.Endpoint) {
	enter := r.enter
	switch op.needs {
	case access.Public:
		enter = anonymous
	case access.Welcome:
		enter = r.optional
	}
	var server http.Handler = kithttp.NewServer(e, take, write,
		kithttp.ServerBefore(enter), kithttp.ServerErrorEncoder(refuse))
	if op.files != nil || op.gives {
		server = slowly(server)
	}
	if r.paths[op.path] == nil {
		r.paths[op.path] = newMethods()
	}
	r.paths[op.path].add(op.method, server)
	r.paths[op.path].operations[op.method] = op.id
}

// Check reports every operation that the contract has and the router lacks, and the
// other way round. Call it after the last Handle and before the router serves.
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

// Routes gives the handlers by path, without methods, to Join. Each handler answers
// 405 to the methods that it lacks, and is in the spans of this service.
func (r *Router) Routes() map[string]http.Handler {
	routes := make(map[string]http.Handler, len(r.paths))
	for path, handler := range r.paths {
		routes[path] = traced(r.cfg.TracerProvider, path, handler.operations, handler)
	}
	return routes
}

// ServeHTTP serves the operations of this router alone. After its first request it
// takes no more operations.
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

// anonymous makes every caller anonymous. It does not read the token: what needs no
// token must not do more for a caller who sends one.
func anonymous(ctx context.Context, req *http.Request) context.Context {
	return identity.Anonymous(begin(ctx, req), remote(req.RemoteAddr))
}

// optional makes a caller without a token anonymous. A caller with a token is who
// the token names. A token that does not hold is refused and not ignored: a caller
// who expects to be known must not get the answer of an anonymous one.
func (r *Router) optional(ctx context.Context, req *http.Request) context.Context {
	if _, sent := req.Header["Authorization"]; !sent {
		return anonymous(ctx, req)
	}
	return r.enter(ctx, req)
}

// remote is the part of a peer's address that stands for one caller: a caller with
// an IPv6 address has 2^64 of them. X-Forwarded-For is not used, since anybody can
// write it. Behind a proxy all callers have the proxy's address, so the proxy must
// limit each of them.
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

// enter finds out who calls and in which trace. It never refuses. The chain
// refuses, so that refusals are counted like any other outcome.
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

// Bearer is the token that a request carries, for what is served beside the
// operations. A request with two of them has none.
func Bearer(h http.Header) (token string, ok bool) { return bearer(h) }

func bearer(h http.Header) (string, bool) {
	sent := h["Authorization"]
	if len(sent) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(sent[0], " ")
	return token, ok && strings.EqualFold(scheme, "Bearer")
}
