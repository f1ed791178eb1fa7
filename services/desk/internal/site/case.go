package site

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// atCases are the roles that read cases.
var atCases = []string{"caseworker", "supervisor"}

func (s *Site) cases() {
	s.mux.HandleFunc("GET /desk/cases/{id}/still", s.standing(contactOpen))
	s.page("GET /desk/cases", s.caseList)
	s.page("GET /desk/cases/open", s.askOpen)
	s.page("POST /desk/cases/open", s.doOpen)
	s.page("GET /desk/doors/{channel}", s.askOpen)
	s.page("POST /desk/doors/{channel}", s.doOpen)
	s.page("GET /desk/cases/{id}/asks", s.caseAsks)
	s.page("GET /desk/cases/{id}", s.oneCase)
	s.page("GET /desk/cases/{id}/timeline", s.caseTimeline)
	s.page("GET /desk/cases/{id}/looks", s.caseLooks)
	s.page("GET /desk/cases/{id}/disclosures", s.caseDisclosures)
	s.page("GET /desk/cases/{id}/action-plan", s.planPrinted)
	s.page("GET /desk/cases/{id}/amend/{part}", s.askAmend)
	s.page("POST /desk/cases/{id}/amend/{part}", s.doAmend)
	s.page("POST /desk/cases/{id}/contact", s.caseReach)
	s.page("GET /desk/search", s.askSearch)
	s.page("POST /desk/search", s.doSearch)
	s.page("GET /desk/searches", s.searches)
	s.page("GET /desk/export", s.askExport)
	s.page("POST /desk/export", s.doExport)
}

// caseFlows are the pages of commands that have their own, under the address of the case.
var caseFlows = []struct{ op, path, word string }{
	// Everybody of the desk takes her no, and no case is too old for it.
	{"withdrawConsent", "/consent", "case.consent"},
	{"requestServices", "/ask", "case.ask"},
}

// kase is what a page shows of a case. Of a frame it has the first fields alone. A test
// holds its names against the contract.
type kase struct {
	ID         string         `json:"id"`
	Reference  string         `json:"reference"`
	Status     string         `json:"status"`
	OpenedAt   time.Time      `json:"opened_at"`
	Assigned   bool           `json:"assigned"`
	Attention  []string       `json:"attention"`
	MergedInto string         `json:"merged_into"`
	Consents   []caseConsent  `json:"consents"`
	Referrals  []caseReferral `json:"referrals"`
	Commands   []string       `json:"commands"`

	OnPaper       map[string]any    `json:"on_paper"`
	Agency        string            `json:"agency"`
	Channel       string            `json:"channel"`
	Country       string            `json:"country"`
	Programme     string            `json:"programme"`
	ClosedAt      time.Time         `json:"closed_at"`
	CloseReason   string            `json:"close_reason"`
	ContactClosed time.Time         `json:"contact_closed_since"`
	Restricted    bool              `json:"restricted"`
	Duplicates    []caseDuplicate   `json:"possible_duplicates"`
	Unmet         []string          `json:"unmet_needs"`
	Contact       caseContact       `json:"contact"`
	Amendments    []caseAmendment   `json:"amendments"`
	Transfer      *transferred      `json:"transfer"`
	Incidents     []caseIncident    `json:"incidents"`
	Danger        []caseDangerAsked `json:"danger"`
	DangerAsks    []caseDangerAsk   `json:"danger_asks"`
	// Of trafficking and smuggling.
	Reflection      *caseReflection `json:"reflection"`
	Missing         []string        `json:"elements_missing"`
	Indicators      []caseBy        `json:"indicators"`
	Identifications []caseBy        `json:"identifications"`
	Passages        []caseBy        `json:"passages"`
	Reports         []caseBy        `json:"mandatory_reports"`
	ReportCount     int             `json:"mandatory_report_count"`
	Topics          []caseTopic     `json:"topics"`
	ActionPlan      *actionPlan     `json:"action_plan"`
	Onward          []caseOnward    `json:"onward"`
	News            []dangerNews    `json:"brought_news"`
	Conferences     []conference    `json:"conferences"`
	Responses       []caseResponse  `json:"responses"`
	Visits          []centreVisit   `json:"centre_visits"`
	Recordings      []recording     `json:"recordings"`
	Counting        *caseCounting   `json:"counting"`
	Grantees        []caseGrantee   `json:"grantees"`

	// parts are what was written, by name.
	parts map[string]any
}

