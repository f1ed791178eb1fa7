// Command standalone runs the whole network in one process, for one small
// office, for evaluation and for demonstrations.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sanad-network/sanad/pkg/service"
)

const usage = `usage:
  standalone [-journey one|none] [-agencies demonstration|own]
                                   run the network; play one journey first.
                                   none: only register the agencies of the
                                   demonstration, in an office that has no others;
                                   own: nothing of the demonstration
  standalone -journey NAME|all|PATH
                                   play a journey in an office of its own, in a
                                   temporary folder, and end
  standalone verify [--without-keys] [--since-checkpoint] [--with-bus] [--service NAME]
                                   check the journals, and that nothing is missing
  standalone quarantine [mend|release …]
                                   records that are closed: list, mend, release
  standalone deadletters [show|replay|drop ID …]
                                   what a service refused for good: list, show,
                                   judge again, drop; the services must run
  standalone restore [--reason TEXT --yes]
                                   what the bus holds and a restored database lacks
  standalone erase --over          what need not be kept any more
  standalone erase --case ID --reason CODE --yes
                                   make a case unreadable for ever
  standalone migrate [-despite-findings] OLD
                                   make SANAD_DATA of a data directory of an
                                   earlier version, which stays as it is
  standalone republish --from 2026-08-01 [--service NAME]
                                   publish from the journals what the bus lacks
                                   since then, also what has aged out
  standalone directory import PATH…
                                   hand HSDS files in to a running network
  standalone token --agency SLUG --role ROLE [--subject NAME] [--for 8h]
                                   print a token of an office, for a day at most
  standalone signin --agency SLUG --role ROLE [--subject NAME]
                                   print a code for the desk of an office
  standalone keys issue [DIR]      make the keys of a network's bus
  standalone keys rotate IDENTITY  change the key of a service or the steward
  standalone integrator add|rotate|revoke NAME
  standalone integrator list       who outside may read events
  standalone steward               put the streams of a bus right
  standalone programme check PATH  say what is wrong in a folder of programmes
  standalone programme copy PATH   copy the programmes that come with the network
  standalone custody key FILE      make a key of one's own: FILE stays with its owner
  standalone custody sign FILE KEY sign the text that stands in the input, for the
                                   key that is registered as KEY
  standalone custody verify FILE KEYS...
  standalone certificate verify FILE KEYS
                                   check a file with the public keys of an agency,
                                   without a network

Environment: SANAD_DATA (./var), SANAD_KEYS (SANAD_DATA with .keys at its end),
SANAD_HTTP_ADDR (127.0.0.1:8080), SANAD_ADMIN_ADDR (127.0.0.1:9090),
SANAD_NATS_ADDR (127.0.0.1:4222), SANAD_NATS_CERT_FILE and SANAD_NATS_KEY_FILE
(none: only this machine reaches the bus), SANAD_MONGODB_ADDR (none: no client
reaches the database), SANAD_CONSENT_TEXTS (none: no sentence is read to her when
she is asked), SANAD_TRUST_FUND (false: the network has no trust fund), SANAD_MODE (live; training: nothing is real) and SANAD_PROGRAMMES, and the
settings of the services.
`

func main() {
	service.UseMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "standalone:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "directory" {
		return directory(ctx, args[1:], os.Stdout)
	}
	if len(args) > 0 && args[0] == "programme" {
		return programmes(args[1:], os.Stdout)
	}
	if len(args) > 0 && (args[0] == "custody" || args[0] == "certificate") {
		return signatures(args, os.Stdin, os.Stdout)
	}
	set, err := read(ctx)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		switch args[0] {
		case "verify":
			return verify(ctx, set, args[1:], os.Stdout)
		case "quarantine":
			return quarantine(ctx, set, args[1:], os.Stdin, os.Stdout)
		case "deadletters":
			return deadletters(ctx, set, args[1:], os.Stdout)
		case "restore":
			return restored(ctx, set, args[1:], os.Stdout)
		case "erase":
			return erase(ctx, set, args[1:], os.Stdout)
		case "migrate":
			return migrated(ctx, set, args[1:], os.Stdout)
		case "token":
			return token(set, args[1:], os.Stdout)
		case "signin":
			return signinCode(set, args[1:], os.Stdout)
		case "keys":
			return keys(set, args[1:], os.Stdout)
		case "integrator":
			return integrator(set, args[1:], os.Stdout)
		case "republish":
			return republish(ctx, set, args[1:], time.Now(), os.Stdout)
		case "steward":
			return steward(ctx, set, args[1:], os.Stdout)
		}
	}
	flags := flagsOf("standalone", usage)
	journey := flags.String("journey", "", "one, none, all, the name of a journey, or the path of a file")
	agencies := flags.String("agencies", "demonstration", "demonstration or own")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *journey != "" && *journey != "one" && *journey != "none" {
		if err := needs(flags, flags.NArg() == 0 && *agencies == "demonstration"); err != nil {
			return err
		}
		return playJourneys(ctx, *journey, os.Stdout)
	}
	how := opening{own: *agencies == "own"}
	how.play = *journey == "one" || *journey == "" && !how.own
	if err := needs(flags, (how.play || *journey == "none" || *journey == "") && (*agencies == "demonstration" || how.own && !how.play)); err != nil {
		return err
	}
	return serve(ctx, set, how, os.Stdout)
}
