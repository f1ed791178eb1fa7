package record

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
)

// Journal keeps the commits. It is a *journal.Journal but in tests, which need no
// store.
type Journal interface {
	// Append stores the next commit of a record: journal.ErrConflict when the
	// record has that version already.
	Append(ctx context.Context, c *journal.Commit) error
	// Replay visits all commits, those of a record in order.
	Replay(ctx context.Context, visit func(*journal.Commit) error, progress func(done, total int64)) error
	// Tail reads a record from a version on.
	Tail(ctx context.Context, name string, from uint64) ([]*journal.Commit, error)
	// Hold says whether this process may still decide.
	Hold(ctx context.Context) error
	// Sole says whether this process alone writes the journal.
	Sole(ctx context.Context) (bool, error)
	// Others visits what other processes have appended since it last did.
	Others(ctx context.Context, visit func(record string, version uint64) error) error
	// Adopt says which data key seals a case from now on.
	Adopt(owner, key string)
}

// Book is a service's journal together with the kinds of record in it.
type Book struct {
	catalogue event.Catalogue
	clock     func() time.Time
	kinds     map[string]kind

	journal Journal
	offer   func(*journal.Commit)
	arm     func(name string, deadlines []fact.Deadline)

	quarantine quarantine
	aside      func(journal.Reason)
	unsure     unsure
	// doubts are the records of which a commit was passed over or lost, and when.
	doubts map[string]time.Time
}

// kind is one Records, whatever its type.
type kind interface {
	apply(*journal.Commit) error
	follow(ctx context.Context, id string, version uint64) error
	armed(visit func(id string, deadlines []fact.Deadline))
	open(visit func(id string, changed time.Time))
	isOpen(id string) bool
	version(id string) uint64
	doubt(ctx context.Context, id string, at time.Time) error
	shed(before time.Time) int
	len() int
	counted() bool
	withdraw(id string)
}

// NewBook makes a book of the events that its records are made of.
func NewBook(catalogue event.Catalogue, clock func() time.Time) *Book {
	return &Book{catalogue: catalogue, clock: clock, kinds: map[string]kind{}}
}

func (b *Book) add(prefix string, k kind) {
	if _, twice := b.kinds[prefix]; twice {
		panic("record: two kinds of record named " + prefix)
	}
	b.kinds[prefix] = k
}

// Open fills the images from the journal. Each commit, old or new, is then
// offered for publication, and each record's deadlines are armed.
func (b *Book) Open(ctx context.Context, j Journal, offer func(*journal.Commit), arm func(string, []fact.Deadline), progress func(done, total int64)) error {
	b.journal, b.offer = j, offer
	err := j.Replay(ctx, func(c *journal.Commit) error {
		if b.quarantine.has(c.Record) {
			return nil // of what follows nothing counts, and nothing is published
		}
		if err := b.setAside(b.apply(c)); err != nil {
			if errors.Is(err, ErrQuarantined) {
				return nil
			}
			return err
		}
		b.doubtOf(c)
		offer(c)
		return nil
	}, progress)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	// Only now: of all the deadlines a record ever had, the last ones count.
	b.arm = arm
	return nil
}

func (b *Book) apply(c *journal.Commit) error {
	k, err := b.kind(c.Record)
	if err != nil {
		return broken(c, err)
	}
	return k.apply(c)
}

func (b *Book) kind(name string) (kind, error) {
	prefix, _, _ := strings.Cut(name, "_")
	k := b.kinds[prefix]
	if k == nil {
		return nil, fmt.Errorf("record %s: %w", name, errKind)
	}
	return k, nil
}

// errKind says that no kind of record has the name: a newer release may.
var errKind = errors.New("no such kind of record")

// Follow catches up with a commit that another replica appended.
func (b *Book) Follow(ctx context.Context, name string, version uint64) error {
	k, err := b.kind(name)
	if err != nil {
		return err
	}
	return k.follow(ctx, name, version)
}

// Held is up to which version a record is held: of one that is set aside already,
// whatever the version.
func (b *Book) Held(name string) uint64 {
	if b.quarantine.has(name) {
		return math.MaxUint64
	}
	k, err := b.kind(name)
	if err != nil {
		return 0
	}
	return k.version(name)
}

// Armed visits the deadlines of all records.
func (b *Book) Armed(visit func(name string, deadlines []fact.Deadline)) {
	for _, k := range b.kinds {
		k.armed(visit)
	}
}

// Unclosed visits all records that are not closed, with the instant of the last
// commit of each. One in quarantine is among them, with no instant: nobody knows
// that it is closed, and what the bus holds of it may be all that is left.
func (b *Book) Unclosed(visit func(name string, changed time.Time)) {
	for _, k := range b.kinds {
		k.open(func(name string, changed time.Time) {
			if !b.quarantine.has(name) {
				visit(name, changed)
			}
		})
	}
	for _, q := range b.Quarantined() {
		visit(q.Record, time.Time{})
	}
}

// IsOpen says whether a name is that of a record that is not closed, or that is
// in quarantine. It asks the image alone.
func (b *Book) IsOpen(name string) bool {
	k, err := b.kind(name)
	return b.quarantine.has(name) || err == nil && k.isOpen(name)
}

// Tail reads a record from a version on, as far as it counts.
func (b *Book) Tail(ctx context.Context, name string, from uint64) ([]*journal.Commit, error) {
	commits, err := b.journal.Tail(ctx, name, from)
	if i := slices.IndexFunc(commits, func(c *journal.Commit) bool { return !b.Believed(c) }); i >= 0 {
		commits = commits[:i]
	}
	return commits, err
}

// Shed drops the states of records closed before an instant from memory.
func (b *Book) Shed(before time.Time) int {
	n := 0
	for _, k := range b.kinds {
		n += k.shed(before)
	}
	return n
}

// uncounted is a state of which a number would tell what nobody may know.
type uncounted interface{ Uncounted() }

// Len is the number of records of each kind that may be counted.
func (b *Book) Len() map[string]int {
	n := make(map[string]int, len(b.kinds))
	for prefix, k := range b.kinds {
		if k.counted() {
			n[prefix] = k.len()
		}
	}
	return n
}

// Entry is one line of a record's history.
type Entry struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event"`
	Agency string    `json:"agency,omitempty"`

	// Principal is who acted, and Data what happened: for whom the reader may know of.
	Principal string    `json:"-"`
	Data      fact.Data `json:"-"`
}

// History tells what happened to a record, by whose agency and when.
func (b *Book) History(ctx context.Context, name string) ([]Entry, error) {
	if b.quarantine.has(name) {
		return nil, ErrQuarantined
	}
	commits, err := b.journal.Tail(ctx, name, 1)
	if err != nil {
		return nil, fault.Of(err)
	}
	var entries []Entry
	for _, c := range commits {
		if c.Broken != "" {
			return nil, b.setAside(broken(c, errBelief))
		}
		for _, e := range c.Events {
			told, err := b.catalogue.Decode(e, c.At)
			if err != nil {
				return nil, b.setAside(broken(c, err))
			}
			entries = append(entries, Entry{
				At: c.At, Event: e.Type, Agency: c.Actor.Agency, Principal: c.Actor.Principal, Data: told.Data,
			})
		}
	}
	return entries, nil
}

// now is the present instant in the resolution of the journal.
func (b *Book) now() time.Time { return b.clock().UTC().Truncate(time.Millisecond) }
