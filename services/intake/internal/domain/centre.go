package domain

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
	"github.com/sanad-network/sanad/services/intake/internal/onestop"
	"github.com/sanad-network/sanad/services/intake/internal/sequence"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Some desks are the reception of a house in which several agencies work. Being in one house opens
// nothing: each of them has its own referral, on a consent of its own, and sees of her visit that somebody
// with a code waits for it, in which room and since when. She may leave at any step. Nothing reminds her,
// and no clock runs.

// BeginVisit is the command that says that she came. What she did not have at her last visit comes first.
type BeginVisit struct {
	Centre string `json:"centre"`
	// Referrals are for what she came.
	Referrals []string `json:"visit_referrals,omitempty"`
	// Also are the steps that are no service of an agency.
	Also []code.VisitStepKind `json:"visit_also,omitempty"`
}

// PlanVisitStep is the command that puts one more step into the visit.
type PlanVisitStep struct {
	Kind     code.VisitStepKind `json:"visit_step_kind"`
	Referral string             `json:"referral,omitempty"`
}

// MoveVisitStep is the command that says how far a step has come.
type MoveVisitStep struct {
	Moved
	// Wanted says that she knows what comes first, and wants this first all the same.
	Wanted bool `json:"she_wants_it_first,omitempty"`
}

// LeaveVisit is the command that says that she left. It asks for no reason.
type LeaveVisit struct{}

// Moved is the private half of VisitStepMoved.
type Moved struct {
	Step   string               `json:"visit_step"`
	Status code.VisitStepStatus `json:"visit_step_status"`
	Room   string               `json:"centre_room,omitempty"`
}

// Begun is the private half of VisitBegun.
type Begun struct {
	Centre string         `json:"centre"`
	Steps  []onestop.Step `json:"visit_steps"`
}

// House is a centre as a decision sees it.
type House struct {
	work.Hands
	Centre look.Fresh[centre.Centre]
	Err    error
}

// InHouse is a decision of who has the case that needs the house.
func InHouse[C any](decide func(Case, fact.By, C, House) ([]fact.Event, error)) func(Case, fact.By, C, House) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C, h House) ([]fact.Event, error) {
		switch err := c.Handled(h.Hands); {
		case err != nil:
			return nil, err
		case h.Err != nil:
			return nil, h.Err
		case h.Centre.Value().ID == "" || h.Centre.Value().Agency != c.Agency:
			return nil, onestop.ErrStep.At("/centre", "a centre of this desk")
		}
		return decide(c, by, cmd, h)
	}
}

// here is the visit that goes on, at most one.
func (c Case) here() (onestop.Visit, bool) {
	if n := len(c.CentreVisits); n > 0 && c.CentreVisits[n-1].Here() && !c.InError {
		return c.CentreVisits[n-1], true
	}
	return onestop.Visit{}, false
}

// HouseOf is the centre at which she is, or was last.
func (c Case) HouseOf() string {
	if n := len(c.CentreVisits); n > 0 {
		return c.CentreVisits[n-1].Centre
	}
	return ""
}

