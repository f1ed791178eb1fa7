// Package hold keeps a directory for one process at a time. A second process gets
// an error at once, which names the process that has the directory, and since when.
//
// The system releases the lock when the process ends, also after a crash: a file
// that is left over blocks no process. On a system without such a lock it refuses
// to guess: there no process gets the directory.
package hold

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// ErrHeld says that another process has the directory.
var ErrHeld = errors.New("is in use")

// File is the name of the lock in a directory that is held.
const File = "lock"

// Hold is a directory that this process has.
type Hold struct{ lock *flock.Flock }

// holder is what the lock says of who has it. A container counts its processes
// by itself, so a number says nothing without the machine.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// Take takes a directory that is there, until it is let go of or the process
// ends. It fails with ErrHeld, and the name of the other, when another has it.
func Take(dir string) (*Hold, error) {
	path := filepath.Join(dir, File)
	// Some network file systems lock only what is opened for writing.
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if !held {
		return nil, fmt.Errorf("%s %w by %s", dir, ErrHeld, who(path))
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	sign(path, holder{os.Getpid(), host, time.Now().UTC().Truncate(time.Second)})
	return &Hold{lock}, nil
}

// Release lets go of the directory; a second call does nothing. The file stays: to delete it would give the
// next two processes a lock each.
func (h *Hold) Release() error {
	if h == nil || !h.lock.Locked() {
		return nil
	}
	sign(h.lock.Path(), holder{})
	return h.lock.Close()
}

// sign says in the lock who has it. A disk that is full may refuse it: the lock
// holds all the same, and only its words are fewer.
func sign(path string, by holder) {
	text, err := json.Marshal(by)
	if by.PID == 0 || err != nil {
		text = nil
	}
	_ = os.WriteFile(path, text, 0o600)
}

// who names the one that has a lock. An earlier release signed none.
func who(path string) string {
	text, err := os.ReadFile(path)
	var by holder
	if err != nil || json.Unmarshal(text, &by) != nil || by.PID == 0 {
		return "another process"
	}
	return fmt.Sprintf("process %d on %q since %s", by.PID, cmp.Or(by.Host, "an unnamed machine"), by.Since.Format(time.RFC3339))
}

// Held fails with ErrHeld when a process has a directory. It makes no lock where
// there is none.
func Held(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, File)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	h, err := Take(dir)
	if err != nil {
		return err
	}
	return h.Release()
}
