package domain

import (
	"maps"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
)

// Invitation lets one agency answer one referral with a code, or say what became of its
// copies after one recall. It holds the
// codes and the tries. What an answer does, and whether one is awaited, is the
// referral's own rule.
type Invitation struct {
	referralv1.InvitationWanted

	// wants counts how often codes were wanted: at the request, when the agency's
	// channels became others, and when the sender asked for new ones.
	wants   int
	secrets Secrets
	madeAt  time.Time
	tries   tries
	told    map[int]Notice
	answer  code.Answer
	reason  code.DeclineReason
	ended   bool
}

// Notice is what became of a notice on one channel.
type Notice struct {
	Channel code.NoticeChannel `json:"channel"`
	Outcome code.NoticeOutcome `json:"outcome"`
}

// InvitationID names the first invitation of an agency to a referral.
func InvitationID(referral, agency string) string { return fact.ID("inv", referral+"/"+agency) }

// ID names the invitation of the asked agency: one for each round in which its answer is
// asked for, and one for each recall. What comes again asks anew, with a new code.
func (a Ask) ID() string {
	switch {
	case !a.Recalled.IsZero():
		return InvitationID(a.Referral, a.Agency+"/let-go/"+a.Recalled.UTC().Format(time.RFC3339Nano))
	case a.Round > 0:
		return InvitationID(a.Referral, a.Agency+"/round/"+strconv.Itoa(a.Round))
	}
	return InvitationID(a.Referral, a.Agency)
}

// Kind is that of the notice with the code.
func (a Ask) Kind() code.NoticeKind {
	if a.Recalled.IsZero() {
		return code.InvitationNotice
	}
	return code.StopContact
}

// Ask is the referral as the invited agency gets it.
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
	// where an answer is asked for.
	Recalled time.Time
}

// Awaits says whether an answer would count at an instant.
func (a Ask) Awaits(at time.Time) bool { return at.Before(a.Until) }

// overdue says whether an answer is awaited and comes too late at an instant.
func (a Ask) overdue(at time.Time) bool { return !a.Until.IsZero() && !at.Before(a.Until) }

// Preview is what staged disclosure shows without an account.
func (a Ask) Preview() Preview { return Preview{a.Service, a.Urgency, a.Until} }

// Preview is what an agency sees of a referral before it answers with a code.
type Preview struct {
	Service   code.Service `json:"service"`
	Urgency   code.Urgency `json:"urgency"`
	RespondBy time.Time    `json:"respond_by"`
}

// Want notes, once, that an agency is asked and is to be told. An agency that
// only finds the referral in a queue is told nothing, and neither is one whose
// answer is no longer awaited.
func (i Invitation) Want(by fact.By, ask look.Fresh[Ask]) ([]fact.Event, error) {
	a := ask.Value()
	if i.Invitation != "" || a.Queued || !a.Awaits(by.At) {
		return nil, nil
	}
	return fact.Of(a.wanted()), nil
}

// Again wants new codes for an invitation that there is: what waits is told to the
// channels that the agency has now. One that was made for these is left alone, and
// so is one that was answered. For one that is wanted and not made it is too early:
// who makes it looks at the channels after that.
func (i Invitation) Again(by fact.By, ask look.Fresh[Ask], channels look.Fresh[Channels]) ([]fact.Event, error) {
	if i.Invitation != "" && (!i.made() || i.secrets.Turn == channels.Value().turn) {
		return nil, nil
	}
	return i.Renew(by, ask)
}

// Renew wants new codes, whatever became of those before: they end at once. Nothing
// happens where no answer is awaited.
func (i Invitation) Renew(by fact.By, ask look.Fresh[Ask]) ([]fact.Event, error) {
	a := ask.Value()
	if a.Queued || !a.Awaits(by.At) || i.answer != "" {
		return nil, nil
	}
	return fact.Of(a.wanted()), nil
}

func (a Ask) wanted() referralv1.InvitationWanted {
	return referralv1.InvitationWanted{
		Invitation: a.ID(), Case: a.Case, Referral: a.Referral, Agency: a.Agency, Expires: a.Until, Recalled: a.Recalled,
	}
}

