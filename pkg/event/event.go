// Package event is the wire form of facts: how an event is written into a
// journal's box, and how its public half travels on the bus (CloudEvents 1.0
// in NATS binary mode).
//
// It knows names and bytes only. It opens no connection, holds no schema and
// never puts the private half of an event into a message: an Envelope has no
// field for it.
package event

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/api/fact"
)

// Recorded is an event as the journal keeps it.
type Recorded struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
	// Private is the half that stays in the service. It is read with the
	// journal's key only.
	Private json.RawMessage `json:"private,omitempty"`
}

// Encode writes an event for the journal.
func Encode(e fact.Event) (Recorded, error) {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return Recorded{}, fmt.Errorf("encode %s: %w", e.Data.EventType(), err)
	}
	r := Recorded{Type: e.Data.EventType(), Data: data}
	if e.Private != nil {
		if r.Private, err = json.Marshal(e.Private); err != nil {
			return Recorded{}, fmt.Errorf("encode the private half of %s: %w", r.Type, err)
		}
	}
	return r, nil
}

// ID is the identity of an event on the whole network:
// "<stream>/<version>/<index>". A decision taken again gives the same.
func ID(stream string, version uint64, index int) string {
	b := make([]byte, 0, len(stream)+24)
	b = append(b, stream...)
	b = append(b, '/')
	b = strconv.AppendUint(b, version, 10)
	b = append(b, '/')
	b = strconv.AppendInt(b, int64(index), 10)
	return string(b)
}

// ParseID takes an event's identity apart. It reports false for anything that
// ID does not make.
func ParseID(id string) (stream string, version uint64, index int, ok bool) {
	rest, tail, ok := cutLast(id)
	if !ok {
		return "", 0, 0, false
	}
	stream, middle, ok := cutLast(rest)
	if !ok || !token(stream) {
		return "", 0, 0, false
	}
	version, err := strconv.ParseUint(middle, 10, 64)
	if err != nil || middle[0] == '0' {
		return "", 0, 0, false
	}
	index, err = strconv.Atoi(tail)
	if err != nil || tail[0] < '0' || tail[0] > '9' || tail[0] == '0' && tail != "0" {
		return "", 0, 0, false
	}
	return stream, version, index, true
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

// token reports whether a name can be one token of a NATS subject.
func token(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ', c > '~', c == '.', c == '*', c == '>', c == '/':
			return false
		}
	}
	return true
}
