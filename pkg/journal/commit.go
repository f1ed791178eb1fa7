package journal

import (
	"crypto/sha256"
	"encoding/binary"
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
	Stream string
	// Version counts the commits of a stream from 1. Who inserts a version
	// first wins it.
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
	Trace  string
	Events []event.Recorded

	// Key is the id of the data key. Append sets it.
	Key string
	// Prev is the hash of the version before, zero for the first.
	Prev [sha256.Size]byte
	// Hash covers everything that is stored. Append sets it.
	Hash [sha256.Size]byte
}

// ID is "<stream>/<version>": the document's _id, and so the optimistic lock.
func (c *Commit) ID() string { return id(c.Stream, c.Version) }

func id(stream string, version uint64) string {
	return stream + "/" + strconv.FormatUint(version, 10)
}

// parseID takes an id apart. It reports false for what ID would not make.
func parseID(s string) (stream string, version uint64, ok bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 1 || i+1 == len(s) || s[i+1] < '1' || s[i+1] > '9' || strings.IndexByte(s[:i], '/') >= 0 {
		return "", 0, false
	}
	version, err := strconv.ParseUint(s[i+1:], 10, 64)
	return s[:i], version, err == nil
}

// document is a commit as it is stored.
type document struct {
	id   string
	at   int64 // milliseconds since 1970
	key  string
	box  []byte
	prev [sha256.Size]byte
	hash [sha256.Size]byte
}

// sum is the hash of a document: over each field behind its length, so that no
// two documents give the same bytes.
func (d *document) sum() [sha256.Size]byte {
	buf := make([]byte, 0, 5*8+len(d.id)+8+len(d.key)+len(d.box)+len(d.prev))
	buf = appendField(buf, d.id)
	buf = binary.BigEndian.AppendUint64(buf, 8)
	buf = binary.BigEndian.AppendUint64(buf, uint64(d.at))
	buf = appendField(buf, d.key)
	buf = appendField(buf, d.box)
	buf = appendField(buf, d.prev[:])
	return sha256.Sum256(buf)
}

func appendField[T string | []byte](buf []byte, field T) []byte {
	return append(binary.BigEndian.AppendUint64(buf, uint64(len(field))), field...)
}
