package service

import (
	"math"
	"os"
	"runtime/debug"
	"testing"
)

// Half of what is there is the limit, and another limit that was set stays.
func TestUseMemory(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})
	there, err := memory()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, gogc, gomemlimit string
		percent                int
		limit                  int64
	}{
		{"nothing is set", "", "", 400, int64(there / 2)},
		{"a limit is set", "", "1GiB", 400, math.MaxInt64},
		{"how often is set", "50", "", 100, int64(there / 2)},
		{"both are set", "50", "off", 100, math.MaxInt64},
	} {
		t.Run(tt.name, func(t *testing.T) {
			debug.SetGCPercent(100)
			debug.SetMemoryLimit(math.MaxInt64)
			for name, value := range map[string]string{"GOGC": tt.gogc, "GOMEMLIMIT": tt.gomemlimit, "AUTOMEMLIMIT": ""} {
				t.Setenv(name, value)
				if value == "" {
					if err := os.Unsetenv(name); err != nil {
						t.Fatal(err)
					}
				}
			}
			UseMemory()
			if got := debug.SetGCPercent(100); got != tt.percent {
				t.Errorf("collects at %d %%, want %d", got, tt.percent)
			}
			if got := debug.SetMemoryLimit(-1); got != tt.limit {
				t.Errorf("limit %d, want %d", got, tt.limit)
			}
		})
	}
}
