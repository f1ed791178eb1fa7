package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Referral is a service asked for, and how far it has come. It has candidates
// until one of them takes it.
type Referral struct {
	ID        string       `json:"id"`
	Recipient string       `json:"recipient,omitempty"`
	Service   code.Service `json:"service,omitempty"`
	Urgency   code.Urgency `json:"urgency,omitempty"`
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
	OpposingParty []string `json:"opposing_party,omitempty"`
	// Abroad are those of the agencies named that belong to another country.
	Abroad      []string            `json:"-"`
	Replaces    string              `json:"replaces,omitempty"`
	Visit       string              `json:"visit,omitempty"`
	Status      code.ReferralStatus `json:"status"`
	RequestedAt time.Time           `json:"requested_at,omitzero"`
	// Hand is never shown: who works at an agency is not for her desk.
	Hand Hand `json:"-"`
	// Held says that nobody contacts her on this referral until her desk opens it again, because
	// she is left in peace (hold).
	Held bool `json:"contact_held,omitempty"`
	// ShareNew is since when something is in the share of its agency at which nobody has looked.
	ShareNew time.Time `json:"-"`
	// Turn says how often the status had changed when it came to this one.
	Turn int `json:"-"`
	End
}

// End is why and how a referral ended, and whether the need behind it is settled.
type End struct {
	EndedAt         time.Time            `json:"ended_at,omitzero"`
	DeclineReason   code.DeclineReason   `json:"decline_reason,omitempty"`
	CancelReason    code.CancelReason    `json:"cancel_reason,omitempty"`
	CancelledBy     string               `json:"cancelled_by,omitempty"`
	Outcome         code.Outcome         `json:"outcome,omitempty"`
	SurvivorOutcome code.SurvivorOutcome `json:"survivor_outcome,omitempty"`
	Settled         code.NeedSettlement  `json:"settled,omitempty"`
	// Displaced says that she must not meet who was asked. It outlives every status.
	Displaced bool `json:"-"`
	// Taken says that its recipient had accepted it.
	Taken bool `json:"-"`
	// ByDesk says that her desk called it off: the desk of that time, whichever has the
	// case now. The office that took the case over may be the recipient that called it off.
	ByDesk bool `json:"-"`
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
	code.Declined: ended, code.Expired: ended + 1, code.Lapsed: ended + 2, code.Rerouted: ended + 3, code.Completed: ended + 4,
	code.Cancelled: ended + 5, code.EnteredInError: ended + 6, code.Withdrawn: ended + 7,
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
		OpposingParty: f.OpposingParty, abroad: f.Abroad,
	}
}

// before says whether a fact is later than what is known of the referral.
func (f Referral) before(loop referralv1.Loop, status code.ReferralStatus) bool {
	return cmp.Or(cmp.Compare(f.Turn, loop.Turn), cmp.Compare(steps[f.Status], steps[status])) < 0
}

// OnAccepted follows a referral that its recipient took.
func (c Case) OnAccepted(by fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	return c.followOn(by, e.Loop, e.Consent, code.Accepted)
}

// OnDeclined follows a referral that nobody took.
func (c Case) OnDeclined(by fact.By, e referralv1.Declined, rules Rules) ([]fact.Event, error) {
	return c.followUnder(by, e.Loop, intakev1.ReferralFollowed{Status: code.Declined, DeclineReason: e.Reason}, rules)
}

// OnStarted follows a service under way.
func (c Case) OnStarted(by fact.By, e referralv1.Started) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.InService)
}

// OnCompleted follows a service that has ended.
func (c Case) OnCompleted(by fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return c.followUnder(by, e.Loop, intakev1.ReferralFollowed{Status: code.Completed, Outcome: e.Outcome}, Rules{})
}

// OnCancelled follows a referral that an agency called off. When her desk recorded that
// she declined, her consents to the agencies that were asked end with it.
func (c Case) OnCancelled(by fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	events, err := c.followUnder(by, e.Loop, intakev1.ReferralFollowed{Status: code.Cancelled, CancelReason: e.Reason, CancelledBy: e.By, Taken: e.Taken}, Rules{})
	if err != nil || len(events) == 0 || e.By != e.Sender || e.Reason != code.SurvivorDeclined {
		return events, err
	}
	return append(events, c.unwanted(c.Referrals[find(c.Referrals, e.Referral)])...), nil
}

