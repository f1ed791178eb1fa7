package site

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
	"github.com/sanad-network/sanad/services/desk/internal/session"
)

func (s *Site) enquiryPages() {
	s.open("GET /desk/tell", s.askTell)
	s.open("POST /desk/tell", s.doTell)
	s.page("GET /desk/cards", s.cards)
	s.page("POST /desk/cards", s.makeCards)
	s.page("GET /desk/enquiries", s.enquiries)
	s.page("GET /desk/enquiries/new", s.askReport)
	s.page("POST /desk/enquiries/new", s.doReport)
	s.page("GET /desk/enquiries/{id}", s.oneEnquiry)
}

// telling is the page behind a code, for a person without an account.
type telling struct {
	sheet
	// Sent says that the form was in order. Whether the code holds, the page never says.
	Sent bool
}

// askTell is for everybody, so it knows nobody, also not who is signed in at this browser.
func (s *Site) askTell(v *visit) (templ.Component, error) {
	v.S = session.Session{}
	f := v.form(v.contract().Operations["sendEnquiry"])
	f.Values = url.Values{}
	return tellPage(v, telling{sheet: sheet{Op: f.Op, Key: newKey(), Fields: f.Fields()}}), nil
}

// doTell answers every code with the same page. What was sent stands on it no more.
func (s *Site) doTell(v *visit) (templ.Component, error) {
	v.S = session.Session{}
	if err := v.ParseForm(); err != nil {
		return nil, &api.Problem{Status: http.StatusBadRequest, Code: "malformed"}
	}
	f := v.form(v.contract().Operations["sendEnquiry"])
	f.Values = v.PostForm
	one := telling{sheet: sheet{Op: f.Op, Key: v.PostFormValue(keyField), Fields: f.Fields()}}
	if wait := s.tells.take(v.Request); wait > 0 {
		v.w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		one.Problem = &api.Problem{Status: http.StatusTooManyRequests, Code: "rate_limited"}
		v.render(http.StatusTooManyRequests, tellPage(v, one))
		return nil, nil
	}
	if _, err := v.send(f.Op, one.sheet, f); err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, one.Problem = p, p
			one.Key, one.Fields = nextKey(one.Key, p), f.Fields()
			return tellPage(v, one)
		})
	}
	return tellPage(v, telling{Sent: true}), nil
}

// cards are those that were made together. A test holds the names against the contract.
type cards struct {
	ID     string    `json:"id"`
	Count  int       `json:"count"`
	MadeAt time.Time `json:"made_at"`
	Until  time.Time `json:"until"`
	// Codes are shown once, when the cards are made.
	Codes []string `json:"codes"`
}

// End is where the cards are ended.
func (c cards) End(v *visit) button {
	o := v.contract().Operations["endCards"]
	query := url.Values{backField: {"/desk/cards"}}
	return button{o, v.W.T("command." + o.ID), sheet{Op: o, ID: c.ID}.Action() + "?" + query.Encode()}
}

// making is the page of cards: those whose codes hold, and the form for new ones.
type making struct {
	sheet
	Items []cards
	Next  string
	// Made are the new ones, to be printed.
	Made *cards
}

func (s *Site) cards(v *visit) (templ.Component, error) {
	f := v.form(v.contract().Operations["makeCards"])
	f.Values = url.Values{"/count": {"10"}, "/days": {"90"}}
	return v.cardsPage(making{sheet: sheet{Op: f.Op, Key: newKey(), Fields: f.Fields()}})
}

func (v *visit) cardsPage(m making) (templ.Component, error) {
	if !anyOf("caseworker")(v) {
		return nil, errNowhere
	}
	var page struct {
		Items []cards `json:"items"`
	}
	var err error
	if m.Next, err = v.leaf("listCards", "", nil, &page); err != nil {
		return nil, err
	}
	m.Items = page.Items
	return cardsPage(v, m), nil
}

// makeCards answers with the codes: no address shows them again.
func (s *Site) makeCards(v *visit) (templ.Component, error) {
	f := v.form(v.contract().Operations["makeCards"])
	m := making{sheet: sheet{Op: f.Op, Key: v.PostFormValue(keyField), Fields: f.Fields()}}
	var made cards
	answer, err := v.send(f.Op, m.sheet, f)
	if err == nil {
		err = answer.Into(&made)
	}
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, m.Problem = p, p
			m.Key, m.Fields = newKey(), f.Fields()
			return cardsPage(v, m)
		})
	}
	v.sheet = true
	return cardsPage(v, making{Made: &made}), nil
}

