// Package window says what clinics and examiners can still do after an
// incident, and until when. A window is advice: it raises urgency and changes
// ranks. It refuses to block anything, and knows no clock: it is told the time.
//
// Everything is counted in instants from the earliest at which the incident can
// have been, never in days: a night in which the clocks change is an hour
// longer or shorter, and day 4 is not hour 96.
package window

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// rule is one window: who can do it. Until when is the programme's.
type rule struct {
	window  code.Window
	service code.Service
	// asap says that its source is urgent from the first hour on.
	asap bool
}

// rules are the windows that clinics and examiners know.
var rules = []rule{
	// UN guidance on PEP kits (2014): as soon as possible, ideally within 2 h.
	{window: code.WindowPEP, service: code.HealthMedical, asap: true},
	{window: code.WindowContraception, service: code.HealthMedical},
	{window: code.WindowForensic, service: code.ForensicExam},
	{window: code.WindowKit, service: code.ForensicExam},
	{window: code.WindowUrine, service: code.ForensicExam},
}

// Option is what one window means for one survivor.
type Option struct {
	Window code.Window
	State  code.WindowState
	// Closes is when it closes, counted from the earliest instant.
	Closes time.Time
	// Perhaps is when it closes if the incident was at the latest instant that
	// she named. Between the two it may still be in time.
	Perhaps time.Time

	asap bool
}

// For lists the windows of a service under a programme, in a fixed order. A window of which the
// programme says nothing, and an incident of which nobody knows when it was, give State unknown
// and not a guess.
func For(s code.Service, w programme.Windows, i Incident, now time.Time) []Option {
	var options []Option
	for _, r := range rules {
		if r.service != s {
			continue
		}
		o := Option{Window: r.window, State: code.WindowUnknown, asap: r.asap}
		if within := w.Within[r.window]; within > 0 && i.Known() {
			o.Closes, o.Perhaps = i.Earliest.Add(within), i.latest().Add(within)
			o.State = state(o.Closes.Sub(now), w.Soon)
		}
		options = append(options, o)
	}
	return options
}

func state(left, soon time.Duration) code.WindowState {
	switch {
	case left <= 0:
		return code.WindowPast
	case left <= soon:
		return code.WindowClosingSoon
	default:
		return code.WindowOpen
	}
}

// Until is the last instant to be in time: when the window closes or, once that
// is past, when it may still close. False: there is none.
func (o Option) Until(now time.Time) (time.Time, bool) {
	switch {
	case o.State == code.WindowUnknown:
		return time.Time{}, false
	case now.Before(o.Closes):
		return o.Closes, true
	case now.Before(o.Perhaps):
		return o.Perhaps, true
	default:
		return time.Time{}, false
	}
}

// Raise is the urgency that the windows ask for, and never less than what was
// asked. A window that closes soon, is unknown and may close, or is urgent by
// its source makes an emergency. Any other open window makes it urgent.
func Raise(u code.Urgency, options []Option, now time.Time) code.Urgency {
	for _, o := range options {
		if _, ok := o.Until(now); !ok {
			continue
		}
		if o.asap || o.State != code.WindowOpen {
			return code.Emergency
		}
		if slices.Index(code.Urgencies, u) < slices.Index(code.Urgencies, code.Urgent) {
			u = code.Urgent
		}
	}
	return u
}
