package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// order is both the request and the event of a flow that is not Sanad's.
type order struct {
	ID        int64  `json:"id"`
	Recipient string `json:"recipient"`
	Service   string `json:"service"`
	Urgency   string `json:"urgency"`
	// Rest makes the event as large as Sanad's.
	Rest string `json:"rest,omitempty"`
}

var errInvalid = errors.New("invalid")

func (o order) validate() error {
	if o.ID == 0 || o.Recipient == "" || o.Service == "" || (o.Urgency != "urgent" && o.Urgency != "routine") {
		return errInvalid
	}
	return nil
}

// orderSize is about what an order without Rest takes.
const orderSize = 110

// padded is the order as an event that takes a number of bytes with its envelope.
func (o order) padded(size, envelope int) order {
	o.Rest = strings.Repeat("x", max(0, size-envelope-orderSize))
	return o
}

// orders is the HTTP side of a flow that is not Sanad's, and its clients. Such a
// flow asks for no token and looks at a request with a few lines of its own.
type orders struct {
	server *http.Server
	wire   *wire
	ends   *arrivals[int64]
	runs   atomic.Int64
}

// takeOrders starts the first service of a flow. What accept gives decides
// about the answer.
func takeOrders(ctx context.Context, ends *arrivals[int64], accept func(context.Context, order) error) (*orders, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/cases/{id}/requests", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&o); err != nil {
			http.Error(w, "malformed", http.StatusBadRequest)
			return
		}
		if err := o.validate(); err != nil {
			http.Error(w, "invalid", http.StatusUnprocessableEntity)
			return
		}
		if err := accept(r.Context(), o); err != nil {
			http.Error(w, "not accepted", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	s := &orders{
		server: &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second},
		wire:   newWire(office.Desk{Base: "http://" + l.Addr().String()}),
		ends:   ends,
	}
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

// prepare has nothing to do: there are no rules that ask for a consent.
func (*orders) prepare(context.Context, int) error { return nil }

func (s *orders) run(ctx context.Context) (time.Time, error) {
	n := s.runs.Add(1)
	end := s.ends.expect(n)
	o := order{ID: n, Recipient: offers[0].agency, Service: offers[0].service, Urgency: "urgent"}
	if err := s.wire.change(ctx, "/v1/cases/1/requests", o); err != nil {
		return time.Time{}, err
	}
	return await(ctx, end)
}

func (s *orders) close() error { return s.server.Close() }
