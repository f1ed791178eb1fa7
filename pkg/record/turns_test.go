package record

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestTurnsComeInOrderAndAreHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := turns{lines: map[string][]chan struct{}{}}
		if err := turns.take(t.Context(), "r"); err != nil {
			t.Fatal(err)
		}
		if err := turns.take(t.Context(), "other"); err != nil {
			t.Fatal(err)
		}
		var order []int
		leaving, leave := context.WithCancel(t.Context())
		for i := range 4 {
			ctx := t.Context()
			if i == 1 {
				ctx = leaving
			}
			go func() {
				if err := turns.take(ctx, "r"); err != nil {
					if i != 1 || !errors.Is(err, context.Canceled) {
						t.Errorf("turn %d: %v", i, err)
					}
					return
				}
				order = append(order, i)
				turns.leave("r")
			}()
			synctest.Wait()
		}
		leave()
		synctest.Wait()
		turns.leave("r")
		synctest.Wait()
		if len(order) != 3 || order[0] != 0 || order[1] != 2 || order[2] != 3 {
			t.Errorf("order %v, want 0 2 3", order)
		}
		turns.leave("other")
		if len(turns.lines) != 0 {
			t.Errorf("lines left behind: %v", turns.lines)
		}
	})
}
