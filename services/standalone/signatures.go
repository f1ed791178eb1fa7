package main

import (
	"errors"
	"io"

	"github.com/sanad-network/sanad/services/standalone/internal/ownkey"
)

// signatures is what people do with keys of their own.
func signatures(args []string, in io.Reader, out io.Writer) error {
	flags := flagsOf(args[0], ownkey.Usage)
	if err := flags.Parse(args[1:]); err != nil {
		return err // the usage was shown
	}
	err := ownkey.Run("", args, in, out)
	if errors.Is(err, ownkey.ErrUsage) {
		return needs(flags, false)
	}
	return err
}
