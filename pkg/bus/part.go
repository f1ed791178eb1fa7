package bus

import (
	"maps"
	"slices"
	"strconv"
)

// Part is what one service does on the bus. It is made from the catalogue and the
// reactions of the service. The permissions of the service on the server are made
// from it, and none is written by hand.
type Part struct {
	// Service is the service's one name.
	Service string
	// Tells are the names of its events that go to a stream, by its name.
	Tells map[string][]string
	// Hears are the types of the events on EVENTS to which it reacts, HearsInside those on
	// INSIDE.
	Hears, HearsInside []string
	// Waits says that it has deadlines, and Deadlines are their names.
	Waits     bool
	Deadlines []string
}

// Part is the service's part. Ask once all reactions are there.
func (b *Bus) Part() Part {
	p := Part{
		Service: b.cfg.Service, Tells: map[string][]string{},
		Waits:     len(b.reactions.due) > 0,
		Deadlines: slices.Sorted(maps.Keys(b.reactions.due)),
	}
	for _, typ := range slices.Sorted(maps.Keys(b.reactions.judge.events)) {
		if toldOn(b.cfg.Catalogue, typ) == Inside {
			p.HearsInside = append(p.HearsInside, typ)
		} else {
			p.Hears = append(p.Hears, typ)
		}
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
	s = append(s, p.listens()...)
	if p.Waits {
		s = append(s, Timers(p.Service))
	}
	slices.Sort(s)
	return slices.Compact(s)
}

// hears are the types on a stream to which the service reacts.
func (p Part) hears(stream string) []string {
	if stream == Inside {
		return p.HearsInside
	}
	return p.Hears
}

// listens are the streams on which it reacts to something.
func (p Part) listens() (streams []string) {
	for _, stream := range []string{Events, Inside} {
		if len(p.hears(stream)) > 0 {
			streams = append(streams, stream)
		}
	}
	return streams
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
	for _, stream := range p.listens() {
		names[stream] = append(names[stream], p.Service)
	}
	if p.Waits {
		names[Timers(p.Service)] = []string{p.Service}
	}
	return names
}

// durables are the consumers of the service that keep their place.
func (p Part) durables() []*consumer {
	var all []*consumer
	for _, stream := range p.listens() {
		c := &consumer{stream: stream}
		for _, typ := range p.hears(stream) {
			c.filters = append(c.filters, destinedTo(stream).subject(typ, "*", "", ""))
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
