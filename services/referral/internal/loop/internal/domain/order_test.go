package domain

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// room is the records that meet in a referral, and the use cases of the
// application as steps: each appends to its own record first and looks at the
// others' then.
type room struct {
	t         *rapid.T
	now       time.Time
	request   intakev1.ServiceRequested
	suspended map[string]bool
	referral  Referral
	consents  map[string]Consent
	renewed   map[string]string
	// transfers is how often the case went to another office, whether or not it was heard.
	transfers int
	history   []fact.Event
}

func newRoom(t *rapid.T, e intakev1.ServiceRequested) *room {
	return &room{t: t, now: noon, request: e, suspended: map[string]bool{}, consents: map[string]Consent{}, renewed: map[string]string{}}
}

func (n *room) agencies(name string) look.Fresh[Agency] {
	a := clinic()
	if n.suspended[name] {
		a.Declines = code.ServiceSuspended
	}
	a.TwoStepDenial = n.request.Urgency == code.Standard
	return look.Made(a)
}

// decide takes a decision and holds every step of it against the table.
func (n *room) decide(decide wish, by fact.By) error {
	by.At = n.now
	events, err := decide(n.referral, by)
	if err != nil && len(events) > 0 {
		n.t.Fatal("refused, and yet it happened")
	}
	for _, e := range events {
		e.At = n.now
		was, turn := n.referral.Status, n.referral.Turn
		n.referral = n.referral.Evolve(e)
		n.history = append(n.history, e)
		if is := n.referral.Status; is != was && is != code.Requested {
			if !lawful(was, is) {
				n.t.Fatalf("%s → %s", was, is)
			}
			if n.referral.Turn != turn+1 {
				n.t.Fatalf("%s → %s: turn %d after %d", was, is, n.referral.Turn, turn)
			}
		}
	}
	return err
}

// lawful reads the table: some verb leads from one status to another.
func lawful(from, to code.ReferralStatus) bool {
	for v, rule := range life {
		if slices.Contains(rule.from, from) && (rule.to == to || v == continues && slices.Contains(going, to)) {
			return true
		}
	}
	return false
}

// fact takes a fact, which must never fail, or a deadline, which may be early.
func (n *room) fact(decide wish) {
	if err := n.decide(decide, fact.By{}); err != nil && !errors.Is(err, ErrNotDue) {
		n.t.Fatalf("a fact was refused: %v", err)
	}
}

func (n *room) asked() map[string]string {
	of := map[string]string{}
	if n.request.Recipient != "" {
		of[n.request.Recipient] = n.request.Consent
	}
	for _, c := range n.request.Candidates {
		of[c.Agency] = c.Consent
	}
	maps.Copy(of, n.renewed)
	return of
}

// again is a consent that she gives now to an agency, in the place of one that she did
// not take back; false where she did.
func (n *room) again(agency string) (old, renewed string, ok bool) {
	old = n.asked()[agency]
	return old, fmt.Sprintf("%s+%04d", strings.SplitN(old, "+", 2)[0], len(n.history)), !n.consents[old].Ended()
}

func (n *room) renew(agency string) {
	old, consent, ok := n.again(agency)
	if !ok || n.referral.standingOf(agency).consent != old {
		return
	}
	e := intakev1.ReferralRenewed{
		Case: "case_1", Referral: n.request.Referral, Recipient: agency, Service: n.request.Service, Purpose: code.ServiceDelivery,
		Replaces: old, Consent: consent, Categories: []code.Category{code.Identity}, Expires: n.now.AddDate(0, 1, 0),
	}
	n.fact(func(r Referral, by fact.By) ([]fact.Event, error) { return r.OnReferralRenewed(by, e) })
	if n.referral.standingOf(agency).consent == consent {
		n.renewed[agency] = consent
	}
}

func (n *room) resume() {
	r := n.referral
	_, consent, ok := n.again(r.Recipient)
	if r.Recipient == "" || !ok {
		return
	}
	e := intakev1.ReferralResumed{
		Case: "case_1", Referral: r.Referral, Sender: r.Sender, Recipient: r.Recipient, Service: r.Service,
		Consent: consent, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity}, ConsentExpires: n.now.AddDate(0, 1, 0),
		Transfers: r.moved().Number,
	}
	n.fact(func(r Referral, by fact.By) ([]fact.Event, error) { return r.OnReferralResumed(by, e, n.agencies, shipped) })
	if n.referral.Consent == consent {
		n.renewed[r.Recipient] = consent
	}
}

