package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// What she needs and what was chosen stands in the forms, under names that begin with
// askPrefix: pages that are asked in between bring it back (carried).
const (
	askPrefix    = "ask."
	askServices  = "ask.services"
	askUrgency   = "ask.urgency"
	askPick      = "ask.pick" // "service agency"
	askMode      = "ask.mode."
	askVisit     = "ask.visit"
	askTell      = "ask.tell_language"
	askCheck     = "ask.check"
	askOpposing  = "ask.opposing"
	askReplaces  = "ask.replaces"
	askLanguage  = "ask.language"
	askArea      = "ask.area"
	askUse       = "ask.accessibility"
	askSituation = "ask.situations"
	askWaiting   = "ask.waiting"
	askBlocked   = "ask.blocked"
	askConflicts = "ask.conflicts"
	// askConsent is a button: "service agency" of which she is asked now.
	askConsent = "consent_for"
)

func (s *Site) askPages() {
	s.page("GET /desk/cases/{id}/ask", s.need)
	s.page("POST /desk/cases/{id}/ask", s.askFor)
	s.page("GET /desk/cases/{id}/needs/{referral}", s.unmet)
	s.page("POST /desk/cases/{id}/needs/{referral}", s.settle)
}

// herPlan is the services of the case together, as far as the page needs it.
type herPlan struct {
	Steps []herStep `json:"steps"`
}

type herStep struct {
	Service string      `json:"service"`
	Stage   string      `json:"stage"`
	Waits   bool        `json:"waits"`
	After   []herBefore `json:"after"`
	Windows []herWindow `json:"windows"`
}

type herBefore struct {
	Service string `json:"service"`
	Code    string `json:"code"`
	Words   string `json:"words"`
	Holds   bool   `json:"holds"`
}

type herWindow struct {
	Window string    `json:"window"`
	State  string    `json:"state"`
	Until  time.Time `json:"until"`
}

// matched is which places could help with one service.
type matched struct {
	Service      string        `json:"service"`
	Urgency      string        `json:"urgency"`
	Windows      []matchWindow `json:"windows"`
	Ranked       []place       `json:"ranked"`
	Excluded     []leftOut     `json:"excluded"`
	MoreRanked   int           `json:"more_ranked"`
	MoreExcluded int           `json:"more_excluded"`
}

type matchWindow struct {
	Window       string    `json:"window"`
	State        string    `json:"state"`
	Closes       time.Time `json:"closes"`
	PerhapsUntil time.Time `json:"perhaps_until"`
}

type place struct {
	Agency   string      `json:"agency"`
	Opens    time.Time   `json:"opens"`
	Distance *int        `json:"distance_km"`
	Reasons  []placeword `json:"reasons"`
}

// leftOut is a place that cannot help, and why.
type leftOut struct {
	Agency  string      `json:"agency"`
	Reasons []placeword `json:"reasons"`
}

type placeword struct {
	Code  string `json:"code"`
	Words string `json:"words"`
}

// pick is an agency that was chosen for a service.
type pick struct{ Service, Agency string }

func (p pick) String() string { return p.Service + " " + p.Agency }

// wish is one service with the agencies that were chosen for it, in their order.
type wish struct {
	Service  string
	Agencies []string
	// Mode is one of modes where there are several.
	Mode string
	// Check says that a conflict check can be asked for, and Checked that it is.
	Check, Checked bool
	Step           herStep
}

// oneByOne asks the agencies one after the other; the other modes are those of the contract.
const oneByOne = "directed"

var modes = []string{oneByOne, "broadcast", "queue"}

// mode says in words how several agencies are asked.
func (v *visit) mode(mode string) string {
	switch mode {
	case "broadcast":
		return v.W.T("ask.mode_broadcast")
	case "queue":
		return v.W.T("ask.mode_queue")
	}
	return v.W.T("ask.mode_directed")
}

// checking are the services that make a conflict check: their people may be on the other side.
var checking = []string{"legal_assistance_service", "family_mediation_service", "police_other_service", "court_safe_room_service"}

