// Package credential keeps the keys by which services, the steward and
// integrators prove on the bus who they are: a folder with two nkey seeds for
// each, the one in use and the one it changes to. The server is told the public
// keys of both, so that to change a key needs no moment in which neither holds.
//
// It refuses seeds that others can read, and shows no seed.
package credential

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nkeys"

	"github.com/sanad-network/sanad/pkg/secret"
)

// Folder is where the seeds of some identities are.
type Folder struct{ dir string }

// In is the folder at a path; it is made when the first identity is.
func In(dir string) Folder { return Folder{dir} }

const (
	inUse  = ".seed"
	toCome = ".next.seed"
)

// Seed is the file with the seed that an identity uses.
func (f Folder) Seed(identity string) string { return filepath.Join(f.dir, identity+inUse) }

// Next is the file with the seed to which an identity changes.
func (f Folder) Next(identity string) string { return filepath.Join(f.dir, identity+toCome) }

// Has reports whether an identity has a seed.
func (f Folder) Has(identity string) bool {
	_, err := os.Stat(f.Seed(identity))
	return err == nil
}

// Issue makes the seeds of identities that have none.
func (f Folder) Issue(identities ...string) error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	for _, identity := range identities {
		for _, path := range []string{f.Seed(identity), f.Next(identity)} {
			if _, err := secret.Ensure(path, newSeed); err != nil {
				return err
			}
		}
	}
	return nil
}

// ErrNobody says that there is no identity of that name.
var ErrNobody = errors.New("there is no identity of that name")

// Rotate has an identity use the seed that it was to change to, which the server
// knows already, and makes another to come. The one before holds until the
// server reads its configuration again.
func (f Folder) Rotate(identity string) error {
	if !f.Has(identity) {
		return ErrNobody
	}
	if err := f.Issue(identity); err != nil {
		return err
	}
	if err := os.Rename(f.Next(identity), f.Seed(identity)); err != nil {
		return err
	}
	return f.Issue(identity)
}

// Revoke takes an identity's seeds away. The server refuses it once it has read
// its configuration again.
func (f Folder) Revoke(identity string) error {
	if !f.Has(identity) {
		return ErrNobody
	}
	err := os.Remove(f.Next(identity))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, os.Remove(f.Seed(identity)))
}

// Public gives the two public keys of an identity.
func (f Folder) Public(identity string) ([]string, error) {
	var keys []string
	for _, path := range []string{f.Seed(identity), f.Next(identity)} {
		seed, err := secret.Read(path)
		if err != nil {
			return nil, err
		}
		pair, err := nkeys.FromSeed([]byte(strings.TrimSpace(string(seed))))
		if err != nil {
			return nil, fmt.Errorf("%s holds no seed", path)
		}
		public, err := pair.PublicKey()
		pair.Wipe()
		if err != nil || !nkeys.IsValidPublicUserKey(public) {
			return nil, fmt.Errorf("%s holds the seed of something else than a user", path)
		}
		keys = append(keys, public)
	}
	return keys, nil
}

// Names lists who has a seed here, sorted.
func (f Folder) Names() ([]string, error) {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), inUse); ok && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".next") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, err
}

func newSeed() ([]byte, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, err
	}
	defer pair.Wipe()
	seed, err := pair.Seed()
	if err != nil {
		return nil, err
	}
	return append(seed, '\n'), nil
}
