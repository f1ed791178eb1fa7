package network

import (
	"cmp"
	"context"
	"net"

	"github.com/sanad-network/sanad/pkg/service"
)

// The settings that name addresses of engines.
const (
	natsAddr  = "SANAD_NATS_ADDR"
	mongoAddr = "SANAD_MONGODB_ADDR"
)

// listen opens the addresses of the services, and asks for those of the engines
// in the process, which open theirs later: an address that is taken is told
// before any data is touched, and by the name of its setting.
func listen(ctx context.Context, cfg Config) (service.Listeners, error) {
	l, err := service.Listen(ctx, cfg.Service)
	if err != nil {
		return l, err
	}
	if cfg.Service.NATSURL == "" {
		addr := cfg.NATSAddr
		if host, port, err := net.SplitHostPort(addr); err == nil {
			// The bus takes no host for this machine alone.
			addr = net.JoinHostPort(cmp.Or(host, "127.0.0.1"), port)
		}
		err = free(ctx, natsAddr, addr)
	}
	if err == nil && cfg.Service.MongoURI == "" {
		err = free(ctx, mongoAddr, cfg.MongoAddr)
	}
	if err != nil {
		l.Close()
	}
	return l, err
}

// free reports why an engine could not listen on an address; without one it does
// not.
func free(ctx context.Context, setting, addr string) error {
	if addr == "" {
		return nil
	}
	listener, err := service.ListenOn(ctx, setting, addr)
	if err != nil {
		return err
	}
	return listener.Close()
}
