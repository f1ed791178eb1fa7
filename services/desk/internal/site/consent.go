package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Who asks her takes these steps. What was chosen stands in the forms alone: it is kept
// nowhere, and it is in no address.
const (
	stepField = "step"
	toTerms   = "terms"
	toRead    = "read"
	toAgree   = "agree"
	toRefuse  = "refuse"
	toThink   = "think"
	toNo      = "no"

	// transfer is the purpose of a consent that another office takes her case over.
	transfer = "case_transfer"
)

// herCase is what these pages need of a case. A test holds its names against the contract.
type herCase struct {
	ID      string `json:"id"`
	Agency  string `json:"agency"`
	Country string `json:"country"`
	// Programme is the one whose windows and words count.
	Programme string        `json:"programme"`
	Happened  herTime       `json:"happened"`
	Survivor  herself       `json:"survivor"`
	Consents  []herConsent  `json:"consents"`
	Referral  []herReferral `json:"referrals"`
	Unmet     []string      `json:"unmet_needs"`
	Commands  []string      `json:"commands"`
}

type herTime struct {
	Earliest time.Time `json:"earliest"`
	Latest   time.Time `json:"latest"`
}

type herself struct {
	Sex     string `json:"sex"`
	AgeBand string `json:"age_band"`
}

type herConsent struct {
	ID         string    `json:"id"`
	Recipient  string    `json:"recipient"`
	Service    string    `json:"service"`
	Purpose    string    `json:"purpose"`
	Categories []string  `json:"categories"`
	Expires    time.Time `json:"expires"`
	Status     string    `json:"status"`
	AnsweredAt time.Time `json:"answered_at"`
}

type herReferral struct {
	ID        string    `json:"id"`
	Recipient string    `json:"recipient"`
	Service   string    `json:"service"`
	Urgency   string    `json:"urgency"`
	Status    string    `json:"status"`
	EndedAt   time.Time `json:"ended_at"`
}

// Child says whether she is known to be under 18.
func (c herCase) Child() bool { return c.Survivor.AgeBand != "" && c.Survivor.AgeBand != "18+" }

// May says whether the case takes a command from the person now.
func (c herCase) May(command string) bool { return slices.Contains(c.Commands, command) }

// Agrees says whether she agrees now to what an agency is asked for.
func (c herCase) Agrees(agency, service string) bool {
	return slices.ContainsFunc(c.Consents, func(k herConsent) bool {
		return k.Recipient == agency && k.Service == service && k.Purpose == "service_delivery" && k.Status == "given"
	})
}

// Given are the consents that can be taken back.
func (c herCase) Given() (all []herConsent) {
	for _, k := range c.Consents {
		if k.Status == "given" {
			all = append(all, k)
		}
	}
	return all
}

func (v *visit) herCase() (c herCase, err error) {
	if _, err = v.get("getCase", v.PathValue("id"), nil, &c); err == nil {
		err = v.speak(c.Programme, c.Country)
	}
	return c, err
}

func (c herCase) path(page string) string { return "/desk/cases/" + url.PathEscape(c.ID) + page }

func (s *Site) consentPages() {
	s.page("GET /desk/cases/{id}/consent", s.consent)
	s.page("POST /desk/cases/{id}/consent", s.askHer)
	s.page("GET /desk/cases/{id}/withdraw", s.withdrawal)
	s.page("POST /desk/cases/{id}/withdraw", s.withdraw)
	s.page("GET /desk/cases/{id}/receipt/{consent}", s.receipt)
}

// question is one question to her, as far as it has come.
type question struct {
	Case herCase
	// Carried is what another page gets back when she has answered.
	Carried []pair
	Key     string
	Fields  map[string]form.Field
	// Languages are those in which the sentence can be read to her.
	Languages []form.Option
	Language  string
	// Agencies are those that may be named, and Near those that may have been meant.
	Agencies, Near []string
	// Unknown says that the agency is not registered.
	Unknown bool
	Problem *api.Problem
	v       *visit
}

type pair struct{ Name, Value string }

// Value is what a field holds.
func (q question) Value(name string) string { return q.Fields[name].Value() }

// Field is one of the form.
func (q question) Field(name string) form.Field { return q.Fields[name] }

