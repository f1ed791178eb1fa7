package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// party is a part that an actor can have in a referral.
type party uint8

const (
	sender    party = 1 << iota // the agency that asked
	recipient                   // the agency that is asked, or that took it
	candidate                   // one of several that are asked
	reviewer                    // a supervisor of the recipient
	network                     // facts from other services, and deadlines
	teller                      // the sender, told by telephone by a recipient without an account
)

// verb is what can be done to a referral. What agencies do is the name of the method
// that does it.
type verb string

const (
	receive       verb = "Receive"
	accept        verb = "Accept"
	decline       verb = "Decline"
	confirmDenial verb = "ConfirmDenial"
	returnDenial  verb = "ReturnDenial"
	schedule      verb = "Schedule"
	unschedule    verb = "Unschedule"
	miss          verb = "Miss"
	contact       verb = "Contact"
	assign        verb = "Assign"
	start         verb = "Start"
	complete      verb = "Complete"
	reportOutcome verb = "ReportOutcome"
	cancel        verb = "Cancel"
	continues     verb = "Continue"
	enterInError  verb = "EnterInError"
	acknowledge   verb = "Acknowledge"

	// A decline in two steps is proposed first. A sender cancels by calling off, or by
	// asking the recipient to.
	propose   verb = "propose"
	callOff   verb = "call off"
	askCancel verb = "ask to cancel"
	stop      verb = "stop"

	// What follows from facts, and from time.
	declineFor verb = "decline for"
	withdraw   verb = "withdraw"
	lapse      verb = "lapse"
	resume     verb = "resume"
	recall     verb = "recall"
	expire     verb = "expire"
	reroute    verb = "reroute"
)

// The statuses that rules speak of together.
var (
	fresh    = []code.ReferralStatus{code.Requested, code.Received}
	awaiting = append(slices.Clip(fresh), code.DenialPending)
	unserved = []code.ReferralStatus{code.Accepted, code.Scheduled, code.Missed}
	going    = append(slices.Clip(unserved), code.InService)
	taken    = append(slices.Clip(going), code.CancellationRequested)
	open     = slices.Concat(awaiting, taken)
	// over are the ends at which the recipient may still hold data: it had taken the referral,
	// or had done so before it was resumed.
	over = []code.ReferralStatus{
		code.Lapsed, code.Completed, code.Cancelled, code.EnteredInError, code.Declined, code.Expired, code.Rerouted,
	}
	// worked are the ends after which a worker of the recipient may still have work or
	// duties, where it had taken the referral.
	worked = []code.ReferralStatus{code.Lapsed, code.Withdrawn, code.Completed, code.Cancelled}
)

// life says who may do what to a referral, from which statuses, and to which
// status that brings it. It is the only place that does. Without a target the
// status stays, or becomes what it was before. Requested is where a life begins.
var life = map[verb]struct {
	by   party
	from []code.ReferralStatus
	to   code.ReferralStatus
}{
	receive:       {recipient | candidate, fresh, code.Received},
	accept:        {recipient | candidate, fresh, code.Accepted},
	propose:       {recipient, fresh, code.DenialPending},
	confirmDenial: {reviewer, []code.ReferralStatus{code.DenialPending}, code.Declined},
	returnDenial:  {reviewer, []code.ReferralStatus{code.DenialPending}, code.Received},
	decline:       {recipient | candidate, fresh, code.Declined},
	declineFor:    {network, awaiting, code.Declined},

	schedule:      {recipient | teller, unserved, code.Scheduled},
	unschedule:    {sender | recipient, []code.ReferralStatus{code.Scheduled}, code.Accepted},
	miss:          {recipient | teller | network, []code.ReferralStatus{code.Scheduled}, code.Missed},
	contact:       {recipient | teller, going, ""},
	assign:        {recipient, slices.Concat(fresh, taken, worked), ""},
	start:         {recipient | teller | network, unserved, code.InService},
	complete:      {recipient | teller | network, taken, code.Completed},
	reportOutcome: {sender | recipient, []code.ReferralStatus{code.Completed}, ""},

	callOff:   {sender, awaiting, code.Cancelled},
	askCancel: {sender, going, code.CancellationRequested},
	stop:      {sender, taken, code.Cancelled},
	cancel:    {recipient | teller, slices.Concat(fresh, taken), code.Cancelled},
	continues: {recipient | teller, []code.ReferralStatus{code.CancellationRequested}, ""},

	withdraw:     {network, append(slices.Clip(open), code.Lapsed), code.Withdrawn},
	lapse:        {network, open, code.Lapsed},
	resume:       {network, []code.ReferralStatus{code.Completed, code.Cancelled}, code.Requested},
	recall:       {network, over, ""},
	acknowledge:  {recipient | teller, append(slices.Clip(over), code.Withdrawn), ""},
	expire:       {network, awaiting, code.Expired},
	reroute:      {network, []code.ReferralStatus{code.Declined, code.Expired}, code.Rerouted},
	enterInError: {sender, slices.Concat(awaiting, unserved, []code.ReferralStatus{code.Cancelled}), code.EnteredInError},
}

