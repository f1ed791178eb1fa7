package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/pairing"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

const stewardUsage = `usage:
  standalone steward [-network ID]

Makes the streams of a network what this release declares, takes out of them
what is too old, and says what it changed. What a newer release has declared
stays as it is. Run it before each release, and every day.

A bus without the id of a network gets a new id, or the one that is given. Give it when the bus was lost and the databases have one: it is in the
collection "network" of each.

Environment: SANAD_NATS_URL (the office at SANAD_NATS_ADDR),
SANAD_NATS_SEED_FILE (the steward's seed in SANAD_KEYS), SANAD_NATS_CA_FILE,
SANAD_NATS_REPLICAS (1), SANAD_EVENTS_DAYS (90), SANAD_PROGRAMMES and SANAD_MODE:
by which programmes the services are to work.
`

const (
	// stewardTimeout bounds one thing that the steward does.
	stewardTimeout = time.Minute
	// stewardAttempt bounds one attempt at it. Servers without a leader do not
	// answer, and the client does not repeat a question by itself.
	stewardAttempt = 5 * time.Second
)

// steward puts the streams right.
func steward(ctx context.Context, set settings, args []string, out io.Writer) error {
	flags := flagsOf("steward", stewardUsage)
	given := flags.String("network", "", "the id of the network whose bus it is")
	if err := parse(flags, args); err != nil {
		return err
	}
	id, err := pairing.Parse(*given)
	if err != nil {
		return err
	}
	if !slices.Contains([]int{1, 3, 5}, set.NATSReplicas) {
		return errors.New("SANAD_NATS_REPLICAS must be 1, 3 or 5")
	}
	parts, err := network.Parts()
	if err != nil {
		return err
	}
	nc, err := stewardship(set)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	if err := declare(ctx, set, nc, js, parts, out); err != nil {
		return err
	}
	if err := label(ctx, nc, js, id, out); err != nil {
		return err
	}
	if err := agree(ctx, set, nc, js, out); err != nil {
		return err
	}
	// It may take long: it reads what it takes out.
	taken, err := bus.TakeOut(ctx, js, bus.Ageing{Parts: parts, Age: set.EventsAge(), Now: time.Now()})
	if errors.Is(err, nats.ErrNoResponders) {
		// The servers read their configuration again. What was taken out is gone
		// already.
		if err = answering(ctx, nc, js); err == nil {
			taken, err = bus.TakeOut(ctx, js, bus.Ageing{Parts: parts, Age: set.EventsAge(), Now: time.Now()})
		}
	}
	if taken.Records > 0 || taken.Held > 0 {
		fmt.Fprintf(out, "taken out: %d messages of %d records that are closed\n", taken.Messages, taken.Records)
	}
	if taken.Held > 0 {
		fmt.Fprintf(out, "left: %d records that are old enough, until %s has read them\n", taken.Held, strings.Join(taken.Behind, ", "))
	}
	return err
}

// declare makes the streams what they should be, and says what it changed.
func declare(ctx context.Context, set settings, nc *nats.Conn, js jetstream.JetStream, parts []bus.Part, out io.Writer) error {
	var before, after map[string]string
	if err := lasting(ctx, nc, func(ctx context.Context) (err error) {
		if before == nil {
			if before, err = declarations(ctx, js); err != nil {
				return err
			}
		}
		if err := bus.Declare(ctx, js, set.NATSReplicas, parts); err != nil {
			return err
		}
		after, err = declarations(ctx, js)
		return err
	}); err != nil {
		if errors.Is(nc.LastError(), nats.ErrPermissionViolation) {
			return errors.New("the bus knows the key and refuses what the steward does: the key is of another identity")
		}
		return err
	}
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		was, is := before[name], after[name]
		what := "as it was"
		switch {
		case was == "":
			what = "made"
		case is == "":
			what = "taken away"
		case was != is:
			what = "put right"
		}
		fmt.Fprintf(out, "%s: %s\n", name, what)
	}
	return nil
}

