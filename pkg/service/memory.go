package service

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// UseMemory says how much memory the process takes before it collects: five
// times what is live, not twice, since most of a service's memory is its image,
// which lives as long as the process, and to mark it again for little garbage
// costs a sixth of the processor under load; but no more than half of what the
// machine or the cgroup has. The other half is for what the collector does not
// count, for the engines of an office, and for peaks. GOGC and GOMEMLIMIT
// overrule the two. It is for the start of a process.
func UseMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	// Where the amount of memory is not known, there is no limit.
	_, _ = memlimit.Set(memlimit.WithProvider(memory), memlimit.WithRatio(0.5))
}

// memory is that of the cgroup, or of the machine when it has less or nothing
// bounds the cgroup.
func memory() (uint64, error) {
	limit, err := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)()
	if err != nil {
		return 0, err
	}
	if machine, err := memlimit.FromSystem(); err == nil {
		limit = min(limit, machine)
	}
	return limit, nil
}
