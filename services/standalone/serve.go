package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// opening is what a start does of itself.
type opening struct {
	// play has a journey played first, beside the services, as five agencies would.
	play bool
	// own says that the office registers its own agencies: the demonstration's are
	// not registered, and no token is printed.
	own bool
}

// serve runs the network until it is told to stop.
func serve(ctx context.Context, set settings, how opening, out io.Writer) (err error) {
	tel, flush, err := telemetry.New(ctx, telemetry.Config{
		Service: "standalone", OTLPEndpoint: set.OTLPEndpoint, Sample: set.TraceSample, Writer: os.Stderr, Level: set.LogLevel,
	})
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = errors.Join(err, flush(ctx))
	}()
	var guests []string
	if how.play {
		guests = []string{demo}
	}
	n, err := network.Open(ctx, network.Config{
		Dir: set.data, Keys: set.keys, Service: set.Config, NATSAddr: set.natsAddr, NATSCertificate: set.natsCertificate, NATSKey: set.natsKey, MongoAddr: set.mongoAddr, ConsentTexts: set.consentTexts, TrustFund: set.trustFund, Guests: guests, Telemetry: tel, Progress: progress(out),
	})
	if err != nil {
		return err
	}
	// The journey must not outlive the services it plays on.
	playing, stop := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := how.begin(playing, n, out); err != nil {
			stop(err)
		}
	}()
	err = n.Run(playing)
	<-done
	if cause := context.Cause(playing); ctx.Err() == nil && cause != nil {
		err = errors.Join(cause, err)
	}
	if err == nil {
		fmt.Fprintln(out, "stopped in order")
	}
	return err
}

// begin does what a start does of itself, and says where everything is.
func (o opening) begin(ctx context.Context, n *network.Network, out io.Writer) error {
	var seated []string
	if !o.own {
		cast, err := desks(n)
		if err != nil {
			return err
		}
		if o.play {
			err = tell(ctx, n, cast, out)
		} else {
			err = furnish(ctx, cast)
		}
		if err != nil {
			return err
		}
		if seated, err = seats(ctx, cast); err != nil {
			return err
		}
	}
	return welcome(n, seated, out)
}

// furnish registers the agencies of the demonstration in an office that has none:
// the tokens that it prints are theirs. An office with agencies of its own gets
// none, because a survivor could be referred to an agency that does not exist.
func furnish(ctx context.Context, cast journey.Cast) error {
	var page struct {
		Items []any `json:"items"`
	}
	if err := cast(journey.Coordination).Get(ctx, "/v1/agencies?limit=1", &page); err != nil || len(page.Items) > 0 {
		return err
	}
	return journey.Register(ctx, cast)
}

// seats are the agencies of the demonstration for which a token is of use here:
// those that are registered, and the two that need no registration.
func seats(ctx context.Context, cast journey.Cast) ([]string, error) {
	var names []string
	for _, r := range journey.Roles {
		err := cast(journey.Coordination).Get(ctx, "/v1/agencies/"+r.Agency, nil)
		refused, no := errors.AsType[*office.Refused](err)
		switch {
		case err == nil, slices.Contains([]string{journey.Coordination, journey.FrontDesk}, r.Agency):
			names = append(names, r.Agency)
		case !no || refused.Status != http.StatusNotFound:
			return nil, err
		}
	}
	return names, nil
}

// progress prints how far replays are that take a while. Not every database can
// count its commits beforehand.
func progress(out io.Writer) func(string, int64, int64) {
	began := time.Now()
	last := map[string]time.Time{}
	return func(service string, done, total int64) {
		said, ok := last[service]
		if !ok {
			said = began
		}
		if now := time.Now(); now.Sub(said) > 500*time.Millisecond {
			last[service] = now
			of := ""
			if total > 0 {
				of = fmt.Sprintf(" of %d", total)
			}
			fmt.Fprintf(out, "reading the journal of %s: %d%s commits\n", service, done, of)
		}
	}
}

// journeyTimeout bounds the first journey. It takes a tenth of a second; on a busy
// machine it may take longer.
const journeyTimeout = 10 * time.Minute