// agree writes on the bus by which programmes the network works. A steward that was given none
// leaves it as it is.
func agree(ctx context.Context, set settings, nc *nats.Conn, js jetstream.JetStream, out io.Writer) error {
	if set.Programmes == "" && set.Mode != service.Training {
		return nil
	}
	read, err := set.ReadProgrammes()
	if err != nil {
		return err
	}
	for _, f := range read.Refused {
		fmt.Fprintf(out, "refused: %s\n", f)
	}
	return lasting(ctx, nc, func(ctx context.Context) error { return bus.Agree(ctx, js, set.Agreed(read)) })
}

// answering waits until the bus answers.
func answering(ctx context.Context, nc *nats.Conn, js jetstream.JetStream) error {
	return lasting(ctx, nc, func(ctx context.Context) error {
		_, err := js.Stream(ctx, bus.Events)
		return err
	})
}

// label writes on the bus to which network it belongs.
func label(ctx context.Context, nc *nats.Conn, js jetstream.JetStream, id pairing.ID, out io.Writer) error {
	var theirs string
	err := lasting(ctx, nc, func(ctx context.Context) (err error) {
		theirs, err = bus.NetworkOf(ctx, js)
		return err
	})
	if err != nil {
		return err
	}
	if id == "" && theirs != "" {
		return nil
	}
	if id == "" {
		id = pairing.New()
	}
	if string(id) == theirs {
		return nil
	}
	if err := lasting(ctx, nc, func(ctx context.Context) error { return bus.Label(ctx, js, string(id)) }); err != nil {
		if errors.Is(err, bus.ErrNetwork) {
			return errors.New("the bus belongs to another network, and has held its events: it keeps its id")
		}
		return err
	}
	fmt.Fprintf(out, "the bus belongs to network %s\n", id)
	return nil
}

// lasting does something again while the servers are not ready for it.
func lasting(ctx context.Context, nc *nats.Conn, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, stewardTimeout)
	defer cancel()
	for {
		attempt, cancel := context.WithTimeout(ctx, stewardAttempt)
		err := do(attempt)
		cancel()
		refused, ok := errors.AsType[*jetstream.APIError](err)
		soon := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, nats.ErrNoResponders) ||
			ok && refused.Code == http.StatusServiceUnavailable
		if !soon || errors.Is(nc.LastError(), nats.ErrPermissionViolation) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the servers of the bus do not answer the steward; if they have just started, try again: %w", err)
		case <-time.After(time.Second):
		}
	}
}

// stewardship connects as the steward, or says in plain words why that cannot
// be.
func stewardship(set settings) (*nats.Conn, error) {
	seeds, _ := network.BusKeys(set.keys)
	seed := cmp.Or(set.NATSSeedFile, seeds.Seed(bus.Steward))
	if _, err := secret.Read(seed); err != nil {
		return nil, fmt.Errorf("the steward's seed: %w", err)
	}
	as, err := bus.As(seed)
	if err != nil {
		return nil, err
	}
	nc, err := bus.Connect(cmp.Or(set.NATSURL, "nats://"+set.natsAddr), bus.Steward, append(set.Trust(), as, nats.RetryOnFailedConnect(false))...)
	return nc, plain(err)
}

// plain says why the bus refuses a client, and what to do about it.
func plain(err error) error {
	authority, wrongAuthority := errors.AsType[x509.UnknownAuthorityError](err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrAuthorization):
		return errors.New("the bus does not know this key: did its servers read it?")
	case wrongAuthority && authority.Cert != nil:
		return errors.New("the bus's certificate is not from an authority that SANAD_NATS_CA_FILE names")
	case unverified:
		return fmt.Errorf("the certificate of the bus is not valid: %w", err)
	case errors.Is(err, nats.ErrNoServers):
		return errors.New("nothing answers at the address of the bus (SANAD_NATS_URL)")
	}
	return err
}

// declarations are the streams that there are, and how each is declared.
func declarations(ctx context.Context, js jetstream.JetStream) (map[string]string, error) {
	there := map[string]string{}
	streams := js.ListStreams(ctx)
	for info := range streams.Info() {
		text, err := json.Marshal(info.Config)
		if err != nil {
			return nil, err
		}
		there[info.Config.Name] = string(text)
	}
	if err := streams.Err(); err != nil {
		return nil, fmt.Errorf("list the streams: %w", err)
	}
	return there, nil
}
