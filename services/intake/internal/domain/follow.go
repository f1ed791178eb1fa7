package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Referral is a service asked for, and how far it has come.
type Referral struct {
	ID          string              `json:"id"`
	Recipient   string              `json:"recipient"`
	Service     code.Service        `json:"service"`
	Urgency     code.Urgency        `json:"urgency"`
	Consent     string              `json:"consent"`
	Status      code.ReferralStatus `json:"status"`
	RequestedAt time.Time           `json:"requested_at"`
}

// steps says which of two statuses is the further one, so that a fact that
// arrives late never takes a referral back. A referral ends once; the order
// among the ends only makes every order of arrival tell the same, and her own
// word is the last.
var steps = map[code.ReferralStatus]int{
	code.Requested: 1, code.Accepted: 2, code.InService: 3,
	code.Declined: ended, code.Completed: ended + 1, code.Cancelled: ended + 2, code.Withdrawn: ended + 3,
}

// ended is the first step from which nothing more happens.
const ended = 4

func (f Referral) open() bool { return steps[f.Status] < ended }

// OnAccepted follows a referral that its recipient took.
func (c Case) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	return c.follow(e.Loop, code.Accepted), nil
}

// OnDeclined follows a referral that nobody took.
func (c Case) OnDeclined(_ fact.By, e referralv1.Declined) ([]fact.Event, error) {
	return c.follow(e.Loop, code.Declined), nil
}

// OnStarted follows a service under way.
func (c Case) OnStarted(_ fact.By, e referralv1.Started) ([]fact.Event, error) {
	return c.follow(e.Loop, code.InService), nil
}

// OnCompleted follows a service that has ended.
func (c Case) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return c.follow(e.Loop, code.Completed), nil
}

// OnCancelled follows a referral that an agency called off.
func (c Case) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return c.follow(e.Loop, code.Cancelled), nil
}

// OnWithdrawn follows a referral that lost its consent.
func (c Case) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return c.follow(e.Loop, code.Withdrawn), nil
}

// follow notes the furthest status of a referral, and that the case has become
// finished. What the case never asked for, it does not follow.
func (c Case) follow(loop referralv1.Loop, status code.ReferralStatus) []fact.Event {
	i := find(c.Referrals, loop.Referral)
	if i < 0 || steps[status] <= steps[c.Referrals[i].Status] {
		return nil
	}
	events := fact.Of(intakev1.ReferralFollowed{Case: c.ID, Referral: loop.Referral, Status: status})
	if !c.Finished() && c.Evolve(events[0]).Finished() {
		events = append(events, fact.Event{Data: intakev1.ReferralsFinished{Case: c.ID}})
	}
	return events
}

// asked adds a referral.
func asked(referrals []Referral, d intakev1.ServiceRequested, at time.Time) []Referral {
	return append(slices.Clip(referrals), Referral{
		ID: d.Referral, Recipient: d.Recipient, Service: d.Service, Urgency: d.Urgency, Consent: d.Consent,
		Status: code.Requested, RequestedAt: at,
	})
}

// followed moves a referral on.
func followed(referrals []Referral, id string, status code.ReferralStatus) []Referral {
	referrals = slices.Clone(referrals)
	if i := find(referrals, id); i >= 0 {
		referrals[i].Status = status
	}
	return referrals
}

func find(referrals []Referral, id string) int {
	return slices.IndexFunc(referrals, func(f Referral) bool { return f.ID == id })
}
