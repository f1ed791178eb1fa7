package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Referral is a service asked for, and how far it has come. It has candidates
// until one of them takes it.
type Referral struct {
	ID        string       `json:"id"`
	Recipient string       `json:"recipient,omitempty"`
	Service   code.Service `json:"service"`
	Urgency   code.Urgency `json:"urgency"`
	// Asked is the urgency that was asked for, where the windows raised it.
	Asked      code.Urgency      `json:"asked_urgency,omitempty"`
	Consent    string            `json:"consent,omitempty"`
	Further    []string          `json:"further_consents,omitempty"`
	Mode       code.ReferralMode `json:"mode,omitempty"`
	Candidates []Candidate       `json:"candidates,omitempty"`
	// First are all agencies that were asked, each on its consent, also those that
	// declined.
	First []Candidate    `json:"-"`
	Then  []Choice       `json:"then,omitempty"`
	Needs intakev1.Needs `json:"needs,omitzero"`
	// OpposingParty are the people whom a conflict check is about.
	OpposingParty []string            `json:"opposing_party,omitempty"`
	Replaces      string              `json:"replaces,omitempty"`
	Visit         string              `json:"visit,omitempty"`
	Status        code.ReferralStatus `json:"status"`
	RequestedAt   time.Time           `json:"requested_at"`
	// Turn says how often the status had changed when it came to this one.
	Turn int `json:"-"`
}

// Candidate is an agency that was asked, and its consents.
type Candidate struct {
	Choice
	Further []string `json:"-"`
}

// steps says which of two statuses is the further one, for facts without a turn,
// so that a late fact never takes a referral back. The order among the ends
// makes every order of arrival end the same; her own withdrawal is the last.
var steps = map[code.ReferralStatus]int{
	code.Requested: 1, code.Received: 2, code.DenialPending: 3,
	code.Accepted: 4, code.Scheduled: 5, code.Missed: 6, code.InService: 7, code.CancellationRequested: 8,
	code.Declined: ended, code.Expired: ended + 1, code.Rerouted: ended + 2, code.Completed: ended + 3,
	code.Cancelled: ended + 4, code.EnteredInError: ended + 5, code.Withdrawn: ended + 6,
}

// ended is the first step from which nothing more happens.
const ended = 9

func (f Referral) open() bool { return steps[f.Status] < ended }

// untaken says that nobody took the referral, so that another agency may be
// asked.
func (f Referral) untaken() bool { return f.Status == code.Declined || f.Status == code.Expired }

// asks says whether the referral is, or may become, an agency's.
func (f Referral) asks(agency string) bool {
	return f.Recipient == agency || slices.ContainsFunc(f.Candidates, func(c Candidate) bool { return c.Recipient == agency })
}

// again is the same request to another agency.
func (f Referral) again(to Choice, then []Choice) Request {
	return Request{
		Recipient: to.Recipient, Consent: to.Consent, Service: f.Service, Urgency: f.Urgency, Needs: f.Needs, Then: then,
		OpposingParty: f.OpposingParty,
	}
}

// before says whether a fact is later than what is known of the referral.
func (f Referral) before(loop referralv1.Loop, status code.ReferralStatus) bool {
	return cmp.Or(cmp.Compare(f.Turn, loop.Turn), cmp.Compare(steps[f.Status], steps[status])) < 0
}

// OnAccepted follows a referral that its recipient took.
func (c Case) OnAccepted(by fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if err := cmp.Or(c.agrees(e.Loop, code.Accepted), c.stands(e.Loop, e.Consent)); err != nil {
		return nil, err
	}
	return c.follow(by, e.Loop, code.Accepted)
}

// OnDeclined follows a referral that nobody took.
func (c Case) OnDeclined(by fact.By, e referralv1.Declined, rules Rules) ([]fact.Event, error) {
	return c.followUnder(by, e.Loop, code.Declined, rules)
}

// OnStarted follows a service under way.
func (c Case) OnStarted(by fact.By, e referralv1.Started) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.InService)
}

// OnCompleted follows a service that has ended.
func (c Case) OnCompleted(by fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Completed)
}

// OnCancelled follows a referral that an agency called off.
func (c Case) OnCancelled(by fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Cancelled)
}

// OnWithdrawn follows a referral that lost its consent.
func (c Case) OnWithdrawn(by fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	if err := cmp.Or(c.agrees(e.Loop, code.Withdrawn), c.stands(e.Loop, e.Consent)); err != nil {
		return nil, err
	}
	return c.follow(by, e.Loop, code.Withdrawn)
}

// OnReceived follows a referral that was opened.
func (c Case) OnReceived(by fact.By, e referralv1.Received) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Received)
}

// OnDenialProposed follows a referral that its recipient wants to decline.
func (c Case) OnDenialProposed(by fact.By, e referralv1.DenialProposed) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.DenialPending)
}

// OnDenialReturned follows a referral that the recipient is to look at again.
func (c Case) OnDenialReturned(by fact.By, e referralv1.DenialReturned) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Received)
}

// OnScheduled follows a referral with an appointment.
func (c Case) OnScheduled(by fact.By, e referralv1.Scheduled) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Scheduled)
}

// OnAppointmentCancelled follows a referral that lost its appointment.
func (c Case) OnAppointmentCancelled(by fact.By, e referralv1.AppointmentCancelled) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Accepted)
}

// OnNoShow follows an appointment that she missed.
func (c Case) OnNoShow(by fact.By, e referralv1.NoShow) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Missed)
}

// OnCancellationRequested follows a referral that this desk asks to call off.
func (c Case) OnCancellationRequested(by fact.By, e referralv1.CancellationRequested) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.CancellationRequested)
}

