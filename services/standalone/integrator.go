package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

const integratorUsage = `usage:
  standalone integrator add NAME      invite somebody who may read EVENTS
  standalone integrator rotate NAME   use the key to come, and make another
  standalone integrator revoke NAME   refuse them from now on
  standalone integrator list          who is invited

The keys are in SANAD_KEYS. A running office knows of a change within seconds;
the NATS servers of a network must be told.
`

// errInvited refuses to invite an integrator a second time: two systems with the
// same key could not be told apart.
var errInvited = errors.New("there is an integrator of that name already; nothing was changed")

// integrator invites those who may read events, and takes the invitation back.
func integrator(set settings, args []string, out io.Writer) error {
	list := len(args) == 1 && args[0] == "list"
	if !list && len(args) != 2 {
		fmt.Fprint(os.Stderr, integratorUsage)
		return errArguments
	}
	if err := network.CheckKeys(set.keys, set.data); err != nil {
		return err
	}
	if list {
		return listIntegrators(set, out)
	}
	name := args[1]
	parts, err := network.Parts()
	if err != nil {
		return err
	}
	if err := bus.CheckIntegrator(name, parts); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "bus: "))
	}
	_, guests := network.BusKeys(set.keys)
	switch args[0] {
	case "add":
		if guests.Has(name) {
			return errInvited
		}
		if err := guests.Issue(name); err != nil {
			return err
		}
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "%s may read %s.\nseed\t%s\nseed to come\t%s\n", name, bus.Events, guests.Seed(name), guests.Next(name))
		fmt.Fprintf(w, "consumers\t%s\n", strings.Join(bus.Integrator{Name: name}.Consumers(), ", "))
		fmt.Fprintf(w, "API prefix\t%s\ninbox prefix\t_INBOX.%s\n", bus.IntegratorAPI, name)
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(out, "The seed is the proof of this integrator: hand it over so that nobody else sees it. docs/guides/integrators.md is for them.")
	case "rotate":
		if err := guests.Rotate(name); err != nil {
			return noKey(err, filepath.Join(set.keys, "integrators"))
		}
		fmt.Fprintf(out, "%s has the key that it was to change to: %s\nThe next one to come: %s\n", name, guests.Seed(name), guests.Next(name))
	case "revoke":
		if err := guests.Revoke(name); err != nil {
			return noKey(err, filepath.Join(set.keys, "integrators"))
		}
		fmt.Fprintf(out, "%s is no longer an integrator.\n", name)
	default:
		fmt.Fprint(os.Stderr, integratorUsage)
		return errArguments
	}
	return effect(set, args[0] == "add", out)
}

// effect says when a change holds. A server makes what a new account imports from
// another only when it reads the account again.
func effect(set settings, added bool, out io.Writer) error {
	told, err := network.TellServers(set.keys)
	if err != nil {
		return err
	}
	if told {
		times := ""
		if added {
			times = ", and SIGHUP again a moment later"
		}
		fmt.Fprintf(out, "Give the NATS servers %s and send each of them SIGHUP%s: until then it is as before.\n", network.ServersDir(set.keys), times)
		return nil
	}
	fmt.Fprintln(out, "A running office reads it within seconds.")
	return nil
}

func listIntegrators(set settings, out io.Writer) error {
	_, guests := network.BusKeys(set.keys)
	list, err := network.Integrators(guests)
	if err != nil {
		return err
	}
	for _, i := range list {
		fmt.Fprintf(out, "%s  %s\n", i.Name, strings.Join(i.Keys, "  "))
	}
	if len(list) == 0 {
		fmt.Fprintln(out, "nobody is invited")
	}
	return nil
}