// BeginVisit begins a visit: with what is left of the last one, and with what she came for. Errors:
// ErrNotOpen, ErrVisitOpen, onestop.ErrStep, ErrBlocked.
func (c Case) BeginVisit(by fact.By, cmd BeginVisit, h House) ([]fact.Event, error) {
	if err := c.mayBeginVisit(); err != nil {
		return nil, err
	}
	steps := c.left(by.At, h)
	add := func(at string, s onestop.Step) error {
		if err := c.mayPlan(at, s, steps, h); err != nil {
			return err
		}
		s.ID, s.Status, s.Since = by.ID("vstep", len(steps)), code.VisitWaiting, by.At.UTC()
		steps = append(steps, s)
		return nil
	}
	also := func(first bool) error {
		for i, kind := range cmd.Also {
			at := "/visit_also/" + strconv.Itoa(i)
			switch {
			case kind == code.ServiceStep:
				return onestop.ErrStep.At(at, "no service: name its referral")
			case (kind == code.SafetyTalk || kind == code.ChildCareStep) != first:
				continue
			}
			if err := cmp.Or(known(at, kind, code.VisitStepKinds), add(at, onestop.Step{Kind: kind})); err != nil {
				return err
			}
		}
		return nil
	}
	// Her safety, and her child, come before everything that can wait.
	if err := also(true); err != nil {
		return nil, err
	}
	for i, f := range cmd.Referrals {
		if slices.ContainsFunc(steps, func(s onestop.Step) bool { return s.Referral == f }) && !slices.Contains(cmd.Referrals[:i], f) {
			continue // it is left of the last visit
		}
		if err := add("/visit_referrals/"+strconv.Itoa(i), onestop.Step{Kind: code.ServiceStep, Referral: f}); err != nil {
			return nil, err
		}
	}
	if err := also(false); err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		return nil, onestop.ErrStep.At("/visit_referrals", "one step at least")
	}
	return fact.With(intakev1.VisitBegun{Case: c.ID, Visit: by.ID("cvisit", 0)}, Begun{h.Centre.Value().ID, onestop.Sorted(steps, c.comes)}), nil
}

// left is what is left of her last visit and still goes in this house.
func (c Case) left(at time.Time, h House) []onestop.Step {
	n := len(c.CentreVisits)
	if n == 0 {
		return nil
	}
	return slices.DeleteFunc(c.CentreVisits[n-1].Rest(at.UTC()), func(s onestop.Step) bool { return c.mayPlan("", s, nil, h) != nil })
}

// mayPlan says whether a step may be put beside others.
func (c Case) mayPlan(at string, s onestop.Step, beside []onestop.Step, h House) error {
	if len(beside) >= onestop.Most {
		return onestop.ErrStep.At(at, "not more than thirty")
	}
	if s.Kind != code.ServiceStep {
		if s.Referral != "" {
			return onestop.ErrStep.At(at, "only with a service")
		}
		return nil
	}
	i := find(c.Referrals, s.Referral)
	switch {
	case i >= 0 && (c.Blocks.Agency(c.Referrals[i].Recipient) || c.Blocks.Person(c.Referrals[i].Hand.Worker)):
		return ErrBlocked.At(at, "not whom she must not meet")
	case i < 0 || !c.Referrals[i].open() || !h.Centre.Value().Has(c.Referrals[i].Recipient):
		return onestop.ErrStep.At(at, "an open referral to an agency of this house")
	case slices.ContainsFunc(beside, func(o onestop.Step) bool { return o.Referral == s.Referral && o.Waits() }):
		return onestop.ErrStep.At(at, "each referral once")
	}
	return nil
}

// comes says which step of hers comes before which: safety before she is asked what happened, and of services
// what their order says. A service that nobody gives now holds nothing up.
func (c Case) comes(first, then onestop.Step) bool {
	if first.Kind == code.SafetyTalk {
		return then.Kind == code.AccountStep
	}
	i, j := find(c.Referrals, first.Referral), find(c.Referrals, then.Referral)
	return i >= 0 && j >= 0 && c.Referrals[i].open() && sequence.Comes(c.Referrals[i].Service, c.Referrals[j].Service)
}

// PlanVisitStep puts one more step into the visit that goes on. Errors: onestop.ErrStep, ErrBlocked.
func (c Case) PlanVisitStep(by fact.By, cmd PlanVisitStep, h House) ([]fact.Event, error) {
	if err := cmp.Or(c.mustBeHere(), known("/visit_step_kind", cmd.Kind, code.VisitStepKinds)); err != nil {
		return nil, err
	}
	v, _ := c.here()
	s := onestop.Step{Kind: cmd.Kind, Referral: cmd.Referral}
	if err := c.mayPlan("/referral", s, v.Steps, h); err != nil {
		return nil, err
	}
	s.ID, s.Status, s.Since = by.ID("vstep", 0), code.VisitWaiting, by.At.UTC()
	return fact.With(intakev1.VisitStepPlanned{Case: c.ID, Visit: v.ID}, s), nil
}

