package record

import (
	"crypto/sha256"
	"slices"
	"time"

	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/journal"
)

// Remembered is how long a request that is sent again is known again: the
// contracts promise it. An office that had no line over a long weekend sends
// what has gathered when it is back, and may send all of it twice. It is shorter
// than a closed record stays in memory, so that what is shed took no request
// that is still known. Events are known again for ever: the bus may bring them
// at any time.
const Remembered = 7 * 24 * time.Hour

// remembered are the effects on a record after a commit, without those of
// requests that are no longer known.
func remembered(effects []image.Effect, c *journal.Commit, now time.Time) []image.Effect {
	old := func(e image.Effect) bool { return forgotten(e, now) }
	if slices.ContainsFunc(effects, old) {
		effects = slices.DeleteFunc(slices.Clone(effects), old) // readers have the others
	}
	if c.Cause == "" {
		return effects
	}
	e := image.Effect{Cause: name(c.Cause), Digest: asked(c.Digest, c.Actor.Principal), At: c.At.UnixMilli()}
	if forgotten(e, now) {
		return effects
	}
	if n := len(effects); n == cap(effects) {
		effects = append(make([]image.Effect, 0, n+n/4+1), effects...)
	}
	return append(effects, e)
}

// effectOf finds what a cause did.
func effectOf(effects []image.Effect, cause string, now time.Time) (image.Effect, bool) {
	if cause == "" || len(effects) == 0 {
		return image.Effect{}, false
	}
	named := name(cause)
	i := slices.IndexFunc(effects, func(e image.Effect) bool { return e.Cause == named && !forgotten(e, now) })
	if i < 0 {
		return image.Effect{}, false
	}
	return effects[i], true
}

func forgotten(e image.Effect, now time.Time) bool {
	return e.Digest != [16]byte{} && now.UnixMilli()-e.At >= Remembered.Milliseconds()
}

// name is what a cause is known by. Half of a hash is enough to tell apart what
// one record is asked for, and keeps no text alive.
func name(cause string) [16]byte {
	sum := sha256.Sum256([]byte(cause))
	return half(sum[:])
}

// asked is what a request is known by, and who sent it: the key of one person is
// no key of another. It is nothing for an event, which nobody sends.
func asked(digest []byte, principal string) [16]byte {
	if len(digest) == 0 {
		return [16]byte{}
	}
	sum := sha256.Sum256(append(append(make([]byte, 0, len(digest)+len(principal)), digest...), principal...))
	return half(sum[:])
}

// half is the first half of a hash, or nothing.
func half(sum []byte) (h [16]byte) {
	copy(h[:], sum)
	return h
}
