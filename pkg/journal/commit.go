package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/event"
)

// Actor is who did it. Both are empty for the network itself.
type Actor struct {
	Principal string `json:"principal,omitempty"`
	Agency    string `json:"agency,omitempty"`
}

// Commit is what one command did to one record.
type Commit struct {
	Record string
	// Version counts the commits of a record from 1. The first insert of a version
	// wins it.
	Version uint64
	// At is in UTC and whole milliseconds: what the store keeps.
	At time.Time
	// Owner is the case whose data key seals the commit, empty for the service
	// itself. It is stored in the box only.
	Owner string
	// Op is the operation, or the type of the event that was reacted to.
	Op    string
	Actor Actor
	// Cause is the idempotency key of the request, or the id of the event.
	Cause string
	// Digest is that of the request, empty for an event.
	Digest []byte
	// Trace is the W3C traceparent of the work that led here.
	Trace string
	// Events are none when the data key was erased.
	Events []event.Recorded
	// Tail is what the identities of the events end with: 0 for those of commits
	// from before there were tails. Append sets it.
	Tail uint64
	// Origin is the tail that the events have on the bus, for a commit that was
	// made again out of what the bus held: they stay the same events. 0: none.
	Origin uint64
	// Lane is the writer's, and Number the commit's place among all that the writer
	// appended, from 1. Append sets both; 0 is a commit of format 1, which no
	// checkpoint covers.
	Lane, Number uint64
	// Void says that the commit counts for nothing: its lane had ended before it
	// was there, or a person passed it over. It keeps its version and its place in
	// the chain, and holds nothing else.
	Void bool
	// Stands says that a person decided that the commit counts, although the bus
	// holds another one in its place.
	Stands bool
	// Broken says why the commit cannot be trusted, empty when it can. Of a commit
	// that cannot be trusted only the record and the version count.
	Broken Reason
	// Passed says that a person passed the commit over, so that it is void: what it
	// was is not known, and what follows it need not fit. At is when that was decided.
	Passed bool

	// Key is the id of the data key. Append sets it.
	Key string
	// Prev is the hash of the version before, zero for the first.
	Prev [sha256.Size]byte
	// Hash covers everything that is stored. Append sets it.
	Hash [sha256.Size]byte
}

// OpLost is the operation of a commit that keeps the place of one that was lost. It
// has no events.
const OpLost = "lost"

// ID is "<record>/<version>": the document's _id, and so the optimistic lock.
func (c *Commit) ID() string { return identify(c.Record, c.Version) }

// EventID is the identity of the event at an index. It is the same whenever the
// commit is read, and nobody can guess it before the commit is there: the hash
// covers the nonce of the box.
func (c *Commit) EventID(index int) event.ID {
	return event.ID{Record: c.Record, Version: c.Version, Index: index, Tail: c.Tail}
}

// prove makes the tail of a commit of format 2: the beginning of the hash, and a
// code that only the service can make from the hash and the commit's place. So the
// service recognizes its own identity, also when its journal lacks the commit.
func (j *Journal) prove(record string, version uint64, nonce uint32) uint64 {
	buf := make([]byte, 0, 128)
	buf = append(buf, j.proving...)
	buf = binary.BigEndian.AppendUint32(buf, nonce)
	buf = strconv.AppendUint(buf, version, 10)
	buf = append(append(buf, '/'), record...)
	sum := sha256.Sum256(buf)
	return uint64(nonce)<<32 | uint64(binary.BigEndian.Uint32(sum[:]))
}

// tailOf is the tail of a document's commit, unless it has an origin.
func (j *Journal) tailOf(d *document, c *Commit) uint64 {
	if d.lane == 0 {
		return event.TailOf(d.hash)
	}
	return j.prove(c.Record, c.Version, binary.BigEndian.Uint32(d.hash[:]))
}

// Made says whether an identity is one that this service made for an event, also of
// a commit that is not there any more. Identities of format 1 show nothing.
func (j *Journal) Made(id event.ID) bool {
	return id.Tail != 0 && j.prove(id.Record, id.Version, uint32(id.Tail>>32)) == id.Tail
}

// Reason says why a commit, and with it its record, cannot be trusted.
type Reason string

// The reasons. They are written into metrics and lists, and do not identify a
// person.
const (
	// ReasonUnreadable: the document or its box is not as it was written.
	ReasonUnreadable Reason = "unreadable"
	// ReasonAltered: the hash does not fit what is stored.
	ReasonAltered Reason = "altered"
	// ReasonForked: it does not follow the commit before it.
	ReasonForked Reason = "forked"
	// ReasonMissing: there are later commits of the record, and this one is not
	// there.
	ReasonMissing Reason = "missing"
	// ReasonKeyLost: its data key is gone, and nobody erased it.
	ReasonKeyLost Reason = "key_lost"
)

func identify(record string, version uint64) string {
	return record + "/" + strconv.FormatUint(version, 10)
}

var (
	errID = errors.New("not an id of a commit")
	// errName is a defect: the caller did not check the name of the record. What
	// was stored once can still be read.
	errName = errors.New("not the name of a record, or no version")
)

// parseID takes an id apart, and nothing that identify does not make.
func parseID(id string) (record string, version uint64, err error) {
	record, digits, _ := strings.Cut(id, "/")
	version, err = strconv.ParseUint(digits, 10, 64)
	if err != nil || record == "" || version == 0 || digits[0] < '1' || digits[0] > '9' {
		return "", 0, errID
	}
	return record, version, nil
}
