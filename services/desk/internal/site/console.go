package site

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/console"
)

// operator is the role that has the console.
const operator = "operator"

// consolePages are for those who run the network. Everybody else is told that there is
// nothing, as on every page that is not theirs.
func (s *Site) consolePages() {
	s.operators("GET /console/{$}", s.console)
	s.operators("GET /console/letters", s.letters)
	s.operators("GET /console/letters/{id}", s.letter)
	s.operators("POST /console/letters/{id}/replay", s.replay)
	s.operators("GET /console/quarantine", s.quarantine)
	s.operators("GET /console/quarantine/{service}/{record}", s.quarantined)
	s.operators("POST /console/quarantine/{service}/{record}/release", s.release)
	s.operators("GET /console/way", func(v *visit) (templ.Component, error) { return wayPage(v, wayAsked{}), nil })
	s.operators("POST /console/way", s.way)
	s.operators("GET /console/looks", s.looks)
	s.operators("GET /console/runbooks", func(v *visit) (templ.Component, error) { return runbooksPage(v), nil })
	s.operators("GET /console/runbooks/{name}", s.runbook)
}

func (s *Site) operators(pattern string, show func(*visit) (templ.Component, error)) {
	s.page(pattern, func(v *visit) (templ.Component, error) {
		if !v.S.Is(operator) {
			return nil, &api.Problem{Status: http.StatusNotFound, Code: "not_found"}
		}
		return show(v)
	})
}

// start is where a person begins: who only runs the network has nothing on the desk.
func (v *visit) start() string {
	if v.S.Is(operator) && len(v.S.Roles) == 1 {
		return "/console/"
	}
	return "/desk/"
}

// deskRole says whether the person has work at the desk.
func deskRole(v *visit) bool { return v.start() == "/desk/" }

// flow is how many referrals are where, in bands. A test holds its names against the contract.
type flow struct {
	AsOf  time.Time `json:"as_of"`
	Items []flowRow `json:"items"`
}

type flowRow struct {
	Service   string `json:"service"`
	Asked     string `json:"asked"`
	Overdue   string `json:"overdue"`
	Answered  string `json:"answered"`
	InService string `json:"in_service"`
	Finished  string `json:"finished"`
	Unmet     string `json:"unmet"`
}

// Bands are those of a row, in the order of the columns.
func (r flowRow) Bands() []string {
	return []string{r.Asked, r.Overdue, r.Answered, r.InService, r.Finished, r.Unmet}
}

// Few says that no band of a row tells more than that there are few, or none.
func (r flowRow) Few() bool {
	return !slices.ContainsFunc(r.Bands(), func(band string) bool { return band != bands[0] })
}

// Many are the rows that tell more.
func (f flow) Many() []flowRow { return slices.DeleteFunc(slices.Clone(f.Items), flowRow.Few) }

// few names the services whose rows would all say the same.
func (v *visit) few(f flow) string {
	var codes []string
	for _, row := range f.Items {
		if row.Few() {
			codes = append(codes, row.Service)
		}
	}
	return v.codes("Service", codes)
}

// bands are from the least to the most.
var bands = []string{"fewer_than_11", "11_to_49", "50_to_99", "100_to_249", "250_to_499", "500_to_999", "1000_or_more"}

// bar is the class of a band: how long its bar is.
func bar(band string) string { return "bar-" + strconv.Itoa(slices.Index(bands, band)) }

// overview is the first page of the console.
type overview struct {
	Look console.Look
	// LastLook is when this browser looked before, and Rates are the commits a minute of
	// each journal since then.
	LastLook time.Time
	Rates    map[string]float64
	Flow     flow
	FlowAway bool
}

// console shows how the network is: what is stuck first.
func (s *Site) console(v *visit) (templ.Component, error) {
	look, err := s.admin.Look(v.Context(), v.S.Token)
	if err != nil {
		return nil, err
	}
	o := overview{Look: look}
	o.LastLook, o.Rates = v.rates(look)
	if _, err := v.get("getFlow", "", nil, &o.Flow); err != nil {
		if lost(err) {
			return nil, err
		}
		o.FlowAway = true
	}
	return consolePage(v, o), nil
}

// sampled is what a session remembers of the last look: figures of machines, and of nobody.
type sampled struct {
	At      time.Time          `json:"at"`
	Commits map[string]float64 `json:"commits"`
}

// sampledName is under which name it is remembered.
const sampledName = "console"

// rates compares a look with the last one of this session. A service that began again since
// then has none.
func (v *visit) rates(look console.Look) (since time.Time, all map[string]float64) {
	var last sampled
	all = map[string]float64{}
	now := sampled{At: look.At, Commits: map[string]float64{}}
	_ = json.Unmarshal([]byte(v.S.Last[sampledName]), &last) // nothing, at the first look
	for _, service := range look.Services {
		if service.Figures.Commits == nil {
			continue
		}
		n := *service.Figures.Commits
		now.Commits[service.Name] = n
		before, known := last.Commits[service.Name]
		if minutes := look.At.Sub(last.At).Minutes(); known && n >= before && minutes > 0 && service.Figures.Since.Before(last.At) {
			all[service.Name] = (n - before) / minutes
		}
	}
	text, _ := json.Marshal(now) // fails for no value of its type
	v.site.cfg.Sessions.Remember(v.Request, sampledName, string(text))
	return last.At, all
}