// office is the desk of the case after so many transfers. It goes back and forth, too.
func office(transfers int) string {
	return []string{police, "north-office", "south-office"}[transfers%3]
}

// hears is one of the transfers of the case, in any order. One that comes too early comes
// again, and the same one again changes nothing.
func (n *room) hears(number int) {
	is := n.referral.moved().Number
	err := n.decide(func(r Referral, by fact.By) ([]fact.Event, error) {
		return r.OnCaseTransferred(by, transferred(number))
	}, fact.By{})
	early := !n.referral.Exists() || number > is+1
	if early != errors.Is(err, ErrUnknownYet) || !early && err != nil {
		n.t.Fatalf("transfer %d after %d: %v", number, is, err)
	}
	if got := n.referral.moved().Number; !early && got != max(is, number) || early && got != is {
		n.t.Fatalf("transfer %d after %d: %d", number, is, got)
	}
}

func transferred(number int) intakev1.CaseTransferred {
	return intakev1.CaseTransferred{
		Case: "case_1", Transfer: "transfer_1", From: office(number - 1), To: office(number), Number: number, Referrals: []string{"ref_1"},
	}
}

// contact closes her contact, or opens it.
func (n *room) contact(open bool) {
	if !n.referral.Exists() {
		return
	}
	n.fact(func(r Referral, by fact.By) ([]fact.Event, error) {
		if open {
			return r.OnContactRestored(by, intakev1.ContactRestored{Case: "case_1"})
		}
		return r.OnContactSuspended(by, intakev1.ContactSuspended{Case: "case_1"})
	})
}

func (n *room) requestAppends() {
	n.fact(func(r Referral, by fact.By) ([]fact.Event, error) {
		return r.OnServiceRequested(by, n.request, n.agencies, shipped)
	})
}

func (n *room) requestLooks() {
	of := n.asked()
	for _, agency := range slices.Sorted(maps.Keys(of)) {
		n.fact(func(r Referral, _ fact.By) ([]fact.Event, error) { return r.AgencyGone(agency, n.agencies(agency)) })
		if n.consents[of[agency]].Ended() {
			n.consentEnds(of[agency])
		}
	}
}

func (n *room) consentEnds(id string) {
	n.fact(func(r Referral, _ fact.By) ([]fact.Event, error) { return r.ConsentEnds(id) })
}

func (n *room) withdrawalAppends(id string) {
	events, err := n.consents[id].OnConsentWithdrawn(fact.By{At: n.now}, intakev1.ConsentWithdrawn{Case: "case_1", Consent: id})
	if err != nil {
		n.t.Fatal(err)
	}
	n.consents[id] = fold(n.consents[id], n.now, events)
}

func (n *room) withdrawalLooks(id string) {
	if slices.Contains(ByConsent.Keys(n.referral), fact.Key(id)) {
		n.consentEnds(id)
	}
}

func (n *room) suspend(agency string) {
	n.suspended[agency] = true
	if Asked(agency).Holds(n.referral) {
		n.fact(func(r Referral, _ fact.By) ([]fact.Event, error) { return r.AgencyGone(agency, n.agencies(agency)) })
	}
}

