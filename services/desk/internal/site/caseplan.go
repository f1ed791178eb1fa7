package site

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// lies says in which case something lies; empty for the one that shows it.
type lies struct {
	Case string `json:"case"`
}

// caseTopic is that she has told something.
type caseTopic struct {
	lies
	Topic  string    `json:"topic"`
	ToldAt time.Time `json:"told_at"`
	PassOn string    `json:"pass_on"`
}

// actionPlan is what was planned with her.
type actionPlan struct {
	Goals     []actionGoal `json:"goals"`
	Steps     []actionStep `json:"steps"`
	ReviewAt  time.Time    `json:"review_at"`
	ReviewDue bool         `json:"review_due"`
	ClosedAt  time.Time    `json:"closed_at"`
	Closed    string       `json:"closed"`
}

type actionGoal struct {
	lies
	ID     string `json:"id"`
	Area   string `json:"area"`
	Words  string `json:"goal_words"`
	Status string `json:"status"`
}

// Says is a goal in one line.
func (g actionGoal) Says(v *visit) string {
	area := v.W.Code("GoalArea", g.Area)
	if g.Words == "" {
		return area
	}
	return area + ": " + g.Words
}

type actionStep struct {
	lies
	ID       string    `json:"id"`
	Goal     string    `json:"goal"`
	Who      string    `json:"who"`
	Referral string    `json:"referral"`
	Words    string    `json:"step_words"`
	Until    time.Time `json:"until"`
	Status   string    `json:"status"`
	Reason   string    `json:"reason"`
}

// Of are the steps of one goal.
func (p actionPlan) Of(goal string) (all []actionStep) {
	for _, s := range p.Steps {
		if s.Goal == goal {
			all = append(all, s)
		}
	}
	return all
}

// caseOnward is what an agency found with her that she needs.
type caseOnward struct {
	lies
	ID          string    `json:"id"`
	Agency      string    `json:"agency"`
	Service     string    `json:"service"`
	Urgency     string    `json:"urgency"`
	Words       string    `json:"onward_words"`
	AskedAt     time.Time `json:"asked_at"`
	AnswerUntil time.Time `json:"answer_until"`
	Status      string    `json:"status"`
	Reason      string    `json:"reason"`
	Overdue     bool      `json:"overdue"`
}

// way is a command on one thing of a case, which it names; nil where the case does not take
// the command now.
func (v *visit) way(c caseShown, op, pointer, id string) []link {
	if !c.May(op) {
		return nil
	}
	query := url.Values{backField: {v.URL.Path}, versionField: {c.Version}, pointer: {id}}
	return []link{{Path: "/desk/do/" + op + "/" + url.PathEscape(c.ID) + "?" + query.Encode(), Label: v.W.T("command." + op)}}
}

// whoDoes is who does a step: an agency by its name.
func (v *visit) whoDoes(c caseShown, s actionStep) string {
	if s.Referral != "" {
		if r := c.Of(s.Referral); r.Recipient != "" {
			return r.Recipient
		}
	}
	return v.W.Code("StepDoer", s.Who)
}

// planPrinted is the action plan on a sheet for her.
func (s *Site) planPrinted(v *visit) (templ.Component, error) {
	k, version, err := v.kase()
	if err != nil {
		return nil, err
	}
	v.sheet = true
	return planPage(v, caseShown{kase: k, Version: version}), nil
}

// openGoals are the goals of a case to which a step may be added.
func openGoals(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	if err != nil || k.ActionPlan == nil {
		return nil, err
	}
	for _, g := range k.ActionPlan.Goals {
		if g.Status == "open" && g.Case == "" {
			all = append(all, form.Option{Value: g.ID, Label: g.Says(v)})
		}
	}
	return all, nil
}

// referralsThere are the referrals of a case, the latest first.
func referralsThere(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	for _, r := range slices.Backward(k.Referrals) {
		label := v.W.Code("Service", r.Service) + ", " + r.Recipient + ": " + v.W.Code("ReferralStatus", r.Status)
		all = append(all, form.Option{Value: r.ID, Label: label})
	}
	return all, err
}

// share is what an agency sees of the action plan. A test holds its names against the
// contract.
type share struct {
	Steps []struct {
		Words  string    `json:"step_words"`
		Until  time.Time `json:"until"`
		Status string    `json:"status"`
	} `json:"steps"`
	Onward []struct {
		Service string    `json:"service"`
		Urgency string    `json:"urgency"`
		AskedAt time.Time `json:"asked_at"`
		Status  string    `json:"status"`
		Reason  string    `json:"reason"`
	} `json:"onward"`
	Conferences []shareConference `json:"conferences"`
	// Visit is by what she is called in the house, while she waits there.
	Visit string `json:"visit_code"`
}

// referralShare shows it. It is the answer to a form, as a packet is: the look is recorded.
func (s *Site) referralShare(v *visit) (templ.Component, error) {
	id := v.PathValue("id")
	_, version, err := v.referral()
	if err != nil && lost(err) {
		return nil, err
	}
	var p share
	answer, err := v.ask(api.Ask{Op: "lookAtShare", ID: id, Key: newKey(), Body: map[string]any{}})
	if err == nil {
		err = answer.Into(&p)
	}
	if err != nil {
		return nil, err
	}
	back := "/desk/referrals/" + url.PathEscape(id)
	v.w.Header().Set("Refresh", strconv.Itoa(packetShows)+"; url="+back)
	return sharePage(v, id, back, stillPath(id, version), p), nil
}

// shareWays are what a worker may tell her desk of a referral.
func (r referral) shareWays(v *visit) (all []link) {
	for _, op := range []string{"tellTopicFor", "askOnward", "bringDangerNewsFor"} {
		query := url.Values{backField: {v.URL.Path}}
		all = append(all, link{Path: "/desk/do/" + op + "/" + url.PathEscape(r.ID) + "?" + query.Encode(), Label: v.W.T("command." + op)})
	}
	return all
}
