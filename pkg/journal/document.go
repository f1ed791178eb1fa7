package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// document is a commit as it is stored. It is written by hand on the goroutine
// of whoever appends, so that the one writer has only bytes to pass on, and read
// by hand because a field too many is as wrong as one too few.
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
	buf = appendField(buf, binary.BigEndian.AppendUint64(nil, uint64(d.at)))
	buf = appendField(buf, d.key)
	buf = appendField(buf, d.box)
	buf = appendField(buf, d.prev[:])
	return sha256.Sum256(buf)
}

func appendField[T string | []byte](buf []byte, field T) []byte {
	return append(binary.BigEndian.AppendUint64(buf, uint64(len(field))), field...)
}

func (d *document) encode() bson.Raw {
	start, buf := bsoncore.AppendDocumentStart(make([]byte, 0, 160+len(d.id)+len(d.key)+len(d.box)))
	buf = bsoncore.AppendStringElement(buf, "_id", d.id)
	buf = bsoncore.AppendDateTimeElement(buf, "at", d.at)
	buf = bsoncore.AppendStringElement(buf, "key", d.key)
	buf = bsoncore.AppendBinaryElement(buf, "box", bson.TypeBinaryGeneric, d.box)
	buf = bsoncore.AppendBinaryElement(buf, "prev", bson.TypeBinaryGeneric, d.prev[:])
	buf = bsoncore.AppendBinaryElement(buf, "hash", bson.TypeBinaryGeneric, d.hash[:])
	buf, _ = bsoncore.AppendDocumentEnd(buf, start) // fails for a wrong start only
	return buf
}

var errDocument = errors.New("not a document")

// decode reads a document. Its box shares the bytes of raw. An error names the
// field; what was read before it stays, the id first of all.
func (d *document) decode(raw bson.Raw) error {
	elements, err := raw.Elements()
	if err != nil {
		return errDocument
	}
	var seen [6]bool
	for _, e := range elements {
		i, err := d.set(e)
		if err != nil {
			return err
		}
		if seen[i] {
			return fmt.Errorf("field %q is there twice", e.Key())
		}
		seen[i] = true
	}
	if seen != [6]bool{true, true, true, true, true, true} {
		return errors.New("a field is missing")
	}
	return nil
}

// set takes one field over and tells which it was.
func (d *document) set(e bson.RawElement) (field int, err error) {
	name, value := e.Key(), e.Value()
	var ok bool
	switch name {
	case "_id":
		field = 0
		d.id, ok = value.StringValueOK()
	case "at":
		field = 1
		d.at, ok = value.DateTimeOK()
	case "key":
		field = 2
		d.key, ok = value.StringValueOK()
	case "box":
		field = 3
		d.box, ok = binaryOf(value)
	case "prev":
		field = 4
		ok = fill(&d.prev, value)
	case "hash":
		field = 5
		ok = fill(&d.hash, value)
	default:
		return 0, errors.New("an unknown field")
	}
	if !ok {
		return 0, fmt.Errorf("field %q is of another type", name)
	}
	return field, nil
}

func binaryOf(value bson.RawValue) ([]byte, bool) {
	subtype, data, ok := value.BinaryOK()
	return data, ok && subtype == bson.TypeBinaryGeneric
}

func fill(hash *[sha256.Size]byte, value bson.RawValue) bool {
	data, ok := binaryOf(value)
	return ok && copy(hash[:], data) == len(hash) && len(data) == len(hash)
}