// holds checks what must be true of a referral at every instant.
func (n *room) holds() {
	r := n.referral
	if !r.Exists() {
		return
	}
	for i := range 3 {
		if is := office(i); r.Visible(at(is, n.now)) != (is == r.Sender) || r.Sender != office(r.moved().Number) {
			n.t.Fatalf("%s is the sender, and %s sees it: %t", r.Sender, is, r.Visible(at(is, n.now)))
		}
		for _, keys := range [][]string{ByDue.Keys(r), ByStatus.Keys(r), ByCase.Keys(r), ByView.Keys(r), ByWorker.Keys(r)} {
			if is := office(i); is != r.Sender && slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, fact.Key(is, "")) }) {
				n.t.Fatalf("%s lists it, and is not the sender", is)
			}
		}
	}
	consents := map[string]string{r.Recipient: r.Consent}
	for _, c := range r.Candidates {
		if r.Recipient != "" {
			n.t.Fatal("somebody has it, and others are asked")
		}
		consents[c.Agency] = c.Consent
	}
	of := n.asked()
	for agency, consent := range of {
		sees := r.Visible(at(agency, n.now))
		if known, has := consents[agency]; sees != has || has && known != consent {
			n.t.Fatalf("%s sees it: %t, on %q", agency, sees, known)
		}
		v, _ := r.View(at(agency, n.now)).(ReferralView)
		told := sees && (v.Consent != "" || v.Purpose != "" || v.Case != "" || len(v.Categories) > 0)
		holder := r.taken() && r.Recipient == agency
		if told != holder {
			n.t.Fatalf("%s is told: %t, and holds it: %t, in %s", agency, told, holder, r.Status)
		}
		if told && n.consents[consent].Ended() {
			n.t.Fatalf("%s is told on a consent that was withdrawn", agency)
		}
	}
	if r.Open() && r.Recipient == "" && len(r.Candidates) == 0 {
		n.t.Fatal("open, and nobody is asked: it is lost")
	}
	if r.Open() && len(r.Deadlines()) == 0 {
		n.t.Fatal("open, and nobody will ever look at it again: it is lost")
	}
	for _, d := range Dues {
		if due := d.at(r); !due.IsZero() {
			if events, err := d.come(r, system(due)); err != nil || len(events) == 0 {
				n.t.Fatalf("%s comes and changes nothing, so it comes for ever: %v, in %s", d.Name, err, r.Status)
			}
		}
	}
	if !r.contactClosed().IsZero() && (!r.contactBy().IsZero() || !r.serviceBy().IsZero()) {
		n.t.Fatal("a clock presses somebody to reach her, and it is not safe")
	}
	if r.mustAcknowledge() && len(r.Deadlines()) == 0 && r.AtNetwork().IsZero() {
		n.t.Fatal("nobody is asked what became of the copies")
	}
	if (r.Open() || r.Holds() || r.mustAcknowledge()) == r.Closed() {
		n.t.Fatalf("%s: open %t, holds %t, closed %t", r.Status, r.Open(), r.Holds(), r.Closed())
	}
}

// once checks that every deadline came once and none early.
func (n *room) once() {
	seen := map[string]bool{}
	var policy referralv1.Policy
	for _, e := range n.history {
		name, due := "", time.Time{}
		switch d := e.Data.(type) {
		case referralv1.Requested:
			policy = d.Policy
		case referralv1.Resumed:
			policy = d.Policy
			clear(seen)
		case referralv1.Recalled:
			maps.DeleteFunc(seen, func(name string, _ bool) bool { return strings.HasPrefix(name, "let go") })
		case referralv1.Renewed, referralv1.ContactOpened:
			delete(seen, "overdue contact")
			delete(seen, "overdue service")
		case referralv1.Reminded:
			if d.Kind == code.ToLetGo {
				name = "let go " + strconv.Itoa(d.Number)
				break
			}
			name, due = "reminder "+d.Agency+strconv.Itoa(d.Number), policy.Reminders[d.Number-1]
		case referralv1.Escalated:
			if d.Kind == code.ToLetGo {
				name = "let go " + string(d.Step)
				break
			}
			name = "step " + string(d.Step)
			due = policy.Ladder[slices.IndexFunc(policy.Ladder, func(g referralv1.Rung) bool { return g.Step == d.Step })].At
		case referralv1.Expired:
			name, due = "expiry", policy.ExpiresAt
		case referralv1.Overdue:
			name, due = "overdue "+string(d.Kind), d.Due
		case referralv1.Reopened:
			delete(seen, "overdue contact")
			delete(seen, "overdue service")
		}
		if name == "" {
			continue
		}
		if seen[name] {
			n.t.Fatalf("%s came twice", name)
		}
		if seen[name] = true; e.At.Before(due) {
			n.t.Fatalf("%s came early", name)
		}
	}
}

