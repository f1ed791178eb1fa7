package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"syscall"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/fault"
)

// maxTypes bounds how deep a chain of errors is described.
const maxTypes = 12

// constant are errors whose text is the same always.
var constant = []error{
	context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF,
	nats.ErrTimeout, nats.ErrNoResponders, nats.ErrConnectionClosed, nats.ErrConnectionDraining,
	nats.ErrDisconnected, nats.ErrNoServers, nats.ErrMaxPayload, nats.ErrReconnectBufExceeded,
	nats.ErrSlowConsumer, nats.ErrBadSubject, nats.ErrAuthorization,
}

// describe describes an error by the code of its fault, the types it is wrapped in
// and the codes of libraries that are known to carry numbers. It never reads the
// text of the error, which may quote what a survivor said.
func describe(err error) slog.Value {
	attrs := []slog.Attr{slog.String("code", fault.Of(err).Code), slog.Any("types", types(err, nil))}
	if known := known(err); len(known) > 0 {
		attrs = append(attrs, slog.Any("known", known))
	}
	return slog.GroupValue(attrs...)
}

func types(err error, seen []string) []string {
	if err == nil || len(seen) >= maxTypes {
		return seen
	}
	seen = append(seen, fmt.Sprintf("%T", err))
	switch wrapper := err.(type) { //nolint:errorlint // the chain itself is what is told
	case interface{ Unwrap() error }:
		return types(wrapper.Unwrap(), seen)
	case interface{ Unwrap() []error }:
		for _, inner := range wrapper.Unwrap() {
			seen = types(inner, seen)
		}
	}
	return seen
}

// known gives what is safe to say: numbers of the store and of the bus,
// numbers of the system, and constants.
func known(err error) []string {
	var found []string
	if store, ok := errors.AsType[interface {
		error
		ErrorCodes() []int
	}](err); ok {
		for _, code := range store.ErrorCodes() {
			found = append(found, "mongo "+strconv.Itoa(code))
		}
	}
	if refused, ok := errors.AsType[jetstream.JetStreamError](err); ok && refused.APIError() != nil {
		found = append(found, "jetstream "+strconv.Itoa(int(refused.APIError().ErrorCode)))
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		found = append(found, "errno "+strconv.Itoa(int(number)))
	}
	for _, c := range constant {
		if errors.Is(err, c) {
			found = append(found, c.Error())
		}
	}
	return found
}
