package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

const keysUsage = `usage:
  standalone keys issue [DIR]
  standalone keys rotate IDENTITY

issue makes the keys of a network's bus in DIR (SANAD_KEYS): a seed for each
service and one for the steward in bus/, and in nats/ what the NATS servers read.
What is there already stays as it is. An office needs no call: it makes its keys
at its first start.

rotate has a service, or the steward, use the key that it was to change to, and
makes another to come. The servers know both.
`

// keys makes and changes the keys of the services and of the steward.
func keys(set settings, args []string, out io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "issue":
		return issueKeys(set, set.keys, out)
	case len(args) == 2 && args[0] == "issue" && args[1] != "":
		return issueKeys(set, args[1], out)
	case len(args) == 2 && args[0] == "rotate":
		return rotateKey(set, args[1], out)
	}
	fmt.Fprint(os.Stderr, keysUsage)
	return errArguments
}

func issueKeys(set settings, dir string, out io.Writer) error {
	if err := network.CheckKeys(dir, set.data); err != nil {
		return err
	}
	seeds, _ := network.BusKeys(dir)
	var fresh []string
	for _, identity := range network.Identities() {
		if !seeds.Has(identity) {
			fresh = append(fresh, identity)
		}
	}
	if err := network.IssueKeys(dir); err != nil {
		return err
	}
	for _, identity := range network.Identities() {
		state := "as it was"
		if slices.Contains(fresh, identity) {
			state = "made"
		}
		fmt.Fprintf(out, "%-18s %s, %s\n", identity, seeds.Seed(identity), state)
	}
	fmt.Fprintf(out, "The NATS servers read %s: give it to them as the folder keys beside nats.conf.\n", network.ServersDir(dir))
	return nil
}

func rotateKey(set settings, identity string, out io.Writer) error {
	if !slices.Contains(network.Identities(), identity) {
		return errors.New("the name is neither a service nor the steward; integrators have their own command")
	}
	if err := network.CheckKeys(set.keys, set.data); err != nil {
		return err
	}
	seeds, _ := network.BusKeys(set.keys)
	if err := seeds.Rotate(identity); err != nil {
		return noKey(err, set.keys)
	}
	told, err := network.TellServers(set.keys)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s has the key that it was to change to: %s\n", identity, seeds.Seed(identity))
	if told {
		fmt.Fprintf(out, "The NATS servers know it already. First give it to %s, and restart what runs with the key before.\n"+
			"Then give the servers %s and send each of them SIGHUP: from then on the key before does not hold.\n", identity, network.ServersDir(set.keys))
		return nil
	}
	fmt.Fprintln(out, "A running office goes on with the key before, until it is started again: from then on that one does not hold.")
	return nil
}

// noKey says where there is no key.
func noKey(err error, dir string) error {
	if errors.Is(err, credential.ErrNobody) {
		return fmt.Errorf("%w in %s", err, cmp.Or(dir, "."))
	}
	return err
}