// Shown says that the person sees what is in the case, and not only that it is there.
func (k kase) Shown() bool { return k.Agency != "" }

// Closed says that nobody may contact her.
func (k kase) Closed() bool {
	return !k.ContactClosed.IsZero() || slices.Contains(k.Attention, "contact_closed")
}

// May says whether the case takes a command from the person now.
func (k kase) May(op string) bool { return slices.Contains(k.Commands, op) }

// caseResponse is a response team that was asked for.
type caseResponse struct {
	AskedAt time.Time `json:"asked_at"`
	Area    string    `json:"area"`
	Status  string    `json:"status"`
	Agency  string    `json:"agency"`
	Chosen  []string  `json:"chosen"`
	Result  string    `json:"result"`
	Unseen  string    `json:"unseen"`
}

type caseConsent struct {
	ID         string    `json:"id"`
	Status     string    `json:"status"`
	Recipient  string    `json:"recipient"`
	Service    string    `json:"service"`
	Purpose    string    `json:"purpose"`
	Categories []string  `json:"categories"`
	Expires    time.Time `json:"expires"`
	// As the contract has it (OnPaper).
	OnPaper    map[string]any `json:"on_paper"`
	EndOnPaper map[string]any `json:"end_on_paper"`
}

type caseReferral struct {
	ID            string `json:"id"`
	Status        string `json:"status"`
	Recipient     string `json:"recipient"`
	Service       string `json:"service"`
	Urgency       string `json:"urgency"`
	Outcome       string `json:"outcome"`
	DeclineReason string `json:"decline_reason"`
	CancelReason  string `json:"cancel_reason"`
	Settled       string `json:"settled"`
	Held          bool   `json:"contact_held"`
}

// Why is how the referral ended, in codes; empty where it has not, or nobody said.
func (r caseReferral) Why(v *visit) string {
	switch {
	case r.Outcome != "":
		return v.W.Code("Outcome", r.Outcome)
	case r.DeclineReason != "":
		return v.W.Code("DeclineReason", r.DeclineReason)
	case r.CancelReason != "":
		return v.W.Code("CancelReason", r.CancelReason)
	}
	return ""
}

// caseDuplicate is a hint. It names the other case to who has that one, too.
type caseDuplicate struct {
	At   time.Time `json:"at"`
	Case string    `json:"case"`
}

type caseAmendment struct {
	At     time.Time      `json:"at"`
	By     string         `json:"by"`
	Reason string         `json:"reason"`
	Parts  []string       `json:"parts"`
	Since  time.Time      `json:"since"`
	Before map[string]any `json:"before"`
}

// casePlan is the services of a case together.
type casePlan struct {
	Steps []caseStep `json:"steps"`
}

type caseStep struct {
	Service   string        `json:"service"`
	Stage     string        `json:"stage"`
	Agreed    []string      `json:"agreed"`
	After     []caseBefore  `json:"after"`
	Waits     bool          `json:"waits"`
	Windows   []caseWindow  `json:"windows"`
	Referrals []casePlanned `json:"referrals"`
}

type caseBefore struct {
	Service string `json:"service"`
	Code    string `json:"code"`
	Holds   bool   `json:"holds"`
}

type caseWindow struct {
	Window string    `json:"window"`
	State  string    `json:"state"`
	Until  time.Time `json:"until"`
}

type casePlanned struct {
	ID string `json:"id"`
}

// caseAttentions are what waits for the desk, the most pressing first. What may be a second
// case waits for who has the first.
var caseAttentions = []struct {
	name     string
	pressing bool
}{
	{"danger_news_late", true},
	{"danger_news", true},
	{"contact_closed", true},
	{"unmet_need", true},
	{"given_to_blocked", true},
	{"ask_elsewhere", true},
	{"consent_anew", true},
	{"onward_unanswered", true},
	{"grantee_unasked", true},
	{"grantee_to_ask", true},
	{"onward_to_answer", true},
	{"without_owner", true},
	{"transfer_untaken", true},
	{"credential_missing", true},
	{"reflection_over", false},
	{"consent_requested", false},
	{"action_plan_due", false},
	{"conference_due", false},
	{"possible_duplicate", false},
}

