package guarantees_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// record is what the test reads of any record.
type record struct {
	ID, Case, Status, Service, Recipient string
	Code                                 string
	Consent                              string
	Replaces                             string
	DeclineReason                        string    `json:"decline_reason"`
	CancelReason                         string    `json:"cancel_reason"`
	CancelledBy                          string    `json:"cancelled_by"`
	Outcome                              string    `json:"outcome"`
	SurvivorOutcome                      string    `json:"survivor_outcome"`
	Erasure                              string    `json:"erasure"`
	Successor                            string    `json:"successor"`
	ToAcknowledge                        bool      `json:"to_acknowledge"`
	Due                                  time.Time `json:"due"`
	RenewBy                              time.Time `json:"renew_by"`
	Mode                                 string
	Candidates                           []struct{ Recipient, Agency, Consent string }
	Consents, Referrals                  []record
	Items                                []record
	Orders                               []struct{ Application string } `json:"protection_orders"`
	Sessions                             []struct{ ID string }
	Stage                                string
	Packet                               map[string]json.RawMessage
	ContactClosed                        bool `json:"contact_closed"`
}

// post sends a command of a person, notes it, and judges that the answer is one that the
// network may give.
func (t *town) post(p *person, path string, body any) (office.Answer, record) {
	t.t.Helper()
	key, raw := uuid.NewString(), string(encode(body))
	a := post(t.t.Context(), t.t, p.Desk, path, key, raw)
	// What was decided on a record that changed meanwhile is sent again, as the guide on
	// problems says, and is decided then.
	if again := struct{ Code string }{}; json.Unmarshal(a.Body, &again) == nil && again.Code == "contended" {
		t.saw["contended"]++
		a = post(t.t.Context(), t.t, p.Desk, path, key, raw)
	}
	return a, t.answered(p, "POST", path, a)
}

// get reads a page of a person.
func (t *town) get(p *person, path string) (office.Answer, record) {
	t.t.Helper()
	a, err := p.Do(t.t.Context(), http.MethodGet, path, nil, nil)
	if err != nil {
		t.t.Fatal(err)
	}
	return a, t.answered(p, "GET", path, a)
}

func (t *town) answered(p *person, method, path string, a office.Answer) (r record) {
	t.t.Helper()
	_ = json.Unmarshal(a.Body, &r) // what is no record has nothing to read
	if a.Status < 200 || a.Status >= 500 || a.Status >= 400 && !t.problem[r.Code] {
		t.fail("answers are known", t.about(path), "%s at %s %s: %d %s", p, method, path, a.Status, a.Body)
	}
	return r
}

// tell posts and says whether it was done, counted and noted as what it is called.
func (t *town) tell(act string, p *person, c *aCase, path string, body m) (record, bool) {
	t.t.Helper()
	a, r := t.post(p, path, body)
	outcome := r.Code
	if a.Status < 300 {
		t.did[act]++
		outcome = "done"
	} else {
		t.saw[act+" "+r.Code]++
	}
	did := p.String() + ": " + act + " " + strings.TrimPrefix(path, "/v1") + " " + string(encode(body)) + ": " + outcome
	if c != nil {
		t.note(c, did)
	} else {
		t.note(&t.elsewhere, did)
	}
	return r, a.Status < 300
}

// note keeps what was done to a case.
func (t *town) note(c *aCase, did string) {
	c.trace = append(c.trace, t.now().Format("2 Jan 15:04:05")+" "+did)
}

// doings are what people do, and how often.
var doings = []struct {
	weight int
	name   string
	do     func(*town)
}{
	{9, "story", (*town).story},
	{4, "open", (*town).open},
	{16, "consent", (*town).consent},
	{18, "request", (*town).request},
	{4, "refuse", (*town).refuse},
	{8, "withdraw", (*town).withdraw},
	{20, "answer", (*town).reply},
	{8, "code", (*town).byCode},
	{10, "assign", (*town).assign},
	{6, "schedule", (*town).schedule},
	{9, "contact", (*town).contact},
	{10, "report", (*town).report},
	{10, "cancel", (*town).cancel},
	{4, "outcome", (*town).outcome},
	{7, "acknowledge", (*town).acknowledge},
	{16, "write", (*town).write},
	{5, "close work", (*town).closeWork},
	{7, "ending", (*town).ending},
	{10, "packet", (*town).packet},
	{6, "amend", (*town).amend},
	{5, "contact at the desk", (*town).deskContact},
	{6, "lead", (*town).lead},
	{5, "merge", (*town).merge},
	{6, "settle", (*town).settleNeed},
	{7, "reroute", (*town).reroute},
	{7, "resume", (*town).resume},
	{5, "close", (*town).closeCase},
	{4, "search", (*town).search},
	{5, "staff", (*town).staff},
	{2, "mailbox", (*town).moveMailbox},
	{2, "strangers", (*town).strangers},
}