// wishes are what was chosen.
func (v *visit) wishes() (all []wish) {
	for _, text := range v.PostForm[askPick] {
		service, agency, ok := strings.Cut(text, " ")
		if !ok {
			continue
		}
		i := slices.IndexFunc(all, func(w wish) bool { return w.Service == service })
		if i < 0 {
			i = len(all)
			mode := v.PostForm.Get(askMode + service)
			if !slices.Contains(modes, mode) {
				mode = oneByOne
			}
			all = append(all, wish{
				Service: service, Mode: mode, Check: slices.Contains(checking, service),
				Checked: slices.Contains(v.PostForm[askCheck], service),
			})
		}
		if !slices.Contains(all[i].Agencies, agency) {
			all[i].Agencies = append(all[i].Agencies, agency)
		}
	}
	return all
}

// Lacks are the agencies that cannot be asked before she agrees. One that is asked later
// needs her yes at that time.
func (w wish) Lacks(c herCase) (names []string) {
	for i, agency := range w.Agencies {
		if (i == 0 || w.Mode != oneByOne) && !c.Agrees(agency, w.Service) {
			names = append(names, agency)
		}
	}
	return names
}

// request is the wish as a command says it.
func (w wish) request(v *visit) map[string]any {
	r := map[string]any{"service": w.Service, "urgency": v.PostForm.Get(askUrgency)}
	choices := make([]map[string]string, len(w.Agencies))
	for i, agency := range w.Agencies {
		choices[i] = map[string]string{"recipient": agency}
	}
	if w.Mode == oneByOne {
		r["recipient"] = w.Agencies[0]
		if len(choices) > 1 {
			r["then"] = choices[1:]
		}
	} else {
		r["mode"], r["candidates"] = w.Mode, choices
	}
	needs := map[string]any{}
	if language, _, _ := strings.Cut(v.PostForm.Get(askLanguage), "-"); language != "" && v.PostForm.Has(askTell) {
		needs["language"] = strings.ToLower(language)
	}
	if w.Check && w.Checked {
		needs["conflict_check"] = true
		if names := lines(v.PostForm.Get(askOpposing)); len(names) > 0 {
			r["opposing_party"] = names
		}
	}
	if len(needs) > 0 {
		r["needs"] = needs
	}
	if v.PostForm.Has(askVisit) {
		r["visit"] = "1"
	}
	return r
}

func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// need asks what she needs.
func (s *Site) need(v *visit) (templ.Component, error) {
	c, err := v.herCase()
	if err != nil {
		return nil, err
	}
	plan, err := v.herPlan(c)
	if err != nil {
		return nil, err
	}
	first, more := v.needFields(nil)
	return needPage(v, c, plan, first, more, nil), nil
}

// herPlan is the plan; one that does not come is empty, and the rest of the page works.
func (v *visit) herPlan(c herCase) (plan herPlan, err error) {
	if _, err := v.get("getCasePlan", c.ID, nil, &plan); err != nil && lost(err) {
		return plan, err
	}
	return plan, nil
}

// needFields are the questions, with the codes of the contract: first those that are always
// asked, and then those that may help.
func (v *visit) needFields(p *api.Problem) (first, more []form.Field) {
	body := v.contract().Operations["matchServices"].Body
	ask := func(name, property, label string, kind form.Kind) form.Field {
		f := form.Field{Name: name, Kind: kind, Label: v.W.T(label), Values: v.PostForm[name]}
		schema := body.Property(property)
		if kind == form.Choices {
			schema = schema.Items
		}
		if kind == form.Choice || kind == form.Choices {
			for _, code := range schema.Enum {
				f.Options = append(f.Options, form.Option{Value: code, Label: v.W.Code(schema.Name, code)})
			}
		}
		if p != nil {
			for _, e := range p.Errors {
				if e.Pointer == "/"+property || strings.HasPrefix(e.Pointer, "/"+property+"/") {
					f.Fault = e.Rule
				}
			}
		}
		return f
	}
	urgency := ask(askUrgency, "urgency", "ask.urgency", form.Choice)
	urgency.Required = true
	language, area := ask(askLanguage, "language", "ask.language", form.Line), ask(askArea, "area", "ask.area", form.Line)
	language.Help, area.Help = v.W.T("ask.language_help"), v.W.T("ask.area_help")
	blocked, conflicts := ask(askBlocked, "blocked", "ask.blocked", form.Area), ask(askConflicts, "conflicts", "ask.conflicts", form.Area)
	blocked.Help, conflicts.Help = v.W.T("ask.agencies_help"), v.W.T("ask.conflicts_help")
	first = []form.Field{v.givenFirst(ask(askServices, "services", "ask.services", form.Choices)), urgency}
	more = []form.Field{
		area, language, ask(askUse, "accessibility", "ask.accessibility", form.Choices),
		ask(askSituation, "situations", "ask.situations", form.Choices), blocked, conflicts,
		ask(askWaiting, "waiting", "ask.waiting", form.Check),
	}
	return first, more
}

