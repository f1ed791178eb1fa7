package event

import (
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Envelope is one event on the bus.
type Envelope struct {
	// ID is an ID as text; Subject is its record.
	ID string
	// Source is "/sanad/<service>".
	Source  string
	Type    string
	Subject string
	Time    time.Time
	// Trace is the W3C traceparent of the operation that made the event, empty
	// when it was not traced.
	Trace string
	// Data is the public half, as JSON.
	Data []byte
}

// Source names a service as the producer of its events.
func Source(service string) string { return sourcePrefix + service }

const sourcePrefix = "/sanad/"

// HeaderTrace carries the W3C trace context.
const HeaderTrace = "traceparent"

const (
	headerID          = "ce-id"
	headerSource      = "ce-source"
	headerSpec        = "ce-specversion"
	headerType        = "ce-type"
	headerSubject     = "ce-subject"
	headerTime        = "ce-time"
	headerDataType    = "ce-datacontenttype"
	headerContentType = "Content-Type"

	specVersion = "1.0"
	jsonType    = "application/json"
	structured  = "application/cloudevents"
	typePrefix  = "sanad."
)

// Msg writes the event as a CloudEvents 1.0 message in binary mode. Its
// Nats-Msg-Id is the event's ID, so that JetStream drops a second copy.
//
// Each header costs every reader its parsing, so what is the same for all
// events, that data are JSON, and what the type says, the schema, are left out.
// Eight are also the most that a map holds without growing.
func (e Envelope) Msg(natsSubject string) *nats.Msg {
	values := [8]string{
		escape(e.ID), escape(e.Source), specVersion, escape(typePrefix + e.Type), escape(e.Subject),
		e.Time.UTC().Format(time.RFC3339Nano), e.ID, e.Trace,
	}
	keys := [...]string{
		headerID, headerSource, headerSpec, headerType, headerSubject, headerTime, nats.MsgIdHdr, HeaderTrace,
	}
	header := make(nats.Header, len(keys))
	for i, k := range keys {
		if values[i] != "" {
			header[k] = values[i : i+1 : i+1]
		}
	}
	return &nats.Msg{Subject: natsSubject, Header: header, Data: e.Data}
}

// What Parse refuses. None of them echoes what it found.
var (
	ErrStructured = errors.New("event: structured mode is not spoken here")
	ErrSpec       = errors.New("event: not a CloudEvents 1.0 message")
	ErrAttribute  = errors.New("event: an attribute is missing or malformed")
	// ErrDisagree refuses a message that can be read and contradicts itself.
	ErrDisagree = errors.New("event: identity, subject, type and source do not say the same")
)

// Parse reads a message that Msg wrote. It takes what another producer adds, and
// refuses what it cannot place: an identity of another form, a subject that is not
// the identity's record, a type of another network. What it refuses with
// ErrDisagree is well formed and contradicts itself. The receiver must compare the
// subject of the message and its Nats-Msg-Id.
func Parse(header nats.Header, data []byte) (Envelope, error) {
	if strings.HasPrefix(header.Get(headerContentType), structured) {
		return Envelope{}, ErrStructured
	}
	if header.Get(headerSpec) != specVersion {
		return Envelope{}, ErrSpec
	}
	var typ, at string
	e := Envelope{Trace: header.Get(HeaderTrace), Data: data}
	for _, a := range [...]struct {
		into *string
		key  string
	}{
		{&e.ID, headerID}, {&e.Source, headerSource}, {&typ, headerType}, {&e.Subject, headerSubject}, {&at, headerTime},
	} {
		v, ok := unescape(header.Get(a.key))
		if !ok || v == "" {
			return Envelope{}, ErrAttribute
		}
		*a.into = v
	}
	var known bool
	if e.Type, known = strings.CutPrefix(typ, typePrefix); !known {
		return Envelope{}, ErrAttribute
	}
	service, _ := Split(e.Type)
	id, ok := ParseID(e.ID)
	if !ok || service == "" || !IsRecord(e.Subject) {
		return Envelope{}, ErrAttribute
	}
	var err error
	if e.Time, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return Envelope{}, ErrAttribute
	}
	if t := header.Get(headerDataType); t != "" && t != jsonType {
		return Envelope{}, ErrAttribute
	}
	if source, ours := strings.CutPrefix(e.Source, sourcePrefix); !ours || source != service || id.Record != e.Subject {
		return Envelope{}, ErrDisagree
	}
	return e, nil
}
