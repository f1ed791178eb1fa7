package network

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestKeysAreNotAmongTheData(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, keys := range []string{data, filepath.Join(data, "keys"), filepath.Join(data, "..", "data", "a", "b")} {
		if err := CheckKeys(keys, data); !errors.Is(err, ErrKeys) {
			t.Errorf("%s: %v", keys, err)
		}
	}
	for _, keys := range []string{KeysDir(data), KeysDir(data + "/"), filepath.Join(data, "..", "keys")} {
		if err := CheckKeys(keys, data); err != nil {
			t.Errorf("%s: %v", keys, err)
		}
	}
}

// An earlier version kept the keys among the data: they move, once, and never
// over others.
func TestKeysMove(t *testing.T) {
	data := t.TempDir()
	keys := filepath.Join(t.TempDir(), "keys")
	write := func(path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old, now := filepath.Join(data, KeysetFile), filepath.Join(keys, KeysetFile)
	write(old, "the keyset")
	for range 2 {
		if err := openKeys(keys, data); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(now); err != nil || string(got) != "the keyset" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("the old one stayed")
	}
	// Half of a move: both are there, and the same.
	write(old, "the keyset")
	if err := openKeys(keys, data); err != nil {
		t.Fatal(err)
	}
	write(old, "another keyset")
	if err := openKeys(keys, data); !errors.Is(err, ErrKeys) {
		t.Errorf("two keysets: %v", err)
	}
	for path, want := range map[string]string{old: "another keyset", now: "the keyset"} {
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("%s holds %q", path, got)
		}
	}
}
