package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/sanad-network/sanad/pkg/service"
)

const eraseUsage = `usage:
  standalone erase --case case_… --reason CODE --yes

Deletes the data keys of one case in all five services. What was written of the
case can then be read by nobody, here and in every copy of the database that was
made without its keys. It cannot be taken back. The journals keep, signed, that
keys were erased, and the reason: a code such as survivor_request. The network
must be stopped.
`

// What erase refuses.
var (
	errCase   = errors.New("--case is the id of a case, such as case_0a1b")
	errCode   = errors.New("--reason is a code of small letters and _, such as survivor_request: it is kept for ever, and tells of nobody")
	errNoYes  = errors.New("nothing was erased: it cannot be taken back, so say --yes")
	errNoKeys = errors.New("no service has a key of this case: nothing was erased")
)

var (
	isCase = regexp.MustCompile(`^case_[0-9a-z]{1,64}$`)
	isCode = regexp.MustCompile(`^[a-z][a-z_]{2,39}$`)
)

// erase makes everything unreadable that was written of a case.
func erase(ctx context.Context, set settings, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("erase", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, eraseUsage) }
	id := flags.String("case", "", "the case")
	reason := flags.String("reason", "", "why, as a code")
	yes := flags.Bool("yes", false, "erase")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		flags.Usage()
		return errArguments
	case !isCase.MatchString(*id):
		return errCase
	case !isCode.MatchString(*reason):
		return errCode
	}
	fmt.Fprintln(out, "All that the five services wrote of this case will be readable by nobody. Copies of the database that hold "+
		"their keys can still be read: destroy them. The public halves of its events stay on the bus until they leave it.")
	if !*yes {
		return errNoYes
	}
	total := 0
	err := offline(ctx, set, "", out, func(ctx context.Context, w *service.Workshop) error {
		keys, err := w.Journal.Erase(ctx, *id, *reason)
		if err == nil || keys > 0 {
			total += keys
			fmt.Fprintf(out, "%s: data keys erased: %d\n", w.Name, keys)
		}
		return err
	})
	if err == nil && total == 0 {
		return errNoKeys
	}
	return err
}