// act is what one random person does.
func (t *town) act() {
	sum := 0
	for _, d := range doings {
		sum += d.weight
	}
	n := t.r.IntN(sum)
	for _, d := range doings {
		if n -= d.weight; n < 0 {
			d.do(t)
			return
		}
	}
}

// here is a person at the desk of a case: mostly who has it.
func (t *town) here(c *aCase) *person {
	if t.focus != nil || t.at(85) {
		if t.acts(c.owner, c.owner) {
			return c.owner
		}
		if t.acts(c.owner.cover, c.owner) {
			return c.owner.cover
		}
	}
	return t.colleague(c.desk, "caseworker")
}

func (t *town) colleague(agency string, roles ...string) *person {
	return t.who(func(p *person) bool { return p.of(agency) && p.is(roles...) && (!p.gone || t.at(5)) })
}

// there is a person of the agency that has a referral, or is asked.
func (t *town) there(a *ask) *person {
	agency := oneOf(t.r, a.agencies())
	if w := a.worker(); w != nil && (t.focus != nil || t.at(70)) {
		return w
	}
	return t.colleague(agency, "lawyer", "counsellor", "examiner", "focal_point")
}

// theCase is a case, mostly a young one: the old ones are at rest.
func (t *town) theCase(is func(*aCase) bool) *aCase {
	if t.focus != nil {
		return t.focus.aCase
	}
	fit := slices.DeleteFunc(slices.Clone(t.cases), func(c *aCase) bool { return !is(c) && t.r.IntN(100) >= 3 })
	if len(fit) > 5 && t.at(70) {
		fit = fit[len(fit)-5:]
	}
	return oneOf(t.r, fit)
}

func (t *town) ask(is func(*ask) bool) *ask {
	if t.focus != nil && t.focus.id != "" {
		return t.focus
	}
	fit := slices.DeleteFunc(t.asks(), func(a *ask) bool { return !is(a) && t.r.IntN(100) >= 3 })
	if len(fit) > 8 && t.at(60) {
		fit = fit[len(fit)-8:]
	}
	return oneOf(t.r, fit)
}

func (t *town) open() {
	if len(t.cases) < 4+t.r.IntN(12) {
		t.opened()
	}
}

func (t *town) opened() *aCase {
	p := t.who(func(p *person) bool { return p.is("caseworker") && !p.gone || t.at(1) && p.is("caseworker") })
	c := &aCase{desk: p.Principal.Agency, owner: p, owners: []*person{p}, texts: map[string]string{}, settled: map[string]bool{}, readers: map[*person]bool{}}
	// Her name may be that of a case there is, which is hinted at.
	t.cases = append(t.cases, c)
	var name, phone string
	if twin := t.theCase(func(d *aCase) bool { return d != c && d.desk == c.desk }); twin != nil && twin != c && t.at(30) {
		name, phone = twin.texts["name"], twin.texts["phone"]
		c.tell("name", name)
		c.tell("phone", phone)
	} else {
		name = t.said(c, "name", "identity", t.secret)
		phone = t.said(c, "phone", "contact", t.number)
	}
	body := m{
		"channel": "hotline", "country": "GT", "programme": journey.Programme, "name": name,
		"incident":  m{"types": []string{"physical_assault"}},
		"survivor":  m{"sex": "female", "age_band": "18+", "disability": "physical", "unaccompanied": "no"},
		"narrative": t.said(c, "narrative", "narrative", t.secret),
		"contact":   m{"phone": phone, "safe_note": t.said(c, "safe_note", "contact", t.secret)},
	}
	r, ok := t.tell("open", p, c, "/v1/cases", body)
	if c.id = r.ID; !ok {
		t.cases = slices.DeleteFunc(t.cases, func(d *aCase) bool { return d == c })
		return nil
	}
	return c
}

func (t *town) consent() {
	c := t.theCase(func(c *aCase) bool { return !c.closed && len(c.yeses) < 7 })
	if c == nil {
		return
	}
	// Often to what rests or ended: she comes back.
	o := oneOf(t.r, offers)
	if a := oneOf(t.r, c.asks); a != nil && t.at(45) {
		if i := slices.IndexFunc(offers, func(o offer) bool { return a.on[o.agency] != nil }); i >= 0 {
			o = offers[i]
		}
	}
	t.agrees(c, o)
}