// givenFirst puts the services that somebody gives before the others. Where the register does
// not answer, they are in the order of the contract.
func (v *visit) givenFirst(f form.Field) form.Field {
	agencies, err := v.registered()
	if err != nil || len(agencies) == 0 {
		return f
	}
	var given []string
	for _, a := range agencies {
		given = append(given, a.Services...)
	}
	for i, o := range f.Options {
		if !slices.Contains(given, o.Value) {
			f.Options[i].Label = v.W.T("ask.nobody_gives", "Service", o.Label)
		}
	}
	slices.SortStableFunc(f.Options, func(a, b form.Option) int {
		return rank(given, a.Value) - rank(given, b.Value)
	})
	return f
}

func rank(given []string, service string) int {
	if slices.Contains(given, service) {
		return 0
	}
	return 1
}

// askFor takes the steps from what she needs to the request.
func (s *Site) askFor(v *visit) (templ.Component, error) {
	c, err := v.herCase()
	if err != nil {
		return nil, err
	}
	switch v.PostForm.Get(stepField) {
	case "choose":
		return s.choose(v, c, nil)
	case "send":
		return s.request(v, c)
	case "need":
		plan, err := v.herPlan(c)
		if err != nil {
			return nil, err
		}
		first, more := v.needFields(nil)
		return needPage(v, c, plan, first, more, nil), nil
	}
	return s.match(v, c, nil)
}

// match shows which places could help, in which order and why.
func (s *Site) match(v *visit, c herCase, p *api.Problem) (templ.Component, error) {
	var answer struct {
		Items []matched `json:"items"`
	}
	if len(v.PostForm[askServices]) == 0 || v.PostForm.Get(askUrgency) == "" {
		p = &api.Problem{Status: http.StatusUnprocessableEntity, Code: "schema_violation"}
		for _, name := range []string{askServices, askUrgency} {
			if v.PostForm.Get(name) == "" {
				p.Errors = append(p.Errors, (&form.Fault{Pointer: "/" + strings.TrimPrefix(name, askPrefix), Rule: "required"}).Problem().Errors...)
			}
		}
		return s.needAgain(v, c, p)
	}
	asked, err := v.ask(api.Ask{Op: "matchServices", Key: newKey(), Body: v.wanted(c)})
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		return s.needAgain(v, c, p)
	}
	if err == nil {
		err = asked.Into(&answer)
	}
	if err != nil {
		return nil, err
	}
	if err := v.askable(c, answer.Items); err != nil {
		return nil, err
	}
	plan, err := v.herPlan(c)
	if err != nil {
		return nil, err
	}
	return matchPage(v, c, answer.Items, plan, p), nil
}

