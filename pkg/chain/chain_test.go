package chain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/telemetry"
)

var (
	errRule = fault.New(fault.Conflict, "case_not_open", "The case is closed.")
	open    = chain.Operation{ID: "openCase", Permission: access.CaseOpen}
	react   = chain.Operation{ID: "onReferralMade", Permission: chain.System}
	public  = chain.Operation{ID: "answer", Permission: access.Public}

	optional = chain.Operation{ID: "look", Permission: access.Welcome}
)

// bench is a chain, and all that it tells.
type bench struct {
	*chain.Chain
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
	logs     bytes.Buffer
	now      time.Time
}

func newBench() *bench {
	b := &bench{registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder(), now: time.Unix(1_800_000_000, 0)}
	b.Chain = chain.New(chain.Config{
		TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(b.spans)),
		Registerer:     b.registry, Logger: telemetry.NewLogger(&b.logs, slog.LevelDebug),
		Clock: func() time.Time { return b.now }, RatePerSecond: 10,
	})
	return b
}

func as(ctx context.Context, agency string, roles ...string) context.Context {
	return identity.With(ctx, identity.Principal{Subject: "person-1", Agency: agency, Roles: roles})
}

func done(context.Context, any) (any, error) { return "done", nil }

func failing(err error) endpoint.Endpoint {
	return func(context.Context, any) (any, error) { return nil, err }
}

func TestWhoMay(t *testing.T) {
	b := newBench()
	command, reaction, welcome, either := b.Around(open, done), b.Around(react, done), b.Around(public, done), b.Around(optional, done)
	anonymous := func(ctx context.Context) context.Context { return identity.Anonymous(ctx, "192.0.2.1") }
	for name, c := range map[string]struct {
		endpoint endpoint.Endpoint
		ctx      context.Context
		want     error
	}{
		"the right role":                 {command, as(t.Context(), "clinic", "caseworker"), nil},
		"another role":                   {command, as(t.Context(), "clinic", "lawyer"), chain.ErrForbidden},
		"no role":                        {command, as(t.Context(), "clinic"), chain.ErrForbidden},
		"nobody":                         {command, t.Context(), identity.ErrUnauthenticated},
		"nobody, and the reason why":     {command, identity.Without(t.Context(), identity.ErrKeysUnavailable), identity.ErrKeysUnavailable},
		"the network itself, reacting":   {reaction, t.Context(), nil},
		"the role called system, acting": {command, as(t.Context(), "clinic", "system"), chain.ErrForbidden},
		"anonymous, where all may":       {welcome, anonymous(t.Context()), nil},
		"anonymous, acting":              {command, anonymous(t.Context()), identity.ErrUnauthenticated},
		"nobody at all, where all may":   {welcome, t.Context(), identity.ErrUnauthenticated},
		"the right role, where all may":  {welcome, as(t.Context(), "clinic", "caseworker"), identity.ErrUnauthenticated},
		"the role called public, acting": {command, as(t.Context(), "clinic", "public"), chain.ErrForbidden},
		"anonymous, token optional":      {either, anonymous(t.Context()), nil},
		"somebody, token optional":       {either, as(t.Context(), "clinic"), nil},
		"a bad token, token optional":    {either, identity.Without(t.Context(), identity.ErrUnauthenticated), identity.ErrUnauthenticated},
		"nobody at all, token optional":  {either, t.Context(), identity.ErrUnauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			response, err := c.endpoint(c.ctx, nil)
			if !errors.Is(err, c.want) || (err == nil) != (response == "done") {
				t.Errorf("%v, %v", response, err)
			}
		})
	}
}

func TestOperationsWithoutAPermissionPanic(t *testing.T) {
	for _, op := range []chain.Operation{{}, {ID: "x"}, {ID: "x", Permission: "case:burn"}, {Permission: access.CaseOpen}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("took %+v", op)
				}
			}()
			newBench().Around(op, done)
		}()
	}
}

