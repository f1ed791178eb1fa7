package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/sanad-network/sanad/pkg/programme/files"
)

const programmesUsage = `usage:
  standalone programme check [--training] PATH
  standalone programme copy PATH

check reads a folder of country programmes and says which versions hold, and of each
that does not which file, line and rule is wrong. With --training proposals hold, too.

copy writes the programmes that come with the network into a folder that is not there
yet. They are proposals: a lawyer of the country must sign one before it holds.
`

// errProgrammes is the answer to a folder in which something does not hold.
var errProgrammes = errors.New("not all of it holds")

// programmes checks a folder of programmes, or makes one.
func programmes(args []string, out io.Writer) error {
	verb := ""
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	flags := flagsOf("programme", programmesUsage)
	training := flags.Bool("training", false, "proposals hold, too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := needs(flags, flags.NArg() == 1 && (verb == "check" || verb == "copy" && !*training)); err != nil {
		return err
	}
	if verb == "copy" {
		return os.CopyFS(flags.Arg(0), files.Shipped())
	}
	read, err := files.Open(os.DirFS(flags.Arg(0)), *training)
	if len(read.Refused) == 0 && err != nil {
		return err
	}
	for _, f := range read.Refused {
		fmt.Fprintln(out, f)
	}
	for _, p := range read.List() {
		for _, v := range p.Versions {
			fmt.Fprintf(out, "%s/%d.yaml: holds from %s (%s)\n", p.ID, v.Number, v.From.Format(time.DateOnly), v.Status)
		}
	}
	if len(read.Refused) > 0 {
		return errProgrammes
	}
	fmt.Fprintf(out, "hash %s\n", read.Hash)
	return nil
}
