package site

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// room is a place where agencies work for her: what is its own. All rooms have the same
// pages, and show what the schema of their record says.
type room struct {
	// path is the page of the list, and page is where the contract puts the commands.
	path, page string
	// list, read, past, looks and amend are operations.
	list, read, past, looks, amend string
	// file is the operation that gives a file; empty where there are none.
	file string
	// prefix begins the ids of its records. What follows is that of the referral.
	prefix string
	// service is what she was referred to, and role who works there.
	service, role string
	// beside is another service that is done in the same room; empty for none.
	beside string
	// all, one, own and waits are texts: the list, a record, the way to it from its referral,
	// and what waits for its worker; waits is empty where the room lists no such thing.
	all, one, own, waits string
	kinds                []kind
}

// kind is one kind of entry in a record.
type kind struct {
	// name is the property that has the entries, and op the command that writes one: the
	// words of its fields are those of the entry.
	name, op string
	// head are the properties that stand on the line of an entry: dates and codes. What a
	// person wrote stands behind a touch, because others see the screen, too.
	head   []string
	amends []amendment
	acts   []act
}

// amendment is a way to put an entry right.
type amendment struct {
	// id is the property that names what is put right, and prefix is how such ids begin.
	id, prefix string
	// part is the property of the command that writes it anew. Without one it can only be
	// said that it was entered in error.
	part string
	// other are the properties of the part that the answer has by another name.
	other map[string]string
	// stays says that it cannot be entered in error.
	stays bool
	// word is what the link says.
	word string
}

// act is a command that stands with an entry: what it is about is filled in.
type act struct {
	op, word string
	// about are the fields that the entry fills in, by pointer, and from which property.
	about map[string]string
	when  func(entry) bool
	// rare are entries for which it stands behind the touch, with what is put right; nil for
	// none.
	rare func(entry) bool
}

func always(entry) bool { return true }

// settled says that no finding under a certificate was amended.
func (e entry) settled() bool { return e.value["findings_changed"] != true }

// unsigned says that a certificate waits for its signatures.
func (e entry) unsigned() bool { return e.value["signed"] != true }

func (e entry) decided() bool { return e.Has("ruling") }

// protects says that an order is in force.
func (e entry) protects() bool {
	return e.Text("standing") == "in_force" || e.Text("standing") == "expiring"
}

func (e entry) toServe() bool { return e.protects() && e.value["served"] != true }

// dutyWaits says that nothing has settled a duty: a warning waits on where her desk has it.
func (e entry) dutyWaits() bool {
	results, _ := e.value["results"].([]any)
	if len(results) == 0 {
		return true
	}
	last, _ := results[len(results)-1].(map[string]any)
	return e.Text("kind") == "warn_of_service" && last["result"] == "brought_to_her_desk"
}

// news is the way from a duty to her desk, which has the way that she chose for news of danger.
func (w workShown) news(v *visit, e entry) []link {
	is, known := map[string]string{"warn_of_service": "order_served", "tell_of_release": "released", "tell_of_hold": "other"}[e.Text("kind")]
	if e.kind.name != "duties" || !known || !e.dutyWaits() {
		return nil
	}
	query := url.Values{backField: {v.URL.Path}, "/news_kind": {is}}
	return []link{{Path: "/desk/do/bringDangerNewsFor/" + url.PathEscape(w.Referral) + "?" + query.Encode(), Label: v.W.T("command.bringDangerNewsFor")}}
}

// unsettled says that nothing came of a medical review yet.
func (e entry) unsettled() bool {
	return e.Text("status") == "planned" || e.Text("status") == "agreed"
}

// bookFor is the way from a hearing to a protected room for it.
func (w workShown) bookFor(v *visit, e entry) []link {
	if e.kind.name != "hearings" || e.InError() || e.Has("result") || !slices.Contains(w.Commands, "moveHearing") {
		return nil
	}
	query := url.Values{backField: {v.URL.Path}, "/matter": {w.ID}, "/hearing": {e.Text("id")}}
	return []link{{Path: "/desk/do/bookRoom/" + unnamed + "?" + query.Encode(), Label: v.W.T("command.bookRoom")}}
}

// asksNow says that an answer of hers waits for somebody, or for what they say of it.
func (e entry) asksNow() bool { return e.Text("kind") == "risk_answer" }

