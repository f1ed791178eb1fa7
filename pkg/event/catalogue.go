package event

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/fact"
)

// Entry is one type of event that a service writes or reads.
type Entry struct {
	zero    fact.Data
	data    func([]byte) (fact.Data, error)
	private func([]byte) (any, error)
	// half is the type of the private half, nil where none is declared.
	half reflect.Type
	// foreign is another service's: read, and never written.
	foreign bool
}

// Type is an event without a private half.
func Type[D fact.Data]() Entry {
	var zero D
	return Entry{zero: zero, data: func(b []byte) (fact.Data, error) {
		var d D
		if err := json.Unmarshal(b, &d); err != nil {
			return nil, err
		}
		return d, nil
	}}
}

// Private is an event whose private half is a P.
func Private[D fact.Data, P any]() Entry {
	e := Type[D]()
	e.half = reflect.TypeFor[P]()
	e.private = func(b []byte) (any, error) {
		var p P
		if err := json.Unmarshal(b, &p); err != nil {
			return nil, err
		}
		return p, nil
	}
	return e
}

// Catalogue is every event that a service can read, by type name, and so every
// one that it may write. A reader is tolerant of fields that it does not know,
// and of no code that it does not know. The zero value is empty.
type Catalogue struct {
	entries  map[string]Entry
	readBack bool
}

// ReadingBack is the catalogue with an Encode that reads back all that it writes:
// a code that is on no list encodes, and does not decode. That costs five times the
// encoding, so it is for what came from outside, and for everything in tests. What a
// reaction writes was decoded from an event, and is checked by its type where it runs.
func (c Catalogue) ReadingBack() Catalogue {
	c.readBack = true
	return c
}

// NewCatalogue gathers entries. It panics when two have the same type name:
// that is a mistake in the program.
func NewCatalogue(entries ...Entry) Catalogue {
	c := Catalogue{entries: make(map[string]Entry, len(entries))}
	for _, e := range entries {
		name := e.zero.EventType()
		if service, _ := Split(name); service == "" {
			panic("event: not a type name: " + name)
		}
		if c.Has(name) {
			panic("event: two entries for " + name)
		}
		c.entries[name] = e
	}
	return c
}

// Know adds an event of another service, which is only read. It is for the
// start of a process, before anything is decoded.
func (c Catalogue) Know(e Entry) {
	if name := e.zero.EventType(); !c.Has(name) {
		e.foreign = true
		c.entries[name] = e
	}
}

// Types lists the type names, sorted.
func (c Catalogue) Types() []string { return slices.Sorted(maps.Keys(c.entries)) }

// Has reports whether a type is known.
func (c Catalogue) Has(typ string) bool {
	_, ok := c.entries[typ]
	return ok
}

// Writes reports whether a type is one that the service may record.
func (c Catalogue) Writes(typ string) bool {
	e, ok := c.entries[typ]
	return ok && !e.foreign
}

// Half is the type of the private half of a type of event, nil when it has none.
func (c Catalogue) Half(typ string) reflect.Type { return c.entries[typ].half }

// Zero is the empty event of a type, or nil: it tells what a type can do
// before any event of it was seen.
func (c Catalogue) Zero(typ string) fact.Data { return c.entries[typ].zero }

// UnknownError says that the catalogue lacks a type.
type UnknownError struct{ Type string }

func (e *UnknownError) Error() string { return "event: unknown type " + e.Type }

// UndecodableError says that an event is not of the form that its type has.
// The cause is kept from the message: it may echo what was in the event.
type UndecodableError struct {
	Type  string
	cause error
}

func (e *UndecodableError) Error() string { return "event: undecodable " + e.Type }

// Unwrap gives the cause.
func (e *UndecodableError) Unwrap() error { return e.cause }

// Decode reads an event from the journal; at is the instant of its commit. Its
// errors are *UnknownError and *UndecodableError.
func (c Catalogue) Decode(r Recorded, at time.Time) (fact.Event, error) {
	data, err := c.DecodeData(r.Type, r.Data)
	if err != nil {
		return fact.Event{}, err
	}
	e := fact.Event{Data: data, At: at}
	if len(r.Private) == 0 {
		return e, nil
	}
	entry := c.entries[r.Type]
	if entry.private == nil {
		return fact.Event{}, &UndecodableError{Type: r.Type, cause: errors.New("a private half where none is declared")}
	}
	if e.Private, err = entry.private(r.Private); err != nil {
		return fact.Event{}, &UndecodableError{Type: r.Type, cause: err}
	}
	return e, nil
}

// DecodeData reads the public half. Its errors are those of Decode.
func (c Catalogue) DecodeData(typ string, data []byte) (fact.Data, error) {
	entry, ok := c.entries[typ]
	if !ok {
		return nil, &UnknownError{Type: typ}
	}
	d, err := entry.data(data)
	if err != nil {
		return nil, &UndecodableError{Type: typ, cause: err}
	}
	return d, nil
}
