package store

import "github.com/ncruces/go-sqlite3"

const (
	// enough is how many pages of log are worth carrying over: 4 MB.
	enough = 1_000
	// tooMany is how many the log may have before the writer itself waits until
	// it begins anew: 64 MB. A log that is always written to has no end otherwise.
	tooMany = 16_384
)

// shorten has the log carried over when it is long.
func (s *Store) shorten(c *conn) {
	if c.pages < enough {
		return
	}
	if c.pages > tooMany {
		// It fails while somebody reads for long; then the next commit tries again.
		_, _, _ = c.WALCheckpoint("main", sqlite3.CHECKPOINT_RESTART)
		return
	}
	select {
	case s.long <- struct{}{}:
	default: // it is known
	}
}

// checkpoint carries the log over into the file beside the writer, who would
// otherwise let everybody wait for it. What fails is tried again after the next
// commit: nothing is lost meanwhile, the log only grows.
func (s *Store) checkpoint() {
	var c *conn
	defer func() { _ = c.close() }()
	for {
		select {
		case <-s.ended:
			return
		case <-s.long:
		}
		var err error
		if c == nil {
			c, err = s.connect()
		}
		if err == nil {
			_, _, err = c.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE)
		}
		if err != nil {
			_ = c.close()
			c = nil
		}
	}
}
