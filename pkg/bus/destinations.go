package bus

import (
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
)

// destination is a stream to which the events of services go. One more is one
// more row: what a service may publish, what its relay watches and what it sends
// are made from the rows.
type destination struct {
	stream string
	// takes says whether events of a kind go there.
	takes func(zero fact.Data) bool
	// readers says for whom an event goes there, a message each; nil sends one
	// message for all.
	readers func(p *publisher, data fact.Data) (readers []string, about string)
	// filter is where the events of a name are, subject where one message is.
	filter  func(service, name string) string
	subject func(typ, record, reader, about string) string
	// outside says that its messages are in no trace: their readers must not correlate
	// what happens inside the network, or the readers of traces must not see them.
	outside bool
}

// destinations is where events go.
var destinations = []*destination{
	{
		stream:  Events,
		takes:   func(zero fact.Data) bool { _, only := zero.(confined); return !only && !isInner(zero) },
		filter:  func(service, name string) string { return event.Subject(service, name, "*") },
		subject: func(typ, record, _, _ string) string { return event.SubjectOf(typ, record) },
	},
	{
		stream:  Agencies,
		takes:   func(zero fact.Data) bool { _, copied := zero.(addressed); return copied },
		readers: (*publisher).addressees,
		filter:  func(_, name string) string { return "sanad.agencies.*." + name + ".*" },
		subject: func(typ, _, reader, about string) string {
			_, name := event.Split(typ)
			return "sanad.agencies." + reader + "." + name + "." + about
		},
		outside: true,
	},
	{
		stream: Inside,
		takes:  isInner,
		filter: func(service, name string) string { return insideSubject(service, name, "*") },
		subject: func(typ, record, _, _ string) string {
			service, name := event.Split(typ)
			return insideSubject(service, name, record)
		},
		outside: true,
	},
}

const insidePrefix = "sanad.inside."

// insideSubject is where services alone are told of a record.
func insideSubject(service, name, record string) string {
	return insidePrefix + service + "." + name + "." + record
}

// inner is an event of which services alone are told: INSIDE takes it, and no other stream
// does. Its record has no event that is not, so that no number on another stream skips it.
type inner interface{ ForServicesAlone() }

func isInner(zero fact.Data) bool {
	_, is := zero.(inner)
	return is
}

// destinedTo is the destination of a stream.
func destinedTo(stream string) *destination {
	return destinations[slices.IndexFunc(destinations, func(d *destination) bool { return d.stream == stream })]
}

// toldOn is the stream on which services are told of a type.
func toldOn(catalogue event.Catalogue, typ string) string {
	if isInner(catalogue.Zero(typ)) {
		return Inside
	}
	return Events
}

// heard says whether services react to what is on a stream.
func heard(stream string) bool { return stream == Events || stream == Inside }

func init() {
	for _, d := range destinations {
		for _, s := range Streams(1) {
			if s.Name == d.stream {
				if err := watchable(s); err != nil {
					panic(err)
				}
			}
		}
	}
}

// watchable refuses a stream to which nothing can be published safely: the relay
// does not rely on acknowledgements, so it must be able to read its own messages
// back at any later time.
func watchable(s jetstream.StreamConfig) error {
	switch {
	case s.Retention != jetstream.LimitsPolicy:
		return fmt.Errorf("bus: stream %s cannot be watched: what somebody has read is gone from it", s.Name)
	case s.MaxMsgsPerSubject > 0 || s.MaxAge > 0 || s.MaxMsgs > 0 || s.MaxBytes > 0:
		return fmt.Errorf("bus: stream %s cannot be watched: it lets go of messages by itself", s.Name)
	case s.Discard != jetstream.DiscardNew || s.NoAck || s.Sealed:
		return fmt.Errorf("bus: stream %s cannot be watched: it does not say that it refuses", s.Name)
	case s.AllowRollup || s.AllowMsgSchedules || s.AllowMsgTTL:
		return fmt.Errorf("bus: stream %s cannot be watched: a message can take others out of it", s.Name)
	}
	return nil
}

// destined lists the names of a service's events that go to a destination.
func (d *destination) destined(catalogue event.Catalogue, service string) []string {
	var names []string
	for _, typ := range catalogue.Types() {
		if owner, name := event.Split(typ); owner == service && d.takes(catalogue.Zero(typ)) {
			names = append(names, name)
		}
	}
	// An event may have two versions.
	slices.Sort(names)
	return slices.Compact(names)
}

// filters is where the events of these names are.
func (d *destination) filters(service string, names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, d.filter(service, name))
	}
	return all
}
