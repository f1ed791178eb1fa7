package identity

import (
	"crypto/sha256"
	"sync"
)

// generation is how many tokens one half of the cache holds.
const generation = 4096

// known remembers tokens that held, by their digest. It is bounded by two
// generations: when the younger is full the older is dropped, and what is still
// in use moves over. The zero value is ready.
type known struct {
	mu         sync.RWMutex
	young, old map[[sha256.Size]byte]Principal
}

func (k *known) get(sum [sha256.Size]byte) (Principal, bool) {
	k.mu.RLock()
	p, young := k.young[sum]
	old := false
	if !young {
		p, old = k.old[sum]
	}
	k.mu.RUnlock()
	if old {
		k.put(sum, p)
	}
	return p, young || old
}

func (k *known) put(sum [sha256.Size]byte, p Principal) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.young == nil || len(k.young) >= generation {
		k.young, k.old = make(map[[sha256.Size]byte]Principal), k.young
	}
	k.young[sum] = p
}