// terms are the names of the fields of a consent, in the order in which they are asked.
var terms = []string{
	"/service", "/recipient", "/purpose", "/categories", "/expires", "/given_by", "/without_caregiver",
	"/caregiver/relation", "/caregiver/may_consent", "/caregiver/suspected", "/assent", "/over_dissent", "/supervisor", "/method", "/witnessed", "/on_paper/at", "/on_paper/by", "/on_paper/place",
}

// question reads the forms. A value that is not offered is the service's to refuse.
func (v *visit) question(c herCase, p *api.Problem) question {
	values := url.Values{}
	for _, name := range terms {
		if given := v.PostForm[name]; given != nil {
			values[name] = given
		}
	}
	if about := strings.Fields(v.PostForm.Get(askConsent)); len(about) > 1 {
		about = append(about, "service_delivery")
		values = url.Values{"/service": about[:1], "/recipient": about[1:2], "/purpose": about[2:3]}
		v.PostForm.Del(keyField) // it is that of the request
	}
	if values.Get("/purpose") == transfer {
		values.Set("/service", "other_service") // the one for which offices are asked
	}
	values.Set("/recipient", strings.ToLower(strings.TrimSpace(values.Get("/recipient"))))
	o := v.contract().Operations["giveConsent"]
	f := form.Form{Op: o, Words: v.W, Values: values, Problem: p}
	q := question{
		Case: c, Carried: v.carried(), Key: cmp.Or(v.PostForm.Get(keyField), newKey()), Fields: map[string]form.Field{},
		Language: v.PostForm.Get("read_in"), Problem: p, v: v,
	}
	for _, one := range f.Fields() {
		q.Fields[one.Name] = one
		for _, part := range one.Fields {
			q.Fields[part.Name] = part
		}
	}
	q.narrow(o, values)
	for _, text := range v.site.cfg.Consents.Reviewed() {
		q.Languages = append(q.Languages, form.Option{Value: text.Tag, Label: text.Name})
	}
	return q
}

// narrow offers only what the service needs to know, and everything of it at first: what
// else she might allow is shown to nobody (x-needs of the contract).
func (q question) narrow(o api.Operation, values url.Values) {
	_, given := values["/expires"] // a browser sends it also when it is empty
	first := !given && !slices.Contains([]string{toRead, toAgree}, q.v.PostForm.Get(stepField))
	needs := append(slices.Clone(o.Needs[api.EveryService]), o.Needs[values.Get("/service")]...)
	f := q.Fields["/categories"]
	f.Help = q.v.W.T("consent.categories_help")
	if values.Get("/purpose") == transfer {
		needs, f.Help = codesOf(f.Options), q.v.W.T("consent.categories_transfer")
	}
	f.Options = slices.DeleteFunc(slices.Clone(f.Options), func(one form.Option) bool { return !slices.Contains(needs, one.Value) })
	if first {
		f.Values = needs
	}
	q.Fields["/categories"] = f

	until := q.Fields["/expires"]
	until.Kind, until.Help = form.Date, q.v.W.T("consent.until_help")
	if first {
		until.Values = []string{time.Now().In(q.v.W.Zone).AddDate(0, 3, 0).Format(time.DateOnly)}
	}
	q.Fields["/expires"] = until

	by := q.Fields["/given_by"]
	by.Help = q.v.W.T("consent.speaks_unknown")
	switch q.Case.Survivor.AgeBand {
	case "0-5", "6-11":
		by.Help = q.v.W.T("consent.speaks_child")
	case "12-17":
		by.Help = q.v.W.T("consent.speaks_young")
	case "18+":
		by.Help = q.v.W.T("consent.speaks_herself")
	}
	q.Fields["/given_by"] = by

	who := q.Fields["/recipient"]
	who.Help = q.v.W.T("consent.agency_help")
	q.Fields["/recipient"] = who
}

func codesOf(options []form.Option) (codes []string) {
	for _, one := range options {
		codes = append(codes, one.Value)
	}
	return codes
}

// Hidden are the values that the next form brings along.
func (q question) Hidden(names ...string) (all []pair) {
	for _, name := range names {
		values := q.Fields[name].Values
		for _, value := range values {
			if value != "" {
				all = append(all, pair{name, value})
			}
		}
	}
	return append(all, q.Carried...)
}

