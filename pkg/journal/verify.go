package journal

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Finding is something wrong with a stored commit.
type Finding struct {
	// Stream is what stands in the document when that is not an id; Version is
	// 0 then.
	Stream  string
	Version uint64
	Problem string
}

// Verify checks what is stored, without any key: each document's hash, its link
// to the version before, and that no version is missing. It tells how many
// documents it read.
//
// A chain cannot tell that its end was cut off, nor that all of it is gone: for
// that, compare with the bus or with a backup.
func (j *Journal) Verify(ctx context.Context, report func(Finding)) (checked int64, err error) {
	v := verifier{chains: map[string]*chain{}, report: report}
	err = j.scan(ctx, func(docs []bson.Raw) error {
		for _, raw := range docs {
			v.check(raw)
		}
		checked += int64(len(docs))
		return nil
	})
	if err != nil {
		return checked, err
	}
	v.finish()
	return checked, nil
}

type verifier struct {
	chains map[string]*chain
	report func(Finding)
}

// chain is a stream as far as it was read without a gap, and the commits beyond.
type chain struct {
	version uint64
	last    link
	early   map[uint64]link
}

// link is what a commit's neighbours must fit.
type link struct {
	prev [sha256.Size]byte
	// stored is the hash as it stands there, computed is the one that it should
	// be. A follower fits either, so that one changed commit is one finding.
	stored, computed [sha256.Size]byte
	// lost says that the commit cannot be read or is not there.
	lost bool
}

func (v *verifier) check(raw bson.Raw) {
	var d document
	broken := d.decode(raw)
	stream, version, err := parseID(d.id)
	if err != nil {
		v.report(Finding{Stream: d.id, Problem: err.Error()})
		return
	}
	l := link{prev: d.prev, stored: d.hash, computed: d.sum(), lost: broken != nil}
	if broken != nil {
		v.report(Finding{stream, version, broken.Error()})
	} else if l.stored != l.computed {
		v.report(Finding{stream, version, "the hash does not fit what is stored"})
	}
	c := v.chains[stream]
	if c == nil {
		c = &chain{}
		v.chains[stream] = c
	}
	if _, twice := c.early[version]; twice || version <= c.version {
		v.report(Finding{stream, version, "it is there twice"})
		return
	}
	if version != c.version+1 {
		if c.early == nil {
			c.early = map[uint64]link{}
		}
		c.early[version] = l
		return
	}
	for there := true; there; l, there = c.early[c.version+1] {
		delete(c.early, c.version+1)
		v.join(stream, c, l)
	}
}

// join puts the next commit behind the last one.
func (v *verifier) join(stream string, c *chain, l link) {
	c.version++
	fits := l.prev == c.last.stored || l.prev == c.last.computed
	// What cannot be compared, or was reported already, is passed over.
	if !fits && !c.last.lost && !l.lost && l.stored == l.computed {
		v.report(Finding{stream, c.version, "it does not follow the version before it"})
	}
	c.last = l
}

// finish reports the gaps, each by its first version, and checks what is beyond
// them.
func (v *verifier) finish() {
	for _, stream := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[stream]
		for _, version := range slices.Sorted(maps.Keys(c.early)) {
			if version != c.version+1 {
				v.report(Finding{stream, c.version + 1, "it is missing"})
				c.version, c.last = version-1, link{lost: true}
			}
			v.join(stream, c, c.early[version])
		}
	}
}
