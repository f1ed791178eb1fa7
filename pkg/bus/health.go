package bus

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// trouble is a kind of thing that keeps events from flowing.
type trouble string

// The kinds of trouble, as they stand in metrics.
const (
	troubleStream  trouble = "stream_changed"
	troubleForeign trouble = "consumer_foreign"
	// troubleConsumer is counted and not set: see Bus.loose.
	troubleConsumer trouble = "consumer_missing"
	troubleScan     trouble = "scan_stuck"
	troubleWrite    trouble = "write_error"
)

var troubles = []trouble{troubleStream, troubleForeign, troubleConsumer, troubleScan, troubleWrite}

// repair is a kind of thing that was put right.
type repair string

// The kinds of repair, as they stand in metrics.
const (
	repairChanged repair = "consumer_changed"
	repairPaused  repair = "consumer_paused"
	repairMissing repair = "consumer_missing"
	repairAhead   repair = "consumer_ahead"
)

var repairs = []repair{repairChanged, repairPaused, repairMissing, repairAhead}

// health is what is wrong now.
type health struct {
	mu  sync.Mutex
	now map[trouble]error
}

func (h *health) set(t trouble, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now == nil {
		h.now = map[trouble]error{}
	}
	h.now[t] = err
}

func (h *health) clear(t trouble) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.now, t)
}

func (h *health) has(t trouble) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now[t] != nil
}

// err is all that is wrong, nil when nothing is.
func (h *health) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs error
	for _, t := range slices.Sorted(maps.Keys(h.now)) {
		errs = errors.Join(errs, h.now[t])
	}
	return errs
}
