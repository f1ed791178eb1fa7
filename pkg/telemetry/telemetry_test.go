package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/pkg/telemetry/telemetrytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const canary = "canary-Aigul-0700123456"

// logged gives what a logger wrote, as one object.
func logged(t *testing.T, log func(*slog.Logger)) (text string, line map[string]any) {
	t.Helper()
	var out bytes.Buffer
	log(telemetry.NewLogger(&out, slog.LevelDebug))
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return out.String(), line
}

type survivor struct{ Name string }

func (s survivor) String() string { return s.Name }

type valuer struct{}

func (valuer) LogValue() slog.Value { return slog.StringValue(canary) }

func TestCanariesAreNotLogged(t *testing.T) {
	wrapped := fmt.Errorf("open case of %s: %w", canary, errors.New(canary))
	for name, attr := range map[string]slog.Attr{
		"a key that is not on the list":    slog.String("name", canary),
		"a number that is not on the list": slog.Int64("phone", 700123456),
		"an error":                         slog.Any("error", wrapped),
		"an error of the store": slog.Any("error", mongo.CommandError{
			Code: 11000, Message: canary, Raw: bson.Raw(canary), Wrapped: errors.New(canary),
		}),
		"a fault with a cause":            slog.Any("error", fault.Of(wrapped)),
		"errors that are joined":          slog.Any("error", errors.Join(wrapped, fs.ErrExist, &fs.PathError{Op: "open", Path: canary, Err: syscall.ENOENT})),
		"an error under another key":      slog.Any("result", wrapped),
		"a text where an error should be": slog.String("error", wrapped.Error()),
		"a struct":                        slog.Any("state", survivor{canary}),
		"a pointer":                       slog.Any("state", &survivor{canary}),
		"a map":                           slog.Any("state", map[string]string{"name": canary}),
		"bytes":                           slog.Any("state", []byte(canary)),
		"a group":                         slog.Group("case", slog.String("name", canary), slog.Any("error", wrapped)),
		"a value that resolves itself":    slog.Any("narrative", valuer{}),
	} {
		t.Run(name, func(t *testing.T) {
			for way, log := range map[string]func(*slog.Logger){
				"attribute": func(l *slog.Logger) { l.LogAttrs(t.Context(), slog.LevelError, "operation failed", attr) },
				"with":      func(l *slog.Logger) { l.With(attr).Error("operation failed") },
				"group":     func(l *slog.Logger) { l.WithGroup("g").Error("operation failed", attr) },
			} {
				text, _ := logged(t, log)
				for part := range strings.SplitSeq(canary, "-") {
					if strings.Contains(text, part) || strings.Contains(text, "700123456") {
						t.Errorf("%s: %s", way, text)
					}
				}
			}
		})
	}
}

