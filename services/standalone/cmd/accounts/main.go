// Command accounts writes the accounts of a network's NATS servers from what the
// services declare that they do. Public keys are variables and integrators are
// an include: both come from the folder that `standalone keys issue` writes.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

//go:generate go run . ../../../../deploy/nats/accounts.conf

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "accounts:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 {
		return errors.New("name the file to write")
	}
	text, err := network.ServerAccounts()
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], []byte(text), 0o644) //nolint:gosec // a file of the repository, for everybody
}
