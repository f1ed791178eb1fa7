package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// A referral to several agencies has no recipient until one of them takes it.
// Until then each is asked alone, on a consent of its own, and none learns of
// the others.

// offer asks an agency.
func offer(d referralv1.Requested, agency string) fact.Event {
	mode := d.Mode
	if mode == "" {
		mode = code.Directed
	}
	return fact.Event{Data: referralv1.Offered{
		Referral: d.Referral, Sender: d.Sender, Agency: agency, Service: d.Service, Urgency: d.Urgency,
		Mode: mode, Needs: d.Needs, Due: d.Due,
	}}
}

// Asked are the agencies that may answer: the recipient, or all candidates.
func (r Referral) Asked() []string {
	if r.Recipient != "" {
		return []string{r.Recipient}
	}
	asked := make([]string, len(r.Candidates))
	for i, c := range r.Candidates {
		asked[i] = c.Agency
	}
	return asked
}

// release lets a candidate go.
func (r Referral) release(agency string, reason code.ReleaseReason, decline code.DeclineReason) fact.Event {
	return fact.Event{Data: referralv1.Released{
		Referral: r.Referral, Sender: r.Sender, Agency: agency, Reason: reason, Decline: decline,
	}}
}

// dismiss releases every agency that got an offer, but one. A queue has no
// offers.
func (r Referral) dismiss(reason code.ReleaseReason, but string) []fact.Event {
	if r.Mode != code.Broadcast {
		return nil
	}
	var events []fact.Event
	for _, c := range r.Candidates {
		if c.Agency != but {
			events = append(events, r.release(c.Agency, reason, ""))
		}
	}
	return events
}

// drop takes an agency's decline: the recipient's ends the referral, and so does
// the last candidate's. Any other candidate only leaves.
func (r Referral) drop(agency string, reason code.DeclineReason) []fact.Event {
	var events []fact.Event
	if r.candidate(agency) >= 0 {
		events = append(events, r.release(agency, code.ReleasedDeclined, reason))
		if len(r.Candidates) > 1 {
			return events
		}
	}
	return append(events, fact.Event{Data: referralv1.Declined{Loop: r.turn(), Reason: reason}})
}