// MoveVisitStep says how far a step has come. She is called to an agency only while its referral lets it see
// her; to a room only while it is held for her. Errors: onestop.ErrStep, onestop.ErrOrder, ErrBlocked,
// centre.ErrRoom.
func (c Case) MoveVisitStep(by fact.By, cmd MoveVisitStep, h House, rules Rules) ([]fact.Event, error) {
	if err := cmp.Or(c.mustBeHere(), known("/visit_step_status", cmd.Status, code.VisitStepStatuses)); err != nil {
		return nil, err
	}
	v, _ := c.here()
	s, there := v.Step(cmd.Step)
	if cmd.Status == code.VisitWithHer {
		cmd.Room = cmp.Or(cmd.Room, s.Room)
	}
	if there && s.Status == cmd.Status && s.Room == cmd.Room {
		return nil, nil
	}
	standing := c.givable(v, by.At, rules)
	if !slices.ContainsFunc(standing.Steps, func(o onestop.Step) bool { return o.ID == s.ID }) {
		standing.Steps = append(slices.Clip(standing.Steps), s)
	}
	if err := standing.May(cmd.Step, cmd.Status, cmd.Wanted, c.comes); err != nil {
		return nil, err
	}
	if cmd.Status == code.VisitCalled || cmd.Status == code.VisitWithHer {
		if err := c.servable(s, by.At, rules); err != nil {
			return nil, err
		}
		if _, held := h.Centre.Value().Held(cmd.Room, onestop.CodeOf(v.ID), by.At); cmd.Room != "" && !held {
			return nil, centre.ErrRoom.At("/centre_room", "held for this visit")
		}
	} else if cmd.Room != "" {
		return nil, onestop.ErrStep.At("/centre_room", "only where she is called or there")
	}
	return fact.With(intakev1.VisitStepMoved{Case: c.ID, Visit: v.ID}, cmd.Moved), nil
}

// servable says whether the agency of a step may see her now.
func (c Case) servable(s onestop.Step, at time.Time, rules Rules) error {
	if s.Kind != code.ServiceStep {
		return nil
	}
	i := find(c.Referrals, s.Referral)
	if i < 0 {
		return onestop.ErrStep.At("/visit_step", "a referral that its agency has taken, on a consent that holds")
	}
	f := c.Referrals[i]
	if c.Blocks.Agency(f.Recipient) || c.Blocks.Person(f.Hand.Worker) {
		return ErrBlocked.At("/visit_step", "not whom she must not meet")
	}
	if _, err := c.taken(fact.By{Agency: f.Recipient, At: at}, f.ID, rules); err != nil {
		return onestop.ErrStep.At("/visit_step", "a referral that its agency has taken, on a consent that holds")
	}
	return nil
}

// givable is the visit without the steps that wait and that nobody may give now.
func (c Case) givable(v onestop.Visit, at time.Time, rules Rules) onestop.Visit {
	v.Steps = slices.DeleteFunc(slices.Clone(v.Steps), func(s onestop.Step) bool {
		return s.Status == code.VisitWaiting && c.servable(s, at, rules) != nil
	})
	return v
}

// LeaveVisit says that she left. Everybody of the desk writes it down, and nobody asks her why.
func (c Case) LeaveVisit(_ fact.By, _ LeaveVisit, _ work.Hands) ([]fact.Event, error) {
	v, here := c.here()
	if !here {
		return nil, onestop.ErrStep.At("/centre_visit", "one that goes on")
	}
	return fact.Of(intakev1.VisitLeft{Case: c.ID, Visit: v.ID}), nil
}

func (c Case) mayBeginVisit() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	if _, here := c.here(); here {
		return ErrVisitOpen
	}
	return nil
}

// mustBeHere gives onestop.ErrStep where she is in no centre.
func (c Case) mustBeHere() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	return c.mayLeaveVisit()
}

func (c Case) mayLeaveVisit() error {
	if _, here := c.here(); !here {
		return onestop.ErrStep.At("/centre_visit", "one that goes on")
	}
	return nil
}

