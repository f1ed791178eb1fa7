package service

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/sanad-network/sanad/pkg/secret"
)

// A seed that others can read proves nothing about who has it.
func TestTheSeedIsTheOwners(t *testing.T) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "seed")
	for mode, want := range map[os.FileMode]error{0o600: nil, 0o400: nil, 0o640: secret.ErrOpen, 0o604: secret.ErrOpen} {
		if err := errors.Join(secret.Write(path, seed), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		_, err := Config{NATSSeedFile: path}.reach(nil)("intake")
		if !errors.Is(err, want) || err != nil && !strings.Contains(err.Error(), "SANAD_NATS_SEED_FILE") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}
