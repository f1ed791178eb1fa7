package embedded_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/secret"
)

func openKeys(t *testing.T, coll *mongo.Collection, kek *seal.Keyset) *seal.Keys {
	t.Helper()
	keys, err := seal.Open(t.Context(), coll, kek, "intake")
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func closeKeys(t *testing.T, keys *seal.Keys) {
	t.Helper()
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
}

func TestKeysetFile(t *testing.T) {
	kek := newKeyset(t)
	path := filepath.Join(t.TempDir(), "keyset.json")
	if err := kek.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if err := newKeyset(t).WriteFile(path); !errors.Is(err, os.ErrExist) {
		t.Error("a keyset is replaced:", err)
	}
	fromFile, err := seal.ReadKeyset(path)
	if err != nil {
		t.Fatal(err)
	}
	// Both open the same keys.
	coll := database(t).Collection("keys")
	keys := openKeys(t, coll, kek)
	if _, err := keys.For(t.Context(), "case_1"); err != nil {
		t.Fatal(err)
	}
	closeKeys(t, keys)
	closeKeys(t, openKeys(t, coll, fromFile))
	for _, mode := range []os.FileMode{0o604, 0o640, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.ReadKeyset(path); !errors.Is(err, secret.ErrOpen) {
			t.Errorf("a keyset of mode %o: %v", mode, err)
		}
	}
	for _, bad := range []string{"?", `{"key":[]}`} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.ReadKeyset(path); err == nil {
			t.Errorf("%q is a keyset", bad)
		}
	}
}

func TestSeal(t *testing.T) {
	coll, kek := database(t).Collection("keys"), newKeyset(t)
	keys := openKeys(t, coll, kek)
	plain, ad := []byte("what nobody may read"), []byte("case_1/1")
	id, err := keys.For(t.Context(), "case_1")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := keys.Seal(id, plain, ad)
	if err != nil || bytes.Contains(sealed, plain[:8]) {
		t.Fatal(err)
	}
	if got, err := keys.Unseal(t.Context(), id, sealed, ad); err != nil || !bytes.Equal(got, plain) {
		t.Error(got, err)
	}
	other, err := keys.For(t.Context(), "case_2")
	if err != nil || other == id {
		t.Fatal("two cases share a key:", err)
	}
	if _, err := keys.Unseal(t.Context(), other, sealed, ad); err == nil {
		t.Error("unsealed with another key")
	}
	if _, err := keys.Unseal(t.Context(), id, sealed, []byte("case_1/2")); err == nil {
		t.Error("unsealed with other associated data")
	}
	if _, err := keys.Seal(id, plain, nil); err == nil {
		t.Error("sealed without associated data")
	}
	closeKeys(t, keys)

	// Another process: nobody owns the key until the journal tells.
	keys = openKeys(t, coll, kek)
	defer closeKeys(t, keys)
	if got, err := keys.Unseal(t.Context(), id, sealed, ad); err != nil || !bytes.Equal(got, plain) {
		t.Error(got, err)
	}
	keys.Adopt("case_1", id)
	keys.Adopt("case_1", other)
	keys.Adopt("case_3", "no such key")
	if got, err := keys.For(t.Context(), "case_1"); err != nil || got != id {
		t.Error("the case lost its key:", err)
	}
	if got, err := keys.For(t.Context(), "case_3"); err != nil || got == "no such key" || got == id || got == other {
		t.Error("case_3 has key", got, err)
	}
}

func TestSealErased(t *testing.T) {
	coll, kek := database(t).Collection("keys"), newKeyset(t)
	keys := openKeys(t, coll, kek)
	id, err := keys.For(t.Context(), "case_1")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := keys.Seal(id, []byte("plain"), []byte("ad"))
	if err != nil {
		t.Fatal(err)
	}
	closeKeys(t, keys)
	if _, err := coll.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: id}}); err != nil {
		t.Fatal(err)
	}
	keys = openKeys(t, coll, kek)
	defer closeKeys(t, keys)
	if _, err := keys.Unseal(t.Context(), id, sealed, []byte("ad")); !errors.Is(err, seal.ErrNoKey) {
		t.Error(err)
	}
	if _, err := keys.Seal(id, nil, []byte("ad")); !errors.Is(err, seal.ErrNoKey) {
		t.Error(err)
	}
}

// TestSealReplicas holds that two replicas never give one key to two owners,
// and read what the other sealed with a key made after they started.
func TestSealReplicas(t *testing.T) {
	coll, kek := database(t).Collection("keys"), newKeyset(t)
	a, b := openKeys(t, coll, kek), openKeys(t, coll, kek)
	defer closeKeys(t, a)
	defer closeKeys(t, b)
	given := map[string]string{}
	// More than a batch, so that both make keys meanwhile.
	for n := range 600 {
		for name, keys := range map[string]*seal.Keys{"a": a, "b": b} {
			owner := fmt.Sprint(name, n)
			id, err := keys.For(t.Context(), owner)
			if err != nil {
				t.Fatal(err)
			}
			if given[id] != "" {
				t.Fatalf("%s and %s share a key", given[id], owner)
			}
			given[id] = owner
		}
	}
	id, err := b.For(t.Context(), "b599")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := b.Seal(id, []byte("plain"), []byte("ad"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Unseal(t.Context(), id, sealed, []byte("ad")); err != nil || string(got) != "plain" {
		t.Error(got, err)
	}
}

func TestSealManyAtOnce(t *testing.T) {
	coll, kek := database(t).Collection("keys"), newKeyset(t)
	keys := openKeys(t, coll, kek)
	const owners = 300
	var first [owners]string
	var mu sync.Mutex
	var tasks sync.WaitGroup
	for w := range 8 {
		tasks.Go(func() {
			for n := range owners {
				id, err := keys.For(t.Context(), fmt.Sprint("case_", n))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if first[n] == "" {
					first[n] = id
				}
				if first[n] != id {
					t.Errorf("writer %d: case %d has two keys", w, n)
				}
				mu.Unlock()
			}
		})
	}
	tasks.Wait()
	closeKeys(t, keys)
	// What nobody took is given back, and no more.
	n, err := coll.CountDocuments(t.Context(), bson.D{})
	if err != nil || n != owners {
		t.Errorf("%d keys for %d owners: %v", n, owners, err)
	}
}

// TestKeysAreWrapped holds that the store has wrapped keys only: 65 bytes of
// which none opens with anything but the keyset.
func TestKeysAreWrapped(t *testing.T) {
	coll, kek := database(t).Collection("keys"), newKeyset(t)
	keys := openKeys(t, coll, kek)
	defer closeKeys(t, keys)
	cursor, err := coll.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var docs []struct {
		ID      string `bson:"_id"`
		Wrapped []byte
	}
	if err := cursor.All(t.Context(), &docs); err != nil || len(docs) == 0 {
		t.Fatal(len(docs), err)
	}
	for _, d := range docs {
		if len(d.Wrapped) != 5+12+32+16 { // Tink's prefix, nonce, key, tag
			t.Fatalf("a wrapped key of %d bytes", len(d.Wrapped))
		}
	}
	// A wrapped key moved to another id does not unwrap.
	if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "moved"}, {Key: "wrapped", Value: docs[0].Wrapped}}); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Unseal(t.Context(), "moved", []byte("x"), []byte("ad")); err == nil || errors.Is(err, seal.ErrNoKey) {
		t.Error("a moved key unwraps:", err)
	}
}
