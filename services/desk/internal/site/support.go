package site

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// planDuty says that something waits for the person in a plan, and not what. A test holds the names
// of these types against the contract.
type planDuty struct {
	Plan    string    `json:"plan"`
	DueAt   time.Time `json:"due_at"`
	Late    bool      `json:"late"`
	Covered bool      `json:"covered"`
}

// planLoad is what one worker has: counts and dates.
type planLoad struct {
	Worker  string    `json:"worker"`
	Open    int       `json:"open"`
	Resting int       `json:"resting"`
	Asked   int       `json:"asked"`
	Due     int       `json:"due"`
	Late    int       `json:"late"`
	Oldest  time.Time `json:"oldest"`
	NextAt  time.Time `json:"next_at"`
	// Name is the worker's, as the register has it.
	Name string `json:"-"`
}

// planTurn is one place of what nobody has yet.
type planTurn struct {
	Place    int       `json:"place"`
	ID       string    `json:"id"`
	Referral string    `json:"referral"`
	Urgency  string    `json:"urgency"`
	Since    time.Time `json:"since"`
	Because  string    `json:"because"`
}

// stay is a stay in a shelter. Where she is stands closed on the page: others see the screen, too.
type stay struct {
	ID         string    `json:"id"`
	Plan       string    `json:"plan"`
	Status     string    `json:"status"`
	Place      string    `json:"place"`
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"`
	EndedAt    time.Time `json:"ended_at"`
	Address    string    `json:"address"`
	Reason     string    `json:"reason"`
	Commands   []string  `json:"commands"`
	Dependants []struct {
		Kind  string `json:"kind"`
		Count int    `json:"count"`
	} `json:"dependants"`
}

// stayPrefix begins the id of a stay. What follows is that of its plan.
const stayPrefix, planPrefix = "stay", "plan"

// shelterService is what a shelter gives.
const shelterService = "safehouse_service"

func (s *Site) supportPages() {
	s.page("GET /desk/duties", s.duties)
	s.page("GET /desk/caseload", s.caseload)
	s.page("GET /desk/waiting", s.waitingList)
	s.page("GET /desk/placements", s.stays)
	s.page("GET /desk/placements/{id}", s.stay)
}

// duties are what waits for the person, the earliest first. It is live: a task of minutes must not
// wait until somebody looks again.
func (s *Site) duties(v *visit) (templ.Component, error) {
	var page struct {
		Items []planDuty `json:"items"`
	}
	if _, err := v.get("listPlanDuties", "", nil, &page); err != nil {
		return nil, err
	}
	return dutiesPage(v, page.Items), nil
}

func (s *Site) caseload(v *visit) (templ.Component, error) {
	var page struct {
		Items []planLoad `json:"items"`
	}
	if _, err := v.get("getCaseload", "", nil, &page); err != nil {
		return nil, err
	}
	var register struct {
		Items []struct {
			ID      string `json:"id"`
			Subject string `json:"subject"`
		} `json:"items"`
	}
	if _, err := v.get("listWorkers", "", url.Values{"limit": {"200"}}, &register); err != nil && lost(err) {
		return nil, err // where the register is away, numbers stand for names
	}
	for i := range page.Items {
		one := &page.Items[i]
		one.Name = number(one.Worker)
		for _, w := range register.Items {
			if w.ID == one.Worker {
				one.Name = w.Subject
			}
		}
	}
	return caseloadPage(v, page.Items), nil
}

func (s *Site) waitingList(v *visit) (templ.Component, error) {
	var page struct {
		Items []planTurn `json:"items"`
	}
	if _, err := v.get("getWaitingList", "", nil, &page); err != nil {
		return nil, err
	}
	return waitingPage(v, page.Items), nil
}

func (s *Site) stays(v *visit) (templ.Component, error) {
	var page struct {
		Items []stay `json:"items"`
	}
	query := v.query("status")
	if query.Get("status") == "" {
		query.Set("status", "ongoing")
	}
	next, err := v.leaf("listPlacements", "", query, &page)
	if err != nil {
		return nil, err
	}
	return staysPage(v, page.Items, query.Get("status"), next), nil
}

func (s *Site) stay(v *visit) (templ.Component, error) {
	var one stay
	answer, err := v.get("getPlacement", v.PathValue("id"), nil, &one)
	if err != nil {
		return nil, err
	}
	return stayPage(v, one, v.buttons("placement", one.Commands, one.ID, answer.Version)), nil
}

// StayPath leads to the stay of the plan of a shelter: to its page, which says where there is none
// yet. Empty where it is no such plan.
func (w workShown) StayPath() string {
	if w.Serves() != shelterService {
		return ""
	}
	return "/desk/placements/" + url.PathEscape(stayPrefix+strings.TrimPrefix(w.ID, planPrefix))
}

// StartPath is where a stay begins; empty where the work takes none.
func (w workShown) StartPath() string {
	if w.Serves() != shelterService || w.Status != "open" {
		return ""
	}
	query := url.Values{backField: {w.Path()}}
	return "/desk/do/startPlacement/" + url.PathEscape(w.ID) + "?" + query.Encode()
}

// prefillStay says whose stay it is: the plan of the address.
func prefillStay(v *visit) (prefill, error) {
	return prefill{Values: url.Values{"/plan": {v.PathValue("id")}}, Fixed: []string{"plan"}}, nil
}
