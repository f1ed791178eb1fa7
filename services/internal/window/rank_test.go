package window_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/window"
)

// What is possible now stands before what may be, what is not known, and what is past; and nothing
// is left out.
func TestRank(t *testing.T) {
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	open := func(w code.Window, closes, perhaps time.Duration) window.Option {
		return window.Option{Window: w, State: code.WindowOpen, Closes: in(closes), Perhaps: in(perhaps)}
	}
	var names []code.Window
	for _, o := range window.Rank([]window.Option{
		{Window: "past", State: code.WindowPast, Closes: in(-time.Hour), Perhaps: in(-time.Hour)},
		{Window: "unknown", State: code.WindowUnknown},
		{Window: "perhaps", State: code.WindowPast, Closes: in(-time.Hour), Perhaps: in(time.Hour)},
		open("later", 3*time.Hour, 4*time.Hour),
		open("sooner", 2*time.Hour, 9*time.Hour),
	}, now) {
		names = append(names, o.Window)
	}
	if d := cmp.Diff([]code.Window{"sooner", "later", "perhaps", "unknown", "past"}, names); d != "" {
		t.Error(d)
	}
}