// askable leaves out of the places those whose agency may not be asked for her. The
// directory does not know her, so it cannot. Where the answer does not come nothing is
// offered. The same is asked in every case.
func (v *visit) askable(c herCase, items []matched) error {
	of := map[string][]string{"agencies": {}}
	note := func(agency string) {
		if !slices.Contains(of["agencies"], agency) {
			of["agencies"] = append(of["agencies"], agency)
		}
	}
	for _, m := range items {
		for _, p := range m.Ranked {
			note(p.Agency)
		}
		for _, p := range m.Excluded {
			note(p.Agency)
		}
	}
	var answer struct {
		Agencies []string `json:"agencies"`
	}
	for part := range slices.Chunk(of["agencies"], mostAskable) {
		asked, err := v.ask(api.Ask{Op: "listAskable", ID: c.ID, Key: newKey(), Body: map[string][]string{"agencies": part}})
		if err != nil {
			return err
		}
		one := answer
		if err := asked.Into(&one); err != nil {
			return err
		}
		answer.Agencies = append(answer.Agencies, one.Agencies...)
	}
	for i := range items {
		m := &items[i]
		m.Ranked = slices.DeleteFunc(m.Ranked, func(p place) bool { return !slices.Contains(answer.Agencies, p.Agency) })
		m.Excluded = slices.DeleteFunc(m.Excluded, func(p leftOut) bool { return !slices.Contains(answer.Agencies, p.Agency) })
	}
	return nil
}

// mostAskable is how many agencies one question may name, as the contract says.
const mostAskable = 200

func (s *Site) needAgain(v *visit, c herCase, p *api.Problem) (templ.Component, error) {
	plan, err := v.herPlan(c)
	if err != nil {
		return nil, err
	}
	first, more := v.needFields(p)
	v.render(http.StatusUnprocessableEntity, needPage(v, c, plan, first, more, p))
	return nil, nil
}

// wanted is the question to the directory: what was said here, and what the case holds. Who
// she is does not go there.
func (v *visit) wanted(c herCase) map[string]any {
	need := map[string]any{"services": v.PostForm[askServices], "country": c.Country, "urgency": v.PostForm.Get(askUrgency)}
	for name, value := range map[string]string{
		"area": strings.ToUpper(strings.TrimSpace(v.PostForm.Get(askArea))), "language": strings.TrimSpace(v.PostForm.Get(askLanguage)),
		"age_band": c.Survivor.AgeBand, "sex": c.Survivor.Sex, "programme": c.Programme,
	} {
		if value != "" && value != "unknown" {
			need[name] = value
		}
	}
	for name, values := range map[string][]string{
		"accessibility": v.PostForm[askUse], "situations": v.PostForm[askSituation],
		"blocked": lines(v.PostForm.Get(askBlocked)), "conflicts": lines(v.PostForm.Get(askConflicts)),
	} {
		if len(values) > 0 {
			need[name] = values
		}
	}
	if !c.Happened.Earliest.IsZero() {
		need["incident"] = c.Happened
	}
	if v.PostForm.Has(askWaiting) {
		need["waiting"] = true
	}
	consents := []map[string]string{}
	for _, k := range c.Given() {
		if k.Purpose == "service_delivery" {
			consents = append(consents, map[string]string{"agency": k.Recipient, "service": k.Service})
		}
	}
	need["consents"] = consents
	return need
}

// asked says whether an agency is asked for a service already.
func (c herCase) asked(agency, service string) bool {
	return slices.ContainsFunc(c.Referral, func(r herReferral) bool {
		return r.Recipient == agency && r.Service == service && r.EndedAt.IsZero()
	})
}

// choose shows what was chosen, what is missing for it, what comes first, and who is told.
func (s *Site) choose(v *visit, c herCase, p *api.Problem) (templ.Component, error) {
	all := v.wishes()
	if len(all) == 0 {
		return s.match(v, c, &api.Problem{Status: http.StatusUnprocessableEntity, Code: "nothing_chosen"})
	}
	plan, err := v.herPlan(c)
	if err != nil {
		return nil, err
	}
	for i, w := range all {
		for _, step := range plan.Steps {
			if step.Service == w.Service {
				all[i].Step = step
			}
		}
	}
	return choosePage(v, c, all, cmp.Or(v.PostForm.Get(keyField), newKey()), p), nil
}

