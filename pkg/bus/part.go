package bus

import (
	"maps"
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/pkg/event"
)

// Part is what one service does on the bus. It is read off the catalogue and
// the reactions of the service, and what the server lets the service do is made
// from it: nobody writes a permission by hand.
type Part struct {
	// Service is the service's one name.
	Service string
	// Says are the names of its events that all services are told of.
	Says []string
	// Copies are the names of its events of which agencies get copies.
	Copies []string
	// Hears are the types of the events to which it reacts.
	Hears []string
	// Waits says that it has deadlines.
	Waits bool
}

// Part is the service's part. Ask once all reactions are there.
func (b *Bus) Part() Part {
	p := Part{Service: b.cfg.Service, Hears: slices.Sorted(maps.Keys(b.reactions.events)), Waits: len(b.reactions.due) > 0}
	for _, typ := range b.cfg.Catalogue.Types() {
		owner, name := event.Split(typ)
		if owner != b.cfg.Service {
			continue
		}
		if !b.relay.confined[typ] {
			p.Says = append(p.Says, name)
		}
		if b.relay.addressed[typ] {
			p.Copies = append(p.Copies, name)
		}
	}
	p.Says, p.Copies = unique(p.Says), unique(p.Copies)
	return p
}

// waiting are the services that have deadlines, and so a stream of timers.
func waiting(parts []Part) []string {
	var services []string
	for _, p := range parts {
		if p.Waits {
			services = append(services, p.Service)
		}
	}
	return services
}

// unique sorts names, each once: an event may have two versions.
func unique(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// watchers is how many processes of one service may watch side by side: two
// replicas, and one that takes the place of another. Each has one of so many
// fixed names.
const watchers = 3

func watcher(service string, n int) string { return service + "-watch-" + strconv.Itoa(n) }

// streams are the streams that the service has to do with.
func (p Part) streams() []string {
	s := []string{Events, DeadLetters}
	if len(p.Copies) > 0 {
		s = append(s, Agencies)
	}
	if p.Waits {
		s = append(s, Timers(p.Service))
	}
	return s
}

// watched are the streams on which the service watches its own messages.
func (p Part) watched() []string {
	if len(p.Copies) > 0 {
		return []string{Events, Agencies}
	}
	return []string{Events}
}

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
