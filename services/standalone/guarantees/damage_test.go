package guarantees_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The disk turns a byte of what the bus holds, or cuts what a consumer has seen,
// while the network is stopped: the journals fill it again, and the services
// end where they were.
func TestBusIsMendedAfterDamage(t *testing.T) {
	w := begin(t)
	w.play(t.Context())
	w.idle()
	before := stored(t, w.Bus, "EVENTS")
	views := w.records(before)
	for _, damage := range []func(streams string) error{
		func(streams string) error {
			block := filepath.Join(streams, "EVENTS", "msgs", "1.blk")
			content, err := os.ReadFile(block)
			if err != nil {
				return err
			}
			content[2] ^= 1 // the length of the first message, or what it is sealed as
			return os.WriteFile(block, content, 0o600)
		},
		func(streams string) error {
			all, err := filepath.Glob(filepath.Join(streams, "*", "obs", "*", "o.dat"))
			if err != nil {
				return err
			}
			if len(all) == 0 {
				t.Error("no consumer has a state")
			}
			for _, state := range all {
				if err := os.Truncate(state, 1); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		w.restart(func(dir string) {
			if err := damage(filepath.Join(busStore(dir), "jetstream", "NETWORK", "streams")); err != nil {
				t.Fatal(err)
			}
		})
		w.running().until(t, "the bus is filled again", func() bool {
			return len(ids(stored(t, w.Bus, "EVENTS"))) >= len(ids(before))
		})
		w.idle()
		if d := cmp.Diff(ids(before), ids(stored(t, w.Bus, "EVENTS"))); d != "" {
			t.Errorf("events (-before +after):\n%s", d)
		}
		if d := cmp.Diff(views, w.records(before)); d != "" {
			t.Errorf("records (-before +after):\n%s", d)
		}
	}
}
