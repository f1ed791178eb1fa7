//go:build unix

package secret

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	for _, content := range []string{"one", "another"} {
		if err := Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(path); err != nil || string(got) != content {
			t.Errorf("read %q, %v", got, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if rest, _ := os.ReadDir(filepath.Dir(path)); len(rest) != 1 {
		t.Errorf("left beside it: %v", rest)
	}
}

// What cannot be written whole is not there at all.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "seed")
	if err := os.MkdirAll(filepath.Join(path, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("canary")); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("written over a folder: %v", err)
	}
	if rest, _ := os.ReadDir(dir); len(rest) != 1 {
		t.Errorf("left beside it: %v", rest)
	}
	if err := Write(filepath.Join(dir, "nowhere", "seed"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("written nowhere: %v", err)
	}
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	if err := Write(path, []byte("canary")); err != nil {
		t.Fatal(err)
	}
	for mode, open := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o440: true, 0o640: true, 0o644: true, 0o660: true, 0o604: true, 0o620: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); errors.Is(err, ErrOpen) != open {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

// owner is what is said of a file that a user has.
type owner struct {
	fs.FileInfo
	mode fs.FileMode
	uid  uint32
}

func (o owner) Mode() fs.FileMode { return o.mode }
func (o owner) Sys() any          { return &syscall.Stat_t{Uid: o.uid} }

// An orchestrator owns what it hands out: of that, and of nothing else, a group
// may read.
func TestGroupsReadWhatOrchestratorsOwn(t *testing.T) {
	me := uint32(os.Geteuid())
	for _, test := range []struct {
		mode fs.FileMode
		uid  uint32
		open bool
	}{
		{0o400, me, false},
		{0o600, me, false},
		{0o440, me, true},
		{0o640, me, true},
		{0o440, me + 1, false},
		{0o640, me + 1, false},
		{0o660, me + 1, true},
		{0o450, me + 1, true},
		{0o444, me + 1, true},
		{0o644, me + 1, true},
		{0o602, me + 1, true},
	} {
		if got := open(owner{mode: test.mode, uid: test.uid}); got != test.open {
			t.Errorf("mode %o of user %d, read by user %d: open is %v", test.mode, test.uid, me, got)
		}
	}
}

// Of two who make a file one does, and the other gets what that one made.
func TestCreateReplacesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	if err := Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second one: %v", err)
	}
	late := filepath.Join(filepath.Dir(path), "late")
	got, err := Ensure(late, func() ([]byte, error) { return []byte("mine"), Create(late, []byte("theirs")) })
	if err != nil || string(got) != "theirs" {
		t.Errorf("who comes second has %q, %v", got, err)
	}
	if rest, _ := os.ReadDir(filepath.Dir(path)); len(rest) != 2 {
		t.Errorf("left beside it: %v", rest)
	}
}

func TestEnsure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	made := 0
	first := func() ([]byte, error) { made++; return []byte("first"), nil }
	for range 2 {
		if got, err := Ensure(path, first); err != nil || string(got) != "first" {
			t.Errorf("%q, %v", got, err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Ensure(path, first); !errors.Is(err, ErrOpen) || made != 1 {
		t.Errorf("one that is open: %v, made %d times", err, made)
	}
	empty := filepath.Join(filepath.Dir(path), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Ensure(empty, first); !errors.Is(err, ErrEmpty) || made != 1 {
		t.Errorf("one that is empty: %v, made %d times", err, made)
	}
	sad := errors.New("no entropy")
	if _, err := Ensure(path+"2", func() ([]byte, error) { return nil, sad }); !errors.Is(err, sad) {
		t.Error(err)
	}
}
