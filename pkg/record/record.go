// Package record turns commands into commits: it loads a record, lets its
// domain decide, appends what happened to the journal and moves the image on.
// It is the only writer of both. It knows no transport and no rule of any
// domain; it holds no lock while the journal writes, only the record's turn.
package record

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/journal"
)

// State is what a domain says of one kind of record. Its methods are pure. The
// zero value is a record that does not exist yet.
type State[S any] interface {
	// Evolve is the state after an event. It ignores what it does not know and
	// never changes what the receiver shares.
	Evolve(fact.Event) S
	// Case is the survivor's case that the record belongs to, empty for none.
	// Its data key seals the record.
	Case() string
	// Visible says whether this actor may know that the record exists.
	Visible(fact.By) bool
	// Closed says that nothing more will normally happen.
	Closed() bool
	// Deadlines are the instants at which the record wants to be asked again.
	Deadlines() []fact.Deadline
	// View is the record as this actor may see it, fit for JSON.
	View(fact.By) any
}

// Decide is a rule of a domain: what happens to a record when somebody wants
// something of it. No events and no error: nothing to do.
type Decide[S any] func(S, fact.By) ([]fact.Event, error)

// Result is a record after a command.
type Result[S any] struct {
	ID      string
	State   S
	Version uint64
	// At is the instant of the commit that led to this version.
	At time.Time
}

// What callers may see of the machinery.
var (
	ErrNotFound  = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrExists    = fault.New(fault.Conflict, "already_exists", "The record exists already.")
	ErrStale     = fault.New(fault.Stale, "version_stale", "The record has changed since the version in If-Match.")
	ErrKeyReused = fault.New(fault.Invalid, "idempotency_key_reused", "This Idempotency-Key was used with another request.")
	ErrContended = fault.New(fault.Contended, "contended", "Too many changes at once to this record. Try again.")
)

// errUnrecordable is a defect: what a rule decided could not be read again. It is
// refused before anything of it is kept.
var errUnrecordable = fault.New(fault.Internal, "event_unrecordable", "Something went wrong on our side. Nothing was changed.")

// attempts bounds the races that a command may lose against other replicas
// before it gives up; within one process it loses none.
const attempts = 16

// Records is one kind of record of a service.
type Records[S State[S]] struct {
	book   *Book
	prefix string
	table  *image.Table[S]
	turns  turns
	watch  func(id string, was S)
	// knowing is nil for records that know of no other; see Knowing.
	knowing func(context.Context, S) (func(S) S, error)
}

// New adds a kind of record to a book. Records are named "<prefix>_<rest>".
func New[S State[S]](b *Book, prefix string, lists ...*image.List[S]) *Records[S] {
	r := &Records[S]{
		book:   b,
		prefix: prefix,
		table:  image.New(func(s S) bool { return s.Closed() }, lists...),
		turns:  turns{lines: map[string][]chan struct{}{}},
	}
	b.add(prefix, r)
	return r
}

// Watch lets a function follow every commit to these records, of this process or
// another, at start the old ones too. It is told the record and its state before,
// when Held knows the one after: one commit of a record after the other, those of
// different records at once. It is told too when a record is set aside, which Held
// has no more. It must be quick, and must not command records. Call
// it before the book is opened.
func (r *Records[S]) Watch(fn func(id string, was S)) { r.watch = fn }

// Held reads a record from the image alone, for what is derived from it and for
// answers. Not ok: it does not exist, was closed
// long ago, or is in quarantine.
func (r *Records[S]) Held(id string) (Result[S], bool) {
	id = r.Name(id)
	if r.book.quarantine.has(id) {
		return Result[S]{ID: id}, false
	}
	row := r.table.Get(id)
	return result(id, row), row.Version > 0 && !row.Shed
}

// Name is the name of the record of an identifier: itself, or a slug behind the prefix.
func (r *Records[S]) Name(id string) string {
	if strings.HasPrefix(id, r.prefix+"_") {
		return id
	}
	return r.prefix + "_" + id
}

// Prefix is the first part of the names of these records.
func (r *Records[S]) Prefix() string { return r.prefix }