// request asks the agencies: for all services, or for none. What was refused is shown with
// what was chosen.
func (s *Site) request(v *visit, c herCase) (templ.Component, error) {
	all := v.wishes()
	if len(all) == 0 {
		return s.choose(v, c, nil)
	}
	op, body := "requestServices", map[string]any{}
	if replaces := v.PostForm.Get(askReplaces); replaces != "" {
		op = "rerouteReferral"
		body["referral"], body["recipient"] = replaces, all[0].Agencies[0]
		if then := all[0].request(v)["then"]; then != nil {
			body["then"] = then
		}
	} else {
		requests := make([]map[string]any, len(all))
		for i, w := range all {
			requests[i] = w.request(v)
		}
		body["requests"] = requests
	}
	_, err := v.ask(api.Ask{Op: op, ID: c.ID, Key: v.PostForm.Get(keyField), Body: body})
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		v.PostForm.Set(keyField, nextKey(v.PostForm.Get(keyField), p))
		return s.choose(v, c, p)
	}
	if err != nil {
		return nil, err
	}
	return v.to(with(c.path(""), "done", op))
}

// faultOf is what was refused about the nth wish.
func (v *visit) faultOf(p *api.Problem, n int) string {
	if p == nil {
		return ""
	}
	for _, e := range p.Errors {
		at := "/requests/" + strconv.Itoa(n)
		if e.Pointer == at || strings.HasPrefix(e.Pointer, at+"/") || e.Pointer == "/recipient" {
			return e.Rule
		}
	}
	return ""
}

// further are the questions to her that a service found missing beside the first: a country
// may ask for a consent to another purpose, too.
func (v *visit) further(p *api.Problem, n int, w wish) (all []string) {
	if p == nil {
		return nil
	}
	for _, e := range p.Errors {
		purpose, _, found := strings.Cut(strings.TrimPrefix(e.Rule, "consent to "), " in force")
		at, mine := strings.CutPrefix(e.Pointer, "/requests/"+strconv.Itoa(n))
		if !found || !strings.HasPrefix(e.Rule, "consent to ") || !mine && e.Pointer != "/recipient" {
			continue
		}
		agency := w.Agencies[0]
		if i, err := strconv.Atoi(strings.TrimPrefix(at, "/candidates/")); err == nil && i >= 0 && i < len(w.Agencies) {
			agency = w.Agencies[i]
		}
		all = append(all, pick{w.Service, agency}.String()+" "+purpose)
	}
	return all
}

// purposeOf is the purpose in what further gave, in words.
func (v *visit) purposeOf(question string) string {
	return v.W.Code("Purpose", question[strings.LastIndex(question, " ")+1:])
}

// declined says that an agency had the referral that is replaced, and did not help with it.
func (v *visit) declined(c herCase, agency string) bool {
	return slices.ContainsFunc(c.Referral, func(r herReferral) bool {
		return r.ID == v.PostForm.Get(askReplaces) && r.Recipient == agency
	})
}

// chosen are the values of a form of these pages that another one brings along, without those
// that it asks itself.
func (v *visit) chosen(but ...string) (all []pair) {
	return slices.DeleteFunc(v.carried(), func(p pair) bool { return slices.Contains(but, p.Name) || p.Name == backField })
}

// picked says whether an agency was chosen for a service.
func (v *visit) picked(service, agency string) bool {
	return slices.Contains(v.PostForm[askPick], pick{service, agency}.String())
}

// words is a reason in the language of the page.
func (v *visit) words(r placeword) string { return v.W.Or(r.Words, "code.MatchReason."+r.Code) }

// goes are the window's instants in words; empty where none is known.
func (v *visit) goes(w matchWindow) string {
	switch {
	case !w.Closes.IsZero() && w.State != "past":
		return v.W.T("ask.window_until", "At", v.at(w.Closes))
	case !w.PerhapsUntil.IsZero() && w.State != "past":
		return v.W.T("ask.window_perhaps", "At", v.at(w.PerhapsUntil))
	}
	return ""
}

// herNeed is one referral from which she has not got what she asked for, or that has ended.
type herNeed struct {
	Case     herCase
	Referral herReferral
	// Again says that the same agency can be asked again, and New that she has agreed to it
	// since.
	Again, New bool
	Key        string
	Problem    *api.Problem
}

