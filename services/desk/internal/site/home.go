package site

import (
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// parts are the places that the navigation leads to, and who has them.
var parts = []struct {
	path, word string
	only       func(*visit) bool
}{
	{"/desk/", "nav.home", deskRole},
	{"/desk/cases", "case.nav", anyOf(atCases...)},
	{"/desk/matters", "room.matters", anyOf("lawyer")},
	{"/desk/plans", "room.plans", anyOf("counsellor")},
	{"/desk/examinations", "room.examinations", anyOf("examiner")},
	{"/desk/referrals", "nav.referrals", anyOf("caseworker", "focal_point", "supervisor", "lawyer", "counsellor", "examiner")},
	{"/desk/directory", "directory.nav", anyOf(atDirectory...)},
	{"/desk/free", "place.nav", anyOf("focal_point")},
	{"/desk/courts", "court.nav", anyOf(atCourt...)},
	{"/desk/conflicts", "conflict.nav", anyOf("conflicts_officer")},
	{"/desk/applications", "fund.applications", anyOf("fund_applicant")},
	{"/desk/received", "fund.received", anyOf("fund_manager")},
	{"/desk/grants", "fund.grants", anyOf("fund_manager", "fund_applicant")},
	{"/desk/calls", "fund.calls", anyOf(atFund...)},
	{"/desk/figures", "figures.nav", anyOf(atFigures...)},
	{"/desk/essential", "essential.nav", anyOf(atStandards...)},
	{"/desk/alerts", "alert.nav", onCall},
	{"/desk/workers", "worker.nav", anyOf(atWorkers...)},
	{"/console/", "console.nav", anyOf(operator)},
}

func anyOf(roles ...string) func(*visit) bool {
	return func(v *visit) bool { return slices.ContainsFunc(roles, v.S.Is) }
}

func (s *Site) pages() {
	s.mux.HandleFunc("GET /desk/live", s.live)
	s.mux.HandleFunc("GET /desk/referrals/{id}/still", s.standing(unchanged))
	s.mux.HandleFunc("GET /desk/referrals/{id}/held", s.standing(stillHeld))
	s.page("GET /desk/{$}", s.home)
	s.page("GET /desk/referrals", s.referrals)
	s.page("GET /desk/referrals/{id}", s.referral)
	s.page("POST /desk/referrals/{id}/contact", s.referralReach)
	s.page("POST /desk/referrals/{id}/packet", s.packet)
	s.page("POST /desk/referrals/{id}/share", s.referralShare)
	s.page("GET /desk/shares", s.shares)
	s.page("GET /desk/agenda", s.agenda)
	s.page("GET /desk/do/{op}/{id}", s.askCommand)
	s.page("POST /desk/do/{op}/{id}", s.doCommand)
	s.consentPages()
	s.askPages()
	s.cases()
	s.rooms()
	s.clinicPages()
	s.supportPages()
	s.directoryPages()
	s.workerPages()
	s.alertPages()
	s.transferPages()
	s.enquiryPages()
	s.centrePages()
	s.courtPages()
	s.escalationPages()
	s.figuresPages()
	s.fundPages()
	s.essentialPages()
	s.consolePages()
}

// heap is a worklist with its count: what waits, and where it is.
type heap struct {
	Path, Label string
	Count       int
	// More says that there are more than were counted.
	More     bool
	Pressing bool
}

// views are the worklists of referrals, the most pressing first.
var views = []struct {
	name     string
	pressing bool
}{
	{"contact_closed", true},
	{"overdue", true},
	{"to_acknowledge", true},
	{"due_soon", true},
	{"new", false},
	{"queue", false},
	{"consent_ending", true},
	{"in_service", false},
	{"waiting_for_outcome", false},
}

// side is one side of an agency: the referrals made to it, or by it.
type side struct {
	Role, Title string
	Heaps       []heap
	// Ways are pages that lead on from here.
	Ways []link
	// Away says that the service that knows does not answer.
	Away bool
}

// counted is how many of a list home counts. A person does not do more in a day.
const counted = 100

// count puts on a side how many there are of a list; none is not shown. Errors: 401.
func (to *side) count(v *visit, op string, query url.Values, h heap) error {
	limited := maps.Clone(query)
	limited.Set("limit", strconv.Itoa(counted))
	var page struct {
		Items []struct{} `json:"items"`
	}
	answer, err := v.get(op, "", limited, &page)
	if err != nil {
		to.Away = true
		return also(err)
	}
	if len(page.Items) > 0 {
		h.Count, h.More = len(page.Items), answer.Cursor != ""
		to.Heaps = append(to.Heaps, h)
	}
	return nil
}

// home shows whose turn it is. A part that does not answer says so, and the rest works.
func (s *Site) home(v *visit) (templ.Component, error) {
	if !deskRole(v) {
		return v.to(v.start())
	}
	sides, err := v.alertSide()
	if err != nil {
		return nil, err
	}
	cases, err := v.caseSide()
	if err != nil {
		return nil, err
	}
	sides = append(sides, cases...)
	if anyOf("caseworker", "focal_point", "supervisor", "lawyer", "counsellor", "examiner")(v) {
		for _, role := range []string{"recipient", "sender"} {
			one := side{Role: role, Title: v.W.T("home." + role)}
			counts := map[string]int{}
			if _, err := v.get("countReferrals", "", url.Values{"role": {role}}, &counts); err != nil {
				if lost(err) {
					return nil, err
				}
				one.Away = true
			}
			for _, view := range views {
				if n := counts[view.name]; n > 0 {
					query := url.Values{"role": {role}, "view": {view.name}}
					one.Heaps = append(one.Heaps, heap{Path: "/desk/referrals?" + query.Encode(), Label: v.worklist(role, view.name), Count: n, Pressing: view.pressing})
				}
			}
			if role == "recipient" {
				if err := v.sharesNew(&one); err != nil {
					return nil, err
				}
				if err := v.inHouse(&one); err != nil {
					return nil, err
				}
			}
			sides = append(sides, one)
			if role == "recipient" {
				work, err := v.roomSides()
				if err != nil {
					return nil, err
				}
				sides = append(sides, work...)
			}
		}
	}
	courts, err := v.courtSides()
	if err != nil {
		return nil, err
	}
	sides = append(sides, courts...)
	waiting, err := v.escalationSide()
	if err != nil {
		return nil, err
	}
	figures, err := v.figuresSide()
	if err != nil {
		return nil, err
	}
	due, err := v.essentialSide()
	if err != nil {
		return nil, err
	}
	fund, err := v.fundSide()
	if err != nil {
		return nil, err
	}
	return homePage(v, slices.Concat(sides, fund, waiting, figures, due)), nil
}

// worklist is what a list of referrals is called by the side that looks at it.
func (v *visit) worklist(role, view string) string {
	if role == "sender" && view == "to_acknowledge" {
		return v.W.T("home.sender_to_acknowledge")
	}
	return v.W.Code("Worklist", view)
}
