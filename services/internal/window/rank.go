package window

import (
	"slices"
	"time"
)

// Rank orders options by what is possible now: first what is open for sure, what closes first in
// front; then what may be open; then what is not known; at last what is past. It leaves nothing out:
// past a window an examiner may still find something.
func Rank(options []Option, now time.Time) []Option {
	ranked := slices.Clone(options)
	slices.SortStableFunc(ranked, func(a, b Option) int {
		if d := a.rank(now) - b.rank(now); d != 0 {
			return d
		}
		one, _ := a.Until(now)
		other, _ := b.Until(now)
		return one.Compare(other)
	})
	return ranked
}

func (o Option) rank(now time.Time) int {
	until, ok := o.Until(now)
	switch {
	case ok && until.Equal(o.Closes):
		return 0
	case ok:
		return 1
	case o.Closes.IsZero():
		return 2
	default:
		return 3
	}
}