func (t *town) agrees(c *aCase, o offer) {
	y := &yes{recipient: o.agency, service: o.service, purpose: "service_delivery", given: t.now()}
	if t.at(10) {
		y.purpose = oneOf(t.r, []string{"prosecution", "statistics"})
	}
	y.categories = some(t.r, []string{"identity", "contact", "incident", "narrative", "safety_needs", "health", "forensic_certificate", "appointments"}, 0.75)
	if len(y.categories) == 0 {
		y.categories = []string{"identity"}
	}
	y.expires = t.now().Add(oneOf(t.r, []time.Duration{8 * time.Hour, day, 4 * day, 10 * day, 40 * day, 200 * day})).Truncate(time.Second)
	p := t.here(c)
	r, ok := t.tell("consent", p, c, "/v1/cases/"+c.id+"/consents", m{
		"recipient": y.recipient, "service": y.service, "purpose": y.purpose, "categories": y.categories,
		"expires": y.expires.Format(time.RFC3339), "method": "oral", "given_by": "survivor", "witnessed": false,
	})
	if !ok || len(r.Consents) == 0 {
		return
	}
	y.id = r.Consents[len(r.Consents)-1].ID
	c.yeses = append(c.yeses, y)
	// What stands on an older consent to the same is carried over, also what lapsed with it
	// not too long ago. Her no is carried over by nothing, and what somebody ended stays on
	// the consent of its end.
	for _, a := range c.asks {
		old := a.on[y.recipient]
		if old == nil || old.no || a.ended || a.service != y.service || y.purpose != "service_delivery" || old.id == y.id {
			continue
		}
		if t.now().Before(old.expires.Add(30 * day)) {
			a.on[y.recipient] = y
		}
	}
}

// no is her no to an agency and a service, as soon as it is recorded.
func (t *town) no(c *aCase, is func(*yes) bool) {
	var over []*ask
	for _, y := range c.yeses {
		if y.no || !is(y) {
			continue
		}
		y.no = true
		for _, a := range c.asks {
			if a.on[y.recipient] == y {
				if a.holder == y.recipient || a.holder == "" && len(a.on) == 1 {
					a.no = true
				}
				over = append(over, a)
			}
		}
	}
	for _, a := range over {
		t.closedAtOnce(a, "her no")
	}
}

// closedAtOnce asks for the packet in the moment in which it must be closed.
func (t *town) closedAtOnce(a *ask, why string) {
	for _, p := range t.people {
		if !slices.Contains(a.agencies(), p.Principal.Agency) || a.on[p.Principal.Agency] == nil || !a.on[p.Principal.Agency].no {
			continue
		}
		if answer, r := t.post(p, "/v1/disclosures", m{"referral": a.id}); answer.Status == http.StatusOK {
			t.fail("no packet is open after her no", a.aCase, "right after %s %s gets %v of %s", why, p, r.Packet, a.id)
		}
		t.saw["closed at once"]++
	}
}

func (t *town) refuse() {
	c := t.theCase(func(c *aCase) bool { return len(c.yeses) > 0 })
	if c == nil || len(c.yeses) == 0 {
		return
	}
	y := oneOf(t.r, c.yeses)
	purpose := y.purpose
	if t.at(20) {
		purpose = oneOf(t.r, []string{"service_delivery", "prosecution", "statistics"})
	}
	if _, ok := t.tell("refuse", t.colleague(c.desk, "caseworker"), c, "/v1/cases/"+c.id+"/consents/refuse", m{"recipient": y.recipient, "service": y.service, "purpose": purpose}); ok {
		t.no(c, func(z *yes) bool {
			return z.recipient == y.recipient && z.service == y.service && z.purpose == purpose
		})
	}
}

func (t *town) withdraw() {
	c := t.theCase(func(c *aCase) bool { return slices.ContainsFunc(c.asks, func(a *ask) bool { return a.held }) })
	if c == nil || len(c.yeses) == 0 {
		return
	}
	y := oneOf(t.r, c.yeses)
	if a := oneOf(t.r, slices.DeleteFunc(slices.Clone(c.asks), func(a *ask) bool { return !a.held })); a != nil && a.on[a.holder] != nil && t.at(70) {
		y = a.on[a.holder]
	}
	path := "/v1/cases/" + c.id + "/consents/withdraw"
	if t.at(50) {
		if _, ok := t.tell("withdraw", t.here(c), c, path, m{"consent": y.id}); ok {
			// It is her no to the question, however often she had said yes to it.
			t.no(c, func(z *yes) bool {
				return z.recipient == y.recipient && z.service == y.service && z.purpose == y.purpose
			})
		}
		return
	}
	if _, ok := t.tell("withdraw", t.colleague(c.desk, "caseworker"), c, path, m{"recipient": y.recipient, "service": y.service}); ok {
		t.no(c, func(z *yes) bool {
			return z.recipient == y.recipient && z.service == y.service
		})
	}
}