// OnWithdrawn follows a referral that lost its consent.
func (c Case) OnWithdrawn(by fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return c.followOn(by, e.Loop, e.Consent, code.Withdrawn)
}

// OnLapsed follows a referral whose consent ran out.
func (c Case) OnLapsed(by fact.By, e referralv1.Lapsed) ([]fact.Event, error) {
	return c.followOn(by, e.Loop, e.Consent, code.Lapsed)
}

// OnRenewed follows a referral that had lapsed, and goes on with a new consent of hers. Where
// one of several is asked on, there is nothing to follow.
func (c Case) OnRenewed(by fact.By, e referralv1.Renewed) ([]fact.Event, error) {
	if e.Recipient == "" {
		return nil, cmp.Or(agree.Same("/case", c.ID, e.Case), c.stands(e.Loop, e.Consent))
	}
	return c.followOn(by, e.Loop, e.Consent, referralv1.GoesOn(e.Status))
}

// OnResumed follows a referral for which this desk asks again.
func (c Case) OnResumed(by fact.By, e referralv1.Resumed) ([]fact.Event, error) {
	return c.followOn(by, e.Loop, e.Consent, code.Requested)
}

// OnNotResumed follows a referral for which this desk asked too late: it has ended.
func (c Case) OnNotResumed(by fact.By, e referralv1.NotResumed) ([]fact.Event, error) {
	return c.follow(by, e.Loop, referralv1.GoesOn(e.Status))
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
	return c.follow(by, e.Loop, visit(e.Shared, code.Scheduled))
}

// OnAppointmentCancelled follows a referral that lost its appointment.
func (c Case) OnAppointmentCancelled(by fact.By, e referralv1.AppointmentCancelled) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.Accepted)
}

// OnNoShow follows an appointment that she missed.
func (c Case) OnNoShow(by fact.By, e referralv1.NoShow) ([]fact.Event, error) {
	return c.follow(by, e.Loop, visit(e.Shared, code.Missed))
}

// visit is what the desk notes of an appointment: nothing, unless she lets it know.
func visit(shared referralv1.Shared, status code.ReferralStatus) code.ReferralStatus {
	if shared {
		return status
	}
	return code.Accepted
}

// OnCancellationRequested follows a referral that this desk asks to call off.
func (c Case) OnCancellationRequested(by fact.By, e referralv1.CancellationRequested) ([]fact.Event, error) {
	return c.follow(by, e.Loop, code.CancellationRequested)
}

// OnContinued follows a service that goes on all the same.
func (c Case) OnContinued(by fact.By, e referralv1.Continued) ([]fact.Event, error) {
	return c.follow(by, e.Loop, referralv1.GoesOn(e.Status))
}

// OnExpired follows a referral that nobody answered.
func (c Case) OnExpired(by fact.By, e referralv1.Expired, rules Rules) ([]fact.Event, error) {
	return c.followUnder(by, e.Loop, intakev1.ReferralFollowed{Status: code.Expired}, rules)
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
	return c.followOn(by, e.Loop, e.Consent, code.Accepted)
}

// OnOutcomeReported notes how she herself sees what came of a referral.
func (c Case) OnOutcomeReported(_ fact.By, e referralv1.OutcomeReported) ([]fact.Event, error) {
	if err := c.agrees(e.Loop, code.Completed); err != nil {
		return nil, err
	}
	f := c.Referrals[find(c.Referrals, e.Referral)]
	if f.Turn > e.Turn || f.SurvivorOutcome == e.Outcome {
		return nil, nil
	}
	return c.finishing(fact.Event{Data: intakev1.ReferralFollowed{
		Case: c.ID, Referral: f.ID, Status: f.Status, Turn: f.Turn, SurvivorOutcome: e.Outcome,
	}}), nil
}

// follow is followUnder for a referral that is taken or may be: no other agency is
// asked.
func (c Case) follow(by fact.By, loop referralv1.Loop, status code.ReferralStatus) ([]fact.Event, error) {
	return c.followUnder(by, loop, intakev1.ReferralFollowed{Status: status}, Rules{})
}

// followOn is follow for a fact that names the consent on which the referral stands.
func (c Case) followOn(by fact.By, loop referralv1.Loop, consent string, status code.ReferralStatus) ([]fact.Event, error) {
	if err := cmp.Or(c.agrees(loop, status), c.stands(loop, consent)); err != nil {
		return nil, err
	}
	return c.follow(by, loop, status)
}

