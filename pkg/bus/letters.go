package bus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api/event/keep"
	"github.com/sanad-network/sanad/pkg/fault"
)

// HeaderReplays is on a dead letter that was replayed and refused again: how often.
const HeaderReplays = "Sanad-Replays"

// ErrNoLetter says that the service has no dead letter of a name. Any other error is
// that of a bus that is away.
var ErrNoLetter = errors.New("bus: there is no such dead letter")

// Letter is a dead letter as an operator may know it: what it is about, why it was
// refused and how often. It holds nothing of the data. What the sender chose is in
// it only where it has the form that it must have.
type Letter struct {
	// ID is "<service>.<number on the stream>.<sum>": the number alone would name
	// another letter after the stream was lost.
	ID string `json:"id"`
	// Event is the type of the event, or the name of the deadline; "unknown" when
	// nothing here reacts to it.
	Event string `json:"event"`
	// Record is what it is about; empty when its name is not one that the network
	// gives.
	Record string `json:"record,omitempty"`
	// Code is why it was refused, Attempts how often it was tried, and Replays how
	// often a person had it tried again.
	Code     string `json:"code"`
	Attempts int    `json:"attempts"`
	Replays  int    `json:"replays"`
	// At is when it was refused last.
	At time.Time `json:"at"`
	// Keep is why nobody may drop it; empty where an operator may.
	Keep keep.Why `json:"keep,omitempty"`
}

func lettersOf(service string) string { return "sanad.deadletters." + service + ".>" }

// Letters are the first dead letters of the service for which gone does not hold,
// and whether there are more than that.
func (b *Bus) Letters(ctx context.Context, most int, gone func(id string) bool) (list []Letter, more bool, err error) {
	if b.cfg.Conn == nil || !b.cfg.Conn.IsConnected() {
		return nil, false, errDisconnected
	}
	err = b.walk(ctx, DeadLetters, lettersOf(b.cfg.Service), func(msg *jetstream.RawStreamMsg) bool {
		l := b.letter(msg)
		switch {
		case gone(l.ID):
		case len(list) == most:
			more = true
		default:
			list = append(list, l)
		}
		return !more
	})
	if err != nil {
		return nil, false, fmt.Errorf("list the dead letters: %w", err)
	}
	return list, more, nil
}

// Letter is one dead letter of the service.
func (b *Bus) Letter(ctx context.Context, id string) (Letter, error) {
	msg, err := b.findLetter(ctx, id)
	if err != nil {
		return Letter{}, err
	}
	return b.letter(msg), nil
}

func (b *Bus) findLetter(ctx context.Context, id string) (*jetstream.RawStreamMsg, error) {
	rest, ours := strings.CutPrefix(id, b.cfg.Service+".")
	number, _, _ := strings.Cut(rest, ".")
	seq, err := strconv.ParseUint(number, 10, 64)
	if !ours || err != nil || seq == 0 {
		return nil, ErrNoLetter
	}
	ctx, cancel, err := b.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	s, err := b.findStream(ctx, DeadLetters)
	if err != nil {
		return nil, err
	}
	msg, err := s.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, ErrNoLetter
	}
	if err != nil {
		return nil, fmt.Errorf("read a dead letter: %w", err)
	}
	if !strings.HasPrefix(msg.Subject, strings.TrimSuffix(lettersOf(b.cfg.Service), ">")) || b.letter(msg).ID != id {
		return nil, ErrNoLetter
	}
	return msg, nil
}

// named are the names that the network gives to records, and faults those that a
// fault has as its code: what has neither form was chosen by a sender, and is not shown.
var (
	named  = regexp.MustCompile(`^[a-z]+_[0-9a-hjkmnp-tv-z]{26}$`)
	faults = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
)

func (b *Bus) letter(msg *jetstream.RawStreamMsg) Letter {
	sum := sha256.Sum256([]byte(msg.Subject + "\n" + strconv.FormatInt(msg.Time.UnixNano(), 10)))
	l := Letter{
		ID:    b.cfg.Service + "." + strconv.FormatUint(msg.Sequence, 10) + "." + hex.EncodeToString(sum[:4]),
		Event: "unknown", Code: "unknown", At: msg.Time.UTC(),
	}
	if record := recordOf(msg.Subject); named.MatchString(record) {
		l.Record = record
	}
	if code := msg.Header.Get(HeaderReason); len(code) < 64 && faults.MatchString(code) {
		l.Code = code
	}
	l.Attempts, _ = strconv.Atoi(msg.Header.Get(HeaderAttempts)) // zero where nothing is said
	l.Replays, _ = strconv.Atoi(msg.Header.Get(HeaderReplays))
	if _, r, ok := b.reactions.deadline(b.cfg.Service, msg.Header.Get(HeaderSubject)); ok {
		l.Event = r.label
	} else if r := b.reactions.events[strings.TrimPrefix(msg.Header.Get("ce-type"), "sanad.")]; r != nil {
		l.Event = r.label
	}
	l.Keep = b.keeps(msg, l.Event)
	return l
}