// carried are the fields of another page that asks for a consent and goes on after it.
func (v *visit) carried() (all []pair) {
	for name, values := range v.PostForm {
		if name != backField && !strings.HasPrefix(name, askPrefix) || name == askConsent {
			continue
		}
		for _, value := range values {
			all = append(all, pair{name, value})
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// consent shows her answers so far, and begins a question.
func (s *Site) consent(v *visit) (templ.Component, error) {
	c, err := v.herCase()
	if err != nil {
		return nil, err
	}
	return s.consentPage(v, v.question(c, nil))
}

func (s *Site) consentPage(v *visit, q question) (templ.Component, error) {
	agencies, err := v.registered()
	if err != nil && lost(err) {
		return nil, err
	}
	for _, a := range agencies { // without them people type the name
		q.Agencies = append(q.Agencies, a.Agency)
	}
	return consentPage(v, q), nil
}

// registered are the agencies that can be asked.
func (v *visit) registered() ([]listedAgency, error) {
	var page struct {
		Items []listedAgency `json:"items"`
	}
	_, err := v.get("listAgencies", "", url.Values{"limit": {"200"}}, &page)
	return slices.DeleteFunc(page.Items, func(a listedAgency) bool { return a.Status != "active" }), err
}

type listedAgency struct {
	Agency   string   `json:"agency"`
	Services []string `json:"services"`
	Status   string   `json:"status"`
}

// askHer takes the steps from the question to her answer.
func (s *Site) askHer(v *visit) (templ.Component, error) {
	c, err := v.herCase()
	if err != nil {
		return nil, err
	}
	q := v.question(c, nil)
	switch v.PostForm.Get(stepField) {
	case toRead:
		return s.read(v, q)
	case toAgree:
		return s.agree(v, q)
	case toNo:
		if !s.known(v, &q) {
			return s.consentPage(v, q)
		}
		return refusePage(v, q), nil
	case toRefuse:
		return s.refuse(v, q)
	case toThink:
		return s.thinks(v, q)
	}
	if !s.known(v, &q) {
		return s.consentPage(v, q)
	}
	return termsPage(v, q), nil
}

// thinks has the question wait for her answer. Who has no such right, or a service that refuses
// it, does not keep her here: she may be asked again.
func (s *Site) thinks(v *visit, q question) (templ.Component, error) {
	if !q.Case.May("requestConsent") || len(q.Fields["/categories"].Values) == 0 {
		return s.answered(v, q.Case, "")
	}
	_, err := v.ask(api.Ask{Op: "requestConsent", ID: q.Case.ID, Key: part(q.Key, toThink), Body: map[string]any{
		"recipient": q.Value("/recipient"), "service": q.Value("/service"), "purpose": q.Value("/purpose"), "categories": q.Fields["/categories"].Values,
	}})
	switch p := api.Refused(err); {
	case p != nil && p.Status != http.StatusUnauthorized:
		return s.answered(v, q.Case, "")
	case err != nil:
		return nil, err
	}
	return s.answered(v, q.Case, "requestConsent")
}

// known says whether the agency is registered. Where it is not, the page offers what may
// have been meant.
func (s *Site) known(v *visit, q *question) bool {
	name := q.Value("/recipient")
	_, err := v.get("getAgency", name, nil, &listedAgency{})
	if p := api.Refused(err); name != "" && (p == nil || p.Status != http.StatusNotFound) {
		return true // a service that is away says so when the consent is sent
	}
	q.Near, q.Unknown = v.near(name, q.Value("/service")), true
	f := q.Fields["/recipient"]
	f.Fault = "a registered agency"
	q.Fields["/recipient"] = f
	return false
}

// listedOrganization is one of the directory.
type listedOrganization struct {
	Name        string               `json:"name"`
	Identifiers []listedOrganisation `json:"organization_identifiers"`
}

type listedOrganisation struct {
	Scheme     string `json:"identifier_scheme"`
	Identifier string `json:"identifier"`
}

// near are the agencies that may have been meant: by their name in the directory, by a part
// of the name here, and else those that give the service.
func (v *visit) near(name, service string) (found []string) {
	var page struct {
		Contents []listedOrganization `json:"contents"`
	}
	if name != "" {
		_, _ = v.get("listDirectoryOrganizations", "", url.Values{"search": {name}, "full": {"true"}}, &page)
	}
	for _, o := range page.Contents {
		for _, i := range o.Identifiers {
			if i.Scheme == "sanad-agency" {
				found = append(found, i.Identifier)
			}
		}
	}
	all, _ := v.registered() // what does not answer offers nothing
	var giving []string
	for _, a := range all {
		if slices.Contains(a.Services, service) {
			giving = append(giving, a.Agency)
		}
		for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == ' ' || r == '-' }) {
			if len(word) > 2 && strings.Contains(a.Agency, word) && !slices.Contains(found, a.Agency) {
				found = append(found, a.Agency)
			}
		}
	}
	if len(found) == 0 {
		found = giving
	}
	return found[:min(len(found), 10)]
}

// read shows the sentence that is read to her, and takes her answer.
func (s *Site) read(v *visit, q question) (templ.Component, error) {
	until, err := time.ParseInLocation(time.DateOnly, q.Value("/expires"), v.W.Zone)
	if p := q.incomplete(err); p != nil {
		q = v.question(q.Case, p)
		v.render(http.StatusUnprocessableEntity, termsPage(v, q))
		return nil, nil
	}
	text, found := s.cfg.Consents.In(q.Language)
	var said []string
	if found {
		said, found = text.Say(words.Facts{
			Agency: q.Value("/recipient"), Service: q.Value("/service"), Purpose: q.Value("/purpose"),
			Categories: q.Fields["/categories"].Values, Until: until,
		})
	}
	v.sheet, q.Key = found, newKey()
	return sentencePage(v, q, until.Add(24*time.Hour-time.Minute), text, said), nil
}

// incomplete says what is missing before she can be asked. It is not for the services to say:
// nothing is read to her that cannot be recorded.
func (q question) incomplete(day error) *api.Problem {
	p := &api.Problem{Status: http.StatusUnprocessableEntity, Code: "schema_violation"}
	for _, name := range []string{"/purpose", "/categories", "/expires", "/given_by", "/method"} {
		if q.Value(name) == "" || name == "/expires" && day != nil {
			p.Errors = append(p.Errors, (&form.Fault{Pointer: name, Rule: "required"}).Problem().Errors...)
		}
	}
	if len(p.Errors) == 0 {
		return nil
	}
	return p
}

// agree records her yes.
func (s *Site) agree(v *visit, q question) (templ.Component, error) {
	values := url.Values{}
	for _, name := range terms {
		values[name] = q.Fields[name].Values
	}
	values.Set("/expires", q.Value("/expires")+"T23:59")
	o := s.cfg.Client.Contract().Operations["giveConsent"]
	_, err := v.send(o, sheet{ID: q.Case.ID, Key: q.Key}, form.Form{Op: o, Words: v.W, Values: values})
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		near := p.Near
		q = v.question(q.Case, p)
		q.Key = nextKey(q.Key, p)
		if len(near) > 0 {
			q.Near = near
			return s.consentPage(v, q)
		}
		v.render(http.StatusUnprocessableEntity, termsPage(v, q))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.answered(v, q.Case, "giveConsent")
}

// refuse records her no.
func (s *Site) refuse(v *visit, q question) (templ.Component, error) {
	paper, err := v.paper("refuseConsent")
	if err == nil {
		_, err = v.ask(api.Ask{Op: "refuseConsent", ID: q.Case.ID, Key: part(q.Key, toRefuse), Body: filled(map[string]any{
			"recipient": q.Value("/recipient"), "service": q.Value("/service"), "purpose": q.Value("/purpose"), onPaper: paper,
		})})
	}
	if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
		q = v.question(q.Case, p)
		q.Key, q.Near = nextKey(q.Key, p), p.Near
		if q.Field("/on_paper").Used() {
			v.render(http.StatusUnprocessableEntity, refusePage(v, q))
			return nil, nil
		}
		return s.consentPage(v, q)
	}
	if err != nil {
		return nil, err
	}
	v.PostForm[askPick] = slices.DeleteFunc(v.PostForm[askPick], func(one string) bool { return one == q.Value("/service")+" "+q.Value("/recipient") })
	return s.answered(v, q.Case, "refuseConsent")
}

