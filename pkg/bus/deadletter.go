package bus

import (
	"context"
	"log/slog"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/fault"
)

// Headers of a dead letter, beside those of the message that it was.
const (
	// HeaderReason is the code of the fault.
	HeaderReason = "Sanad-Reason"
	// HeaderConsumer is the service that refused, HeaderAttempts how often it
	// tried.
	HeaderConsumer = "Sanad-Consumer"
	HeaderAttempts = "Sanad-Attempts"
	// HeaderSubject is where the message was, HeaderMsgID the Nats-Msg-Id that it
	// had there.
	HeaderSubject = "Sanad-Subject"
	HeaderMsgID   = "Sanad-Msg-Id"
)

var errNoDeadline = fault.New(fault.Unsupported, "unknown_deadline", "No deadline of this name exists.")

// delivery is one message with what is known of it.
type delivery struct {
	bus     *Bus
	msg     jetstream.Msg
	attempt int
	label   string
}

// settle tells the bus what becomes of a delivery.
func (d delivery) settle(ctx context.Context, err error) {
	if f := fault.Of(err); err != nil && waits(f) {
		d.park(f)
		return
	}
	d.unpark()
	if err == nil {
		// Not waited for: when it gets lost the event comes again, and the
		// endpoint has seen it.
		_ = d.msg.Ack()
		return
	}
	f := fault.Of(err)
	delay, again := tryAgain(f.Kind, d.attempt)
	if !again {
		d.bury(ctx, f)
		return
	}
	if f.Kind == fault.Internal {
		d.bus.log.Error("a reaction failed", slog.String("event", d.label), slog.Int("attempt", d.attempt), slog.Any("error", err))
	}
	_ = d.msg.NakWithDelay(delay)
}

// bury moves a message to DEADLETTERS and ends its delivery. As long as the
// dead letter is not stored the message is kept and comes again.
func (d delivery) bury(ctx context.Context, f *fault.Error) {
	d.unpark()
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	if _, err := d.bus.cfg.JS.PublishMsg(ctx, d.letter(f.Code)); err != nil {
		_, _ = d.bus.findStream(ctx, DeadLetters)
		d.bus.log.Error("a dead letter was not taken", slog.String("event", d.label), slog.String("code", f.Code), slog.Any("error", err))
		delay, _ := tryAgain(fault.Unavailable, min(d.attempt, forever-1))
		_ = d.msg.NakWithDelay(delay)
		return
	}
	d.bus.metrics.dead(d.label, f.Code)
	d.bus.log.Warn("an event was refused", slog.String("event", d.label), slog.String("code", f.Code), slog.Int("attempt", d.attempt))
	_ = d.msg.TermWithReason(f.Code)
}

// park lets a message wait for a newer release, or for the decision on its record.
// Nothing waits behind it: what it is about may be told by later messages, and a
// record takes facts in any order.
func (d delivery) park(why *fault.Error) {
	if d.bus.parked.enter(d.place()) {
		log := d.bus.log.With(slog.String("event", d.label), slog.String("code", why.Code))
		if why.Code == fault.Quarantined {
			log.Warn("a message waits until its record was decided about")
		} else {
			log.Warn("a message waits for a newer release")
		}
	}
	delay, _ := parking.after(d.attempt)
	_ = d.msg.NakWithDelay(delay)
}

// unpark books that a message does not wait any more, if it did.
func (d delivery) unpark() {
	if d.bus.parked.some.Load() {
		d.bus.parked.leave(d.place())
	}
}

// place is where the message lies.
func (d delivery) place() place {
	meta, err := d.msg.Metadata()
	if err != nil {
		return place{}
	}
	return place{meta.Stream, meta.Sequence.Stream}
}

func (d delivery) letter(code string) *nats.Msg {
	subject := d.msg.Subject()
	letter := nats.NewMsg("sanad.deadletters." + d.bus.cfg.Service + "." + strings.TrimPrefix(subject, "sanad."))
	letter.Data = d.msg.Data()
	for k, v := range d.msg.Headers() {
		// JetStream would obey its own headers again. And another message with the
		// identity that the message chose would keep the dead letter out.
		if len(k) < len("Nats-") || !strings.EqualFold(k[:len("Nats-")], "Nats-") {
			letter.Header[k] = v
		}
	}
	letter.Header.Set(HeaderReason, code)
	letter.Header.Set(HeaderConsumer, d.bus.cfg.Service)
	letter.Header.Set(HeaderAttempts, strconv.Itoa(d.attempt))
	letter.Header.Set(HeaderSubject, subject)
	letter.Header.Del(HeaderMsgID)
	letter.Header.Del(HeaderReplays)
	if id := d.msg.Headers().Get(nats.MsgIdHdr); id != "" {
		letter.Header.Set(HeaderMsgID, id)
	}
	// Without it any stream that takes the subject would store the message.
	letter.Header.Set(jetstream.ExpectedStreamHeader, DeadLetters)
	if meta, err := d.msg.Metadata(); err == nil {
		// A message that is buried twice, because the end of the delivery was lost,
		// is there once.
		letter.Header.Set(nats.MsgIdHdr, d.bus.cfg.Service+"/"+meta.Stream+"/"+strconv.FormatUint(meta.Sequence.Stream, 10)+
			"/"+strconv.FormatInt(meta.Timestamp.UnixNano(), 36))
	}
	return letter
}
