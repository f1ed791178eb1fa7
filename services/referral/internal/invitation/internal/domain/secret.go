package domain

import (
	"crypto/sha256"
	"crypto/subtle"

	letter "github.com/sanad-network/sanad/services/internal/typed"
)

// A code is a handle, by which its invitation is found, and a secret. Wrong
// tries are counted by the handle: a secret alone would let a guesser try all
// open invitations at once. The long form, for links, has 128 bits of secret and
// needs no limit. The short one, for typing, has 40, and tries.go limits it.
const (
	handleLength = 4
	shortLength  = 8
	longLength   = 26
)

// Entropy is how many random bytes a code is made of: handle, short and long
// secret.
const Entropy = 3 + 5 + 16

// Code is what the invited agency is given, in its parts.
type Code struct{ Handle, Secret string }

// Codes are the two forms of one invitation's code. They are shown to nobody
// but its recipient, and stored nowhere.
type Codes struct{ long, short Code }

// NewCodes makes codes of random bytes; somebody outside the domain draws them.
func NewCodes(random [Entropy]byte) Codes {
	handle := letter.Letters(random[:3])[:handleLength]
	return Codes{
		short: Code{handle, letter.Letters(random[3:8])},
		long:  Code{handle, letter.Letters(random[8:])},
	}
}

// Link is the form for links.
func (c Codes) Link() string { return c.long.Handle + c.long.Secret }

// Typed is the form for people: capitals in groups of four.
func (c Codes) Typed() string { return letter.Shown(c.short.Handle + c.short.Secret) }

// ReadCode takes a code apart, however it was typed (typed.Read). A text that cannot be a
// code is not ok, and costs no try.
func ReadCode(written string) (Code, bool) {
	s, ok := letter.Read(written)
	if !ok || len(s) != handleLength+shortLength && len(s) != handleLength+longLength {
		return Code{}, false
	}
	return Code{s[:handleLength], s[handleLength:]}, true
}

// Secrets is the private half of an invitation: its handle, the hashes of its
// codes, and the turn of the channels to which they are told. Earlier releases
// wrote no turn.
type Secrets struct {
	Handle string `json:"handle"`
	Short  []byte `json:"short"`
	Long   []byte `json:"long"`
	Turn   int    `json:"turn,omitempty"`
}

// Secrets are the codes as an invitation keeps them that tells them to the channels
// of a turn.
func (c Codes) Secrets(invitation string, turn int) Secrets {
	return Secrets{Handle: c.short.Handle, Short: c.short.hash(invitation), Long: c.long.hash(invitation), Turn: turn}
}

// hash is salted with the invitation: one table does not serve for two.
func (c Code) hash(invitation string) []byte {
	sum := sha256.Sum256([]byte("sanad invitation\x00" + invitation + "\x00" + c.Handle + "\x00" + c.Secret))
	return sum[:]
}

// typed says whether a code is of the short form.
func (c Code) typed() bool { return len(c.Secret) == shortLength }

func (s Secrets) match(invitation string, c Code) bool {
	sum := c.hash(invitation)
	return subtle.ConstantTimeCompare(sum, s.Short)|subtle.ConstantTimeCompare(sum, s.Long) == 1
}