// requests are requests of every mode and urgency.
func requests() *rapid.Generator[intakev1.ServiceRequested] {
	return rapid.Custom(func(t *rapid.T) intakev1.ServiceRequested {
		e := serviceRequested()
		e.Urgency = rapid.SampledFrom(code.Urgencies).Draw(t, "urgency")
		if e.Mode = rapid.SampledFrom(code.ReferralModes).Draw(t, "mode"); e.Mode == code.Directed {
			return e
		}
		e.Recipient, e.Consent, e.Categories, e.ConsentExpires = "", "", nil, time.Time{}
		for i := range rapid.IntRange(1, 4).Draw(t, "candidates") {
			e.Candidates = append(e.Candidates, candidateOf(i))
		}
		return e
	})
}

func candidateOf(i int) intakev1.Candidate {
	n := strconv.Itoa(i)
	return intakev1.Candidate{
		Agency: "agency-" + n, Consent: "cons_" + n, Categories: []code.Category{code.Contact},
		ConsentExpires: noon.AddDate(0, 0, 3*(i+1)),
	}
}

// dues are the deadlines by name, as they are delivered.
var dues = func() map[string]wish {
	m := map[string]wish{}
	for _, due := range Dues {
		m[due.Name] = due.Decide
	}
	return m
}()

// After a pause all deadlines are delivered at once. In whatever order they are,
// the referral's history is the one that it would have without the pause.
func TestDeadlinesComeInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Referral{}
		e := requests().Draw(t, "request")
		if e.Mode == code.Directed {
			e.ConsentExpires = noon.Add(time.Duration(rapid.IntRange(1, 14*24).Draw(t, "hours of consent")) * time.Hour)
		}
		events, err := r.OnServiceRequested(system(noon), e, only(clinic()), shipped)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			e.At = noon
			r = r.Evolve(e)
		}
		if r.Recipient != "" && rapid.Bool().Draw(t, "accepted") {
			if events, err = r.Accept(at(r.Recipient, noon), Accept{}, unended); err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				e.At = noon
				r = r.Evolve(e)
			}
		}
		// tell delivers what has come by an instant, in an order that is drawn.
		tell := func(r Referral, now time.Time) (Referral, []fact.Event) {
			var told []fact.Event
			for _, name := range rapid.Permutation(slices.Sorted(maps.Keys(dues))).Draw(t, "order") {
				events, err := dues[name](r, system(now))
				if err != nil && !errors.Is(err, ErrNotDue) {
					t.Fatal(err)
				}
				for _, e := range events {
					e.At = now
					r = r.Evolve(e)
				}
				told = append(told, events...)
			}
			return r, told
		}
		// Before a time of grace is over: how its end is pressed for counts from that instant.
		end := noon.AddDate(0, 0, 29)
		_, atOnce := tell(r, end)
		var step []fact.Event
		for {
			next := time.Time{}
			for _, d := range r.Deadlines() {
				if next.IsZero() || d.At.Before(next) {
					next = d.At
				}
			}
			if next.IsZero() || next.After(end) {
				break
			}
			var events []fact.Event
			r, events = tell(r, next)
			step = append(step, events...)
		}
		if d := cmp.Diff(step, atOnce); d != "" {
			t.Fatalf("(-one by one +at once):\n%s", d)
		}
	})
}

// tell lets the room tell of a referral that does its service.
func tell(says func(tells, Referral) wish) wish {
	return func(r Referral, by fact.By) ([]fact.Event, error) { return says(rooms[r.Service], r)(r, by) }
}

