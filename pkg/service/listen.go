package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// Listeners are the addresses of a process, open. What a process listens on is
// opened before any data is: so an address that is taken is reported early.
type Listeners struct{ API, Admin net.Listener }

// Listen opens the addresses of a process.
func Listen(ctx context.Context, cfg Config) (l Listeners, err error) {
	if l.API, err = ListenOn(ctx, "SANAD_HTTP_ADDR", cfg.HTTPAddr); err != nil {
		return Listeners{}, err
	}
	if l.Admin, err = ListenOn(ctx, "SANAD_ADMIN_ADDR", cfg.AdminAddr); err != nil {
		l.Close()
		return Listeners{}, err
	}
	return l, nil
}

// Close closes what is open. A server may have closed it already.
func (l Listeners) Close() {
	for _, listener := range []net.Listener{l.API, l.Admin} {
		if listener != nil {
			_ = listener.Close()
		}
	}
}

// ErrTaken says that something else listens on an address.
var ErrTaken = errors.New("something else listens there")

// ListenOn opens an address that a setting names. When it cannot, it names both.
func ListenOn(ctx context.Context, setting, addr string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s: %w: %s; stop that, or set %s to another address", setting, ErrTaken, addr, setting)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	return listener, nil
}