// part is the Idempotency-Key of a part of what one form does: each part has one effect, too.
func part(key, name string) string {
	space, err := uuid.Parse(key)
	if err != nil {
		return newKey()
	}
	return uuid.NewSHA1(space, []byte(name)).String()
}

// answered goes on where the question began.
func (s *Site) answered(v *visit, c herCase, done string) (templ.Component, error) {
	if len(v.PostForm[askServices]) > 0 {
		v.PostForm.Del(keyField) // it was that of her answer
		c, err := v.herCase()
		if err != nil {
			return nil, err
		}
		if len(v.PostForm[askPick]) == 0 {
			return s.match(v, c, nil)
		}
		return s.choose(v, c, nil)
	}
	to := back(v.PostForm.Get(backField), c.path(""))
	if done == "" {
		return v.to(to)
	}
	return v.to(with(to, "done", done))
}

// withdrawal shows what she can take back. Who does not see the case names the agency and the
// service, as she does.
func (s *Site) withdrawal(v *visit) (templ.Component, error) {
	c, err := v.herCase()
	if err != nil {
		return nil, err
	}
	if one := v.URL.Query().Get("consent"); one != "" {
		return withdrawAgainPage(v, c, c.chosen([]string{one}), newKey(), v.paperField("withdrawConsent", nil), nil), nil
	}
	return withdrawPage(v, c, nil), nil
}

