package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sanad-network/sanad/pkg/embedded/hold"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// places are the absolute paths of a migration, without links.
type places struct {
	from, to string
	// work stands beside to and becomes it in the end.
	work string
	// stood is the mode of to when it was there, and empty.
	stood fs.FileMode
	// held has work for this process until it is what it becomes.
	held *hold.Hold
}

// unfinished is where the new database comes to be.
func (p *places) unfinished() string { return unfinished(p.work) }

func unfinished(dir string) string { return filepath.Join(dir, "database.unfinished") }

// locate refuses a path that is not an old data directory, or not a place for a new
// one.
func locate(from, to string) (p places, err error) {
	if p.from, err = filepath.Abs(from); err == nil {
		p.from, err = filepath.EvalSymlinks(p.from)
	}
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrPlace, err)
	}
	if p.to, err = target(to); err != nil {
		return p, fmt.Errorf("%w: %w", ErrPlace, err)
	}
	p.work = p.to + ".migrating"
	switch {
	case within(p.from, p.to) || within(p.to, p.from):
		return p, fmt.Errorf("%w: %q and SANAD_DATA, %q, are one directory, or one is in the other; move the old one aside first: mv %q %q",
			ErrPlace, from, to, from, filepath.Clean(from)+".old")
	case within(p.work, p.from) || within(p.from, p.work):
		return p, fmt.Errorf("%w: %q is where the new directory is made; give the old one another name", ErrPlace, p.work)
	case present(unfinished(p.from)):
		return p, fmt.Errorf("%w: %q is what is left of a migration that was stopped; name the directory that it was made from", ErrPlace, from)
	case present(network.DatabaseDir(p.from)):
		return p, fmt.Errorf("%w: %q is of the present form already", ErrPlace, from)
	case !present(network.OldDatabaseDir(p.from)):
		return p, fmt.Errorf("%w: %q is not a data directory of the earlier version: it has no folder %q",
			ErrPlace, from, filepath.Base(network.OldDatabaseDir("")))
	case present(p.work):
		if err := hold.Held(p.work); err != nil {
			return p, fmt.Errorf("%w: a migration is going on: %w", ErrPlace, err)
		}
		return p, fmt.Errorf("%w: %q is left of a migration that was stopped; delete it, and try again", ErrPlace, p.work)
	}
	p.stood, err = empty(p.to)
	if err != nil {
		return p, fmt.Errorf("%w: SANAD_DATA, %q: %w", ErrPlace, to, err)
	}
	return p, nil
}

// target is where a path leads to that may not be there yet.
func target(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return filepath.EvalSymlinks(path)
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// within tells whether a path is a directory or lies in it, also where the
// directory has several names.
func within(path, dir string) bool {
	d, err := os.Stat(dir)
	if err != nil {
		return false
	}
	for {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, d) {
			return true
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		path = parent
	}
}

func present(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// empty gives the mode of an empty directory, or 0 when there is none.
func empty(dir string) (fs.FileMode, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	if len(entries) > 0 {
		return 0, errors.New("it is not empty")
	}
	return info.Mode(), nil
}

// begin makes the directory to work in, and holds it. An empty one at the place of the new
// one goes now: whether it can is to be known before the work.
func (p *places) begin() (err error) {
	if p.stood != 0 {
		if err := os.Remove(p.to); err != nil {
			return fmt.Errorf("%w: SANAD_DATA must be a directory that can be made anew, not a mount: name one in it: %w", ErrPlace, err)
		}
	}
	for _, dir := range []string{p.work, p.unfinished(), network.OldDatabaseDir(p.work)} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return errors.Join(fmt.Errorf("%w: %w", ErrPlace, err), p.abandon())
		}
	}
	if p.held, err = hold.Take(p.work); err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrPlace, err), p.abandon())
	}
	return nil
}

// abandon leaves nothing behind.
func (p *places) abandon() error {
	err := errors.Join(p.held.Release(), os.RemoveAll(p.work))
	if p.stood != 0 && !present(p.to) {
		err = errors.Join(err, os.Mkdir(p.to, p.stood.Perm()))
	}
	return err
}
