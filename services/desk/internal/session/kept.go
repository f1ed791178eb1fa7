package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// What a person wrote must not be lost because their session had ended. It is kept for a
// short time, in memory, under a key that only their browser has.
const (
	keptFor  = 15 * time.Minute
	keptSize = 64 << 10
	keptMost = 256
)

// Form is what was posted, and to where.
type Form struct {
	Path   string
	Values url.Values
}

type kept struct {
	until time.Time
	box   []byte
}

// theirs is a form and whose it is.
type theirs struct {
	Form
	Person Person
}

// Keep keeps a form that came with a session that is over. Whose it was is in the box:
// nobody else gets it back. It keeps nothing that is too long, or from a browser whose
// session is not known.
func (s *Sessions) Keep(r *http.Request, f Form) bool {
	id := ID(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(s.now())
	one, ok := s.open[id]
	if !ok || len(s.kept) >= keptMost {
		return false
	}
	text, err := json.Marshal(theirs{f, one.Person})
	if err != nil || len(text) > keptSize {
		return false
	}
	box := aead(id)
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // it never fails
	s.kept[shelf(id)] = kept{until: s.now().Add(keptFor), box: box.Seal(nonce, nonce, text, nil)}
	return true
}

// Take gives back what was kept for the session of an id, once, to the person whose session
// it was.
func (s *Sessions) Take(id string, now Person) (Form, bool) {
	s.mu.Lock()
	k, found := s.kept[shelf(id)]
	delete(s.kept, shelf(id))
	s.mu.Unlock()
	if !found || !s.now().Before(k.until) {
		return Form{}, false
	}
	box := aead(id)
	text, err := box.Open(nil, k.box[:box.NonceSize()], k.box[box.NonceSize():], nil)
	var f theirs
	if err != nil || json.Unmarshal(text, &f) != nil || !f.Person.Same(now) {
		return Form{}, false
	}
	return f.Form, true
}

func aead(id string) cipher.AEAD {
	key := sha256.Sum256([]byte("key " + id))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the length is a constant
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the block size
	}
	return gcm
}