var rooms = []*room{
	{
		path: "/desk/matters", page: "matter", prefix: "mat", service: "legal_assistance_service", role: "lawyer",
		list: "listMatters", read: "getMatter", past: "getMatterHistory", looks: "listMatterLooks", amend: "amendMatter", file: "getMatterFile",
		all: "room.matters", one: "room.matter", own: "room.to_matter", waits: "room.matters_wait",
		kinds: []kind{
			{
				name: "duties", op: "settleLegalDuty", head: []string{"kind", "until"},
				acts: []act{{"settleLegalDuty", "command.settleLegalDuty", map[string]string{"/duty": "id"}, entry.dutyWaits, nil}},
			},
			{
				name: "hearings", op: "planHearing", head: []string{"starts_at", "kind", "court", "result"},
				amends: []amendment{{id: "id", prefix: "hear", word: "room.entry_in_error"}},
				acts: []act{
					{"settleHearing", "command.settleHearing", map[string]string{"/hearing": "id"}, func(e entry) bool { return !e.Has("result") }, nil},
					{"moveHearing", "command.moveHearing", map[string]string{"/hearing": "id"}, func(e entry) bool { return !e.Has("result") || e.Text("result") == "put_off" }, nil},
				},
			},
			{
				name: "protection_orders", op: "recordOrderResult", head: []string{"court", "applied_at", "result", "standing", "valid_until", "served"},
				amends: []amendment{
					{id: "application", prefix: "app", part: "application", word: "room.change"},
					{id: "ruling", prefix: "rul", word: "room.answer_in_error"},
				},
				acts: []act{
					{"recordOrderResult", "command.recordOrderResult", map[string]string{"/application": "application"}, func(e entry) bool { return !e.decided() || e.Text("result") == "interim" }, nil},
					{"recordOrderResult", "room.correct_answer", map[string]string{"/application": "application", "/replaces": "ruling"}, entry.decided, always},
					{"planOrderService", "command.planOrderService", map[string]string{"/application": "application"}, entry.toServe, nil},
					{"recordOrderServed", "command.recordOrderServed", map[string]string{"/application": "application"}, entry.toServe, nil},
					{"recordOrderChange", "command.recordOrderChange", map[string]string{"/application": "application"}, entry.protects, nil},
				},
			},
			{
				name: "order_services", op: "recordOrderServed", head: []string{"served_at", "partly", "unwarned"},
				amends: []amendment{{id: "id", prefix: "serv", word: "room.entry_in_error"}},
			},
			{
				name: "order_changes", op: "recordOrderChange", head: []string{"changed_at", "change", "valid_until"},
				amends: []amendment{{id: "id", prefix: "chg", word: "room.entry_in_error"}},
			},
			{
				name: "proceedings", op: "openProceeding", head: []string{"authority", "docket_number"},
				amends: []amendment{{id: "id", prefix: "proc", part: "proceeding", word: "room.change"}},
				acts:   []act{{"recordProceedingStep", "command.recordProceedingStep", map[string]string{"/proceeding": "id"}, always, nil}},
			},
			{
				name: "proceeding_steps", op: "recordProceedingStep", head: []string{"stepped_at", "step"},
				amends: []amendment{{id: "id", prefix: "step", part: "step", word: "room.change"}},
			},
			{name: "following", op: "answerFollowing", head: []string{"said_at", "follow"}},
			{
				name: "options_chosen", op: "chooseLegalOptions", head: []string{"chosen_at"},
				amends: []amendment{{id: "id", prefix: "opt", word: "room.entry_in_error"}},
			},
			{
				name: "options_explained", op: "explainLegalOptions", head: []string{"explained_at"},
				amends: []amendment{{id: "id", prefix: "expl", word: "room.entry_in_error"}},
			},
			{
				name: "eligibility", op: "assessEligibility", head: []string{"assessed_at", "ground", "her_means", "eligible"},
				amends: []amendment{{id: "id", prefix: "elig", word: "room.entry_in_error"}},
			},
			{
				name: "files", op: "storeMatterFile", head: []string{"type"},
			},
			{
				name: "documents", op: "keepDocument", head: []string{"kind", "title"},
				amends: []amendment{{id: "id", prefix: "doc", part: "document", word: "room.change"}},
			},
			{
				name: "advice", op: "giveAdvice", head: []string{"at", "topic"},
				amends: []amendment{{id: "id", prefix: "adv", part: "advice", other: map[string]string{"given_at": "at"}, word: "room.change"}},
			},
			{
				name: "conflict", op: "checkConflicts", head: []string{"standing"},
				acts: []act{{"checkConflicts", "command.checkConflicts", nil, always, nil}},
			},
			{name: "certificates"},
			{
				name: "earlier_certificates", head: []string{"outdated_at", "annulled", "settled"},
				acts: []act{{"settleCertificate", "command.settleCertificate", map[string]string{"/certificate": "id"}, func(e entry) bool { return e.value["settled"] == false }, nil}},
			},
		},
	},
	{
		path: "/desk/plans", page: "plan", prefix: "plan", service: "psychosocial_service", role: "counsellor",
		list: "listSupportPlans", read: "getSupportPlan", past: "getSupportPlanHistory", looks: "listSupportPlanLooks", amend: "amendSupportPlan",
		all: "room.plans", one: "room.plan", own: "room.to_plan",
		beside: "safehouse_service",
		kinds: []kind{
			{
				name: "duties", head: []string{"kind", "due_at", "late", "taken"},
				acts: []act{{"handleRisk", "command.handleRisk", map[string]string{"/answer": "entry"}, entry.asksNow, nil}},
			},
			{
				name: "safety_plan", op: "makeSafetyPlan", head: []string{"at"},
				amends: []amendment{{id: "id", prefix: "safe", part: "safety_plan", word: "room.change"}},
			},
			{
				name: "sessions", op: "recordSession", head: []string{"at", "kind", "attendance"},
				amends: []amendment{{id: "id", prefix: "sess", part: "session", other: map[string]string{"held_at": "at"}, word: "room.change"}},
			},
			{
				name: "answers", op: "answerInstrument", head: []string{"at", "instrument", "score", "band", "assess", "risk", "since_first"},
				amends: []amendment{{id: "id", prefix: "ans", word: "room.in_error"}},
			},
			{
				name: "goals", op: "setPlanGoal", head: []string{"status", "review_at"},
				amends: []amendment{{id: "id", prefix: "goal", word: "room.in_error"}},
				acts:   []act{{"reviewPlanGoal", "command.reviewPlanGoal", map[string]string{"/goal": "id"}, func(e entry) bool { return e.Text("status") == "open" }, nil}},
			},
			{
				name: "follow_ups", op: "agreeFollowUp", head: []string{"due_at", "result"},
				amends: []amendment{{id: "id", prefix: "follow", word: "room.in_error"}},
				acts:   []act{{"recordFollowUp", "command.recordFollowUp", map[string]string{"/follow_up": "id"}, func(e entry) bool { return !e.Has("result") }, nil}},
			},
		},
	},
	{
		path: "/desk/examinations", page: "examination", prefix: "exam", service: "forensic_examination_service", role: "examiner",
		list: "listExaminations", read: "getExamination", past: "getExaminationHistory", looks: "listExaminationLooks", amend: "amendExamination", file: "getExaminationFile",
		all: "room.examinations", one: "room.examination", own: "room.to_examination", waits: "room.examinations_wait",
		kinds: []kind{
			{name: "duties", head: []string{"kind", "due_at"}},
			{
				name: "holds", op: "holdExamination", head: []string{"part", "ground", "name", "until"},
				acts: []act{
					{"tellOfHold", "command.tellOfHold", map[string]string{"/hold": "id"}, func(e entry) bool { return e.value["untold"] == true }, nil},
					{"liftExaminationHold", "command.liftExaminationHold", map[string]string{"/hold": "id"}, func(e entry) bool { return !e.Has("lifted") }, nil},
				},
			},
			{
				name: "reviews", op: "answerMedicalReview", head: []string{"review", "due_at", "status"},
				acts: []act{
					{"answerMedicalReview", "command.answerMedicalReview", map[string]string{"/review": "review"}, entry.unsettled, nil},
					{"recordMedicalReview", "command.recordMedicalReview", map[string]string{"/review": "review"}, entry.unsettled, nil},
				},
			},
			{name: "steps", op: "answerExaminationStep", head: []string{"step", "answer", "at"}},
			{name: "files", op: "storeExaminationFile", head: []string{"type"}},
			{
				name: "photographs", op: "keepPhotograph", head: []string{"taken_at", "region", "side", "aspect"},
				amends: []amendment{{id: "id", prefix: "photo", word: "room.entry_in_error"}},
			},
			{
				name: "findings", op: "recordFinding", head: []string{"found_at", "step", "none_found"},
				amends: []amendment{{id: "id", prefix: "find", part: "finding", word: "room.change"}},
			},
			{
				name: "draft", op: "issueCertificate", head: []string{"at"},
				acts: []act{{"countersignCertificate", "command.countersignCertificate", map[string]string{"/certificate": "id"}, always, nil}},
			},
			{
				name: "record", op: "recordExamination", head: []string{"examined_at"},
				amends: []amendment{{id: "id", prefix: "rec", part: "record", stays: true, word: "room.change"}},
			},
			{
				name: "certificate", op: "issueCertificate", head: []string{"at", "findings_changed"},
				acts: []act{
					{"upholdCertificate", "command.upholdCertificate", map[string]string{"/certificate": "id"}, always, nil},
					{"signCertificate", "command.signCertificate", map[string]string{"/certificate": "id"}, entry.unsigned, nil},
					{"releaseCertificate", "command.releaseCertificate", map[string]string{"/certificate": "id"}, always, nil},
					{"issueCertificate", "room.new_version", map[string]string{"/replaces": "id"}, always, entry.settled},
					{"annulCertificate", "command.annulCertificate", map[string]string{"/certificate": "id"}, always, entry.settled},
				},
			},
			{
				name: "exhibits", op: "collectExhibit", head: []string{"at", "kind", "seal_number"},
				amends: []amendment{{id: "id", prefix: "exh", part: "exhibit", word: "room.change"}},
			},
			{name: "earlier_certificates", op: "issueCertificate", head: []string{"at", "replaced_at"}},
			{name: "kits"},
		},
	},
}