func TestErrorsAreToldByCodeAndType(t *testing.T) {
	conflict := fault.New(fault.Conflict, "case_not_open", canary)
	for name, c := range map[string]struct {
		err  error
		want map[string]any
	}{
		"a fault": {conflict, map[string]any{"code": "case_not_open", "types": []any{"*fault.Error"}}},
		"a store": {
			fmt.Errorf("append: %w", mongo.CommandError{Code: 11000}),
			map[string]any{"code": "internal", "types": []any{"*fmt.wrapError", "mongo.CommandError"}, "known": []any{"mongo 11000"}},
		},
		"a bus": {
			fmt.Errorf("publish: %w", nats.ErrTimeout),
			map[string]any{"code": "internal", "types": []any{"*fmt.wrapError", "*errors.errorString"}, "known": []any{"nats: timeout"}},
		},
		"a stream": {
			&jetstream.APIError{Code: 404, ErrorCode: jetstream.JSErrCodeStreamNotFound, Description: canary},
			map[string]any{"code": "internal", "types": []any{"*jetstream.APIError"}, "known": []any{"jetstream 10059"}},
		},
		"the system": {
			&fs.PathError{Path: canary, Err: syscall.ENOSPC},
			map[string]any{"code": "internal", "types": []any{"*fs.PathError", "syscall.Errno"}, "known": []any{"errno 28"}},
		},
		"a cause that was given": {
			conflict.Because(context.DeadlineExceeded),
			map[string]any{"code": "case_not_open", "types": []any{"*fault.Error", "context.deadlineExceededError"}, "known": []any{"context deadline exceeded"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, line := logged(t, func(l *slog.Logger) { l.Error("operation failed", slog.Any("error", c.err)) })
			if diff := cmp.Diff(c.want, line["error"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsAllowedIsLogged(t *testing.T) {
	traceID := trace.TraceID{1}
	ctx := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: trace.SpanID{1}}))
	_, line := logged(t, func(l *slog.Logger) {
		l.LogAttrs(ctx, slog.LevelInfo, "operation done",
			slog.String("operation", "openCase"), slog.Float64("duration_ms", 1.5), slog.Int("attempt", 2), slog.String("agency", "clinic"))
	})
	delete(line, "time")
	if diff := cmp.Diff(map[string]any{
		"level": "INFO", "msg": "operation done", "operation": "openCase", "duration_ms": 1.5, "attempt": 2.0,
		"agency": "clinic", "trace_id": traceID.String(),
	}, line); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutCollectorNothingIsTraced(t *testing.T) {
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "s", Writer: new(bytes.Buffer)})
	if err != nil {
		t.Fatal(err)
	}
	for _, provider := range []trace.TracerProvider{tel.TracerProvider, tel.Tracing("s")} {
		if _, ok := provider.(noop.TracerProvider); !ok {
			t.Errorf("%T", provider)
		}
	}
	if err := flush(t.Context()); err != nil {
		t.Error(err)
	}
}

// Spans arrive where collectors take them, whether the path is said or not.
func TestSpansReachTheCollector(t *testing.T) {
	for said, want := range map[string]string{"": "/v1/traces", "/": "/v1/traces", "/v1/traces": "/v1/traces", "/otlp/traces": "/otlp/traces"} {
		collector := telemetrytest.New(t)
		tel, flush, err := telemetry.New(t.Context(), telemetry.Config{
			Service: "s", OTLPEndpoint: collector.URL + said, Sample: 1, Writer: new(bytes.Buffer),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, span := tel.TracerProvider.Tracer("test").Start(t.Context(), "work")
		span.End()
		if err := flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{want}, collector.Paths()); diff != "" {
			t.Errorf("at %q (-want +got):\n%s", said, diff)
		}
	}
}

// Each service of a process has its own name on its spans, and all go the same
// way at once: one request brings what is left of all.
func TestEachServiceHasItsName(t *testing.T) {
	collector := telemetrytest.New(t)
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "standalone", OTLPEndpoint: collector.URL, Sample: 1, Writer: new(bytes.Buffer)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, service := range []string{"intake", "referral", "legal-aid", "intake"} {
		_, span := tel.Tracing(service).Tracer("test").Start(t.Context(), "work of "+service)
		span.End()
		want["work of "+service] = service
	}
	_, span := tel.TracerProvider.Tracer("test").Start(t.Context(), "work of the process")
	span.End()
	want["work of the process"] = "standalone"
	if tel.Tracing("standalone") != tel.TracerProvider || tel.Tracing("intake") != tel.Tracing("intake") {
		t.Error("one name, two providers")
	}
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range collector.Spans() {
		got[s.Name] = s.Service
	}
	if diff := cmp.Diff(want, got); diff != "" || len(collector.Spans()) != 5 {
		t.Errorf("%d spans (-want +got):\n%s", len(collector.Spans()), diff)
	}
	if n := len(collector.Paths()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// An endpoint that is none is refused, and not repeated.
func TestAnEndpointIsAURL(t *testing.T) {
	for _, endpoint := range []string{canary, "otelcol:4318", "grpc://" + canary, "http://", "http://" + canary + ":port"} {
		_, _, err := telemetry.New(t.Context(), telemetry.Config{Service: "s", OTLPEndpoint: endpoint, Writer: new(bytes.Buffer)})
		if err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

// Spans that a collector refuses are told in the log, without a word of theirs.
func TestSpansThatDoNotArriveAreTold(t *testing.T) {
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, canary, http.StatusBadRequest)
	}))
	defer collector.Close()
	var out bytes.Buffer
	tel, flush, err := telemetry.New(t.Context(), telemetry.Config{Service: "s", OTLPEndpoint: collector.URL, Sample: 1, Writer: &out})
	if err != nil {
		t.Fatal(err)
	}
	_, span := tel.TracerProvider.Tracer("test").Start(t.Context(), canary)
	span.End()
	told := flush(t.Context())
	if text := out.String(); !strings.Contains(text, "spans did not reach the collector") || strings.Contains(text, canary) {
		t.Errorf("flush says %v, and the log %q", told, text)
	}
}

func TestCommandsToTheStoreAreMeasured(t *testing.T) {
	tel, _, err := telemetry.New(t.Context(), telemetry.Config{Service: "s", Writer: new(bytes.Buffer)})
	if err != nil {
		t.Fatal(err)
	}
	monitor := tel.MongoMonitor()
	if monitor.Started != nil {
		t.Error("looks at statements")
	}
	finished := event.CommandFinishedEvent{CommandName: "insert", Duration: time.Millisecond, DatabaseName: canary}
	monitor.Succeeded(t.Context(), &event.CommandSucceededEvent{CommandFinishedEvent: finished, Reply: bson.Raw(canary)})
	monitor.Failed(t.Context(), &event.CommandFailedEvent{CommandFinishedEvent: finished, Failure: errors.New(canary)})
	if n, err := testutil.GatherAndCount(tel.Registry, "sanad_store_command_seconds"); err != nil || n != 2 {
		t.Errorf("%d series, %v", n, err)
	}
	families, err := tel.Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if strings.Contains(family.String(), "canary") {
			t.Error(family.String())
		}
	}
}
