package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// party is somebody who may have a say in a referral.
type party uint8

const (
	sender    party = 1 << iota // the agency that asked
	recipient                   // the agency that is asked
	network                     // facts from other services, and deadlines
)

// life says who may bring a referral to a status, and from where. It is the
// only place that does. Requested is where a life begins.
var life = map[code.ReferralStatus]struct {
	by   party
	from []code.ReferralStatus
}{
	code.Accepted:  {recipient, []code.ReferralStatus{code.Requested}},
	code.Declined:  {recipient | network, []code.ReferralStatus{code.Requested}},
	code.InService: {recipient | network, []code.ReferralStatus{code.Accepted}},
	code.Completed: {recipient | network, []code.ReferralStatus{code.Accepted, code.InService}},
	code.Cancelled: {recipient | sender, []code.ReferralStatus{code.Requested, code.Accepted, code.InService}},
	code.Withdrawn: {network, []code.ReferralStatus{code.Requested, code.Accepted, code.InService}},
}

// answerWithin is how long a recipient has for its answer. After it the
// referral is overdue, and stays open: nothing is dropped because somebody is
// slow.
var answerWithin = map[code.Urgency]time.Duration{
	code.Emergency: time.Hour,
	code.Urgent:    24 * time.Hour,
	code.Standard:  72 * time.Hour,
}

// part is what an actor is in this referral. An agency may refer to itself: a
// one-stop centre does.
func (r Referral) part(by fact.By) party {
	if by.System() {
		return network
	}
	var p party
	if by.Agency == r.Sender {
		p |= sender
	}
	if by.Agency == r.Recipient {
		p |= recipient
	}
	return p
}

// can says whether the referral can come to a status from where it is.
func (r Referral) can(to code.ReferralStatus) bool {
	return slices.Contains(life[to].from, r.Status)
}

// may says why an actor may not bring the referral to a status, if so.
func (r Referral) may(by fact.By, to code.ReferralStatus) error {
	switch p := r.part(by); {
	case p == 0:
		return ErrNotFound
	case p&life[to].by == 0:
		return ErrNotTheRecipient
	case !r.can(to):
		return r.obstacle(to)
	}
	return nil
}

// obstacle is what stands between the referral and a status.
func (r Referral) obstacle(to code.ReferralStatus) error {
	switch {
	case r.Status == code.Requested:
		return ErrNotAccepted
	case r.Status == code.Cancelled, r.Status == code.Withdrawn:
		return ErrNotOpen
	case to == code.Accepted, to == code.Declined:
		return ErrAlreadyAnswered
	case r.Status == code.InService:
		return ErrAlreadyStarted
	default:
		return ErrNotOpen
	}
}