// Get reads a record from the image, for an answer. Version 0: it does not exist.
func (r *Records[S]) Get(ctx context.Context, id string) (Result[S], error) {
	row, err := r.read(ctx, r.Name(id))
	return result(id, row), err
}

// See reads a record as an actor may see it: ErrNotFound when not at all.
func (r *Records[S]) See(ctx context.Context, id string, by fact.By) (Result[S], error) {
	res, err := r.Get(ctx, id)
	if err == nil && (res.Version == 0 || !res.State.Visible(by)) {
		err = ErrNotFound
	}
	return res, err
}

// Execute decides a command on a record, whether it exists or not, and appends
// what happened. The command's cause takes effect once: again, it gives the
// record as it is now, a request for as long as it is Remembered. Its context
// carries the Command. Whoever calls it judges what may be shown of the record,
// before a command and when it comes again.
func (r *Records[S]) Execute(ctx context.Context, id string, decide Decide[S]) (Result[S], error) {
	return r.execute(ctx, r.Name(id), anybody, func(row image.Row[S], by fact.By) ([]fact.Event, error) {
		return decide(row.State, by)
	})
}

// Create is Execute for a record that must not exist yet. As with Put and Change,
// what comes again is answered to whom may still see the record: to others there
// is none.
func (r *Records[S]) Create(ctx context.Context, id string, decide Decide[S]) (Result[S], error) {
	return r.execute(ctx, r.Name(id), still, func(row image.Row[S], by fact.By) ([]fact.Event, error) {
		if row.Version > 0 && !row.Void {
			return nil, ErrExists
		}
		return decide(row.State, by)
	})
}

// Put is Execute for a record that may exist already. It holds the command to
// the version that it expects, and a conflict shows the actor the record.
func (r *Records[S]) Put(ctx context.Context, id string, decide Decide[S]) (Result[S], error) {
	return r.execute(ctx, r.Name(id), still, guarded(ctx, decide))
}

// Change is Put for a record that must exist and be visible to the actor.
func (r *Records[S]) Change(ctx context.Context, id string, decide Decide[S]) (Result[S], error) {
	put := guarded(ctx, decide)
	return r.execute(ctx, r.Name(id), still, func(row image.Row[S], by fact.By) ([]fact.Event, error) {
		if row.Version == 0 || !row.State.Visible(by) {
			return nil, ErrNotFound
		}
		return put(row, by)
	})
}

// guarded decides on the version that the command expects, and lets a refusal
// show the record, to whom may see it.
func guarded[S State[S]](ctx context.Context, decide Decide[S]) func(image.Row[S], fact.By) ([]fact.Event, error) {
	return func(row image.Row[S], by fact.By) ([]fact.Event, error) {
		show := func(f *fault.Error) error {
			if row.Version == 0 || !row.State.Visible(by) {
				return f
			}
			return f.Showing(row.State.View(by), row.Version)
		}
		if expect := commandOf(ctx).Expect; expect != 0 && expect != row.Version {
			return nil, show(ErrStale)
		}
		events, err := decide(row.State, by)
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Conflict {
			err = show(f)
		}
		return events, err
	}
}

func (r *Records[S]) execute(ctx context.Context, id string, sees sight, decide func(image.Row[S], fact.By) ([]fact.Event, error)) (Result[S], error) {
	cmd, err := attributed(ctx)
	if err != nil {
		return Result[S]{}, err
	}
	if err := r.turns.take(ctx, id); err != nil {
		return Result[S]{}, err
	}
	defer r.turns.leave(id)
	for range attempts {
		// Another process may have taken over, and know more.
		if err := r.book.journal.Hold(ctx); err != nil {
			return Result[S]{}, err
		}
		row, err := r.load(ctx, id)
		if err != nil {
			return Result[S]{}, err
		}
		with, err := r.knows(ctx, row)
		if err != nil {
			return Result[S]{}, err
		}
		by := cmd.By
		by.At = r.book.now()
		if done, ok := effectOf(row.Effects, cmd.Cause, by.At); ok {
			return again(id, with(row), by, cmd, done, sees)
		}
		by.Commit = commitID(id, row.Version+1)
		events, err := decide(with(row), by)
		if len(events) == 0 && by.System() {
			// Another replica may know more of the record, and an event that
			// was taken for nothing, or refused, does not come again.
			moved, err := r.catchUp(ctx, id, row)
			if err != nil {
				return Result[S]{}, err
			}
			if moved {
				continue
			}
		}
		if err != nil || len(events) == 0 {
			return result(id, with(row)), err
		}
		next, err := r.append(ctx, id, row, cmd, by, events)
		if !errors.Is(err, journal.ErrConflict) {
			return result(id, with(next)), err
		}
		// Another replica was faster: see what it did and decide again.
		if _, err := r.catchUp(ctx, id, row); err != nil {
			return Result[S]{}, err
		}
	}
	return Result[S]{}, ErrContended
}