// Wants counts how often codes were wanted.
func (i Invitation) Wants() int { return i.wants }

// Make makes the invitation with the secrets of its codes, or replaces them.
// Nothing happens when the referral does not wait for the agency, when the
// invitation is used, or when newer codes are wanted or made than these, by want
// and turn. New codes give no new tries.
func (i Invitation) Make(by fact.By, ask look.Fresh[Ask], want int, s Secrets) ([]fact.Event, error) {
	a := ask.Value()
	if !a.Awaits(by.At) || i.Invitation != "" && !i.open(by.At) || i.wants > want || i.secrets.Turn > s.Turn {
		return nil, nil
	}
	return fact.With(referralv1.InvitationMade(a.wanted()), s), nil
}

// LetsGo says that the invitation asks what became of copies, and for no answer.
func (i Invitation) LetsGo() bool { return !i.Recalled.IsZero() }

// Holds says whether these are the secrets of the invitation now.
func (i Invitation) Holds(s Secrets) bool {
	return i.made() && i.secrets.Handle == s.Handle && string(i.secrets.Long) == string(s.Long)
}

// made says whether codes were ever drawn.
func (i Invitation) made() bool { return i.secrets.Handle != "" }

// toldTo says whether the codes were told to the channels that the agency has now.
func (i Invitation) toldTo(c Channels) bool {
	if i.secrets.Turn == 0 { // of an earlier release
		return !c.since.After(i.madeAt)
	}
	return i.secrets.Turn == c.turn
}

// Reaches refuses a code whose channels are not the agency's any more: the person
// who reads the old address may be anybody.
func (i Invitation) Reaches(c look.Fresh[Channels]) error {
	if !i.toldTo(c.Value()) {
		return ErrCode
	}
	return nil
}

// Told says whether the outcome of a notice on the nth of an agency's channels is
// known.
func (i Invitation) Told(c Channels, position int) bool {
	_, known := i.told[position]
	return known && (!i.made() || i.toldTo(c))
}

// Notified is the outcome of a notice that told codes.
type Notified struct {
	Position int
	Notice
	Codes Secrets
}

// Note notes the outcome of a notice, once for each channel. The outcome for codes
// that were replaced meanwhile says nothing of those that hold.
func (i Invitation) Note(_ fact.By, n Notified) ([]fact.Event, error) {
	if _, known := i.told[n.Position]; known || !i.Holds(n.Codes) {
		return nil, nil
	}
	return fact.Of(i.notified(n.Position, n.Notice)), nil
}

func (i Invitation) notified(position int, n Notice) referralv1.InvitationNotified {
	return referralv1.InvitationNotified{Invitation: i.Invitation, Position: position, Channel: n.Channel, Outcome: n.Outcome}
}

// GiveUp notes that a channel was not told before the time for the answer was over. A
// referral that was answered, or does not wait any more, needed no notice.
func (i Invitation) GiveUp(by fact.By, ask look.Fresh[Ask], position int, ch code.NoticeChannel) ([]fact.Event, error) {
	if _, known := i.told[position]; known || i.Invitation == "" || i.answer != "" || !ask.Value().overdue(by.At) {
		return nil, nil
	}
	return fact.Of(i.notified(position, Notice{ch, code.NoticeOutOfTime})), nil
}

// Try compares a code with the invitation. No event and no error: the code is
// right. An event: the typed code is wrong, and that counts. Every other refusal is
// ErrCode, which gives no reason and is not counted.
func (i Invitation) Try(by fact.By, c Code) ([]fact.Event, error) {
	right := i.secrets.match(i.Invitation, c)
	switch {
	case i.over(by.At) || !i.made(), c.typed() && i.tries.locked(by.At), !c.typed() && !right:
		return nil, ErrCode
	case right:
		return nil, nil
	}
	return fact.Of(referralv1.InvitationTried{Invitation: i.Invitation, Left: i.tries.left()}), nil
}

