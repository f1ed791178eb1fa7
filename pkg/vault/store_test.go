package vault_test

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/pkg/vault"
)

// key writes the key to a bucket.
func key(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key.json")
	if err := secret.Write(path, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return path
}

// bucket serves a store that speaks the protocol of S3.
func bucket(t *testing.T) vault.Config {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("papers"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return vault.Config{Files: server.URL + "/papers", FilesKeyFile: key(t, `{"access_key": "desk", "secret_key": "not-a-secret"}`)}
}

func TestStores(t *testing.T) {
	for name, config := range map[string]vault.Config{
		"folder": {Files: filepath.Join(t.TempDir(), "files")},
		"bucket": bucket(t),
	} {
		t.Run(name, func(t *testing.T) {
			store, err := vault.Open(config)
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			if _, err := store.Get(ctx, "room/key/file_1"); !errors.Is(err, vault.ErrMissing) {
				t.Error("what was never put there:", err)
			}
			if folders, err := store.Folders(ctx, "room"); len(folders) > 0 || err != nil {
				t.Error("folders of nothing:", folders, err)
			}
			for name, content := range map[string]string{"room/key/file_1": "one", "room/key/file_2": "two", "room/other/file_3": "three", "house/key/file_4": "four"} {
				if err := store.Put(ctx, name, []byte(content)); err != nil {
					t.Fatal(err)
				}
			}
			if err := store.Put(ctx, "room/key/file_1", []byte("another")); err != nil {
				t.Error("put again:", err)
			}
			if got, err := store.Get(ctx, "room/key/file_1"); string(got) != "one" || err != nil {
				t.Errorf("it holds %q, %v", got, err)
			}
			folders, err := store.Folders(ctx, "room")
			if diff := cmp.Diff([]string{"key", "other"}, folders); diff != "" || err != nil {
				t.Error(diff, err)
			}
			if err := store.Empty(ctx, "room/key"); err != nil {
				t.Error(err)
			}
			if _, err := store.Get(ctx, "room/key/file_2"); !errors.Is(err, vault.ErrMissing) {
				t.Error("what was emptied:", err)
			}
			for _, name := range []string{"room/other/file_3", "house/key/file_4"} {
				if _, err := store.Get(ctx, name); err != nil {
					t.Error("what is in another folder:", err)
				}
			}
		})
	}
}

// Nobody but its owner may look into the folder.
func TestFolderIsClosed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	store, err := vault.Open(vault.Config{Files: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), "room/key/file_1", []byte("one")); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{"": 0o700, "room": 0o700, "room/key": 0o700, "room/key/file_1": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	for _, name := range []string{"../out", "room/../../out"} {
		if err := store.Put(t.Context(), name, []byte("out")); err == nil {
			t.Errorf("it wrote %s", name)
		}
	}
}

func TestConfig(t *testing.T) {
	right := key(t, `{"access_key": "a", "secret_key": "b"}`)
	for name, c := range map[string]vault.Config{
		"http to another machine":   {Files: "http://files.example/papers", FilesKeyFile: right},
		"no bucket":                 {Files: "https://files.example", FilesKeyFile: right},
		"a folder in the bucket":    {Files: "https://files.example/papers/her", FilesKeyFile: right},
		"a password in the address": {Files: "https://a:b@files.example/papers", FilesKeyFile: right},
		"another protocol":          {Files: "s3://papers", FilesKeyFile: right},
		"a bucket without a key":    {Files: "https://files.example/papers"},
		"a folder with a key":       {Files: "/var/lib/sanad/files", FilesKeyFile: right},
		"a key without a secret":    {Files: "https://files.example/papers", FilesKeyFile: key(t, `{"access_key": "a"}`)},
		"no key":                    {Files: "https://files.example/papers", FilesKeyFile: filepath.Join(t.TempDir(), "none")},
	} {
		if _, err := vault.Open(c); err == nil {
			t.Errorf("%s: it opened", name)
		}
	}
	if store, err := vault.Open(vault.Config{}); store != nil || err != nil {
		t.Error("nowhere:", store, err)
	}
}
