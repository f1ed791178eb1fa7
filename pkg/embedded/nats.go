package embedded

import (
	"errors"

	"github.com/nats-io/nats.go"
)

// NATSServer is a NATS server with JetStream.
type NATSServer struct{}

// NATS starts a server that keeps its streams in a directory and listens on a
// loopback address; port 0 takes a free one. With an empty address it is
// reached only from inside the process.
func NATS(dir, addr string) (*NATSServer, error) { return nil, errors.ErrUnsupported }

// ClientURL is where clients connect to.
func (s *NATSServer) ClientURL() string { return "" }

// InProcess is the option that connects a client without a socket.
func (s *NATSServer) InProcess() nats.Option { return nil }

// Shutdown ends the server and waits for it.
func (s *NATSServer) Shutdown() {}
