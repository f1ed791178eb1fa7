package store

import "github.com/ncruces/go-sqlite3/vfs"

// filesName is what SQLite knows files by.
const filesName = "sanad"

func init() { vfs.Register(filesName, Files{}) }

// Files is the machine's file system without memory maps. A file whose pages
// carry checksums is never mapped, and the library fails at a checkpoint when
// it could have been.
type Files struct{}

var machine = vfs.Find("os").(vfs.VFSFilename)

// OpenFilename opens a file for SQLite.
func (Files) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := machine.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return unmapped{file}, flags, nil
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

// unmapped hides of a file that it could be mapped.
type unmapped struct{ vfs.File }

// SharedMemory is where connections keep the index of the log in common.
func (u unmapped) SharedMemory() vfs.SharedMemory {
	if f, ok := u.File.(vfs.FileSharedMemory); ok {
		return f.SharedMemory()
	}
	return nil
}

// Unwrap is the file as the machine has it.
func (u unmapped) Unwrap() vfs.File { return u.File }
