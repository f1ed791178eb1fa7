package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Load is what one worker has: counts and dates, and nothing of what is in it. Why something is
// late is nobody else's to know.
type Load struct {
	// Worker is the identifier in the register.
	Worker  string `json:"worker"`
	Open    int    `json:"open"`
	Resting int    `json:"resting"`
	Asked   int    `json:"asked"`
	// Due and Late are how many duties wait, and for how many the time is over.
	Due  int `json:"due"`
	Late int `json:"late"`
	// Oldest is since when the oldest open plan is open; NextAt is when the next duty is due.
	Oldest time.Time `json:"oldest,omitzero"`
	NextAt time.Time `json:"next_at,omitzero"`
}

// Caseload is what each worker has, by the identifiers in the register.
func Caseload(plans []Plan, now time.Time) []Load {
	by := map[string]*Load{}
	for _, p := range plans {
		duties := p.Duties()
		if p.Has() == "" || p.Closed() {
			continue
		}
		l := by[p.Has()]
		if l == nil {
			l = &Load{Worker: p.Has()}
			by[l.Worker] = l
		}
		switch p.Now() {
		case work.Open:
			l.Open++
			l.Oldest = earlier(l.Oldest, p.Since)
		case work.Resting:
			l.Resting++
		case work.Asked:
			l.Asked++
		case work.Closed, work.Ended:
		}
		for _, d := range duties {
			l.Due++
			if d.Late(now) {
				l.Late++
			} else {
				l.NextAt = earlier(l.NextAt, d.DueAt)
			}
		}
	}
	loads := make([]Load, 0, len(by))
	for _, l := range by {
		loads = append(loads, *l)
	}
	slices.SortFunc(loads, func(a, b Load) int { return cmp.Compare(a.Worker, b.Worker) })
	return loads
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Turn is one place of the list of what nobody has, with why it stands there.
type Turn struct {
	Place    int    `json:"place"`
	ID       string `json:"id"`
	Referral string `json:"referral"`
	// Urgency is that of the request; left out where it was not said.
	Urgency code.Urgency `json:"urgency,omitempty"`
	Since   time.Time    `json:"since"`
	// Because is why it stands behind the one before it.
	Because code.WaitingReason `json:"because"`
}

// Waiting are the open plans that nobody has, in the order in which they are to be taken: by
// urgency, and then by how long they wait. Nothing else orders them, no score and no type, so
// that a supervisor can explain each place to her.
func Waiting(plans []Plan) []Turn {
	all := slices.DeleteFunc(slices.Clone(plans), func(p Plan) bool { return p.Now() != work.Open || p.Has() != "" })
	slices.SortFunc(all, func(a, b Plan) int {
		return cmp.Or(urgency(b)-urgency(a), a.Since.Compare(b.Since), cmp.Compare(a.Plan, b.Plan))
	})
	turns := make([]Turn, 0, len(all))
	for i, p := range all {
		because := code.WaitingFirst
		switch {
		case i == 0:
		case urgency(p) < urgency(all[i-1]):
			because = code.WaitingLessUrgent
		default:
			because = code.WaitingCameLater
		}
		turns = append(turns, Turn{Place: i + 1, ID: p.Plan, Referral: p.Referral, Urgency: p.Urgency, Since: p.Since, Because: because})
	}
	return turns
}

// urgency is how urgent a plan is; one of which nothing is said is as urgent as most.
func urgency(p Plan) int { return slices.Index(code.Urgencies, cmp.Or(p.Urgency, code.Standard)) }
