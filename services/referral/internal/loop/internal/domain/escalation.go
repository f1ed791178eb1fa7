package domain

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Step is a step of the ladder that was taken.
type Step struct {
	Step code.EscalationStep `json:"step"`
	At   time.Time           `json:"at"`
	// Kind is left out where the answer to the referral is awaited.
	Kind code.DeadlineKind `json:"kind,omitempty"`
}

// EscalatedView is a referral that nobody answered, or of whose data nobody says what became of them, as the coordinator of the
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
	// Awaited is what nobody said.
	Awaited code.DeadlineKind `json:"awaited"`
}

// AtNetwork says since when the referral waits for the network's coordinator;
// zero while it does not, or once it was answered.
func (r Referral) AtNetwork() time.Time {
	kind, awaited := r.awaited()
	if !awaited {
		return time.Time{}
	}
	for _, s := range r.Steps {
		if s.Step == code.ToNetwork && cmp.Or(s.Kind, code.ToRespond) == kind {
			return s.At
		}
	}
	return time.Time{}
}

// awaited is the answer for which the referral waits.
func (r Referral) awaited() (code.DeadlineKind, bool) {
	if r.mustAcknowledge() {
		return code.ToLetGo, true
	}
	return code.ToRespond, r.awaitsAnswer()
}

// EscalatedView is what the coordinator sees of the referral.
func (r Referral) EscalatedView() EscalatedView {
	kind, _ := r.awaited()
	return EscalatedView{
		Awaited: kind,
		ID:      r.Referral, Sender: r.Sender, Asked: r.Asked(), Service: r.Service, Urgency: r.Urgency, Due: r.Policy.RespondBy, Steps: r.Steps,
	}
}

// ByEscalation is (network, country, programme, since): what waits for the coordinators
// of a programme in a country, the longest first. What names neither is on nobody's
// list: nobody may guess whose it is. It is counted with the others.
var ByEscalation = image.List[Referral]{
	Keys: func(r Referral) []string {
		since := r.AtNetwork()
		if since.IsZero() {
			return nil
		}
		at := r.Place.Value()
		return []string{fact.Key(atNetwork, at.Country, at.Programme, fact.Sortable(since))}
	},
	Timed:   true,
	Counted: 1,
}

const atNetwork = "network"

// AllEscalations is all of that list, to count.
var AllEscalations = ByEscalation.Of(atNetwork)

// Escalations is the part of a coordinator. Nobody else has one
// (coordination.ErrNowhere).
func Escalations(by fact.By) (image.Part[Referral], error) {
	if err := coordination.Check(by, coordination.ErrNowhere); err != nil {
		return image.Part[Referral]{}, err
	}
	return ByEscalation.Of(atNetwork, by.Country, by.Programme), nil
}
