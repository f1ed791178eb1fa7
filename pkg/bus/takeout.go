package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/event"
)

// ErrAge refuses an age that is too short.
var ErrAge = errors.New("bus: events must stay for 7 days at least")

// Ageing says what TakeOut takes out.
type Ageing struct {
	// Parts are those of the services of the network. What others have said is
	// left alone.
	Parts []Part
	// Age is how long the events of a closed record stay: LeastAge at least.
	Age time.Duration
	// Now is the present instant.
	Now time.Time
	// Progress gets how far each stream was read: up to which of its messages, and
	// which is the last. Default: nothing gets it.
	Progress func(stream string, at, last uint64)
}

// Taken is what TakeOut took out.
type Taken struct {
	Records, Messages int
	// Held counts the records that are old enough and stay, because services have
	// not taken all of them yet: Behind names these services.
	Held   int
	Behind []string
}

const (
	// scanPage bounds the messages that are read before what was read is judged.
	scanPage = 100_000
	// scanFetch is how many are fetched at a time.
	scanFetch = 2000
)

// TakeOut takes the records out of EVENTS, INSIDE and AGENCIES of which nothing was said
// for as long as the age. Open ones are not among them: their services say so in
// time. It may be stopped and run again at any moment, and two may run at once.
//
// A record's age counts back from the last that its service said, when that is
// earlier than now. A service that is away can neither keep its open records nor
// publish what is new. And a steward whose clock is ahead takes out nothing.
//
// How far it goes it writes into EVENTS first, for each service and never
// backwards: what lies before that, and is missing, was not lost.
func TakeOut(ctx context.Context, js jetstream.JetStream, a Ageing) (Taken, error) {
	t := taking{Ageing: a, js: js, before: map[string]time.Time{}, behind: map[string]bool{}}
	if a.Age < LeastAge {
		return Taken{}, ErrAge
	}
	err := t.events(ctx)
	if err == nil {
		err = t.inside(ctx)
	}
	if err == nil {
		err = t.agencies(ctx)
	}
	t.taken.Behind = slices.Sorted(maps.Keys(t.behind))
	return t.taken, err
}

type taking struct {
	Ageing
	js jetstream.JetStream
	// before is, by service, the instant before which its records go.
	before  map[string]time.Time
	readers []reader
	behind  map[string]bool
	taken   Taken
}

// reader is a service that reacts to events.
type reader struct {
	service string
	// hears are the services that publish the events to which it reacts.
	hears map[string]bool
	// floor is the sequence up to which it has taken all.
	floor uint64
}

// events takes out of EVENTS.
func (t *taking) events(ctx context.Context) error {
	s, err := find(ctx, t.js, Events)
	if s == nil {
		return err
	}
	for _, p := range t.Parts {
		said, err := lastSaid(ctx, s, event.Subject(p.Service, "*", "*"))
		if err != nil {
			return err
		}
		if !said.IsZero() {
			t.before[p.Service] = earlier(t.Now, said).Add(-t.Age)
		}
	}
	if err := t.mark(ctx, s); err != nil {
		return err
	}
	return t.told(ctx, s)
}

// inside takes out of INSIDE, by the marks of EVENTS.
func (t *taking) inside(ctx context.Context) error {
	s, err := find(ctx, t.js, Inside)
	if s == nil {
		return err
	}
	return t.told(ctx, s)
}

// told takes out of a stream on which services are told.
func (t *taking) told(ctx context.Context, s jetstream.Stream) (err error) {
	if t.readers, err = readers(ctx, s, t.Parts); err != nil {
		return err
	}
	return t.scan(ctx, s, func(subject string) (rec, bool) {
		tokens := strings.Split(subject, ".") // sanad.{events|inside}.<service>.<event>.<record>
		if len(tokens) != 5 {
			return rec{}, false
		}
		before, known := t.before[tokens[2]]
		return rec{service: tokens[2], stream: tokens[4], before: before}, known
	})
}

// agencies takes out of AGENCIES: it has no services that read.
func (t *taking) agencies(ctx context.Context) error {
	s, err := find(ctx, t.js, Agencies)
	if s == nil {
		return err
	}
	t.readers = nil
	before, err := lastSaid(ctx, s, "sanad.agencies.>")
	if err != nil || before.IsZero() {
		return err
	}
	before = before.Add(-t.Age)
	for _, p := range t.Parts {
		if at, known := t.before[p.Service]; len(p.Tells[Agencies]) > 0 {
			if !known {
				return nil
			}
			before = earlier(before, at)
		}
	}
	return t.scan(ctx, s, func(subject string) (rec, bool) {
		tokens := strings.Split(subject, ".") // sanad.agencies.<agency>.<event>.<referral>
		if len(tokens) != 5 {
			return rec{}, false
		}
		return rec{stream: tokens[4], before: before}, true
	})
}

func find(ctx context.Context, js jetstream.JetStream, name string) (jetstream.Stream, error) {
	s, err := js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil //nolint:nilnil // nothing is there to take out of
	}
	if err != nil {
		return nil, fmt.Errorf("find stream %s: %w", name, err)
	}
	return s, nil
}

// lastSaid is when the last message of some subjects was said, zero for none.
func lastSaid(ctx context.Context, s jetstream.Stream, subject string) (time.Time, error) {
	last, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the last that a service said: %w", err)
	}
	return saidAt(last.Header), nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// mark writes into EVENTS how far this run goes.
