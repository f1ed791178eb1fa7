package store

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strconv"

	"github.com/ncruces/go-sqlite3"
)

// Document is bytes under a key, which is unique in its collection. Keys are in
// the order of their bytes.
type Document struct{ Key, Body []byte }

// job is one write. It waits for the batch that it is in.
type job struct {
	do   func(*batch) error
	done chan error
}

// batch is one transaction. What it changes of the catalogue counts when it is
// committed.
type batch struct {
	*conn

	seq   int64
	names map[Name]collection
	own   bool // names is a copy already
}

// widest bounds the jobs of a batch, so that the first does not wait too long.
const widest = 256

// Insert stores documents. It tells which ones it refused, because their key is
// taken; ordered, nothing behind the first of them is stored. A collection that
// does not exist is made.
func (s *Store) Insert(n Name, docs []Document, ordered bool) (refused []int, err error) {
	err = s.submit(func(b *batch) error {
		refused = nil
		c, err := b.collection(n)
		if err != nil {
			return err
		}
		insert, err := b.prepared(c.insert)
		if err != nil {
			return err
		}
		for i, d := range docs {
			stored, err := b.insert(insert, d)
			if err != nil {
				return err
			}
			if !stored {
				refused = append(refused, i)
				if ordered {
					break
				}
			}
		}
		return nil
	})
	return refused, err
}

func (b *batch) insert(s *sqlite3.Stmt, d Document) (stored bool, err error) {
	err = errors.Join(s.BindInt64(1, b.seq+1), s.BindBlob(2, d.Key), s.BindBlob(3, d.Body))
	if err == nil {
		err = s.Exec()
	}
	if err != nil || b.Changes() == 0 {
		return false, err
	}
	b.seq++
	return true, nil
}

// Delete removes the documents of some keys and tells how many there were.
func (s *Store) Delete(n Name, keys [][]byte) (deleted int64, err error) {
	err = s.submit(func(b *batch) error {
		deleted = 0
		c, ok := b.names[n]
		if !ok {
			return nil
		}
		remove, err := b.prepared(c.remove)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := errors.Join(remove.BindBlob(1, key), remove.Exec()); err != nil {
				return err
			}
			deleted += b.Changes()
		}
		return b.remember()
	})
	return deleted, err
}

// Create makes a collection. It tells whether there was none.
func (s *Store) Create(n Name) (made bool, err error) {
	err = s.submit(func(b *batch) error {
		_, there := b.names[n]
		made = !there
		_, err := b.collection(n)
		return err
	})
	return made, err
}

// Drop removes collections with all that is in them, and tells whether there
// was one of them.
func (s *Store) Drop(all ...Name) (was bool, err error) {
	err = s.submit(func(b *batch) error {
		was = false
		for _, n := range all {
			c, ok := b.names[n]
			if !ok {
				continue
			}
			was = true
			// A statement on the table would keep it from going.
			if err := errors.Join(b.remember(), b.forget()); err != nil {
				return err
			}
			id := strconv.FormatInt(c.id, 10)
			if err := b.Exec(`DROP TABLE documents_` + id + `; DELETE FROM collections WHERE id = ` + id); err != nil {
				return err
			}
			delete(b.change(), n)
		}
		return nil
	})
	return was, err
}

// remember notes how much was written, before what tells it is deleted.
func (b *batch) remember() error {
	return b.Exec(`UPDATE deleted SET written = ` + strconv.FormatInt(b.seq, 10))
}

// collection is the one of a name, made if need be.
func (b *batch) collection(n Name) (collection, error) {
	if c, ok := b.names[n]; ok {
		return c, nil
	}
	s, _, err := b.Prepare(`INSERT INTO collections (db, name) VALUES (?, ?)`)
	if err != nil {
		return collection{}, err
	}
	err = errors.Join(s.BindText(1, n.Database), s.BindText(2, n.Collection), s.Exec(), s.Close())
	if err != nil {
		return collection{}, err
	}
	c := newCollection(b.LastInsertRowID())
	b.change()[n] = c
	return c, b.Exec(c.schema())
}

// change gives the names to be changed: others read those of before.
func (b *batch) change() map[Name]collection {
	if !b.own {
		b.names, b.own = maps.Clone(b.names), true
	}
	return b.names
}

// submit waits until a job is on the disk, or is known not to be.
func (s *Store) submit(do func(*batch) error) error {
	j := &job{do: do, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
	case <-s.closing:
		return ErrClosed
	}
	select {
	case err := <-j.done:
		return err
	case <-s.ended:
	}
	// It may have been in the last batch.
	select {
	case err := <-j.done:
		return err
	default:
		return ErrClosed
	}
}

// write is the one writer: while a batch is on its way to the disk, the next
// one gathers.
func (s *Store) write(c *conn) {
	defer close(s.ended)
	for {
		select {
		case j := <-s.jobs:
			c = s.commit(c, s.gather(j))
		case <-s.closing:
			for len(s.jobs) > 0 {
				c = s.commit(c, s.gather(<-s.jobs))
			}
			if err := c.close(); err != nil {
				s.closed = told(err)
			}
			return
		}
	}
}

func (s *Store) gather(first *job) []*job {
	// Those who were just answered come back with their next ones.
	runtime.Gosched()
	jobs := []*job{first}
	for len(jobs) < widest {
		select {
		case j := <-s.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// commit stores a batch and tells all who are in it. After a fault of the disk
// the connection is made anew: what it thinks of the file may be wrong.
func (s *Store) commit(c *conn, jobs []*job) *conn {
	var err error
	if c == nil {
		c, err = s.connect()
	}
	if err == nil {
		err = s.transact(c, jobs)
	}
	for _, j := range jobs {
		j.done <- err
	}
	switch {
	case err == nil:
		s.shorten(c)
	case !errors.Is(err, ErrFull):
		_ = c.close() // it is of no use any more
		c = nil
	}
	return c
}

func (s *Store) transact(c *conn, jobs []*job) error {
	b := &batch{conn: c, seq: s.written.Load(), names: s.catalogue.names}
	if err := c.do(`BEGIN IMMEDIATE`); err != nil {
		return told(err)
	}
	for _, j := range jobs {
		if err := j.do(b); err != nil {
			return s.undo(c, err)
		}
	}
	if err := c.do(`COMMIT`); err != nil {
		return s.undo(c, err)
	}
	if b.own {
		s.catalogue.replace(b.names)
	}
	s.written.Store(b.seq)
	return s.mark.set(b.seq)
}

// undo takes a batch back. A full disk has done so already.
func (s *Store) undo(c *conn, cause error) error {
	if !c.GetAutocommit() {
		if err := c.do(`ROLLBACK`); err != nil {
			return fmt.Errorf("%w, and it could not be taken back: %w", told(cause), told(err))
		}
	}
	return told(cause)
}
