package journal

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// knownLost says whether a person accepted that a number is lost, and knownLate that
// it came late.
func (l *ledger) knownLost(lane, number uint64) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.ContainsFunc(l.accepted[lane], func(n Numbers) bool { return n.Missing.has(number) })
}

func (l *ledger) knownLate(lane, number uint64) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.ContainsFunc(l.accepted[lane], func(n Numbers) bool { return n.Late.has(number) })
}

// Unexplained are the commits that are signed for and not there, and those that were
// stored behind the end of their lane, as far as nobody has accepted them. It reads
// the whole journal.
func (j *Journal) Unexplained(ctx context.Context) ([]Numbers, error) {
	there, late := map[uint64]map[uint64]struct{}{}, map[uint64][]uint64{}
	err := j.scan(ctx, func(docs []bson.Raw) error {
		for _, raw := range docs {
			var d document
			if d.decode(raw) != nil || d.lane == 0 {
				continue
			}
			if there[d.lane] == nil {
				there[d.lane] = map[uint64]struct{}{}
			}
			there[d.lane][d.number] = struct{}{}
			if _, passed := j.ledger.passedOver(d.id); !passed && j.late(&d) && !j.ledger.knownLate(d.lane, d.number) {
				late[d.lane] = append(late[d.lane], d.number)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ends := j.ledger.marks.Load().ends
	var all []Numbers
	for _, lane := range slices.Sorted(maps.Keys(ends)) {
		n := Numbers{Lane: lane}
		for number := uint64(1); number <= ends[lane].Number; number++ {
			_, held := there[lane][number]
			if !held && !ends[lane].Unused.has(number) && !j.ledger.knownLost(lane, number) {
				n.Missing = n.Missing.add(number)
			}
		}
		slices.Sort(late[lane])
		for _, number := range late[lane] {
			n.Late = n.Late.add(number)
		}
		if len(n.Missing)+len(n.Late) > 0 {
			all = append(all, n)
		}
	}
	return all, nil
}

// Accept records that a person knows of everything that is Unexplained, and why. It
// is no trouble any longer. Nothing is restored by it.
func (j *Journal) Accept(ctx context.Context, reason string) ([]Numbers, error) {
	if reason == "" {
		return nil, errReason
	}
	all, err := j.Unexplained(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if err := j.declare(ctx, Said{Accepted: &Acceptance{Lanes: all, Reason: reason}}); err != nil {
		return nil, fmt.Errorf("accept what is lost: %w", err)
	}
	j.trouble(TroubleMissing, 0)
	j.trouble(TroubleLate, 0)
	return all, nil
}