// referral is the id of the referral that a record is about.
func (r *room) referral(id string) string { return "ref" + strings.TrimPrefix(id, r.prefix) }

func (s *Site) rooms() {
	for _, r := range rooms {
		s.page("GET "+r.path, func(v *visit) (templ.Component, error) { return v.works(r) })
		s.page("GET "+r.path+"/{id}", func(v *visit) (templ.Component, error) { return v.workOf(r) })
		if r.file != "" {
			s.page("GET "+r.path+"/{id}/file/{file}", func(v *visit) (templ.Component, error) { return nil, v.fileOf(r) })
		}
		s.page("GET "+r.path+"/{id}/history", func(v *visit) (templ.Component, error) { return v.workPast(r) })
		s.page("GET "+r.path+"/{id}/looks", func(v *visit) (templ.Component, error) { return v.workLooks(r) })
		s.page("GET "+r.path+"/{id}/amend/{entry}", func(v *visit) (templ.Component, error) { return v.askEntry(r) })
		s.page("POST "+r.path+"/{id}/amend/{entry}", func(v *visit) (templ.Component, error) { return v.doEntry(r) })
	}
}

// work is what every reader of the agency sees of a record, and then what its worker sees
// beside the entries. A test holds its names against the contracts.
type work struct {
	ID       string    `json:"id"`
	Referral string    `json:"referral"`
	Status   string    `json:"status"`
	Since    time.Time `json:"since"`
	Assigned bool      `json:"assigned"`
	Commands []string  `json:"commands"`

	Case    string `json:"case"`
	Outcome string `json:"outcome"`
	Consent struct {
		Categories []string  `json:"categories"`
		Expires    time.Time `json:"expires"`
	} `json:"consent"`

	// all is the answer as it came.
	all map[string]any
}

