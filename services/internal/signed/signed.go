// Package signed holds what people sign with keys of their own, so that anybody can check it later
// with public keys alone: the links of a chain of custody, and certificates. It has no clock, reads no
// store, and refuses to hold a private key: a person keeps theirs.
package signed

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Key is a public key of a person, for a time. It says that the credentials of that person held for
// as long.
type Key struct {
	ID     string `json:"id"`
	Worker string `json:"worker"`
	Agency string `json:"agency"`
	// Public is an Ed25519 key (RFC 8032) in base64.
	Public string    `json:"public"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	// Ended is when somebody ended it before its time.
	Ended time.Time `json:"ended,omitzero"`
}

// Signature is one signature, in base64, by the key of an identifier.
type Signature struct {
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

// What is wrong with a signature, or with what was signed.
var (
	ErrKeyUnknown = errors.New("the key is not among the public keys")
	ErrKeyOver    = errors.New("the key, and the credential behind it, was not in force then")
	ErrKeyDiffers = errors.New("the public key is not the one that is known under this name")
	ErrSignature  = errors.New("the signature is not of this key and this text")
	ErrSigner     = errors.New("the signatures are not those of the persons who must sign, in their order")
	ErrFormat     = errors.New("the file is of another kind, or of a later release")
)

// Holds reports whether a key counts at an instant. What is signed names its instant to the second: so a
// key counts from the beginning of the second in which it began.
func (k Key) Holds(at time.Time) bool {
	return !at.Before(k.From.Truncate(time.Second)) && at.Before(k.Until) && (k.Ended.IsZero() || at.Before(k.Ended))
}

// ReadPublic reads a public key as people send it.
func ReadPublic(text string) (ed25519.PublicKey, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, errors.New("a public key is 32 bytes in base64")
	}
	return raw, nil
}

// Sign signs a text for a key.
func Sign(key string, private ed25519.PrivateKey, text string) Signature {
	return Signature{Key: key, Signature: base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(text)))}
}

// Check refuses a signature that its key did not make of a text, or could not make at an instant.
func (s Signature) Check(text string, at time.Time, keys []Key) error {
	k, err := find(keys, s.Key)
	if err != nil {
		return err
	}
	public, err := ReadPublic(k.Public)
	if err != nil {
		return fmt.Errorf("%s: %w", k.ID, err)
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(s.Signature)
	if err != nil || !ed25519.Verify(public, []byte(text), raw) {
		return fmt.Errorf("%s: %w", s.Key, ErrSignature)
	}
	if !k.Holds(at) {
		return fmt.Errorf("%s: %w", s.Key, ErrKeyOver)
	}
	return nil
}

// check refuses signatures that are not those of these keys, in this order.
func check(text string, at time.Time, signatures []Signature, signers []string, keys []Key) error {
	if len(signatures) != len(signers) {
		return ErrSigner
	}
	for i, s := range signatures {
		if s.Key != signers[i] {
			return fmt.Errorf("%s: %w", s.Key, ErrSigner)
		}
		if err := s.Check(text, at, keys); err != nil {
			return err
		}
	}
	return nil
}

func find(keys []Key, id string) (Key, error) {
	for _, k := range keys {
		if k.ID == id {
			return k, nil
		}
	}
	return Key{}, fmt.Errorf("%s: %w", id, ErrKeyUnknown)
}

// Trusted are the keys that a checker knows, by another way than the file that is checked. What the
// file says of a key must be what is known of it.
func Trusted(known, inFile []Key) error {
	for _, k := range inFile {
		is, err := find(known, k.ID)
		if err != nil {
			return err
		}
		if is.Public != k.Public || is.Worker != k.Worker || is.Agency != k.Agency {
			return fmt.Errorf("%s: %w", k.ID, ErrKeyDiffers)
		}
	}
	return nil
}

// lines is a canonical text: a head, and then "name: value" in a fixed order. What a person wrote
// stands in quotes on one line, so that no value can look like the next name.
type lines struct{ bytes.Buffer }

func (l *lines) code(name, value string) {
	if value != "" {
		fmt.Fprintf(l, "%s: %s\n", name, value)
	}
}

func (l *lines) written(name, value string) {
	if value != "" {
		fmt.Fprintf(l, "%s: \"%s\"\n", name, quoted.Replace(value))
	}
}

func (l *lines) instant(name string, at time.Time) {
	if !at.IsZero() {
		l.code(name, at.UTC().Format(time.RFC3339Nano))
	}
}

var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\u2028", `\u2028`, "\u2029", `\u2029`)
