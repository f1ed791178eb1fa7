package site

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// atFund are the roles of a trust fund. Where a network has none, nobody has them, and the desk shows
// nothing of it.
var atFund = []string{"fund_manager", "fund_applicant", "fund_assessor", "trustee"}

// fundList is a list of the fund, and who has it.
type fundList struct {
	path, op, title string
	roles           []string
	// record is the path of what it lists.
	record string
	// statuses divide it, of the list of codes; none where the list is one.
	codes    string
	statuses []string
	// waits says that what stands there waits for the person.
	waits bool
	// asked are parameters that the page takes beside the status.
	asked []string
}

var fundLists = []fundList{
	{path: "/desk/assignments", op: "listAssignments", title: "fund.assignments", roles: []string{"fund_assessor"}, record: "/desk/applications", waits: true},
	{path: "/desk/votes", op: "listVotes", title: "fund.votes", roles: []string{"trustee"}, record: "/desk/applications", waits: true},
	{path: "/desk/late-assessments", op: "listOverdueAssessments", title: "fund.late", roles: []string{"fund_manager"}, record: "/desk/applications", waits: true},
	{
		path: "/desk/received", op: "listReceivedApplications", title: "fund.received", roles: []string{"fund_manager"}, record: "/desk/applications",
		codes: "ApplicationStatus", statuses: []string{"submitted", "eligible", "assessed", "selected", "awarded", "not_awarded", "not_eligible"}, asked: []string{"call"},
	},
	{path: "/desk/applications", op: "listApplications", title: "fund.applications", roles: []string{"fund_applicant"}, record: "/desk/applications"},
	{path: "/desk/calls", op: "listCalls", title: "fund.calls", roles: atFund, record: "/desk/calls"},
	{
		path: "/desk/grants", op: "listGrants", title: "fund.grants", roles: []string{"fund_manager", "fund_applicant"}, record: "/desk/grants",
		codes: "GrantStatus", statuses: []string{"drafted", "in_force", "suspended", "ended", "closed"}, asked: []string{"overdue"},
	},
	{path: "/desk/ranking", op: "listRanking", title: "fund.ranking", roles: []string{"fund_manager", "trustee"}, record: "/desk/applications", asked: []string{"call"}},
}

func (s *Site) fundPages() {
	for _, l := range fundLists {
		s.page("GET "+l.path, func(v *visit) (templ.Component, error) { return v.fundListed(l) })
	}
	s.page("GET /desk/calls/{id}", (*visit).fundCall)
	s.page("POST /desk/calls/{id}/apply", (*visit).fundApply)
	s.page("GET /desk/applications/{id}", (*visit).fundApplication)
	s.page("GET /desk/applications/{id}/receipt", (*visit).fundReceipt)
	s.page("GET /desk/applications/{id}/file/{file}", func(v *visit) (templ.Component, error) {
		return nil, v.fileOf(&room{file: "getApplicationFile"})
	})
	s.page("GET /desk/grants/{id}", (*visit).fundGrant)
	s.page("GET /desk/grants/{id}/file/{file}", func(v *visit) (templ.Component, error) {
		return nil, v.fileOf(&room{file: "getGrantPaper"})
	})
	s.page("GET /desk/ledger", (*visit).fundLedger)
	s.page("GET /desk/trustees", (*visit).fundBoard)
}

