// Package recordtest keeps commits in memory, for tests and measurements of what
// is made of records. It seals nothing and survives nothing.
package recordtest

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sanad-network/sanad/pkg/journal"
)

// Journal is a record.Journal in memory. Its zero value is empty.
type Journal struct {
	// Beside says that several books write the journal.
	Beside bool

	mu      sync.Mutex
	commits []*journal.Commit
	records map[string][]*journal.Commit
}

// Append stores a commit.
func (j *Journal) Append(_ context.Context, c *journal.Commit) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.records == nil {
		j.records = map[string][]*journal.Commit{}
	}
	if c.Version != uint64(len(j.records[c.Record]))+1 {
		return journal.ErrConflict
	}
	c.Hash = sha256.Sum256([]byte(c.Record + "/" + strconv.FormatUint(c.Version, 10)))
	j.commits = append(j.commits, c)
	j.records[c.Record] = append(j.records[c.Record], c)
	return nil
}

// Replay visits all commits, one record after the other: not in the order in
// which they came, so that nobody comes to lean on it.
func (j *Journal) Replay(_ context.Context, visit func(*journal.Commit) error, _ func(done, total int64)) error {
	j.mu.Lock()
	all := slices.Clone(j.commits)
	j.mu.Unlock()
	slices.SortStableFunc(all, func(a, b *journal.Commit) int { return strings.Compare(a.Record, b.Record) })
	for _, c := range all {
		if err := visit(c); err != nil {
			return err
		}
	}
	return nil
}

// Tail gives a record from a version on.
func (j *Journal) Tail(_ context.Context, record string, from uint64) ([]*journal.Commit, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := j.records[record]
	return slices.Clone(all[min(int(from)-1, len(all)):]), nil
}

// Adopt does nothing: nothing is sealed.
func (*Journal) Adopt(string, string) {}

// Hold says that this process may decide.
func (*Journal) Hold(context.Context) error { return nil }

// Sole says whether one book alone writes the journal.
func (j *Journal) Sole(context.Context) (bool, error) { return !j.Beside, nil }

// Others visits all commits, whoever appended them.
func (j *Journal) Others(_ context.Context, visit func(record string, version uint64) error) error {
	j.mu.Lock()
	all := slices.Clone(j.commits)
	j.mu.Unlock()
	for _, c := range all {
		if err := visit(c.Record, c.Version); err != nil {
			return err
		}
	}
	return nil
}
