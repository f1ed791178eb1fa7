package seal

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// signing is the _id of the key with which a service signs its statements about its
// journal. No data key has a name in small letters.
const signing = "signing"

// ErrSigner says that a service's signing key is gone. A new key cannot replace it:
// nobody could verify what the old one signed.
var ErrSigner = errors.New("the signing key is not among the data keys: put the collection of keys back from a backup")

// signer is the signing key as it is stored. Its public half is not encrypted, so
// that a verifier needs no keys.
type signer struct {
	ID      string `bson:"_id"`
	Public  []byte `bson:"public"`
	Wrapped []byte `bson:"wrapped"`
}

// Signer signs for a service, and nobody else can.
type Signer struct{ private ed25519.PrivateKey }

// Sign signs a text (Ed25519, RFC 8032).
func (s *Signer) Sign(text []byte) []byte { return ed25519.Sign(s.private, text) }

// Derive makes a key for another purpose from the signing key. The derived key
// gives neither the signing key nor another derived key.
func (s *Signer) Derive(purpose string) []byte {
	mac := hmac.New(sha256.New, s.private.Seed())
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

// Public is the key by which others verify.
func (s *Signer) Public() ed25519.PublicKey { return s.private.Public().(ed25519.PublicKey) }

// Signer reads the signing key. The first time it makes one; ErrSigner when there
// must be one already, and is not.
func (k *Keys) Signer(ctx context.Context, first bool) (*Signer, error) {
	s, err := readSigner(ctx, k.coll)
	if errors.Is(err, ErrSigner) && first {
		if err := k.makeSigner(ctx); err != nil {
			return nil, err
		}
		s, err = readSigner(ctx, k.coll)
	}
	if err != nil {
		return nil, err
	}
	return k.signer(s)
}

// signer unwraps a signing key.
func (k *Keys) signer(s signer) (*Signer, error) {
	seed, err := k.kek.Decrypt(s.Wrapped, k.bound(signing))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("unwrap the signing key: not with this keyset")
	}
	private := ed25519.NewKeyFromSeed(seed)
	clear(seed)
	if !private.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(s.Public)) {
		return nil, errors.New("the signing key and its public half are not a pair")
	}
	return &Signer{private}, nil
}

// makeSigner stores a signing key, unless another process was faster.
func (k *Keys) makeSigner(ctx context.Context) error {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return fmt.Errorf("make the signing key: %w", err)
	}
	seed := private.Seed()
	wrapped, err := k.kek.Encrypt(seed, k.bound(signing))
	clear(seed)
	if err != nil {
		return fmt.Errorf("wrap the signing key: %w", err)
	}
	_, err = k.coll.InsertOne(ctx, signer{ID: signing, Public: public, Wrapped: wrapped})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return fmt.Errorf("store the signing key: %w", err)
	}
	return nil
}

func readSigner(ctx context.Context, coll *mongo.Collection) (s signer, err error) {
	err = coll.FindOne(ctx, bson.D{{Key: "_id", Value: signing}}).Decode(&s)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return s, ErrSigner
	}
	if err == nil && len(s.Public) != ed25519.PublicKeySize {
		err = errors.New("its public half is not a key")
	}
	if err != nil {
		err = fmt.Errorf("read the signing key: %w", err)
	}
	return s, err
}
