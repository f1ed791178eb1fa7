package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sanad-network/sanad/pkg/secret"
)

// folder keeps files in a folder of this machine.
type folder struct{ root *os.Root }

// openFolder makes the folder, unless it is there. Nobody but its owner may look into it.
func openFolder(path string) (Store, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return folder{root}, nil
}

// Put writes a file whole or not at all.
func (f folder) Put(_ context.Context, name string, content []byte) error {
	if err := f.root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	err := secret.Create(filepath.Join(f.root.Name(), name), content)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return errors.Join(err, f.keepNames(filepath.Dir(name)))
}

// keepNames has the names of the folders above a file outlive a power cut, too.
func (f folder) keepNames(dir string) (err error) {
	for ; err == nil; dir = filepath.Dir(dir) {
		var d *os.File
		if d, err = f.root.Open(dir); err == nil {
			err = errors.Join(d.Sync(), d.Close())
		}
		if dir == "." {
			return err
		}
	}
	return err
}

// Get reads a file.
func (f folder) Get(_ context.Context, name string) ([]byte, error) {
	content, err := f.root.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	return content, err
}

// Folders lists the folders below one.
func (f folder) Folders(_ context.Context, below string) (names []string, err error) {
	entries, err := fs.ReadDir(f.root.FS(), below)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Files lists the files of a folder.
func (f folder) Files(_ context.Context, of string) (names []string, err error) {
	entries, err := fs.ReadDir(f.root.FS(), of)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Empty removes a folder.
func (f folder) Empty(_ context.Context, name string) error { return f.root.RemoveAll(name) }