// What the service answers of calls, applications and grants. A test holds the names against the contract.
type (
	callFor struct {
		ID           string          `json:"id"`
		Status       string          `json:"status"`
		Number       string          `json:"number"`
		Title        []programmeText `json:"title"`
		SubProgramme string          `json:"sub_programme"`
		ClosesAt     time.Time       `json:"closes_at"`
		Open         bool            `json:"open"`
		Countries    []string        `json:"countries"`
		Priorities   []string        `json:"priorities"`
		Languages    []string        `json:"languages"`
		Papers       []string        `json:"papers"`
		Questions    []struct {
			ID   string          `json:"id"`
			Text []programmeText `json:"text"`
		} `json:"questions"`
		Criteria []struct {
			ID     string          `json:"id"`
			Text   []programmeText `json:"text"`
			Weight int             `json:"weight"`
		} `json:"criteria"`
		Clarifications []struct {
			ID       string `json:"id"`
			Question string `json:"question"`
			Answer   string `json:"answer"`
		} `json:"clarifications"`
	}
	applied struct {
		ID             string   `json:"id"`
		Call           string   `json:"call"`
		Agency         string   `json:"agency"`
		Status         string   `json:"status"`
		Name           string   `json:"name"`
		Country        string   `json:"country"`
		RequestedCents float64  `json:"requested_cents"`
		Changed        bool     `json:"changed"`
		Commands       []string `json:"commands"`
		Own            *struct {
			Due      time.Time `json:"due"`
			Interest string    `json:"interest"`
			Scored   bool      `json:"scored"`
			Overdue  bool      `json:"overdue"`
		} `json:"own"`
		Files []struct {
			ID   string  `json:"id"`
			Type string  `json:"type"`
			Size float64 `json:"size"`
		} `json:"files"`
		Assessors []struct {
			Place    int    `json:"place"`
			Assessor string `json:"assessor"`
			Freed    string `json:"freed"`
			Scored   bool   `json:"scored"`
		} `json:"assessors"`
		ThirdNeeded bool `json:"third_needed"`
		Result      *struct {
			Total float64 `json:"total_hundredths"`
		} `json:"result"`
		Eligibility *struct {
			Judge string `json:"judge"`
		} `json:"eligibility"`
	}
	granted struct {
		ID          string       `json:"id"`
		Agency      string       `json:"agency"`
		Name        string       `json:"name"`
		Status      string       `json:"status"`
		Cents       float64      `json:"cents"`
		Draft       int          `json:"draft"`
		Overdue     bool         `json:"overdue"`
		Commands    []string     `json:"commands"`
		Instalments []instalment `json:"instalments"`
		Budget      []struct {
			Line string `json:"line"`
		} `json:"budget"`
		Papers []struct {
			ID   string  `json:"id"`
			Type string  `json:"type"`
			Size float64 `json:"size"`
		} `json:"papers"`
	}
	instalment struct {
		Number  int    `json:"instalment"`
		Ordered bool   `json:"ordered"`
		Paid    bool   `json:"paid"`
		Report  string `json:"report"`
		Due     string `json:"report_due"`
	}
)

// fundCard is a record on a list.
type fundCard struct {
	Path, Title string
	Lines       []string
	// Due is what presses.
	Due string
}

// fundShownList is a list with what its page needs.
type fundShownList struct {
	fundList
	Items []fundCard
	Tabs  []link
	Ways  []link
	Next  string
}

// fundListed is a list. Who does not have it finds nothing there.
func (v *visit) fundListed(l fundList) (templ.Component, error) {
	if !anyOf(l.roles...)(v) {
		return nil, errNowhere
	}
	query := v.query(append(l.asked, "status")...)
	if len(l.statuses) > 0 && len(query) == 0 && l.op == "listReceivedApplications" {
		query.Set("status", l.statuses[0])
	}
	shown := fundShownList{fundList: l}
	for _, status := range l.statuses {
		q := url.Values{"status": {status}}
		if of := query.Get("call"); of != "" {
			q.Set("call", of)
		}
		shown.Tabs = append(shown.Tabs, link{l.path + "?" + q.Encode(), v.W.Code(l.codes, status), query.Get("status") == status})
	}
	var err error
	switch l.record {
	case "/desk/calls":
		var page struct {
			Items []callFor `json:"items"`
		}
		shown.Next, err = v.leaf(l.op, "", query, &page)
		for _, c := range page.Items {
			shown.Items = append(shown.Items, v.callCard(c))
		}
		if anyOf("fund_manager")(v) {
			shown.Ways = append(shown.Ways, v.newForm("draftCall", l.path))
		}
	case "/desk/applications":
		var page struct {
			Items []applied `json:"items"`
		}
		shown.Next, err = v.leaf(l.op, "", query, &page)
		for _, a := range page.Items {
			shown.Items = append(shown.Items, v.appliedCard(a))
		}
	default:
		var page struct {
			Items []granted `json:"items"`
		}
		shown.Next, err = v.leaf(l.op, "", query, &page)
		for _, g := range page.Items {
			shown.Items = append(shown.Items, v.grantCard(g))
		}
		late := url.Values{"overdue": {"true"}}
		shown.Tabs = append(shown.Tabs, link{l.path + "?" + late.Encode(), v.W.T("fund.report_late"), query.Get("overdue") != ""})
		shown.Tabs = slices.Insert(shown.Tabs, 0, link{l.path, v.W.T("fund.all"), len(query) == 0})
	}
	if err != nil {
		return nil, err
	}
	return fundListPage(v, shown), nil
}

// newForm is the way to the form of what is not there yet.
func (v *visit) newForm(op, from string) link {
	o := v.contract().Operations[op]
	return link{Path: sheet{Op: o, ID: unnamed}.Action() + "?" + url.Values{backField: {from}}.Encode(), Label: v.W.Or(o.Summary, "command."+op)}
}

func (v *visit) callCard(c callFor) fundCard {
	title, _ := v.said(c.Number, c.Title)
	card := fundCard{Path: "/desk/calls/" + url.PathEscape(c.ID), Title: title, Lines: []string{v.W.Code("SubProgramme", c.SubProgramme)}}
	switch {
	case c.Status != "published":
		card.Lines = append(card.Lines, v.W.Code("CallStatus", c.Status))
	case c.Open:
		card.Due = v.W.T("fund.open_until", "At", v.vienna(c.ClosesAt))
	default:
		card.Lines = append(card.Lines, v.W.T("fund.closes", "At", v.vienna(c.ClosesAt)))
	}
	return card
}

