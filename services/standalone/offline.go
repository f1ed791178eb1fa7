package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// offline opens the services of a network that is stopped and works on them.
func offline(ctx context.Context, set settings, name string, out io.Writer, do func(context.Context, *service.Workshop) error) error {
	return stopped(ctx, set, quiet, out, func(cfg network.Config) error { return network.Offline(ctx, cfg, name, do) })
}

// offlineAll is offline on services that were compared with all that the bus holds.
func offlineAll(ctx context.Context, set settings, name string, out io.Writer, do func(context.Context, *service.Workshop) error) error {
	return stopped(ctx, set, quiet, out, func(cfg network.Config) error {
		cfg.CompareAll = true
		return network.Offline(ctx, cfg, name, do)
	})
}

// quiet is how the tools log: they report what is wrong in their own words.
var quiet = telemetry.Config{Writer: io.Discard}

// stopped does something with a network that does not run.
func stopped(ctx context.Context, set settings, how telemetry.Config, out io.Writer, do func(network.Config) error) (err error) {
	if err := present(set); err != nil {
		return err
	}
	how.Service = "standalone"
	tel, flush, err := telemetry.New(ctx, how)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, flush(context.WithoutCancel(ctx))) }()
	return do(network.Config{Dir: set.data, Keys: set.keys, TrustFund: set.trustFund, Service: set.Config, Telemetry: tel, Progress: progress(out)})
}

// What is refused of a reason and of a confirmation.
var (
	errReason = errors.New("--reason is " + service.ReasonRule + "; it is never deleted, " +
		"so it holds no telephone number, no e-mail and nobody's name")
	errConfirm = errors.New("not confirmed; nothing was changed")
)

// checkReason refuses what may identify a person. It cannot find names.
func checkReason(text string) error {
	if !service.FitReason(text) {
		return errReason
	}
	return nil
}

// confirmed asks for a word to be typed.
func confirmed(in io.Reader, out io.Writer, word string) error {
	fmt.Fprintf(out, "Type %s to go on: ", word)
	line, _ := bufio.NewReader(in).ReadString('\n')
	fmt.Fprintln(out)
	if strings.TrimSpace(line) != word {
		return errConfirm
	}
	return nil
}