// OnContinued follows a service that goes on all the same.
func (c Case) OnContinued(by fact.By, e referralv1.Continued) ([]fact.Event, error) {
	return c.follow(by, e.Loop, e.Status)
}

// OnExpired follows a referral that nobody answered.
func (c Case) OnExpired(by fact.By, e referralv1.Expired, rules Rules) ([]fact.Event, error) {
	return c.followUnder(by, e.Loop, code.Expired, rules)
}

// OnRerouted follows a referral from which another one took over.
func (c Case) OnRerouted(by fact.By, e referralv1.Rerouted) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Rerouted)
}

// OnEnteredInError follows a referral that should never have been made.
func (c Case) OnEnteredInError(by fact.By, e referralv1.EnteredInError) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.EnteredInError)
}

// OnReopened follows a referral that was taken up again.
func (c Case) OnReopened(by fact.By, e referralv1.Reopened) ([]fact.Event, error) {
	if err := cmp.Or(c.agrees(e.Loop, code.Accepted), c.stands(e.Loop, e.Consent)); err != nil {
		return nil, err
	}
	return c.follow(by, e.Loop, code.Accepted)
}

// follow is followUnder for a referral that is taken or may be: no other agency is
// asked.
func (c Case) follow(by fact.By, loop referralv1.Loop, status code.ReferralStatus) ([]fact.Event, error) {
	return c.followUnder(by, loop, status, Rules{})
}

// followUnder notes the latest status of a referral. When nobody took it, the next
// agency that she agreed to is asked; when it was the last one open, the case has
// become finished; and when the case was closed, it says that one is open again. A
// referral that the case never asked for is refused.
func (c Case) followUnder(by fact.By, loop referralv1.Loop, status code.ReferralStatus, rules Rules) ([]fact.Event, error) {
	if err := c.agrees(loop, status); err != nil {
		return nil, err
	}
	i := find(c.Referrals, loop.Referral)
	if !c.Referrals[i].before(loop, status) {
		return nil, nil
	}
	was, resumed := c.Finished(), c.Resumed()
	d := intakev1.ReferralFollowed{Case: c.ID, Referral: loop.Referral, Status: status, Turn: loop.Turn}
	if c.Referrals[i].Recipient == "" {
		d.Recipient = loop.Recipient
	}
	events := fact.Of(d)
	c = c.Evolve(events[0])
	for _, e := range c.next(by, c.Referrals[i], rules) {
		events, c = append(events, e), c.Evolve(e)
	}
	if !resumed && c.Resumed() {
		events = append(events, fact.Event{Data: intakev1.CaseResumed{Case: c.ID, Referral: loop.Referral}})
	}
	if !was && c.Finished() {
		events = append(events, fact.Event{Data: intakev1.ReferralsFinished{Case: c.ID}})
	}
	return events, nil
}

// asked adds a referral.
func asked(referrals []Referral, d intakev1.ServiceRequested, onward Onward, at time.Time) []Referral {
	f := Referral{
		ID: d.Referral, Recipient: d.Recipient, Service: d.Service, Urgency: d.Urgency, Consent: d.Consent, Further: consentsOf(d.Further), Mode: d.Mode,
		Asked: onward.Asked, Then: onward.Then, OpposingParty: onward.OpposingParty, Needs: d.Needs,
		Replaces: d.Replaces, Visit: d.Visit, Status: code.Requested, RequestedAt: at,
	}
	for _, c := range d.Candidates {
		f.Candidates = append(f.Candidates, Candidate{Choice{c.Agency, c.Consent}, consentsOf(c.Further)})
	}
	if f.First = f.Candidates; f.Recipient != "" {
		f.First = append(slices.Clip(f.First), Candidate{Choice{f.Recipient, f.Consent}, f.Further})
	}
	return append(slices.Clip(referrals), f)
}

func consentsOf(further []intakev1.Further) []string {
	var ids []string
	for _, f := range further {
		ids = append(ids, f.Consent)
	}
	return ids
}

// OnReleased follows a candidate that left while others are still asked: it may
// know no more what candidates may.
func (c Case) OnReleased(_ fact.By, e referralv1.Released) ([]fact.Event, error) {
	if err := c.lets(e); err != nil || e.Reason != code.ReleasedDeclined {
		return nil, err
	}
	f := c.Referrals[find(c.Referrals, e.Referral)]
	if !slices.ContainsFunc(f.Candidates, func(to Candidate) bool { return to.Recipient == e.Agency }) {
		return nil, nil
	}
	return fact.Of(intakev1.ReferralFollowed{
		Case: c.ID, Referral: f.ID, Status: f.Status, Turn: f.Turn, Released: e.Agency,
	}), nil
}

// followed is a referral at its new status, with the candidate that took it.
func followed(referrals []Referral, d intakev1.ReferralFollowed) []Referral {
	i := find(referrals, d.Referral)
	if i < 0 {
		return referrals
	}
	referrals = slices.Clone(referrals)
	f := &referrals[i]
	f.Status, f.Turn = d.Status, d.Turn
	if d.Released != "" {
		f.Candidates = slices.DeleteFunc(slices.Clone(f.Candidates), func(c Candidate) bool { return c.Recipient == d.Released })
		return referrals
	}
	if j := slices.IndexFunc(f.Candidates, func(c Candidate) bool { return c.Recipient == d.Recipient }); j >= 0 {
		f.Recipient, f.Consent, f.Further, f.Candidates = d.Recipient, f.Candidates[j].Consent, f.Candidates[j].Further, nil
	}
	return referrals
}

func find(referrals []Referral, id string) int {
	return slices.IndexFunc(referrals, func(f Referral) bool { return f.ID == id })
}
