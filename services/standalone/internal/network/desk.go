package network

import (
	"context"
	"errors"
	"net/http"
	"time"

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
	base, admin := "http://"+n.listeners.API.Addr().String(), "http://"+n.listeners.Admin.Addr().String()
	return desk.Routes(desk.Config{
		Done: n.drained.Done(), Beat: cfg.DeskBeat, ConsentTexts: cfg.ConsentTexts,
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
