package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/migrate"
)

const migrateUsage = `usage:
  standalone migrate [-despite-findings] OLD

Makes a data directory at SANAD_DATA (./var) of OLD, one of an earlier version:
  mv var var.old && standalone migrate var.old

Every chain of commits is verified on the way. OLD stays as it is. What does not
verify is named, and nothing is made of OLD, except with -despite-findings.
`

// migrated makes a new data directory from an old one, and prints the result.
func migrated(ctx context.Context, set settings, args []string, out io.Writer) error {
	flags := flagsOf("migrate", migrateUsage)
	despite := flags.Bool("despite-findings", false, "take over what does not verify, as it is")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errors.New("name the old data directory")
	}
	old := flags.Arg(0)
	told := teller{out: out}
	taken, err := migrate.Run(ctx, migrate.Config{
		From: old, To: set.data, DespiteFindings: *despite, Progress: told.progress, Finding: told.finding,
	})
	told.bar.clear()
	switch {
	case ctx.Err() != nil && err != nil:
		return errors.New("stopped; nothing was made")
	case errors.Is(err, migrate.ErrFindings):
		return fmt.Errorf("%w: nothing was made; -despite-findings takes it over as it is", err)
	case err != nil:
		return err
	}
	for _, t := range taken {
		fmt.Fprintf(out, "%s: %d commits and %d keys taken over\n", t.Service, t.Commits, t.Keys)
	}
	if told.findings > 0 {
		fmt.Fprintf(out, "findings: %d; what does not hold was taken over as it is, and verify names it\n", told.findings)
	}
	fmt.Fprintf(out, "%s is made. %s was left as it was: it holds everything in the old form, the keys included.\n"+
		"Once the network runs on the new one, delete it or put it in a safe place.\n", set.data, old)
	return nil
}

// teller tells how far a migration is, and what it finds.
type teller struct {
	out      io.Writer
	bar      bar
	last     time.Time
	findings int
}

// interval is how often progress is printed.
const interval = 500 * time.Millisecond

func (t *teller) progress(database string, done, total int64) {
	now := time.Now()
	if done == 0 {
		t.bar, t.last = newBar(t.out, total), now
	}
	switch {
	case done == total:
		if !t.bar.terminal {
			t.bar.show(done, done, database)
		}
		t.bar.done(database)
	case done == 0 && t.bar.terminal, now.Sub(t.last) > interval:
		t.last = now
		t.bar.show(done, done, database)
	}
}

func (t *teller) finding(line string) {
	t.findings++
	t.bar.clear()
	fmt.Fprintln(t.out, line)
}