func result[S any](id string, row image.Row[S]) Result[S] {
	return Result[S]{ID: id, State: row.State, Version: row.Version, At: row.Changed}
}

// again answers a cause that already took effect with the record as it is now,
// which is what a reading of it would show. Whether there is anything to answer
// comes before whether it is the same request: a colleague with the key, and the
// same person after her no, learn nothing from either answer.
func again[S State[S]](id string, row image.Row[S], by fact.By, cmd Command, done image.Effect, sees sight) (Result[S], error) {
	if sees == still && !by.System() && (!row.State.Visible(by) || lapsed(row.State, by, done)) {
		return Result[S]{}, ErrNotFound
	}
	if !same(done, cmd.Digest, by) && (len(cmd.Earlier) == 0 || !same(done, cmd.Earlier, by)) {
		return Result[S]{}, ErrKeyReused
	}
	return result(id, row), nil
}

// same says whether a request of this digest and this person did it.
func same(done image.Effect, digest []byte, by fact.By) bool {
	sent := asked(digest, by.Principal)
	return subtle.ConstantTimeCompare(done.Digest[:], sent[:]) == 1
}

func (r *Records[S]) append(ctx context.Context, id string, row image.Row[S], cmd Command, by fact.By, events []fact.Event) (image.Row[S], error) {
	c := &journal.Commit{
		Record:  id,
		Version: row.Version + 1,
		At:      by.At,
		Op:      cmd.Op,
		Actor:   journal.Actor{Principal: by.Principal, Agency: by.Agency},
		Cause:   cmd.Cause,
		Digest:  cmd.Digest,
		Trace:   trace(ctx),
		Events:  make([]event.Recorded, len(events)),
		Prev:    row.Hash,
	}
	next := image.Row[S]{State: row.State, Version: c.Version, Changed: c.At}
	catalogue := r.book.catalogue
	if !by.System() {
		// What came from outside may hold what no rule thought of.
		catalogue = catalogue.ReadingBack()
	}
	for i, e := range events {
		rec, err := catalogue.Encode(e)
		if err != nil {
			return row, fmt.Errorf("%w: %w", errUnrecordable, err)
		}
		c.Events[i] = rec
		e.At = c.At
		next.State = next.State.Evolve(e)
	}
	c.Owner = next.State.Case()
	if err := r.book.journal.Append(ctx, c); err != nil {
		if errors.Is(err, journal.ErrUnavailable) {
			r.book.unsure.add(id, c.Version, by.At)
		}
		return next, err
	}
	next.Hash, next.Effects = c.Hash, remembered(row.Effects, c, by.At)
	r.put(id, row, next)
	r.book.offer(c)
	return next, nil
}

func (r *Records[S]) put(id string, was, next image.Row[S]) {
	r.table.Put(id, was, next)
	if r.watch != nil {
		r.watch(id, was.State)
	}
	if r.book.arm != nil {
		r.book.arm(id, next.State.Deadlines())
	}
}

// apply moves the image on by a commit that was read from the journal. Commits
// that it already holds are passed over.
func (r *Records[S]) apply(c *journal.Commit) error {
	row := r.table.Get(c.Record)
	if c.Version <= row.Version && c.Broken == "" {
		return nil
	}
	_, err := r.move(row, c)
	return err
}

// move takes a record on by a commit, in the image too.
func (r *Records[S]) move(row image.Row[S], c *journal.Commit) (next image.Row[S], err error) {
	defer folding(c, &err)
	if next, err = r.step(row, c); err != nil {
		return row, err
	}
	if len(c.Events) > 0 {
		r.book.journal.Adopt(next.State.Case(), c.Key)
	}
	r.put(c.Record, row, next)
	return next, nil
}