func (t *town) request() {
	c := t.theCase(func(c *aCase) bool {
		return !c.closed && slices.ContainsFunc(c.yeses, func(y *yes) bool { return y.holds(t.now()) })
	})
	if c == nil {
		return
	}
	standing := slices.DeleteFunc(slices.Clone(c.yeses), func(y *yes) bool { return !y.holds(t.now()) && t.r.IntN(100) >= 5 })
	y := oneOf(t.r, standing)
	if y == nil {
		return
	}
	what, a := t.opposing(c)
	a.service, a.mode = y.service, "directed"
	a.urgency = oneOf(t.r, []string{"standard", "standard", "urgent", "emergency"})
	req := m{"service": y.service, "urgency": a.urgency}
	// Of several consents to the same, the one that lasts longest counts.
	best := map[string]*yes{}
	for _, z := range standing {
		if b := best[z.recipient]; z.service == y.service && z.purpose == "service_delivery" && z.holds(t.now()) && (b == nil || z.expires.After(b.expires)) {
			best[z.recipient] = z
		}
	}
	if len(best) > 1 && t.at(60) {
		a.mode = oneOf(t.r, []string{"broadcast", "broadcast", "queue"})
		var to []m
		for _, o := range offers {
			if z := best[o.agency]; z != nil {
				to, a.on[o.agency] = append(to, m{"recipient": z.recipient, "consent": z.id}), z
			}
		}
		req["mode"], req["candidates"] = a.mode, to
	} else {
		req["recipient"] = y.recipient
		if a.on[y.recipient] = best[y.recipient]; best[y.recipient] != nil {
			req["consent"] = best[y.recipient].id
		}
		for _, o := range offers {
			if o.service == y.service && o.agency != y.recipient && best[o.agency] != nil && t.at(50) {
				req["then"] = []m{{"recipient": o.agency}}
			}
		}
	}
	if y.service == "legal_assistance_service" && slices.Contains(y.categories, "incident") && t.at(70) {
		req["needs"], req["opposing_party"] = m{"conflict_check": true}, []string{what}
	}
	r, ok := t.tell("request", t.here(c), c, "/v1/cases/"+c.id+"/requests", m{"requests": []m{req}})
	if !ok || len(r.Referrals) == 0 {
		return
	}
	a.id = r.Referrals[len(r.Referrals)-1].ID
	c.asks = append(c.asks, a)
}

// taken is the referral after an agency took it.
func (a *ask) taken(agency string) {
	y := a.on[agency]
	a.holder, a.held, a.ended, a.roomShut = agency, true, false, false
	a.on = map[string]*yes{agency: y}
	if a.answer != "" && !a.no {
		a.answer = ""
	}
}

func (a *ask) over() { a.held, a.ended = false, true }

func (t *town) reply() {
	a := t.ask(func(a *ask) bool { return !a.held && !a.ended })
	if a == nil {
		return
	}
	agency := oneOf(t.r, a.agencies())
	p := t.there(a)
	if p == nil || agency == "" {
		return
	}
	path := "/v1/referrals/" + a.id
	switch n := t.r.IntN(100); {
	case n < 8:
		t.tell("receive", p, a.aCase, path+"/receive", m{})
	case n < 75:
		if _, ok := t.tell("accept", p, a.aCase, path+"/accept", m{}); ok {
			a.taken(p.Principal.Agency)
		}
	case n < 88:
		if _, ok := t.tell("decline", p, a.aCase, path+"/decline", m{"reason": oneOf(t.r, []string{"at_capacity", "not_eligible", "wrong_recipient", "other"})}); ok {
			t.refreshed(a)
		}
	default:
		if head := t.colleague(agency, "supervisor"); head != nil {
			if _, ok := t.tell("review", head, a.aCase, path+oneOf(t.r, []string{"/confirm-denial", "/return-denial"}), m{}); ok {
				t.refreshed(a)
			}
		}
	}
}

// refreshed is for what several steps may end: the referral is read as its desk sees it.
func (t *town) refreshed(a *ask) {
	head := t.who(func(p *person) bool { return p.of(a.desk) && p.is("supervisor") })
	if answer, r := t.get(head, "/v1/referrals/"+a.id); answer.Status == http.StatusOK && (r.Status == "declined" || r.Status == "expired") {
		a.over()
	}
}

