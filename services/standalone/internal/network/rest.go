package network

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
)

// Quiet is how who plays on a network sees that nothing is on its way in it: from
// the bus, as its steward, and from what the processes tell of themselves.
type Quiet struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	admins []string
}

// Listen connects to a network that runs. Admins are the addresses at which its
// processes tell their metrics. Close ends it.
func Listen(at Bus, admins ...string) (*Quiet, error) {
	nc, err := at.Connect(bus.Steward)
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(declaring))
	if err != nil {
		nc.Close()
		return nil, err
	}
	return &Quiet{nc, js, admins}, nil
}

// Close leaves the bus.
func (q *Quiet) Close() { q.nc.Close() }

// Wait waits until the network rests.
func (q *Quiet) Wait(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !q.Rests(ctx) {
		select {
		case <-ctx.Done():
			return errors.Join(errors.New("the network does not come to rest"), context.Cause(ctx))
		case <-tick.C:
		}
	}
	return nil
}

// Rests says that all that is stored is published, that all that is published was
// taken, and that nothing is due that nobody decided on. What is taken may lead to
// something stored, so the bus must have taken nothing meanwhile.
func (q *Quiet) Rests(ctx context.Context) bool {
	before, ok := q.last(ctx)
	if !ok {
		return false
	}
	for _, name := range With(true) {
		if c, err := q.js.Consumer(ctx, bus.Events, name); (err != nil && name != Fund) || (err == nil && open(c)) {
			return false
		}
		if !q.taken(ctx, bus.Inside, name) {
			return false
		}
		if !q.taken(ctx, bus.Timers(name), name) {
			return false
		}
	}
	for _, admin := range q.admins {
		told, err := metrics(ctx, admin, pending, due)
		if err != nil || sum(told, pending) != 0 || sum(told, due) != 0 {
			return false
		}
	}
	after, ok := q.last(ctx)
	return ok && after == before
}

// taken says that a consumer has taken all, or that there is none.
func (q *Quiet) taken(ctx context.Context, stream, name string) bool {
	c, err := q.js.Consumer(ctx, stream, name)
	if err == nil {
		return !open(c)
	}
	return errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound)
}

func (q *Quiet) last(ctx context.Context) (uint64, bool) {
	all := uint64(0)
	for _, stream := range []string{bus.Events, bus.Inside} {
		s, err := q.js.Stream(ctx, stream)
		if err != nil {
			return 0, false
		}
		all += s.CachedInfo().State.LastSeq
	}
	return all, true
}

func open(c jetstream.Consumer) bool {
	info := c.CachedInfo()
	return info.NumPending > 0 || info.NumAckPending > 0
}

// What a process that rests says is none. A process that has just started does not
// know yet what is due, and says no number.
const (
	pending = "sanad_relay_pending_commits"
	due     = "sanad_deadlines_due"
)

// metrics is what a process tells at its admin address, of these names alone: who waits
// asks often, and a process has thousands of lines.
func metrics(ctx context.Context, admin string, names ...string) ([]byte, error) {
	asked := url.Values{"name[]": names}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+admin+"/metrics?"+asked.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := client().Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New("the process tells no metrics: " + resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// sum adds up what the services tell of one metric. One that nobody tells is never
// zero: a name that changed would otherwise read as rest.
func sum(told []byte, name string) float64 {
	total, known := 0.0, false
	for line := range bytes.Lines(told) {
		if !bytes.HasPrefix(line, []byte(name+"{")) && !bytes.HasPrefix(line, []byte(name+" ")) {
			continue
		}
		fields := bytes.Fields(line)
		if v, err := strconv.ParseFloat(string(fields[len(fields)-1]), 64); err == nil {
			total, known = total+v, true
		}
	}
	if !known {
		return -1
	}
	return total
}

// Events reads all events that the bus holds now, in their order.
func (q *Quiet) Events(ctx context.Context) ([]jetstream.Msg, error) {
	s, err := q.js.Stream(ctx, bus.Events)
	if err != nil {
		return nil, err
	}
	n := s.CachedInfo().State.Msgs
	if n == 0 {
		return nil, nil
	}
	c, err := q.js.OrderedConsumer(ctx, bus.Events, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return nil, err
	}
	next, err := c.Messages()
	if err != nil {
		return nil, err
	}
	defer next.Stop()
	var all []jetstream.Msg
	for uint64(len(all)) < n {
		m, err := next.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