// tell plays one journey and prints its steps, and the events of the bus
// between them, as an integrator sees them.
func tell(ctx context.Context, n *network.Network, cast journey.Cast, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, journeyTimeout)
	defer cancel()
	var mu sync.Mutex
	began := time.Now()
	line := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(out, "%8.1f ms  "+format+"\n", append([]any{float64(time.Since(began).Microseconds()) / 1000}, args...)...)
	}
	leave, err := follow(ctx, n, func(subject string) { line("    · %s", strings.TrimPrefix(subject, "sanad.events.")) })
	if err != nil {
		return fmt.Errorf("watch the bus: %w", err)
	}
	defer leave()
	if err := journey.Register(ctx, cast); err != nil {
		return err
	}
	story, err := journey.Play(ctx, cast, func(agency, step string, took time.Duration) {
		line("%s %s (%.1f ms)", agency, step, float64(took.Microseconds())/1000)
	})
	if err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	fmt.Fprintf(out, "journey complete: %s, %d referrals asked for, answered, acted on and reported back in %s\n",
		story.Case, len(story.Referrals), time.Since(began).Round(time.Millisecond))
	return nil
}

// demo is the integrator of the demonstration, which the README uses, until it is
// revoked.
const demo = "demo"

// follow prints every event from now on, as an integrator sees it. A bus that is
// elsewhere does not know the integrator of the demonstration.
func follow(ctx context.Context, n *network.Network, tell func(subject string)) (leave func(), err error) {
	if !n.Bus.Inside() {
		return func() {}, nil
	}
	nc, err := n.Bus.Visit(demo)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			nc.Close()
		}
	}()
	js, err := jetstream.NewWithAPIPrefix(nc, bus.IntegratorAPI)
	if err != nil {
		return nil, err
	}
	c, err := js.CreateOrUpdateConsumer(ctx, bus.Events, jetstream.ConsumerConfig{
		Name: bus.IntegratorConsumer(demo, 2), DeliverPolicy: jetstream.DeliverNewPolicy, AckPolicy: jetstream.AckNonePolicy,
		InactiveThreshold: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	consume, err := c.Consume(func(m jetstream.Msg) { tell(m.Subject()) })
	if err != nil {
		return nil, err
	}
	return func() {
		consume.Stop()
		<-consume.Closed()
		nc.Close()
	}, nil
}

func desks(n *network.Network) (journey.Cast, error) {
	seated := map[string]office.Desk{}
	for _, r := range journey.Roles {
		d, err := n.Desk(r.Agency, r.Role, r.Also...)
		if err != nil {
			return nil, err
		}
		seated[r.Agency] = d
	}
	return func(agency string) office.Desk { return seated[agency] }, nil
}

// welcome prints where everything is, and a token for the role of each of the agencies.
func welcome(n *network.Network, agencies []string, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nAPI\t%s\nAPI docs\t%s/docs\nNATS\t%s\nmetrics\thttp://%s/metrics\n", n.Base(), n.Base(), n.Bus.URL, n.Admin)
	if n.MongoURI != "" {
		fmt.Fprintf(w, "database\t%s (user %s, password in %s, to look at)\n", n.MongoURI, network.Operator, network.PasswordFile)
	}
	fmt.Fprintf(w, "desk\t%s/desk/\n", n.Base())
	if len(agencies) > 0 {
		fmt.Fprintf(w, "\nsign in at the desk within ten minutes, each link once:\n")
		for _, r := range journey.Roles {
			if !slices.Contains(agencies, r.Agency) {
				continue
			}
			code, err := n.Codes.Make(network.Seat(r.Agency, r.Role, r.Also...), time.Now())
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%s at %s\t%s/desk/sign-in#%s\n", r.Role, r.Agency, n.Base(), spaced(code))
		}
		// Who runs the machines is in no play, and has no part in the tokens below.
		code, err := n.Codes.Make(network.Seat(journey.Coordination, string(access.Operator)), time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s at %s\t%s/desk/sign-in#%s\n", access.Operator, journey.Coordination, n.Base(), spaced(code))
		fmt.Fprintf(w, "\ntokens for a day, to use as: curl -H \"Authorization: Bearer $TOKEN\"\n")
	}
	for _, r := range journey.Roles {
		if !slices.Contains(agencies, r.Agency) {
			continue
		}
		d, err := n.Desk(r.Agency, r.Role, r.Also...)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s at %s\t%s\n", r.Role, r.Agency, d.Token)
	}
	fmt.Fprintf(w, "\nCtrl-C stops in order.\n")
	return w.Flush()
}
