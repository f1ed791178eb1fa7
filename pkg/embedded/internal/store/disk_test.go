package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// disk is a file system that fails at a chosen step. Steps are what changes
// something: writes, truncations, syncs and deletions.
type disk struct {
	store.Files

	mu    sync.Mutex
	steps int
	// end is the step at which everything ends, as by kill -9: of its write
	// half is done, and nothing after it. 0: never.
	end int
	// full is the step from which on no file can grow. 0: never.
	full int
	// synced is what each file held when it was last synced.
	synced map[string][]byte
}

var disks atomic.Int64

var errEnded = errors.New("the process has ended")

// mount makes a disk and the options of a store on it.
func mount(t *testing.T, d *disk) store.Options {
	t.Helper()
	d.synced = map[string][]byte{}
	name := fmt.Sprint("disk-", disks.Add(1))
	vfs.Register(name, d)
	t.Cleanup(func() { vfs.Unregister(name) })
	return store.Options{VFS: name}
}

// step counts one. It tells whether this is the one that is half done.
func (d *disk) step() (half bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps++
	if d.end > 0 && d.steps > d.end {
		return false, errEnded
	}
	return d.end > 0 && d.steps == d.end, nil
}

func (d *disk) ended() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.end > 0 && d.steps >= d.end
}

func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if d.ended() {
		return nil, flags, errEnded
	}
	f, flags, err := d.Files.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &file{File: f, disk: d, path: name.String()}, flags, nil
}

func (d *disk) Delete(name string, syncDir bool) error {
	if half, err := d.step(); half || err != nil {
		return errEnded
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.synced, name)
	return d.Files.Delete(name, syncDir)
}

type file struct {
	vfs.File

	disk *disk
	path string
}

func (f *file) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	half, err := f.disk.step()
	if err != nil {
		return 0, err
	}
	if half {
		n, _ := f.File.WriteAt(p[:len(p)/2], off)
		return n, errEnded
	}
	size, err := f.Size()
	if err != nil {
		return 0, err
	}
	f.disk.mu.Lock()
	full := f.disk.full > 0 && f.disk.steps >= f.disk.full
	f.disk.mu.Unlock()
	if full && off+int64(len(p)) > size {
		return 0, sqlite3.FULL
	}
	return f.File.WriteAt(p, off)
}

func (f *file) Truncate(size int64) error {
	if half, err := f.disk.step(); half || err != nil {
		return errEnded
	}
	return f.File.Truncate(size)
}

func (f *file) Sync(flags vfs.SyncFlag) error {
	if half, err := f.disk.step(); half || err != nil {
		return errEnded
	}
	if err := f.File.Sync(flags); err != nil {
		return err
	}
	content, err := os.ReadFile(f.path)
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.disk.synced[f.path] = content
	return err
}

// left copies what a process that ended left on the disk. After a power cut
// that is what was synced.
func (d *disk) left(t *testing.T, dir string, powerCut bool) string {
	t.Helper()
	to := t.TempDir()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "-shm") {
			continue // it is memory
		}
		if synced, known := d.synced[path]; powerCut && strings.Contains(path, ".db") {
			if !known {
				continue
			}
			content = synced
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
