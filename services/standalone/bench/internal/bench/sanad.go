package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// sanad is the network as it ships, in one process: a request for a service is
// posted at intake, appended to intake's journal, published, reacted to, and
// the referral appended to the referral service's journal. Tokens, validation,
// sealing, timers, metrics and logs are on as always; nothing is traced, as
// always without a collector.
//
// A run ends when the referral's own event is on the bus. That is later than
// its commit, by the relay and a hop: what is measured is more than the flow.
type sanad struct {
	network *network.Network
	stop    func() error
	log     *os.File
	conn    *nats.Conn
	wire    *wire
	ends    *arrivals[asked]

	stock []asked
	next  atomic.Int64
	// people is how many cases were opened.
	people atomic.Int64
}

// asked is a service that a case may ask for.
type asked struct{ Case, Service string }

// offers are the agencies of the benchmark, with the service that each gives.
var offers = []struct{ agency, service string }{
	{"legal-aid-clinic", "legal_assistance_service"},
	{"counselling-centre", "psychosocial_service"},
	{"forensic-clinic", "forensic_examination_service"},
}

// commandsPerCase prepare a case: it is opened, and each service consented to.
var commandsPerCase = 1 + len(offers)

// preparers is how many clients prepare.
const preparers = 64

type object = map[string]any

// requests are what a run posts.
type requests struct {
	Requests []request `json:"requests"`
}

type request struct {
	Recipient string `json:"recipient"`
	Service   string `json:"service"`
	Urgency   string `json:"urgency"`
}

// openSanad starts the network on a directory, with its journals on the server
// of a URI; without one they are in the directory too.
func openSanad(ctx context.Context, dir, uri string, progress func(service string, done, total int64)) (_ *sanad, err error) {
	s := &sanad{ends: newArrivals[asked]()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if s.log, err = os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	tel, flush, err := telemetry.New(ctx, telemetry.Config{Service: "standalone", Writer: s.log})
	if err != nil {
		return nil, err
	}
	s.network, err = network.Open(ctx, network.Config{
		Dir: dir, NATSAddr: "127.0.0.1:0", Telemetry: tel, Progress: progress,
		Service: service.Config{
			Mode: service.Training,
			HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", NATSReplicas: 1, TraceSample: 1, MongoURI: uri,
			// All load comes from one agency.
			RatePerSecond: 1_000_000,
		},
	})
	if err != nil {
		return nil, err
	}
	s.serve(ctx, flush)
	return s, s.sit(ctx)
}

// serve runs the network until stop.
func (s *sanad) serve(ctx context.Context, flush func(context.Context) error) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.network.Run(ctx) }()
	s.stop = func() error {
		cancel()
		return errors.Join(<-done, flush(context.WithoutCancel(ctx)))
	}
}

// sit registers the agencies, takes a place at the front desk and watches the
// referrals come out.
func (s *sanad) sit(ctx context.Context) error {
	coordinator, err := s.network.Desk("network-coordination", "coordinator")
	if err != nil {
		return err
	}
	for _, o := range offers {
		if err := coordinator.Post(ctx, "/v1/agencies", object{"agency": o.agency, "country": "GT", "services": []string{o.service}}, nil); err != nil {
			return err
		}
	}
	desk, err := s.network.Desk("citizen-service-office", "caseworker")
	if err != nil {
		return err
	}
	s.wire = newWire(desk)
	// Intake hears of the agencies a moment after they are registered. The desk waits for
	// that here, and not where it is measured.
	var c struct {
		ID string `json:"id"`
	}
	if err := desk.Post(ctx, "/v1/cases", object{"channel": "hotline", "country": "GT", "programme": "guatemala"}, &c); err != nil {
		return err
	}
	for _, o := range offers {
		if err := desk.Post(ctx, "/v1/cases/"+c.ID+"/consents", consent(o.agency, o.service, time.Now()), nil); err != nil {
			return err
		}
	}
	if s.conn, err = s.network.Bus.Connect(bus.Steward); err != nil {
		return fmt.Errorf("watch the bus: %w", err)
	}
	if _, err = s.conn.Subscribe("sanad.events.referral.requested.*", func(m *nats.Msg) {
		s.ends.arrived(asked{Case: member(m.Data, "case"), Service: member(m.Data, "service")})
	}); err != nil {
		return fmt.Errorf("watch the bus: %w", err)
	}
	return s.conn.FlushTimeout(patience)
}

// member finds a member of an object of codes and identifiers. The watch shares
// the processor with what is measured, and the others need none.
func member(object []byte, name string) string {
	_, rest, _ := bytes.Cut(object, []byte(`"`+name+`":"`))
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(value)
}

