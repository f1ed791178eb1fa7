package service

import (
	"os"
	"runtime/debug"
)

// SpareMemoryForTime lets the heap grow to five times what is live before it is
// collected, not to twice: most of a service's memory is its image, which lives
// as long as the process, and to mark it again for little garbage costs a
// sixth of the processor under load. GOGC overrules it, and GOMEMLIMIT bounds
// what it may take. It is for the start of a process.
func SpareMemoryForTime() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