// InRooms says by which code the last visit is called, in which rooms she is, and whether she left: what the
// rooms of the house follow.
func (c Case) InRooms() (code string, in []string, left bool) {
	n := len(c.CentreVisits)
	if n == 0 {
		return "", nil, true
	}
	v := c.CentreVisits[n-1]
	for _, s := range v.Steps {
		if isWithHer(s) && s.Room != "" && !slices.Contains(in, s.Room) {
			in = append(in, s.Room)
		}
	}
	return onestop.CodeOf(v.ID), in, !v.Here()
}

func isWithHer(s onestop.Step) bool { return s.Status == code.VisitWithHer }

// visited is the case after an event about a visit.
func (c Case) visited(e fact.Event) Case {
	change := func(id string, change func(onestop.Visit) onestop.Visit) {
		c.CentreVisits = slices.Clone(c.CentreVisits)
		for i, v := range c.CentreVisits {
			if v.ID == id {
				c.CentreVisits[i] = change(v)
			}
		}
	}
	switch d := e.Data.(type) {
	case intakev1.VisitBegun:
		begun, _ := e.Private.(Begun)
		c.CentreVisits = append(slices.Clip(c.CentreVisits), onestop.Visit{ID: d.Visit, Centre: begun.Centre, BegunAt: e.At, Steps: begun.Steps})
	case intakev1.VisitStepPlanned:
		s, _ := e.Private.(onestop.Step)
		change(d.Visit, func(v onestop.Visit) onestop.Visit { return v.Planned(s, c.comes) })
	case intakev1.VisitStepMoved:
		m, _ := e.Private.(Moved)
		change(d.Visit, func(v onestop.Visit) onestop.Visit { return v.Moved(m.Step, m.Status, m.Room, e.At) })
	case intakev1.VisitLeft:
		change(d.Visit, func(v onestop.Visit) onestop.Visit { return v.Left(e.At) })
	default:
		c = c.recordings(e)
	}
	return c
}

// CentreVisitView is a visit as who has the case sees it.
type CentreVisitView struct {
	Lies
	ID      string          `json:"id"`
	Code    string          `json:"visit_code"`
	Centre  string          `json:"centre"`
	BegunAt time.Time       `json:"begun_at"`
	LeftAt  time.Time       `json:"left_at,omitzero"`
	Steps   []VisitStepView `json:"visit_steps"`
}

// VisitStepView is a step, and what is to be known of it.
type VisitStepView struct {
	onestop.Step
	// Next says that she is called to it next.
	Next bool `json:"next,omitempty"`
	// Ungiven says that nobody may give it now: the referral has ended or was not taken, her consent has
	// ended, or she must not meet who gives it.
	Ungiven bool `json:"not_given_now,omitempty"`
	// ToldBefore says that she has told what happened already: to ask her again harms.
	ToldBefore bool `json:"told_before,omitempty"`
}

func (c Case) visitsShown(by fact.By, rules Rules, in Lies) (all []CentreVisitView) {
	told := len(c.Recordings) > 0 || c.topic(code.TopicWhatHappened) >= 0
	for _, v := range c.CentreVisits {
		shown := CentreVisitView{Lies: in, ID: v.ID, Code: onestop.CodeOf(v.ID), Centre: v.Centre, BegunAt: v.BegunAt, LeftAt: v.LeftAt}
		next, _ := c.givable(v, by.At, rules).Next(c.comes)
		for _, s := range v.Steps {
			shown.Steps = append(shown.Steps, VisitStepView{
				Step: s, Next: s.ID == next.ID,
				Ungiven:    v.Here() && s.Waits() && c.servable(s, by.At, rules) != nil,
				ToldBefore: told && v.Here() && s.Kind == code.AccountStep && s.Waits(),
			})
		}
		all = append(all, shown)
	}
	return all
}