// caseSide is the part of home about cases: what waits, and what leads to one. There is none
// for who reads no case.
func (v *visit) caseSide() ([]side, error) {
	if !anyOf(atCases...)(v) {
		return nil, nil
	}
	one := side{Title: v.W.T("case.home"), Ways: []link{{Path: "/desk/cases", Label: v.W.T("case.all")}}}
	if anyOf("caseworker")(v) {
		one.Ways = append([]link{{Path: "/desk/cases/open", Label: v.W.T("case.open")}}, one.Ways...)
	}
	one.Ways = append(one.Ways, link{Path: "/desk/search", Label: v.W.T("case.search")}, link{Path: "/desk/transfers", Label: v.W.T("transfer.title")})
	if anyOf("supervisor")(v) {
		one.Ways = append(one.Ways, link{Path: "/desk/searches", Label: v.W.T("case.searches")})
	}
	for _, a := range caseAttentions {
		waiting := heap{Path: "/desk/cases?attention=" + a.name, Label: v.W.Code("Attention", a.name), Pressing: a.pressing}
		if err := one.count(v, "listCases", url.Values{"attention": {a.name}}, waiting); err != nil {
			return nil, err
		}
		if one.Away {
			break // the other lists are at the same service
		}
	}
	if err := v.askedOver(&one); err != nil {
		return nil, err
	}
	if err := v.enquired(&one); err != nil {
		return nil, err
	}
	if err := v.houses(&one); err != nil {
		return nil, err
	}
	return []side{one}, nil
}

// caseStatuses are the statuses by which people look through cases.
var caseStatuses = []string{"open", "finished", "resumed", "closed", "entered_in_error"}

// caseList is the cases of a person, or of their desk, by status; or those that wait.
func (s *Site) caseList(v *visit) (templ.Component, error) {
	query := v.query("attention", "status", "mine", "merged_into")
	if len(v.URL.Query()) == 0 {
		query.Set("status", caseStatuses[0])
		if !anyOf("supervisor")(v) {
			query.Set("mine", "true")
		}
	}
	var page struct {
		Items []kase `json:"items"`
	}
	next, err := v.leaf("listCases", "", query, &page)
	if err != nil {
		return nil, err
	}
	return casesPage(v, query, page.Items, next), nil
}

// whose are the two ways to look: at one's own cases, and at those of the desk.
func (v *visit) whose(query url.Values) []link {
	path := func(mine string) string {
		q := url.Values{"status": {cmp.Or(query.Get("status"), caseStatuses[0])}}
		if mine != "" {
			q.Set("mine", mine)
		}
		return "/desk/cases?" + q.Encode()
	}
	plain := query.Get("attention") == "" && query.Get("merged_into") == ""
	return []link{
		{path("true"), v.W.T("case.mine"), plain && query.Get("mine") != ""},
		{path(""), v.W.T("case.of_desk"), plain && query.Get("mine") == ""},
	}
}

// byStatus are the statuses of the cases of whose list one looks at.
func (v *visit) byStatus(query url.Values) (all []link) {
	for _, status := range caseStatuses {
		q := url.Values{"status": {status}}
		if mine := query.Get("mine"); mine != "" {
			q.Set("mine", mine)
		}
		all = append(all, link{"/desk/cases?" + q.Encode(), v.W.Code("CaseStatus", status), query.Get("status") == status})
	}
	return all
}

// oneCase is one case, as far as the person may see it.
func (s *Site) oneCase(v *visit) (templ.Component, error) {
	k, version, err := v.kase()
	if err != nil {
		return nil, err
	}
	shown := caseShown{kase: k, Version: version}
	if !k.Shown() {
		return casePage(v, shown), nil
	}
	var p casePlan
	if _, err := v.get("getCasePlan", k.ID, nil, &p); err != nil {
		if lost(err) {
			return nil, err
		}
		shown.Away = true
	}
	shown.Steps = p.Steps
	var led struct {
		Items []kase `json:"items"`
	}
	if _, err := v.get("listCases", "", url.Values{"merged_into": {k.ID}}, &led); err != nil {
		if lost(err) {
			return nil, err
		}
		shown.Away = true
	}
	shown.Led = led.Items
	var told struct {
		Items []enquiry `json:"items"`
	}
	if _, err := v.get("listEnquiries", "", url.Values{"case": {k.ID}}, &told); err != nil {
		if lost(err) {
			return nil, err
		}
		shown.Away = true
	}
	shown.Enquiries = told.Items
	return casePage(v, shown), nil
}

