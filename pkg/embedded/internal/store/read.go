package store

import (
	"bytes"
	"errors"
	"slices"

	"github.com/ncruces/go-sqlite3"
)

// Part is a part of a collection and the order in which it is read.
type Part struct {
	// Keys names single documents, in this order. Nil: what lies between From
	// and To.
	Keys [][]byte
	// From is the first key and To the first one beyond. Nil both: all
	// documents, in the order in which they were stored.
	From, To []byte
	// Reverse reads from the end.
	Reverse bool
}

// Place is where to go on reading. The zero value is the beginning.
type Place struct {
	seq   int64
	key   []byte
	keys  int
	moved bool
}

// Read visits the documents of a part from a place on, until there are no more
// or visit wants none, and tells where to go on. Done says that nothing is left.
// The bytes are lent for the visit. What is written meanwhile may be seen or
// not. A document that visit refuses comes again.
func (s *Store) Read(n Name, p Part, at Place, visit func(body []byte) bool) (next Place, done bool, err error) {
	c, ok := s.catalogue.find(n)
	if !ok {
		return at, true, nil
	}
	err = s.borrow(func(r *conn) error {
		if p.Keys != nil {
			next, done, err = r.readKeys(c, p, at, visit)
		} else {
			next, done, err = r.readPart(c, p, at, visit)
		}
		return err
	})
	return next, done, err
}

func (c *conn) readKeys(in collection, p Part, at Place, visit func([]byte) bool) (Place, bool, error) {
	for ; at.keys < len(p.Keys); at.keys++ {
		s, err := c.prepared(in.up)
		if err != nil {
			return at, false, err
		}
		key := p.Keys[at.keys]
		err = errors.Join(s.BindBlob(1, key), s.BindBlob(2, after(key)))
		if err != nil {
			return at, false, err
		}
		wanted := !s.Step() || visit(s.ColumnRawBlob(1))
		if err := s.Reset(); err != nil {
			return at, false, err
		}
		if !wanted {
			return at, false, nil
		}
	}
	return at, true, nil
}

func (c *conn) readPart(in collection, p Part, at Place, visit func([]byte) bool) (Place, bool, error) {
	s, err := c.placed(in, p, at)
	if err != nil {
		return at, false, err
	}
	wanted := true
	for wanted && s.Step() {
		if wanted = visit(s.ColumnRawBlob(1)); !wanted {
			break
		}
		at.moved = true
		if p.From == nil {
			at.seq = s.ColumnInt64(0)
		} else {
			at.key = s.ColumnBlob(0, at.key[:0])
		}
	}
	return at, wanted, errors.Join(s.Err(), s.Reset())
}

// placed is the statement that goes on from a place.
func (c *conn) placed(in collection, p Part, at Place) (*sqlite3.Stmt, error) {
	query := in.behind
	switch {
	case p.From != nil && p.Reverse:
		query = in.down
	case p.From != nil:
		query = in.up
	case p.Reverse:
		query = in.before
	}
	s, err := c.prepared(query)
	if err != nil {
		return nil, err
	}
	if p.From == nil {
		if p.Reverse && !at.moved {
			at.seq = 1<<63 - 1
		}
		return s, s.BindInt64(1, at.seq)
	}
	from, to := p.From, p.To
	if at.moved {
		if p.Reverse {
			to = at.key
		} else {
			from = after(at.key)
		}
	}
	return s, errors.Join(s.BindBlob(1, from), s.BindBlob(2, to))
}

// after is the least key behind another.
func after(key []byte) []byte { return append(slices.Clip(key), 0) }

// Count tells how many documents a part has.
func (s *Store) Count(n Name, p Part) (count int64, err error) {
	c, ok := s.catalogue.find(n)
	if !ok {
		return 0, nil
	}
	if p.Keys != nil {
		_, _, err := s.Read(n, p, Place{}, func([]byte) bool { count++; return true })
		return count, err
	}
	err = s.borrow(func(r *conn) error {
		query := c.count
		if p.From != nil {
			query = c.countPart
		}
		q, err := r.prepared(query)
		if err != nil {
			return err
		}
		if p.From != nil {
			if err := errors.Join(q.BindBlob(1, p.From), q.BindBlob(2, p.To)); err != nil {
				return err
			}
		}
		if q.Step() {
			count = q.ColumnInt64(0)
		}
		return errors.Join(q.Err(), q.Reset())
	})
	return count, err
}

// borrow lends a reader. One that met a fault is made anew.
func (s *Store) borrow(do func(*conn) error) error {
	var r *conn
	select {
	case r = <-s.reading:
	case <-s.ended:
		return ErrClosed
	}
	defer func() { s.reading <- r }()
	if r == nil {
		var err error
		if r, err = s.connect(); err != nil {
			return err
		}
	}
	err := do(r)
	if err != nil {
		_ = r.close() // it is of no use any more
		r = nil
	}
	return told(err)
}

// Narrow leaves of a range what is also in another one; nil bounds nothing.
func (p *Part) Narrow(from, to []byte) {
	if from != nil && (p.From == nil || bytes.Compare(from, p.From) > 0) {
		p.From = from
	}
	if to != nil && (p.To == nil || bytes.Compare(to, p.To) < 0) {
		p.To = to
	}
}

// Size is how many bytes the documents of a collection have.
func (s *Store) Size(n Name) (size int64, err error) {
	c, ok := s.catalogue.find(n)
	if !ok {
		return 0, nil
	}
	err = s.borrow(func(r *conn) error {
		size, err = r.number(c.size)
		return err
	})
	return size, err
}
