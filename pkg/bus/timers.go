package bus

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/tidwall/btree"

	"github.com/sanad-network/sanad/api/fact"
)

// Due is the request that an endpoint of OnDue gets. A deadline that was
// cancelled at the last moment may still come due, and one that came due may do
// so again.
type Due struct {
	Name, Stream string
	// At is the deadline itself, not the instant of its delivery.
	At time.Time
}

// horizon is how near a deadline is before the bus hears of it. Nearly all are
// answered or ended long before, and then cost no message at all.
const horizon = 10 * time.Minute

// timerBatch is how many messages are sent before their acknowledgements are
// awaited.
const timerBatch = 256

// headerDeadline keeps a deadline to the nanosecond: the bus counts in seconds.
const headerDeadline = "Sanad-Deadline"

// How JetStream is told to cancel a schedule: by a message that says so, on any
// other subject.
const (
	headerScheduler    = "Nats-Scheduler"
	headerScheduleNext = "Nats-Schedule-Next"
	schedulePurge      = "purge"
)

// timerSubject is "sanad.timers.<service>.<state>.<rest>": a deadline waits at
// "at" and is delivered from "due".
func timerSubject(service, state, rest string) string {
	return "sanad.timers." + service + "." + state + "." + rest
}

// timers keeps the bus's schedules as the records want them. A deadline beyond
// the horizon is far and waits here; nearer, it is the bus's. What the bus
// should know and was not told is dirty; what it has lost becomes dirty again.
type timers struct {
	bus *Bus

	mu    sync.Mutex
	armed map[string][]fact.Deadline // by stream
	far   *btree.BTreeG[wait]
	dirty map[timer]time.Time // zero: to be cancelled
	// doubt is set when the bus may have lost what it was told.
	doubt, lost bool

	wake chan struct{}
	// The stream as it was when it was last looked at or told something.
	created time.Time
	highest uint64
}

type timer struct{ name, stream string }

// wait is a deadline that is far, in the order in which they come near.
type wait struct {
	at time.Time
	timer
}

func (w wait) before(o wait) bool {
	return cmp.Or(w.at.Compare(o.at), strings.Compare(w.stream, o.stream), strings.Compare(w.name, o.name)) < 0
}

func newTimers(b *Bus) *timers {
	return &timers{
		bus: b, armed: map[string][]fact.Deadline{}, dirty: map[timer]time.Time{},
		far:  btree.NewBTreeGOptions(wait.before, btree.Options{NoLocks: true}),
		wake: make(chan struct{}, 1),
	}
}

// arm notes the deadlines of a stream.
func (t *timers) arm(stream string, deadlines []fact.Deadline) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.armed[stream]
	if len(before) == 0 && len(deadlines) == 0 {
		return
	}
	now := t.bus.cfg.Clock()
	for _, d := range before {
		if at, ok := deadline(deadlines, d.Name); !ok || !at.Equal(d.At) {
			t.drop(timer{d.Name, stream}, d.At, now)
		}
	}
	for _, d := range deadlines {
		if at, ok := deadline(before, d.Name); !ok || !at.Equal(d.At) {
			t.set(timer{d.Name, stream}, d.At, now)
		}
	}
	if len(deadlines) == 0 {
		delete(t.armed, stream)
	} else {
		t.armed[stream] = append(before[:0], deadlines...)
	}
	if len(t.dirty) > 0 {
		poke(t.wake)
	}
}

// set has a deadline told to the bus, now or when it comes near.
func (t *timers) set(k timer, at, now time.Time) {
	if at.Sub(now) > horizon {
		t.far.Set(wait{at, k})
	} else {
		t.dirty[k] = at
	}
}

// drop forgets a deadline. Of one that is far the bus never heard; one that it
// was told of and that is past came due, and there is nothing to cancel.
func (t *timers) drop(k timer, at, now time.Time) {
	if _, far := t.far.Delete(wait{at, k}); far {
		return
	}
	if _, untold := t.dirty[k]; untold || now.Before(at) {
		t.dirty[k] = time.Time{}
	}
}

func deadline(of []fact.Deadline, name string) (time.Time, bool) {
	for _, d := range of {
		if d.Name == name {
			return d.At, true
		}
	}
	return time.Time{}, false
}

// look asks the timers to look whether the bus still has them; lost says that
// it has not.
func (t *timers) look(lost bool) {
	t.mu.Lock()
	t.doubt, t.lost = true, t.lost || lost
	t.mu.Unlock()
	poke(t.wake)
}

// run tells the bus until ctx is done.
func (t *timers) run(ctx context.Context) {
	if t.bus.cfg.Armed != nil {
		t.bus.cfg.Armed(t.recall)
	}
	t.look(false)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for rest := retryFirst; waitConnected(ctx, t.bus.cfg.Conn) == nil; {
		if err := t.tell(ctx); err != nil && ctx.Err() == nil {
			t.bus.log.Warn("the bus does not take deadlines", slog.Any("error", err))
			rest = sleep(ctx, rest)
			continue
		}
		rest = retryFirst
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
		case <-look.C:
			// Often enough, too, for what comes near meanwhile.
			t.look(false)
		}
	}
}

// recall notes the deadlines that a stream had at the start. What was armed
// since is newer.
func (t *timers) recall(stream string, deadlines []fact.Deadline) {
	t.mu.Lock()
	_, known := t.armed[stream]
	t.mu.Unlock()
	if !known {
		t.arm(stream, deadlines)
	}
}

// tell sends what is dirty, batch by batch.
func (t *timers) tell(ctx context.Context) error {
	if err := t.check(ctx); err != nil {
		return err
	}
	for {
		batch := t.take()
		if len(batch) == 0 {
			return nil
		}
		if err := t.send(ctx, batch); err != nil {
			return err
		}
	}
}