// prepare opens cases and records consents. The stock is ordered by service,
// so that two requests of one case are never under way at the same time.
func (s *sanad) prepare(ctx context.Context, runs int) error {
	cases := make([]string, (runs+len(offers)-1)/len(offers))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(preparers)
	for i := range cases {
		g.Go(func() (err error) {
			cases[i], err = s.openCase(ctx)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	s.stock = s.stock[:0]
	for _, o := range offers {
		for _, c := range cases {
			s.stock = append(s.stock, asked{Case: c, Service: o.service})
		}
	}
	s.next.Store(0)
	return nil
}

// consent is her yes to one agency.
func consent(agency, service string, now time.Time) object {
	return object{
		"recipient": agency, "service": service, "purpose": "service_delivery",
		"categories": []string{"identity", "contact", "incident"},
		"expires":    now.UTC().AddDate(0, 3, 0).Format(time.RFC3339),
		"method":     "written", "given_by": "survivor", "witnessed": true,
	}
}

func (s *sanad) openCase(ctx context.Context) (string, error) {
	now := time.Now().UTC()
	answer, err := s.wire.post(ctx, "/v1/cases", object{
		"channel": "citizen_service_office", "country": "GT", "programme": "guatemala",
		"incident": object{"types": []string{"physical_assault"}},
		"happened": object{
			"earliest": now.Add(-20 * time.Hour).Format(time.RFC3339),
			"latest":   now.Add(-14 * time.Hour).Format(time.RFC3339),
		},
		"survivor": object{"sex": "female", "age_band": "18+"},
		// Each is a person of her own: cases of one name are looked at as one person's.
		"name":      "Benchmark " + strconv.FormatInt(s.people.Add(1), 10),
		"contact":   object{"phone": "+000 0000 0000", "safe_note": "call in the morning only"},
		"narrative": "An account that nobody outside this office reads.",
	})
	if err != nil {
		return "", err
	}
	var c struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(answer, &c); err != nil {
		return "", err
	}
	for _, o := range offers {
		if _, err := s.wire.post(ctx, "/v1/cases/"+c.ID+"/consents", consent(o.agency, o.service, now)); err != nil {
			return "", err
		}
	}
	return c.ID, nil
}

func (s *sanad) run(ctx context.Context) (time.Time, error) {
	i := int(s.next.Add(1)) - 1
	if i >= len(s.stock) {
		return time.Time{}, errExhausted
	}
	a := s.stock[i]
	offer := offers[i*len(offers)/len(s.stock)]
	end := s.ends.expect(a)
	// The desk has the case before it and does not ask to see it again.
	if err := s.wire.change(ctx, "/v1/cases/"+a.Case+"/requests", requests{
		[]request{{Recipient: offer.agency, Service: offer.service, Urgency: "urgent"}},
	}); err != nil {
		return time.Time{}, err
	}
	return await(ctx, end)
}

func (s *sanad) close() error {
	var errs error
	if s.conn != nil {
		s.conn.Close()
	}
	if s.stop != nil {
		errs = s.stop()
	}
	if s.log != nil {
		errs = errors.Join(errs, s.log.Close())
	}
	return errs
}

// takeSample runs Sanad once and looks at what it stored and published.
func takeSample(ctx context.Context, dir string) (_ sample, err error) {
	s, err := openSanad(ctx, dir, "", nil)
	if err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	requested, err := s.conn.SubscribeSync("sanad.events.intake.service_requested.*")
	if err != nil {
		return sample{}, err
	}
	referred, err := s.conn.SubscribeSync("sanad.events.referral.requested.*")
	if err != nil {
		return sample{}, err
	}
	if err := prepared(ctx, s, 0); err != nil {
		return sample{}, err
	}
	event, err := requested.NextMsgWithContext(ctx)
	if err != nil {
		return sample{}, err
	}
	outcome, err := referred.NextMsgWithContext(ctx)
	if err != nil {
		return sample{}, err
	}
	like := sample{event: event.Size(), outcome: outcome.Size()}
	if like.first, err = s.last(ctx, "intake", "case_"); err != nil {
		return sample{}, err
	}
	like.second, err = s.last(ctx, "referral", "ref_")
	return like, err
}

// last is the last commit of a kind of record in a service's journal.
func (s *sanad) last(ctx context.Context, service, prefix string) (bson.Raw, error) {
	client, err := s.network.Database.Connect()
	if err != nil {
		return nil, err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	cursor, err := journalOf(client, service).Find(ctx, bson.D{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = cursor.Close(ctx) }()
	var last bson.Raw
	for cursor.Next(ctx) {
		if strings.HasPrefix(cursor.Current.Lookup("_id").StringValue(), prefix) {
			last = append(bson.Raw(nil), cursor.Current...)
		}
	}
	if last == nil {
		return nil, errors.Join(cursor.Err(), fmt.Errorf("no %s in the journal of %s", prefix, service))
	}
	return last, cursor.Err()
}
