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
	// outside says that its readers must not correlate what happens inside the
	// network: their messages are in no trace.
	outside bool
}

// destinations is where events go.
var destinations = []*destination{
	{
		stream:  Events,
		takes:   func(zero fact.Data) bool { _, only := zero.(confined); return !only },
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
}

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
