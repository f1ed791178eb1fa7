package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// trouble is a kind of thing that keeps events from flowing.
type trouble string

// The kinds of trouble, as they stand in metrics.
const (
	troubleStream  trouble = "stream_changed"
	troubleNetwork trouble = "network_other"
	troubleMode    trouble = "mode_other"
	troubleRules   trouble = "programmes_other"
	troubleForeign trouble = "consumer_foreign"
	// troubleConsumer is counted and not set: see Bus.loose.
	troubleConsumer trouble = "consumer_missing"
	troubleScan     trouble = "scan_stuck"
	troubleWrite    trouble = "write_error"
)

var troubles = []trouble{troubleStream, troubleNetwork, troubleMode, troubleRules, troubleForeign, troubleConsumer, troubleScan, troubleWrite}

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

// ill is one thing that is wrong: a kind of trouble, and the stream that it is
// about where there are several.
type ill struct {
	kind   trouble
	stream string
}

// health is what is wrong now.
type health struct {
	mu  sync.Mutex
	now map[ill]error
}

func (h *health) set(t trouble, stream string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now == nil {
		h.now = map[ill]error{}
	}
	h.now[ill{t, stream}] = err
}

func (h *health) clear(t trouble, stream string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.now, ill{t, stream})
}

// has reports whether there is trouble of a kind, on any stream.
func (h *health) has(t trouble) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.now {
		if i.kind == t {
			return true
		}
	}
	return false
}

// err is all that is wrong, nil when nothing is.
func (h *health) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	byName := func(x, y ill) int { return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.stream, y.stream)) }
	var errs error
	for _, i := range slices.SortedFunc(maps.Keys(h.now), byName) {
		errs = errors.Join(errs, h.now[i])
	}
	return errs
}

// shown is an error in words that operators may read on a page. Errors of the
// journal and of the server may name a record, so only those that name none are
// repeated. The log has the kind of the others.
func shown(err error) error {
	if refused, ok := errors.AsType[*jetstream.APIError](err); ok {
		return fmt.Errorf("the bus refuses with code %d", refused.ErrorCode)
	}
	for _, known := range []error{
		errDisconnected, errLost, errGap, errBlind, errStuck, errMark, errChanged, ErrNetwork, ErrMode, errRules, errWatchers,
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrConnectionClosed,
	} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errUnshown
}

var errUnshown = errors.New("see the log")
