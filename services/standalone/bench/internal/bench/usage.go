package bench

import (
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is what the whole process has used of the machine: the stores and the
// clients are in it, and what another process does for them is not.
type usage struct {
	mallocs   uint64
	processor time.Duration
}

func used() usage {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it knows the process that asks
	return usage{mallocs: m.Mallocs, processor: time.Duration(u.Utime.Nano() + u.Stime.Nano())}
}

// liveHeap collects garbage and gives what the collector found alive. It is what
// a flow holds on to, and nothing that only waits to be collected.
func liveHeap() uint64 {
	runtime.GC()
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// watchPeak watches how much memory the process takes from the system, until the
// most is asked for. It is the kernel's own high-water mark of what is resident,
// which is put back here: the embedded stores also take memory that Go's runtime
// does not know of, and nothing is missed between two looks. Only Linux keeps
// one that can be put back; elsewhere the answer is 0, which is not known.
func watchPeak() (peak func() uint64) {
	if os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) != nil {
		return func() uint64 { return 0 }
	}
	return func() uint64 {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return 0
		}
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		line, _, _ := strings.Cut(rest, " kB")
		kilobytes, err := strconv.ParseUint(strings.TrimSpace(line), 10, 64)
		if err != nil {
			return 0
		}
		return kilobytes << 10
	}
}