// part is what an actor is in this referral. An agency may refer to itself: a
// one-stop centre does. An actor without an agency has no part, also where the
// referral has no recipient yet.
func (r Referral) part(by fact.By) party {
	switch {
	case by.System():
		return network
	case by.Agency == "":
		return 0
	}
	var p party
	if by.Agency == r.Sender {
		p |= sender
		if r.ByCode {
			p |= teller
		}
	}
	if by.Agency == r.Recipient {
		p |= recipient
		if slices.Contains(by.Roles, "supervisor") {
			p |= reviewer
		}
	}
	if r.candidate(by.Agency) >= 0 {
		p |= candidate
	}
	return p
}

// told says that the actor records what the recipient told by telephone.
func (r Referral) told(by fact.By) referralv1.Told { return r.part(by)&(teller|recipient) == teller }

// can says whether something can be done to the referral as it stands.
func (r Referral) can(v verb) bool { return slices.Contains(life[v].from, r.Status) }

// may gives a fault when an actor may not do something.
func (r Referral) may(by fact.By, v verb) error {
	switch p := r.part(by); {
	case p == 0:
		return ErrNotFound
	case p&life[v].by == 0:
		return notYours(life[v].by, p)
	case !r.can(v):
		return r.obstacle(v)
	}
	return nil
}

func notYours(allowed, p party) error {
	switch {
	case allowed == reviewer && p&recipient != 0:
		return ErrSupervisorNeeded
	case allowed == sender:
		return ErrNotTheSender
	default:
		return ErrNotTheRecipient
	}
}

// obstacle is why the referral, as it stands, cannot have something done.
func (r Referral) obstacle(v verb) error {
	switch {
	case v == reportOutcome:
		return ErrNoOutcome.At("/status", "completed")
	case v == acknowledge:
		return ErrNothingToAcknowledge
	case slices.Contains(awaiting, r.Status):
		return r.unanswered(v)
	case slices.Contains(taken, r.Status):
		return r.underWay(v)
	case r.Status == code.Expired:
		return ErrExpired
	case answers(v) && (r.Status == code.Declined || r.Status == code.Completed):
		return ErrAlreadyAnswered
	default:
		return ErrNotOpen.At("/status", "not "+string(r.Status))
	}
}

// answers says whether a verb is an answer, or comes before one: an asked agency may do
// it while an answer is awaited, and never later.
func answers(v verb) bool {
	return life[v].by&(recipient|candidate|reviewer) != 0 &&
		!slices.ContainsFunc(life[v].from, func(s code.ReferralStatus) bool { return !slices.Contains(awaiting, s) })
}

// unanswered is the obstacle while an answer is awaited.
func (r Referral) unanswered(v verb) error {
	switch {
	case v == confirmDenial, v == returnDenial:
		return ErrNoDenial
	case r.Status == code.DenialPending && (answers(v) || v == cancel):
		return ErrDenialPending
	default:
		return ErrNotAccepted
	}
}

// underWay is the obstacle once the referral was accepted.
func (r Referral) underWay(v verb) error {
	switch {
	case answers(v):
		return ErrAlreadyAnswered
	case v == continues:
		return ErrNoCancellation
	case r.Status == code.CancellationRequested:
		return ErrCancellationPending
	case v == miss, v == unschedule:
		return ErrNoAppointment
	default: // to start, schedule or take back what has begun
		return ErrAlreadyStarted
	}
}

// turn is what the next event that moves the status repeats.
func (r Referral) turn() referralv1.Loop {
	l := r.Loop
	l.Turn++
	return l
}
