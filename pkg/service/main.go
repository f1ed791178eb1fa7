package service

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sanad-network/sanad/pkg/telemetry"
)

// Main runs one service until the process is told to stop. It exits with 1
// when the service could not start or could not stop in order.
func Main(name string, contracts fs.FS, room Room) {
	UseMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, name, contracts, room)
	stop()
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).Error("stopped", slog.String("service", name), slog.String("error", err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, name string, contracts fs.FS, room Room) (err error) {
	cfg, err := ReadConfig(ctx, os.Environ())
	if err := errors.Join(err, cfg.Validate()); err != nil {
		return err
	}
	tel, flush, err := telemetry.New(ctx, telemetry.Config{
		Service: name, OTLPEndpoint: cfg.OTLPEndpoint, Sample: cfg.TraceSample, Writer: os.Stderr, Level: cfg.LogLevel,
	})
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainRest)
		defer cancel()
		err = errors.Join(err, flush(ctx))
	}()
	last := time.Time{}
	host, err := Open(ctx, cfg, Options{
		Contracts: contracts, Telemetry: tel,
		Progress: func(_ string, done, total int64) {
			if now := time.Now(); now.Sub(last) > time.Second || done == total {
				last = now
				tel.Logger.Info("filling the image", slog.Int64("done", done), slog.Int64("total", total))
			}
		},
	}, room)
	if err != nil {
		return err
	}
	return host.Run(ctx)
}