func (t *town) assign() {
	a := t.ask(func(a *ask) bool { return a.held && a.offer().room != "" && len(a.hands) < 3 })
	if a == nil || a.holder == "" || a.offer().role == "" {
		return
	}
	to := t.colleague(a.holder, a.offer().role)
	by := to
	if t.at(60) || a.worker() != nil {
		by = t.colleague(a.holder, "focal_point", "supervisor")
	}
	if to == nil || by == nil {
		return
	}
	if _, ok := t.tell("assign", by, a.aCase, "/v1/referrals/"+a.id+"/assign", m{"worker": to.Subject}); ok {
		a.hands = append(a.hands, to)
	}
}

func (t *town) schedule() {
	a := t.ask(func(a *ask) bool { return a.held })
	if a == nil || a.holder == "" {
		return
	}
	p, path := t.reports(a), "/v1/referrals/"+a.id
	if p == nil {
		return
	}
	switch t.r.IntN(4) {
	case 0:
		t.tell("no-show", p, a.aCase, path+"/no-show", m{})
	case 1:
		t.tell("cancel-appointment", p, a.aCase, path+"/cancel-appointment", m{})
	default:
		t.tell("schedule", p, a.aCase, path+"/schedule", m{"appointment": t.appointed(a)})
	}
}

// reports is who says how a referral goes on: its agency, or her desk where that one has
// no account.
func (t *town) reports(a *ask) *person {
	if a.holder == village {
		return t.here(a.aCase)
	}
	return t.there(a)
}

func (t *town) contact() {
	a := t.ask(func(a *ask) bool { return a.held })
	if a == nil || a.holder == "" {
		return
	}
	p := t.reports(a)
	if p == nil {
		return
	}
	result := oneOf(t.r, []string{"reached", "not_reached", "unsafe_to_reach", "unsafe_to_reach"})
	if _, ok := t.tell("contact", p, a.aCase, "/v1/referrals/"+a.id+"/contact", m{"result": result}); ok && result == "unsafe_to_reach" {
		a.shut = true
	}
}

func (t *town) report() {
	a := t.ask(func(a *ask) bool { return a.held })
	if a == nil || a.holder == "" {
		return
	}
	p, path := t.reports(a), "/v1/referrals/"+a.id
	if p == nil {
		return
	}
	switch t.r.IntN(3) {
	case 0:
		t.tell("start", p, a.aCase, path+"/start", m{})
	case 1:
		t.tell("continue", p, a.aCase, path+"/continue", m{})
	default:
		if t.at(50) {
			return
		}
		outcome := oneOf(t.r, []string{"needs_met", "needs_partly_met", "needs_not_met", "no_contact", "survivor_ended"})
		if _, ok := t.tell("complete", p, a.aCase, path+"/complete", m{"outcome": outcome}); ok {
			a.over()
		}
	}
}

func (t *town) cancel() {
	a := t.ask(func(a *ask) bool { return !a.ended })
	if a == nil {
		return
	}
	path, reason := "/v1/referrals/"+a.id, oneOf(t.r, []string{"survivor_declined", "no_longer_needed", "made_in_error", "unsafe_to_continue", "other"})
	if t.at(12) {
		if _, ok := t.tell("enter-in-error", t.here(a.aCase), a.aCase, path+"/enter-in-error", m{}); ok {
			a.over()
			a.no = true
		}
		return
	}
	p := t.here(a.aCase)
	if t.at(40) {
		p = t.there(a)
	}
	if p == nil {
		return
	}
	r, ok := t.tell("cancel", p, a.aCase, path+"/cancel", m{"reason": reason})
	no := ok && p.of(a.desk) && slices.Contains([]string{"survivor_declined", "unsafe_to_continue", "made_in_error"}, reason)
	if !ok || !no && r.Status == "cancellation_requested" {
		return // the desk only asked
	}
	a.over()
	a.no = a.no || no
}

func (t *town) outcome() {
	a := t.ask(func(a *ask) bool { return a.ended && a.holder != "" })
	if a == nil {
		return
	}
	p := t.here(a.aCase)
	if t.at(30) {
		if p = t.there(a); p == nil {
			return
		}
	}
	t.tell("outcome", p, a.aCase, "/v1/referrals/"+a.id+"/outcome", m{"outcome": oneOf(t.r, []string{"helped", "partly_helped", "not_helped", "declined_to_say"})})
}

func (t *town) acknowledge() {
	a := t.ask(func(a *ask) bool { return a.no && a.holder != "" })
	if a == nil || a.holder == "" {
		return
	}
	p := t.reports(a)
	if p == nil {
		return
	}
	body := m{"erasure": oneOf(t.r, []string{"deleted", "kept_by_her_wish"})}
	if t.at(40) {
		body = m{"erasure": "kept_by_law", "ground": t.ground(a), "until": t.now().Add(9 * day).Format(time.RFC3339), "she_was_told": t.at(50)}
	}
	t.tell("acknowledge", p, a.aCase, "/v1/referrals/"+a.id+"/acknowledge", body)
}

