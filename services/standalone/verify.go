package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/pkg/embedded"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// errBroken is the answer to a journal that somebody changed.
var errBroken = errors.New("the journals do not verify")

// verify checks every chain of every journal, without any key, and names each
// commit that does not hold.
func verify(ctx context.Context, set settings, out io.Writer) (err error) {
	connect := func() (*mongo.Client, error) { return mongo.Connect(options.Client().ApplyURI(set.MongoURI)) }
	if set.MongoURI == "" {
		m, err := embedded.Mongo(network.DatabaseDir(set.data))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, m.Close()) }()
		connect = m.Connect
	}
	client, err := connect()
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	broken := false
	for _, name := range network.Services {
		// No keys: a chain is verified without reading what is in it.
		j, err := journal.Open(ctx, journal.Config{
			Database: client.Database("sanad_" + name), Registerer: prometheus.NewRegistry(),
			Logger: slog.New(slog.DiscardHandler), Tracer: noop.NewTracerProvider().Tracer(""),
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		checked, err := j.Verify(ctx, func(f journal.Finding) {
			broken = true
			fmt.Fprintf(out, "%s: stream %s version %d: %s\n", name, f.Stream, f.Version, f.Problem)
		})
		err = errors.Join(err, j.Close(ctx))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "%s: %d commits checked\n", name, checked)
	}
	if broken {
		return errBroken
	}
	return nil
}