func (c herCase) chosen(ids []string) (all []herConsent) {
	for _, k := range c.Consents {
		if slices.Contains(ids, k.ID) {
			all = append(all, k)
		}
	}
	return all
}

// withdraw asks once more, and then takes back what was chosen. Each consent is taken back by
// itself: if a service fails in between, the same form sent again does the rest.
func (s *Site) withdraw(v *visit) (templ.Component, error) {
	c, err := v.herCase()
	if err != nil {
		return nil, err
	}
	chosen := c.chosen(v.PostForm["consent"])
	if v.PostForm.Has("everything") {
		chosen = c.Given()
	}
	if agency, service := v.PostForm.Get("/recipient"), v.PostForm.Get("/service"); agency != "" && service != "" {
		chosen = []herConsent{{Recipient: strings.ToLower(strings.TrimSpace(agency)), Service: service}}
	}
	if len(chosen) == 0 {
		return withdrawPage(v, c, &api.Problem{Status: http.StatusUnprocessableEntity, Code: "nothing_chosen"}), nil
	}
	key := cmp.Or(v.PostForm.Get(keyField), newKey())
	if v.PostForm.Get(stepField) != "withdraw" {
		return withdrawAgainPage(v, c, chosen, key, v.paperField("withdrawConsent", nil), nil), nil
	}
	for i, k := range chosen {
		paper, err := v.paper("withdrawConsent")
		if err == nil {
			body := filled(map[string]any{"consent": k.ID, onPaper: paper})
			if k.ID == "" {
				body = filled(map[string]any{"recipient": k.Recipient, "service": k.Service, onPaper: paper})
			}
			_, err = v.ask(api.Ask{Op: "withdrawConsent", ID: c.ID, Key: part(key, k.ID+k.Recipient+k.Service), Body: body})
		}
		if p := api.Refused(err); p != nil && p.Status != http.StatusUnauthorized {
			v.render(http.StatusUnprocessableEntity, withdrawAgainPage(v, c, chosen[i:], nextKey(key, p), v.paperField("withdrawConsent", p), p))
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return v.to(with(c.path(""), "done", "withdrawConsent"))
}

// told are the agencies that learn of it, each once.
func told(consents []herConsent) (names []string) {
	for _, k := range consents {
		if k.Recipient != "" && !slices.Contains(names, k.Recipient) {
			names = append(names, k.Recipient)
		}
	}
	return names
}

// services are all, with their words.
func (v *visit) services() (all []form.Option) {
	for _, code := range v.contract().Operations["giveConsent"].Body.Property("service").Enum {
		all = append(all, form.Option{Value: code, Label: v.W.Code("Service", code)})
	}
	return all
}

// purpose is the field with what is asked for most.
func purpose(q question) form.Field {
	f := q.Field("/purpose")
	if len(f.Values) == 0 {
		f.Values = []string{"service_delivery"}
	}
	return f
}
