package bus

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"
)

// Where the steward has made a mark it alone counts. Without one nothing is too
// old that is not by every clock.
func TestAgedOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		instant := func(name string) time.Time {
			return time.Unix(rapid.Int64Range(1, 4e9).Draw(t, name), 0)
		}
		now, newest, age := instant("now"), instant("newest"), time.Duration(rapid.IntRange(7, 36_500).Draw(t, "age"))*24*time.Hour
		mark := instant("mark")
		if got := agedOut(mark, now, newest, age); !got.Equal(mark) {
			t.Fatalf("with a mark at %s: %s", mark, got)
		}
		got := agedOut(time.Time{}, now, newest, age)
		if got.After(now.Add(-age)) || got.After(newest.Add(-age)) {
			t.Fatalf("at %s, the newest of %s: %s", now, newest, got)
		}
		if got := agedOut(time.Time{}, now, time.Time{}, age); !got.Equal(now.Add(-age)) {
			t.Fatalf("with nothing said: %s", got)
		}
	})
}

// A message is as old as the latest of what is known of it, and what cannot be
// read makes it no younger and no older.
func TestToldAt(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2026, 8, day, 0, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		said, open   string
		stored, want time.Time
	}{
		"as told":           {at(1).Format(time.RFC3339Nano), "", at(2), at(2)},
		"the bus behind":    {at(3).Format(time.RFC3339Nano), "", at(2), at(3)},
		"kept":              {at(1).Format(time.RFC3339Nano), at(9).Format(time.RFC3339), at(2), at(9)},
		"kept, clock back":  {at(5).Format(time.RFC3339Nano), at(4).Format(time.RFC3339), at(2), at(5)},
		"not to be read":    {"yesterday", "today", at(2), at(2)},
		"nothing is said":   {"", "", at(2), at(2)},
		"one of two broken": {"yesterday", at(9).Format(time.RFC3339), at(2), at(9)},
	} {
		h := nats.Header{}
		h.Set(headerTime, c.said)
		h.Set(HeaderOpen, c.open)
		if got := toldAt(h, c.stored); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
