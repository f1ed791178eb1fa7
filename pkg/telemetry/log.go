package telemetry

import (
	"context"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// redacted stands for what may not be logged.
const redacted = "redacted"

// allowed are the keys of attributes that may be logged: codes, counts, names
// of our own parts. Identifiers of records and of persons are not among them,
// nor are subjects, paths and addresses of callers.
var allowed = map[string]bool{
	"service": true, "version": true, "component": true, "state": true, "addr": true, "step": true,
	"operation": true, "event": true, "consumer": true, "timer": true, "collection": true, "command": true,
	"result": true, "code": true, "error": true, "types": true, "known": true, "panic": true, "stack": true,
	"agency": true, "trace_id": true,
	// The streams of the bus and counts of what is there, and the folder of the
	// data directory for what was damaged.
	"bus_stream": true, "records": true, "messages": true, "deadlines": true, "services": true, "aside": true,
	"duration_ms": true, "seconds": true, "count": true, "commits": true, "done": true, "total": true, "attempt": true,
}

// NewLogger writes one JSON object a line. Messages must be constants; what
// varies goes into attributes, where the list of keys holds.
func NewLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(handler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: redact})})
}

func redact(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 {
		switch a.Key {
		case slog.TimeKey, slog.LevelKey, slog.MessageKey:
			return a
		}
	}
	if !allowed[a.Key] {
		return slog.String(a.Key, redacted)
	}
	switch value := a.Value.Any().(type) {
	case error:
		return slog.Attr{Key: a.Key, Value: describe(value)}
	case []string:
		return a
	}
	// A text under "error" may be the result of err.Error(); a struct may hold
	// anything.
	if a.Key == "error" || a.Value.Kind() == slog.KindAny {
		return slog.String(a.Key, redacted)
	}
	return a
}

// handler joins each record to its trace.
type handler struct{ slog.Handler }

// Handle adds the trace and writes the record.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
		r.AddAttrs(slog.String("trace_id", sc.TraceID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the trace of what is logged with more attributes.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the trace of what is logged in a group.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
