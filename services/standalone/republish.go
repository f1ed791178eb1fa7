package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

const republishUsage = `usage:
  standalone republish --from 2026-08-01 [--service NAME]

Publishes from the journals what the bus lacks of all that happened since a day
(UTC) or an instant, also what has aged out. It is for a stream that was lost,
and for an integrator that needs more than the bus holds. The network must be
stopped. What is on the bus already is not published again.
`

// What republish refuses.
var (
	errFrom   = errors.New("--from is a day such as 2026-08-01, or an instant such as 2026-08-01T06:00:00Z")
	errFuture = errors.New("--from is in the future: nothing has happened since")
)

// republish fills the bus from the journals.
func republish(ctx context.Context, set settings, args []string, now time.Time, out io.Writer) error {
	flags := flagsOf("republish", republishUsage)
	from := flags.String("from", "", "the day or the instant since when")
	name := flags.String("service", "", "the one service whose events are meant")
	if err := parse(flags, args); err != nil {
		return err
	}
	if err := needs(flags, *from != ""); err != nil {
		return err
	}
	since, err := instant(*from)
	switch {
	case err != nil:
		return err
	case since.After(now):
		return errFuture
	}
	if err := checkService(*name); err != nil {
		return err
	}
	var told map[string]int
	err = stopped(ctx, set, telemetry.Config{Writer: os.Stderr, Level: set.LogLevel}, out, func(cfg network.Config) (err error) {
		told, err = network.Republish(ctx, cfg, since, *name, remaining(out))
		return err
	})
	for _, s := range network.With(set.trustFund) {
		if n, ok := told[s]; ok {
			fmt.Fprintf(out, "%s: %d messages published\n", s, n)
		}
	}
	if err != nil && ctx.Err() != nil {
		return errors.New("stopped; what was published stays, and republish goes on where it was")
	}
	return err
}

func instant(text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errFrom
}

// present refuses a data directory that is not there: a misspelt one would be made,
// and be empty.
func present(set settings) error {
	if set.MongoURI != "" {
		return nil
	}
	if _, err := os.Stat(network.DatabaseDir(set.data)); err != nil {
		return fmt.Errorf("there is no data directory of a network: %w", err)
	}
	return nil
}

// remaining prints from time to time how much is left.
func remaining(out io.Writer) func(int) {
	last := time.Now()
	return func(commits int) {
		if now := time.Now(); now.Sub(last) > interval {
			last = now
			fmt.Fprintf(out, "%d commits are still to be published\n", commits)
		}
	}
}
