package bus

import (
	"strings"
	"testing"
)

func TestDeclaredConsumer(t *testing.T) {
	services := []string{"intake", "legal-aid"}
	for _, c := range []struct {
		name, stream string
		want         bool
	}{
		{"intake", Events, true},
		{"intake", Timers("intake"), true},
		{"intake", Timers("legal-aid"), false},
		{"intake", Agencies, false},
		{"legal-aid-watch-1", Events, true},
		{"legal-aid-watch-3", Agencies, true},
		{"legal-aid-watch-3", Timers("legal-aid"), false},
		{"observer-1", Events, true},
		{"observer-1", Agencies, false},
		{"observer-1", DeadLetters, false},
		{"steward-X7", DeadLetters, true},
		{"x9fJkQwe", Events, false},
		{"cli", Events, false},
		{"referral", Events, false},
	} {
		if got := declaredConsumer(c.name, c.stream, services); got != c.want {
			t.Errorf("%s on %s: declared %t", c.name, c.stream, got)
		}
	}
}

// A consumer that the permissions let somebody make is no foreign one.
func TestPermittedConsumersAreDeclared(t *testing.T) {
	own := func(p Part, stream, name string) {
		if !declaredConsumer(name, stream, []string{p.Service}) {
			t.Errorf("%s may be made on %s, and is taken for a foreign one", name, stream)
		}
	}
	p := Part{Service: "referral", Tells: map[string][]string{}, Hears: []string{"intake.case_opened.v1"}, Waits: true}
	for _, d := range destinations {
		p.Tells[d.stream] = []string{"accepted"}
	}
	for stream, names := range p.consumers() {
		for _, name := range names {
			own(p, stream, name)
		}
	}
	for _, c := range (Integrator{Name: "statistics"}).calls() {
		if rest, ok := strings.CutPrefix(c.network, "$JS.API.CONSUMER.CREATE."); ok {
			at := strings.Split(rest, ".")
			own(p, at[0], at[1])
		}
	}
}
