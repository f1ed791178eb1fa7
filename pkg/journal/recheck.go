package journal

import (
	"context"
	"log/slog"
)

// slack is how many commits in a row must be older than what is looked for before
// a reading from the end is over: a store keeps commits nearly in the order of
// their numbers.
const slack = 4 * largest

// Recheck reads what this process appended since the last Recheck, and holds it
// against what is signed of it. When something is not there, or is not what was
// signed, everything is verified. It returns how many things do not hold.
//
// It reads from the end, so that it costs what was appended and not what there is.
func (j *Journal) Recheck(ctx context.Context) (commits, findings int64, err error) {
	if err := j.Cover(ctx); err != nil {
		return 0, 0, err
	}
	j.rechecking.Lock()
	defer j.rechecking.Unlock()
	j.books.turn.Lock()
	to := j.coveredOf(j.lane.number)
	j.books.turn.Unlock()
	if to == nil || to.Number == j.rechecked.Number {
		return 0, 0, nil
	}
	there, err := j.readBack(ctx, j.rechecked.Number, to.Number)
	if err != nil {
		return 0, 0, err
	}
	if fits(j.rechecked, *to, there) {
		j.rechecked = *to
		return int64(len(there)), 0, nil
	}
	v, err := Verify(ctx, Verification{
		Database: j.db, Service: j.service, Collection: j.coll.Name(), Keys: j.keys,
		Report: func(f Finding) {
			findings++
			if findings <= told {
				// The log does not name the record, since many people read logs.
				// "standalone verify" names it.
				j.log.Error("the journal does not verify", slog.String("problem", f.Problem))
			}
		},
	})
	if err != nil {
		return v.Commits, findings, err
	}
	j.trouble(TroubleFindings, uint64(findings))
	if findings == 0 {
		j.rechecked = *to
	}
	return v.Commits, findings, nil
}

// told is how many findings are logged one by one.
const told = 20

// readBack reads the hashes of this process's commits between two numbers.
func (j *Journal) readBack(ctx context.Context, from, to uint64) (map[uint64]outcome, error) {
	there := map[uint64]outcome{}
	older := 0
	err := j.backwards(ctx, func(d *document) (bool, error) {
		if d.lane != j.lane.number || d.number <= from {
			older++
		} else if older = 0; d.number <= to && d.sum(j.service) == d.hash {
			there[d.number] = outcome{stored, d.hash}
		}
		return older < slack && uint64(len(there)) < to-from, nil
	})
	return there, err
}

// fits says whether commits are those that were signed between two places.
func fits(from, to Reach, there map[uint64]outcome) bool {
	t, err := treeOf(from.Number, from.Tree)
	if err != nil {
		return false
	}
	for n := from.Number + 1; n <= to.Number; n++ {
		o, ok := there[n]
		if unusedHere := to.Unused.has(n); ok == unusedHere {
			return false
		} else if unusedHere {
			o = outcome{state: unused}
		}
		t.add(o)
	}
	signed, err := treeOf(to.Number, to.Tree)
	return err == nil && signed.Equal(t.Range)
}
