package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// locate finds the streams, makes those that are missing, and reports
// whether all of them still hold the relay's marks.
func (r *relay) locate(ctx context.Context) (intact bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	intact = true
	for _, w := range r.watch {
		s, err := r.bus.findStream(ctx, w.stream)
		if err != nil {
			return false, err
		}
		if w.stream == Events {
			r.mark(s.CachedInfo())
		}
		same, err := r.holdsMark(ctx, w, s)
		if err != nil {
			return false, err
		}
		intact = intact && same
		if err := r.behind(ctx, w, s); err != nil {
			return false, err
		}
	}
	return intact, nil
}

func (r *relay) holdsMark(ctx context.Context, w *watched, s jetstream.Stream) (bool, error) {
	info := s.CachedInfo()
	r.mu.Lock()
	w.found = info.Created
	created, seq, id := w.created, w.seq, w.id
	r.mu.Unlock()
	if !info.Created.Equal(created) || info.State.LastSeq < seq {
		return false, nil
	}
	if seq == 0 {
		return true, nil
	}
	msg, err := s.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the mark on %s: %w", w.stream, err)
	}
	return msg.Header.Get(nats.MsgIdHdr) == id, nil
}
