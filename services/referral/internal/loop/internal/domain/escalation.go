package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// Step is a step of the ladder that was taken.
type Step struct {
	Step code.EscalationStep `json:"step"`
	At   time.Time           `json:"at"`
}

// EscalatedView is a referral that nobody answered, as the coordinator of the
// network sees it: whom to call, and how late it is. The coordinator learns
// nothing of her case, her needs and her consent.
type EscalatedView struct {
	ID      string       `json:"id"`
	Sender  string       `json:"sender"`
	Asked   []string     `json:"asked"`
	Service code.Service `json:"service"`
	Urgency code.Urgency `json:"urgency"`
	Due     time.Time    `json:"due"`
	Steps   []Step       `json:"steps"`
}

// AtNetwork says since when the referral waits for the network's coordinator;
// zero while it does not, or once it was answered.
func (r Referral) AtNetwork() time.Time {
	if !r.awaitsAnswer() {
		return time.Time{}
	}
	for _, s := range r.Steps {
		if s.Step == code.ToNetwork {
			return s.At
		}
	}
	return time.Time{}
}

// EscalatedView is what the coordinator sees of the referral.
func (r Referral) EscalatedView() EscalatedView {
	return EscalatedView{
		ID: r.Referral, Sender: r.Sender, Asked: r.Asked(), Service: r.Service, Urgency: r.Urgency, Due: r.Policy.RespondBy, Steps: r.Steps,
	}
}

// ByEscalation is (network, since): what waits for the coordinator, the longest
// first.
var ByEscalation = image.List[Referral]{
	Keys: func(r Referral) []string {
		since := r.AtNetwork()
		if since.IsZero() {
			return nil
		}
		return []string{fact.Key(atNetwork, fact.Sortable(since))}
	},
	Timed:   true,
	Counted: 1,
}

const atNetwork = "network"

// Escalations is all of that list.
var Escalations = ByEscalation.Of(atNetwork)
