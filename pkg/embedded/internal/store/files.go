package store

import (
	"errors"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// filesName is what SQLite knows files by.
const filesName = "sanad"

func init() { vfs.Register(filesName, Files{}) }

// Files is the machine's file system, with two faults of the library mended. A
// file whose pages carry checksums is never mapped into memory, and the library
// fails at a checkpoint when it could have been. And it takes a full disk for a
// broken one.
type Files struct{}

var machine = vfs.Find("os").(vfs.VFSFilename)

// OpenFilename opens a file for SQLite.
func (Files) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := machine.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return mended{file}, flags, nil
}

// Open is not called: a file has a Filename.
func (Files) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return machine.Open(name, flags)
}

// Delete deletes a file.
func (Files) Delete(name string, syncDir bool) error { return machine.Delete(name, syncDir) }

// Access tells whether a file is there.
func (Files) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return machine.Access(name, flags)
}

// FullPathname is the absolute path of a file.
func (Files) FullPathname(name string) (string, error) { return machine.FullPathname(name) }

// mended is a file that cannot be mapped, and that says when the disk is full.
type mended struct{ vfs.File }

// SharedMemory is where connections keep the index of the log in common.
func (m mended) SharedMemory() vfs.SharedMemory {
	if f, ok := m.File.(vfs.FileSharedMemory); ok {
		return f.SharedMemory()
	}
	return nil
}

// WriteAt writes, or says that there is no room.
func (m mended) WriteAt(p []byte, off int64) (int, error) {
	n, err := m.File.WriteAt(p, off)
	return n, full(err)
}

// Sync puts on the disk what was written. Some file systems look for room only
// now.
func (m mended) Sync(flags vfs.SyncFlag) error { return full(m.File.Sync(flags)) }

// Truncate sets the size.
func (m mended) Truncate(size int64) error { return full(m.File.Truncate(size)) }

// Unwrap is the file as the machine has it.
func (m mended) Unwrap() vfs.File { return m.File }

// full tells SQLite when it is the room that lacks.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return sqlite3.FULL
	}
	return err
}
