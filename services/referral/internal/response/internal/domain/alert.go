package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Alert is one call for a team. It knows who was asked and how far they came, and neither
// where she is nor what the danger is.
type Alert struct {
	referralv1.ResponseOpened
	Rungs  []Rung
	Status code.ResponseStatus
	// Member has acknowledged; empty while nobody has.
	Member Member
	Shown  []code.ResponseOption
	Chosen []code.ResponseOption
	Result code.ResponseResult
	Unseen code.UnseenReason
	// Seen says that the member was with her.
	Seen bool
	Turn int
	// OpenedAt is when the desk's word came here.
	OpenedAt, EndedAt time.Time
}

// Rung is one step: who was asked, and when.
type Rung struct {
	referralv1.ResponseAlerted
	At time.Time
}

// Member is who goes.
type Member struct{ Team, Worker, Agency string }

// Rule is what a programme says of alerts.
type Rule struct {
	// Acknowledge is how long a member has to acknowledge before the next one is asked.
	Acknowledge time.Duration
}

// Unsaid is the rule until a programme says.
var Unsaid = Rule{Acknowledge: 5 * time.Minute}

// OrUnsaid is the rule, or the one until a programme says.
func (r Rule) OrUnsaid() Rule {
	if r.Acknowledge <= 0 {
		return Unsaid
	}
	return r
}

// Ladder is who can be asked: the teams of the alert as they are now, or why that cannot be
// known.
type Ladder struct {
	Teams map[string]Team
	Staff Register
	// Opened is when the alert was opened; zero for one that is opened now.
	Opened time.Time
	// Rule is what the programme says at an instant of what was opened at an earlier one. Nil:
	// it says nothing.
	Rule func(opened, now time.Time) Rule
	Err  error
}

// within is how long a member has who is asked at an instant.
func (l Ladder) within(at time.Time) time.Duration {
	if l.Rule == nil {
		return Unsaid.Acknowledge
	}
	opened := l.Opened
	if opened.IsZero() {
		opened = at
	}
	return l.Rule(opened, at).Acknowledge
}

// Open takes what a desk asks for, and asks the first member. An alert that was called off
// before it came is not opened.
func (a Alert) Open(by fact.By, e intakev1.ResponseAsked, on Ladder) ([]fact.Event, error) {
	if a.Alert != "" {
		return nil, nil
	}
	if on.Err != nil {
		return nil, on.Err
	}
	a.ResponseOpened = referralv1.ResponseOpened{
		Alert: e.Alert, Case: e.Case, Desk: e.Agency, Country: e.Country, Programme: e.Programme, Area: e.Area, Urgency: e.Urgency, Teams: e.Teams,
	}
	return fact.Of(a.ResponseOpened, a.next(by.At, on)), nil
}

// next is the next step: the next member on call of the first team that has one who was not
// asked yet, and when there is none, the district. A team of which something else was said
// since the desk named it is passed over whole: it may have another member.
func (a Alert) next(at time.Time, on Ladder) referralv1.ResponseAlerted {
	step := referralv1.ResponseAlerted{Alert: a.Alert, Case: a.ResponseOpened.Case, Rung: code.RungDistrict, Turn: a.Turn + 1}
	for _, named := range a.Teams {
		t := on.Teams[named.Team]
		if t.Turn != named.Turn {
			continue
		}
		for _, m := range t.onCall(at) {
			if a.asked(m.Worker) || on.Staff.Away(m, at) {
				continue
			}
			step.Rung, step.Team, step.Worker, step.Agency = code.RungMember, t.Team, m.Worker, m.Agency
			step.Until = at.Add(on.within(at))
			return step
		}
	}
	return step
}

func (a Alert) asked(id string) bool {
	return slices.ContainsFunc(a.Rungs, func(r Rung) bool { return r.Worker == id && id != "" })
}

// due is when the next one is asked; zero when nobody is.
func (a Alert) due() time.Time {
	if a.Status != code.ResponseAlerting || len(a.Rungs) == 0 {
		return time.Time{}
	}
	return a.Rungs[len(a.Rungs)-1].Until
}

// Escalate asks the next one when nobody acknowledged in time.
func (a Alert) Escalate(by fact.By, on Ladder) ([]fact.Event, error) {
	at := a.due()
	switch {
	case at.IsZero():
		return nil, nil
	case by.At.Before(at):
		return nil, ErrNotDue
	case on.Err != nil:
		return nil, on.Err
	}
	return fact.Of(a.next(by.At, on)), nil
}

// over says that nobody goes any more.
func (a Alert) over() bool { return !a.EndedAt.IsZero() }

// taken says that a member has acknowledged and the alert goes on.
func (a Alert) taken() bool { return a.Member.Worker != "" && !a.over() }

