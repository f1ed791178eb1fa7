package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/restore"
)

const restoreUsage = `usage:
  standalone restore
  standalone restore --reason TEXT --yes

After a database was put back from a backup: lists by record what the bus holds
and the journals lack. With --yes, what closes, refuses or withdraws is applied
again, what was erased is erased again, and it is recorded why the database is
older than what was known of it. Other records stay in quarantine until a person
decides. The network must be stopped.
`

// errAsk says that it is not known what is lost.
var errAsk = errors.New("the bus could not be read, so it is not known what is lost; nothing was changed")

// restored lists what a database lacks that was put back, and applies what must
// not be lost.
func restored(ctx context.Context, set settings, args []string, out io.Writer) error {
	flags := flagsOf("restore", restoreUsage)
	reason := flags.String("reason", "", "why the database was put back")
	yes := flags.Bool("yes", false, "apply")
	if err := parse(flags, args); err != nil {
		return err
	}
	if err := needs(flags, *yes == (*reason != "")); err != nil {
		return err
	}
	if *yes {
		if err := checkReason(*reason); err != nil {
			return err
		}
	}
	erased, err := erasures(set.keysDir())
	if err != nil {
		return err
	}
	records, ending := 0, 0
	err = offline(ctx, set, "", out, func(ctx context.Context, w *service.Workshop) error {
		if !w.Compared() {
			return errAsk
		}
		for _, id := range restore.Records(w) {
			r, err := restore.Look(ctx, w, id)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			records++
			tellLost(out, w.Name, r)
			if !r.Ends() {
				continue
			}
			ending++
			if !*yes {
				continue
			}
			if _, err := r.Fill(ctx, w); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
		}
		if !*yes {
			return nil
		}
		for _, e := range erased {
			held, err := w.Held(ctx, e.Case, time.Now())
			if err != nil || held {
				if err := tellHeld(out, w.Name, e.Case, err); err != nil {
					return err
				}
				continue
			}
			keys, err := w.Journal.Erase(ctx, e.Case, e.Reason)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Case, err)
			}
			if keys > 0 {
				fmt.Fprintf(out, "%s: %s: erased again, data keys: %d\n", w.Name, e.Case, keys)
			}
		}
		// What other services asked since the copy was made is on the bus.
		if err := w.Bus.HearAgain(ctx); err != nil {
			return err
		}
		return w.Journal.Own(ctx, *reason)
	})
	if err != nil {
		return err
	}
	switch {
	case records == 0:
		fmt.Fprintln(out, "the bus holds nothing that the journals lack")
	case *yes:
		fmt.Fprintf(out, "%d records were recovered from the bus. %d stay in quarantine: ask those who wrote in them, then standalone quarantine release.\n", ending, records-ending)
	default:
		fmt.Fprintf(out, "%d of %d records can be recovered from the bus: standalone restore --reason TEXT --yes\n", ending, records)
	}
	return nil
}

func tellLost(out io.Writer, name string, r restore.Record) {
	for _, v := range r.Versions {
		what := strings.Join(v.Types, ", ")
		if what == "" {
			what = "not known"
		}
		fmt.Fprintf(out, "%s: %s version %d: %s\n", name, r.ID, v.Version, what)
	}
}
