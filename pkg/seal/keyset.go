package seal

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/sanad-network/sanad/pkg/secret"
)

// Keyset is the key-encryption key: a Tink keyset of AES-256-GCM keys. Its primary
// key wraps; older ones still unwrap, so that it can be rotated. Without it every
// record is lost.
type Keyset struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

// NewKeyset makes a key-encryption key.
func NewKeyset() (*Keyset, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make keyset: %w", err)
	}
	return newKeyset(handle)
}

// ReadKeyset reads a keyset in Tink's JSON form from a file. It refuses a file
// that others can read or write.
func ReadKeyset(path string) (*Keyset, error) {
	text, err := secret.Read(path)
	if err != nil {
		return nil, fmt.Errorf("read keyset: %w", err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, errors.New("read keyset: not a keyset in Tink's JSON form")
	}
	return newKeyset(handle)
}

func newKeyset(handle *keyset.Handle) (*Keyset, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use keyset: %w", err)
	}
	return &Keyset{handle: handle, aead: primitive}, nil
}

// WriteFile writes the keyset to a new file that only its owner may read, whole or
// not at all. It refuses to replace a file: that would erase everything that the old one
// sealed.
func (k *Keyset) WriteFile(path string) error {
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.handle, keyset.NewJSONWriter(&text)); err != nil {
		return fmt.Errorf("write keyset: %w", err)
	}
	if err := secret.Create(path, text.Bytes()); err != nil {
		return fmt.Errorf("write keyset: %w", err)
	}
	return nil
}
