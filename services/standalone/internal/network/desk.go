package network

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/standalone/internal/signin"
)

// shift is how long somebody who signed in at the desk stays signed in.
const shift = 8 * time.Hour

// desk are the pages of the office. It asks the services as every client does: over their
// address.
func (n *Network) desk(cfg Config) (map[string]http.Handler, error) {
	clock := cfg.Clock
	if clock == nil {
		clock = time.Now
	}
	n.Codes = signin.In(cfg.Dir)
	bell, err := n.bell(cfg)
	if err != nil {
		return nil, err
	}
	base, admin := "http://"+n.listeners.API.Addr().String(), "http://"+n.listeners.Admin.Addr().String()
	return desk.Routes(desk.Config{
		Bell: bell, Registerer: cfg.Telemetry.Registry,
		Done: n.drained.Done(), Beat: cfg.DeskBeat, ConsentTexts: cfg.ConsentTexts, Training: cfg.Service.Mode == service.Training,
		Base:  func(string) string { return base },
		Admin: func(string) string { return admin }, Audience: Audience, Logger: cfg.Telemetry.Logger, Clock: cfg.Clock,
		Code: func(_ context.Context, code string) (string, error) {
			person, err := n.Codes.Take(desk.Plain(code), clock())
			if errors.Is(err, signin.ErrCode) {
				return "", desk.ErrCode
			}
			if err != nil {
				return "", err
			}
			return n.Issuer.Token(person, shift)
		},
	})
}

// bell rings for the pages. On a bus in the process it is always invited; elsewhere only who
// runs the bus can invite it, and without an invitation open pages look again by themselves.
func (n *Network) bell(cfg Config) (func(context.Context, string) <-chan struct{}, error) {
	if !n.Bus.Guests.Has(bus.Pages) {
		return nil, nil //nolint:nilnil // no bell is no error
	}
	nc, err := n.Bus.Visit(bus.Pages)
	if err != nil {
		return nil, err
	}
	b, err := bus.NewBell(nc, bus.Pages, cfg.Telemetry.Logger)
	if err != nil {
		nc.Close()
		return nil, err
	}
	// Before the bus that it listens to.
	n.engines = slices.Insert(n.engines, 0, func() error {
		b.Close()
		return nil
	})
	return b.Listen, nil
}