func (t *town) write() {
	a := t.ask(func(a *ask) bool { return a.room() != "" && a.worker() != nil })
	if a == nil || a.room() == "" || a.works > 8 {
		return
	}
	p := a.worker()
	if p == nil || t.at(15) {
		if p = t.there(a); p == nil {
			return
		}
	}
	work, now := a.room(), t.now().Format(time.RFC3339)
	var path string
	var body m
	n := t.r.IntN(4)
	switch a.offer().role {
	case "lawyer":
		switch {
		case a.works == 0:
			path, body = "/conflict-check", m{"client": []string{t.written(a, "her name in a conflict check", false)}}
		case n == 0 && len(a.orders) > 0:
			path, body = "/protection-orders/result", m{"application": oneOf(t.r, a.orders), "result": "granted"}
		case n < 3:
			path, body = "/advice", m{"topic": "protection", "summary": t.written(a, "an advice", false)}
		default:
			path, body = "/protection-orders", m{"court": t.written(a, "the court of an order", true), "measures": t.written(a, "what is asked of a court", false)}
		}
	case "counsellor":
		switch {
		case n < 1 && len(a.entries) > 0:
			path, body = "/amend", m{"entry": oneOf(t.r, a.entries), "reason": "correction", "session": m{"kind": "remote", "attendance": "attended", "notes": t.written(a, "notes of a session", false)}}
		case n < 3:
			path, body = "/sessions", m{"kind": "remote", "attendance": oneOf(t.r, []string{"attended", "no_show"}), "notes": t.written(a, "notes of a session", false)}
		default:
			path, body = "/safety-plan", m{"plan": t.written(a, "a safety plan", false)}
		}
	case "examiner":
		switch n {
		case 0, 1:
			path, body = "/record", m{"examined_at": now, "findings": t.written(a, "findings", false), "examiner_credential": t.written(a, "a credential", false)}
		case 2:
			path, body = "/exhibits", m{"kind": "swab", "seal_number": "S-" + uuid.NewString()[:8], "description": t.written(a, "an exhibit", false)}
		default:
			path, body = "/certificate", m{"opinion": "consistent_with", "text": t.written(a, "a certificate", false)}
		}
	default:
		return
	}
	if t.at(6) {
		path, body = "/contact-problem", m{}
	}
	if _, ok := t.tell("write", p, a.aCase, work+path, body); ok {
		a.works++
		if _, r := t.get(p, work); len(r.Orders)+len(r.Sessions) > 0 {
			a.orders, a.entries = nil, nil
			for _, o := range r.Orders {
				a.orders = append(a.orders, o.Application)
			}
			for _, s := range r.Sessions {
				a.entries = append(a.entries, s.ID)
			}
			a.readers[p] = true
		}
	}
}

func (t *town) closeWork() {
	a := t.ask(func(a *ask) bool { return a.held && a.worker() != nil && a.works > 0 })
	if a == nil || a.room() == "" || a.worker() == nil {
		return
	}
	if _, ok := t.tell("close work", a.worker(), a.aCase, a.room()+"/close", m{"outcome": oneOf(t.r, []string{"needs_met", "needs_not_met"})}); ok {
		a.over()
		a.roomShut = true
	}
}

func (t *town) ending() {
	a := t.ask(func(a *ask) bool { return a.no && a.worker() != nil && a.answer == "" })
	if a == nil || a.room() == "" || a.worker() == nil {
		return
	}
	said := oneOf(t.r, []string{"end", "keep"})
	if _, ok := t.tell("ending", a.worker(), a.aCase, a.room()+"/ending", m{"answer": said}); ok {
		a.answer = said
	}
}

func (t *town) packet() {
	a := t.ask(func(a *ask) bool { return a.held })
	if a == nil {
		return
	}
	if p := t.there(a); p != nil {
		t.tell("packet", p, a.aCase, "/v1/disclosures", m{"referral": a.id})
	}
}

func (t *town) amend() {
	c := t.theCase(func(*aCase) bool { return true })
	if c == nil {
		return
	}
	body, said := m{"reason": oneOf(t.r, []string{"correction", "change"})}, map[string]string{}
	before := map[string]string{}
	for field := range c.texts {
		before[field] = c.texts[field]
	}
	if t.at(60) {
		said["phone"], said["safe_note"] = t.said(c, "phone", "contact", t.number), t.said(c, "safe_note", "contact", t.secret)
		body["contact"] = m{"phone": said["phone"], "safe_note": said["safe_note"]}
	} else {
		said["narrative"] = t.said(c, "narrative", "narrative", t.secret)
		body["narrative"] = said["narrative"]
	}
	if _, ok := t.tell("amend", t.here(c), c, "/v1/cases/"+c.id+"/amend", body); !ok {
		for field := range said {
			c.texts[field] = before[field]
		}
	}
}

