package bus

import (
	"context"
	"log/slog"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/go-kit/kit/endpoint"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api/fact"
)

// Due is the request that an endpoint of OnDue gets. A deadline that was
// cancelled at the last moment may still come due, and one that came due may do
// so again.
type Due struct {
	Name, Record string
	// At is the deadline itself, not the instant of its delivery.
	At time.Time
}

// horizon is how near a deadline is at most when the bus gets it; it is at least
// half as far. Nearly all are answered or ended long before, and then cost no
// message at all.
const horizon = 10 * time.Minute

// grace is how late a deadline may come due before it is told again: longer
// than a restart of the bus, or a delivery that a killed process had fetched.
const grace = time.Minute

const (
	// timerBatch is how many messages are sent before their acknowledgements are
	// awaited, and how many late deadlines are told again at one look: a bus that
	// catches up with many is not kept from it.
	timerBatch = 256
	// walkBatch is how many records are walked over before a goroutine that arms
	// one gets a turn.
	walkBatch = 1024
)

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

// timers keeps the bus's schedules as the records want them. A deadline beyond the
// edge waits here; up to it, it is the bus's. A deadline that must be sent to the
// bus is dirty. What is sent is what is armed at that time.
type timers struct {
	bus *Bus

	mu    sync.Mutex
	armed map[string][]fact.Deadline // by record
	edge  time.Time
	dirty map[timer]struct{}
	// told says when a deadline that was sent to the bus is late.
	told map[timer]time.Time
	// near are the armed ones up to the edge. Those of the past are due: nothing decided
	// on them yet.
	near map[timer]time.Time
	// recalled is set when the deadlines of all records are known, as they were at the start.
	recalled bool
	// doubt is set when the bus may have lost what was sent.
	doubt, lost bool

	wake chan struct{}
	// The stream as it was when it was last looked at or told something.
	created time.Time
	highest uint64
}

type timer struct{ name, record string }

func newTimers(b *Bus) *timers {
	return &timers{
		bus: b, armed: map[string][]fact.Deadline{}, edge: b.cfg.Clock().Add(horizon),
		dirty: map[timer]struct{}{}, told: map[timer]time.Time{}, near: map[timer]time.Time{},
		wake: make(chan struct{}, 1),
	}
}

// arm notes the deadlines of a record.
func (t *timers) arm(record string, deadlines []fact.Deadline) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.armed[record]
	if len(before) == 0 && len(deadlines) == 0 {
		return
	}
	for _, d := range before {
		if at, ok := deadline(deadlines, d.Name); !ok || !at.Equal(d.At) {
			t.drop(timer{d.Name, record}, d.At)
		}
	}
	for _, d := range deadlines {
		if at, ok := deadline(before, d.Name); (!ok || !at.Equal(d.At)) && !d.At.After(t.edge) {
			t.dirty[timer{d.Name, record}], t.near[timer{d.Name, record}] = struct{}{}, d.At
		}
	}
	if len(deadlines) == 0 {
		delete(t.armed, record)
	} else {
		t.armed[record] = append(before[:0], deadlines...)
	}
	if len(t.dirty) > 0 {
		poke(t.wake)
	}
}

// drop removes a deadline. One beyond the edge was never sent to the bus. One that
// was sent and is past came due. In both cases there is nothing to cancel.
func (t *timers) drop(k timer, at time.Time) {
	if at.After(t.edge) {
		return
	}
	delete(t.told, k)
	delete(t.near, k)
	if t.bus.cfg.Clock().Before(at) {
		t.dirty[k] = struct{}{}
	}
}

// came notes that a deadline came due. What becomes of it is the delivery's:
// one whose reaction fails is not late.
func (t *timers) came(k timer, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if armed, ok := deadline(t.armed[k.record], k.name); ok && armed.Equal(at) {
		delete(t.told, k)
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

// look has the timers checked against what the bus holds; lost says that the bus
// has lost them.
func (t *timers) look(lost bool) {
	t.mu.Lock()
	t.doubt, t.lost = true, t.lost || lost
	t.mu.Unlock()
	poke(t.wake)
}

// run sends to the bus until ctx is done.
func (t *timers) run(ctx context.Context) {
	if t.bus.cfg.Armed != nil {
		t.bus.cfg.Armed(t.recall)
	}
	t.remembered()
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
			if n := t.late(); n > 0 {
				t.bus.log.Warn("deadlines did not come due and are told again", slog.Int("deadlines", n))
			}
		}
	}
}

// remembered notes that all deadlines are known.
func (t *timers) remembered() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recalled = true
}

// recall notes the deadlines that a record had at the start. What was armed
// since is newer.
func (t *timers) recall(record string, deadlines []fact.Deadline) {
	t.mu.Lock()
	_, known := t.armed[record]
	t.mu.Unlock()
	if !known {
		t.arm(record, deadlines)
	}
}