// mine is the step at which the caller was asked.
func (a Alert) mine(by fact.By) (Member, bool) {
	if by.Agency == "" || by.Principal == "" {
		return Member{}, false
	}
	id := worker.ID(by.Agency, by.Principal)
	i := slices.IndexFunc(a.Rungs, func(r Rung) bool { return r.Worker == id && r.Agency == by.Agency })
	if i < 0 {
		return Member{}, false
	}
	return Member{Team: a.Rungs[i].Team, Worker: id, Agency: by.Agency}, true
}

func (a Alert) moved(m Member, s code.ResponseStatus) referralv1.ResponseMoved {
	return referralv1.ResponseMoved{
		Alert: a.Alert, Case: a.ResponseOpened.Case, Status: s, Team: m.Team, Worker: m.Worker, Agency: m.Agency, Turn: a.Turn + 1,
	}
}

// Acknowledge says that the caller goes. The first one counts (ErrTaken); the same one again
// changes nothing. Who was asked earlier, and is late, may go while nobody else does.
func (a Alert) Acknowledge(by fact.By, _ struct{}) ([]fact.Event, error) {
	m, ok := a.mine(by)
	switch {
	case !ok:
		return nil, ErrNotFound
	case a.over():
		return nil, ErrOver
	case a.Member == m:
		return nil, nil
	case a.taken():
		return nil, ErrTaken
	}
	return fact.Of(a.moved(m, code.ResponseAcknowledged)), nil
}

// goes is the caller, where they have acknowledged. Errors: ErrOver, ErrNotTaken.
func (a Alert) goes(by fact.By) (Member, error) {
	m, ok := a.mine(by)
	switch {
	case !ok:
		return Member{}, ErrNotFound
	case a.over():
		return Member{}, ErrOver
	case a.Member != m:
		return Member{}, ErrNotTaken
	}
	return m, nil
}

// forward are the states between the acknowledgement and the end, in their order.
var forward = []code.ResponseStatus{code.ResponseAcknowledged, code.ResponseOnTheWay, code.ResponseWithHer, code.ResponseShowing}

// Leave says that the member is on the way.
func (a Alert) Leave(by fact.By, _ struct{}) ([]fact.Event, error) {
	return a.move(by, code.ResponseOnTheWay)
}

// Arrive says that the member is with her.
func (a Alert) Arrive(by fact.By, _ struct{}) ([]fact.Event, error) {
	return a.move(by, code.ResponseWithHer)
}

func (a Alert) move(by fact.By, to code.ResponseStatus) ([]fact.Event, error) {
	m, err := a.goes(by)
	switch {
	case err != nil:
		return nil, err
	case a.Status == to:
		return nil, nil
	case slices.Index(forward, to) < slices.Index(forward, a.Status):
		return nil, ErrOrder
	}
	return fact.Of(a.moved(m, to)), nil
}

// Options is what she was shown, and what she chose.
type Options struct {
	Shown []code.ResponseOption `json:"shown"`
	// Chosen may be empty: to choose nothing is hers.
	Chosen []code.ResponseOption `json:"chosen,omitempty"`
}

// Show says what she was shown and what she chose. It may be said again: she may change her
// mind. Errors: ErrOrder before the member is with her, ErrChoice.
func (a Alert) Show(by fact.By, cmd Options) ([]fact.Event, error) {
	m, err := a.goes(by)
	switch {
	case err != nil:
		return nil, err
	case !a.Seen:
		return nil, ErrOrder
	case len(cmd.Shown) == 0:
		return nil, ErrChoice.At("/shown", "at least one")
	}
	for i, o := range cmd.Shown {
		if !slices.Contains(code.ResponseOptions, o) || slices.Contains(cmd.Shown[:i], o) {
			return nil, ErrChoice.At("/shown", "each of the list, once")
		}
	}
	for i, o := range cmd.Chosen {
		if !slices.Contains(cmd.Shown, o) || slices.Contains(cmd.Chosen[:i], o) {
			return nil, ErrChoice.At("/chosen", "among what was shown")
		}
	}
	is := a.moved(m, code.ResponseShowing)
	is.Shown, is.Chosen = cmd.Shown, cmd.Chosen
	return fact.Of(is), nil
}

// StandDown is how the member ends an alert.
type StandDown struct {
	Result code.ResponseResult `json:"result"`
	Unseen code.UnseenReason   `json:"unseen,omitempty"`
}

// byMembers are the results that a member can say.
var byMembers = []code.ResponseResult{code.SafeWhereSheIs, code.TakenToSafety, code.TakenToCare, code.SheWantsNoHelp, code.NotSeen}

