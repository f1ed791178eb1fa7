package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
)

const eraseUsage = `usage:
  standalone erase --over
  standalone erase --case case_… --reason CODE --yes

--over erases nothing. It lists the closed cases, and the settled enquiries, that need
not be kept any more: by whose rule, when the last work on them ended, and until
when they were to be kept. People decide: ask the agencies first, because a law may
have one of them keep what it has.

--case deletes the data keys of one case in all five services. Then nobody can read what
was written of the case, here and in every copy of the database that was made
without its keys. It cannot be taken back. The journals keep, signed, that
keys were erased, and the reason: a code such as survivor_request. The case and
the reason are also kept in the file erasures among the keys, so that a restore
erases again what a backup brings back. The network must be stopped.
What a legal hold keeps is left where it is, and told: erase it again when the
hold has ended.
`

// What erase refuses.
var (
	errCase   = errors.New("--case is the id of a case or an enquiry, such as case_0a1b")
	errCode   = errors.New("--reason is a code of small letters and _, such as survivor_request: it is never deleted, and must not identify a person")
	errNoYes  = errors.New("nothing was erased: it cannot be taken back, so say --yes")
	errNoKeys = errors.New("no service has a key of this case: nothing was erased")
)

var (
	isCase = regexp.MustCompile(`^(case|enquiry)_[0-9a-z]{1,64}$`)
	isCode = regexp.MustCompile(`^[a-z][a-z_]{2,39}$`)
)

// erase makes everything unreadable that was written of a case.
func erase(ctx context.Context, set settings, args []string, out io.Writer) error {
	flags := flagsOf("erase", eraseUsage)
	id := flags.String("case", "", "the case")
	reason := flags.String("reason", "", "why, as a code")
	yes := flags.Bool("yes", false, "erase")
	list := flags.Bool("over", false, "list what need not be kept any more")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *list {
		if err := needs(flags, flags.NFlag() == 1); err != nil {
			return err
		}
		return over(ctx, set, time.Now(), out)
	}
	switch {
	case !isCase.MatchString(*id):
		return errCase
	case !isCode.MatchString(*reason):
		return errCode
	}
	fmt.Fprintln(out, "Nobody will be able to read what the five services wrote of this case. Copies of the database that hold "+
		"their keys can still be read: destroy them. The public halves of its events stay on the bus until they leave it.")
	if !*yes {
		return errNoYes
	}
	// The list comes first: a copy of the database that is restored later still has
	// the keys.
	if err := noteErasure(set.keysDir(), erasure{*id, *reason}); err != nil {
		return err
	}
	total, kept := 0, false
	err := offline(ctx, set, "", out, func(ctx context.Context, w *service.Workshop) error {
		held, err := w.Held(ctx, *id, time.Now())
		if err != nil || held {
			kept = kept || held
			return tellHeld(out, w.Name, *id, err)
		}
		keys, err := w.Journal.Erase(ctx, *id, *reason)
		if err == nil || keys > 0 {
			total += keys
			fmt.Fprintf(out, "%s: data keys erased: %d\n", w.Name, keys)
		}
		return err
	})
	if err == nil && total == 0 && !kept {
		return errNoKeys
	}
	return err
}

// tellHeld says that a service keeps what it has of a case.
func tellHeld(out io.Writer, service, id string, err error) error {
	if err != nil {
		return fmt.Errorf("ask for legal holds: %w", err)
	}
	fmt.Fprintf(out, "%s: A LEGAL HOLD STANDS on %s: nothing of it was erased here. Erase it again when the hold has ended.\n", service, id)
	return nil
}

// over lists what intake need not keep any more, and what of intake cannot be read.
func over(ctx context.Context, set settings, now time.Time, out io.Writer) error {
	var ended []service.Kept
	err := offline(ctx, set, "intake", out, func(ctx context.Context, w *service.Workshop) error {
		all, err := w.Over(ctx, now)
		if err != nil {
			return err
		}
		ended = all
		for _, k := range all {
			fmt.Fprintf(out, "%s %s closed on %s, kept until %s\n", k.Record, k.Programme, k.Closed.Format(time.DateOnly), k.Until.Format(time.DateOnly))
		}
		unread := 0
		for _, r := range w.Quarantined() {
			if isCase.MatchString(r.Record) {
				unread++
				fmt.Fprintf(out, "%s IS IN QUARANTINE: nobody can tell whether its time is over\n", r.Record)
			}
		}
		if unread > 0 {
			fmt.Fprintln(out, "A case in quarantine may be about the same person as one of this list. Decide on it first: standalone quarantine")
		}
		if len(all) == 0 {
			fmt.Fprintln(out, "of what can be read, the time of nothing is over")
			return nil
		}
		fmt.Fprintln(out, "Nothing was erased. Ask the agencies of a case before you erase it: a law may have one of them keep what it has.")
		return nil
	})
	if err != nil || len(ended) == 0 {
		return err
	}
	return offline(ctx, set, "forensic-services", out, func(ctx context.Context, w *service.Workshop) error {
		for _, k := range ended {
			held, err := w.Held(ctx, k.Record, now)
			if err != nil {
				return fmt.Errorf("ask for legal holds: %w", err)
			}
			if held {
				fmt.Fprintf(out, "%s: A LEGAL HOLD STANDS on %s: an erasure leaves what is here\n", w.Name, k.Record)
			}
		}
		return nil
	})
}

// erasure is a line of the list of erasures, which is kept among the keys: what a
// backup brings back must be erased again.
type erasure struct{ Case, Reason string }

const erasuresFile = "erasures"

func noteErasure(keys string, e erasure) error {
	all, err := erasures(keys)
	if err != nil || slices.Contains(all, e) {
		return err
	}
	var text strings.Builder
	for _, e := range append(all, e) {
		fmt.Fprintln(&text, e.Case, e.Reason)
	}
	return secret.Write(filepath.Join(keys, erasuresFile), []byte(text.String()))
}

// errErasures refuses a list that is not as it was written, so that the operator
// sees it.
var errErasures = errors.New("the list of erasures is not as it was written; put it back")

// erasures are those that were ever asked for.
func erasures(keys string) (all []erasure, err error) {
	text, err := secret.Read(filepath.Join(keys, erasuresFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		id, reason, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !isCase.MatchString(id) || !isCode.MatchString(reason) {
			return nil, errErasures
		}
		all = append(all, erasure{id, reason})
	}
	return all, nil
}
