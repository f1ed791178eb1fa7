package work

import "github.com/sanad-network/sanad/api/fact"

// Room is the work of one room. It says what all work is, and it has an event of its own
// for each thing that happens to all work.
type Room interface {
	AsWork() Work
	// Own is the room's own event. Where the room has none, it is empty: the record refuses
	// it, and nothing changes.
	Own(Event) fact.Event
}

// In makes a rule of a room out of a rule for all work: a reaction to a fact, or a command.
func In[R Room, C any](rule func(Work, C) ([]Event, error)) func(R, fact.By, C) ([]fact.Event, error) {
	return func(r R, _ fact.By, c C) ([]fact.Event, error) {
		events, err := rule(r.AsWork(), c)
		return own(r, events), err
	}
}

// Begin puts before what is done to work that the work has begun, where the network is to
// be told so.
func Begin(r Room, done []fact.Event) []fact.Event {
	return append(own(r, r.AsWork().begin()), done...)
}

func own(r Room, events []Event) (owned []fact.Event) {
	for _, e := range events {
		owned = append(owned, r.Own(e))
	}
	return owned
}
