package busdir

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"

	"github.com/minio/highwayhash"
)

// A record is its length, its number, its instant, the length of its subject;
// then the subject, the headers behind their length, the message, a checksum.
const (
	headSize   = 22
	sumSize    = 8
	hasHeaders = 1 << 31
	// longest is far above what any stream takes.
	longest = 32 << 20
)

// hasher is the checksum that the server uses, keyed by what it is of.
type hasher struct{ hash.Hash64 }

func newHash(of string) hasher {
	key := sha256.Sum256([]byte(of))
	h, err := highwayhash.New64(key[:])
	if err != nil {
		panic(err) // the key is as long as it has to be
	}
	return hasher{h}
}

func (h hasher) sum(parts ...[]byte) []byte {
	h.Reset()
	for _, p := range parts {
		_, _ = h.Write(p) // a hash takes everything
	}
	return h.Sum(nil)
}

// records says what is wrong with a block. A last block may end with what was being
// written when the power went: it was never acknowledged, and the server cuts it
// off.
func records(block []byte, h hasher, last bool) (bad string) {
	if len(block) > 4 && string(block[:3]) == "cmp" && block[3] == 1 {
		return "" // compressed; no stream of ours is
	}
	for at := 0; at < len(block); {
		n := record(block[at:], h)
		if n == 0 {
			if last && torn(block[at:], h) {
				return ""
			}
			return fmt.Sprintf("what lies at byte %d of %d is not what was written", at, len(block))
		}
		at += n
	}
	return ""
}

// record gives the length of the record at the beginning, 0 when there is none.
func record(b []byte, h hasher) int {
	if len(b) < headSize {
		return 0
	}
	size := binary.LittleEndian.Uint32(b)
	headers := size&hasHeaders != 0
	size &^= hasHeaders
	subject := int(binary.LittleEndian.Uint16(b[20:]))
	from := headSize + subject
	if headers {
		from += 4
	}
	if size > longest || int(size) > len(b) || from+sumSize > int(size) {
		return 0
	}
	end := int(size) - sumSize
	if !bytes.Equal(h.sum(b[4:20], b[headSize:headSize+subject], b[from:end]), b[end:size]) {
		return 0
	}
	return int(size)
}

// torn tells a write that was not finished from damage: it is shorter than it
// says, or ends with nothing, and nothing whole is behind it.
func torn(b []byte, h hasher) bool {
	if len(b) >= headSize {
		size := int(binary.LittleEndian.Uint32(b) &^ hasHeaders)
		if size <= len(b) && !bytes.Equal(b[len(b)-sumSize:], make([]byte, sumSize)) {
			return false
		}
	}
	for at := 1; at+headSize+sumSize <= len(b); at++ {
		if record(b[at:], h) > 0 {
			return false
		}
	}
	return true
}

// consumerState says what is wrong with what a consumer has seen. It has no
// checksum unless it is sealed, so it is checked for values that are possible.
func consumerState(b []byte) (bad string) {
	const (
		magic    = 22
		current  = 2
		nonsense = "makes no sense"
	)
	if len(b) < 2 || b[0] != magic || b[1] != current {
		return nonsense
	}
	r := reader{b: b[2:]}
	ackedThere, acked := r.number(), r.number()
	sentThere, sent := r.number(), r.number()
	if r.short || acked > sent || ackedThere > sentThere || sent >= 1<<62 {
		return nonsense
	}
	pending := r.number()
	if pending > uint64(len(b)) {
		return nonsense
	}
	if pending > 0 {
		r.number() // an instant
	}
	for range pending {
		seq, there := acked+r.number(), ackedThere+r.number()
		r.number() // an instant
		if r.short || seq == 0 || seq > sent || there > sentThere {
			return nonsense
		}
	}
	again := r.number()
	if r.short || again > uint64(len(b)) {
		return nonsense
	}
	for range again {
		r.number()
		r.number()
	}
	if r.short {
		return nonsense
	}
	return ""
}

// reader takes numbers off the front. Signed ones are as long.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.short = true
		return 0
	}
	r.b = r.b[n:]
	return v
}
