package journal

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Trouble is what is wrong with a journal beyond single records.
type Trouble string

// The kinds of trouble.
const (
	// TroubleMissing: commits that a checkpoint covers are not there.
	TroubleMissing Trouble = "missing"
	// TroubleBehind: a checkpoint was known elsewhere that the database does not
	// hold. It was restored from a backup, or cut, and no person has given a
	// reason.
	TroubleBehind Trouble = "behind"
	// TroubleStatements: statements about the journal do not hold.
	TroubleStatements Trouble = "statements"
	// TroubleStrange: documents in the journal name no commit.
	TroubleStrange Trouble = "strange"
	// TroubleLate: commits were stored after their lane had ended.
	TroubleLate Trouble = "late"
	// TroubleFindings: what was verified does not hold.
	TroubleFindings Trouble = "findings"
)

// troubleWords are for the readiness page.
var troubleWords = map[Trouble]string{
	TroubleMissing:    "commits that were signed for are not there",
	TroubleBehind:     "the database lacks a checkpoint that was kept outside it",
	TroubleStatements: "statements about it do not hold",
	TroubleStrange:    "documents in it name no commit",
	TroubleLate:       "commits were stored after another process had taken over; they count for nothing",
	TroubleFindings:   "what was verified does not hold",
}

// troubles counts, by kind.
type troubles struct {
	mu     sync.Mutex
	counts map[Trouble]uint64
}

func (t *troubles) set(kind Trouble, n uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[Trouble]uint64{}
	}
	t.counts[kind] = n
	if n == 0 {
		delete(t.counts, kind)
	}
}

func (t *troubles) all() map[Trouble]uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}

// trouble books what is wrong. More than one replay may find the same.
func (j *Journal) trouble(kind Trouble, n uint64) { j.troubles.set(kind, n) }

// Lacks says that commits are missing that a checkpoint covers.
func (j *Journal) Lacks() bool { return j.troubles.all()[TroubleMissing] > 0 }

// Err says what is wrong with the journal beyond single records, nil when nothing
// is. The words are the platform's own, and name no record.
func (j *Journal) Err() error {
	counts := j.troubles.all()
	var errs error
	for _, kind := range slices.SortedFunc(maps.Keys(counts), cmp.Compare[Trouble]) {
		errs = errors.Join(errs, fmt.Errorf("journal: %s (%s, %d)", troubleWords[kind], kind, counts[kind]))
	}
	return errs
}
