package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/referral"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Loop is the referral service with many open referrals, all of one agency.
type Loop struct {
	Pages []Page `json:"pages"`
	// Growth is how much longer the median page takes from the larger number of
	// referrals than from the smaller.
	Growth    float64   `json:"growth"`
	Deadlines Deadlines `json:"deadlines"`
	Desk      *Desk     `json:"desk"`
}

// Page is a page of fifty of a worklist, over HTTP.
type Page struct {
	Open int     `json:"open"`
	P50  float64 `json:"p50_ms"`
	P99  float64 `json:"p99_ms"`
}

// Deadlines come due all at one instant, with all the other referrals beside.
type Deadlines struct {
	Count int `json:"count"`
	// Armed is how many the bus took in a second, Fired how many were in the
	// journal, and told, a second after they came due.
	Armed float64 `json:"armed_per_second"`
	Fired float64 `json:"fired_per_second"`
}

// few is how many referrals a short worklist has.
const few = 1_000

// loop is the referral service alone, under a clock that can be put forward.
// Requests come to it as they always do, as events of intake on the bus.
type loop struct {
	*stores
	host   *service.Host
	issuer *identity.Issuer
	log    *os.File
	stop   func() error
	ahead  atomic.Int64
	made   int

	requested, lapsed atomic.Int64
}

const (
	loopSender = "front-desk"
	loopAgency = "legal-aid-clinic"
)

func measureLoop(ctx context.Context, dir string, most int) (_ *Loop, err error) {
	l, err := openLoop(ctx, dir, true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	r := &Loop{}
	runs := l.now().Add(time.Hour)
	share := min(20_000, most/5)
	for _, open := range []int{min(few, most/10), most} {
		if err := l.fill(ctx, open-l.made, func(n int) time.Time {
			if n < share {
				return runs
			}
			return runs.AddDate(0, 2, 0)
		}); err != nil {
			return nil, fmt.Errorf("%d referrals: %w", open, err)
		}
		p, err := l.pages(ctx, open)
		if err != nil {
			return nil, fmt.Errorf("pages from %d referrals: %w", open, err)
		}
		r.Pages = append(r.Pages, p)
	}
	r.Growth = r.Pages[1].P50 / r.Pages[0].P50
	if r.Desk, err = l.desk(ctx, most); err != nil {
		return nil, fmt.Errorf("the desk: %w", err)
	}
	r.Deadlines, err = l.deadlines(ctx, share, runs)
	return r, err
}

// openLoop starts the service, with the pages of the desk or without.
func openLoop(ctx context.Context, dir string, pages bool) (_ *loop, err error) {
	l := &loop{}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	if l.stores, err = openStores(ctx, dir); err != nil {
		return nil, err
	}
	keyset, err := seal.NewKeyset()
	if err != nil {
		return nil, err
	}
	keys := filepath.Join(dir, "keyset.json")
	if err := keyset.WriteFile(keys); err != nil {
		return nil, err
	}
	if l.issuer, err = identity.NewIssuer("", network.Issuer, network.Audience); err != nil {
		return nil, err
	}
	if l.log, err = os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	tel, flush, err := telemetry.New(ctx, telemetry.Config{Service: "referral", Writer: l.log})
	if err != nil {
		return nil, err
	}
	var routes map[string]http.Handler
	if pages {
		if routes, err = l.routes(); err != nil {
			return nil, err
		}
	}
	l.host, err = service.Open(ctx, service.Config{
		Mode: service.Training,
		HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", NATSURL: l.bus.ClientURL(), NATSReplicas: 1, MongoURI: l.database.engine.URI(),
		KeysetFile: keys, Notices: notify.Config{Dir: filepath.Join(dir, "notices")}, TraceSample: 1, RatePerSecond: 1_000_000,
	}, service.Options{
		Contracts: api.Files, Verifier: l.issuer.Verifier(), NATS: func(string) ([]nats.Option, error) { return []nats.Option{l.bus.InProcess()}, nil },
		Mongo: []*options.ClientOptions{l.database.engine.InProcess()}, Telemetry: tel, Clock: l.now, Routes: routes,
	}, referral.New)
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- l.host.Run(running) }()
	l.stop = func() error {
		cancel()
		return errors.Join(<-done, flush(context.WithoutCancel(ctx)))
	}
	return l, l.sit(ctx)
}

// now is the service's clock.
func (l *loop) now() time.Time { return time.Now().Add(time.Duration(l.ahead.Load())) }

// sit registers the agency and counts what the service says.
func (l *loop) sit(ctx context.Context) error {
	for subject, n := range map[string]*atomic.Int64{"requested": &l.requested, "lapsed": &l.lapsed} {
		if _, err := l.conn.Subscribe("sanad.events.referral."+subject+".*", func(*nats.Msg) { n.Add(1) }); err != nil {
			return fmt.Errorf("watch the bus: %w", err)
		}
	}
	coordinator, err := l.seat("network-coordination", "coordinator")
	if err != nil {
		return err
	}
	return coordinator.Post(ctx, "/v1/agencies", object{
		"agency": loopAgency, "country": "GT", "services": []string{string(code.LegalAssistance)},
	}, nil)
}

func (l *loop) seat(agency, role string) (office.Desk, error) {
	token, err := l.issuer.Token(network.Seat(agency, role), time.Hour)
	return office.Desk{Agency: agency, Token: token, Base: "http://" + l.host.API.String(), HTTP: http.DefaultClient}, err
}

