package bustest

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/pkg/bus"
)

// Parts are those of the services that the suite plays.
func Parts() []bus.Part {
	var parts []bus.Part
	for _, name := range []string{"intake", "referral", "legal-aid"} {
		b := bus.New(bus.Config{
			Service: name, Catalogue: catalogue, Schemas: api.Files, Registerer: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
			TracerProvider: noop.NewTracerProvider(),
		})
		nothing := func(context.Context, any) (any, error) { return nil, nil }
		if name == "legal-aid" {
			b.On(intakev1.CaseOpened{}.EventType(), nothing)
		} else {
			b.OnDue("response", nothing)
		}
		parts = append(parts, b.Part())
	}
	return parts
}
