package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// syncInterval is how much of the newest messages a power cut may take: the
	// server's own default is two minutes. The journals fill what is lost. A store
	// that is recovered on a slow machine must be up when half of it has passed: the
	// server hands the timer over without a lock (2.15.3).
	syncInterval = time.Second
	// everything is a limit that is none. The server would take three quarters of
	// what is free when it starts, and always refuse what is above it. A full disk
	// gives its own error.
	everything = math.MaxInt64 / 4
)

// NATSServer is a NATS server with JetStream. It handles faults of its disk: what
// is damaged is moved aside before it starts, and a store that refuses to write
// after a fault is opened again once the disk takes writes.
type NATSServer struct {
	opts   server.Options
	access access
	log    *slog.Logger
	told   *serverLog
	look   lookout

	// turn is held while the server is started or stopped, mu to read which it is.
	turn   sync.Mutex
	mu     sync.RWMutex
	server *server.Server // nil while it is stopped
	url    string
	aside  []Aside

	cancel context.CancelFunc
	tasks  sync.WaitGroup
}

// NATSOption changes how a server is started.
type NATSOption func(*NATSServer) error

// NATSLogger takes what the server warns of: codes, without subjects, addresses
// or names of users.
func NATSLogger(log *slog.Logger) NATSOption {
	return func(s *NATSServer) error { s.log = log; return nil }
}

// NATSOptions sets options of the server itself, over what NATS sets. They are
// kept when it is opened again.
func NATSOptions(set func(*server.Options) error) NATSOption {
	return func(s *NATSServer) error { return set(&s.opts) }
}

// NATS starts a server that keeps its streams in a directory and listens on a
// loopback address; port 0 takes a free one. With an empty address it is
// reached from inside the process only.
//
// What is damaged in the directory is moved aside first, and told in the log
// and by Aside. A store that is sealed with another key is not opened: that is
// ErrBusKey, and nothing is moved.
func NATS(dir, addr string, with ...NATSOption) (*NATSServer, error) {
	s := &NATSServer{log: slog.New(slog.DiscardHandler)}
	s.look.every, s.look.rest = lookEvery, restFirst
	s.opts = server.Options{
		ServerName: "embedded",
		JetStream:  true, StoreDir: dir, SyncInterval: syncInterval,
		JetStreamMaxStore: everything,
		DontListen:        addr == "",
		NoLog:             true, NoSigs: true,
		// Nearly every subject is used once: a cache of its subscribers never hits.
		NoSublistCache: true,
	}
	if addr != "" {
		if err := listenOn(&s.opts, addr); err != nil {
			return nil, err
		}
	}
	for _, set := range with {
		if err := set(s); err != nil {
			return nil, fmt.Errorf("options of the bus: %w", err)
		}
	}
	s.told = newServerLog(s.log)
	if err := s.open(context.Background()); err != nil {
		return nil, fmt.Errorf("start the bus: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.tasks.Go(func() { s.watch(ctx) })
	return s, nil
}

func listenOn(opts *server.Options, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address of the bus: %w", err)
	}
	if opts.Host = host; host == "" {
		opts.Host = "127.0.0.1"
	}
	if opts.Port, err = strconv.Atoi(port); err != nil {
		return fmt.Errorf("port of the bus: %w", err)
	}
	if opts.Port == 0 {
		opts.Port = server.RANDOM_PORT
	}
	return nil
}

// ClientURL is where clients connect to.
func (s *NATSServer) ClientURL() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.url
}

// InProcess is the option that connects a client without a socket. A client
// that has it finds the server again when it was opened again.
func (s *NATSServer) InProcess() nats.Option { return nats.InProcessServer(follower{s}) }

// follower connects to the server that there is now.
type follower struct{ *NATSServer }

var errStopped = errors.New("the bus is stopped")

// InProcessConn connects from within the process.
func (f follower) InProcessConn() (net.Conn, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.server == nil {
		return nil, errStopped
	}
	return f.server.InProcessConn()
}

// Reopen stops the server and starts it again, on the same address and store.
// Clients reconnect by themselves. When it fails the server is stopped; Health
// says why, and it is tried again.
func (s *NATSServer) Reopen(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.close()
	err := s.open(ctx)
	if err != nil {
		err = fmt.Errorf("bus: opened again: %w", err)
	}
	s.say(err)
	return err
}

// Shutdown ends the server and waits for it.
func (s *NATSServer) Shutdown() {
	s.cancel()
	s.tasks.Wait()
	s.turn.Lock()
	defer s.turn.Unlock()
	s.close()
}

func (s *NATSServer) close() {
	s.mu.Lock()
	running := s.server
	s.server = nil
	s.mu.Unlock()
	if running != nil {
		running.Shutdown()
		running.WaitForShutdown()
	}
}

// start starts a server, and fails with what keeps it from being one.
func (s *NATSServer) start() (*server.Server, error) {
	opts := s.opts // the server writes into what it is given
	if err := s.access.apply(&opts); err != nil {
		return nil, err
	}
	running, err := server.NewServer(&opts)
	if err != nil {
		return nil, err
	}
	running.SetLoggerV2(s.told, false, false, false)
	running.Start()
	if err := s.told.fatal(); err != nil {
		running.Shutdown()
		running.WaitForShutdown()
		return nil, err
	}
	if !running.ReadyForConnections(startTimeout) {
		running.Shutdown()
		running.WaitForShutdown()
		return nil, errors.New("not ready in time")
	}
	return running, nil
}

// use makes a server the one that clients find.
func (s *NATSServer) use(running *server.Server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.server, s.url = running, running.ClientURL()
	if s.opts.DontListen || s.opts.Port != server.RANDOM_PORT {
		return nil
	}
	// It stays where it is: clients know no other address.
	addr, ok := running.Addr().(*net.TCPAddr)
	if !ok {
		return errors.New("it does not say where it listens")
	}
	s.opts.Port = addr.Port
	return nil
}
