package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Answered is what came of one ask: who answered and after how long, or who let it expire. The
// type has no name, so that who counts need not know the loop.
type Answered = struct {
	Country   code.Country
	Programme string
	Service   code.Service
	// Area is where she is, as she let it be said; empty where nothing was.
	Area string
	At   time.Time
	// By answered, After the ask; empty where nobody did.
	By    string
	After time.Duration
	// Silent were asked until the end, and did not answer.
	Silent []string
}

// Answered says what came of an ask between two states of a referral that follow each other. It
// is the first answer of the agency's people that settles the ask: of several agencies that are
// asked at once, who takes it, or the last who does not. What the network says for an agency that
// is suspended is no answer, and what her desk or she ended before one was awaited no more.
func (r Referral) Answered(next Referral) (a Answered, ok bool) {
	if !r.awaitsAnswer() || next.awaitsAnswer() {
		return a, false
	}
	at := r.Place.Value()
	a = Answered{Country: code.Country(at.Country), Programme: at.Programme, Service: r.Service, Area: r.Needs.Area, At: next.AnsweredAt}
	switch next.Status {
	case code.Accepted:
		a.By, a.After = next.Recipient, next.AnsweredAt.Sub(r.RequestedAt)
		return a, true
	case code.Declined:
		asked := r.Asked()
		if next.DeclineReason == code.ServiceSuspended || len(asked) == 0 {
			return a, false
		}
		a.By, a.After = asked[len(asked)-1], next.AnsweredAt.Sub(r.RequestedAt)
		return a, true
	case code.Expired:
		a.At, a.Silent = next.EndedAt, r.Asked()
		return a, true
	}
	return a, false
}
