// Package secret reads and writes files that only their owner may see: keys,
// seeds, passwords. A file is written whole or not at all, also when the disk is
// full or the power fails. It refuses to read what others can read, and never
// repeats what is in a file.
package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrOpen refuses a file that other users than its owner can read. There is one
// exception: a group of the process may read a file that another user owns.
var ErrOpen = errors.New("the file is open to others; its mode must be 0600")

// ErrEmpty refuses a secret of which nothing was written.
var ErrEmpty = errors.New("the file is empty; take it away, or put back what was in it")

// Write writes a file, in the place of one that is there.
func Write(path string, content []byte) error { return write(path, content, os.Rename) }

// Create writes a new file. It fails with fs.ErrExist where there is one, also
// when another process makes it meanwhile.
func Create(path string, content []byte) error { return write(path, content, settle) }

// write writes all of a file under another name, and then has it take its place.
func write(path string, content []byte, take func(from, to string) error) (err error) {
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
	if err := take(file.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// settle gives a file its name, unless another has it. A link is the one way in
// which only one of two processes succeeds; a disk without links, such as a
// memory stick, is asked first instead.
func settle(from, to string) error {
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	switch _, err := os.Lstat(to); {
	case err == nil:
		return &fs.PathError{Op: "create", Path: to, Err: fs.ErrExist}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return os.Rename(from, to)
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

// Read reads a file that only its owner can read and write. There is one exception:
// orchestrators own the secrets that they give to a process, and let the process
// read them by its group. So a group may read a file that the process does not own.
func Read(path string) (content []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if open(info) {
		return nil, fmt.Errorf("read %s: %w", path, ErrOpen)
	}
	content, err = io.ReadAll(file)
	if err == nil && len(bytes.TrimSpace(content)) == 0 {
		// An earlier version could leave one on a full disk. It must not pass for
		// a password, or for no key at all.
		return nil, fmt.Errorf("read %s: %w", path, ErrEmpty)
	}
	return content, err
}

// The modes of a file that let other users read or write it.
const (
	others     fs.FileMode = 0o007
	groupRead  fs.FileMode = 0o040
	groupOther fs.FileMode = 0o030
)

// open reports whether others than those for whom a file is can read or write it.
func open(info fs.FileInfo) bool {
	refused := others | groupOther
	if own(info) {
		refused |= groupRead
	}
	return info.Mode().Perm()&refused != 0
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
	err = Create(path, content)
	if errors.Is(err, fs.ErrExist) {
		return Read(path) // another process was quicker
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}
