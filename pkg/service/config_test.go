package service

import (
	"strings"
	"testing"
)

// A limit that a configuration names is one that is held.
func TestConfigRefusesWhatNoLimitAllows(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"SANAD_RATE_PER_SECOND=-1", "SANAD_RATE_PER_SECOND"},
		{"SANAD_ANONYMOUS_PER_SECOND=-1", "SANAD_ANONYMOUS_PER_SECOND"},
		{"SANAD_TRACE_SAMPLE=2", "SANAD_TRACE_SAMPLE"},
		{"SANAD_NATS_REPLICAS=2", "SANAD_NATS_REPLICAS must be"},
	} {
		cfg, err := ReadConfig(t.Context(), []string{c.set})
		if err != nil {
			t.Fatal(err)
		}
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.set, err)
		}
	}
	for value, want := range map[string]bool{"0s": true, "30s": true, "-1s": false, "31s": false} {
		_, err := ReadConfig(t.Context(), []string{"SANAD_LAME_DUCK=" + value})
		if got := err == nil; got != want || !got && !strings.Contains(err.Error(), "SANAD_LAME_DUCK must lie between 0s and 30s") {
			t.Errorf("SANAD_LAME_DUCK=%s: %v", value, err)
		}
	}
	cfg, err := ReadConfig(t.Context(), []string{"SANAD_RATE_PER_SECOND=0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := cfg.Validate(); err != nil && strings.Contains(err.Error(), "SANAD_RATE_PER_SECOND") {
		t.Errorf("0 is the default: %v", err)
	}
}
