package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// Ask is a referral as one agency gets it, for an answer without an account.
type Ask struct {
	Referral, Case, Agency string
	Service                code.Service
	Urgency                code.Urgency
	// Until is when an answer of the agency stops counting; zero when none counts.
	Until time.Time
	// Queued says that the agency only finds it in a queue.
	Queued bool
	// Round is the turn with which the agency was asked again; zero where it was asked once.
	Round int
	// Recalled is the recall of which the agency is asked what became of its copies; zero
	// where the answer to the referral is asked for.
	Recalled time.Time
}

// Asks are those of all agencies that may answer.
func (r Referral) Asks() []Ask {
	var asks []Ask
	for _, agency := range r.Asked() {
		a := Ask{
			Referral: r.Referral, Case: r.Case(), Agency: agency, Service: r.Service, Urgency: r.Urgency, Queued: r.Mode == code.Queue, Round: r.AskedIn,
		}
		if r.Awaits(fact.By{Agency: agency}) {
			a.Until = r.Policy.RespondBy
		}
		asks = append(asks, a)
	}
	return asks
}

// LetGo is what a recipient without an account is asked after a recall: what became of its
// copies. It may say so with a code until a person said it, or the question is at the last
// step of its ladder.
func (r Referral) LetGo() Ask {
	a := Ask{
		Referral: r.Referral, Case: r.Case(), Agency: r.Recipient, Service: r.Service, Urgency: r.Urgency, Recalled: r.RecalledAt,
	}
	if r.ByCode && r.mustAcknowledge() {
		a.Until = r.RecalledAt.Add(press[len(press)-1].after)
	}
	return a
}

// AnswerByCode is the answer of an agency without an account, by the same rule as for any
// other. Its code is for one round: for any other, and where no answer is awaited, it is
// ErrNotFound.
func (r Referral) AnswerByCode(by fact.By, round int, answer code.Answer, reason code.DeclineReason, consents Consents) ([]fact.Event, error) {
	switch {
	case round != r.AskedIn || !r.Awaits(by):
	case answer == code.Accept:
		return r.Accept(by, Accept{ByCode: true}, consents)
	case answer == code.Decline:
		return r.Decline(by, Decline{Reason: reason})
	}
	return nil, ErrNotFound
}

// Awaits says whether an answer of the actor's agency would count. It asks the
// rule for answers, and is no rule itself.
func (r Referral) Awaits(by fact.By) bool {
	if !r.Exists() || !by.At.Before(r.Policy.RespondBy) {
		return false
	}
	_, err := r.Decline(by, Decline{Reason: code.OtherReason})
	return err == nil
}