// Hands says that the person has the work, or covers.
func (w work) Hands() bool { return w.Case != "" || len(w.Commands) > 0 }

// Serves is what she was referred to, where the room says so: one room does more than one service.
func (w work) Serves() string {
	service, _ := w.all["service"].(string)
	return service
}

// number is how people tell records apart on a page and on paper. It says nothing of her; a
// record and its referral have the same.
func number(id string) string { return id[max(0, len(id)-6):] }

// leads says whether the person sees work that others have.
func (v *visit) leads() bool { return anyOf("supervisor", "focal_point")(v) }

// work reads the record of the address. The service records that the person looked.
func (v *visit) work(r *room) (w work, version string, err error) {
	answer, err := v.get(r.read, v.PathValue("id"), nil, &w)
	if err != nil {
		return w, "", err
	}
	return w, answer.Version, json.Unmarshal(answer.Body, &w.all)
}

// workStatuses are those by which people look through work, what waits for them first.
var workStatuses = []string{"open", "asked", "resting", "closed", "ended"}

// listed is a record on a list, with what its referral says.
type listed struct {
	work
	From referral
}

// works is the work of a person, or of all of the agency for who leads it.
func (v *visit) works(r *room) (templ.Component, error) {
	query, plain := v.query("status", "attention", "mine", "worker"), len(v.URL.Query()) == 0
	if plain {
		query.Set("status", workStatuses[0])
	}
	if !v.leads() || plain && v.S.Is(r.role) {
		query.Set("mine", "true")
	}
	var page struct {
		Items []work `json:"items"`
	}
	next, err := v.leaf(r.list, "", query, &page)
	if err != nil {
		return nil, err
	}
	known, away, err := v.referred(query)
	if err != nil {
		return nil, err
	}
	shown := workList{room: r, Query: query, Next: next, Away: away}
	for _, w := range page.Items {
		shown.Items = append(shown.Items, listed{w, known[w.Referral]})
	}
	now := v.site.cfg.Clock()
	slices.SortStableFunc(shown.Items, func(a, b listed) int { return a.next(now).Compare(b.next(now)) })
	return worksPage(v, shown), nil
}

