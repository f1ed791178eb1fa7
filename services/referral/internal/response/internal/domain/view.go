package domain

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Case is the survivor's case.
func (a Alert) Case() string { return a.ResponseOpened.Case }

// Visible is for the members who were asked, and once it reached the district for its
// coordinators.
func (a Alert) Visible(by fact.By) bool {
	if by.System() {
		return true
	}
	_, asked := a.mine(by)
	return asked || a.coordinated(by) && !a.atDistrict().IsZero()
}

// Closed says that it is over.
func (a Alert) Closed() bool { return a.over() }

// Deadlines are when the next one is asked.
func (a Alert) Deadlines() []fact.Deadline {
	if at := a.due(); !at.IsZero() {
		return []fact.Deadline{{Name: "alert", At: at}}
	}
	return nil
}

// atDistrict is since when the district knows of it, zero where it does not.
func (a Alert) atDistrict() time.Time {
	for _, r := range a.Rungs {
		if r.Rung == code.RungDistrict {
			return r.At
		}
	}
	return time.Time{}
}

// AlertView is an alert as one reader sees it. It names neither her nor a place finer than
// the area of the team.
type AlertView struct {
	Alert  string              `json:"alert"`
	Status code.ResponseStatus `json:"status"`
	// Yours says that the caller goes.
	Yours   bool         `json:"yours,omitempty"`
	Area    string       `json:"area,omitempty"`
	Urgency code.Urgency `json:"urgency,omitempty"`
	// AlertedAt is when the caller was asked; Until is when the next one is, where they say
	// nothing.
	AlertedAt time.Time             `json:"alerted_at,omitzero"`
	Until     time.Time             `json:"until,omitzero"`
	Shown     []code.ResponseOption `json:"shown,omitempty"`
	Chosen    []code.ResponseOption `json:"chosen,omitempty"`
	Result    code.ResponseResult   `json:"result,omitempty"`
	Unseen    code.UnseenReason     `json:"unseen,omitempty"`
	// Desk, Since and Asked are for the coordination: whom to call, since when it waits, and
	// how many were asked.
	Desk  string    `json:"desk,omitempty"`
	Since time.Time `json:"waiting_since,omitzero"`
	Asked int       `json:"members_asked,omitempty"`
}

// View is the alert as this actor may see it. Who does not go learns only whether it is on.
func (a Alert) View(by fact.By) any {
	v := AlertView{Alert: a.Alert, Status: a.Status}
	m, asked := a.mine(by)
	if a.coordinated(by) && !a.atDistrict().IsZero() {
		v.Area, v.Urgency, v.Desk, v.Since, v.Result, v.Unseen = a.Area, a.Urgency, a.Desk, a.atDistrict(), a.Result, a.Unseen
		for _, r := range a.Rungs {
			if r.Worker != "" {
				v.Asked++
			}
		}
	}
	if !asked {
		return v
	}
	v.AlertedAt, v.Until = m.At, m.Until
	g, going := a.going(m.Worker)
	v.Yours = going
	switch {
	case a.Status == code.ResponseCalledOff, slices.Contains(a.ClosedTo, m.Worker):
		return AlertView{Alert: a.Alert, Status: code.ResponseCalledOff, AlertedAt: v.AlertedAt}
	case v.Yours:
		if !a.over() {
			v.Status, v.Until = g.Status, a.Until
		}
		v.Shown, v.Chosen, v.Result, v.Unseen = a.Shown, a.Chosen, a.Result, a.Unseen
		v.Area, v.Urgency = a.Area, a.Urgency
	case !a.over() && (!a.taken() || len(m.Going) > 0 && !a.seen()):
		if a.taken() {
			v.Status = code.ResponseAlerting
		}
		v.Area, v.Urgency = a.Area, a.Urgency
	case a.taken():
		v.Status = code.ResponseAcknowledged // how far a colleague came is theirs
	}
	return v
}

// AlertsByReader is ("member", worker, open or over, since) and ("district", country,
// programme, since).
var AlertsByReader = image.List[Alert]{
	Keys: func(a Alert) []string {
		var keys []string
		seen := map[string]bool{}
		for _, r := range a.Rungs {
			if r.Worker != "" && !seen[r.Worker] {
				seen[r.Worker] = true
				stage := "open"
				if a.off(r) {
					stage = "over"
				}
				keys = append(keys, fact.Key("member", r.Worker, stage, fact.Sortable(r.At)))
			}
		}
		if a.waits() {
			keys = append(keys, fact.Key("district", string(a.Country), a.Programme, fact.Sortable(a.atDistrict())))
		}
		return keys
	},
	Timed: true,
}

// Alerts chooses the alerts of the caller: those to which they were asked, or for a
// coordinator those that nobody answered, the longest first.
func Alerts(by fact.By, q url.Values) (image.Part[Alert], error) {
	if slices.Contains(by.Roles, "coordinator") && by.Country != "" && by.Programme != "" {
		return AlertsByReader.Of("district", by.Country, by.Programme), nil
	}
	stage := "open"
	if q.Get("over") == "true" {
		stage = "over"
	}
	return AlertsByReader.Of("member", me(by), stage), nil
}

// Commands says which commands an alert takes.
func (Alert) Commands() command.Table[Alert] {
	going := func(rule func(intakev1.Responder) error) func(Alert, fact.By) error {
		return func(a Alert, by fact.By) error {
			m, err := a.goes(by)
			if err != nil {
				return err
			}
			return rule(m)
		}
	}
	return command.Table[Alert]{
		"acknowledgeAlert": {When: func(a Alert, by fact.By) error {
			if _, err := a.goes(by); err == nil {
				return ErrTaken
			}
			_, err := a.mayAcknowledge(by)
			return err
		}},
		"passAlert": {When: func(a Alert, by fact.By) error {
			m, ok := a.mine(by)
			switch {
			case !ok:
				return ErrNotFound
			case a.off(m):
				return ErrOver
			}
			if err := a.mayPass(m); err != nil {
				return err
			}
			if !a.holds(m) {
				return ErrOrder
			}
			return nil
		}},
		"leaveForAlert":  {When: going(func(m intakev1.Responder) error { return before(m, code.ResponseOnTheWay) })},
		"arriveAtAlert":  {When: going(func(m intakev1.Responder) error { return before(m, code.ResponseWithHer) })},
		"showOptions":    {When: going(mustBeWithHer)},
		"standDownAlert": {When: going(func(intakev1.Responder) error { return nil })},
		"signAlert": {When: func(a Alert, by fact.By) error {
			if !a.coordinated(by) {
				return ErrNotFound
			}
			if !a.waits() {
				return ErrNotUnanswered
			}
			return nil
		}},
	}
}

func before(m intakev1.Responder, s code.ResponseStatus) error {
	if far(m.Status) >= far(s) {
		return ErrOrder
	}
	return nil
}

func mustBeWithHer(m intakev1.Responder) error {
	if !with(m) {
		return ErrOrder
	}
	return nil
}

// me is how the register names the caller.
func me(by fact.By) string { return worker.ID(by.Agency, by.Principal) }