// keeps says why a dead letter must be kept. What does not pass the judge is not what its
// headers say, and may be anything.
func (b *Bus) keeps(msg *jetstream.RawStreamMsg, event string) keep.Why {
	why := keep.Of(event)
	subject := msg.Header.Get(HeaderSubject)
	_, _, due := b.reactions.deadline(b.cfg.Service, subject)
	if why != keep.Free {
		return why
	}
	if due {
		if _, err := time.Parse(time.RFC3339Nano, msg.Header.Get(headerDeadline)); err != nil {
			return keep.NotUnderstood
		}
		return keep.Free
	}
	if _, refused := b.reactions.judge.judge(subject, before(msg), msg.Data); refused != nil {
		return keep.NotUnderstood
	}
	return why
}

// before is the header that a dead letter had when it was delivered.
func before(msg *jetstream.RawStreamMsg) nats.Header {
	header := maps.Clone(msg.Header)
	for _, h := range []string{HeaderReason, HeaderConsumer, HeaderAttempts, HeaderSubject, HeaderMsgID, HeaderReplays, nats.MsgIdHdr, jetstream.ExpectedStreamHeader} {
		header.Del(h)
	}
	if id := msg.Header.Get(HeaderMsgID); id != "" {
		header.Set(nats.MsgIdHdr, id)
	}
	return header
}

// Replay brings a dead letter to its endpoint once, past the same judge as a message
// that arrives. What is refused again, for whatever reason, is a new dead letter
// with its count, and the code of the fault is returned; it is empty when the
// endpoint took it. The letter itself stays where it is: the journal says that it
// was decided about.
func (b *Bus) Replay(ctx context.Context, id string) (code string, err error) {
	if !b.running.Load() {
		return "", errStopped
	}
	msg, err := b.findLetter(ctx, id)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	f := b.reactAgain(ctx, msg)
	if f == nil {
		return "", nil
	}
	l := b.letter(msg)
	again := nats.NewMsg(msg.Subject)
	again.Data, again.Header = msg.Data, maps.Clone(msg.Header)
	again.Header.Set(HeaderReason, f.Code)
	again.Header.Set(HeaderAttempts, strconv.Itoa(l.Attempts+1))
	again.Header.Set(HeaderReplays, strconv.Itoa(l.Replays+1))
	again.Header.Set(jetstream.ExpectedStreamHeader, DeadLetters)
	// A replay whose end was lost makes one letter more, and not two.
	again.Header.Set(nats.MsgIdHdr, l.ID+"/"+strconv.Itoa(l.Replays+1))
	// The bound of the reaction may be over: a refusal must be kept all the same.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), asking)
	defer cancel()
	if _, err := b.cfg.JS.PublishMsg(ctx, again); err != nil {
		return "", fmt.Errorf("keep a dead letter that was refused again: %w", err)
	}
	b.metrics.dead(l.Event, f.Code)
	return f.Code, nil
}

// reactAgain judges what a dead letter was, and reacts to it.
func (b *Bus) reactAgain(ctx context.Context, msg *jetstream.RawStreamMsg) *fault.Error {
	subject := msg.Header.Get(HeaderSubject)
	name, r, due := b.reactions.deadline(b.cfg.Service, subject)
	if due {
		at, err := time.Parse(time.RFC3339Nano, msg.Header.Get(headerDeadline))
		if err != nil {
			return errMalformed
		}
		return refusal(b.react(ctx, r, "", Due{Name: name, Record: recordOf(subject), At: at}))
	}
	m, refused := b.reactions.judge.judge(subject, before(msg), msg.Data)
	if refused != nil {
		return refused
	}
	return refusal(b.react(ctx, m.reaction, m.Trace, Delivery{Envelope: m.Envelope, Data: m.data, Attempt: b.letter(msg).Attempts + 1}))
}

func refusal(err error) *fault.Error {
	if err == nil {
		return nil
	}
	return fault.Of(err)
}

// deadline finds what reacts to a deadline that came due on a subject.
func (r reactions) deadline(service, subject string) (name string, to *reaction, ok bool) {
	rest, ours := strings.CutPrefix(subject, timerSubject(service, "due", ""))
	name, _, ok = strings.Cut(rest, ".")
	to = r.due[name]
	return name, to, ours && ok && to != nil
}
