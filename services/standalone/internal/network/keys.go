package network

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sanad-network/sanad/pkg/seal"
	"github.com/sanad-network/sanad/pkg/secret"
)

// The files among the keys of an office.
const (
	// KeysetFile is the key to the data keys of all records.
	KeysetFile = "keyset.json"
	// IssuerFile signs the tokens of the office.
	IssuerFile = "issuer.pem"
	// CheckpointsDir holds the newest checkpoint of each service. It is no key; it is
	// among them because it must be where the database is not.
	CheckpointsDir = "checkpoints"
)

// KeysDir is where the keys to a data directory are by default: beside it, so that
// a copy of the one is not a copy of the other.
func KeysDir(dir string) string { return filepath.Clean(dir) + ".keys" }

// ErrKeys refuses a place for keys.
var ErrKeys = errors.New("the keys cannot be there")

// CheckKeys refuses a folder for keys that is below the data.
func CheckKeys(keys, data string) error {
	outer, err := filepath.Abs(data)
	if err != nil {
		return err
	}
	inner, err := filepath.Abs(keys)
	if err != nil {
		return err
	}
	inside, err := filepath.Rel(outer, inner)
	if err != nil {
		return err
	}
	if inside == "." || inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		return fmt.Errorf("%w: a copy of the data would hold the keys; set SANAD_KEYS to a folder that is not below SANAD_DATA", ErrKeys)
	}
	return nil
}

// openKeys makes the folder of the keys. An earlier version kept them among the
// data: they move.
func openKeys(keys, data string) error {
	if err := os.MkdirAll(keys, 0o700); err != nil {
		return err
	}
	for _, name := range []string{KeysetFile, IssuerFile} {
		if err := move(filepath.Join(data, name), filepath.Join(keys, name)); err != nil {
			return err
		}
	}
	return nil
}

// move takes a file to its new place, which may be on another disk. It is at
// every moment in one of the two at least.
func move(from, to string) error {
	old, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	there, err := secret.Ensure(to, func() ([]byte, error) { return old, nil })
	if err != nil {
		return err
	}
	if !bytes.Equal(there, old) {
		return fmt.Errorf("%w: %s and %s differ, and one of them opens the records; move the other away", ErrKeys, from, to)
	}
	return os.Remove(from)
}

// ensureKeyset makes the keyset of a new network. It never writes over one:
// without the old keys the old records could not be read.
func ensureKeyset(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	keyset, err := seal.NewKeyset()
	if err != nil {
		return err
	}
	return keyset.WriteFile(path)
}

func newPassword() ([]byte, error) { return []byte(rand.Text() + "\n"), nil }
