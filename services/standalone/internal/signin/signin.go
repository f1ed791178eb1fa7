// Package signin makes the codes with which people of an office sign in at its desk. A code
// is for one person, once, for ten minutes. Who makes one needs the data directory; the
// codes are not in it, only their hashes. It refuses to say why a code cannot be used.
package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/sanad-network/sanad/pkg/identity"
)

// Lasts is how long a code can be used.
const Lasts = 10 * time.Minute

// ErrCode says that a code is not known, was used, or is too old.
var ErrCode = errors.New("the code cannot be used")

// letters are those that nobody takes for another (Crockford's base 32).
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// length gives 60 bits.
const length = 12

// Codes are those of one office.
type Codes struct{ dir string }

// In is the codes of a data directory.
func In(data string) Codes { return Codes{filepath.Join(data, "signin")} }

type entry struct {
	Person identity.Principal `json:"person"`
	Until  time.Time          `json:"until"`
}

// Make makes a code for a person.
func (c Codes) Make(p identity.Principal, now time.Time) (string, error) {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return "", fmt.Errorf("keep the code: %w", err)
	}
	c.sweep(now)
	b := make([]byte, length)
	_, _ = rand.Read(b) // it never fails
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	text, err := json.Marshal(entry{p, now.Add(Lasts)})
	if err != nil {
		return "", fmt.Errorf("keep the code: %w", err)
	}
	if err := os.WriteFile(c.path(string(b)), text, 0o600); err != nil {
		return "", fmt.Errorf("keep the code: %w", err)
	}
	return string(b), nil
}

// Take gives the person of a code. After that the code is gone, whatever comes of it.
func (c Codes) Take(code string, now time.Time) (identity.Principal, error) {
	// Of two who come at once, one takes the file away from the other.
	taken := c.path(code) + ".taken-" + rand.Text()
	if err := os.Rename(c.path(code), taken); errors.Is(err, fs.ErrNotExist) {
		return identity.Principal{}, ErrCode
	} else if err != nil {
		return identity.Principal{}, fmt.Errorf("take the code: %w", err)
	}
	text, err := os.ReadFile(taken)
	if err := errors.Join(err, os.Remove(taken)); err != nil {
		return identity.Principal{}, fmt.Errorf("take the code: %w", err)
	}
	var e entry
	if json.Unmarshal(text, &e) != nil || !now.Before(e.Until) {
		return identity.Principal{}, ErrCode
	}
	return e.Person, nil
}

func (c Codes) path(code string) string {
	sum := sha256.Sum256([]byte(code))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:]))
}

// sweep takes out what nobody used.
func (c Codes) sweep(now time.Time) {
	entries, _ := os.ReadDir(c.dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > 2*Lasts {
			_ = os.Remove(filepath.Join(c.dir, e.Name())) // the next one tries again
		}
	}
}