// caseShown is a case with what else its page needs.
type caseShown struct {
	kase
	Version string
	Steps   []caseStep
	// Led are the cases that point to this one.
	Led []kase
	// Enquiries are what the office was told before there was this case, for who had both.
	Enquiries []enquiry
	// Away says that a part did not answer.
	Away bool
}

// Of is the referral of an identifier.
func (c caseShown) Of(id string) caseReferral {
	for _, r := range c.Referrals {
		if r.ID == id {
			return r
		}
	}
	return caseReferral{ID: id}
}

// Lacks says that a referral did not bring her what she asked for.
func (c caseShown) Lacks(id string) bool { return slices.Contains(c.Unmet, id) }

// Leads says that another case points to this one.
func (c caseShown) Leads(id string) bool {
	return slices.ContainsFunc(c.Led, func(k kase) bool { return k.ID == id })
}

// Hands says that the person has the case, or covers: who is on duty reads it, too.
func (c caseShown) Hands(v *visit) bool {
	return c.Shown() && (c.May("amendCase") || c.May("handOverCase") && !v.S.Is("supervisor"))
}

// further is the first order of the commands that are rare: they stand behind "more".
const further = 80

// onThePage are the commands that stand beside what they are about.
var onThePage = []string{"askedGrantee", "settleDuplicate", "endTransfer", "amendIncident", "enterIncidentInError", "settleGoal", "settleStep", "answerOnward", "settleDangerNews", "reopenDangerNews"}

// Buttons are the commands of the case: those of work, and those that are rare. What
// belongs to one part of the page stands there.
func (c caseShown) Buttons(v *visit) (now, rare []button) {
	commands := slices.DeleteFunc(slices.Clone(c.Commands), func(op string) bool {
		return slices.Contains(onThePage, op) || c.Shown() && op == "answerCounting" // of a frame, her no is taken here
	})
	for _, b := range v.buttons("case", commands, c.ID, c.Version) {
		switch {
		case b.Op.Desk.Order < further:
			now = append(now, b)
		case b.Op.ID == "restrictCase":
			b.Path = with(b.Path, "/restricted", strconv.FormatBool(!c.Restricted))
			if c.Restricted {
				b.Label = v.W.T("case.unrestrict")
			}
			rare = append(rare, b)
		default:
			rare = append(rare, b)
		}
	}
	return now, rare
}

// kase reads the case of the address, with its parts as they were written.
func (v *visit) kase() (k kase, version string, err error) {
	answer, err := v.get("getCase", v.PathValue("id"), nil, &k)
	if err != nil {
		return k, "", err
	}
	if err := v.speak(k.Programme, k.Country); err != nil {
		return k, "", err
	}
	return k, answer.Version, json.Unmarshal(answer.Body, &k.parts)
}

// caseTold is one thing that happened to a case.
type caseTold struct {
	At       time.Time `json:"at"`
	Event    string    `json:"event"`
	Words    string    `json:"words"`
	About    string    `json:"about"`
	Agency   string    `json:"agency"`
	Person   string    `json:"person"`
	Referral string    `json:"referral"`
}

func (s *Site) caseTimeline(v *visit) (templ.Component, error) {
	var past struct {
		Items []caseTold `json:"items"`
	}
	if _, err := v.get("getTimeline", v.PathValue("id"), nil, &past); err != nil {
		return nil, err
	}
	// What happens to a referral names its agency once.
	about := map[string]string{}
	for i, one := range past.Items {
		if one.Referral != "" {
			about[one.Referral] = cmp.Or(about[one.Referral], one.About)
			past.Items[i].About = cmp.Or(one.About, about[one.Referral])
		}
	}
	return caseTimelinePage(v, past.Items), nil
}

// caseLook is that somebody saw a part.
type caseLook struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Part string    `json:"part"`
	// Reason is why rows were taken out.
	Reason string `json:"reason"`
}

