// Package seal makes what is stored unreadable without its keys. Each case has
// its own data key in each service, wrapped by the key-encryption key of the
// service; deleting a data key erases what it sealed, in the backups too.
//
// It refuses to write a data key in the clear, to seal without associated
// data, and to tell an erased key from one that never was.
package seal

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// ErrErased says that the data key is gone, and what it sealed with it.
var ErrErased = errors.New("data key erased")

// Keyset is the key-encryption key: a Tink keyset, so that it can be rotated.
type Keyset struct{}

// NewKeyset makes a key-encryption key.
func NewKeyset() (*Keyset, error) { return nil, errors.ErrUnsupported }

// ReadKeyset reads a keyset in Tink's JSON form from a file that nobody but
// its owner may read.
func ReadKeyset(path string) (*Keyset, error) { return nil, errors.ErrUnsupported }

// ParseKeyset reads a keyset in Tink's JSON form from base64, as an
// environment variable holds it.
func ParseKeyset(encoded string) (*Keyset, error) { return nil, errors.ErrUnsupported }

// WriteFile writes the keyset to a new file that only its owner may read. It
// refuses to replace a file.
func (k *Keyset) WriteFile(path string) error { return errors.ErrUnsupported }

// Keys are the data keys of one service. They are safe for concurrent use.
type Keys struct{}

// Open loads the data keys of a service.
func Open(ctx context.Context, coll *mongo.Collection, kek *Keyset, service string) (*Keys, error) {
	return nil, errors.ErrUnsupported
}

// For is the data key of an owner: a case, or the service itself when empty.
func (k *Keys) For(ctx context.Context, owner string) (keyID string, err error) {
	return "", errors.ErrUnsupported
}

// Adopt tells which owner a key belongs to.
func (k *Keys) Adopt(owner, keyID string) {}

// Seal encrypts with a data key. The associated data must be given again to
// unseal.
func (k *Keys) Seal(keyID string, plain, ad []byte) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// Unseal decrypts what Seal made. It gives ErrErased when the key is gone.
func (k *Keys) Unseal(ctx context.Context, keyID string, sealed, ad []byte) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// Close gives back the keys that no owner took.
func (k *Keys) Close() error { return nil }
