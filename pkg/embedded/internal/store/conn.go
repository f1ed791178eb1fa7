package store

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// conn is a connection to the file. One goroutine uses it at a time.
type conn struct {
	*sqlite3.Conn

	// statements are kept: to make one takes longer than to run it.
	statements map[string]*sqlite3.Stmt
	// pages is how long the log was after the last commit.
	pages int
}

// The file says of itself what it is and in which form.
const (
	applicationID = 0x53616e61 // "Sana"
	format        = 1
)

// settings of every connection. A commit is on the disk before it is answered.
// What is deleted is overwritten: a data key that is deleted must be gone.
// Nothing spills into files of its own: descriptors may be gone.
const settings = `PRAGMA synchronous=FULL; PRAGMA secure_delete=on; PRAGMA temp_store=memory;
	PRAGMA trusted_schema=off; PRAGMA cache_size=-4096`

const patience = 10 * time.Second

func (s *Store) connect() (*conn, error) {
	// The log is for those whom the file is for. SQLite takes a plus for a plus.
	query := url.Values{"vfs": {cmp.Or(s.opts.VFS, filesName)}, "modeof": {s.path}}.Encode()
	u := url.URL{
		Scheme: "file", Opaque: (&url.URL{Path: s.path}).EscapedPath(),
		RawQuery: strings.ReplaceAll(query, "+", "%20"),
	}
	db, err := sqlite3.Open(u.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", told(err))
	}
	c := &conn{Conn: db, statements: map[string]*sqlite3.Stmt{}}
	db.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		c.pages = pages
		return nil
	})
	err = errors.Join(db.BusyTimeout(patience), db.Exec(settings))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", told(err)), c.close())
	}
	return c, nil
}

// keepLog says whether the log stays as it is when the connection closes, though
// it is the last one.
func (c *conn) keepLog(keep bool) error {
	if _, err := c.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, keep); err != nil {
		return fmt.Errorf("open the database: %w", told(err))
	}
	return nil
}

// prepareFile makes a new file, or looks whether this is one of ours.
func (c *conn) prepareFile(expected bool) error {
	tables, err := c.number(`SELECT count(*) FROM sqlite_schema`)
	if err != nil {
		return fmt.Errorf("open the database: %w", told(err))
	}
	if tables == 0 {
		if expected {
			return errNoFile
		}
		if err := c.newFile(); err != nil {
			return fmt.Errorf("make the database: %w", told(err))
		}
	}
	for pragma, want := range map[string]int64{"application_id": applicationID, "user_version": format, "checksum_verification": 1} {
		is, err := c.number(`PRAGMA ` + pragma)
		if err != nil {
			return fmt.Errorf("open the database: %w", told(err))
		}
		if is != want {
			return ErrForeign
		}
	}
	return nil
}

// newFile makes the file, whole or not at all. Each page carries a checksum.
func (c *conn) newFile() error {
	return errors.Join(c.EnableChecksums("main"), c.Exec(`PRAGMA journal_mode=WAL`), c.Exec(`BEGIN IMMEDIATE;
		CREATE TABLE collections (id INTEGER PRIMARY KEY, db TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (db, name)) STRICT;
		CREATE TABLE deleted (written INTEGER NOT NULL) STRICT;
		INSERT INTO deleted VALUES (0);
		PRAGMA application_id=`+strconv.Itoa(applicationID)+`;
		PRAGMA user_version=`+strconv.Itoa(format)+`;
		COMMIT`))
}

// most bounds the statements that are kept. An office has a dozen.
const most = 256

// prepared gives a statement, which is to be reset after use.
func (c *conn) prepared(query string) (*sqlite3.Stmt, error) {
	if s := c.statements[query]; s != nil {
		return s, nil
	}
	if len(c.statements) >= most {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	s, _, err := c.PrepareFlags(query, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	c.statements[query] = s
	return s, nil
}

func (c *conn) forget() error {
	var errs error
	for _, s := range c.statements {
		errs = errors.Join(errs, s.Close())
	}
	clear(c.statements)
	return errs
}

// do runs a statement that gives no rows.
func (c *conn) do(query string) error {
	s, err := c.prepared(query)
	if err != nil {
		return err
	}
	return s.Exec()
}

// number runs a statement that gives one number.
func (c *conn) number(query string) (int64, error) {
	s, _, err := c.Prepare(query)
	if err != nil {
		return 0, err
	}
	var n int64
	if s.Step() {
		n = s.ColumnInt64(0)
	}
	return n, errors.Join(s.Err(), s.Close())
}

func (c *conn) close() error {
	if c == nil {
		return nil
	}
	return errors.Join(c.forget(), c.Conn.Close())
}
