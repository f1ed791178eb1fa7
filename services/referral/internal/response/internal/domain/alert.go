package domain

import (
	"cmp"
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
	// Going have acknowledged, and go: the one who said something last is the last one.
	Going []intakev1.Responder
	// Until is when the next one is asked; zero when nobody is.
	Until time.Time
	// Silent says that who goes said nothing in time, and that the district has it as well.
	Silent bool
	// ClosedTo are those for whom it is off while it goes on for others.
	ClosedTo []string
	Shown    []code.ResponseOption
	Chosen   []code.ResponseOption
	Result   code.ResponseResult
	Unseen   code.UnseenReason
	// Asking says that the last step asks a member, and nobody has said anything since.
	Asking bool
	Turn   int
	// OpenedAt is when the desk's word came here.
	OpenedAt, EndedAt time.Time
}

// Rung is one step: who was asked, and when.
type Rung struct {
	referralv1.ResponseAlerted
	At time.Time
}

// Rule is what a programme says of alerts: how long a member has for the next step, before
// the next one is asked.
type Rule struct {
	// Acknowledge is until the member acknowledges.
	Acknowledge time.Duration
	// SetOut is from then on until they are on the way, and Arrive from there until they are
	// with her. Who is late goes on: the next one is asked beside them.
	SetOut, Arrive time.Duration
}

// After is how long a member has who has come so far; zero once they are with her.
func (r Rule) After(s code.ResponseStatus) time.Duration {
	switch s {
	case code.ResponseAcknowledged:
		return r.SetOut
	case code.ResponseOnTheWay:
		return r.Arrive
	}
	return 0
}

// Ladder is who can be asked: the teams of the alert as they are now, or why that cannot be
// known.
type Ladder struct {
	Teams map[string]Team
	Staff Register
	// May says who may be asked, by the register's identifier. Nil is everybody.
	May func(worker string) bool
	// Rule is what the programme says at an instant.
	Rule func(now time.Time) Rule
	Err  error
}

