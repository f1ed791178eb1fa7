package seal

import (
	"bytes"
	"crypto/ed25519"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// What CheckStored finds.
var (
	errStored = errors.New("it is not as it was written")
	errWrap   = errors.New("it does not unwrap with this keyset")
)

// CheckStored checks a document of the data keys as it is stored. Without keys it
// checks its form alone; with keys it takes a sound one up that was made since they
// were read.
func CheckStored(raw bson.Raw, keys *Keys) error {
	id, _ := raw.Lookup("_id").StringValueOK()
	_, wrapped, _ := raw.Lookup("wrapped").BinaryOK()
	var form any = record{ID: id, Wrapped: wrapped}
	if id == signing {
		_, public, _ := raw.Lookup("public").BinaryOK()
		form = signer{ID: id, Public: public, Wrapped: wrapped}
	}
	written, err := bson.Marshal(form)
	if err != nil || id == "" || !bytes.Equal(written, raw) {
		return errStored
	}
	if keys == nil {
		return nil
	}
	if id == signing {
		s := form.(signer)
		if _, err := keys.signer(s); err != nil {
			return errWrap
		}
		return nil
	}
	if _, err := keys.unwrap(id, wrapped); err != nil {
		return errWrap
	}
	keys.mu.Lock()
	defer keys.mu.Unlock()
	if keys.wrapped[id] == nil {
		keys.wrapped[id] = bytes.Clone(wrapped)
	}
	return nil
}

// PublicOf is the public half of a signing key as it is stored, nil when the
// document is another one or is not as it was written.
func PublicOf(raw bson.Raw) ed25519.PublicKey {
	if id, _ := raw.Lookup("_id").StringValueOK(); id != signing || CheckStored(raw, nil) != nil {
		return nil
	}
	_, public, _ := raw.Lookup("public").BinaryOK()
	if len(public) != ed25519.PublicKeySize {
		return nil
	}
	return bytes.Clone(public)
}
