package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// indexer mends the engine's SQLite files.
//
// The engine indexes the expression _ferretdb_sjson->"_id" and queries the
// expression _ferretdb_sjson->'$._id'. They mean the same, but SQLite compares
// their text, so that each read by _id is a scan: 264 ms at 17,000 documents.
// A unique index on the expression that is queried guards _id just as well, and
// takes the place of the engine's.
type indexer struct{ dir string }

// interval is how soon a new collection gets its index. Until then it is small
// and scans do no harm.
const interval = 200 * time.Millisecond

// watch mends the indexes of new collections until ctx is done.
func (x indexer) watch(ctx context.Context) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	seen := map[string]time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, file := range x.files() {
			written := lastWrite(file)
			if written.Equal(seen[file]) {
				continue
			}
			// A failure is one of the moment, or of a database just dropped.
			if open(file, func(db *sql.DB) error { return reindex(ctx, db) }) == nil {
				seen[file] = written
			}
		}
	}
}

func (x indexer) files() []string {
	files, _ := filepath.Glob(filepath.Join(x.dir, "*.sqlite")) // its only error is a bad pattern
	return files
}

// lastWrite is when a database was written to, mostly to its write-ahead log.
func lastWrite(file string) time.Time {
	var last time.Time
	for _, name := range []string{file, file + "-wal"} {
		if info, err := os.Stat(name); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last
}

// reindex replaces the indexes that the engine made.
func reindex(ctx context.Context, db *sql.DB) error {
	made := `SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE INDEX%->"_id")'`
	tables, err := column(ctx, db, made)
	if err != nil || len(tables) == 0 {
		return err
	}
	return transaction(ctx, db, func(tx *sql.Tx) error { return index(ctx, tx, tables) })
}

// mend repairs what a crash left behind while the engine made a database or a
// collection: it takes several steps for that and cannot go on from the middle.
// It must run before the engine does.
func (x indexer) mend(ctx context.Context) error {
	var errs error
	for _, file := range x.files() {
		err := open(file, func(db *sql.DB) error { return transaction(ctx, db, func(tx *sql.Tx) error { return repair(ctx, tx) }) })
		if err != nil {
			errs = errors.Join(errs, fmt.Errorf("%s: %w", filepath.Base(file), err))
		}
	}
	return errs
}

func repair(ctx context.Context, tx *sql.Tx) error {
	// The steps, in the engine's words: the file, this table, the collection's
	// table, its line in this table, its index.
	_, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS "_ferretdb_collections" (`+
		`name TEXT NOT NULL UNIQUE CHECK(name != ''), `+
		`table_name TEXT NOT NULL UNIQUE CHECK(table_name != ''), `+
		`settings TEXT NOT NULL CHECK(settings != '')) STRICT`)
	if err != nil {
		return err
	}
	orphans, err := column(ctx, tx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND name != '_ferretdb_collections' AND name NOT IN (SELECT table_name FROM "_ferretdb_collections")`)
	if err != nil {
		return err
	}
	for _, table := range orphans {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`DROP TABLE %q`, table)); err != nil {
			return err
		}
	}
	bare, err := column(ctx, tx, `SELECT table_name FROM "_ferretdb_collections" WHERE table_name NOT IN
		(SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE INDEX%->''$._id'')')`)
	if err != nil {
		return err
	}
	return index(ctx, tx, bare)
}

// index gives tables a unique index on the expression that the engine queries.
// It bears the name of the engine's.
func index(ctx context.Context, tx *sql.Tx, tables []string) error {
	for _, table := range tables {
		name := table + "__id_"
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`DROP INDEX IF EXISTS %q`, name)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE UNIQUE INDEX %q ON %q (_ferretdb_sjson->'$._id')`, name, table))
		if err != nil {
			return err
		}
	}
	return nil
}

// open opens a database that exists. The engine brings the driver.
func open(file string, use func(*sql.DB) error) error {
	db, err := sql.Open("sqlite", sqliteURL(file)+"&mode=rw&_txlock=immediate")
	if err != nil {
		return err
	}
	return errors.Join(use(db), db.Close())
}

func transaction(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// column reads a column of names.
func column(ctx context.Context, q interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}, query string,
) (names []string, err error) {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		names = append(names, name)
	}
	return names, errors.Join(rows.Err(), rows.Close())
}