// never is later than any appointment.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// next is when she is expected; work without such a time comes last. Who came an hour ago is
// still in the room.
func (l listed) next(now time.Time) time.Time {
	if l.From.Appointment.Before(now.Add(-time.Hour)) {
		return never
	}
	return l.From.Appointment
}

// referred are the referrals behind a list, by id: those of the person, or of the agency.
func (v *visit) referred(query url.Values) (known map[string]referral, away bool, err error) {
	asked := url.Values{"role": {"recipient"}, "limit": {"200"}}
	if query.Get("mine") != "" {
		asked.Set("worker", "me")
	}
	var page struct {
		Items []referral `json:"items"`
	}
	if _, err := v.get("listReferrals", "", asked, &page); err != nil {
		if lost(err) {
			return nil, false, err
		}
		return nil, api.Refused(err) == nil, nil
	}
	known = map[string]referral{}
	for _, r := range page.Items {
		known[r.ID] = r
	}
	return known, false, nil
}

// workList is a list with what its page needs.
type workList struct {
	*room
	Query url.Values
	Items []listed
	Next  string
	// Away says that what is known of the referrals is missing.
	Away bool
}

// Whose are the two ways to look of who leads: at one's own work, and at all.
func (l workList) Whose(v *visit) []link {
	if !v.leads() {
		return nil
	}
	status := url.Values{"status": {workStatuses[0]}}
	if s := l.Query.Get("status"); s != "" {
		status.Set("status", s)
	}
	mine := url.Values{"status": status["status"], "mine": {"true"}}
	plain := l.Query.Get("attention") == ""
	return []link{
		{l.path + "?" + mine.Encode(), v.W.T("room.mine"), plain && l.Query.Get("mine") == "true"},
		{l.path + "?" + status.Encode(), v.W.T("room.of_all"), plain && l.Query.Get("mine") != "true"},
	}
}

// Statuses are the lists by status.
func (l workList) Statuses(v *visit) (all []link) {
	for _, status := range workStatuses {
		q := url.Values{"status": {status}}
		if l.Query.Get("mine") == "true" {
			q.Set("mine", "true")
		}
		all = append(all, link{l.path + "?" + q.Encode(), v.W.Code("Status", status), l.Query.Get("status") == status})
	}
	return all
}