func (t *town) deskContact() {
	c := t.theCase(func(c *aCase) bool { return len(c.asks) > 0 })
	if c == nil {
		return
	}
	if c.shut || t.at(10) {
		if _, ok := t.tell("contact restored", t.here(c), c, "/v1/cases/"+c.id+"/contact/restore", m{}); ok {
			c.shut, c.shutAtDesk = false, false
		}
		return
	}
	if _, ok := t.tell("contact suspended", t.colleague(c.desk, "caseworker"), c, "/v1/cases/"+c.id+"/contact/suspend", m{}); ok {
		c.shut, c.shutAtDesk = true, true
	}
}

// lead is what who leads a desk does, and who has a case: it is given to a colleague, or
// kept out of searches.
func (t *town) lead() {
	c := t.theCase(func(c *aCase) bool { return !c.closed })
	if c == nil {
		return
	}
	p := t.here(c)
	if t.at(60) {
		p = t.colleague(c.desk, "supervisor")
	}
	if t.at(15) {
		c.restricted = t.at(70)
		t.tell("restrict", p, c, "/v1/cases/"+c.id+"/restrict", m{"restricted": c.restricted})
		return
	}
	to := t.colleague(c.desk, "caseworker")
	if _, ok := t.tell("hand over", p, c, "/v1/cases/"+c.id+"/hand-over", m{"to": to.Subject}); ok {
		c.owner = to
		c.owners = append(c.owners, to)
	}
}

func (t *town) merge() {
	c := t.theCase(func(*aCase) bool { return true })
	if c == nil {
		return
	}
	if c.into != nil {
		if _, ok := t.tell("unmerge", t.here(c), c, "/v1/cases/"+c.id+"/unmerge", m{}); ok {
			c.into = nil
		}
		return
	}
	d := t.theCase(func(d *aCase) bool { return d != c && d.desk == c.desk && d.owner == c.owner })
	if d == nil {
		return
	}
	switch {
	case t.at(50):
		t.tell("settle duplicate", t.here(c), c, "/v1/cases/"+c.id+"/duplicates/settle", m{"other": d.id})
	default:
		if _, ok := t.tell("merge", t.here(c), c, "/v1/cases/"+c.id+"/merge", m{"into": d.id}); ok {
			c.into = d
		}
	}
}

func (t *town) settleNeed() {
	a := t.ask(func(a *ask) bool { return !a.held })
	if a == nil {
		return
	}
	how := oneOf(t.r, []string{"no_longer_wanted", "met_elsewhere", "not_reached_safely"})
	if _, ok := t.tell("settle", t.here(a.aCase), a.aCase, "/v1/cases/"+a.aCase.id+"/settle", m{"referral": a.id, "settlement": how}); ok {
		a.settled[a.id] = true
		if how == "no_longer_wanted" {
			t.no(a.aCase, func(y *yes) bool {
				return a.on[y.recipient] != nil && y.service == a.service
			})
		}
	}
}

func (t *town) reroute() {
	a := t.ask(func(a *ask) bool { return a.ended && !a.closed })
	if a == nil {
		return
	}
	to := oneOf(t.r, slices.DeleteFunc(slices.Clone(offers), func(o offer) bool { return o.service != a.service }))
	if !slices.ContainsFunc(a.yeses, func(y *yes) bool { return y.recipient == to.agency && y.holds(t.now()) }) {
		t.agrees(a.aCase, to)
	}
	if _, ok := t.tell("reroute", t.here(a.aCase), a.aCase, "/v1/cases/"+a.aCase.id+"/reroute", m{"referral": a.id, "recipient": to.agency}); ok {
		t.discover(a.aCase)
	}
}

func (t *town) resume() {
	a := t.ask(func(a *ask) bool { return a.ended && a.holder != "" && !a.no })
	if a == nil || a.holder == "" {
		return
	}
	i := slices.IndexFunc(offers, func(o offer) bool { return o.agency == a.holder })
	if a.closed && t.at(70) {
		t.reopen(a.aCase)
	}
	t.agrees(a.aCase, offers[i])
	if _, ok := t.tell("resume", t.here(a.aCase), a.aCase, "/v1/cases/"+a.aCase.id+"/resume", m{"referral": a.id}); ok {
		a.ended = false
		for _, y := range a.yeses { // it goes on with what she said last
			if !y.no && y.recipient == a.holder && y.service == a.service && y.purpose == "service_delivery" {
				a.on[a.holder] = y
			}
		}
	}
}