// vienna is an instant of a call on the clock of the fund, where its deadlines are told.
func (v *visit) vienna(at time.Time) string {
	w := v.W
	if zone, err := time.LoadLocation("Europe/Vienna"); err == nil {
		w.Zone = zone
	}
	return w.T("fund.vienna", "At", w.Moment("format.moment", at))
}

// fundNext is what a manager does next with an application, by its status.
var fundNext = map[string]string{
	"submitted": "fund.next_judge", "eligible": "fund.next_assess", "assessed": "fund.next_select", "selected": "fund.next_award", "awarded": "fund.next_agree",
}

func (v *visit) appliedCard(a applied) fundCard {
	card := fundCard{Path: "/desk/applications/" + url.PathEscape(a.ID), Title: cmp.Or(a.Name, a.Agency, number(a.ID))}
	if a.Country != "" && a.RequestedCents > 0 {
		card.Lines = append(card.Lines, isolate(v.W.Code("Country", a.Country))+" · "+v.money(a.RequestedCents))
	}
	if a.Result != nil {
		card.Lines = append(card.Lines, v.pointer("/total_hundredths")+": "+points(a.Result.Total))
	}
	if a.Own == nil { // what came after their part is not an assessor's to see
		card.Lines = append(card.Lines, v.W.Code("ApplicationStatus", a.Status))
	}
	next := fundNext[a.Status]
	if a.Status == "submitted" && a.Eligibility != nil && a.Eligibility.Judge != "" {
		next = "fund.next_countersign"
	}
	switch {
	case a.Own != nil && a.Own.Overdue:
		card.Due = v.W.T("fund.was_due", "At", v.at(a.Own.Due))
	case a.Own != nil:
		card.Due = v.W.T("fund.due", "At", v.at(a.Own.Due))
	case a.Changed && a.Status != "draft":
		card.Due = v.W.T("fund.changed")
	case a.Agency != v.S.Agency && anyOf("fund_manager")(v) && next != "":
		card.Due = v.W.T("fund.next", "What", v.W.T(next))
	}
	return card
}

func (v *visit) grantCard(g granted) fundCard {
	card := fundCard{
		Path: "/desk/grants/" + url.PathEscape(g.ID), Title: g.Name,
		Lines: []string{v.money(g.Cents), v.W.Code("GrantStatus", g.Status)},
	}
	if g.Overdue {
		card.Due = v.W.T("fund.report_late")
	}
	return card
}

// fundSide is the part of home about the fund, for its people alone.
func (v *visit) fundSide() ([]side, error) {
	if !anyOf(atFund...)(v) {
		return nil, nil
	}
	one := side{Title: v.W.T("fund.title")}
	for _, l := range fundLists {
		switch {
		case !anyOf(l.roles...)(v) || l.op == "listRanking":
		case l.waits:
			if err := one.count(v, l.op, url.Values{}, heap{Path: l.path, Label: v.W.T(l.title), Pressing: true}); err != nil {
				return nil, err
			}
			fallthrough
		default:
			one.Ways = append(one.Ways, link{Path: l.path, Label: v.W.T(l.title)})
		}
	}
	if anyOf("fund_manager", "fund_applicant")(v) {
		late := url.Values{"overdue": {"true"}}
		if err := one.count(v, "listGrants", late, heap{Path: "/desk/grants?" + late.Encode(), Label: v.W.T("fund.report_late"), Pressing: true}); err != nil {
			return nil, err
		}
	}
	if anyOf("fund_manager")(v) {
		for _, status := range []string{"submitted", "eligible", "assessed", "selected"} {
			query := url.Values{"status": {status}}
			if err := one.count(v, "listReceivedApplications", query, heap{Path: "/desk/received?" + query.Encode(), Label: v.W.T(fundNext[status])}); err != nil {
				return nil, err
			}
		}
		one.Ways = append(one.Ways, link{Path: "/desk/ledger", Label: v.W.T("fund.ledger")})
	}
	if anyOf("fund_manager", "trustee")(v) {
		one.Ways = append(one.Ways, link{Path: "/desk/trustees", Label: v.W.T("fund.trustees")})
	}
	return []side{one}, nil
}

// fundApply begins an application, or goes on with the one that is there.
func (v *visit) fundApply() (templ.Component, error) {
	var a applied
	answer, err := v.ask(api.Ask{Op: "startApplication", Key: v.PostFormValue(keyField), Body: map[string]any{"call": v.PathValue("id")}})
	if err == nil {
		err = answer.Into(&a)
	}
	if err != nil {
		return nil, err
	}
	return v.to("/desk/applications/" + url.PathEscape(a.ID))
}
