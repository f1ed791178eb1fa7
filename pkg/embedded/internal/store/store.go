// Package store keeps documents in one SQLite file: bytes under a key, in named
// collections, each once. A write is answered when the bytes are on the disk, and
// all writes of one moment share one sync.
//
// It knows neither MongoDB's protocol nor what is in a document. It refuses to open
// what another process has open, what it did not write itself, and files that lack
// what they once acknowledged: an operator must know of lost data before the first
// new write covers the traces.
package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"

	"github.com/sanad-network/sanad/pkg/embedded/hold"
)

// What Open refuses, besides what the disk does.
var (
	ErrInUse   = hold.ErrHeld
	ErrForeign = errors.New("the database's file was not written by this program")
	ErrLost    = errors.New("the database lacks writes that it had acknowledged")
)

// What an operation may meet.
var (
	// ErrFull says that the disk has no room. Nothing of the operation is stored,
	// and the next one that finds room is.
	ErrFull = errors.New("no space is left on the disk")
	// ErrDamaged says that what is stored is not what was written.
	ErrDamaged = errors.New("the database's file is damaged")
	// ErrClosed says that the store was closed. Nothing of the operation is stored.
	ErrClosed = errors.New("the database is closed")
)

// The files in the store's directory.
const (
	fileName = "documents.db"
	markName = "acknowledged"
)

// readers is how many may read at once. Each has a cache of its own, and what
// is read is mostly read once.
const readers = 2

// Options are for tests and tuning. The zero value is what an office runs on.
type Options struct {
	// VFS names the SQLite file system, so that tests can inject faults. Default:
	// that of the machine.
	VFS string
}

// Store is an open store. It is safe for concurrent use.
type Store struct {
	path string
	opts Options
	hold *hold.Hold
	mark *mark

	catalogue catalogue
	// written is how many documents were ever stored: each has its number.
	written atomic.Int64

	jobs    chan *job
	long    chan struct{} // the log has grown long
	closing chan struct{}
	ended   chan struct{}
	reading chan *conn // readers at rest; nil is one that is yet to be opened
	tasks   sync.WaitGroup
	once    sync.Once
	closed  error
}

// Open opens the store in a directory, or makes one there.
func Open(dir string, opts Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &Store{
		path: filepath.Join(dir, fileName), opts: opts,
		jobs: make(chan *job, 1024), long: make(chan struct{}, 1),
		closing: make(chan struct{}), ended: make(chan struct{}),
		reading: make(chan *conn, readers),
	}
	var err error
	if s.hold, err = hold.Take(dir); err != nil {
		return nil, err
	}
	if err := s.open(dir); err != nil {
		return nil, errors.Join(err, s.hold.Release())
	}
	return s, nil
}

func (s *Store) open(dir string) (err error) {
	if s.mark, err = openMark(filepath.Join(dir, markName)); err != nil {
		return err
	}
	var writer *conn
	if err = s.ensureFile(); err == nil {
		writer, err = s.connect()
	}
	if err == nil {
		// A refusal leaves file and log as they are: a person who repairs a loss
		// needs all of it.
		err = writer.keepLog(true)
	}
	if err == nil {
		err = s.load(writer)
	}
	if err == nil {
		err = writer.keepLog(false)
	}
	if err == nil {
		s.start(writer)
		return nil
	}
	return errors.Join(err, writer.close(), s.mark.close())
}

// ensureFile makes the file, unless there was one: SQLite would make it, too,
// and for everybody to read.
func (s *Store) ensureFile() error {
	flags := os.O_RDWR
	if s.mark.at == 0 {
		flags |= os.O_CREATE
	}
	file, err := os.OpenFile(s.path, flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoFile
	}
	if err != nil {
		return err
	}
	return file.Close()
}

var errNoFile = fmt.Errorf("%w: its file is gone or empty; restore its whole directory", ErrLost)

// load reads what there is, and holds it against what there was.
func (s *Store) load(c *conn) error {
	if err := c.prepareFile(s.mark.at > 0); err != nil {
		return err
	}
	if err := s.catalogue.load(c); err != nil {
		return fmt.Errorf("read the collections: %w", err)
	}
	written, err := s.catalogue.written(c)
	if err != nil {
		return fmt.Errorf("read the collections: %w", err)
	}
	if written < s.mark.at {
		return fmt.Errorf("%w: it holds %d, and %d were acknowledged; restore its whole directory, or delete the file %q in it to go on without them",
			ErrLost, written, s.mark.at, markName)
	}
	s.written.Store(written)
	return s.mark.set(written)
}

func (s *Store) start(writer *conn) {
	for range readers {
		s.reading <- nil
	}
	s.tasks.Go(func() { s.write(writer) })
	s.tasks.Go(s.checkpoint)
}

// Written is how many documents were ever stored, those since deleted included.
func (s *Store) Written() int64 { return s.written.Load() }

// Check reads every page of the file, and holds the keys against the documents:
// ErrDamaged when something is not as it was written. It takes as long as it
// takes to read everything.
func (s *Store) Check() error {
	return s.borrow(func(r *conn) error {
		check, _, err := r.Prepare(`PRAGMA integrity_check(1)`)
		if err != nil {
			return err
		}
		sound := check.Step() && check.ColumnText(0) == "ok"
		if err := errors.Join(check.Err(), check.Close()); err != nil {
			return err
		}
		if !sound {
			return ErrDamaged
		}
		return nil
	})
}

// Close ends the store after what was begun. The last one to close carries
// everything over from the log into the file.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.closing)
		s.tasks.Wait()
		for range readers {
			if c := <-s.reading; c != nil {
				s.closed = errors.Join(s.closed, c.close())
			}
		}
		s.closed = errors.Join(s.closed, s.mark.close(), s.hold.Release())
	})
	return s.closed
}

// told says in the store's words what SQLite says.
func told(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sqlite3.FULL):
		return ErrFull
	case errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.IOERR_DATA), errors.Is(err, sqlite3.IOERR_SHORT_READ):
		return ErrDamaged
	default:
		// What SQLite says of an operation names no value, but it quotes statements.
		if e, ok := errors.AsType[*sqlite3.Error](err); ok {
			return fmt.Errorf("database: %w", cmp.Or[error](e.Unwrap(), e.ExtendedCode()))
		}
		return err
	}
}