func (s *Site) caseLooks(v *visit) (templ.Component, error) {
	var looks struct {
		Items []caseLook `json:"items"`
	}
	if _, err := v.get("listCaseLooks", v.PathValue("id"), nil, &looks); err != nil {
		return nil, err
	}
	slices.Reverse(looks.Items) // the latest first
	return caseLooksPage(v, looks.Items), nil
}

// caseDisclosure is that an agency was shown something.
type caseDisclosure struct {
	At         time.Time `json:"at"`
	Recipient  string    `json:"recipient"`
	Service    string    `json:"service"`
	Stage      string    `json:"stage"`
	Categories []string  `json:"categories"`
	Referral   string    `json:"referral"`
}

func (s *Site) caseDisclosures(v *visit) (templ.Component, error) {
	var page struct {
		Items []caseDisclosure `json:"items"`
	}
	next, err := v.leaf("listDisclosures", v.PathValue("id"), nil, &page)
	if err != nil {
		return nil, err
	}
	return caseDisclosuresPage(v, page.Items, next), nil
}

// query are parameters of the address that a list takes, too.
func (v *visit) query(names ...string) url.Values {
	query := url.Values{}
	for _, name := range names {
		if value := v.URL.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// leaf is one page of a list, and the address of the next; empty for none.
func (v *visit) leaf(op, id string, query url.Values, out any) (next string, err error) {
	asked := v.query("cursor")
	maps.Copy(asked, query)
	answer, err := v.get(op, id, asked, out)
	if err != nil || answer.Cursor == "" {
		return "", err
	}
	asked.Set("cursor", answer.Cursor)
	return v.URL.Path + "?" + asked.Encode(), nil
}

// again shows a form that was refused, with what was wrong; any other error is none of its.
func (v *visit) again(err error, show func(*api.Problem) templ.Component) (templ.Component, error) {
	p := api.Refused(err)
	if p == nil || p.Status == http.StatusUnauthorized {
		return nil, err
	}
	v.render(http.StatusUnprocessableEntity, show(p))
	return nil, nil
}

// written is the schema by which a part of a case was written.
func (v *visit) written(part string) *api.Schema {
	return v.contract().Operations["amendCase"].Body.Property(part)
}

// instant is an instant of an answer in words; what is none stands as it is.
func (v *visit) instant(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return v.at(t)
}

// list is several names in one line.
func (v *visit) list(names []string) string { return strings.Join(names, v.W.T("format.comma")) }

// asked is who was asked by a referral.
func (v *visit) asked(r caseReferral) string { return cmp.Or(r.Recipient, v.W.T("referral.several")) }

// told is what happened, in words. The codes of the answer are in its English alone.
func (v *visit) told(one caseTold) string {
	if v.W.Tag == "en" {
		return plainCodes(one.Words)
	}
	return v.event(one.Event)
}

// plainCodes is a sentence with its codes as words.
func plainCodes(sentence string) string {
	return strings.NewReplacer("_", " ", "[", "", "]", "").Replace(sentence)
}

// hintWays are what who has a case may do about a hint. The newer case is the one that comes
// to point to this one.
func (v *visit) hintWays(c caseShown, d caseDuplicate) (all []link) {
	to := func(op, id string, fixed ...string) string {
		query := url.Values{backField: {v.URL.Path}}
		for i := 0; i+1 < len(fixed); i += 2 {
			query.Set(fixed[i], fixed[i+1])
		}
		return "/desk/do/" + op + "/" + url.PathEscape(id) + "?" + query.Encode()
	}
	if d.Case != "" && !c.Leads(d.Case) {
		all = append(all, link{Path: to("mergeCase", d.Case, "/into", c.ID), Label: v.W.T("case.one_person")})
	}
	if c.May("settleDuplicate") {
		label := v.W.T("case.two_people")
		if c.Leads(d.Case) || d.Case == "" {
			label = v.W.T("case.looked_at")
		}
		all = append(all, link{Path: to("settleDuplicate", c.ID, versionField, c.Version, "/other", d.Case), Label: label})
	}
	return all
}

// done is the command of this page that was just done; empty for none.
func (v *visit) done() string {
	op := v.URL.Query().Get("done")
	if _, known := v.contract().Operations[op]; !known {
		return ""
	}
	return op
}
