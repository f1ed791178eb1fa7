package record

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/propagation"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/api/fact"
)

// Command says who wants what, and why: it travels in the context from the
// transport to the journal.
type Command struct {
	// Op is the operation: an operationId, or the name of a reaction.
	Op string
	// By is who acts. Its instant and commit are filled in at each decision.
	By fact.By
	// Cause names the request (agency, operation and Idempotency-Key) or the
	// event that wants it. A cause takes effect once on a record: that of an event
	// for ever, that of a request while it is Remembered.
	Cause string
	// Digest is that of the request, empty for an event. With the principal it is
	// what a request that comes again is known by.
	Digest []byte
	// Earlier is what an earlier release would have made of the request instead of
	// Digest, empty for none. A journal holds such digests, and what they stand for
	// was done: it is known again as long as they are Remembered.
	Earlier []byte
	// Expect is the version that must be the present one; 0 is any.
	Expect uint64
}

type commandKey struct{}

// With puts a command into a context.
func With(ctx context.Context, c Command) context.Context {
	return context.WithValue(ctx, commandKey{}, c)
}

// Step names one of several effects that one cause has on the same record.
func Step(ctx context.Context, name string) context.Context {
	c := commandOf(ctx)
	c.Cause += "#" + name
	return With(ctx, c)
}

// Cause names what led to the work: the event or the request. Its copies have the same.
func Cause(ctx context.Context) string { return commandOf(ctx).Cause }

func commandOf(ctx context.Context) Command {
	c, _ := ctx.Value(commandKey{}).(Command)
	return c
}

// errNobody is a defect: something is to be changed, and nobody says by whom.
// A context without a command must not read as the network's own.
var errNobody = errors.New("record: a change without a command, or by somebody anonymous")

// attributed gives the command of a change. Somebody anonymous changes nothing
// in their own name: what they may bring about is done as somebody whom the
// operation names.
func attributed(ctx context.Context) (Command, error) {
	c, ok := ctx.Value(commandKey{}).(Command)
	if !ok || c.By.Anonymous() {
		return Command{}, errNobody
	}
	return c, nil
}

// trace is the W3C traceparent of the work in progress, empty for none. It is
// stored with the commit, so that a late publication still joins its trace.
func trace(ctx context.Context) string {
	if !oteltrace.SpanContextFromContext(ctx).IsValid() {
		return ""
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}
