package record

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
)

// A decision on one record may depend on others. It knows of them only what was read
// here, which is not older than the beginning of the look. Nearly always this
// process alone writes the journal and knows what became of all that it appended.
// Then the image has all of it, and a look costs no read. Otherwise the journal is
// read.
//
// Look before you execute: a command that runs on one record must not wait for
// another record.

// Fresh reads a record, by its identifier, for a decision.
func (r *Records[S]) Fresh(ctx context.Context, id string) (look.Fresh[S], error) {
	name := r.Name(id)
	sole, err := r.book.journal.Sole(ctx)
	if err == nil && (!sole || r.book.unsure.has(name)) {
		err = r.reread(ctx, name)
	}
	if err != nil {
		return look.Fresh[S]{}, err
	}
	row, err := r.read(ctx, name)
	return look.Made(row.State), err
}

// FreshIn names all records of a part of a list, for a decision.
func (r *Records[S]) FreshIn(ctx context.Context, part image.Part[S]) (look.Fresh[[]string], error) {
	if err := r.book.barrier(ctx); err != nil {
		return look.Fresh[[]string]{}, err
	}
	return look.Made(r.table.Find(part)), nil
}

// FreshPlaces gives the places of a part of a list, for a decision; see image.Table.Places.
func (r *Records[S]) FreshPlaces(ctx context.Context, part image.Part[S]) (look.Fresh[[]image.Place], error) {
	if err := r.book.barrier(ctx); err != nil {
		return look.Fresh[[]image.Place]{}, err
	}
	return look.Made(r.table.Places(part)), nil
}

// barrier waits until the image has reached what every process had acknowledged
// when it began.
func (b *Book) barrier(ctx context.Context) error {
	follow := func(name string, version uint64) error {
		err := b.Follow(ctx, name, version)
		if errors.Is(err, errKind) {
			return nil // of a newer release: no list here would hold it
		}
		return err
	}
	sole, err := b.journal.Sole(ctx)
	if err == nil && !sole {
		err = b.journal.Others(ctx, follow)
	}
	if err != nil {
		return err
	}
	return b.unsure.each(b.now(), follow)
}

// unsure are the commits of which this process does not know whether they are
// stored: the store gave no answer.
type unsure struct {
	mu      sync.Mutex
	commits map[string]attempt
}

type attempt struct {
	version uint64
	at      time.Time
}

// unsureFor is how long a commit may still appear: longer than the journal lets it
// count.
const unsureFor = 2 * time.Minute

func (u *unsure) add(name string, version uint64, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.commits == nil {
		u.commits = map[string]attempt{}
	}
	u.commits[name] = attempt{version, at}
}

func (u *unsure) has(name string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, there := u.commits[name]
	return there
}

// each visits them, and drops those that cannot appear any more.
func (u *unsure) each(now time.Time, visit func(name string, version uint64) error) error {
	u.mu.Lock()
	commits := maps.Clone(u.commits)
	u.mu.Unlock()
	for name, a := range commits {
		if err := visit(name, a.version); err != nil {
			return err
		}
		u.mu.Lock()
		if u.commits[name] == a && now.Sub(a.at) > unsureFor {
			delete(u.commits, name)
		}
		u.mu.Unlock()
	}
	return nil
}

// reread catches up with what others appended to a record.
func (r *Records[S]) reread(ctx context.Context, name string) error {
	if err := r.turns.take(ctx, name); err != nil {
		return err
	}
	defer r.turns.leave(name)
	row, err := r.load(ctx, name)
	if err != nil {
		return err
	}
	_, err = r.catchUp(ctx, name, row)
	return err
}

// follow catches up with what another replica appended. Quarantine is reported
// elsewhere.
func (r *Records[S]) follow(ctx context.Context, id string, version uint64) error {
	if r.table.Get(id).Version >= version {
		return nil
	}
	if err := r.reread(ctx, id); err != nil && !errors.Is(err, ErrQuarantined) {
		return err
	}
	return nil
}
