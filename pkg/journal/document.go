package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// document is a commit as it is stored. The goroutine of the caller encodes it, so
// that the one writer only passes bytes on.
//
// Hashes and box are one field, "commit": what is read a hundred thousand times
// at a start is looked up once. A document of format 1 has no lane and no number.
type document struct {
	id     string
	at     int64 // milliseconds since 1970
	key    string
	lane   uint64 // 0: format 1
	number uint64
	box    []byte
	prev   [sha256.Size]byte
	hash   [sha256.Size]byte
}

// label begins what is bound to a box, so that it is never taken for a text of
// another kind or format.
const label = "sanad commit 2"

// bound is what the box of a document is bound to: all that stands beside it, and
// the service. In format 1 it was the id alone.
func (d *document) bound(service string) []byte {
	if d.lane == 0 {
		return []byte(d.id)
	}
	buf := make([]byte, 0, 8*8+len(label)+len(service)+len(d.id)+len(d.key)+len(d.prev))
	buf = append(length(buf, len(label)), label...)
	buf = append(length(buf, len(service)), service...)
	buf = append(length(buf, len(d.id)), d.id...)
	buf = binary.BigEndian.AppendUint64(buf, uint64(d.at))
	buf = append(length(buf, len(d.key)), d.key...)
	buf = binary.BigEndian.AppendUint64(buf, d.lane)
	buf = binary.BigEndian.AppendUint64(buf, d.number)
	return append(buf, d.prev[:]...)
}

// sum is the hash of a document: over each field behind its length, so that no
// two documents give the same bytes.
func (d *document) sum(service string) (sum [sha256.Size]byte) {
	return d.sumOf(d.bound(service))
}

// sumOf is sum for a caller that has what the box is bound to.
func (d *document) sumOf(bound []byte) (sum [sha256.Size]byte) {
	if d.lane == 0 {
		return d.sum1()
	}
	h := sha256.New()
	h.Write(length(bound, len(d.box)))
	h.Write(d.box) // nearly all of it, and not copied
	h.Sum(sum[:0])
	return sum
}

func (d *document) sum1() (sum [sha256.Size]byte) {
	buf := make([]byte, 0, 5*8+len(d.id)+8+len(d.key)+len(d.prev))
	buf = append(length(buf, len(d.id)), d.id...)
	buf = binary.BigEndian.AppendUint64(length(buf, 8), uint64(d.at))
	buf = append(length(buf, len(d.key)), d.key...)
	buf = length(buf, len(d.box))
	h := sha256.New()
	h.Write(buf)
	h.Write(d.box)
	h.Write(append(length(buf[:0], len(d.prev)), d.prev[:]...))
	h.Sum(sum[:0])
	return sum
}

func length(buf []byte, n int) []byte { return binary.BigEndian.AppendUint64(buf, uint64(n)) }

func (d *document) encode() bson.Raw {
	start, buf := bsoncore.AppendDocumentStart(make([]byte, 0, 192+len(d.id)+len(d.key)+len(d.box)))
	buf = bsoncore.AppendStringElement(buf, "_id", d.id)
	buf = bsoncore.AppendDateTimeElement(buf, "at", d.at)
	buf = bsoncore.AppendStringElement(buf, "key", d.key)
	if d.lane > 0 {
		buf = bsoncore.AppendInt64Element(buf, "lane", int64(d.lane))
		buf = bsoncore.AppendInt64Element(buf, "number", int64(d.number))
	}
	buf = bsoncore.AppendHeader(buf, bsoncore.TypeBinary, "commit") // prev, hash, box
	buf = binary.LittleEndian.AppendUint32(buf, uint32(len(d.prev)+len(d.hash)+len(d.box)))
	buf = append(append(buf, bson.TypeBinaryGeneric), d.prev[:]...)
	buf = append(append(buf, d.hash[:]...), d.box...)
	buf, _ = bsoncore.AppendDocumentEnd(buf, start) // fails for a wrong start only
	return buf
}

var errDocument = errors.New("the document is not as it was written")

// decode reads a document and accepts exactly what encode writes: one field too
// many, one too few, or one of another type is wrong. What can be read is read even
// so, so that the record can be reported. The box shares the bytes of raw.
func (d *document) decode(raw bson.Raw) error {
	covered, sound := d.fields(raw)
	if !sound || covered && (int64(d.lane) <= 0 || int64(d.number) <= 0) {
		return errDocument
	}
	if !bytes.Equal(raw, d.encode()) {
		return errDocument
	}
	return nil
}

// fields reads what can be read, in one pass. Covered says that there is a lane.
func (d *document) fields(raw bson.Raw) (covered, sound bool) {
	if len(raw) < 4 {
		return false, false
	}
	for rest := []byte(raw[4:]); len(rest) > 1; {
		e, behind, ok := bsoncore.ReadElement(rest)
		if !ok || len(behind) >= len(rest) {
			return covered, false
		}
		v, err := e.ValueErr()
		if err != nil {
			return covered, false
		}
		switch string(e.KeyBytes()) {
		case "_id":
			d.id, _ = v.StringValueOK()
		case "at":
			d.at, _ = v.DateTimeOK()
		case "key":
			d.key, _ = v.StringValueOK()
		case "lane":
			var lane int64
			lane, covered = v.Int64OK()
			d.lane = uint64(lane)
		case "number":
			number, _ := v.Int64OK()
			d.number = uint64(number)
		case "commit":
			_, commit, _ := v.BinaryOK()
			copied := copy(d.prev[:], commit)
			copied += copy(d.hash[:], commit[copied:])
			d.box = commit[copied:]
		}
		rest = behind
	}
	return covered, true
}
