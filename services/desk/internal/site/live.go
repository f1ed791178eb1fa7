package site

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/session"
)

const (
	// beat is how often an open page looks again where nothing rings.
	beat = 30 * time.Second
	// rest is the shortest time between two rings: many events are one look.
	rest = time.Second
	// within is how long a browser may take to read a ring.
	within = 10 * time.Second
)

// bellHeader is on a request that a page made by itself. It is no activity of a person.
const bellHeader = "Sanad-Bell"

// listeners are the open pages that listen, by session: a browser has one.
type listeners struct {
	mu   sync.Mutex
	open map[string]*listener
}

type listener struct{ end context.CancelFunc }

// begin opens a stream, and ends the one that the browser had before.
func (s *listeners) begin(ctx context.Context, id string) (context.Context, func()) {
	ctx, end := context.WithCancel(ctx)
	mine := &listener{end}
	s.mu.Lock()
	defer s.mu.Unlock()
	if before := s.open[id]; before != nil {
		before.end()
	}
	s.open[id] = mine
	return ctx, func() {
		end()
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[id] == mine {
			delete(s.open, id)
		}
	}
}

// live tells an open page to look again: when the bell rings for the agency of the person,
// and now and then. It says nothing else; the page asks the services, as always. The session
// and its token are looked at before each ring. No stream outlives the process that serves
// it (Config.Done), or the page.
func (s *Site) live(w http.ResponseWriter, r *http.Request) {
	now, ok := s.cfg.Sessions.Of(r, false)
	if !ok {
		w.WriteHeader(http.StatusNoContent) // a browser does not ask again
		return
	}
	ctx, end := s.listeners.begin(r.Context(), session.ID(r))
	defer end()
	var bell <-chan struct{}
	if s.cfg.Bell != nil {
		bell = s.cfg.Bell(ctx, now.Agency)
	}
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	if !tell(w, out, "hello") {
		return
	}
	tick := time.NewTicker(s.cfg.Beat)
	defer tick.Stop()
	for {
		select {
		case <-s.cfg.Done:
			return
		case <-ctx.Done():
			if r.Context().Err() == nil {
				tell(w, out, "elsewhere")
			}
			return
		case _, rings := <-bell:
			if !rings {
				bell = nil // the bus is away; the beat goes on
				continue
			}
		case <-tick.C:
		}
		if _, ok := s.cfg.Sessions.Of(r, false); !ok {
			tell(w, out, "over")
			return
		}
		if !tell(w, out, "ring") {
			return
		}
		select {
		case <-time.After(s.cfg.Rest):
		case <-ctx.Done():
		case <-s.cfg.Done:
		}
	}
}

// tell sends one word, and says whether it went out.
func tell(w http.ResponseWriter, out *http.ResponseController, word string) bool {
	// The server's own limit is for an answer that ends. A writer that has none needs none.
	_ = out.SetWriteDeadline(time.Now().Add(within))
	_, err := fmt.Fprintf(w, "event: %s\ndata:\n\n", word)
	return err == nil && out.Flush() == nil
}