// tell sends what is dirty, batch by batch.
func (t *timers) tell(ctx context.Context) error {
	if err := t.check(ctx); err != nil {
		return err
	}
	t.widen()
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

// check compares the stream with what it was, when there is doubt. When something
// is lost, it is not known what, and all that is near is armed again.
func (t *timers) check(ctx context.Context) error {
	t.mu.Lock()
	doubt := t.doubt
	t.mu.Unlock()
	if !doubt {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	s, err := t.bus.findStream(ctx, Timers(t.bus.cfg.Service))
	if err != nil {
		return err
	}
	info := s.CachedInfo()
	t.mu.Lock()
	lost := t.lost || info.State.LastSeq < t.highest || !t.created.IsZero() && !info.Created.Equal(t.created)
	t.doubt, t.lost = false, false
	t.mu.Unlock()
	t.created, t.highest = info.Created, info.State.LastSeq
	if lost {
		t.tellAfter(time.Time{})
	}
	return nil
}

// widen hands over what has come near. It waits until half of what was handed
// over before is past, because it looks at all there is.
func (t *timers) widen() {
	now := t.bus.cfg.Clock()
	t.mu.Lock()
	before := t.edge
	if before.Sub(now) >= horizon/2 {
		t.mu.Unlock()
		return
	}
	t.edge = now.Add(horizon)
	t.mu.Unlock()
	t.tellAfter(before)
}

// tellAfter has every deadline sent that is after an instant, up to the edge. What
// is armed during the walk may be missed: it was measured by the same edge.
func (t *timers) tellAfter(from time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	walked := 0
	for record, deadlines := range t.armed {
		for _, d := range deadlines {
			if d.At.After(from) && !d.At.After(t.edge) {
				t.dirty[timer{d.Name, record}], t.near[timer{d.Name, record}] = struct{}{}, d.At
			}
		}
		if walked++; walked%walkBatch == 0 {
			t.mu.Unlock()
			t.mu.Lock()
		}
	}
}

// due counts the deadlines of which the instant is past and that nothing took away. It
// looks at what is near, and not at all there is. Until all are known it is no number: a
// process that has just started would say that nothing is due.
func (t *timers) due() float64 {
	now := t.bus.cfg.Clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.recalled {
		return math.NaN()
	}
	n := 0
	for _, at := range t.near {
		if at.Before(now) {
			n++
		}
	}
	return float64(n)
}

// late has every deadline sent again that was sent and did not come due in time,
// and counts it: a bus that crashed may hold a schedule that it never fires.
func (t *timers) late() int {
	now := t.bus.cfg.Clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for k, late := range t.told {
		if n == timerBatch {
			break
		}
		if now.After(late) {
			delete(t.told, k)
			t.dirty[k] = struct{}{}
			n++
		}
	}
	return n
}

// take gives a batch of what is dirty: the instants of what is armed, and zero
// for what is to be cancelled.
func (t *timers) take() map[timer]time.Time {
	now := t.bus.cfg.Clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	batch := make(map[timer]time.Time, min(timerBatch, len(t.dirty)))
	for k := range t.dirty {
		if len(batch) == timerBatch {
			break
		}
		delete(t.dirty, k)
		at, ok := deadline(t.armed[k.record], k.name)
		if !ok || at.After(t.edge) {
			batch[k] = time.Time{}
			continue
		}
		batch[k] = at
		t.told[k] = at.Add(grace)
		if at.Before(now) {
			t.told[k] = now.Add(grace)
		}
	}
	return batch
}

// send sends a batch. What the bus did not take is dirty again.
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
		ack, err := t.bus.cfg.JS.PublishMsgAsync(msg, jetstream.WithExpectStream(Timers(t.bus.cfg.Service)))
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
			t.dirty[k] = struct{}{}
			t.mu.Unlock()
		}
	}
	return failed
}

func (t *timers) arming(k timer, at time.Time) *nats.Msg {
	service := t.bus.cfg.Service
	rest := k.name + "." + k.record
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
	msg.Header.Set(headerScheduler, timerSubject(service, "at", k.name+"."+k.record))
	msg.Header.Set(headerScheduleNext, schedulePurge)
	return msg
}

func (b *Bus) addDue(name string, e endpoint.Endpoint) {
	if b.reactions.due[name] != nil || !isToken(name) {
		panic("bus: cannot have a deadline named " + name + ", or not twice")
	}
	b.reactions.due[name] = b.newReaction("due."+name, timerSubject(b.cfg.Service, "due", name+".{record}"), e)
}

// deliverDue brings a message of TIMERS to its endpoint.
func (b *Bus) deliverDue(ctx context.Context, msg jetstream.Msg) {
	d := delivery{bus: b, msg: msg, attempt: attempt(msg), label: "unknown"}
	rest := strings.TrimPrefix(msg.Subject(), timerSubject(b.cfg.Service, "due", ""))
	name, record, ok := strings.Cut(rest, ".")
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
	b.timers.came(timer{name, record}, at)
	b.metrics.timersFired.Inc()
	d.settle(ctx, b.react(ctx, r, "", Due{Name: name, Record: record, At: at}))
}
