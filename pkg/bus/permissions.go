package bus

import (
	"maps"
	"slices"
)

// Steward is the identity that may change what is declared. The start of an office
// uses it, and so does the operator of a network's bus.
const Steward = "steward"

// Permissions are the subjects on which an identity may publish and subscribe.
// The server refuses all others.
type Permissions struct{ Publish, Subscribe []string }

// inbox is where the answers to an identity's questions arrive. Each identity has a
// prefix of its own, so that none can read the answers of another.
func inbox(identity string) string { return "_INBOX." + identity }

// Permissions are what the server lets a service do: publish its own facts, keep
// its own timers and checkpoints, and read by its own consumers. It may make a
// stream again that is missing. Only the steward may change or delete one, or make
// a consumer without a name.
func (p Part) Permissions() Permissions {
	var may []string
	for _, d := range destinations {
		may = append(may, d.filters(p.Service, p.Tells[d.stream])...)
	}
	if p.Waits {
		may = append(may, timerSubject(p.Service, "at", "*.*"), timerSubject(p.Service, "gone", "all"))
	}
	may = append(may, "sanad.deadletters."+p.Service+".>", checkpointSubject(p.Service), "$JS.API.STREAM.MSG.GET."+Checkpoints(p.Service),
		// Its own dead letters. What those of others hold it can read on EVENTS or INSIDE.
		"$JS.API.STREAM.MSG.GET."+DeadLetters)
	for _, stream := range p.streams() {
		may = append(may, "$JS.API.STREAM.INFO."+stream, "$JS.API.STREAM.CREATE."+stream, "$JS.API.CONSUMER.NAMES."+stream)
	}
	for _, stream := range p.watched() {
		// The mark of the relay.
		may = append(may, "$JS.API.STREAM.MSG.GET."+stream)
	}
	consumers := p.consumers()
	for _, stream := range slices.Sorted(maps.Keys(consumers)) {
		for _, name := range consumers[stream] {
			may = append(may, reading(stream, name)...)
		}
	}
	slices.Sort(may)
	return Permissions{Publish: may, Subscribe: []string{inbox(p.Service) + ".>"}}
}

// reading is what it takes to make one consumer of a stream, to keep it and to
// read by it.
func reading(stream, name string) []string {
	own := stream + "." + name
	return []string{
		"$JS.API.CONSUMER.CREATE." + own, "$JS.API.CONSUMER.CREATE." + own + ".>", "$JS.API.CONSUMER.DELETE." + own,
		"$JS.API.CONSUMER.INFO." + own, "$JS.API.CONSUMER.PAUSE." + own, "$JS.API.CONSUMER.MSG.NEXT." + own, "$JS.ACK." + own + ".>",
	}
}

// stewardship is what the steward may do: read everything, ask JetStream for
// anything, and publish nothing.
func stewardship() Permissions {
	return Permissions{Publish: []string{"$JS.API.>", "$JS.ACK.>"}, Subscribe: []string{inbox(Steward) + ".>", "sanad.>"}}
}
