package guarantees_test

import (
	"sync/atomic"
	"time"
)

// shiftedClock is the clock of a network that a test puts ahead.
type shiftedClock struct{ by atomic.Int64 }

func (c *shiftedClock) now() time.Time { return time.Now().Add(time.Duration(c.by.Load())) }

func (c *shiftedClock) ahead(d time.Duration) { c.by.Add(int64(d)) }