// Reply is an answer given with a code.
type Reply struct {
	Answer code.Answer
	Reason code.DeclineReason
}

// Check says what is wrong with a reply alone.
func (a Reply) Check() error {
	if (a.Answer == code.Decline) != (a.Reason != "") {
		return ErrAnswerReason.At("/reason", "is given with a decline, and with nothing else")
	}
	return nil
}

// Answered says whether the invitation was used, and for this reply.
func (i Invitation) Answered() (Reply, bool) { return Reply{i.answer, i.reason}, i.answer != "" }

// Use spends the invitation. The same reply again changes nothing, another is
// refused.
func (i Invitation) Use(by fact.By, a Reply) ([]fact.Event, error) {
	if done, used := i.Answered(); used {
		if done != a {
			return nil, ErrCode
		}
		return nil, nil
	}
	if !i.made() || i.Agency != by.Agency {
		return nil, ErrCode
	}
	return fact.Of(referralv1.InvitationUsed{
		Invitation: i.Invitation, Referral: i.Referral, Agency: i.Agency, Answer: a.Answer, Reason: a.Reason,
	}), nil
}

// End notes that the time of the invitation is over.
func (i Invitation) End(by fact.By) ([]fact.Event, error) {
	switch {
	case i.Invitation == "" || i.ended:
		return nil, nil
	case by.At.Before(i.Expires):
		return nil, ErrNotDue
	}
	return fact.Of(referralv1.InvitationEnded{Invitation: i.Invitation}), nil
}

func (i Invitation) over(at time.Time) bool {
	return i.Invitation == "" || i.ended || !at.Before(i.Expires)
}

// open says whether a first answer may still come.
func (i Invitation) open(at time.Time) bool {
	return !i.over(at) && i.answer == ""
}

// ByHandle is (handle): the invitations whose time is not over. A few may share
// one; each counts the tries at it.
var ByHandle = image.List[Invitation]{Keys: func(i Invitation) []string {
	if !i.made() || i.ended {
		return nil
	}
	return []string{fact.Key(i.secrets.Handle)}
}}

// ByReferral is (referral): all that there ever were.
var ByReferral = image.List[Invitation]{Keys: func(i Invitation) []string {
	if i.Invitation == "" {
		return nil
	}
	return []string{fact.Key(i.Referral)}
}}

// Case is the survivor's case: with its key the secrets go, too.
func (i Invitation) Case() string { return i.InvitationWanted.Case }

// Visible is for the network only: no agency asks for it.
func (i Invitation) Visible(by fact.By) bool { return by.System() }

// Closed says that its time is over.
func (i Invitation) Closed() bool { return i.ended }

// Deadlines are the end of its time.
func (i Invitation) Deadlines() []fact.Deadline {
	if i.Invitation == "" || i.ended {
		return nil
	}
	return []fact.Deadline{{Name: "invitation", At: i.Expires}}
}

// View is empty.
func (i Invitation) View(fact.By) any { return struct{}{} }

// Evolve is the invitation after an event.
func (i Invitation) Evolve(e fact.Event) Invitation {
	switch d := e.Data.(type) {
	case referralv1.InvitationWanted:
		i.InvitationWanted, i.wants = d, i.wants+1
		i.secrets, i.tries, i.told = Secrets{}, tries{}, nil
	case referralv1.InvitationMade:
		made, _ := e.Private.(Secrets)
		if made.Turn != i.secrets.Turn {
			i.told = nil // to channels that are no more
		}
		i.InvitationWanted, i.secrets, i.madeAt = referralv1.InvitationWanted(d), made, e.At
	case referralv1.InvitationNotified:
		i.told = maps.Clone(i.told)
		if i.told == nil {
			i.told = map[int]Notice{}
		}
		i.told[d.Position] = Notice{d.Channel, d.Outcome}
	case referralv1.InvitationTried:
		i.tries = i.tries.wrong(e.At)
	case referralv1.InvitationUsed:
		i.answer, i.reason = d.Answer, d.Reason
	case referralv1.InvitationEnded:
		i.ended = true
	}
	return i
}
