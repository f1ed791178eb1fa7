// Package front answers MongoDB's wire protocol out of a store: exactly what a
// journal and its keys ask of MongoDB, and what a driver and mongosh send
// besides to look at it. Messages and BSON are read and written by the driver's
// own packages.
//
// It refuses everything else with MongoDB's own error, so that a driver reports
// what is missing. It never does half of a command, and its errors quote no value.
package front

import (
	"bufio"
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xdg-go/scram"

	"github.com/sanad-network/sanad/pkg/embedded/internal/store"
)

// Server answers connections. It is safe for concurrent use.
type Server struct {
	store   *store.Store
	cursors cursors

	connections atomic.Int32
	replies     atomic.Int32

	mu    sync.Mutex
	open  map[net.Conn]struct{} // nil when the server is closed
	tasks sync.WaitGroup
}

// New makes a server of a store.
func New(s *store.Store) *Server {
	return &Server{store: s, cursors: newCursors(), open: map[net.Conn]struct{}{}}
}

// Access is what connections may do.
type Access struct {
	// SCRAM judges who they are. Nil: they come from inside the process.
	SCRAM *scram.Server
	// ReadOnly refuses every command that would change something.
	ReadOnly bool
}

// Begin answers a connection until it ends.
func (s *Server) Begin(nc net.Conn, a Access) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		_ = nc.Close()
		return
	}
	s.open[nc] = struct{}{}
	s.tasks.Go(func() {
		defer s.end(nc)
		c := &conn{
			server: s, access: a, id: s.connections.Add(1),
			known: a.SCRAM == nil, nc: nc, in: bufio.NewReaderSize(nc, buffer),
		}
		c.serve()
	})
}

func (s *Server) end(nc net.Conn) {
	_ = nc.Close() // the client has gone
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, nc)
}

// Serve answers all connections of a listener until it is closed. When the
// machine has no descriptors left it waits for some.
func (s *Server) Serve(ctx context.Context, l net.Listener, a Access) {
	const least, most = 5 * time.Millisecond, time.Second
	pause := least
	for {
		nc, err := l.Accept()
		if err == nil {
			pause = least
			s.Begin(nc, a)
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			pause = min(2*pause, most)
		}
	}
}

// Close ends all connections and waits for what they were doing.
func (s *Server) Close() {
	s.mu.Lock()
	for nc := range s.open {
		_ = nc.Close()
	}
	s.open = nil
	s.mu.Unlock()
	s.tasks.Wait()
}