// enquiry is what the desk was told while there is no case. A test holds its names against
// the contract.
type enquiry struct {
	ID      string    `json:"id"`
	Source  string    `json:"source"`
	Status  string    `json:"status"`
	MadeAt  time.Time `json:"made_at"`
	Due     time.Time `json:"due"`
	Overdue bool      `json:"overdue"`
	Mine    bool      `json:"mine"`
	HerWord struct {
		Comes     bool   `json:"comes"`
		ComesWhen string `json:"comes_when"`
		Way       string `json:"safe_way"`
		At        string `json:"reach_at"`
		Hours     string `json:"safe_hours"`
		Words     string `json:"her_words"`
	} `json:"her_word"`
	Report struct {
		Seen            string `json:"seen"`
		Where           string `json:"seen_where"`
		DangerNow       bool   `json:"danger_now"`
		Danger          string `json:"danger_seen"`
		Reporter        string `json:"reporter"`
		ReporterContact string `json:"reporter_contact"`
	} `json:"report"`
	Result    string    `json:"enquiry_result"`
	Case      string    `json:"case"`
	SettledAt time.Time `json:"settled_at"`
	// ResponseStatus is for everybody of the desk, Responses for who has it.
	ResponseStatus string         `json:"response_status"`
	Responses      []caseResponse `json:"responses"`
	Commands       []string       `json:"commands"`
}

// By says that she told it herself.
func (e enquiry) By() bool { return e.Source == "her_own_word" }

// Lines are what was told, for who has it.
func (e enquiry) Lines(v *visit) (all []pair) {
	add := func(name, value string) {
		if value != "" {
			all = append(all, pair{v.pointer("/" + name), value})
		}
	}
	yes := func(name string, said bool) {
		if said {
			add(name, v.W.T("enquiry.yes"))
		}
	}
	w, r := e.HerWord, e.Report
	yes("comes", w.Comes)
	add("comes_when", w.ComesWhen)
	if w.Way != "" {
		add("safe_way", v.W.Code("ContactChannel", w.Way))
	}
	add("reach_at", w.At)
	add("safe_hours", w.Hours)
	add("her_words", w.Words)
	add("seen", r.Seen)
	add("seen_where", r.Where)
	yes("danger_now", r.DangerNow)
	add("danger_seen", r.Danger)
	add("reporter", r.Reporter)
	add("reporter_contact", r.ReporterContact)
	return all
}

// withoutHerYes is the one ground on which a team goes before there is a case.
func withoutHerYes(v *visit) ([]form.Option, error) {
	const ground = "immediate_danger"
	return []form.Option{{Value: ground, Label: v.W.Code("ResponseGround", ground)}}, nil
}

// enquiryViews are the lists of enquiries.
var enquiryViews = []string{"waits", "mine", "taken", "late", "settled"}

func (s *Site) enquiries(v *visit) (templ.Component, error) {
	if !anyOf(atCases...)(v) {
		return nil, errNowhere
	}
	query := v.query("view", "case")
	if len(query) == 0 {
		query.Set("view", enquiryViews[0])
	}
	var page struct {
		Items []enquiry `json:"items"`
	}
	next, err := v.leaf("listEnquiries", "", query, &page)
	if err != nil {
		return nil, err
	}
	return enquiriesPage(v, query.Get("view"), page.Items, next), nil
}

func (s *Site) oneEnquiry(v *visit) (templ.Component, error) {
	var e enquiry
	answer, err := v.get("getEnquiry", v.PathValue("id"), nil, &e)
	if err != nil {
		return nil, err
	}
	return enquiryPage(v, e, answer.Version), nil
}

func (s *Site) askReport(v *visit) (templ.Component, error) {
	if !anyOf("caseworker")(v) {
		return nil, errNowhere
	}
	f := v.form(v.contract().Operations["recordReport"])
	return reportPage(v, sheet{Op: f.Op, Key: newKey(), Fields: f.Fields()}), nil
}

func (s *Site) doReport(v *visit) (templ.Component, error) {
	f := v.form(v.contract().Operations["recordReport"])
	sh := sheet{Op: f.Op, Key: v.PostFormValue(keyField)}
	if _, err := v.send(f.Op, sh, f); err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, sh.Problem = p, p
			sh.Key, sh.Fields = nextKey(sh.Key, p), f.Fields()
			return reportPage(v, sh)
		})
	}
	return v.to(with("/desk/enquiries", "done", f.Op.ID))
}

// enquired puts on home what nobody has, and for a supervisor what is late, with the ways there.
func (v *visit) enquired(to *side) error {
	if anyOf("caseworker")(v) {
		to.Ways = append(to.Ways, link{Path: "/desk/enquiries/new", Label: v.W.T("command.recordReport")}, link{Path: "/desk/cards", Label: v.W.T("enquiry.cards")})
	}
	to.Ways = append(to.Ways, link{Path: "/desk/enquiries", Label: v.W.T("enquiry.title")})
	for _, view := range []string{"late", "waits"} {
		if view == "late" && !anyOf("supervisor")(v) {
			continue
		}
		if err := to.count(v, "listEnquiries", url.Values{"view": {view}}, heap{Path: "/desk/enquiries?view=" + view, Label: v.W.T("enquiry.heap_" + view), Pressing: true}); err != nil || to.Away {
			return err
		}
	}
	return nil
}