// roomSides are the parts of home about work. Who leads an agency has those of the rooms in
// which it works.
func (v *visit) roomSides() (sides []side, err error) {
	for _, r := range rooms {
		if !v.S.Is(r.role) && !v.leads() {
			continue
		}
		one, works, err := v.roomSide(r)
		if err != nil {
			return nil, err
		}
		if v.S.Is(r.role) || works {
			sides = append(sides, one)
		}
	}
	return sides, nil
}

// roomSide is one of them, and whether the agency has any work there.
func (v *visit) roomSide(r *room) (one side, works bool, err error) {
	one = side{Title: v.W.T(r.all), Ways: []link{{Path: r.path, Label: v.W.T("room.lists")}}}
	base := url.Values{}
	if v.S.Is(r.role) {
		base.Set("mine", "true")
	}
	count := func(name, value, label string, pressing bool) error {
		query := maps.Clone(base)
		query.Set(name, value)
		return one.count(v, r.list, query, heap{Path: r.path + "?" + query.Encode(), Label: label, Pressing: pressing})
	}
	if !v.S.Is(r.role) {
		var page struct {
			Items []struct{} `json:"items"`
		}
		if _, err := v.get(r.list, "", url.Values{"limit": {"1"}}, &page); err != nil || len(page.Items) == 0 {
			one.Away = err != nil
			return one, err != nil, also(err)
		}
	}
	err = count("status", "asked", v.W.Code("Status", "asked"), true)
	if err == nil && !one.Away && r.waits != "" {
		err = count("attention", "true", v.W.T(r.waits), true)
	}
	if err == nil && !one.Away {
		err = count("status", "open", v.W.Code("Status", "open"), false)
	}
	if err == nil && !one.Away && r.page == "examination" {
		err = one.count(v, "listCustody", url.Values{"attention": {"true"}}, heap{Path: "/desk/custody?attention=true", Label: v.W.T("custody.broken"), Pressing: true})
	}
	return one, true, err
}

// also is the error that is about the person; a part that is away is none.
func also(err error) error {
	if lost(err) {
		return err
	}
	return nil
}

// workShown is a record with what else its page needs.
type workShown struct {
	*room
	work
	Version  string
	Sections []section
	Top      []button
	Rare     []button
	// From is the referral behind it, as far as it is known.
	From referral
	// Away says that a part did not answer.
	Away bool
}

// section is the entries of one kind, the latest first.
type section struct {
	Title   string
	Entries []entry
	// Numbers are those of records elsewhere: that they are there, and nothing more.
	Numbers []string
}

// workOf is one record, as far as the person may see it.
func (v *visit) workOf(r *room) (templ.Component, error) {
	// The referral first: when it ends from now on, the work is taken off the page.
	shown := workShown{room: r}
	if _, err := v.get("getReferral", r.referral(v.PathValue("id")), nil, &shown.From); err != nil {
		if lost(err) {
			return nil, err
		}
		shown.Away = api.Refused(err) == nil
	}
	w, version, err := v.work(r)
	if err != nil {
		return nil, err
	}
	shown.work, shown.Version = w, version
	placed := map[string]bool{r.amend: true}
	for _, k := range r.kinds {
		one := v.section(r, k, w.all)
		for _, e := range one.Entries {
			for _, a := range e.acts(w.Commands) {
				placed[a.op] = true
			}
		}
		if len(one.Entries)+len(one.Numbers) > 0 {
			shown.Sections = append(shown.Sections, one)
		}
	}
	commands := slices.DeleteFunc(slices.Clone(w.Commands), func(op string) bool { return placed[op] })
	for _, b := range v.buttons(r.page, commands, w.ID, version) {
		if b.Op.Desk.Order < seldom {
			shown.Top = append(shown.Top, b)
		} else {
			shown.Rare = append(shown.Rare, b)
		}
	}
	return workPage(v, shown), nil
}

// seldom is the first order of the commands of a room that stand behind "more".
const seldom = 40

// entry is one of a record.
type entry struct {
	kind   kind
	schema *api.Schema
	value  map[string]any
}

// Has says whether something stands under a name.
func (e entry) Has(name string) bool { return e.value[name] != nil }

// Text is what stands there; empty for none.
func (e entry) Text(name string) string {
	text, _ := e.value[name].(string)
	return text
}

// InError says that it was entered in error: what it held is not shown.
func (e entry) InError() bool { return e.value["entered_in_error"] == true }