func (l Ladder) may(worker string) bool { return l.May == nil || l.May(worker) }

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
	step := referralv1.ResponseAlerted{Alert: a.Alert, Case: a.ResponseOpened.Case, Rung: code.RungDistrict, Going: a.Going, Turn: a.Turn + 1}
	for _, named := range a.Teams {
		t := on.Teams[named.Team]
		if t.Turn != named.Turn {
			continue
		}
		for _, m := range t.onCall(at) {
			if a.asked(m.Worker) || !on.may(m.Worker) || on.Staff.Away(m, at) {
				continue
			}
			step.Rung, step.Team, step.Worker, step.Agency = code.RungMember, t.Team, m.Worker, m.Agency
			step.Until = at.Add(on.Rule(at).Acknowledge)
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
	if a.over() {
		return time.Time{}
	}
	return a.Until
}

// Escalate asks the next one when nobody acknowledged in time, or who goes said nothing in
// time: they go on.
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
func (a Alert) taken() bool { return len(a.Going) > 0 && !a.over() }

// waits says that a person of the district is to do something: nobody goes, or who goes is
// silent and nobody else can be asked.
func (a Alert) waits() bool { return !a.over() && (a.Status == code.ResponseUnanswered || a.Silent) }

// mine is the step at which the caller was asked.
func (a Alert) mine(by fact.By) (Rung, bool) {
	if by.Agency == "" || by.Principal == "" {
		return Rung{}, false
	}
	id := worker.ID(by.Agency, by.Principal)
	i := slices.IndexFunc(a.Rungs, func(r Rung) bool { return r.Worker == id && r.Agency == by.Agency })
	if i < 0 {
		return Rung{}, false
	}
	return a.Rungs[i], true
}

// off says that a member has nothing to do with it any more.
func (a Alert) off(m Rung) bool { return a.over() || slices.Contains(a.ClosedTo, m.Worker) }

// going is a member as they go.
func (a Alert) going(id string) (intakev1.Responder, bool) {
	i := slices.IndexFunc(a.Going, func(r intakev1.Responder) bool { return r.Worker == id })
	if i < 0 {
		return intakev1.Responder{}, false
	}
	return a.Going[i], true
}

// others are those who go beside a member.
func (a Alert) others(id string) []intakev1.Responder {
	return slices.DeleteFunc(slices.Clone(a.Going), func(r intakev1.Responder) bool { return r.Worker == id })
}

// moved says how far a member has come, and until when they have to say more. Once somebody
// is with her, or the district has it, nobody else is asked.
func (a Alert) moved(m intakev1.Responder, at time.Time, r Rule) referralv1.ResponseMoved {
	is := referralv1.ResponseMoved{
		Alert: a.Alert, Case: a.ResponseOpened.Case, Status: m.Status, Team: m.Team, Worker: m.Worker, Agency: m.Agency, Beside: a.others(m.Worker), Turn: a.Turn + 1,
	}
	if left := r.After(m.Status); left > 0 && !a.seen() && a.atDistrict().IsZero() {
		is.Until = at.Add(left)
	}
	return is
}

// mayAcknowledge gives a member who goes: the first one counts (ErrTaken), and who was asked
// because that one was silent. Who was asked earlier, and is late, may go while nobody else does.
func (a Alert) mayAcknowledge(by fact.By) (Rung, error) {
	m, ok := a.mine(by)
	switch {
	case !ok:
		return m, ErrNotFound
	case a.off(m):
		return m, ErrOver
	case a.taken() && (len(m.Going) == 0 || a.seen()):
		return m, ErrTaken
	}
	return m, nil
}

// Acknowledge says that the caller goes. The same one again changes nothing.
func (a Alert) Acknowledge(by fact.By, _ struct{}, r Rule) ([]fact.Event, error) {
	if _, err := a.goes(by); err == nil {
		return nil, nil
	}
	m, err := a.mayAcknowledge(by)
	if err != nil {
		return nil, err
	}
	return fact.Of(a.moved(intakev1.Responder{Team: m.Team, Worker: m.Worker, Agency: m.Agency, Status: code.ResponseAcknowledged}, by.At, r)), nil
}

// goes is the caller, where they have acknowledged. Errors: ErrOver, ErrNotTaken.
func (a Alert) goes(by fact.By) (intakev1.Responder, error) {
	m, ok := a.mine(by)
	g, going := a.going(m.Worker)
	switch {
	case !ok:
		return g, ErrNotFound
	case a.off(m):
		return g, ErrOver
	case !going:
		return g, ErrNotTaken
	}
	return g, nil
}

// forward are the states between the acknowledgement and the end, in their order.
var forward = []code.ResponseStatus{code.ResponseAcknowledged, code.ResponseOnTheWay, code.ResponseWithHer, code.ResponseShowing}

// Leave says that the member is on the way.
func (a Alert) Leave(by fact.By, _ struct{}, r Rule) ([]fact.Event, error) {
	return a.move(by, code.ResponseOnTheWay, r)
}

// Arrive says that the member is with her.
func (a Alert) Arrive(by fact.By, _ struct{}) ([]fact.Event, error) {
	return a.move(by, code.ResponseWithHer, Rule{})
}

func (a Alert) move(by fact.By, to code.ResponseStatus, r Rule) ([]fact.Event, error) {
	m, err := a.goes(by)
	switch {
	case err != nil:
		return nil, err
	case m.Status == to:
		return nil, nil
	case far(to) < far(m.Status):
		return nil, ErrOrder
	}
	m.Status = to
	return fact.Of(a.moved(m, by.At, r)), nil
}

// far is how far a member has come.
func far(s code.ResponseStatus) int { return slices.Index(forward, s) }

// with says that a member is with her.
func with(m intakev1.Responder) bool { return far(m.Status) >= far(code.ResponseWithHer) }

// seen says that somebody who goes is with her.
func (a Alert) seen() bool { return slices.ContainsFunc(a.Going, with) }

// furthest is how far those who go have come.
func furthest(all []intakev1.Responder) code.ResponseStatus {
	return slices.MaxFunc(all, func(a, b intakev1.Responder) int { return cmp.Compare(far(a.Status), far(b.Status)) }).Status
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
	case !with(m):
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
	m.Status = code.ResponseShowing
	is := a.moved(m, by.At, Rule{})
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
// While another member goes, only who was with her ends it; who was not passes.
func (a Alert) StandDown(by fact.By, cmd StandDown) ([]fact.Event, error) {
	m, err := a.goes(by)
	switch {
	case err != nil:
		return nil, err
	case !with(m) && len(a.others(m.Worker)) > 0:
		return nil, ErrOthers
	}
	switch {
	case !slices.Contains(byMembers, cmd.Result):
		return nil, ErrUnseen.At("/result", "one that a member can say")
	case with(m) == (cmd.Result == code.NotSeen):
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
	case a.off(m):
		return nil, ErrOver
	}
	if err := a.mayPass(m); err != nil {
		return nil, err
	}
	if !a.holds(m) {
		return nil, nil // the next one is asked already
	}
	if on.Err != nil {
		return nil, on.Err
	}
	return fact.Of(a.without(m.Worker, by.At, on)), nil
}

// mayPass refuses who was with her (ErrOrder), and who does not go while others do (ErrTaken).
func (a Alert) mayPass(m Rung) error {
	g, going := a.going(m.Worker)
	switch {
	case going && with(g):
		return ErrOrder
	case !going && a.taken() && !a.last(m):
		return ErrTaken
	}
	return nil
}

// holds says that it hangs on a member: they go, or are asked now.
func (a Alert) holds(m Rung) bool {
	_, going := a.going(m.Worker)
	return going || a.last(m)
}

// last says that a member is the one who is asked now.
func (a Alert) last(m Rung) bool {
	return a.Asking && !a.over() && a.Rungs[len(a.Rungs)-1].Worker == m.Worker
}

// without is the alert without a member on whom it hung: another one goes on, or the next one
// is asked.
func (a Alert) without(id string, at time.Time, on Ladder) fact.Data {
	_, went := a.going(id)
	a.Going = a.others(id)
	if went && len(a.Going) > 0 {
		return a.moved(a.Going[len(a.Going)-1], at, on.Rule(at))
	}
	return a.next(at, on)
}

// Close takes those out whom it is closed to: they see what they would see after her no. What
// hung on one of them goes on at once, as after a member who passed.
func (a Alert) Close(by fact.By, _ struct{}, on Ladder) ([]fact.Event, error) {
	if on.Err != nil {
		return nil, on.Err
	}
	if a.Alert == "" || a.over() {
		return nil, nil
	}
	var out []string
	for _, r := range a.Rungs {
		if r.Worker != "" && !on.may(r.Worker) && !slices.Contains(a.ClosedTo, r.Worker) {
			out = append(out, r.Worker)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	var events []fact.Event
	hung := slices.ContainsFunc(a.Rungs, func(r Rung) bool { return slices.Contains(out, r.Worker) && a.holds(r) })
	went := len(a.Going)
	a.Going = slices.DeleteFunc(slices.Clone(a.Going), func(r intakev1.Responder) bool { return slices.Contains(out, r.Worker) })
	switch {
	case hung && len(a.Going) > 0 && len(a.Going) < went:
		events = fact.Of(a.moved(a.Going[len(a.Going)-1], by.At, on.Rule(by.At)))
	case hung:
		events = fact.Of(a.next(by.At, on))
	}
	// Last: the place of the other in its commit is on the bus.
	a.Turn += len(events)
	return append(events, fact.Of(referralv1.ResponseClosedTo{Alert: a.Alert, Case: a.ResponseOpened.Case, Workers: out, Turn: a.Turn + 1})...), nil
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

// Sign ends an alert to which nobody came, with why: nobody goes, or who goes is silent and a
// person of the district has found out. It is on record who signed.
func (a Alert) Sign(by fact.By, cmd Sign) ([]fact.Event, error) {
	switch {
	case !a.coordinated(by):
		return nil, ErrNotFound
	case !a.waits():
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
		a.Going, a.Until, a.Turn = d.Going, d.Until, d.Turn
		a.Asking, a.Silent = d.Rung == code.RungMember, d.Rung == code.RungDistrict && len(d.Going) > 0
		switch {
		case len(d.Going) > 0:
			a.Status = furthest(d.Going)
		case d.Rung == code.RungDistrict:
			a.Status = code.ResponseUnanswered
		default:
			a.Status = code.ResponseAlerting
		}
	case referralv1.ResponseMoved:
		a.Going = append(slices.Clip(d.Beside), intakev1.Responder{Team: d.Team, Worker: d.Worker, Agency: d.Agency, Status: d.Status})
		a.Status, a.Until, a.Asking, a.Silent, a.Turn = furthest(a.Going), d.Until, false, false, d.Turn
		if d.Status == code.ResponseShowing {
			a.Shown, a.Chosen = d.Shown, d.Chosen
		}
	case referralv1.ResponseClosedTo:
		a.ClosedTo, a.Turn = append(slices.Clip(a.ClosedTo), d.Workers...), d.Turn
	case referralv1.ResponseEnded:
		a.Alert, a.ResponseOpened.Case = d.Alert, d.Case
		a.Status, a.Result, a.Unseen, a.Turn, a.EndedAt = d.Status, d.Result, d.Unseen, d.Turn, e.At
	}
	return a
}

// IsAlert says whether the name of some work is that of an alert.
func IsAlert(id string) bool { return strings.HasPrefix(id, "alert_") }

// Off says that her no ended the alert.
func Off(e referralv1.ResponseEnded) bool { return e.Status == code.ResponseCalledOff }

// commitRecord is the record that is being decided.
func commitRecord(by fact.By) string {
	id, _, _ := strings.Cut(by.Commit, "/")
	return id
}
