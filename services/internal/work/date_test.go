package work_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// A date of the writer is judged against the clock, and a refusal names field and rule.
func TestTook(t *testing.T) {
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		given, want time.Time
		rule        string
	}{
		"left out":                    {time.Time{}, now, ""},
		"from paper":                  {now.AddDate(-3, 0, 0), now.AddDate(-3, 0, 0), ""},
		"as old as paper may be":      {now.AddDate(-20, 0, 0), now.AddDate(-20, 0, 0), ""},
		"a clock that is fast":        {now.Add(15 * time.Minute), now, ""},
		"a clock that is no clock":    {now.Add(15*time.Minute + 1), time.Time{}, "not in the future"},
		"a year that was mistyped":    {now.AddDate(180, 0, 0), time.Time{}, "not in the future"},
		"a century that was mistyped": {now.AddDate(-100, 0, 0), time.Time{}, "not more than 20 years ago"},
	} {
		got, err := work.Took("/held_at", c.given, now)
		if !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if c.rule == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var f *fault.Error
		if !errors.Is(err, work.ErrDate) || !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff([]fault.Field{{Pointer: "/held_at", Rule: c.rule}}, f.Fields); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