// figureRow is one figure of all services, in their order.
type figureRow struct {
	Label string
	Cells []figureCell
}

type figureCell struct {
	Text     string
	Pressing bool
}

// figures are the rows of the table. What a service does not say is a dash.
func (v *visit) figures(o overview) (rows []figureRow) {
	add := func(word string, cell func(console.Service) figureCell) {
		row := figureRow{Label: v.W.T(word)}
		for _, s := range o.Look.Services {
			row.Cells = append(row.Cells, cell(s))
		}
		rows = append(rows, row)
	}
	number := func(of func(console.Figures) *float64) func(console.Service) figureCell {
		return func(s console.Service) figureCell { return figureCell{Text: figure(of(s.Figures))} }
	}
	moment := func(of func(console.Figures) time.Time) func(console.Service) figureCell {
		return func(s console.Service) figureCell { return figureCell{Text: cmp.Or(v.at(of(s.Figures)), "–")} }
	}
	add("console.ready", func(s console.Service) figureCell {
		switch {
		case !s.Known:
			return figureCell{Text: v.W.T("console.not_known")}
		case s.Away:
			return figureCell{v.W.T("console.no_answer"), true}
		case !s.Ready:
			return figureCell{v.W.T("no"), true}
		}
		return figureCell{Text: v.W.T("yes")}
	})
	add("console.started", moment(func(f console.Figures) time.Time { return f.Since }))
	add("console.commits", number(func(f console.Figures) *float64 { return f.Commits }))
	add("console.rate", func(s console.Service) figureCell {
		if r, ok := o.Rates[s.Name]; ok {
			return figureCell{Text: strconv.FormatFloat(r, 'f', 1, 64)}
		}
		return figureCell{Text: "–"}
	})
	add("console.unsent", number(func(f console.Figures) *float64 { return f.Unsent }))
	add("console.oldest", func(s console.Service) figureCell {
		if s.Figures.Oldest == nil || *s.Figures.Oldest <= 0 {
			return figureCell{Text: "–"}
		}
		return figureCell{Text: v.age(*s.Figures.Oldest)}
	})
	add("console.waiting", number(func(f console.Figures) *float64 { return f.Waiting }))
	add("console.parked", number(func(f console.Figures) *float64 { return f.Parked }))
	add("console.deadlines", number(func(f console.Figures) *float64 { return f.Due }))
	add("console.checkpoint", moment(func(f console.Figures) time.Time { return f.Checkpoint }))
	add("console.verified", moment(func(f console.Figures) time.Time { return f.Verified }))
	return rows
}

// mostHere is how many of a kind stand on the first page; the others are on a page of their own.
const mostHere = 5

func (s *Site) letters(v *visit) (templ.Component, error) {
	look, err := s.admin.Look(v.Context(), v.S.Token)
	if err != nil {
		return nil, err
	}
	return lettersPage(v, look), nil
}

func (s *Site) quarantine(v *visit) (templ.Component, error) {
	look, err := s.admin.Look(v.Context(), v.S.Token)
	if err != nil {
		return nil, err
	}
	return quarantinePage(v, look), nil
}

func (s *Site) letter(v *visit) (templ.Component, error) {
	file, err := s.admin.Letter(v.Context(), v.S.Token, v.PathValue("id"))
	if err != nil {
		return nil, s.reached(err)
	}
	return letterPage(v, file, decided{}), nil
}

// decided is a form that was sent, and why it was refused.
type decided struct {
	Reason  string
	Problem *problem
}

// replay has a letter judged once more. What was refused is shown with the form as it was.
func (s *Site) replay(v *visit) (templ.Component, error) {
	if err := v.ParseForm(); err != nil {
		return nil, err
	}
	sent := decided{Reason: v.PostFormValue("reason")}
	out, err := s.admin.Replay(v.Context(), v.S.Token, v.PathValue("id"), sent.Reason)
	if err == nil {
		return v.to("/console/letters?" + url.Values{"done": {out.Outcome}}.Encode())
	}
	if sent.Problem = refusedHere(err); sent.Problem == nil {
		return nil, s.reached(err)
	}
	file, err := s.admin.Letter(v.Context(), v.S.Token, v.PathValue("id"))
	if err != nil {
		return nil, s.reached(err)
	}
	v.render(sent.Problem.Status, letterPage(v, file, sent))
	return nil, nil
}

// quarantined is one record that is set aside.
func (s *Site) quarantined(v *visit) (templ.Component, error) {
	one, err := s.aside(v)
	if err != nil {
		return nil, err
	}
	return quarantinedPage(v, one, decided{}), nil
}

func (s *Site) aside(v *visit) (console.Aside, error) {
	look, err := s.admin.Look(v.Context(), v.S.Token)
	if err != nil {
		return console.Aside{}, err
	}
	for _, one := range look.Aside {
		if one.Service == v.PathValue("service") && one.Record == v.PathValue("record") {
			return one, nil
		}
	}
	if len(look.AsideAway) > 0 {
		return console.Aside{}, api.ErrAway
	}
	return console.Aside{}, &api.Problem{Status: http.StatusNotFound, Code: "not_found"}
}

