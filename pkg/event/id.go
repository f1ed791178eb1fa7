package event

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// ID is the identity of an event on the whole network:
// "<record>/<version>/<index>/<tail>".
//
// Anybody can count the place. Nobody can guess the tail before the event is there.
// So a process that knows an identity has seen the event, and one place with two
// tails is a fork.
type ID struct {
	Record  string
	Version uint64
	Index   int
	// Tail is the beginning of the hash of the event's commit. It is 0 for the
	// events of commits that were made before there were tails: their identities
	// keep three parts, because other services have stored them so.
	Tail uint64
}

// TailOf is the tail of the events of a commit.
func TailOf(hash [32]byte) uint64 { return binary.BigEndian.Uint64(hash[:8]) }

// tailDigits is how long a tail is in an identity.
const tailDigits = 16

// String writes the identity.
func (id ID) String() string {
	b := id.place(make([]byte, 0, len(id.Record)+24+1+tailDigits))
	if id.Tail == 0 {
		return string(b)
	}
	b = append(b, '/')
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[id.Tail>>shift&15])
	}
	return string(b)
}

func (id ID) place(b []byte) []byte {
	b = append(b, id.Record...)
	b = append(b, '/')
	b = strconv.AppendUint(b, id.Version, 10)
	b = append(b, '/')
	return strconv.AppendInt(b, int64(id.Index), 10)
}

// ParseID takes an identity apart. It reports false for anything that String
// does not write.
func ParseID(text string) (id ID, ok bool) {
	place, tail := CutTail(text)
	if len(place) < len(text) {
		if id.Tail, ok = parseTail(tail); !ok {
			return ID{}, false
		}
	}
	rest, index, ok := cutLast(place)
	if !ok {
		return ID{}, false
	}
	record, version, ok := cutLast(rest)
	if !ok || !IsRecord(record) {
		return ID{}, false
	}
	var err error
	if id.Version, err = strconv.ParseUint(version, 10, 64); err != nil || version[0] == '0' {
		return ID{}, false
	}
	id.Index, err = strconv.Atoi(index)
	if err != nil || index[0] < '0' || index[0] > '9' || index[0] == '0' && index != "0" {
		return ID{}, false
	}
	id.Record = record
	return id, true
}

// CutTail divides an identity into its place and what stands where a tail may.
func CutTail(id string) (place, tail string) {
	at := 0
	for range 3 {
		i := strings.IndexByte(id[at:], '/')
		if i < 0 {
			return id, ""
		}
		at += i + 1
	}
	return id[:at-1], id[at:]
}

// parseTail reads what String writes, and so neither capitals nor a tail of 0.
func parseTail(s string) (tail uint64, ok bool) {
	if len(s) != tailDigits {
		return 0, false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			tail = tail<<4 | uint64(c-'0')
		case 'a' <= c && c <= 'f':
			tail = tail<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return tail, tail != 0
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}