// StandDown ends the alert. Where she was not seen the result says so, with why (ErrUnseen).
func (a Alert) StandDown(by fact.By, cmd StandDown) ([]fact.Event, error) {
	if _, err := a.goes(by); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(byMembers, cmd.Result):
		return nil, ErrUnseen.At("/result", "one that a member can say")
	case a.Seen && cmd.Result == code.NotSeen, !a.Seen && cmd.Result != code.NotSeen:
		return nil, ErrUnseen.At("/result", "as it was said before: with her, or not")
	case (cmd.Result == code.NotSeen) != slices.Contains(code.UnseenReasons, cmd.Unseen):
		return nil, ErrUnseen.At("/unseen", "with not_seen, and with nothing else")
	}
	return a.end(code.ResponseStoodDown, cmd.Result, cmd.Unseen), nil
}

// Pass says that the caller cannot go: the next one is asked at once. Who was with her stands
// down (ErrOrder).
func (a Alert) Pass(by fact.By, _ struct{}, on Ladder) ([]fact.Event, error) {
	m, ok := a.mine(by)
	switch {
	case !ok:
		return nil, ErrNotFound
	case a.over():
		return nil, ErrOver
	case a.taken() && a.Member != m:
		return nil, ErrTaken
	case a.Seen:
		return nil, ErrOrder
	case !a.taken() && (a.due().IsZero() || a.Rungs[len(a.Rungs)-1].Worker != m.Worker):
		return nil, nil // the next one is asked already
	case on.Err != nil:
		return nil, on.Err
	}
	return fact.Of(a.next(by.At, on)), nil
}

// CallOff ends the alert at her no, at whatever step it is, and also before it came.
func (a Alert) CallOff(_ fact.By, e intakev1.ResponseCalledOff) ([]fact.Event, error) {
	if a.over() {
		return nil, nil
	}
	if a.Alert == "" {
		a.Alert, a.ResponseOpened.Case = e.Alert, e.Case
	}
	return a.end(code.ResponseCalledOff, "", ""), nil
}

// Sign is the word of a person of the district.
type Sign struct {
	Unseen code.UnseenReason `json:"unseen"`
}

// Sign ends an alert to which nobody came, with why. It is on record who signed.
func (a Alert) Sign(by fact.By, cmd Sign) ([]fact.Event, error) {
	switch {
	case !a.coordinated(by):
		return nil, ErrNotFound
	case a.Status != code.ResponseUnanswered:
		return nil, ErrNotUnanswered
	case !slices.Contains(code.UnseenReasons, cmd.Unseen):
		return nil, ErrUnseen.At("/unseen", "required")
	}
	return a.end(code.ResponseSigned, code.NobodyCame, cmd.Unseen), nil
}

func (a Alert) end(s code.ResponseStatus, r code.ResponseResult, why code.UnseenReason) []fact.Event {
	return fact.Of(referralv1.ResponseEnded{
		Alert: a.Alert, Case: a.ResponseOpened.Case, Status: s, Result: r, Unseen: why, Turn: a.Turn + 1,
	})
}

// coordinated says that the caller coordinates the programme of the alert in its country.
func (a Alert) coordinated(by fact.By) bool {
	return slices.Contains(by.Roles, "coordinator") && by.Country != "" && by.Programme != "" &&
		by.Country == string(a.Country) && by.Programme == a.Programme
}

// Evolve is the alert after an event.
func (a Alert) Evolve(e fact.Event) Alert {
	switch d := e.Data.(type) {
	case referralv1.ResponseOpened:
		a.ResponseOpened, a.OpenedAt = d, e.At
	case referralv1.ResponseAlerted:
		a.Rungs = append(slices.Clip(a.Rungs), Rung{d, e.At})
		a.Member, a.Turn, a.Status = Member{}, d.Turn, code.ResponseAlerting
		if d.Rung == code.RungDistrict {
			a.Status = code.ResponseUnanswered
		}
	case referralv1.ResponseMoved:
		a.Member, a.Status, a.Turn = Member{d.Team, d.Worker, d.Agency}, d.Status, d.Turn
		a.Seen = a.Seen || d.Status == code.ResponseWithHer
		if d.Status == code.ResponseShowing {
			a.Shown, a.Chosen = d.Shown, d.Chosen
		}
	case referralv1.ResponseEnded:
		a.Alert, a.ResponseOpened.Case = d.Alert, d.Case
		a.Status, a.Result, a.Unseen, a.Turn, a.EndedAt = d.Status, d.Result, d.Unseen, d.Turn, e.At
	}
	return a
}

// Off says that her no ended the alert.
func Off(e referralv1.ResponseEnded) bool { return e.Status == code.ResponseCalledOff }

// commitRecord is the record that is being decided.
func commitRecord(by fact.By) string {
	id, _, _ := strings.Cut(by.Commit, "/")
	return id
}