// VisitHere shows her visit to somebody of the desk of a house. Whom she must not meet does not see it.
func (c Case) VisitHere(by fact.By, house centre.Centre, rules Rules) (centre.VisitHere, bool) {
	v, here := c.here()
	if !here || c.barred(by) || !c.Visible(by) || v.Centre != house.ID {
		return centre.VisitHere{}, false
	}
	shown := centre.VisitHere{Code: onestop.CodeOf(v.ID), Since: v.BegunAt, Rooms: house.Of(onestop.CodeOf(v.ID), by.At)}
	stands := c.givable(v, by.At, rules)
	if s, busy := stands.Now(); busy {
		shown.Now = c.stepHere(s)
	}
	if s, waits := stands.Next(c.comes); waits {
		shown.Next = c.stepHere(s)
	}
	for _, s := range v.Steps {
		if s.Kind == code.ChildCareStep && s.Waits() {
			shown.Child = s.Status
		}
	}
	return shown, true
}

func (c Case) stepHere(s onestop.Step) *centre.StepHere {
	shown := &centre.StepHere{Kind: s.Kind, Status: s.Status, Room: s.Room}
	if i := find(c.Referrals, s.Referral); i >= 0 {
		shown.Agency = c.Referrals[i].Recipient
	}
	return shown
}

// VisitWaits says that somebody waits for an agency in the house: what a specialist sees before the referral
// shows more. Which referral it is stands with the share of the referral, where a look is recorded.
type VisitWaits struct {
	Code  string    `json:"visit_code"`
	Room  string    `json:"centre_room,omitempty"`
	Since time.Time `json:"since"`
	// Next says that she comes to this agency next, or is called to it.
	Next bool `json:"next"`
	// With says that she is there.
	With bool `json:"with_her,omitempty"`
	// Referral is never shown here.
	Referral string `json:"-"`
}

// VisitsWaiting are the steps of her visit that wait for the actor's agency, as far as it may work on their
// referrals now, whoever of it has them.
func (c Case) VisitsWaiting(by fact.By, rules Rules) (all []VisitWaits) {
	v, here := c.here()
	if !here || c.Closed() {
		return nil
	}
	stands := c.givable(v, by.At, rules)
	next, _ := stands.Next(c.comes)
	_, busy := stands.Now()
	for _, s := range stands.Steps {
		if s.Kind != code.ServiceStep || !s.Waits() {
			continue
		}
		if _, err := c.taken(by, s.Referral, rules); err != nil {
			continue
		}
		all = append(all, VisitWaits{
			Code: onestop.CodeOf(v.ID), Room: s.Room, Since: s.Since, Referral: s.Referral,
			Next: s.Status != code.VisitWaiting || s.ID == next.ID && !busy, With: isWithHer(s),
		})
	}
	return all
}

// ByHouse is (centre, code): the visits that go on in a house.
var ByHouse = image.List[Case]{Keys: func(c Case) []string {
	v, here := c.here()
	if !here {
		return nil
	}
	return []string{fact.Key(v.Centre, onestop.CodeOf(v.ID))}
}}

// ByVisit is (agency, since): the cases in which she is in a house, and a step waits for the agency, the one
// that waits longest first. Whether it may be shown hangs on the instant (VisitsWaiting).
var ByVisit = image.List[Case]{
	Keys: func(c Case) []string {
		v, here := c.here()
		if !here {
			return nil
		}
		since := map[string]time.Time{}
		for _, s := range v.Steps {
			i := find(c.Referrals, s.Referral)
			if i < 0 || !s.Waits() {
				continue
			}
			to := c.Referrals[i].Recipient
			if first, has := since[to]; to != "" && (!has || s.Since.Before(first)) {
				since[to] = s.Since
			}
		}
		keys := make([]string, 0, len(since))
		for agency, first := range since {
			keys = append(keys, fact.Key(agency, fact.Sortable(first)))
		}
		return keys
	},
	Timed: true,
}

// visitCode is the code of her visit for the agency of a referral, while a step of it waits.
func (c Case) visitCode(referral string) string {
	v, here := c.here()
	if here && slices.ContainsFunc(v.Steps, func(s onestop.Step) bool { return s.Referral == referral && s.Waits() }) {
		return onestop.CodeOf(v.ID)
	}
	return ""
}