// May says whether a command is of use for this referral.
func (n herNeed) May(op string) bool {
	if !n.Case.May(op) {
		return false
	}
	switch op {
	case "settleNeed":
		return slices.Contains(n.Case.Unmet, n.Referral.ID)
	case "resumeReferral":
		return n.Again
	}
	return slices.Contains([]string{"declined", "expired", "lapsed", "cancelled", "completed"}, n.Referral.Status)
}

// LeadsOn says that a page offers what can be done about a referral of the case.
func (c caseShown) LeadsOn(r caseReferral) bool {
	return c.Lacks(r.ID) && (c.May("rerouteReferral") || c.May("settleNeed")) || c.May("resumeReferral") && resumable(r.Status)
}

// resumable are the ends after which the agency may be asked again: it had taken the referral,
// or may have. The service knows which.
func resumable(status string) bool {
	return slices.Contains([]string{"completed", "cancelled", "lapsed"}, status)
}

func (v *visit) herNeed() (n herNeed, err error) {
	if n.Case, err = v.herCase(); err != nil {
		return n, err
	}
	i := slices.IndexFunc(n.Case.Referral, func(r herReferral) bool { return r.ID == v.PathValue("referral") })
	if i < 0 {
		return n, errNowhere
	}
	r := n.Case.Referral[i]
	n.Referral, n.Key = r, newKey()
	n.Again = r.Recipient != "" && resumable(r.Status)
	n.New = slices.ContainsFunc(n.Case.Consents, func(k herConsent) bool {
		return k.Recipient == r.Recipient && k.Service == r.Service && k.Purpose == "service_delivery" && k.Status == "given" && k.AnsweredAt.After(r.EndedAt)
	})
	return n, nil
}

// unmet shows what can be done about a referral that did not help her.
func (s *Site) unmet(v *visit) (templ.Component, error) {
	n, err := v.herNeed()
	if err != nil {
		return nil, err
	}
	return unmetPage(v, n), nil
}

// settle asks the same agency again, or settles the need with her.
func (s *Site) settle(v *visit) (templ.Component, error) {
	n, err := v.herNeed()
	if err != nil {
		return nil, err
	}
	op, body := "resumeReferral", map[string]string{"referral": n.Referral.ID}
	if v.PostForm.Get(stepField) == "settle" {
		op = "settleNeed"
		if settlement := v.PostForm.Get("/settlement"); settlement != "" {
			body["settlement"] = settlement
		}
	}
	_, err = v.ask(api.Ask{Op: op, ID: n.Case.ID, Key: v.PostForm.Get(keyField), Body: body})
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		n.Problem, n.Key = p, nextKey(v.PostForm.Get(keyField), p)
		v.render(http.StatusUnprocessableEntity, unmetPage(v, n))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return v.to(with("/desk/cases/"+url.PathEscape(n.Case.ID), "done", op))
}

// settlements are the ways to settle a need.
func (v *visit) settlements(p *api.Problem) form.Field {
	schema := v.contract().Operations["settleNeed"].Body.Property("settlement")
	f := form.Field{Name: "/settlement", Kind: form.Choice, Label: v.W.T("need.what_she_says"), Required: true}
	for _, code := range schema.Enum {
		f.Options = append(f.Options, form.Option{Value: code, Label: v.W.Code(schema.Name, code)})
	}
	if p != nil {
		for _, e := range p.Errors {
			if e.Pointer == f.Name {
				f.Fault = e.Rule
			}
		}
	}
	return f
}

// needNames are the fields that the page of the need asks.
func needNames(fields ...[]form.Field) (names []string) {
	for _, f := range slices.Concat(fields...) {
		names = append(names, f.Name)
	}
	return names
}

// chooseNames are the fields that the last page asks.
func chooseNames(all []wish) []string {
	names := []string{askOpposing, askTell, askVisit, askCheck}
	for _, w := range all {
		if len(w.Agencies) > 1 {
			names = append(names, askMode+w.Service)
		}
	}
	return names
}

func lacking(c herCase, all []wish) bool {
	return slices.ContainsFunc(all, func(w wish) bool { return len(w.Lacks(c)) > 0 })
}

// checks says whether names are of use: where a service makes a conflict check.
func checks(all []wish) bool { return slices.ContainsFunc(all, func(w wish) bool { return w.Check }) }
