package bus

import "testing"

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
