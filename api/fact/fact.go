// Package fact holds the types in which a domain says what happened and who did
// it. It refuses to know a transport, a clock or a store, so that rules can be
// read and tested alone.
package fact

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
)

// Data is the public half of an event: codes, identifiers and instants, never
// free text. Its type name is "<service>.<event>.v<major>".
type Data interface{ EventType() string }

// Event is one thing that happened to a record.
type Event struct {
	Data Data
	// Private is the half that never leaves the service: names, contacts,
	// narratives, opinions. It is nil for most events.
	Private any
	// At is the instant of the commit that holds the event. A domain reads it
	// in Evolve and leaves it zero in what it decides.
	At time.Time
}

// Of makes events without a private half.
func Of(data ...Data) []Event {
	events := make([]Event, len(data))
	for i, d := range data {
		events[i] = Event{Data: d}
	}
	return events
}

// With makes one event of a public and a private half.
func With(data Data, private any) []Event {
	return []Event{{Data: data, Private: private}}
}

// Anonymous is the principal of a caller without a token. They act for no
// agency and hold no role, and yet are not the network.
const Anonymous = "anonymous"

// By says who acts, for whom and when: all that a rule may know of the world.
type By struct {
	// Principal is empty for the network itself (a reaction, a deadline), and
	// for nobody else.
	Principal string
	// Agency is empty for the network itself, and for an anonymous caller.
	Agency string
	Roles  []string
	// Country (ISO 3166-1 alpha-2) and Programme (a slug) are where a coordinator
	// coordinates. They are empty where the token does not name them, and open
	// nothing by themselves.
	Country   string
	Programme string
	At        time.Time
	// Commit is "<record>/<version>" of the commit being decided. Identifiers
	// derived from it stay the same when the decision is taken again at At.
	Commit string
}

// System reports whether the network itself acts, not a person. Every caller
// from outside has a principal, if only Anonymous.
func (b By) System() bool { return b.Principal == "" && b.Agency == "" && len(b.Roles) == 0 }

// Anonymous reports whether the actor has no token.
func (b By) Anonymous() bool { return b.Principal == Anonymous && b.Agency == "" }

// ID derives the nth identifier of this decision. It begins with the instant, as
// a UUID of version 7 does (RFC 9562, section 5.7): what is made together lies
// together on disk.
func (b By) ID(prefix string, n int) string {
	sum := sha256.Sum256([]byte(b.Commit + "/" + strconv.Itoa(n)))
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:], uint64(b.At.UnixMilli())<<16)
	copy(raw[6:], sum[:])
	return identifier(prefix, raw[:])
}

// ID derives an identifier of the form "<prefix>_<26 characters>" from a seed.
// The seed must itself be an identifier, never a datum of a person: a hash of
// a name can be guessed.
func ID(prefix, seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return identifier(prefix, sum[:16])
}

// In this order of digits texts sort as bytes do.
var lower = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func identifier(prefix string, raw []byte) string {
	id := make([]byte, 0, len(prefix)+1+lower.EncodedLen(len(raw)))
	id = append(append(id, prefix...), '_')
	return string(lower.AppendEncode(id, raw))
}

// Rename gives an identifier another prefix: a matter is found by its referral.
func Rename(prefix, id string) string {
	_, rest, _ := strings.Cut(id, "_")
	return prefix + "_" + rest
}

// Sortable writes an instant, to the millisecond, so that texts sort as instants
// do: from so far before all of them, each has as many digits.
func Sortable(t time.Time) string { return SortableMilli(t.UnixMilli()) }

// SortableMilli is Sortable of milliseconds since 1970.
func SortableMilli(ms int64) string { return strconv.FormatUint(1<<62+uint64(ms), 16) }

// ParseSortable reads the milliseconds of what Sortable wrote. It reports false
// for anything else.
func ParseSortable(s string) (ms int64, ok bool) {
	if len(s) != 16 || s[0] != '3' && s[0] != '4' || strings.ContainsAny(s, "ABCDEF") {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 16, 64)
	return int64(n - 1<<62), err == nil
}

// Part ends each part of a sort key. It sorts before every other byte, so that
// "a" comes before "ab" whatever follows.
const Part = "\x00"

// Key is a composite sort key: keys sort as their parts do, one after the other.
func Key(parts ...string) string {
	size := len(parts)
	for _, p := range parts {
		size += len(p)
	}
	var key strings.Builder
	key.Grow(size)
	for _, p := range parts {
		key.WriteString(p)
		key.WriteString(Part)
	}
	return key.String()
}

// Deadline is an instant at which a record must be decided on again. A record
// has at most one deadline of a name.
type Deadline struct {
	Name string
	At   time.Time
}
