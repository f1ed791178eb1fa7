package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/seal"
)

// What Mend refuses.
var (
	ErrSound   = errors.New("the commit is as it was written: there is nothing to mend")
	ErrDecided = errors.New("somebody has passed the commit over")
	ErrNotHeld = errors.New("the copy does not hold the commit, or its data key")
	ErrNoFit   = errors.New("what the copy holds is not what belongs there")
)

// Mend restores a commit that cannot be trusted, or is missing, from a copy of the
// database, or the data key that it lacks. It takes only what fits the chain, and
// does not change what is sound. It first stores a signed statement.
func (j *Journal) Mend(ctx context.Context, from *mongo.Database, record string, version uint64, reason string) error {
	if reason == "" {
		return errReason
	}
	c, err := j.At(ctx, record, version)
	if err != nil {
		return err
	}
	if c != nil && c.Passed {
		return ErrDecided
	}
	before, err := j.settledAt(ctx, record, version-1)
	if err != nil {
		return err
	}
	here, err := j.settledAt(ctx, record, version)
	if err != nil {
		return err
	}
	m := mending{j, from, Decision{Record: record, Version: version, Reason: reason}}
	if here == nil || here.sum(j.service) != here.hash || before != nil && !before.fits(here) {
		return m.commit(ctx, before, here)
	}
	if c.Broken == "" {
		return ErrSound
	}
	return m.key(ctx, here.key)
}

// stood is a document that was looked up.
type stood struct {
	document
	raw    bson.Raw
	broken bool
}

// settledAt looks a document up: nil when it is not there.
func (j *Journal) settledAt(ctx context.Context, record string, version uint64) (*stood, error) {
	return lookUp(ctx, j.settled, record, version)
}

func lookUp(ctx context.Context, coll *mongo.Collection, record string, version uint64) (*stood, error) {
	raw, err := coll.FindOne(ctx, byID(identify(record, version))).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // as said
	}
	if err != nil {
		return nil, ErrUnavailable.Because(err)
	}
	s := &stood{raw: raw}
	s.broken = s.decode(raw) != nil
	return s, nil
}

// fits says whether a commit follows this one, as far as that can be told.
func (s *stood) fits(next *stood) bool {
	return s == nil || s.broken || next == nil || next.broken || next.prev == s.hash
}

type mending struct {
	j    *Journal
	from *mongo.Database
	what Decision
}

func (m mending) commit(ctx context.Context, before, here *stood) error {
	there, err := lookUp(ctx, m.from.Collection(m.j.coll.Name()), m.what.Record, m.what.Version)
	if err != nil {
		return err
	}
	if there == nil {
		return ErrNotHeld
	}
	after, err := m.j.settledAt(ctx, m.what.Record, m.what.Version+1)
	if err != nil {
		return err
	}
	first := m.what.Version == 1 && there.prev != [32]byte{}
	if there.broken || first || there.sum(m.j.service) != there.hash || !before.fits(there) || !there.fits(after) || m.j.late(&there.document) {
		return ErrNoFit
	}
	if here != nil && bytes.Equal(here.raw, there.raw) {
		return ErrNoFit
	}
	_, err = m.j.keys.Unseal(ctx, there.key, there.box, there.bound(m.j.service))
	if err != nil && !errors.Is(err, seal.ErrNoKey) {
		return fmt.Errorf("%w: %w", ErrNoFit, err)
	}
	if err := m.j.declare(ctx, Said{Mended: &m.what}); err != nil {
		return err
	}
	return put(ctx, m.j.settled, identify(m.what.Record, m.what.Version), there.raw)
}

// key puts a data key back. One that was erased stays erased.
func (m mending) key(ctx context.Context, id string) error {
	if m.j.ledger.erased(id) {
		return ErrSound
	}
	raw, err := m.from.Collection("keys").FindOne(ctx, byID(id)).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return ErrNotHeld
	}
	if err != nil {
		return ErrUnavailable.Because(err)
	}
	if err := seal.CheckStored(raw, m.j.keys); err != nil {
		return fmt.Errorf("%w: the data key: %w", ErrNoFit, err)
	}
	keys := m.j.db.Collection("keys")
	switch here, err := keys.FindOne(ctx, byID(id)).Raw(); {
	case err == nil && seal.CheckStored(here, m.j.keys) == nil:
		return ErrNoFit // the key is sound, so the commit is not what was written
	case err != nil && !errors.Is(err, mongo.ErrNoDocuments):
		return ErrUnavailable.Because(err)
	}
	if err := m.j.declare(ctx, Said{Mended: &m.what}); err != nil {
		return err
	}
	return put(ctx, keys, id, raw)
}

// put stores a document in its place, and replaces what is there.
func put(ctx context.Context, coll *mongo.Collection, id string, raw bson.Raw) error {
	if _, err := coll.DeleteOne(ctx, byID(id)); err != nil {
		return ErrUnavailable.Because(err)
	}
	if _, err := coll.InsertOne(ctx, raw); err != nil {
		return ErrUnavailable.Because(err)
	}
	return nil
}
