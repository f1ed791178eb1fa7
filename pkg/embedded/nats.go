package embedded

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// syncInterval is how much of the newest messages a power cut may take: the
// server's own default is two minutes, and 100 ms cost nothing measurable. The
// journals fill what is lost.
const syncInterval = 100 * time.Millisecond

// NATSServer is a NATS server with JetStream.
type NATSServer struct{ server *server.Server }

// NATS starts a server that keeps its streams in a directory and listens on a
// loopback address; port 0 takes a free one. With an empty address it is
// reached from inside the process only.
func NATS(dir, addr string) (*NATSServer, error) {
	opts := &server.Options{
		ServerName: "embedded",
		JetStream:  true, StoreDir: dir, SyncInterval: syncInterval,
		DontListen: addr == "",
		NoLog:      true, NoSigs: true,
		// Nearly every subject is said once: a cache of who listens to it never hits.
		NoSublistCache: true,
	}
	if addr != "" {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, fmt.Errorf("address of the bus: %w", err)
		}
		if opts.Host = host; host == "" {
			opts.Host = "127.0.0.1"
		}
		if opts.Port, err = strconv.Atoi(port); err != nil {
			return nil, fmt.Errorf("port of the bus: %w", err)
		}
		if opts.Port == 0 {
			opts.Port = server.RANDOM_PORT
		}
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("start the bus: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(startTimeout) {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, errors.New("start the bus: not ready in time")
	}
	return &NATSServer{server: s}, nil
}

// ClientURL is where clients connect to.
func (s *NATSServer) ClientURL() string { return s.server.ClientURL() }

// InProcess is the option that connects a client without a socket.
func (s *NATSServer) InProcess() nats.Option { return nats.InProcessServer(s.server) }

// Shutdown ends the server and waits for it.
func (s *NATSServer) Shutdown() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}