// acts are the commands that stand with the entry, of those that the record takes.
func (e entry) acts(commands []string) (all []act) {
	for _, a := range e.kind.acts {
		if slices.Contains(commands, a.op) && !e.InError() && a.when(e) {
			all = append(all, a)
		}
	}
	return all
}

// section reads the entries of a kind from an answer.
func (v *visit) section(r *room, k kind, all map[string]any) section {
	one := section{Title: v.pointer("/" + k.name)}
	schema := v.contract().Operations[r.read].Answer.Property(k.name)
	switch value := all[k.name].(type) {
	case map[string]any:
		one.Entries = []entry{{k, schema, value}}
	case []any:
		for _, item := range slices.Backward(value) {
			switch item := item.(type) {
			case map[string]any:
				one.Entries = append(one.Entries, entry{k, schema.Items, item})
			case string:
				one.Numbers = append(one.Numbers, number(item))
			}
		}
	}
	return one
}

// head is the line of an entry: when, and of what kind.
func (v *visit) head(e entry) string {
	var words []string
	for _, name := range e.kind.head {
		switch value := e.value[name].(type) {
		case bool:
			if value {
				words = append(words, v.apart(v.label(e, name)))
			}
		case float64:
			words = append(words, v.apart(v.label(e, name)+": "+digits(value)))
		case string:
			s := e.schema.Property(name)
			text := v.valued(s, value)
			switch {
			case name == "valid_until", name == "review_at":
				text = v.apart(v.label(e, name) + ": " + text)
			case len(s.Enum) > 0 || s.Format == "date-time":
				text = v.apart(text)
			default:
				text = isolate(text) // somebody wrote it, in any direction
			}
			words = append(words, text)
		}
	}
	if e.InError() {
		words = append(words, v.apart(v.pointer("/entered_in_error")))
	}
	return strings.Join(words, " · ")
}

// isolate keeps a text from drawing what stands beside it to its own side (Unicode Standard Annex
// 9, section 2.5). An option holds no bdi.
func isolate(text string) string {
	if text == "" {
		return ""
	}
	return "\u2068" + text + "\u2069"
}

// apart isolates what the desk says where a date or a name in Latin letters may stand beside it.
func (v *visit) apart(text string) string {
	if v.W.Direction() == "rtl" {
		return isolate(text)
	}
	return text
}

// label is what stands at a value of an entry.
func (v *visit) label(e entry, name string) string {
	switch {
	case name == "id":
		return v.W.T("room.number")
	case name == "at" && !slices.Contains(e.kind.head, name):
		return v.W.T("room.written")
	}
	return v.W.Or(v.pointer("/"+name), "field."+e.kind.op+"."+name)
}

// valued is one value in words.
func (v *visit) valued(s *api.Schema, text string) string {
	switch {
	case len(s.Enum) > 0:
		return v.W.Code(s.Name, text)
	case s.Format == "date-time":
		return v.instant(text)
	case strings.HasSuffix(s.Name, "ID"):
		return number(text)
	}
	return text
}

