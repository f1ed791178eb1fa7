// Package secret reads and writes files that only their owner may see: keys,
// seeds, passwords. A file is written whole or not at all, also when the disk is
// full or the power fails. It refuses to read what others can read, and never
// repeats what is in a file.
package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrOpen refuses a secret that is none: others than its owner and its group can
// read it, or anybody but its owner can write it.
var ErrOpen = errors.New("the file is open to others; its mode must be 0600")

// ErrEmpty refuses a secret of which nothing was written.
var ErrEmpty = errors.New("the file is empty; take it away, or put back what was in it")

// Write writes a file, in the place of one that is there.
func Write(path string, content []byte) (err error) {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	_, err = file.Write(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes a rename outlive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil // not every system can
	}
	return errors.Join(err, d.Close())
}

// Read reads a file. Orchestrators give secrets to a group; nobody gives them to
// everybody.
func Read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o037 != 0 {
		return nil, fmt.Errorf("read %s: %w", path, ErrOpen)
	}
	content, err := os.ReadFile(path)
	if err == nil && len(bytes.TrimSpace(content)) == 0 {
		// An earlier version could leave one on a full disk. It must not pass for
		// a password, or for no key at all.
		return nil, fmt.Errorf("read %s: %w", path, ErrEmpty)
	}
	return content, err
}

// Ensure reads a file, and makes it the first time. One that is there is never
// written over.
func Ensure(path string, first func() ([]byte, error)) ([]byte, error) {
	content, err := Read(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return content, err
	}
	if content, err = first(); err != nil {
		return nil, err
	}
	return content, Write(path, content)
}
