package embedded_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/vault"
)

// A file is given as it was put in, to its own case alone, and not after its key.
func TestVault(t *testing.T) {
	dir := t.TempDir()
	store, err := vault.Open(vault.Config{Files: dir})
	if err != nil {
		t.Fatal(err)
	}
	keys := openKeys(t, database(t).Collection("keys"), newKeyset(t))
	defer closeKeys(t, keys)
	ctx, v := t.Context(), vault.New(store, keys, "legal-aid")
	content := bytes.Repeat([]byte("canary of a paper "), 1000)
	kept, err := v.Keep(ctx, "case_1", vault.Weigh("file_1", "application/pdf", content), content)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.Give(ctx, "case_1", kept); err != nil || !bytes.Equal(got, content) {
		t.Error("it is not what was put in:", err)
	}
	if _, err := v.Keep(ctx, "case_1", vault.Weigh("file_1", "application/pdf", content), content); err != nil {
		t.Error("the same again:", err)
	}
	path := filepath.Join(dir, "legal-aid", kept.Key, "file_1")
	sealed, err := os.ReadFile(path)
	if err != nil || bytes.Contains(sealed, []byte("canary")) {
		t.Fatal("it lies open, or not there:", err)
	}

	for name, change := range map[string]func(*vault.File){
		"type": func(f *vault.File) { f.Type = "image/png" },
		"size": func(f *vault.File) { f.Size++ },
		"hash": func(f *vault.File) { f.SHA256 = strings.Repeat("0", 64) },
	} {
		other := kept
		change(&other)
		if _, err := v.Give(ctx, "case_1", other); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := v.Give(ctx, "case_2", kept); !errors.Is(err, seal.ErrSealed) {
		t.Error("another case:", err)
	}
	if _, err := vault.New(store, keys, "psychosocial").Give(ctx, "case_1", kept); !errors.Is(err, vault.ErrMissing) {
		t.Error("another service:", err)
	}
	// Another file of the case in its place.
	second := []byte("another paper")
	other, err := v.Keep(ctx, "case_1", vault.Weigh("file_2", "application/pdf", second), second)
	if err != nil {
		t.Fatal(err)
	}
	swapped, err := os.ReadFile(filepath.Join(dir, "legal-aid", other.Key, "file_2"))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"one byte": append(bytes.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1), "half": sealed[:len(sealed)/2], "nothing": {}, "another file": swapped} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Give(ctx, "case_1", kept); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(path, sealed, 0o600); err != nil {
		t.Fatal(err)
	}

	// Files go with the keys that are erased, and with no others.
	if err := v.Forget(ctx, func(string) bool { return false }); err != nil {
		t.Error(err)
	}
	if _, err := v.Give(ctx, "case_1", kept); err != nil {
		t.Error("nothing was erased:", err)
	}
	if err := v.Forget(ctx, func(key string) bool { return key == kept.Key }); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, os.ErrNotExist) {
		t.Error("the files of an erased case are still there:", err)
	}
	if _, err := v.Give(ctx, "case_1", kept); !errors.Is(err, vault.ErrMissing) {
		t.Error("a file that went:", err)
	}
	nowhere := vault.New(nil, keys, "legal-aid")
	if _, err := nowhere.Keep(ctx, "case_1", kept, content); fault.Of(err).Kind != fault.Unavailable {
		t.Error("nowhere:", err)
	}
}