func TestResultsAreCountedTracedAndLogged(t *testing.T) {
	const canary = "canary"
	for name, c := range map[string]struct {
		endpoint endpoint.Endpoint
		result   string
		level    string
	}{
		"ok":          {done, "ok", "DEBUG"},
		"a rule":      {failing(errRule), "conflict", ""},
		"a defect":    {failing(fmt.Errorf("read %s: %w", canary, errors.New(canary))), "internal", "ERROR"},
		"a panic":     {func(context.Context, any) (any, error) { panic(canary) }, "internal", "ERROR"},
		"an outage":   {failing(fault.New(fault.Unavailable, "away", "Away.").Because(errors.New(canary))), "unavailable", "WARN"},
		"set aside":   {failing(fault.New(fault.Unavailable, fault.Quarantined, "Closed.")), "record_quarantined", ""},
		"a lost race": {failing(fault.New(fault.Contended, "busy", "Busy.")), "contended", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			request := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled})
			ctx := trace.ContextWithSpanContext(as(t.Context(), "clinic", "caseworker"), request)
			_, err := b.Around(open, c.endpoint)(ctx, nil)
			if (err == nil) != (c.result == "ok") {
				t.Errorf("error %v", err)
			}
			if n := len(b.spans.Ended()); n != 0 {
				t.Errorf("%d spans beside that of the request", n)
			}
			want := fmt.Sprintf("# HELP sanad_operations_total Operations by result: ok, cancelled by a caller that left, or the kind of the fault, but for a record that is set aside.\n"+
				"# TYPE sanad_operations_total counter\n"+
				"sanad_operations_total{operation=\"openCase\",result=%q} 1\n", c.result)
			if c.result != "ok" {
				want += "sanad_operations_total{operation=\"openCase\",result=\"ok\"} 0\n"
			}
			if err := testutil.GatherAndCompare(b.registry, strings.NewReader(want), "sanad_operations_total"); err != nil {
				t.Error(err)
			}
			if c.level == "" {
				if b.logs.Len() > 0 {
					t.Errorf("logged %s", b.logs.String())
				}
				return
			}
			var line map[string]any
			if err := json.Unmarshal(b.logs.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			if line["level"] != c.level || line["operation"] != "openCase" || line["result"] != c.result ||
				line["agency"] != "clinic" || line["trace_id"] != request.TraceID().String() || line["duration_ms"] == nil {
				t.Errorf("logged %v", line)
			}
			if strings.Contains(b.logs.String(), canary) || strings.Contains(b.logs.String(), "person-1") {
				t.Errorf("logged too much: %s", b.logs.String())
			}
			if name == "a panic" && (line["panic"] != "string" || !strings.Contains(fmt.Sprint(line["stack"]), "chain_test.go")) {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestCallersThatLeaveAreNobodysDefect(t *testing.T) {
	b := newBench()
	ctx, cancel := context.WithCancel(as(t.Context(), "clinic", "caseworker"))
	cancel()
	if _, err := b.Around(open, failing(fmt.Errorf("append: %w", context.Canceled)))(ctx, nil); err == nil {
		t.Fatal("no error")
	}
	if b.logs.Len() > 0 {
		t.Errorf("logged %s", b.logs.String())
	}
	if n, err := testutil.GatherAndCount(b.registry, "sanad_operations_total"); err != nil || n != 2 {
		t.Errorf("%d series, %v", n, err)
	}
}

func TestReactionIsAnInnerSpan(t *testing.T) {
	for name, c := range map[string]struct {
		endpoint endpoint.Endpoint
		status   codes.Code
		err      string
	}{
		"ok":       {done, codes.Unset, ""},
		"a rule":   {failing(errRule), codes.Unset, "case_not_open"},
		"a defect": {failing(errors.New("defect")), codes.Error, "internal"},
		"a panic":  {func(context.Context, any) (any, error) { panic("defect") }, codes.Error, "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			_, _ = b.Around(react, c.endpoint)(t.Context(), nil)
			span := b.spans.Ended()[0]
			if span.Name() != react.ID || span.SpanKind() != trace.SpanKindInternal || span.Status().Code != c.status {
				t.Errorf("span %s, %v, %v", span.Name(), span.SpanKind(), span.Status())
			}
			var want []attribute.KeyValue
			if c.err != "" {
				want = append(want, attribute.String("error.type", c.err))
			}
			if diff := cmp.Diff(want, span.Attributes(), cmp.Comparer(func(a, b attribute.KeyValue) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSampledTracesAreExemplars(t *testing.T) {
	b := newBench()
	if _, err := b.Around(react, done)(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	families, err := b.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	want := b.spans.Ended()[0].SpanContext().TraceID().String()
	for _, family := range families {
		if family.GetName() == "sanad_operation_seconds" && !strings.Contains(family.String(), want) {
			t.Error("no exemplar")
		}
	}
}

func TestAgenciesAreBoundedEachForItself(t *testing.T) {
	b := newBench()
	e := b.Around(open, done)
	spend := func(agency string) (let int) {
		for range 100 {
			if _, err := e(as(t.Context(), agency, "caseworker"), nil); err == nil {
				let++
			} else if !errors.Is(err, chain.ErrRateLimited) {
				t.Fatal(err)
			}
		}
		return let
	}
	if let := spend("clinic"); let != 20 {
		t.Errorf("a burst of %d", let)
	}
	if let := spend("shelter"); let != 20 {
		t.Errorf("another agency had %d", let)
	}
	b.now = b.now.Add(time.Second)
	if let := spend("clinic"); let != 10 {
		t.Errorf("%d in a second", let)
	}
	reaction := b.Around(react, done)
	for range 100 {
		if _, err := reaction(t.Context(), nil); err != nil {
			t.Fatal("the network itself was bounded")
		}
	}
}

// A flood of addresses drops addresses, and no agency.
func TestAddressesAreBoundedBesideAgencies(t *testing.T) {
	b := newBench()
	agency, anybody := b.Around(open, done), b.Around(public, done)
	for range 20 {
		if _, err := agency(as(t.Context(), "clinic", "caseworker"), nil); err != nil {
			t.Fatal(err)
		}
	}
	let := 0
	for range 100 {
		if _, err := anybody(identity.Anonymous(t.Context(), "192.0.2.1"), nil); err == nil {
			let++
		} else if !errors.Is(err, chain.ErrRateLimited) {
			t.Fatal(err)
		}
	}
	if let != 10 {
		t.Errorf("a burst of %d", let)
	}
	for i := range 10_000 {
		if _, err := anybody(identity.Anonymous(t.Context(), fmt.Sprintf("address %d", i)), nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := agency(as(t.Context(), "clinic", "caseworker"), nil); !errors.Is(err, chain.ErrRateLimited) {
		t.Errorf("the agency's bound was dropped: %v", err)
	}
}

func TestManyAgencies(t *testing.T) {
	e := newBench().Around(open, done)
	for i := range 10_000 {
		if _, err := e(as(t.Context(), fmt.Sprintf("agency-%d", i), "caseworker"), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkAround(b *testing.B) {
	c := chain.New(chain.Config{
		TracerProvider: noop.NewTracerProvider(), Registerer: prometheus.NewRegistry(),
		Logger: slog.New(slog.NewJSONHandler(new(bytes.Buffer), nil)), RatePerSecond: 1 << 30,
	})
	for name, op := range map[string]chain.Operation{"command": open, "reaction": react} {
		b.Run(name, func(b *testing.B) {
			e := c.Around(op, done)
			ctx := b.Context()
			if op.Permission != chain.System {
				ctx = as(ctx, "clinic", "caseworker")
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e(ctx, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
