package site

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// onCall are the roles that members of response teams have, and who coordinates.
var onCall = anyOf("caseworker", "focal_point", "lawyer", "counsellor", "examiner", "coordinator")

func (s *Site) alertPages() {
	s.page("GET /desk/alerts", s.alerts)
	s.page("GET /desk/alerts/{id}", s.oneAlert)
	s.page("POST /desk/alerts/{id}/do/{op}", s.answerAlert)
	s.page("POST /desk/alerts/{id}/where", s.whereSheIs)
	s.page("GET /desk/teams", s.teams)
	s.page("GET /desk/teams/{id}", s.oneTeam)
}

// alert is a call for a response team, as the person may see it. A test holds its names
// against the contract.
type alert struct {
	ID        string    `json:"alert"`
	Status    string    `json:"status"`
	Yours     bool      `json:"yours"`
	Area      string    `json:"area"`
	Urgency   string    `json:"urgency"`
	AlertedAt time.Time `json:"alerted_at"`
	Until     time.Time `json:"until"`
	Shown     []string  `json:"shown"`
	Chosen    []string  `json:"chosen"`
	Result    string    `json:"result"`
	Unseen    string    `json:"unseen"`
	Desk      string    `json:"desk"`
	Since     time.Time `json:"waiting_since"`
	Asked     int       `json:"members_asked"`
	Commands  []string  `json:"commands"`
}

// Waits says that nobody has acknowledged.
func (a alert) Waits() bool { return a.Status == "alerted" }

// Goes says that the person goes, so that they may ask where she is.
func (a alert) Goes() bool {
	return a.Yours && !slices.Contains([]string{"stood_down", "called_off", "signed"}, a.Status)
}

// touches are the commands that say all with one touch, in their order. What must be typed
// has a form.
var touches = []string{"acknowledgeAlert", "leaveForAlert", "arriveAtAlert"}

// Touch is the next one of them; empty where there is none.
func (a alert) Touch() string {
	for _, op := range touches {
		if slices.Contains(a.Commands, op) {
			return op
		}
	}
	return ""
}

// alerts are those to which the person was asked, or for who coordinates those that nobody
// answered.
func (s *Site) alerts(v *visit) (templ.Component, error) {
	query := v.query("over")
	var page struct {
		Items []alert `json:"items"`
	}
	next, err := v.leaf("listAlerts", "", query, &page)
	if err != nil {
		return nil, err
	}
	return alertsPage(v, page.Items, query.Get("over") == "true", next), nil
}

// alertSide is the part of home for who is called. It is there only while an alert waits for
// them, and first.
func (v *visit) alertSide() ([]side, error) {
	if !onCall(v) {
		return nil, nil
	}
	one := side{Title: v.W.T("alert.title")}
	waiting := heap{Path: "/desk/alerts", Label: v.W.T("alert.waiting"), Pressing: true}
	if err := one.count(v, "listAlerts", url.Values{}, waiting); err != nil {
		return nil, err
	}
	if len(one.Heaps) == 0 && !one.Away {
		return nil, nil
	}
	return []side{one}, nil
}

func (s *Site) oneAlert(v *visit) (templ.Component, error) {
	var a alert
	answer, err := v.get("getAlert", v.PathValue("id"), nil, &a)
	if err != nil {
		return nil, err
	}
	return alertPage(v, a, v.buttons("alert", a.Commands, a.ID, answer.Version)), nil
}

// answerAlert takes one touch. What it says is one word, so it asks nothing more. It names no
// version: that a colleague was faster is the service's to say.
func (s *Site) answerAlert(v *visit) (templ.Component, error) {
	id, op := v.PathValue("id"), v.PathValue("op")
	if !slices.Contains(touches, op) {
		return nil, errNowhere
	}
	if _, err := v.ask(api.Ask{Op: op, ID: id, Key: v.PostFormValue(keyField), Body: map[string]any{}}); err != nil {
		return nil, err
	}
	return v.to(with("/desk/alerts/"+url.PathEscape(id), "done", op))
}

// where is where she is, the danger and the safe approach.
type where struct {
	Place    string `json:"place"`
	Danger   string `json:"danger_there"`
	Approach string `json:"safe_approach"`
	Name     string `json:"name_for_team"`
}

// whereSheIs is the answer to a form, so that no address and no history keeps it; it leaves
// the page by itself.
func (s *Site) whereSheIs(v *visit) (templ.Component, error) {
	id := v.PathValue("id")
	answer, err := v.ask(api.Ask{Op: "showResponse", Key: newKey(), Body: map[string]any{"alert": id}})
	var w where
	if err == nil {
		err = answer.Into(&w)
	}
	if err != nil {
		return nil, err
	}
	v.w.Header().Set("Refresh", strconv.Itoa(packetShows)+"; url=/desk/alerts/"+url.PathEscape(id))
	return wherePage(v, id, w), nil
}

// teamMember is somebody on a response team, and shift is when somebody is on call.
type (
	teamMember struct {
		Worker string `json:"worker"`
		Agency string `json:"agency"`
	}
	teamShift struct {
		Worker string    `json:"worker"`
		From   time.Time `json:"from"`
		Until  time.Time `json:"until"`
	}
	responseTeam struct {
		ID        string       `json:"team"`
		Agency    string       `json:"agency"`
		Country   string       `json:"country"`
		Programme string       `json:"programme"`
		Area      string       `json:"area"`
		Members   []teamMember `json:"members"`
		Shifts    []teamShift  `json:"shifts"`
		Disbanded bool         `json:"disbanded"`
		Commands  []string     `json:"commands"`
	}
)

// teams are those on which the person's agency has somebody.
func (s *Site) teams(v *visit) (templ.Component, error) {
	var page struct {
		Items []responseTeam `json:"items"`
	}
	next, err := v.leaf("listTeams", "", nil, &page)
	if err != nil {
		return nil, err
	}
	return teamsPage(v, page.Items, next), nil
}

// newTeam is the form for a team that there is not yet.
func newTeam() string {
	op := "describeTeam"
	return "/desk/do/" + op + "/" + unnamed + "?" + url.Values{backField: {"/desk/teams"}}.Encode()
}

func (s *Site) oneTeam(v *visit) (templ.Component, error) {
	var t responseTeam
	answer, err := v.get("getTeam", v.PathValue("id"), nil, &t)
	if err != nil {
		return nil, err
	}
	names, err := v.memberNames(t)
	if err != nil {
		return nil, err
	}
	return teamPage(v, t, names, v.buttons("team", t.Commands, t.ID, answer.Version)), nil
}

// memberNames are how the page calls the members of a team: those of the person's agency by the
// register, with their roles, and those of another by that agency and their place among its members.
func (v *visit) memberNames(t responseTeam) (map[string]string, error) {
	var page struct {
		Items []worker `json:"items"`
	}
	if _, err := v.get("listWorkers", "", url.Values{"limit": {"200"}}, &page); err != nil {
		return nil, err
	}
	names, of := map[string]string{}, map[string]int{}
	for _, m := range t.Members {
		of[m.Agency]++
		names[m.Worker] = m.Agency + " " + strconv.Itoa(of[m.Agency])
		i := slices.IndexFunc(page.Items, func(w worker) bool { return w.ID == m.Worker })
		if i < 0 {
			continue
		}
		names[m.Worker] = page.Items[i].Subject
		if roles := page.Items[i].Roles; len(roles) > 0 {
			names[m.Worker] += " (" + codes(v, "WorkerRole", roles) + ")"
		}
	}
	return names, nil
}
