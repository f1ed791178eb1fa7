package store

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// failing is a file that fails as the machine's do.
type failing struct {
	vfs.File

	err error
}

func (f failing) WriteAt([]byte, int64) (int, error) { return 0, f.fail() }
func (f failing) Sync(vfs.SyncFlag) error            { return f.fail() }
func (f failing) Truncate(int64) error               { return f.fail() }
func (f failing) fail() error                        { return &fs.PathError{Op: "write", Path: "documents.db", Err: f.err} }

// A full disk is told from one that is broken.
func TestFullIsNotBroken(t *testing.T) {
	for cause, full := range map[error]bool{syscall.ENOSPC: true, syscall.EDQUOT: true, syscall.EIO: false} {
		m := mended{failing{err: cause}}
		_, write := m.WriteAt(nil, 0)
		for what, err := range map[string]error{"write": write, "sync": m.Sync(0), "truncate": m.Truncate(0)} {
			if errors.Is(err, sqlite3.FULL) != full || errors.Is(err, cause) == full {
				t.Errorf("%s: %v is told as %v", what, cause, err)
			}
		}
	}
}
