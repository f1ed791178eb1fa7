package busdir

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"
)

// Keys are the keys of a store, as the server has them: what it seals with, and
// what it may have sealed with before. Without any it is in the clear.
type Keys []string

// box opens what is sealed with one key of a file.
type box struct {
	aead cipher.AEAD
	// stream opens a block in place.
	stream func([]byte)
}

const (
	seedSize = 32
	boxSize  = 64 // the shortest: an instant's nonce, the seed and a tag
)

// open opens the key of a file; nil is none of ours.
func (k Keys) open(account, of string, sealed []byte) *box {
	if len(sealed) < boxSize {
		return nil
	}
	for _, key := range k {
		if key == "" {
			continue
		}
		h := hmac.New(sha256.New, []byte(key))
		_, _ = h.Write([]byte(account + of)) // a hash takes everything
		for _, scheme := range []func([]byte) (cipher.AEAD, func(seed, nonce []byte) (cipher.Stream, error)){sealAES, sealChaCha} {
			outer, begin := scheme(h.Sum(nil))
			nonce := sealed[:outer.NonceSize()]
			seed, err := outer.Open(nil, nonce, sealed[len(nonce):], nil)
			if err != nil || len(seed) != seedSize {
				continue
			}
			inner, _ := scheme(seed)
			return &box{aead: inner, stream: func(b []byte) {
				if s, err := begin(seed, nonce); err == nil {
					s.XORKeyStream(b, b)
				}
			}}
		}
	}
	return nil
}

// open opens a sealed file.
func (b *box) open(sealed []byte) (plain []byte, bad string) {
	n := b.aead.NonceSize()
	if len(sealed) < n {
		return nil, "is cut short"
	}
	plain, err := b.aead.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil {
		return nil, "is not what was sealed"
	}
	return plain, ""
}

func sealAES(key []byte) (cipher.AEAD, func(seed, nonce []byte) (cipher.Stream, error)) {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key is as long as it has to be
	}
	aead, err := cipher.NewGCMWithNonceSize(block, block.BlockSize())
	if err != nil {
		panic(err)
	}
	return aead, func(seed, nonce []byte) (cipher.Stream, error) {
		block, err := aes.NewCipher(seed)
		if err != nil {
			return nil, err
		}
		return cipher.NewCTR(block, nonce), nil
	}
}

func sealChaCha(key []byte) (cipher.AEAD, func(seed, nonce []byte) (cipher.Stream, error)) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic(err) // the key is as long as it has to be
	}
	return aead, func(seed, nonce []byte) (cipher.Stream, error) {
		return chacha20.NewUnauthenticatedCipher(seed, nonce)
	}
}
