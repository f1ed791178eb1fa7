package bus

import (
	"errors"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel/trace"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
)

// addressed is an event that agencies may see.
type addressed interface {
	Addressees() []string
	AboutReferral() string
}

// confined is an event of which the services of the network are not told.
//
// With addressees: an event before it, in the same commit, says all that it says. It
// is never the first, by which other replicas learn of the commit.
//
// Without addressees it stays in the room: no stream takes it, nobody but the journal
// of its service has it, and no comparison with the bus misses it. It may be all that
// a commit holds. Another replica learns of such a commit when it looks (record.Fresh).
type confined interface{ ConfinedToAddressees() }

// publisher turns commits into messages.
type publisher struct {
	service   string
	source    string
	catalogue event.Catalogue
	// to says where the events of a type go.
	to    map[string][]*destination
	feeds *feeds
	seed  maphash.Seed
	// training has every message say that nothing is real.
	training bool
	// addressed are the types of the service's events that agencies may see.
	addressed map[string]bool
}

func newPublisher(service string, catalogue event.Catalogue, training bool) publisher {
	p := publisher{
		service: service, source: event.Source(service), catalogue: catalogue, training: training,
		to: map[string][]*destination{}, seed: maphash.MakeSeed(), addressed: map[string]bool{},
		feeds: &feeds{catalogue: catalogue, types: map[string]bool{}, want: map[string]bool{}},
	}
	for _, typ := range catalogue.Types() {
		if owner, _ := event.Split(typ); owner != service {
			continue
		}
		zero := catalogue.Zero(typ)
		for _, d := range destinations {
			if d.takes(zero) {
				p.to[typ] = append(p.to[typ], d)
			}
		}
		if _, ok := zero.(addressed); ok {
			p.addressed[typ] = true
		}
		if _, ok := zero.(subscriber); ok {
			p.feeds.types[typ] = true
		}
	}
	return p
}

func isConfined(catalogue event.Catalogue, typ string) bool {
	_, ok := catalogue.Zero(typ).(confined)
	return ok
}

// key stands for a message in the relay's books: for the place of its event, and
// whom it is for. The seed is new in each process, so that two places that meet in
// one do not in the next.
func (p *publisher) key(place, reader string) uint64 {
	var h maphash.Hash
	h.SetSeed(p.seed)
	_, _ = h.WriteString(place)
	if reader != "" {
		_ = h.WriteByte('@')
		_, _ = h.WriteString(reader)
	}
	return h.Sum64()
}

// read reads a Nats-Msg-Id that message wrote.
func (p *publisher) read(msgID string) (id event.ID, key uint64, ok bool) {
	text, agency, copied := strings.Cut(msgID, "@")
	if copied && !isToken(agency) {
		return event.ID{}, 0, false
	}
	if id, ok = event.ParseID(text); !ok {
		return event.ID{}, 0, false
	}
	place, _ := event.CutTail(text)
	return id, p.key(place, agency), true
}

var errTooLarge = errors.New("bus: an event is too large to be published")

// parcel is one message under way: of event index i of a commit, to a
// destination, and there for one reader or for all.
type parcel struct {
	key    uint64
	tail   uint64
	id     string // of the event
	index  int
	to     *destination
	reader string
	about  string
	// stands says that a person had the commit stand: another event in its place is
	// no news.
	stands bool
	// span is its publication, nil when that is not traced.
	span trace.Span
}

