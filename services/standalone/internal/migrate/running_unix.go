//go:build unix

package migrate

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// attached is the byte of a -shm file on which every process that has the
// database open holds a lock (UNIX_SHM_DMS in SQLite).
const attached = 128

// inUse finds a network that runs and happens to write nothing. It asks for
// locks and takes none.
func inUse(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		held, err := locked(filepath.Join(dir, e.Name()))
		if err != nil {
			return fmt.Errorf("ask who has %q open: %w", e.Name(), err)
		}
		if held {
			return fmt.Errorf("%w: a process has %q open; stop it, and try again", ErrInUse, e.Name())
		}
	}
	return nil
}

func locked(name string) (held bool, err error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: attached, Len: 1}
	err = syscall.FcntlFlock(f.Fd(), syscall.F_GETLK, &lock)
	return lock.Type != syscall.F_UNLCK, err
}
