package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// errArguments refuses arguments; the usage was shown.
var errArguments = errors.New("cannot read the arguments")

// flagsOf are the flags of a command, whose usage is shown when they cannot be read.
func flagsOf(command, usage string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	return flags
}

// parse reads flags, behind which there is nothing.
func parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	return needs(flags, flags.NArg() == 0)
}

// needs refuses arguments that are not what a command needs.
func needs(flags *flag.FlagSet, met bool) error {
	if met {
		return nil
	}
	flags.Usage()
	return errArguments
}

var errService = errors.New("--service is not one of the services")

// checkService refuses what is no service; an empty name is all of them.
func checkService(name string) error {
	if name != "" && !slices.Contains(network.With(true), name) {
		return fmt.Errorf("%w: %v", errService, network.With(true))
	}
	return nil
}
