package front

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Keys keep the order of what they stand for, and no two _ids have one key.
func TestKeysKeepTheOrder(t *testing.T) {
	key := func(t *rapid.T, v any) []byte {
		kind, raw, err := bson.MarshalValue(v)
		if err != nil {
			t.Fatal(err)
		}
		k, err := keyOf(bsoncore.Value{Type: bsoncore.Type(kind), Data: raw})
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if (a < b) != (string(key(t, a)) < string(key(t, b))) {
			t.Errorf("%q and %q", a, b)
		}
		n, m := rapid.Int64().Draw(t, "n"), rapid.Int64().Draw(t, "m")
		if (n < m) != (string(key(t, n)) < string(key(t, m))) {
			t.Errorf("%d and %d", n, m)
		}
		if string(key(t, n)) >= string(key(t, a)) {
			t.Error("a number behind a string")
		}
		x, y := rapid.SliceOf(rapid.Byte()).Draw(t, "x"), rapid.SliceOf(rapid.Byte()).Draw(t, "y")
		if same := string(x) == string(y); same != (string(key(t, x)) == string(key(t, y))) {
			t.Errorf("%x and %x", x, y)
		}
	})
}