// digits is a number of an answer.
func digits(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// rest are the values of an entry that do not stand on its line.
func (v *visit) rest(e entry) (all []row) {
	for _, p := range e.schema.Properties {
		if list := v.texts(e, p); list != "" {
			all = append(all, row{v.label(e, p.Name), list})
		}
		value := e.value[p.Name]
		if number, is := value.(float64); is {
			value = digits(number)
		}
		shown, text := value.(string)
		if text && !slices.Contains(e.kind.head, p.Name) && !slices.ContainsFunc(e.kind.amends, func(a amendment) bool { return a.id == p.Name }) {
			all = append(all, row{v.label(e, p.Name), v.valued(p.Schema, shown)})
		}
	}
	return all
}

// texts are a list of names or codes; empty where there is none.
func (v *visit) texts(e entry, p api.Property) string {
	list, _ := e.value[p.Name].([]any)
	var all []string
	for _, one := range list {
		if text, ok := one.(string); ok {
			all = append(all, isolate(v.valued(p.Schema.Items, text)))
		}
	}
	return v.list(all)
}

// version is something that an entry held before, or that somebody said of it.
type version struct {
	entry
	// Title is what it is.
	Title string
}

// versions are what an entry held before, and what was said of it: everything in it that has
// an instant of its own.
func (v *visit) versions(e entry) (all []version) {
	for _, p := range e.schema.Properties {
		switch value := e.value[p.Name].(type) {
		case map[string]any:
			all = append(all, version{entry{e.kind, p.Schema, value}, v.label(e, p.Name)})
		case []any:
			for _, one := range slices.Backward(value) {
				if held, ok := one.(map[string]any); ok {
					all = append(all, version{entry{e.kind, p.Schema.Items, held}, v.label(e, p.Name)})
				}
			}
		}
	}
	return all
}

// held are the values of a version, with those of what was written.
func (v *visit) held(e version) (all []row) {
	for _, p := range e.schema.Properties {
		switch value := e.value[p.Name].(type) {
		case map[string]any:
			all = append(all, v.held(version{entry: entry{e.kind, p.Schema, value}})...)
		case []any:
			if list := v.texts(e.entry, p); list != "" {
				all = append(all, row{v.label(e.entry, p.Name), list})
			}
		case float64:
			all = append(all, row{v.label(e.entry, p.Name), digits(value)})
		case string:
			if e.Title != "" && p.Name == "at" {
				continue // it stands above
			}
			all = append(all, row{v.label(e.entry, p.Name), v.valued(p.Schema, value)})
		}
	}
	return all
}

// Buttons are what can be done with an entry: what is next, and what puts it right.
func (w workShown) Buttons(v *visit, e entry) (next, rare []link) {
	for _, a := range e.acts(w.Commands) {
		query := url.Values{versionField: {w.Version}, backField: {v.URL.Path}}
		for pointer, name := range a.about {
			query.Set(pointer, e.Text(name))
		}
		o := v.contract().Operations[a.op]
		one := link{Path: sheet{Op: o, ID: w.ID}.Action() + "?" + query.Encode(), Label: v.W.T(a.word)}
		if a.rare != nil && a.rare(e) {
			rare = append(rare, one)
		} else {
			next = append(next, one)
		}
	}
	next = append(next, w.news(v, e)...)
	next = append(next, w.chain(v, e)...)
	next = append(next, w.bookFor(v, e)...)
	for _, file := range []string{e.Text("file"), e.Text("id")} {
		if strings.HasPrefix(file, "file_") {
			next = append(next, link{Path: w.Path() + "/file/" + url.PathEscape(file), Label: v.W.T("room.open_file")})
		}
	}
	if slices.Contains(w.Commands, w.amend) && !e.InError() {
		for _, a := range e.kind.amends {
			if e.Has(a.id) {
				rare = append(rare, link{Path: w.Path() + "/amend/" + url.PathEscape(e.Text(a.id)), Label: v.W.T(a.word)})
			}
		}
	}
	return next, rare
}

// Path is the address of the record.
func (w workShown) Path() string { return w.path + "/" + url.PathEscape(w.ID) }

// workPast is what happened to a record.
func (v *visit) workPast(r *room) (templ.Component, error) {
	var past struct {
		Items []line `json:"items"`
	}
	if _, err := v.get(r.past, v.PathValue("id"), nil, &past); err != nil {
		return nil, err
	}
	return workPastPage(v, r, past.Items), nil
}

// workLooks is who looked at what is in a record.
func (v *visit) workLooks(r *room) (templ.Component, error) {
	var looks struct {
		Items []caseLook `json:"items"`
	}
	if _, err := v.get(r.looks, v.PathValue("id"), nil, &looks); err != nil {
		return nil, err
	}
	slices.Reverse(looks.Items) // the latest first
	return workLooksPage(v, r, looks.Items), nil
}

// workBehind is the way from a referral to the work on it; nil where the person's agency has
// none, or the person does not read it. The work opens a moment after the acceptance.
func (v *visit) workBehind(one referral) *link {
	for _, r := range rooms {
		if one.Recipient == v.S.Agency && (one.Service == r.service || r.beside != "" && one.Service == r.beside) && (slices.Contains(held, one.Status) || one.Status == "completed") && (v.S.Is(r.role) || v.leads()) {
			return &link{Path: r.path + "/" + r.prefix + strings.TrimPrefix(one.ID, "ref"), Label: v.W.T(r.own)}
		}
	}
	return nil
}