// check compares the stream with what it was, when there is doubt. Having lost
// something it has lost what nobody can tell: all that is near is armed again.
func (t *timers) check(ctx context.Context) error {
	t.mu.Lock()
	doubt := t.doubt
	t.mu.Unlock()
	if !doubt {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	s, err := findStream(ctx, t.bus.cfg, Timers)
	if err != nil {
		return err
	}
	info := s.CachedInfo()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost || info.State.LastSeq < t.highest || !t.created.IsZero() && !info.Created.Equal(t.created) {
		t.armAgain()
	}
	t.doubt, t.lost = false, false
	t.created, t.highest = info.Created, info.State.LastSeq
	return nil
}

// armAgain is for a bus that has lost what it was told. The lock is held.
func (t *timers) armAgain() {
	for stream, deadlines := range t.armed {
		for _, d := range deadlines {
			k := timer{d.Name, stream}
			if _, far := t.far.Get(wait{d.At, k}); !far {
				t.dirty[k] = d.At
			}
		}
	}
}

// take gives a batch of what is dirty, after what has come near.
func (t *timers) take() map[timer]time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	edge := t.bus.cfg.Clock().Add(horizon)
	for w, ok := t.far.Min(); ok && !w.at.After(edge); w, ok = t.far.Min() {
		t.far.Delete(w)
		t.dirty[w.timer] = w.at
	}
	batch := make(map[timer]time.Time, min(timerBatch, len(t.dirty)))
	for k, at := range t.dirty {
		if len(batch) == timerBatch {
			break
		}
		batch[k] = at
		delete(t.dirty, k)
	}
	return batch
}

// send sends a batch. What the bus did not take is dirty again, unless
// something newer is.
func (t *timers) send(ctx context.Context, batch map[timer]time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	acks := make(map[timer]jetstream.PubAckFuture, len(batch))
	var failed error
	for k, at := range batch {
		msg := t.cancelling(k)
		if !at.IsZero() {
			msg = t.arming(k, at)
		}
		ack, err := t.bus.cfg.JS.PublishMsgAsync(msg)
		if err != nil {
			failed = err
			continue
		}
		acks[k] = ack
	}
	for k, at := range batch {
		var err error
		if ack := acks[k]; ack == nil {
			err = failed
		} else {
			select {
			case pub := <-ack.Ok():
				t.highest = max(t.highest, pub.Sequence)
				if !at.IsZero() {
					t.bus.metrics.timersArmed.Inc()
				}
			case err = <-ack.Err():
			case <-ctx.Done():
				err = ctx.Err()
			}
		}
		if err != nil {
			failed = err
			t.mu.Lock()
			if _, newer := t.dirty[k]; !newer {
				t.dirty[k] = at
			}
			t.mu.Unlock()
		}
	}
	return failed
}

func (t *timers) arming(k timer, at time.Time) *nats.Msg {
	service := t.bus.cfg.Service
	rest := k.name + "." + k.stream
	msg := nats.NewMsg(timerSubject(service, "at", rest))
	due := onTheBus(at, t.bus.cfg.Clock(), time.Now())
	msg.Header.Set(jetstream.ScheduleHeader, "@at "+due.UTC().Format(time.RFC3339))
	msg.Header.Set(jetstream.ScheduleTargetHeader, timerSubject(service, "due", rest))
	msg.Header.Set(headerDeadline, at.UTC().Format(time.RFC3339Nano))
	return msg
}

// onTheBus is an instant of the service's clock by the bus's, which is the
// machine's. The two are told apart by the millisecond, as the journal counts:
// else one clock, read twice, would be two.
func onTheBus(at, service, machine time.Time) time.Time {
	at = at.Add(machine.Sub(service).Truncate(time.Millisecond))
	// JetStream truncates to the second, so that a deadline would come due
	// early: up to the next one.
	return at.Add(time.Second - 1).Truncate(time.Second)
}

// cancelling writes all cancellations of a service to one subject, of which the
// stream keeps the last: they leave nothing behind.
func (t *timers) cancelling(k timer) *nats.Msg {
	service := t.bus.cfg.Service
	msg := nats.NewMsg(timerSubject(service, "gone", "all"))
	msg.Header.Set(headerScheduler, timerSubject(service, "at", k.name+"."+k.stream))
	msg.Header.Set(headerScheduleNext, schedulePurge)
	return msg
}

func (b *Bus) addDue(name string, e endpoint.Endpoint) {
	if b.reactions.due[name] != nil || !isToken(name) {
		panic("bus: cannot have a deadline named " + name + ", or not twice")
	}
	b.reactions.due[name] = b.newReaction("due."+name, timerSubject(b.cfg.Service, "due", name+".{stream}"), e)
}

// deliverDue brings a message of TIMERS to its endpoint.
func (b *Bus) deliverDue(ctx context.Context, msg jetstream.Msg) {
	d := delivery{bus: b, msg: msg, attempt: attempt(msg), label: "unknown"}
	rest := strings.TrimPrefix(msg.Subject(), timerSubject(b.cfg.Service, "due", ""))
	name, stream, ok := strings.Cut(rest, ".")
	r := b.reactions.due[name]
	if !ok || r == nil {
		d.bury(ctx, errNoDeadline)
		return
	}
	d.label = r.label
	at, err := time.Parse(time.RFC3339Nano, msg.Headers().Get(headerDeadline))
	if err != nil {
		d.bury(ctx, errMalformed)
		return
	}
	b.metrics.timersFired.Inc()
	d.settle(ctx, b.react(ctx, r, "", Due{Name: name, Stream: stream, At: at}))
}
