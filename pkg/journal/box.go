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
	// Tailed is missing from the boxes of before: their events keep the
	// identities under which they are remembered.
	Tailed bool             `json:"tailed,omitempty"`
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

// pack seals a commit into a document and sets its key and its hash. The
// associated data is the id: a box opens in its own document only.
func (j *Journal) pack(ctx context.Context, c *Commit) (*document, error) {
	d := &document{id: c.ID(), at: c.At.UnixMilli(), prev: c.Prev}
	if c.Version == 0 || !event.IsStream(c.Stream) {
		return nil, errName
	}
	key, err := j.keys.For(ctx, c.Owner)
	if err != nil {
		return nil, err
	}
	b := box{
		Op: c.Op, Actor: c.Actor, Cause: c.Cause, Digest: c.Digest, Trace: c.Trace, Owner: c.Owner,
		Tailed: true, Events: c.Events,
	}
	if d.box, err = j.seal(b, key, d.id); err != nil {
		return nil, err
	}
	d.key = key
	d.hash = d.sum()
	c.At = time.UnixMilli(d.at).UTC()
	c.Key, c.Hash, c.Tailed = d.key, d.hash, true
	return d, nil
}

// seal encrypts a box. Its plain text is in a borrowed buffer, which is wiped.
func (j *Journal) seal(b box, key, id string) ([]byte, error) {
	buf := j.plain.Get().(*[]byte)
	defer j.plain.Put(buf)
	plain, err := b.encode((*buf)[:0])
	*buf = plain
	defer clear(plain)
	if err != nil {
		return nil, err
	}
	return j.keys.Seal(key, plain, []byte(id))
}

// unpack reads a document and opens its box. A commit whose data key was erased
// has an empty box.
func (j *Journal) unpack(ctx context.Context, raw bson.Raw) (*Commit, error) {
	var d document
	if err := d.decode(raw); err != nil {
		return nil, fmt.Errorf("commit %s: %w", d.id, err)
	}
	stream, version, err := parseID(d.id)
	if err != nil {
		return nil, err
	}
	c := &Commit{
		Stream: stream, Version: version, At: time.UnixMilli(d.at).UTC(),
		Key: d.key, Prev: d.prev, Hash: d.hash,
	}
	plain, err := j.keys.Unseal(ctx, d.key, d.box, []byte(d.id))
	if errors.Is(err, seal.ErrErased) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", d.id, err)
	}
	if err := c.open(plain); err != nil {
		return nil, fmt.Errorf("commit %s: %w", d.id, err)
	}
	return c, nil
}

// errBox stands for what the decoder says: that may quote what it read.
var errBox = errors.New("the box is not as it should be")

func (c *Commit) open(plain []byte) error {
	var b box
	if err := json.Unmarshal(plain, &b); err != nil {
		return errBox
	}
	c.Op, c.Actor, c.Cause, c.Digest, c.Trace, c.Owner = b.Op, b.Actor, b.Cause, b.Digest, b.Trace, b.Owner
	c.Tailed, c.Events = b.Tailed, b.Events
	return nil
}
