package journal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/seal"
)

// errReason refuses what has no reason.
var errReason = errors.New("a reason is needed")

// Erase makes everything unreadable that was appended for an owner. It first stores
// a signed statement, so that an erasure is never taken for a loss, and then
// deletes the keys. It reads the whole journal, and returns how many keys there
// were.
//
// The image still holds what it has read, so the service must be started again.
func (j *Journal) Erase(ctx context.Context, owner, reason string) (keys int, err error) {
	if owner == "" || reason == "" {
		return 0, errReason
	}
	var ids []string
	err = j.Replay(ctx, func(c *Commit) error {
		if c.Owner == owner && !slices.Contains(ids, c.Key) {
			ids = append(ids, c.Key)
		}
		return nil
	}, nil)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := j.declare(ctx, Said{Erased: &Erasure{Keys: ids, Reason: reason}}); err != nil {
		return 0, fmt.Errorf("erase: %w", err)
	}
	return len(ids), j.finishErasures(ctx)
}

// Erased says whether a data key was erased, by a signed statement.
func (j *Journal) Erased(key string) bool { return j.ledger.erased(key) }

// finishErasures deletes the keys that were erased and are still there: a process
// may have died in between, or a backup of the keys was put back.
func (j *Journal) finishErasures(ctx context.Context) error {
	j.ledger.mu.RLock()
	var left []string
	for id := range j.ledger.keys {
		if !errors.Is(j.keys.Check(id), seal.ErrNoKey) {
			left = append(left, id)
		}
	}
	j.ledger.mu.RUnlock()
	return j.keys.Delete(ctx, left...)
}

// PassOver has a commit count for nothing, or one that is not there, and records
// why. What follows it counts again.
func (j *Journal) PassOver(ctx context.Context, record string, version uint64, reason string) error {
	return j.Decide(ctx, Decision{Record: record, Version: version, Reason: reason})
}

// Stand has a commit count although the bus holds another in its place, and
// records why.
func (j *Journal) Stand(ctx context.Context, record string, version uint64, reason string) error {
	return j.Decide(ctx, Decision{Record: record, Version: version, Reason: reason, Stands: true})
}

// Decide passes over a commit, or has it stand. What the image holds of the record stays
// as it is until the next start.
func (j *Journal) Decide(ctx context.Context, d Decision) error {
	if d.Reason == "" {
		return errReason
	}
	if d.Document = nil; !d.Stands {
		raw, err := j.settled.FindOne(ctx, byID(identify(d.Record, d.Version))).Raw()
		switch {
		case err == nil:
			hash := sha256.Sum256(raw)
			d.Document = hash[:]
		case !errors.Is(err, mongo.ErrNoDocuments):
			return ErrUnavailable.Because(err)
		}
	}
	return j.declare(ctx, Said{Decided: &d})
}

// Stands says whether a person had a commit stand.
func (j *Journal) Stands(record string, version uint64) bool {
	_, ok := j.ledger.marks.Load().standing[identify(record, version)]
	return ok
}

// Decided says whether a person passed a commit over, or had it stand.
func (j *Journal) Decided(record string, version uint64) bool {
	_, passed := j.ledger.passedOver(identify(record, version))
	return passed || j.Stands(record, version)
}
