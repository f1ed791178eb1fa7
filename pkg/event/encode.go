package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/sanad-network/sanad/api/fact"
)

// UnrecordableError says that an event cannot be written so that Decode would
// give it back. Its text is ours alone. The cause is kept from the message: it may
// echo what is in the event.
type UnrecordableError struct {
	Type, why string
	cause     error
}

func (e *UnrecordableError) Error() string { return "event: unrecordable " + e.Type + ": " + e.why }

// Unwrap gives the cause.
func (e *UnrecordableError) Unwrap() error { return e.cause }

// Encode writes an event for the journal. What is in a journal is read for as long
// as there is one, so Encode takes only what Decode gives back: a type that the
// service writes, as the very Go type that its entry declares, with the private
// half that the entry declares or with none, in text that is UTF-8. Its errors are
// *UnknownError and *UnrecordableError.
func (c Catalogue) Encode(e fact.Event) (Recorded, error) {
	// A nil pointer has a type, and no name to ask for.
	if t := reflect.TypeOf(e.Data); t == nil || t.Kind() == reflect.Pointer {
		return Recorded{}, &UnrecordableError{Type: "event", why: "is no value"}
	}
	r := Recorded{Type: e.Data.EventType()}
	entry, known := c.entries[r.Type]
	refused := func(why string, cause error) (Recorded, error) {
		return Recorded{}, &UnrecordableError{Type: r.Type, why: why, cause: cause}
	}
	switch {
	case !known:
		return Recorded{}, &UnknownError{Type: r.Type}
	case entry.foreign:
		return refused("is another service's", nil)
	case reflect.TypeOf(e.Data) != reflect.TypeOf(entry.zero):
		return refused("is not of the type that is declared", nil)
	case e.Private != nil && entry.half == nil:
		return refused("has a private half where none is declared", nil)
	case e.Private != nil && reflect.TypeOf(e.Private) != entry.half:
		return refused("has a private half of another type than is declared", nil)
	}
	var err error
	if r.Data, err = json.Marshal(e.Data); err != nil {
		return refused("does not encode", err)
	}
	if e.Private != nil {
		if r.Private, err = json.Marshal(e.Private); err != nil {
			return refused("has a private half that does not encode", err)
		}
	}
	if !c.readBack && !replaced(r.Data) && !replaced(r.Private) {
		return r, nil
	}
	if cause := c.readsBack(r, e); cause != nil {
		return refused("is read back as something else", cause)
	}
	return r, nil
}

// replaced says whether a text may hold the escape that encoding/json silently puts
// in the place of bytes that are not UTF-8. The character itself is written as it
// is. A text that spells the escape out reads back, and passes.
func replaced(text []byte) bool { return bytes.Contains(text, []byte(`\ufffd`)) }

var errAnother = errors.New("event: written again, it is another")

// readsBack holds that what was written is read as what it was, or written again is
// the same: an empty list and none are two values and one text.
func (c Catalogue) readsBack(r Recorded, was fact.Event) error {
	e, err := c.Decode(r, time.Time{})
	if err != nil {
		return err
	}
	if reflect.DeepEqual(e.Data, was.Data) && reflect.DeepEqual(e.Private, was.Private) {
		return nil
	}
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	var private []byte
	if e.Private != nil {
		if private, err = json.Marshal(e.Private); err != nil {
			return err
		}
	}
	if !bytes.Equal(data, r.Data) || !bytes.Equal(private, r.Private) {
		return errAnother
	}
	return nil
}