// release passes over what cannot be trusted in a record.
func (s *Site) release(v *visit) (templ.Component, error) {
	if err := v.ParseForm(); err != nil {
		return nil, err
	}
	sent := decided{Reason: v.PostFormValue("reason")}
	_, err := s.admin.Release(v.Context(), v.S.Token, v.PathValue("service"), v.PathValue("record"), sent.Reason)
	if err == nil {
		return v.to("/console/quarantine?done=released")
	}
	if sent.Problem = refusedHere(err); sent.Problem == nil {
		return nil, s.reached(err)
	}
	one, err := s.aside(v)
	if err != nil {
		return nil, err
	}
	v.render(sent.Problem.Status, quarantinedPage(v, one, sent))
	return nil, nil
}

// refusedHere is a problem that is shown with the form; nil where another page says it.
func refusedHere(err error) *problem {
	p := api.Refused(err)
	if p == nil || p.Status == http.StatusUnauthorized || p.Status == http.StatusNotFound {
		return nil
	}
	return p
}

// reached has an address that is not known here be told as a part that does not answer.
func (s *Site) reached(err error) error {
	if api.Refused(err) == nil && console.Away(err) {
		return api.ErrAway
	}
	return err
}

// wayAsked is the page of a way: nothing, before one was asked for.
type wayAsked struct {
	Referral string
	Asked    bool
	Way      console.Way
	Problem  *problem
}

// way shows where one referral went. It is the answer to a form, so that no way back and no
// preload asks again: each look is recorded.
func (s *Site) way(v *visit) (templ.Component, error) {
	if err := v.ParseForm(); err != nil {
		return nil, err
	}
	asked := wayAsked{Referral: v.PostFormValue("referral"), Asked: true}
	var err error
	asked.Way, err = s.admin.Way(v.Context(), v.S.Token, asked.Referral)
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		asked.Asked, asked.Problem = false, p
		v.render(p.Status, wayPage(v, asked))
		return nil, nil
	}
	if err != nil {
		return nil, s.reached(err)
	}
	return wayPage(v, asked), nil
}

func (s *Site) looks(v *visit) (templ.Component, error) {
	looks, err := s.admin.Looks(v.Context(), v.S.Token)
	if err != nil {
		return nil, s.reached(err)
	}
	return looksPage(v, looks), nil
}

func (s *Site) runbook(v *visit) (templ.Component, error) {
	r, ok := s.cfg.Runbooks[v.PathValue("name")]
	if !ok {
		return nil, &api.Problem{Status: http.StatusNotFound, Code: "not_found"}
	}
	return runbookPage(v, r), nil
}

// tabs are the pages of the console.
func (v *visit) tabs() (all []link) {
	for _, one := range []struct{ path, word string }{
		{"/console/", "console.overview"},
		{"/console/way", "console.way"},
		{"/console/looks", "console.looks"},
		{"/console/runbooks", "console.runbooks"},
	} {
		all = append(all, link{one.path, v.W.T(one.word), v.URL.Path == one.path})
	}
	return all
}

// stuck says in words what an alarm is about.
func (v *visit) stuck(a console.Alarm) string {
	return v.W.N("console.stuck."+a.About, a.N, "Age", v.age(a.Age))
}

// age is a length of time in words.
func (v *visit) age(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return v.W.N("console.seconds", int(d.Seconds()))
	case d < 2*time.Hour:
		return v.W.N("console.minutes", int(d.Minutes()))
	default:
		return v.W.N("console.hours", int(d.Hours()))
	}
}

// figure is an exact number; a dash where a service does not say.
func figure(n *float64) string {
	if n == nil {
		return "–"
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// cause is why a step of a way happened.
func (v *visit) cause(steps []console.Step, one console.Step) string {
	if one.By == "event" {
		if i := slices.IndexFunc(steps, func(s console.Step) bool { return s.Commit == one.After }); i >= 0 {
			return v.W.T("console.by.step", "N", strconv.Itoa(i+1))
		}
	}
	return v.W.Or(one.By, "console.by."+one.By)
}

// lane is the class of a room on the way: where its mark stands.
func (s *Site) lane(service string) string {
	return "lane-" + strconv.Itoa(slices.Index(s.admin.Services(), service))
}

// letterCount says how many dead letters there are, as far as they were listed.
func (v *visit) letterCount(look console.Look) string {
	if look.LettersMore {
		return v.W.N("console.letters_or_more", len(look.Letters))
	}
	return v.W.N("console.letters_n", len(look.Letters))
}

// chapter is the part of a runbook about a code; else the one about all others.
func (v *visit) chapter(runbook, code string) string {
	r := v.site.cfg.Runbooks[runbook]
	return cmp.Or(r.Section(code), r.Section("any other code"))
}

func (v *visit) runbooks() []string { return slices.Sorted(maps.Keys(v.site.cfg.Runbooks)) }
