package secret_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/secret"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	for _, content := range []string{"one", "another"} {
		if err := secret.Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := secret.Read(path); err != nil || string(got) != content {
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
	if err := secret.Write(path, []byte("canary")); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("written over a folder: %v", err)
	}
	if rest, _ := os.ReadDir(dir); len(rest) != 1 {
		t.Errorf("left beside it: %v", rest)
	}
	if err := secret.Write(filepath.Join(dir, "nowhere", "seed"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("written nowhere: %v", err)
	}
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	if err := secret.Write(path, []byte("canary")); err != nil {
		t.Fatal(err)
	}
	for mode, open := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o440: false, 0o640: false, 0o644: true, 0o660: true, 0o604: true, 0o620: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := secret.Read(path); errors.Is(err, secret.ErrOpen) != open {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestEnsure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed")
	made := 0
	first := func() ([]byte, error) { made++; return []byte("first"), nil }
	for range 2 {
		if got, err := secret.Ensure(path, first); err != nil || string(got) != "first" {
			t.Errorf("%q, %v", got, err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Ensure(path, first); !errors.Is(err, secret.ErrOpen) || made != 1 {
		t.Errorf("one that is open: %v, made %d times", err, made)
	}
	empty := filepath.Join(filepath.Dir(path), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Ensure(empty, first); !errors.Is(err, secret.ErrEmpty) || made != 1 {
		t.Errorf("one that is empty: %v, made %d times", err, made)
	}
	sad := errors.New("no entropy")
	if _, err := secret.Ensure(path+"2", func() ([]byte, error) { return nil, sad }); !errors.Is(err, sad) {
		t.Error(err)
	}
}