// step is a record after a commit. What cannot be believed, understood or folded
// is no step: the record is set aside.
func (r *Records[S]) step(row image.Row[S], c *journal.Commit) (next image.Row[S], err error) {
	switch {
	case c.Broken != "":
		return row, broken(c, errBelief)
	case c.Version != row.Version+1:
		return row, missing(c.Record, row.Version+1)
	}
	defer folding(c, &err)
	next = image.Row[S]{
		State: row.State, Version: c.Version, Hash: c.Hash, Changed: c.At, Effects: remembered(row.Effects, c, r.book.now()),
		Void: (c.Void || c.Op == journal.OpLost) && (row.Version == 0 || row.Void),
	}
	for _, rec := range c.Events {
		e, err := r.book.catalogue.Decode(rec, c.At)
		if err != nil {
			return row, broken(c, err)
		}
		next.State = next.State.Evolve(e)
	}
	return next, nil
}

// load reads a record from the image, and from the journal when the image shed
// it.
func (r *Records[S]) load(ctx context.Context, id string) (image.Row[S], error) {
	if r.book.quarantine.has(id) {
		return image.Row[S]{}, ErrQuarantined
	}
	row := r.table.Get(id)
	if !row.Shed {
		return row, nil
	}
	commits, err := r.book.journal.Tail(ctx, id, 1)
	if err != nil {
		return row, fmt.Errorf("read record: %w", err)
	}
	var full image.Row[S]
	for _, c := range commits[:min(int(row.Version), len(commits))] {
		if full, err = r.step(full, c); err != nil {
			return row, r.book.setAside(err)
		}
	}
	if full.Version < row.Version {
		// Its end is gone. As it was before that it must not be shown.
		return row, r.book.setAside(missing(id, full.Version+1))
	}
	r.table.Restore(id, full)
	return full, nil
}

// catchUp reads what others appended to a record, and tells whether they did.
func (r *Records[S]) catchUp(ctx context.Context, id string, row image.Row[S]) (moved bool, err error) {
	commits, err := r.book.journal.Tail(ctx, id, row.Version+1)
	if err != nil {
		return false, fmt.Errorf("read tail: %w", err)
	}
	if len(commits) > 0 && !builds(commits[0], row.Hash) {
		return false, r.book.setAside(forked(commits[0]))
	}
	for _, c := range commits {
		if row, err = r.move(row, c); err != nil {
			return false, r.book.setAside(err)
		}
		// Who appended it may not live to publish it, or may have been this
		// process, told that the outcome is unknown.
		r.book.offer(c)
	}
	return len(commits) > 0, nil
}

// builds says whether a commit follows the one with a hash. Of what is broken, or
// was passed over, it is not known.
func builds(c *journal.Commit, hash [32]byte) bool {
	return c.Broken != "" || c.Passed || c.Prev == hash
}

// withdraw tells who watches that a record is not to be had any more.
func (r *Records[S]) withdraw(id string) {
	if r.watch != nil {
		r.watch(id, r.table.Get(id).State)
	}
}

func (r *Records[S]) armed(visit func(id string, deadlines []fact.Deadline)) {
	r.table.Each(func(id string, row image.Row[S]) {
		if d := row.State.Deadlines(); len(d) > 0 {
			visit(id, d)
		}
	})
}

func (r *Records[S]) open(visit func(id string, changed time.Time)) {
	r.table.Each(func(id string, row image.Row[S]) {
		if !row.State.Closed() {
			visit(id, row.Changed)
		}
	})
}

func (r *Records[S]) isOpen(id string) bool {
	row := r.table.Get(id)
	return row.Version > 0 && !row.Shed && !row.State.Closed()
}

func (r *Records[S]) version(id string) uint64 { return r.table.Get(id).Version }

func (r *Records[S]) shed(before time.Time) int { return r.table.Shed(before) }

func (r *Records[S]) len() int { return r.table.Len() }

func (r *Records[S]) counted() bool {
	var zero S
	_, not := any(zero).(uncounted)
	return !not
}

func commitID(id string, version uint64) string {
	return id + "/" + strconv.FormatUint(version, 10)
}
