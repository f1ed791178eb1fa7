package bus

import (
	"maps"
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/pkg/event"
)

// Part is what one service does on the bus. It is made from the catalogue and the
// reactions of the service. The permissions of the service on the server are made
// from it, and none is written by hand.
type Part struct {
	// Service is the service's one name.
	Service string
	// Tells are the names of its events that go to a stream, by its name.
	Tells map[string][]string
	// Hears are the types of the events to which it reacts.
	Hears []string
	// Waits says that it has deadlines, and Deadlines are their names.
	Waits     bool
	Deadlines []string
}

// Part is the service's part. Ask once all reactions are there.
func (b *Bus) Part() Part {
	p := Part{
		Service: b.cfg.Service, Tells: map[string][]string{},
		Hears: slices.Sorted(maps.Keys(b.reactions.judge.events)), Waits: len(b.reactions.due) > 0,
		Deadlines: slices.Sorted(maps.Keys(b.reactions.due)),
	}
	for _, d := range destinations {
		if names := d.destined(b.cfg.Catalogue, p.Service); len(names) > 0 {
			p.Tells[d.stream] = names
		}
	}
	return p
}

// Waiting are the services that have deadlines, and so a stream of timers.
func Waiting(parts []Part) []string {
	var services []string
	for _, p := range parts {
		if p.Waits {
			services = append(services, p.Service)
		}
	}
	return services
}

// watchers is how many processes of one service may watch side by side: two
// replicas, and one that takes the place of another. Each has one of so many
// fixed names.
const watchers = 3

func watcher(service string, n int) string { return service + "-watch-" + strconv.Itoa(n) }

// streams are the streams that the service has to do with.
func (p Part) streams() []string {
	s := append([]string{DeadLetters, Checkpoints(p.Service)}, p.watched()...)
	if len(p.Hears) > 0 {
		s = append(s, Events)
	}
	if p.Waits {
		s = append(s, Timers(p.Service))
	}
	slices.Sort(s)
	return slices.Compact(s)
}

// watched are the streams on which the service watches its own messages.
func (p Part) watched() []string { return slices.Sorted(maps.Keys(p.Tells)) }

// consumers are the names of the service's consumers, by stream.
func (p Part) consumers() map[string][]string {
	names := map[string][]string{}
	for _, stream := range p.watched() {
		for n := range watchers {
			names[stream] = append(names[stream], watcher(p.Service, n+1))
		}
	}
	if len(p.Hears) > 0 {
		names[Events] = append(names[Events], p.Service)
	}
	if p.Waits {
		names[Timers(p.Service)] = []string{p.Service}
	}
	return names
}

// durables are the consumers of the service that keep their place.
func (p Part) durables() []*consumer {
	var all []*consumer
	if len(p.Hears) > 0 {
		c := &consumer{stream: Events}
		for _, typ := range p.Hears {
			c.filters = append(c.filters, event.SubjectOf(typ, "*"))
		}
		// The versions of an event have one subject, and the bus takes none twice.
		slices.Sort(c.filters)
		c.filters = slices.Compact(c.filters)
		all = append(all, c)
	}
	if p.Waits {
		all = append(all, &consumer{stream: Timers(p.Service), filters: []string{timerSubject(p.Service, "due", ">")}})
	}
	return all
}