func (t *town) reopen(c *aCase) {
	if _, ok := t.tell("reopen", t.here(c), c, "/v1/cases/"+c.id+"/reopen", m{}); ok {
		c.closed = false
	}
}

func (t *town) closeCase() {
	c := t.theCase(func(c *aCase) bool {
		return len(c.asks) > 0 && !slices.ContainsFunc(c.asks, func(a *ask) bool { return !a.ended && !a.no })
	})
	switch {
	case c == nil:
	case c.closed:
		t.reopen(c)
	case t.at(10):
		if _, ok := t.tell("case in error", t.here(c), c, "/v1/cases/"+c.id+"/enter-in-error", m{}); ok {
			c.closed, c.inError = true, true
			t.no(c, func(*yes) bool { return true })
		}
	default:
		if _, ok := t.tell("close", t.here(c), c, "/v1/cases/"+c.id+"/close", m{"reason": "survivor_request"}); ok {
			c.closed = true
		}
	}
}

func (t *town) search() {
	c := t.theCase(func(*aCase) bool { return true })
	if c == nil {
		return
	}
	p := t.colleague(oneOf(t.r, []string{journey.FrontDesk, secondDesk}), "caseworker", "supervisor")
	r, ok := t.tell("search", p, nil, "/v1/cases/search", m{"name": c.texts["name"], "reason": "she_called"})
	if !ok {
		return
	}
	for _, found := range r.Items {
		d := t.about(found.ID)
		if d == nil || !t.owns(p, d, false) || d.restricted {
			t.fail("nobody saw what is not for them", d, "%s searched and found %s", p, found.ID)
		}
	}
}

// staff is what happens to people: they are away, come back, are on duty, leave.
func (t *town) staff() {
	p := t.who(func(p *person) bool { return !p.is("coordinator", "operator", "supervisor") && !p.gone })
	head := t.who(func(q *person) bool { return q.of(p.Principal.Agency) && q.is("supervisor") })
	if head == nil {
		return
	}
	path := "/v1/workers/" + p.id
	switch n := t.r.IntN(10); {
	case n < 4:
		cover := t.who(func(q *person) bool { return q.of(p.Principal.Agency) && q != p && !q.gone && q.is(p.Roles...) })
		if cover == nil {
			return
		}
		until := t.now().Add(2 * day).Truncate(time.Second)
		if _, ok := t.tell("absent", head, nil, path+"/absent", m{"until": until.Format(time.RFC3339), "cover": cover.Subject}); ok {
			p.absent, p.cover = until, cover
		}
	case n < 6:
		if _, ok := t.tell("back", head, nil, path+"/back", m{}); ok {
			p.absent = time.Time{}
		}
	case n < 9:
		until := t.now().Add(day).Truncate(time.Second)
		if _, ok := t.tell("duty", head, nil, path+"/duty", m{"from": t.now().Add(-time.Second).Format(time.RFC3339), "until": until.Format(time.RFC3339)}); ok {
			p.duty = until
		}
	default:
		// Somebody stays, so that the town goes on.
		if rest := t.who(func(q *person) bool { return q != p && q.of(p.Principal.Agency) && q.is(p.Roles...) && !q.gone }); rest == nil {
			return
		}
		if _, ok := t.tell("leave", head, nil, path+"/leave", m{}); ok {
			p.gone = true
		}
	}
}

func (t *town) moveMailbox() {
	t.idle()
	t.collect()
	t.mailed()
	t.idle()
	t.stale("after the channels were replaced")
}

// strangers do what is not theirs.
func (t *town) strangers() {
	p := t.who(func(p *person) bool { return p.is("coordinator", "operator") })
	o := oneOf(t.r, offers)
	if p.Country != "GT" {
		if a, _ := t.post(p, "/v1/agencies/"+o.agency+"/suspend", m{}); a.Status < 300 {
			t.fail("nobody saw what is not for them", nil, "%s suspended %s", p, o.agency)
		}
	}
	if a := t.ask(func(*ask) bool { return true }); a != nil {
		q := t.who(func(q *person) bool {
			return !q.of(a.desk) && !slices.Contains(a.agencies(), q.Principal.Agency) && a.holder != ""
		})
		if q == nil {
			return
		}
		for _, path := range []string{"/accept", "/start", "/cancel", "/complete"} {
			body := map[string]m{"/cancel": {"reason": "other"}, "/complete": {"outcome": "needs_met"}}[path]
			if body == nil {
				body = m{}
			}
			if answer, _ := t.post(q, "/v1/referrals/"+a.id+path, body); answer.Status < 300 {
				t.fail("nobody saw what is not for them", a.aCase, "%s had success with %s of %s", q, path, a.id)
			}
		}
	}
}
