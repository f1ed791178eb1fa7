package site

import (
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

func (s *Site) centrePages() {
	s.page("GET /desk/centres", s.centres)
	s.page("GET /desk/centres/{id}", s.oneCentre)
	s.page("GET /desk/visits", s.visitsWaiting)
}

// centre is a one-stop centre as its desk sees it. A test holds the names against the contract.
type centre struct {
	ID    string `json:"id"`
	Name  string `json:"centre_name"`
	Rooms []struct {
		Room     string `json:"centre_room"`
		Use      string `json:"room_use"`
		Capacity int    `json:"capacity"`
		InUse    int    `json:"in_use"`
	} `json:"rooms"`
	InHouse     []string    `json:"in_house"`
	HoldMinutes int         `json:"hold_minutes"`
	Visits      []visitHere `json:"visits"`
	Commands    []string    `json:"commands"`
}

// visitHere is a visit that goes on there, by its code.
type visitHere struct {
	Code  string    `json:"visit_code"`
	Since time.Time `json:"since"`
	Rooms []struct {
		Room  string    `json:"centre_room"`
		Until time.Time `json:"until"`
		Taken bool      `json:"taken"`
	} `json:"held_rooms"`
	Now   *stepHere `json:"now"`
	Next  *stepHere `json:"next"`
	Child string    `json:"child"`
}

// stepHere is a step as the reception sees it.
type stepHere struct {
	Kind   string `json:"visit_step_kind"`
	Status string `json:"visit_step_status"`
	Agency string `json:"agency"`
	Room   string `json:"centre_room"`
}

// visitWaits is a visit that waits for one's own agency.
type visitWaits struct {
	Code  string    `json:"visit_code"`
	Room  string    `json:"centre_room"`
	Since time.Time `json:"since"`
	Next  bool      `json:"next"`
	With  bool      `json:"with_her"`
}

// centreVisit is a visit as who has the case sees it.
type centreVisit struct {
	lies
	ID      string      `json:"id"`
	Code    string      `json:"visit_code"`
	Centre  string      `json:"centre"`
	BegunAt time.Time   `json:"begun_at"`
	LeftAt  time.Time   `json:"left_at"`
	Steps   []visitStep `json:"visit_steps"`
}

// visitStep is a step of it.
type visitStep struct {
	ID         string    `json:"visit_step"`
	Kind       string    `json:"visit_step_kind"`
	Referral   string    `json:"referral"`
	Status     string    `json:"visit_step_status"`
	Room       string    `json:"centre_room"`
	Since      time.Time `json:"since"`
	Next       bool      `json:"next"`
	Ungiven    bool      `json:"not_given_now"`
	ToldBefore bool      `json:"told_before"`
}

// recording is an account of hers that was recorded.
type recording struct {
	lies
	ID      string    `json:"id"`
	At      time.Time `json:"recorded_at"`
	Form    string    `json:"recording_form"`
	By      string    `json:"recorded_by"`
	Kept    string    `json:"recording_kept"`
	MayHear []hearer  `json:"may_hear"`
	Heard   []struct {
		Agency  string    `json:"agency"`
		Service string    `json:"service"`
		At      time.Time `json:"at"`
	} `json:"heard"`
}

type hearer struct {
	Agency  string    `json:"agency"`
	Service string    `json:"service"`
	Until   time.Time `json:"until"`
}

// step is what a step of her visit is, in words: of a service, which.
func (v *visit) step(c caseShown, s visitStep) string {
	if r := c.Of(s.Referral); s.Referral != "" && r.Service != "" {
		return v.W.Code("Service", r.Service)
	}
	return v.W.Code("VisitStepKind", s.Kind)
}

// stepWays are what can be done about a step now.
func (v *visit) stepWays(c caseShown, in centreVisit, s visitStep) []link {
	if !in.LeftAt.IsZero() || s.Status == "done" {
		return nil
	}
	return v.way(c, "moveVisitStep", "/visit_step", s.ID)
}

// visitWays are what can be done about the visit that goes on.
func (v *visit) visitWays(c caseShown) (all []link) {
	for _, op := range []string{"leaveVisit", "planVisitStep"} {
		if !c.May(op) {
			continue
		}
		query := url.Values{backField: {v.URL.Path}, versionField: {c.Version}}
		all = append(all, link{Path: "/desk/do/" + op + "/" + url.PathEscape(c.ID) + "?" + query.Encode(), Label: v.W.T("command." + op)})
	}
	return all
}

func (s *Site) centres(v *visit) (templ.Component, error) {
	if !anyOf(atCases...)(v) {
		return nil, errNowhere
	}
	var page struct {
		Items []centre `json:"items"`
	}
	next, err := v.leaf("listCentres", "", url.Values{}, &page)
	if err != nil {
		return nil, err
	}
	return centresPage(v, page.Items, next), nil
}

// newCentre is where a centre is set up; empty for who may not.
func (v *visit) newCentre() string {
	if !anyOf("supervisor")(v) {
		return ""
	}
	return "/desk/do/" + v.contract().Operations["openCentre"].ID + "/new?" + url.Values{backField: {"/desk/centres"}}.Encode()
}

func (s *Site) oneCentre(v *visit) (templ.Component, error) {
	var c centre
	answer, err := v.get("getCentre", v.PathValue("id"), nil, &c)
	if err != nil {
		return nil, err
	}
	return centrePage(v, c, answer.Version), nil
}

// visitsWaiting are who waits in the house for one's own agency.
func (s *Site) visitsWaiting(v *visit) (templ.Component, error) {
	var page struct {
		Items []visitWaits `json:"items"`
	}
	next, err := v.leaf("listVisits", "", url.Values{}, &page)
	if err != nil {
		return nil, err
	}
	return visitsPage(v, page.Items, next), nil
}

// inHouse puts on home how many wait in the house, for who is shown what she consented to.
func (v *visit) inHouse(to *side) error {
	if !anyOf("focal_point", "lawyer", "counsellor", "examiner")(v) || to.Away {
		return nil
	}
	return to.count(v, "listVisits", url.Values{}, heap{Path: "/desk/visits", Label: v.W.T("centre.waiting"), Pressing: true})
}

// houses puts on home the centres of the desk, where there are any.
func (v *visit) houses(to *side) error {
	if to.Away {
		return nil
	}
	if anyOf("supervisor")(v) {
		to.Ways = append(to.Ways, link{Path: "/desk/centres", Label: v.W.T("centre.title")})
	}
	return to.count(v, "listCentres", url.Values{}, heap{Path: "/desk/centres", Label: v.W.T("centre.title")})
}

// prefillCentre is what the centre is now.
func prefillCentre(v *visit) (prefill, error) {
	p := prefill{Values: url.Values{}}
	var c centre
	return p, p.read(v, "describeCentre", "getCentre", &c)
}

// centresThere are the centres of the desk.
func centresThere(v *visit) (all []form.Option, err error) {
	var page struct {
		Items []centre `json:"items"`
	}
	_, err = v.get("listCentres", "", url.Values{}, &page)
	for _, c := range page.Items {
		all = append(all, form.Option{Value: c.ID, Label: c.Name})
	}
	return all, err
}

// roomsThere are the rooms of the centre of a page, with how many are in each.
func roomsThere(v *visit) (all []form.Option, err error) {
	var c centre
	_, err = v.get("getCentre", v.PathValue("id"), nil, &c)
	for _, r := range c.Rooms {
		if r.InUse < r.Capacity {
			all = append(all, form.Option{Value: r.Room, Label: r.Room + ", " + v.W.Code("CentreRoomUse", r.Use)})
		}
	}
	return all, err
}

// codesThere are the visits that go on in it.
func codesThere(v *visit) (all []form.Option, err error) {
	var c centre
	_, err = v.get("getCentre", v.PathValue("id"), nil, &c)
	for _, one := range c.Visits {
		all = append(all, form.Option{Value: one.Code, Label: one.Code})
	}
	return all, err
}

// herVisit is the visit of a case that goes on.
func (k kase) herVisit() (centreVisit, bool) {
	i := slices.IndexFunc(k.Visits, func(one centreVisit) bool { return one.Case == "" && one.LeftAt.IsZero() })
	if i < 0 {
		return centreVisit{}, false
	}
	return k.Visits[i], true
}

// stepsThere are the steps of her visit that can be moved.
func stepsThere(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	one, _ := k.herVisit()
	for _, s := range one.Steps {
		if s.Status != "done" {
			all = append(all, form.Option{Value: s.ID, Label: v.step(caseShown{kase: k}, s) + ": " + v.W.Code("VisitStepStatus", s.Status)})
		}
	}
	return all, err
}

// roomsHeld are the rooms that are held for her.
func roomsHeld(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	one, here := k.herVisit()
	if err != nil || !here {
		return nil, err
	}
	var c centre
	_, err = v.get("getCentre", one.Centre, nil, &c)
	for _, h := range c.Visits {
		for _, r := range h.Rooms {
			if h.Code == one.Code {
				all = append(all, form.Option{Value: r.Room, Label: r.Room})
			}
		}
	}
	return all, err
}

// recordingsThere are the recorded accounts of a case.
func recordingsThere(v *visit) (all []form.Option, err error) {
	k, _, err := v.kase()
	for _, r := range slices.Backward(k.Recordings) {
		if r.Case == "" {
			all = append(all, form.Option{Value: r.ID, Label: v.W.Code("RecordingForm", r.Form) + ", " + v.at(r.At)})
		}
	}
	return all, err
}
