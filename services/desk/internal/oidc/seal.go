package oidc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// cookieName is that of what a browser keeps of a sign-in. Its prefix has browsers refuse
// it without Secure (RFC 6265bis, section 4.1.3.1).
const cookieName = "__Secure-sanad-sign-in"

// cookie is Lax: the provider sends the browser back, and a browser sends a Strict cookie
// with nothing that another site caused.
func cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: CallbackPath, MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// began is a sign-in that was begun. Nobody but this process reads it.
type began struct {
	State, Nonce, Verifier string
	// Before is the session that the browser had.
	Before string
	// At is when, in seconds since 1970.
	At int64
}

// most is how many used sign-ins are remembered at once. Over that the oldest is forgotten:
// its code was taken by the provider, which takes none twice. To refuse new ones would let
// anybody shut the door.
const most = 1 << 16

// seal closes what browsers keep, by a key that ends with the process.
type seal struct {
	aead cipher.AEAD

	mu    sync.Mutex
	used  map[[sha256.Size]byte]struct{}
	order []spent
}

type spent struct {
	sum   [sha256.Size]byte
	until time.Time
}

func newSeal() (*seal, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal of sign-ins: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("seal of sign-ins: %w", err)
	}
	return &seal{aead: aead, used: map[[sha256.Size]byte]struct{}{}}, nil
}

func (s *seal) close(b began) string {
	text, err := json.Marshal(b)
	if err != nil {
		panic(err) // texts and a number
	}
	//nolint:gosec // G407: NewGCMWithRandomNonce makes a nonce for each and takes none
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, text, []byte(cookieName)))
}

func (s *seal) open(value string) (b began, ok bool) {
	closed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return began{}, false
	}
	text, err := s.aead.Open(nil, nil, closed, []byte(cookieName))
	if err != nil {
		return began{}, false
	}
	return b, json.Unmarshal(text, &b) == nil
}

// once says whether a sign-in is used for the first time.
func (s *seal) once(b began, now time.Time) bool {
	sum := sha256.Sum256([]byte(b.State))
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.order) > 0 && (len(s.order) >= most || !now.Before(s.order[0].until)) {
		delete(s.used, s.order[0].sum)
		s.order = s.order[1:]
	}
	if _, before := s.used[sum]; before {
		return false
	}
	s.used[sum] = struct{}{}
	s.order = append(s.order, spent{sum, now.Add(lasts)})
	return true
}

func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
