package bench

import (
	"strings"
	"testing"
)

// TestMemory weighs a few referrals, and a small network at work and at a start.
func TestMemory(t *testing.T) {
	m, err := measureMemory(t.Context(), t.TempDir(), 300)
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]Aim{"open": m.Open, "closed": m.Closed, "peak": m.Peak} {
		if a.Value <= 0 || a.Met != (a.Value < a.Bar) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if m.Referrals != 300 || m.Running <= 0 || m.Start <= 0 || m.Peak.Value != m.Start/m.Running {
		t.Errorf("%+v", m)
	}
	var out strings.Builder
	m.print(&out)
	if !strings.Contains(out.String(), "live bytes of a referral, of 300:") {
		t.Error(out.String())
	}
}
