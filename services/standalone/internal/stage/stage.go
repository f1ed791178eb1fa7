// Package stage is where a journey is played: an office of its own in a temporary
// folder, in one process, with a clock that the journey moves.
//
// A clock that somebody can move would harm in a network that people use: no answer
// would be late, or every one. So there is no way to it from outside: no setting, no
// address and no command moves the clock of a network that runs. The office here is
// stopped, and started later by its clock on the same data. It makes its folder itself
// and takes none: it cannot be started on the data of an office that is used. The
// folder is removed at its end.
package stage

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
	"github.com/sanad-network/sanad/services/standalone/internal/play"
)

// Office is an office on which one journey is played. It is a play.Stage.
type Office struct {
	dir   string
	logs  io.Writer
	shift time.Duration
	wraps func(http.RoundTripper) http.RoundTripper

	network *network.Network
	quiet   *network.Quiet
	stop    func() error
}

// Open starts an office in a new folder. Errors of the office are logged to logs.
// Wraps goes between the people and the API; nil is nothing.
func Open(ctx context.Context, logs io.Writer, wraps func(http.RoundTripper) http.RoundTripper) (*Office, error) {
	dir, err := os.MkdirTemp("", "sanad-journey-")
	if err != nil {
		return nil, err
	}
	o := &Office{dir: dir, logs: logs, wraps: wraps}
	if err := o.start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return o, nil
}

// Close stops the office and removes its folder.
func (o *Office) Close() error {
	err := o.end()
	return errors.Join(err, os.RemoveAll(o.dir))
}

func (o *Office) start(ctx context.Context) error {
	tel, flush, err := telemetry.New(ctx, telemetry.Config{Service: "standalone", Writer: o.logs, Level: slog.LevelError})
	if err != nil {
		return err
	}
	shift := o.shift
	n, err := network.Open(ctx, network.Config{
		TrustFund: true,
		Dir:       filepath.Join(o.dir, "data"), Keys: filepath.Join(o.dir, "keys"),
		Clock: func() time.Time { return time.Now().Add(shift) },
		Service: service.Config{
			Mode: service.Training, HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", NATSReplicas: 1, RatePerSecond: 1_000_000, AnonymousPerSecond: 1_000_000,
		},
		Telemetry: tel,
	})
	if err != nil {
		return errors.Join(err, flush(ctx))
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- n.Run(running) }()
	o.network = n
	o.stop = sync.OnceValue(func() error {
		cancel()
		return errors.Join(<-done, flush(context.WithoutCancel(ctx)))
	})
	if o.quiet, err = network.Listen(n.Bus, n.Admin.String()); err != nil {
		return errors.Join(err, o.stop())
	}
	return nil
}

func (o *Office) end() error {
	if o.quiet != nil {
		o.quiet.Close()
	}
	return o.stop()
}

// Desk seats a person.
func (o *Office) Desk(p identity.Principal) (office.Desk, error) {
	d, err := o.network.DeskOf(p)
	if err != nil || o.wraps == nil {
		return d, err
	}
	d.HTTP = &http.Client{Transport: o.wraps(d.HTTP.Transport), Timeout: d.HTTP.Timeout}
	return d, nil
}

// Now is the time of the office.
func (o *Office) Now() time.Time { return time.Now().Add(o.shift) }

// Pass stops the office, and starts it later by its clock.
func (o *Office) Pass(ctx context.Context, by time.Duration) error {
	if err := o.end(); err != nil {
		return err
	}
	o.shift += by
	return o.start(ctx)
}

// Rest waits until nothing is on its way.
func (o *Office) Rest(ctx context.Context) error { return o.quiet.Wait(ctx) }

// Notices are the letters in the folder of the office, which sends none.
func (o *Office) Notices(address string) ([]string, error) {
	return play.Letters(filepath.Join(o.dir, "data", "notices"), address)
}

// Events are what the bus holds for integrators.
func (o *Office) Events(ctx context.Context) ([]play.Event, error) { return Events(ctx, o.quiet) }

// Events reads what the bus of a network holds for integrators.
func Events(ctx context.Context, quiet *network.Quiet) ([]play.Event, error) {
	msgs, err := quiet.Events(ctx)
	if err != nil {
		return nil, err
	}
	var all []play.Event
	for _, m := range msgs {
		if len(m.Data()) == 0 {
			continue // what has aged out leaves an empty message
		}
		e, err := event.Parse(m.Headers(), m.Data())
		if err != nil {
			return nil, err
		}
		all = append(all, play.Event{Type: e.Type, Record: e.Subject, Data: m.Data()})
	}
	return all, nil
}
