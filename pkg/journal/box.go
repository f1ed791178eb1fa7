package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/seal"
)

// box is what of a commit is sealed.
type box struct {
	Op     string `json:"op"`
	Actor  Actor  `json:"actor"`
	Cause  string `json:"cause,omitempty"`
	Digest []byte `json:"digest,omitempty"`
	Trace  string `json:"trace,omitempty"`
	Owner  string `json:"owner,omitempty"`
	// Tailed is missing from the boxes of earlier releases: their events keep the
	// identities that other services have stored.
	Tailed bool             `json:"tailed,omitempty"`
	Origin uint64           `json:"origin,omitempty"`
	Events []event.Recorded `json:"events"`
}

// encode writes a box behind what buf holds, as json.Marshal would, except that
// it does not read the events again, which are JSON already.
func (b box) encode(buf []byte) ([]byte, error) {
	events := b.Events
	b.Events = nil
	head, err := json.Marshal(b)
	if err != nil {
		return buf, fmt.Errorf("encode box: %w", err)
	}
	if len(events) == 0 {
		return append(buf, head...), nil
	}
	buf = append(buf, head[:len(head)-len(`null}`)]...)
	separator := byte('[')
	for _, e := range events {
		buf = append(append(buf, separator), `{"type":"`...)
		separator = ','
		buf = append(append(buf, e.Type...), `","data":`...)
		buf = append(buf, e.Data...)
		if len(e.Private) > 0 {
			buf = append(append(buf, `,"private":`...), e.Private...)
		}
		buf = append(buf, '}')
	}
	return append(buf, `]}`...), nil
}

// pack seals a commit into a document and sets its key, its lane, its number and
// its hash.
func (j *Journal) pack(ctx context.Context, c *Commit) (*document, error) {
	d := &document{id: c.ID(), at: c.At.UnixMilli(), prev: c.Prev, lane: j.lane.number}
	if c.Version == 0 || !event.IsRecord(c.Record) {
		return nil, errName
	}
	var err error
	if d.key, err = j.keys.For(ctx, c.Owner); err != nil {
		return nil, err
	}
	b := box{
		Op: c.Op, Actor: c.Actor, Cause: c.Cause, Digest: c.Digest, Trace: c.Trace, Owner: c.Owner,
		Tailed: true, Origin: c.Origin, Events: c.Events,
	}
	d.number = j.numbers.take()
	bound := d.bound(j.service)
	if d.box, err = j.seal(b, d.key, bound); err != nil {
		j.numbers.giveBack(d.number)
		return nil, err
	}
	d.hash = d.sumOf(bound)
	c.At = time.UnixMilli(d.at).UTC()
	c.Key, c.Hash, c.Lane, c.Number = d.key, d.hash, d.lane, d.number
	if c.Tail = c.Origin; c.Tail == 0 {
		c.Tail = j.tailOf(d, c)
	}
	return d, nil
}

// seal encrypts a box. Its plain text is in a borrowed buffer, which is wiped.
func (j *Journal) seal(b box, key string, bound []byte) ([]byte, error) {
	buf := j.plain.Get().(*[]byte)
	defer j.plain.Put(buf)
	plain, err := b.encode((*buf)[:0])
	*buf = plain
	defer clear(plain)
	if err != nil {
		return nil, err
	}
	return j.keys.Seal(key, plain, bound)
}

// unpack reads a document and opens its box. It fails when the document names no
// commit, or when the store of keys gives no answer. A commit that cannot be
// trusted says so itself. A commit whose data key was erased has an empty box.
func (j *Journal) unpack(ctx context.Context, raw bson.Raw) (*Commit, error) {
	var d document
	broken := d.decode(raw)
	record, version, err := parseID(d.id)
	if err != nil {
		return nil, err
	}
	c := &Commit{
		Record: record, Version: version, At: time.UnixMilli(d.at).UTC(),
		Key: d.key, Prev: d.prev, Hash: d.hash, Lane: d.lane, Number: d.number,
	}
	c.Tail = j.tailOf(&d, c) // of one that was erased: nobody can tell any more
	if at, passed := j.ledger.passedOver(d.id); passed {
		c.At, c.Void, c.Passed = at, true, true
		return c, nil
	}
	switch {
	case broken == nil && j.late(&d):
		c.Void = true
		return c, nil
	case broken != nil:
		c.Broken = ReasonUnreadable
		return c, nil //nolint:nilerr // the commit says it
	}
	_, c.Stands = j.ledger.marks.Load().standing[d.id]
	bound := d.bound(j.service)
	// What was erased is not read, also when a backup of the keys was put back.
	if !j.ledger.erased(d.key) {
		plain, err := j.keys.Unseal(ctx, d.key, d.box, bound)
		switch {
		case errors.Is(err, seal.ErrNoKey):
			// It may have been erased meanwhile.
			if !j.ledger.erased(d.key) {
				c.Broken = ReasonKeyLost
			}
		case errors.Is(err, seal.ErrSealed) || err == nil && c.open(plain) != nil:
			c.Broken = ReasonUnreadable
		case err != nil:
			return nil, fmt.Errorf("commit %s: %w", d.id, err)
		}
	}
	if c.Broken == "" && d.sumOf(bound) != d.hash {
		c.Broken = ReasonAltered
	}
	if c.Broken != "" {
		c.Events, c.Cause = nil, ""
	}
	return c, nil
}

// late says that a document was stored after its lane had ended, or after its
// number had been given up. It counts for nothing.
func (j *Journal) late(d *document) bool {
	switch d.lane {
	case 0:
		return false
	case j.lane.number:
		return j.numbers.gaveUp(d.number)
	}
	return j.ledger.gaveUp(d.lane, d.number)
}

// errBox stands in the place of the decoder's error, which may quote what it read.
var errBox = errors.New("the box is not as it should be")

func (c *Commit) open(plain []byte) error {
	var b box
	if err := json.Unmarshal(plain, &b); err != nil {
		return errBox
	}
	c.Op, c.Actor, c.Cause, c.Digest, c.Trace, c.Owner = b.Op, b.Actor, b.Cause, b.Digest, b.Trace, b.Owner
	c.Origin, c.Events = b.Origin, b.Events
	switch {
	case b.Origin != 0:
		c.Tail = b.Origin
	case !b.Tailed:
		c.Tail = 0
	}
	return nil
}
