package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// sight is what can be seen of a directory without reading its files.
type sight map[string]seen

type seen struct {
	mode     fs.FileMode
	size     int64
	modified time.Time
}

// look refuses links, and all else that is neither a file nor a directory: what
// a link leads to may be outside, where nothing holds still.
func look(dir string) (sight, error) {
	s := sight{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode(); !mode.IsRegular() && !mode.IsDir() {
			return fmt.Errorf("%w: %q is neither a file nor a directory; put in its place what it stands for", ErrUnknown, path)
		}
		size := info.Size()
		if info.IsDir() {
			size = 0
		}
		s[path] = seen{info.Mode(), size, info.ModTime()}
		return nil
	})
	return s, err
}

// differs names something that is not as it was.
func (s sight) differs(now sight) string {
	all := maps.Clone(s)
	maps.Copy(all, now)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if s[name] != now[name] { // what is not there has no mode
			return name
		}
	}
	return ""
}

// copyRest copies a directory as it is, except for some entries of it.
func copyRest(ctx context.Context, from, to string, except ...string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case slices.Contains(except, name):
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case entry.IsDir():
			return os.Mkdir(filepath.Join(to, name), 0o700)
		}
		return copyFile(path, filepath.Join(to, name))
	})
}

// copyFile copies a file with its time. Its mode comes last, with those of the
// directories.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("copy %q: %w", from, err)
	}
	return os.Chtimes(to, time.Time{}, info.ModTime())
}

// keepModes gives what was copied the modes that it had, the outermost last.
func keepModes(from, to string) error {
	type change struct {
		path string
		mode fs.FileMode
	}
	var changes []change
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if copied := filepath.Join(to, name); err == nil && present(copied) {
			changes = append(changes, change{copied, info.Mode().Perm()})
		}
		return err
	})
	for _, c := range slices.Backward(changes) {
		err = errors.Join(err, os.Chmod(c.path, c.mode))
	}
	return err
}

// syncTree brings all that is in a directory to the disk.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncPath(path)
	})
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// explained says of a failure that the disk is full when it is: what SQLite says
// then depends on which of its files met the end. It must be asked before what
// was written goes.
func explained(dir string, err error) error {
	if err == nil || errors.Is(err, ErrFull) {
		return err
	}
	full := os.WriteFile(filepath.Join(dir, "room"), make([]byte, 1<<16), 0o600)
	if errors.Is(full, syscall.ENOSPC) || errors.Is(full, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
