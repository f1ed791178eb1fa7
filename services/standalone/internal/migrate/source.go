package migrate

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// extension of a database's file.
const extension = ".sqlite"

// beside are the files that SQLite keeps beside a database and that belong to
// it: the log of a process that was killed, and what a commit can be undone
// with.
var beside = []string{"-wal", "-journal"}

// databases are those in the old directory. It refuses files that are no part
// of one.
func databases(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		i := strings.LastIndex(e.Name(), extension)
		if i < 0 || e.IsDir() {
			return nil, fmt.Errorf("%w: %q is no database; put it elsewhere", ErrUnknown, path)
		}
		name, behind := e.Name()[:i], e.Name()[i+len(extension):]
		switch {
		case behind == "":
			names = append(names, name)
		case behind == "-shm": // SQLite makes it anew
		case !slices.Contains(beside, behind):
			return nil, fmt.Errorf("%w: %q is no database; put it elsewhere", ErrUnknown, path)
		case !present(filepath.Join(dir, name+extension)):
			return nil, fmt.Errorf("%w: %q is there without its database", ErrUnknown, path)
		}
	}
	return names, nil
}

// source is an open copy of an old database.
type source struct {
	*sqlite3.Conn

	dir, name   string
	collections []collection
}

type collection struct{ name, table string }

// openSource copies a database and opens the copy: SQLite writes to what it
// reads when there is a log.
func openSource(ctx context.Context, from, dir, name string) (s *source, err error) {
	s = &source{dir: dir, name: name}
	defer func() {
		if err != nil {
			err = errors.Join(explained(dir, err), s.Close())
		}
	}()
	for _, ext := range append([]string{""}, beside...) {
		file := name + extension + ext
		if ext != "" && !present(filepath.Join(from, file)) {
			continue
		}
		if err := copyFile(filepath.Join(from, file), filepath.Join(dir, file)); err != nil {
			return s, err
		}
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(dir, name+extension)}).EscapedPath()}
	if s.Conn, err = sqlite3.OpenContext(ctx, u.String()); err != nil {
		return s, err
	}
	if err := s.Exec(`PRAGMA temp_store=memory; PRAGMA trusted_schema=off`); err != nil {
		return s, err
	}
	return s, s.catalogue()
}

// catalogue reads which collections there are. A database of which the making
// was cut short has no such table, and nothing in it.
func (s *source) catalogue() error {
	exists := false
	err := s.rows(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_ferretdb_collections'`, func(*sqlite3.Stmt) error {
		exists = true
		return nil
	})
	if err != nil || !exists {
		return err
	}
	return s.rows(`SELECT name, table_name FROM _ferretdb_collections ORDER BY name`, func(row *sqlite3.Stmt) error {
		s.collections = append(s.collections, collection{row.ColumnText(0), row.ColumnText(1)})
		return nil
	})
}

// rows hands on what a query gives, row by row.
func (s *source) rows(query string, receive func(*sqlite3.Stmt) error) (err error) {
	q, _, err := s.Prepare(query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	for q.Step() {
		if err := receive(q); err != nil {
			return err
		}
	}
	return q.Err()
}

// count tells how many documents there are.
func (s *source) count() (n int64, err error) {
	for _, c := range s.collections {
		err = errors.Join(err, s.rows(`SELECT count(*) FROM `+sqlite3.QuoteIdentifier(c.table), func(row *sqlite3.Stmt) error {
			n += row.ColumnInt64(0)
			return nil
		}))
	}
	return n, err
}

// check reports what SQLite finds damaged. It names tables and rows, no values.
func (s *source) check(report func(string)) error {
	return s.rows(`PRAGMA integrity_check(10)`, func(row *sqlite3.Stmt) error {
		if text := row.ColumnText(0); text != "ok" {
			report(text)
		}
		return nil
	})
}

// texts hands on the documents of a collection in the order in which they were
// stored: SQLite numbers rows one behind the other. A text is the receiver's
// until it returns.
func (s *source) texts(c collection, receive func(row int64, text []byte) error) error {
	return s.rows(`SELECT rowid, _ferretdb_sjson FROM `+sqlite3.QuoteIdentifier(c.table)+` ORDER BY rowid`, func(row *sqlite3.Stmt) error {
		return receive(row.ColumnInt64(0), row.ColumnRawText(1))
	})
}

// Close deletes the copy.
func (s *source) Close() error {
	var err error
	if s.Conn != nil {
		err = s.Conn.Close()
	}
	for _, ext := range append([]string{"", "-shm"}, beside...) {
		if e := os.Remove(filepath.Join(s.dir, s.name+extension+ext)); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
