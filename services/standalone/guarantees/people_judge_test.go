package guarantees_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// judge looks at the whole town while everything is at rest.
func (t *town) judge() {
	t.t.Helper()
	t.idle()
	for _, c := range t.cases {
		t.discover(c)
	}
	t.idle()
	t.strict = true
	defer func() { t.strict = false }()
	t.stale("at rest")
	t.everybodyLooks()
	t.packets()
	lists := t.worklists()
	for _, c := range t.cases {
		t.somebodyActs(c, lists)
	}
	t.looksAreNoted()
}

// discover reads the referrals of a case that the network made itself: who is asked next
// when nobody took the first. Its owner reads the rest.
func (t *town) discover(c *aCase) {
	t.t.Helper()
	p := c.owner
	if p.gone {
		if p = p.cover; p == nil || p.gone {
			return
		}
	}
	answer, r := t.get(p, "/v1/cases/"+c.id)
	if answer.Status != http.StatusOK {
		return
	}
	if len(r.Consents) > 0 && r.Consents[0].Recipient != "" {
		c.readers[p] = true
	}
	for _, f := range r.Referrals {
		if f.Service == "" || slices.ContainsFunc(c.asks, func(a *ask) bool { return a.id == f.ID }) {
			continue
		}
		a := &ask{aCase: c, id: f.ID, service: f.Service, mode: f.Mode, on: map[string]*yes{}, readers: map[*person]bool{}}
		for _, y := range c.yeses {
			if y.id == f.Consent {
				a.on[y.recipient] = y
			}
		}
		for _, y := range a.on {
			a.no = y.no
		}
		c.asks = append(c.asks, a)
	}
}

var views = []string{"new", "queue", "due_soon", "overdue", "in_service", "waiting_for_outcome", "to_acknowledge", "consent_ending", "contact_closed"}

