package site

import (
	"cmp"
	"net/url"
	"strconv"
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
	names, err := v.workerNames()
	if err != nil {
		return nil, err
	}
	for i := range page.Items {
		one := &page.Items[i]
		one.Name = cmp.Or(names[one.Worker], number(one.Worker))
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

// instruments are those that may be asked in a plan. A test holds its names against the contract.
type instruments struct {
	Items []struct {
		Instrument string `json:"instrument"`
		Items      []struct {
			Number int         `json:"number"`
			Words  []itemWords `json:"words"`
		} `json:"items"`
	} `json:"items"`
}

type itemWords struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

// prefillAsked has the form ask the items of the instrument that was chosen: each by the text that the
// programme installed, and by its number where there is none. Before one is chosen, and where the
// service does not tell, the form asks by numbers alone.
func prefillAsked(v *visit) (prefill, error) {
	p := prefill{Version: v.FormValue(versionField)}
	var all instruments
	if _, err := v.get("listInstruments", v.PathValue("id"), nil, &all); err != nil {
		return p, also(err)
	}
	chosen := v.Form.Get("/instrument")
	for _, one := range all.Items {
		if one.Instrument != chosen {
			query := url.Values{"/instrument": {one.Instrument}, versionField: {p.Version}, backField: {v.FormValue(backField)}}
			p.Others = append(p.Others, link{Path: v.URL.Path + "?" + query.Encode(), Label: v.W.Code("Instrument", one.Instrument)})
			continue
		}
		p.Title, p.Fixed = v.W.Code("Instrument", chosen), []string{"instrument"}
		asked := map[string]string{}
		for _, item := range one.Items {
			name := "item_" + strconv.Itoa(item.Number)
			label := v.W.T("field." + name)
			for _, w := range item.Words {
				if w.Language == v.W.Tag {
					label = strconv.Itoa(item.Number) + ". " + w.Text
				}
			}
			asked[name] = label
		}
		p.Asks = map[string]map[string]string{"/items": asked}
	}
	return p, nil
}
