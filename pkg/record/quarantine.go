package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
)

// ErrQuarantined is the answer for a record with a commit that cannot be
// trusted. Nothing is shown of it and nothing decided on it until a person has
// decided: a consent that seems in force may have ended in the unreadable
// commit.
var ErrQuarantined = fault.New(fault.Unavailable, "record_quarantined",
	"This record cannot be read in full, and is closed until an operator has looked at it. Nothing of it is lost by waiting.")

// The reasons for quarantine beside those of the journal.
const (
	// ReasonNewer: a newer release wrote what this one does not understand. It
	// needs that release, and no decision.
	ReasonNewer journal.Reason = "newer"
	// ReasonAhead: the bus holds events of the record that the journal lacks.
	ReasonAhead journal.Reason = "ahead"
	// ReasonFork: the bus holds another event in the place of one of the record.
	ReasonFork journal.Reason = "fork"
	// ReasonFold: the domain fails on what is recorded.
	ReasonFold journal.Reason = "fold"
)

// Reasons are all reasons for quarantine.
var Reasons = []journal.Reason{
	journal.ReasonUnreadable, journal.ReasonAltered, journal.ReasonForked, journal.ReasonMissing, journal.ReasonKeyLost,
	ReasonNewer, ReasonAhead, ReasonFork, ReasonFold,
}

// Quarantined is a record that is set aside.
type Quarantined struct {
	Record string
	// Version is the first that cannot be trusted.
	Version uint64
	Reason  journal.Reason
}

// quarantine holds the records that are set aside. It is made anew at each start:
// what is wrong with a record is in the journal and on the bus, and what was
// decided of it too.
type quarantine struct {
	// some says that there are any: nearly always there are none.
	some    atomic.Bool
	mu      sync.RWMutex
	records map[string]Quarantined
}

func (q *quarantine) has(name string) bool {
	if !q.some.Load() {
		return false
	}
	q.mu.RLock()
	defer q.mu.RUnlock()
	_, there := q.records[name]
	return there
}

// from is the first version of a record that cannot be trusted.
func (q *quarantine) from(name string) uint64 {
	if !q.some.Load() {
		return math.MaxUint64
	}
	q.mu.RLock()
	defer q.mu.RUnlock()
	if r, there := q.records[name]; there {
		return r.Version
	}
	return math.MaxUint64
}

