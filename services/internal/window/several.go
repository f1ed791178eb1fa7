package window

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Among is what the windows of a service mean for a survivor of several incidents. Each
// window is that of the incident in which it stays open longest: of two nights, what can
// still be done after the later one can still be done. Without an incident nothing is known.
func Among(s code.Service, w programme.Windows, incidents []Incident, now time.Time) []Option {
	best := For(s, w, Incident{}, now)
	for _, i := range incidents {
		for n, o := range For(s, w, i, now) {
			if o.after(best[n], now) {
				best[n] = o
			}
		}
	}
	return best
}

// after says whether a window stays open longer than another one. One that is open for sure
// comes before one that may be open.
func (o Option) after(other Option, now time.Time) bool {
	sure, others := now.Before(o.Closes), now.Before(other.Closes)
	switch {
	case sure != others:
		return sure
	case sure:
		return o.Closes.After(other.Closes)
	default:
		return o.Perhaps.After(other.Perhaps)
	}
}