// Whatever is delivered, however often, in whatever order and at whatever time,
// while agencies do what they like: no illegal step, no lost referral, one
// holder at most, and nobody is told on a consent that has ended.
func TestAnyOrder(t *testing.T) {
	work := []wish{
		tell(func(room tells, r Referral) wish { return room.started(told(r, 0)) }),
		tell(func(room tells, r Referral) wish { return room.closed(told(r, 0)) }),
		tell(func(room tells, r Referral) wish { return room.closed(told(r, r.Turn)) }), // of this round
		tell(func(room tells, r Referral) wish { return room.ended(told(r, r.Turn), code.DataClosed) }),
		tell(func(room tells, r Referral) wish { return room.notReached(told(r, r.Turn)) }),
		func(r Referral, _ fact.By) ([]fact.Event, error) {
			if !r.Exists() {
				return nil, nil // nobody asks somebody else before
			}
			e := instead()
			e.Replaces, e.Service = r.Referral, r.Service
			return r.Reroute(e)
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		request := requests().Draw(t, "request")
		request.Service = rapid.SampledFrom(slices.Sorted(maps.Keys(rooms))).Draw(t, "service")
		n := newRoom(t, request)
		names := slices.Sorted(maps.Keys(n.asked()))
		actors := append([]string{police, office(1), office(2), stranger}, names...)
		agency, seconds := rapid.SampledFrom(names), rapid.Int64Range(1, 4*24*3600)
		verb, due := rapid.SampledFrom(slices.Sorted(maps.Keys(verbs))), rapid.SampledFrom(slices.Sorted(maps.Keys(dues)))
		command := func(t *rapid.T) {
			by := fact.By{
				Agency: rapid.SampledFrom(actors).Draw(t, "agency"), Principal: rapid.SampledFrom([]string{"one", "two"}).Draw(t, "who"),
			}
			if rapid.Bool().Draw(t, "supervises") {
				by.Roles = []string{"supervisor"}
			}
			name := verb.Draw(t, "verb")
			do := verbs[name]
			if name == "schedule" {
				do = with(Referral.Schedule, Schedule{Appointment: n.now.Add(time.Hour)})
			}
			_ = n.decide(do, by) // a refusal is fine; decide holds what is not
		}
		t.Repeat(map[string]func(*rapid.T){
			"request": func(*rapid.T) { n.requestAppends(); n.requestLooks() },
			"withdraw": func(t *rapid.T) {
				id := n.asked()[agency.Draw(t, "of")]
				n.withdrawalAppends(id)
				n.withdrawalLooks(id)
			},
			"suspend": func(t *rapid.T) { n.suspend(agency.Draw(t, "agency")) },
			"time":    func(t *rapid.T) { n.now = n.now.Add(time.Duration(seconds.Draw(t, "seconds")) * time.Second) },
			"due":     func(t *rapid.T) { n.fact(dues[due.Draw(t, "deadline")]) },
			"work": func(t *rapid.T) {
				if n.referral.Recipient == "" {
					return // no room works on what nobody was asked to take
				}
				n.fact(work[rapid.IntRange(0, len(work)-1).Draw(t, "fact")])
			},
			"forged":  n.forged,
			"renew":   func(t *rapid.T) { n.renew(agency.Draw(t, "agency")) },
			"resume":  func(*rapid.T) { n.resume() },
			"contact": func(t *rapid.T) { n.contact(rapid.Bool().Draw(t, "open")) },
			"transfer": func(t *rapid.T) {
				n.transfers = min(n.transfers+rapid.IntRange(0, 1).Draw(t, "more"), 4)
				if n.transfers > 0 {
					n.hears(rapid.IntRange(1, n.transfers).Draw(t, "number"))
				}
			},
			"command": command,
			"another": command,
			"": func(*rapid.T) {
				n.holds()
				n.once()
			},
		})
		var again Referral
		for _, e := range n.history {
			again = again.Evolve(e)
		}
		if d := cmp.Diff(n.referral, again, cmpopts.EquateComparable(n.referral.Place)); d != "" {
			t.Fatalf("the journal tells another referral:\n%s", d)
		}
	})
}

// A request and the withdrawal of its consent end the same, in every
// interleaving of their steps, also when both are delivered twice.
func TestNoOrderLosesAWithdrawal(t *testing.T) {
	type step func(*room)
	request := []step{(*room).requestAppends, (*room).requestLooks}
	withdrawal := []step{
		func(n *room) { n.withdrawalAppends("cons_1") }, func(n *room) { n.withdrawalLooks("cons_1") },
	}
	rapid.Check(t, func(t *rapid.T) {
		n := newRoom(t, serviceRequested())
		deliveries := [][]step{request, withdrawal}
		for range rapid.IntRange(0, 3).Draw(t, "redeliveries") {
			deliveries = append(deliveries, rapid.SampledFrom([][]step{request, withdrawal}).Draw(t, "again"))
		}
		for len(deliveries) > 0 {
			i := rapid.IntRange(0, len(deliveries)-1).Draw(t, "next")
			deliveries[i][0](n)
			if deliveries[i] = deliveries[i][1:]; len(deliveries[i]) == 0 {
				deliveries = slices.Delete(deliveries, i, i+1)
			}
		}
		if n.referral.Status != code.Withdrawn {
			t.Fatalf("the referral is %s", n.referral.Status)
		}
	})
}