// fill requests so many referrals more, on consents that end as told, and waits
// until they are there.
func (l *loop) fill(ctx context.Context, n int, ends func(n int) time.Time) error {
	for range n {
		name := fmt.Sprint("loop ", l.made)
		e := intakev1.ServiceRequested{
			Case: fact.ID("case", name), Referral: fact.ID("ref", name), Sender: loopSender, Recipient: loopAgency,
			Service: code.LegalAssistance, Urgency: code.Standard, Consent: fact.ID("cons", name), Purpose: code.ServiceDelivery,
			Categories: []code.Category{code.Contact}, ConsentExpires: ends(l.made).UTC(),
		}
		data, err := json.Marshal(e)
		if err != nil {
			return err
		}
		envelope := event.Envelope{
			ID: event.ID{Record: e.Case, Version: 2, Tail: uint64(l.made + 1)}.String(), Source: event.Source("intake"), Type: e.EventType(), Subject: e.Case, Time: l.now(), Data: data,
		}
		if _, err := l.js.PublishMsgAsync(envelope.Msg(event.SubjectOf(e.EventType(), e.Case)), jetstream.WithStallWait(patience)); err != nil {
			return err
		}
		l.made++
	}
	return until(ctx, 5*time.Minute, func() (bool, error) { return int(l.requested.Load()) >= l.made, nil })
}

// until looks again and again.
func until(ctx context.Context, patience time.Duration, is func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := is(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// pages walks through two worklists of the agency, page after page, and begins
// anew at the end.
func (l *loop) pages(ctx context.Context, open int) (Page, error) {
	desk, err := l.seat(loopAgency, "focal_point")
	if err != nil {
		return Page{}, err
	}
	runtime.GC()
	var took []time.Duration
	for _, list := range []string{"view=new", "status=requested"} {
		first := "/v1/referrals?limit=50&" + list
		path := first
		for range 1_000 {
			start := time.Now()
			a, err := desk.Do(ctx, http.MethodGet, path, nil, nil)
			if err != nil {
				return Page{}, err
			}
			if a.Status != http.StatusOK {
				return Page{}, fmt.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
			took = append(took, time.Since(start))
			path = first
			if next, _, ok := strings.Cut(a.Header.Get("Link"), ">"); ok {
				path = strings.TrimPrefix(next, "<")
			}
		}
	}
	slices.Sort(took)
	return Page{Open: open, P50: milliseconds(quantile(took, 0.5)), P99: milliseconds(quantile(took, 0.99))}, nil
}

// lead is how long before so many deadlines the clock is put: enough to arm
// them.
const lead = 10 * time.Second

// deadlines puts the clock shortly before an instant at which consents run out.
func (l *loop) deadlines(ctx context.Context, n int, at time.Time) (Deadlines, error) {
	armed := func() (uint64, error) {
		s, err := l.js.Stream(ctx, bus.Timers("referral"))
		if err != nil {
			return 0, err
		}
		return s.CachedInfo().State.LastSeq, nil
	}
	before, err := armed()
	if err != nil {
		return Deadlines{}, err
	}
	runtime.GC()
	l.ahead.Store(int64(time.Until(at.Add(-lead))))
	due := time.Now().Add(lead)
	began := time.Now()
	// What comes near is seen every few seconds, or when a nearer deadline is set.
	if err := l.fill(ctx, 1, func(int) time.Time { return at }); err != nil {
		return Deadlines{}, err
	}
	n++
	if err := until(ctx, patience, func() (bool, error) {
		seq, err := armed()
		return seq >= before+uint64(n), err
	}); err != nil {
		return Deadlines{}, fmt.Errorf("arm: %w", err)
	}
	d := Deadlines{Count: n, Armed: float64(n) / time.Since(began).Seconds()}
	// The bus counts in seconds, and rounds up.
	start := due.Add(time.Second).Truncate(time.Second)
	if now := time.Now(); now.After(start) {
		start = now
	}
	if err := until(ctx, 4*patience, func() (bool, error) { return int(l.lapsed.Load()) >= n, nil }); err != nil {
		return Deadlines{}, fmt.Errorf("%d of %d deadlines: %w", l.lapsed.Load(), n, err)
	}
	d.Fired = float64(n) / time.Since(start).Seconds()
	return d, nil
}

func (l *loop) close() error {
	var errs error
	if l.stop != nil {
		errs = l.stop()
	}
	if l.log != nil {
		errs = errors.Join(errs, l.log.Close())
	}
	if l.stores != nil {
		errs = errors.Join(errs, l.stores.close())
	}
	return errs
}

func (r *Loop) print(out io.Writer) {
	for _, p := range r.Pages {
		fmt.Fprintf(out, "a page of 50 from %d open referrals of one agency: p50 %.2f ms, p99 %.2f ms\n", p.Open, p.P50, p.P99)
	}
	r.Desk.print(out)
	fmt.Fprintf(out, "the median page from %d takes %.2f times that from %d\n", r.Pages[1].Open, r.Growth, r.Pages[0].Open)
	fmt.Fprintf(out, "%d deadlines at one instant beside them: %.0f set a second, %.0f came due and were recorded a second\n",
		r.Deadlines.Count, r.Deadlines.Armed, r.Deadlines.Fired)
}