func (t *taking) mark(ctx context.Context, s jetstream.Stream) error {
	info, err := s.Info(ctx)
	if err != nil {
		return fmt.Errorf("read what %s says of itself: %w", Events, err)
	}
	cfg, moved := info.Config, false
	meta := maps.Clone(cfg.Metadata)
	for service, before := range t.before {
		// In whole seconds, and not later than what is taken out.
		at := before.UTC().Truncate(time.Second)
		t.before[service] = at
		if at.After(markOf(meta, service)) {
			meta[metaAged+service], moved = at.Format(time.RFC3339), true
		}
	}
	if !moved {
		return nil
	}
	cfg.Metadata = meta
	if _, err := t.js.UpdateStream(ctx, cfg); err != nil {
		return fmt.Errorf("mark how far %s is emptied: %w", Events, err)
	}
	return nil
}

// readers asks how far the services have read. One whose consumer is not there,
// because it never ran or was away for long, has read nothing.
func readers(ctx context.Context, s jetstream.Stream, parts []Part) ([]reader, error) {
	var list []reader
	for _, p := range parts {
		hears := p.hears(s.CachedInfo().Config.Name)
		if len(hears) == 0 {
			continue
		}
		r := reader{service: p.Service, hears: map[string]bool{}}
		for _, typ := range hears {
			service, _ := event.Split(typ)
			r.hears[service] = true
		}
		c, err := s.Consumer(ctx, p.Service)
		switch {
		case errors.Is(err, jetstream.ErrConsumerNotFound):
		case err != nil:
			return nil, fmt.Errorf("ask how far %s has read: %w", p.Service, err)
		case c.CachedInfo().NumPending == 0 && c.CachedInfo().NumAckPending == 0:
			r.floor = math.MaxUint64
		default:
			r.floor = c.CachedInfo().AckFloor.Stream
		}
		list = append(list, r)
	}
	return list, nil
}

// rec is a record on a stream, and the instant before which it must have been
// spoken of last to be taken out.
type rec struct {
	service, stream string
	before          time.Time
}

// old is what was read of a record.
type old struct {
	messages int
	told     time.Time
}

// scan reads a stream from the first message on, and judges the records in it.
func (t *taking) scan(ctx context.Context, s jetstream.Stream, of func(subject string) (rec, bool)) error {
	info, err := s.Info(ctx)
	if err != nil {
		return fmt.Errorf("ask what %s holds: %w", t.name(s), err)
	}
	last := info.State.LastSeq
	c, err := s.CreateConsumer(ctx, jetstream.ConsumerConfig{
		// Its own name, which the network declares and no other run has.
		Name:          Steward + "-" + rand.Text(),
		DeliverPolicy: jetstream.DeliverAllPolicy, AckPolicy: jetstream.AckNonePolicy, HeadersOnly: true,
		MemoryStorage: true, Replicas: 1, InactiveThreshold: time.Minute,
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", t.name(s), err)
	}
	defer func() { _ = s.DeleteConsumer(context.WithoutCancel(ctx), c.CachedInfo().Name) }()
	for more := true; more; {
		var page map[rec]*old
		if page, more, err = t.read(ctx, c, last, of); err != nil {
			return fmt.Errorf("read %s: %w", t.name(s), err)
		}
		for r, o := range page {
			if err := t.judge(ctx, s, r, o); err != nil {
				return fmt.Errorf("take out of %s: %w", t.name(s), err)
			}
		}
	}
	return nil
}

func (t *taking) name(s jetstream.Stream) string { return s.CachedInfo().Config.Name }

// read reads a page, up to the first message that is too young to matter.
func (t *taking) read(ctx context.Context, c jetstream.Consumer, last uint64, of func(string) (rec, bool)) (map[rec]*old, bool, error) {
	page, n := map[rec]*old{}, 0
	for n < scanPage {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		batch, err := c.FetchNoWait(scanFetch)
		if err != nil {
			return nil, false, err
		}
		got, at, young := 0, uint64(0), false
		for msg := range batch.Messages() {
			got++
			meta, err := msg.Metadata()
			if err != nil {
				return nil, false, err
			}
			at = meta.Sequence.Stream
			// What was stored now is told now, and so is what was stored after it.
			if young = young || at > last || !meta.Timestamp.Before(t.Now.Add(-t.Age)); young {
				continue
			}
			r, ok := of(msg.Subject())
			if !ok {
				continue
			}
			if page[r] == nil {
				page[r] = &old{}
			}
			page[r].messages++
			if told := toldAt(msg.Headers(), meta.Timestamp); told.After(page[r].told) {
				page[r].told = told
			}
		}
		if err := batch.Error(); err != nil {
			return nil, false, err
		}
		n += got
		if got > 0 && t.Progress != nil {
			t.Progress(c.CachedInfo().Stream, at, last)
		}
		if got == 0 || young {
			return page, false, nil
		}
	}
	return page, true, nil
}

// judge takes a record out when the last that was said of it is old, and all who
// want it have it.
func (t *taking) judge(ctx context.Context, s jetstream.Stream, r rec, o *old) error {
	if !o.told.Before(r.before) || !isToken(r.stream) {
		return nil
	}
	filter := recordFilter(t.name(s), r.service, r.stream)
	last, err := s.GetLastMsgForSubject(ctx, filter)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil // somebody else took it out
	}
	if err != nil {
		return err
	}
	if !toldAt(last.Header, last.Time).Before(r.before) {
		return nil
	}
	held := false
	for _, reader := range t.readers {
		if reader.hears[r.service] && last.Sequence > reader.floor {
			held, t.behind[reader.service] = true, true
		}
	}
	if held {
		t.taken.Held++
		return nil
	}
	// What is said from here on stays.
	if err := s.Purge(ctx, jetstream.WithPurgeSubject(filter), jetstream.WithPurgeSequence(last.Sequence+1)); err != nil {
		return err
	}
	t.taken.Records++
	t.taken.Messages += o.messages
	return nil
}
