package store

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"sync"
)

// Name is that of a collection in a database.
type Name struct{ Database, Collection string }

// catalogue knows the collections. The file has them; this is what was read of
// it and what was committed since.
type catalogue struct {
	mu    sync.RWMutex
	names map[Name]collection
}

// collection is one table, with the statements on it.
type collection struct {
	id                       int64
	insert, remove, count    string
	behind, before, up, down string
	countPart, size          string
}

func newCollection(id int64) collection {
	t := "documents_" + strconv.FormatInt(id, 10)
	return collection{
		id:     id,
		insert: `INSERT INTO ` + t + ` (seq, key, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		remove: `DELETE FROM ` + t + ` WHERE key = ?`,
		count:  `SELECT count(*) FROM ` + t,
		// In the order in which they were stored, and by key.
		behind:    `SELECT seq, body FROM ` + t + ` WHERE seq > ? ORDER BY seq`,
		before:    `SELECT seq, body FROM ` + t + ` WHERE seq < ? ORDER BY seq DESC`,
		up:        `SELECT key, body FROM ` + t + ` WHERE key >= ? AND key < ? ORDER BY key`,
		down:      `SELECT key, body FROM ` + t + ` WHERE key >= ? AND key < ? ORDER BY key DESC`,
		size:      `SELECT sum(length(body)) FROM ` + t,
		countPart: `SELECT count(*) FROM ` + t + ` WHERE key >= ? AND key < ?`,
	}
}

// schema of a collection. Bodies lie one behind the other in the order in which
// they came, so that a journal is read as fast as the disk gives it; only the
// small index is in the order of the keys.
func (c collection) schema() string {
	t := "documents_" + strconv.FormatInt(c.id, 10)
	return `CREATE TABLE ` + t + ` (seq INTEGER PRIMARY KEY, key BLOB NOT NULL, body BLOB NOT NULL) STRICT;
		CREATE UNIQUE INDEX ` + t + `_key ON ` + t + ` (key)`
}

func (k *catalogue) load(c *conn) (err error) {
	k.names = map[Name]collection{}
	s, _, err := c.Prepare(`SELECT id, db, name FROM collections`)
	if err != nil {
		return told(err)
	}
	for s.Step() {
		k.names[Name{s.ColumnText(1), s.ColumnText(2)}] = newCollection(s.ColumnInt64(0))
	}
	return told(errors.Join(s.Err(), s.Close()))
}

// written is the number of the last document that there is, or that was there
// when documents were deleted.
func (k *catalogue) written(c *conn) (int64, error) {
	last, err := c.number(`SELECT written FROM deleted`)
	if err != nil {
		return 0, told(err)
	}
	for _, coll := range k.names {
		n, err := c.number(`SELECT max(seq) FROM documents_` + strconv.FormatInt(coll.id, 10))
		if err != nil {
			return 0, told(err)
		}
		last = max(last, n)
	}
	return last, nil
}

func (k *catalogue) find(n Name) (collection, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	c, ok := k.names[n]
	return c, ok
}

func (k *catalogue) replace(names map[Name]collection) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.names = names
}

// Has says whether there is a collection.
func (s *Store) Has(n Name) bool {
	_, ok := s.catalogue.find(n)
	return ok
}

// Names are those of all collections, in order.
func (s *Store) Names() []Name {
	s.catalogue.mu.RLock()
	defer s.catalogue.mu.RUnlock()
	all := make([]Name, 0, len(s.catalogue.names))
	for n := range s.catalogue.names {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b Name) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Collection, b.Collection))
	})
	return all
}