// any says whether a record of a kind is set aside.
func (q *quarantine) any(prefix string) bool {
	if !q.some.Load() {
		return false
	}
	q.mu.RLock()
	defer q.mu.RUnlock()
	for name := range q.records {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// add sets a record aside. It reports whether it was not before.
func (q *quarantine) add(r Quarantined) (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.records == nil {
		q.records = map[string]Quarantined{}
	}
	was, there := q.records[r.Record]
	if !there || r.Version < was.Version {
		q.records[r.Record] = r
	}
	q.some.Store(true)
	return !there
}

// Quarantine sets a record aside: from now on it answers ErrQuarantined, and a
// watcher of such records learns that it is not Held any more.
func (b *Book) Quarantine(name string, version uint64, reason journal.Reason) {
	if !b.quarantine.add(Quarantined{name, version, reason}) {
		return
	}
	if k, err := b.kind(name); err == nil {
		k.withdraw(name)
	}
	if b.aside != nil {
		b.aside(reason)
	}
}

// OnQuarantine sets what is told that a record was set aside, and why. Call it
// before the book is opened.
func (b *Book) OnQuarantine(told func(journal.Reason)) { b.aside = told }

// Quarantined lists the records that are set aside.
func (b *Book) Quarantined() []Quarantined {
	b.quarantine.mu.RLock()
	defer b.quarantine.mu.RUnlock()
	return slices.SortedFunc(maps.Values(b.quarantine.records), func(x, y Quarantined) int { return cmp.Compare(x.Record, y.Record) })
}

// Believed says whether a commit is of a part of the journal that counts.
func (b *Book) Believed(c *journal.Commit) bool {
	return c.Broken == "" && c.Version < b.quarantine.from(c.Record)
}

// Aside says whether a record is in quarantine.
func (r *Records[S]) Aside(id string) bool { return r.book.quarantine.has(r.Name(id)) }

// Complete says whether the lists of these records are complete. No list holds a
// record in quarantine, and it may be the one that is looked for.
func (r *Records[S]) Complete() bool { return !r.book.quarantine.any(r.prefix + "_") }

// Each does something with each of several records. One in quarantine stops none of
// the others: ErrQuarantined comes after them.
func Each[T any](list []T, do func(T) error) error {
	var aside error
	for _, one := range list {
		switch err := do(one); {
		case errors.Is(err, ErrQuarantined):
			aside = err
		case err != nil:
			return err
		}
	}
	return aside
}

// Doubtful is a State that knows what no longer counts when the content of a
// commit is unknown.
type Doubtful interface {
	// Doubt decides after a commit was skipped or lost at an instant: that commit
	// may have ended what there was before.
	Doubt(at time.Time) []fact.Event
}

// Doubt lets every record with a skipped or lost commit end what may have ended
// in it. A second call changes nothing. Call it when the book is open.
func (b *Book) Doubt(ctx context.Context) error {
	for name, at := range b.doubts {
		k, err := b.kind(name)
		if err != nil {
			continue // it is set aside
		}
		if err := k.doubt(ctx, name, at); err != nil && !errors.Is(err, ErrQuarantined) {
			return fmt.Errorf("end what may have ended: %w", err)
		}
	}
	return nil
}

// doubtOf notes the doubt about a record.
func (b *Book) doubtOf(c *journal.Commit) {
	if !c.Passed && c.Op != journal.OpLost {
		return
	}
	if b.doubts == nil {
		b.doubts = map[string]time.Time{}
	}
	if c.At.After(b.doubts[c.Record]) {
		b.doubts[c.Record] = c.At
	}
}

func (r *Records[S]) doubt(ctx context.Context, id string, at time.Time) error {
	ctx = With(ctx, Command{Op: "doubt"})
	_, err := r.Execute(ctx, id, func(s S, _ fact.By) ([]fact.Event, error) {
		if d, ok := any(s).(Doubtful); ok {
			return d.Doubt(at), nil
		}
		return nil, nil
	})
	return err
}

// brokenError says that a record's commit cannot be trusted or understood.
type brokenError struct {
	Quarantined
	cause error
}

func (e *brokenError) Error() string { return e.cause.Error() }

// broken makes the error for a commit that cannot be applied.
func broken(c *journal.Commit, err error) error {
	reason := c.Broken
	if reason == "" {
		reason = ReasonFold
		_, unknown := errors.AsType[*event.UnknownError](err)
		_, undecodable := errors.AsType[*event.UndecodableError](err)
		if unknown || undecodable || errors.Is(err, errKind) {
			reason = ReasonNewer
		}
	}
	return &brokenError{Quarantined{c.Record, c.Version, reason}, err}
}

// missing makes the error for a commit that is not there.
func missing(name string, version uint64) error {
	return &brokenError{Quarantined{name, version, journal.ReasonMissing}, errBelief}
}

// forked makes the error for a commit that does not follow the one before it.
func forked(c *journal.Commit) error {
	return &brokenError{Quarantined{c.Record, c.Version, journal.ReasonForked}, errBelief}
}

// folding makes a panic of a domain an error about a commit. The text of the
// panic may hold what is recorded, so it is dropped.
func folding(c *journal.Commit, err *error) {
	if recover() != nil {
		*err = broken(c, errFold)
	}
}

// errBelief stands for what is wrong with a commit; its reason is beside it.
var errBelief = errors.New("a commit cannot be believed")

// errFold stands for a panic of a domain.
var errFold = errors.New("the domain fails on what is recorded")

// setAside quarantines the record of an error that is about one, and gives the
// answer for it. Other errors pass.
func (b *Book) setAside(err error) error {
	e, ok := errors.AsType[*brokenError](err)
	if !ok {
		return err
	}
	b.Quarantine(e.Record, e.Version, e.Reason)
	return ErrQuarantined
}