// followUnder notes the latest status of a referral. When nobody took it, the next
// agency that she agreed to is asked; when it was the last one open, the case has
// become finished; and when the case was closed, it says that one is open again. A
// referral that the case never asked for is refused.
func (c Case) followUnder(by fact.By, loop referralv1.Loop, d intakev1.ReferralFollowed, rules Rules) ([]fact.Event, error) {
	if err := c.agrees(loop, d.Status); err != nil {
		return nil, err
	}
	i := find(c.Referrals, loop.Referral)
	if !c.Referrals[i].before(loop, d.Status) {
		return nil, nil
	}
	d.Case, d.Referral, d.Turn = c.ID, loop.Referral, loop.Turn
	if d.CancelledBy != "" && loop.Sender != c.Agency {
		d.Sender = loop.Sender
	}
	if c.Referrals[i].Recipient == "" {
		d.Recipient = loop.Recipient
	}
	followed := fact.Event{Data: d}
	after := c.Evolve(followed)
	return c.finishing(append([]fact.Event{followed}, after.next(by, after.Referrals[i], rules)...)...), nil
}

// finishing adds to events what follows for the case as a whole.
func (c Case) finishing(events ...fact.Event) []fact.Event {
	was, resumed := c.Finished(), c.Resumed()
	for _, e := range events {
		c = c.Evolve(e)
	}
	if d, ok := events[0].Data.(intakev1.ReferralFollowed); ok && !resumed && c.Resumed() {
		events = append(events, fact.Event{Data: intakev1.CaseResumed{Case: c.ID, Referral: d.Referral}})
	}
	if !was && c.Finished() {
		events = append(events, fact.Event{Data: intakev1.ReferralsFinished{Case: c.ID}})
	}
	return events
}

// asked adds a referral.
func asked(referrals []Referral, d intakev1.ServiceRequested, onward Onward, at time.Time) []Referral {
	f := Referral{
		ID: d.Referral, Recipient: d.Recipient, Service: d.Service, Urgency: d.Urgency, Consent: d.Consent, Further: consentsOf(d.Further), Mode: d.Mode,
		Asked: onward.Asked, Then: onward.Then, OpposingParty: onward.OpposingParty, Abroad: onward.Abroad, Needs: d.Needs,
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
func (c Case) followed(d intakev1.ReferralFollowed, at time.Time) []Referral {
	i := find(c.Referrals, d.Referral)
	if i < 0 {
		return c.Referrals
	}
	referrals := slices.Clone(c.Referrals)
	f := &referrals[i]
	f.Status, f.Turn = d.Status, d.Turn
	f.End = f.End.after(d, f.open(), at)
	if d.CancelledBy != "" && !f.open() {
		f.ByDesk = d.CancelledBy == cmp.Or(d.Sender, c.Agency)
	}
	if d.Released != "" {
		f.Candidates = slices.DeleteFunc(slices.Clone(f.Candidates), func(c Candidate) bool { return c.Recipient == d.Released })
		return referrals
	}
	if j := slices.IndexFunc(f.Candidates, func(c Candidate) bool { return c.Recipient == d.Recipient }); j >= 0 {
		f.Recipient, f.Consent, f.Further, f.Candidates = d.Recipient, f.Candidates[j].Consent, f.Candidates[j].Further, nil
	}
	return referrals
}

// after is the end of a referral that was followed; an open one has none.
func (e End) after(d intakev1.ReferralFollowed, open bool, at time.Time) End {
	switch {
	case open:
		return End{Displaced: e.Displaced}
	case d.SurvivorOutcome != "":
		e.SurvivorOutcome = d.SurvivorOutcome
		return e
	case d.Released != "":
		return e
	}
	return End{
		EndedAt: at, DeclineReason: d.DeclineReason, CancelReason: d.CancelReason, CancelledBy: d.CancelledBy, Outcome: d.Outcome, Settled: e.Settled, Displaced: e.Displaced,
		Taken: d.Taken || d.Status == code.Completed,
	}
}

func find(referrals []Referral, id string) int {
	return slices.IndexFunc(referrals, func(f Referral) bool { return f.ID == id })
}