// everybodyLooks asks for everything as everybody. What they are shown is judged as it
// comes (listening).
func (t *town) everybodyLooks() {
	t.t.Helper()
	var paths []string
	for _, c := range t.cases {
		for _, part := range []string{"", "/timeline", "/plan", "/disclosures", "/looks"} {
			paths = append(paths, "/v1/cases/"+c.id+part)
		}
		for _, a := range c.asks {
			for _, part := range []string{"", "/history", "/invitations"} {
				paths = append(paths, "/v1/referrals/"+a.id+part)
			}
			for _, o := range offers {
				if o.room != "" && o.service == a.service {
					work := o.room + strings.TrimPrefix(a.id, "ref")
					paths = append(paths, work, work+"/history", work+"/looks")
				}
			}
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	lists := []string{"/v1/cases", "/v1/cases?attention=possible_duplicate", "/v1/referrals?limit=200", "/v1/referrals?role=sender&limit=200", "/v1/escalations", "/v1/workers", "/v1/searches", "/v1/agencies", "/v1/channels/" + village, "/v1/matters", "/v1/support-plans", "/v1/examinations"}
	for _, p := range t.people {
		for _, path := range lists {
			t.get(p, path)
		}
		for _, path := range paths {
			// Nearly all of it is asked for by those who are near; the others by chance.
			c := t.about(path)
			if near := p.of(c.desk) || slices.ContainsFunc(c.asks, func(a *ask) bool {
				return strings.Contains(path, strings.TrimPrefix(a.id, "ref_")) && (p.of(a.holder) || a.on[p.Principal.Agency] != nil)
			}); !near && !t.at(10) {
				continue
			}
			answer, r := t.get(p, path)
			if answer.Status == http.StatusOK && path == "/v1/cases/"+c.id && len(r.Consents) > 0 && r.Consents[0].Recipient != "" {
				c.readers[p] = true
				if !t.owns(p, c, true) {
					t.fail("nobody saw what is not for them", c, "%s reads her consents", p)
				}
			}
		}
	}
}

// packets asks for each packet as each person of each agency.
func (t *town) packets() {
	t.t.Helper()
	for _, a := range t.asks() {
		for _, p := range t.people {
			if !p.of(a.holder) && a.on[p.Principal.Agency] == nil && !t.at(8) {
				continue
			}
			answer, r := t.post(p, "/v1/disclosures", m{"referral": a.id})
			shown := answer.Status == http.StatusOK && r.Stage == "service"
			may := t.opens(p, a, "identity", true) || t.opens(p, a, "contact", true) || slices.ContainsFunc(least[a.service], func(k string) bool { return t.opens(p, a, k, true) }) ||
				t.opens(p, a, "safety_needs", true) || t.opens(p, a, "appointments", true)
			switch {
			case shown && a.no:
				t.fail("no packet is open after her no", a.aCase, "%s gets %s of %s", p, answer.Body, a.id)
			case shown && !may:
				t.fail("no packet is open after its end", a.aCase, "%s gets %s of %s", p, answer.Body, a.id)
			case shown:
				t.did["packet"]++
				for part, category := range map[string]string{"disability": "health", "unaccompanied": "safety_needs", "sex": "identity"} {
					var survivor map[string]json.RawMessage
					_ = json.Unmarshal(r.Packet["survivor"], &survivor)
					if survivor[part] != nil && !t.opens(p, a, category, true) {
						t.fail("nobody saw what is not for them", a.aCase, "%s is shown %s of %s", p, part, a.id)
					}
				}
			case may:
				t.fail("who helps her sees what she agreed to", a.aCase, "%s gets %d %s of %s", p, answer.Status, answer.Body, a.id)
			default:
				t.saw["packets refused"]++
			}
		}
	}
}

// onLists is what stands on the lists of an agency.
type onLists map[string]map[string]bool

func (l onLists) add(agency, list string, items []record) {
	key := agency + " " + list
	if l[key] == nil {
		l[key] = map[string]bool{}
	}
	for _, r := range items {
		l[key][r.ID] = true
	}
}

// any says whether something stands on one of an agency's lists of a kind.
func (l onLists) any(id, agency string, lists ...string) bool {
	for _, list := range lists {
		if l[agency+" "+list][id] {
			return true
		}
	}
	return false
}

// worklists reads all that people of the town can list.
func (t *town) worklists() onLists {
	t.t.Helper()
	l := onLists{}
	for _, agency := range t.offices() {
		p := t.who(func(p *person) bool { return p.of(agency) && !p.gone && p.is("supervisor") })
		if p == nil {
			continue
		}
		for _, role := range []string{"sender", "recipient"} {
			for _, view := range views {
				_, r := t.get(p, "/v1/referrals?limit=200&role="+role+"&view="+view)
				l.add(agency, role+" "+view, r.Items)
			}
		}
		if agency == journey.FrontDesk || agency == secondDesk {
			for _, what := range []string{"unmet_need", "contact_closed", "without_owner"} {
				_, r := t.get(p, "/v1/cases?limit=200&attention="+what)
				l.add(agency, what, r.Items)
			}
		}
	}
	return l
}

func (t *town) offices() (all []string) {
	for _, p := range t.people {
		if !slices.Contains(all, p.Principal.Agency) {
			all = append(all, p.Principal.Agency)
		}
	}
	return all
}

func listsOf(role string) (lists []string) {
	for _, v := range views {
		lists = append(lists, role+" "+v)
	}
	return lists
}

// lack is an end with which she did not get what she asked for.
func lack(r record, desk string) bool {
	switch r.Status {
	case "declined", "expired", "lapsed":
		return true
	case "cancelled":
		return r.CancelledBy != desk || r.CancelReason == "unsafe_to_continue" || r.CancelReason == "other"
	case "completed":
		return !helped(r)
	}
	return false
}

func helped(r record) bool {
	switch {
	case r.Status != "completed":
		return false
	case r.SurvivorOutcome == "not_helped":
		return false
	case r.SurvivorOutcome == "helped", r.SurvivorOutcome == "partly_helped":
		return true
	}
	return r.Outcome == "needs_met" || r.Outcome == "needs_partly_met" || r.Outcome == "transferred"
}

var openStatuses = []string{"requested", "received", "denial_pending", "accepted", "scheduled", "missed", "in_service", "cancellation_requested"}

// somebodyActs judges that nothing of a case is left lying.
func (t *town) somebodyActs(c *aCase, l onLists) {
	t.t.Helper()
	const name = "somebody must act, or there is a coded end"
	head := t.who(func(p *person) bool { return p.of(c.desk) && p.is("supervisor") })
	_, frame := t.get(head, "/v1/cases/"+c.id)
	last, going, good := map[string]record{}, map[string]bool{}, map[string]bool{}
	for _, f := range frame.Referrals {
		_, r := t.get(head, "/v1/referrals/"+f.ID)
		open := slices.Contains(openStatuses, r.Status)
		going[r.Service] = going[r.Service] || open
		good[r.Service] = good[r.Service] || helped(r)
		if r.Status != "entered_in_error" {
			last[r.Service] = r
		}
		i := slices.IndexFunc(c.asks, func(a *ask) bool { return a.id == f.ID })
		t.saw["referrals judged"]++
		switch {
		case r.ID == "":
			t.fail(name, c, "%s is not found by its desk", f.ID)
		case open:
			if !l.any(f.ID, c.desk, listsOf("sender")...) {
				t.fail(name, c, "%s is %s and on no list of its desk", f.ID, r.Status)
			}
			asked := []string{r.Recipient}
			for _, to := range r.Candidates {
				asked = append(asked, to.Agency)
			}
			for _, agency := range asked {
				if slices.Contains(t.offices(), agency) && !l.any(f.ID, agency, listsOf("recipient")...) {
					t.fail(name, c, "%s is %s and on no list of %s", f.ID, r.Status, agency)
				}
			}
			if i >= 0 && (c.asks[i].no && c.asks[i].held || c.asks[i].on[r.Recipient] != nil && !c.asks[i].on[r.Recipient].holds(t.now())) {
				t.fail("her no is final", c, "%s is %s after it", f.ID, r.Status)
			}
		case r.Status == "declined" && r.DeclineReason == "", r.Status == "cancelled" && (r.CancelReason == "" || r.CancelledBy == ""),
			r.Status == "completed" && r.Outcome == "", r.Status == "rerouted" && r.Successor == "",
			!slices.Contains([]string{"declined", "expired", "cancelled", "withdrawn", "lapsed", "completed", "entered_in_error", "rerouted"}, r.Status):
			t.fail(name, c, "%s is %s without a code that says why", f.ID, r.Status)
		}
		if r.Status == "lapsed" && !r.RenewBy.IsZero() && !l.any(f.ID, c.desk, "sender consent_ending") {
			t.fail(name, c, "%s rests until %s and is on no list", f.ID, r.RenewBy)
		}
		if r.ToAcknowledge {
			t.saw["to acknowledge"]++
			if !l.any(f.ID, c.desk, "sender to_acknowledge") || slices.Contains(t.offices(), r.Recipient) && !l.any(f.ID, r.Recipient, "recipient to_acknowledge") {
				t.fail(name, c, "of %s nobody said what became of copies, and it is on no list", f.ID)
			}
		}
		// Her no reaches who had her data: they are asked what became of them.
		if i >= 0 && c.asks[i].no && c.asks[i].holder != "" && !r.ToAcknowledge && r.Erasure == "" {
			t.fail("her no reaches who had her data", c, "%s of %s is %s, and nobody is asked what became of copies", f.ID, c.asks[i].holder, r.Status)
		}
		if i >= 0 && c.asks[i].no {
			t.saw["after her no"]++
		}
	}
	for service, r := range last {
		if lack(r, c.desk) && !going[service] && !good[service] && !c.settled[r.ID] && !c.closed {
			t.saw["unmet needs"]++
			if !l.any(c.id, c.desk, "unmet_need") {
				t.fail(name, c, "the need for %s is unmet (%s %s) and on no list", service, r.ID, r.Status)
			}
		}
	}
	if c.shut && !l.any(c.id, c.desk, "contact_closed") {
		t.fail(name, c, "her contact is closed, and that is on no list")
	}
	if c.owner.gone && !c.closed && !l.any(c.id, c.desk, "without_owner") {
		t.fail(name, c, "nobody has the case, and it is on no list")
	}
}

// looksAreNoted judges that who read what is in a case or in work is on record.
func (t *town) looksAreNoted() {
	t.t.Helper()
	read := func(c *aCase, path, agency string, readers map[*person]bool) {
		head := t.who(func(p *person) bool { return p.of(agency) && p.is("supervisor") })
		answer, err := head.Do(t.t.Context(), http.MethodGet, path+"/looks", nil, nil)
		if err != nil || answer.Status != http.StatusOK {
			t.fail("who looked is on record", c, "%s: %d %s %v", path, answer.Status, answer.Body, err)
			return
		}
		for p := range readers {
			t.saw["looks"]++
			if !strings.Contains(string(answer.Body), p.Subject) {
				t.fail("who looked is on record", c, "%s read %s, and that is not on record: %s", p, path, fmt.Sprintf("%.300s", answer.Body))
			}
		}
	}
	for _, c := range t.cases {
		read(c, "/v1/cases/"+c.id, c.desk, c.readers)
		for _, a := range c.asks {
			if len(a.readers) > 0 {
				read(c, a.room(), a.holder, a.readers)
			}
		}
	}
}