// parcels lists the messages of a commit: each event once for every destination
// and reader that it has now. What waited, or is healed, may thus reach an agency
// though it happened before it had a feed; it may see that anyway. What cannot be
// published at all is left out and reported, so that it does not hold up the rest
// for ever.
func (p *publisher) parcels(into []parcel, c *journal.Commit) ([]parcel, error) {
	var errs error
	for i, e := range c.Events {
		if len(e.Data) > maxEvent {
			errs = errors.Join(errs, errTooLarge)
			continue
		}
		var id, place string
		var tail uint64
		for _, d := range p.to[e.Type] {
			if d.readers != nil && p.feeds.none() {
				continue
			}
			if id == "" {
				identity := c.EventID(i)
				id, tail = identity.String(), identity.Tail
				place, _ = event.CutTail(id)
			}
			if d.readers == nil {
				into = append(into, parcel{key: p.key(place, ""), tail: tail, id: id, index: i, to: d, stands: c.Stands})
				continue
			}
			data, err := p.catalogue.DecodeData(e.Type, e.Data)
			if err != nil {
				errs = errors.Join(errs, err)
				continue
			}
			readers, about := d.readers(p, data)
			for _, r := range readers {
				into = append(into, parcel{key: p.key(place, r), tail: tail, id: id, index: i, to: d, reader: r, about: about, stands: c.Stands})
			}
		}
	}
	return into, errs
}

// addressees are those that have a feed.
func (p *publisher) addressees(data fact.Data) (agencies []string, referral string) {
	a := data.(addressed)
	for _, agency := range a.Addressees() {
		if p.feeds.has(agency) && isToken(agency) && !slices.Contains(agencies, agency) {
			agencies = append(agencies, agency)
		}
	}
	return agencies, a.AboutReferral()
}

// isToken guards a subject against what could widen it.
func isToken(s string) bool { return s != "" && !strings.ContainsAny(s, ".*> \t\r\n/") }

// readerID is the Nats-Msg-Id of a message that is for one reader: one event goes
// to several of them on one stream.
func readerID(id, reader string) string { return id + "@" + reader }

// message writes the message of a parcel.
func (p *publisher) message(c *journal.Commit, m parcel) *nats.Msg {
	e := &c.Events[m.index]
	env := event.Envelope{
		ID: m.id, Source: p.source, Type: e.Type, Subject: c.Record, Time: c.At, Data: e.Data,
	}
	if !m.to.outside {
		env.Trace = cause(c, m.span)
	}
	msg := env.Msg(m.to.subject(e.Type, c.Record, m.reader, m.about))
	if !m.to.outside {
		if agencies := p.told(c); agencies != "" {
			msg.Header[headerAgencies] = []string{agencies}
		}
	}
	if p.training {
		msg.Header[headerMode] = []string{training}
	}
	if m.reader != "" {
		msg.Header[nats.MsgIdHdr] = []string{readerID(m.id, m.reader)}
	}
	return msg
}

// headerAgencies names, on a message of EVENTS, the agencies that may see something of the
// commit. It repeats what the content says, for who reads headers alone.
const headerAgencies = "ce-agencies"

// headerMode says of a message that nothing in it is real. A live network has none.
const headerMode = "ce-mode"

// maxTold bounds the header, so that a message is not too large because of it.
const maxTold = 4 << 10

// told are the agencies that may see an event of a commit, one that is confined to them
// included: the event before it, which is on the stream, says all that it says.
func (p *publisher) told(c *journal.Commit) string {
	if len(p.addressed) == 0 {
		return ""
	}
	var agencies []string
	for i := range c.Events {
		e := &c.Events[i]
		if !p.addressed[e.Type] {
			continue
		}
		data, err := p.catalogue.DecodeData(e.Type, e.Data)
		if err != nil {
			continue // nobody is told; who asks sees it
		}
		for _, agency := range data.(addressed).Addressees() {
			if isToken(agency) && !strings.Contains(agency, ",") && !slices.Contains(agencies, agency) {
				agencies = append(agencies, agency)
			}
		}
	}
	if text := strings.Join(agencies, ","); len(text) <= maxTold {
		return text
	}
	return ""
}

// toldIn reads what told wrote.
func toldIn(header nats.Header) []string {
	text := header[headerAgencies]
	if len(text) != 1 || len(text[0]) > maxTold || text[0] == "" {
		return nil
	}
	return strings.Split(text[0], ",")
}
