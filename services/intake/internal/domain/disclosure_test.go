package domain

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const opponent = "canary-opponent"

// The contract says what each service needs, so that people are not asked for more.
func TestContractSaysWhatEachServiceNeeds(t *testing.T) {
	text, err := api.Files.ReadFile("openapi/intake.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Needs map[string][]code.Category `yaml:"x-needs"`
		}
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	want := map[string][]code.Category{"every_service": basics}
	for service, needed := range programmetest.Shipped().Base().Least {
		want[string(service)] = needed
	}
	if diff := cmp.Diff(want, doc.Paths["/v1/cases/{id}/consents"]["post"].Needs); diff != "" {
		t.Errorf("the contract differs (-domain +contract):\n%s", diff)
	}
}

// under says once more, field by field, which category lets what be shown.
var under = map[string]code.Category{
	"/name":                          code.Identity,
	"/survivor/sex":                  code.Identity,
	"/survivor/age_band":             code.Identity,
	"/survivor/displacement":         code.Identity,
	"/survivor/marital_status":       code.Identity,
	"/survivor/unaccompanied":        code.SafetyNeeds,
	"/survivor/disability":           code.HealthData,
	"/contact/phone":                 code.Contact,
	"/contact/email":                 code.Contact,
	"/contact/safe_note":             code.Contact,
	"/contact/safe_channels":         code.Contact,
	"/contact/zone":                  code.Contact,
	"/contact/safe_hours":            code.Contact,
	"/contact/code_word":             code.Contact,
	"/contact/language":              code.Contact,
	"/contact/never_contact":         code.Contact,
	"/contact/danger_news/kind":      code.Contact,
	"/contact/danger_news/address":   code.Contact,
	"/incident/types":                code.Incident,
	"/incident/trafficking/acts":     code.Incident,
	"/incident/trafficking/means":    code.Incident,
	"/incident/trafficking/purposes": code.Incident,
	"/happened/earliest":             code.Incident,
	"/happened/latest":               code.Incident,
	"/incidents":                     code.Incident,
	"/opposing_party":                code.Incident,
	"/narrative":                     code.Narrative,
}

// leaves are the fields that a JSON object holds; a list is one field.
func leaves(t tb, v any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var node any
	if err := json.Unmarshal(raw, &node); err != nil {
		t.Fatal(err)
	}
	found := map[string]any{}
	var visit func(at string, node any)
	visit = func(at string, node any) {
		object, ok := node.(map[string]any)
		if !ok {
			found[at] = node
		}
		for name, child := range object {
			visit(at+"/"+name, child)
		}
	}
	visit("", node)
	return found
}

// disclose decides on a disclosure as the journal would, with nobody on any register.
func disclose(d *desk, agency, referral string) ([]fact.Event, error) {
	by := d.by()
	by.Agency = agency
	return discloseTo(d, by, referral, nil)
}

// discloseTo decides on a disclosure to a person, with those who are on the register.
func discloseTo(d *desk, by fact.By, referral string, staff map[string]worker.Present) ([]fact.Event, error) {
	has := d.state.HandOf(by, referral)
	act := Keeps(has, by, staff[worker.ID(by.Agency, by.Principal)], staff[has])
	events, err := d.state.Disclose(by, Disclose{Referral: referral}, work.Hands{Worker: has, Act: look.Made(act)}, basis)
	d.commit(events)
	return events, err
}

func referralsOf(c Case) []string {
	var ids []string
	for _, f := range c.Referrals {
		ids = append(ids, f.ID)
	}
	return ids
}

// referred is a desk that told everything, and asked a lawyer for whom a
// conflict check is asked, on a consent to these categories.
func referred(t tb, categories ...code.Category) (*desk, string) {
	t.Helper()
	d := open(t, everything())
	cmd := yes(legal, code.LegalAssistance)
	cmd.Categories = categories
	d.must(t)(do(d, Case.GiveConsent, cmd))
	r := ask(legal, code.LegalAssistance)
	if slices.Contains(categories, code.Incident) {
		r.Needs.ConflictCheck, r.OpposingParty = true, []string{opponent}
	}
	d.must(t)(do(d, plain(Case.RequestServices), please(r)))
	return d, d.state.Referrals[0].ID
}

// The table has every category, and every field of a case is under exactly one.
func TestEveryFieldIsUnderOneCategory(t *testing.T) {
	if d := cmp.Diff(slices.Sorted(slices.Values(code.Categories)), slices.Sorted(maps.Keys(covers))); d != "" {
		t.Errorf("categories (-list +table):\n%s", d)
	}
	f := Referral{OpposingParty: []string{opponent}}
	told := leaves(t, everything())
	told["/opposing_party"] = []any{opponent}
	// Whom she must not meet is under none: nobody but her desk is ever shown that.
	delete(told, "/must_not_meet/agencies")
	delete(told, "/must_not_meet/persons")
	first := IncidentShown{Type: code.Rape, Happened: everything().Happened}
	told["/incidents"] = leaves(t, Packet{Incidents: []IncidentShown{first}})["/incidents"]
	shown := map[string]code.Category{}
	for category, show := range covers {
		var p Packet
		show(&p, Case{ID: "case_1", Opening: everything()}, f)
		for at, value := range leaves(t, p) {
			if other, twice := shown[at]; twice {
				t.Errorf("%s is under %s and %s", at, other, category)
			}
			shown[at] = category
			if d := cmp.Diff(told[at], value); d != "" {
				t.Errorf("%s is shown otherwise than it was told:\n%s", at, d)
			}
		}
	}
	if d := cmp.Diff(under, shown); d != "" {
		t.Errorf("fields (-want +shown):\n%s", d)
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(shown))); d != "" {
		t.Errorf("fields (-told +shown):\n%s", d)
	}
}

// Whatever she consents to, nothing else is shown, at no stage.
func TestOnlyWhatSheConsentedTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		categories := rapid.SliceOfNDistinct(rapid.SampledFrom(code.Categories), 1, -1, rapid.ID).Draw(t, "categories")
		d, id := referred(t, categories...)
		status := rapid.SampledFrom(append(slices.Sorted(maps.Keys(news)), code.Requested)).Draw(t, "status")
		if status != code.Requested {
			d.must(t)(do(d, news[status], d.loop(id)))
		}
		caller := rapid.SampledFrom([]string{legal, legal, clinic, agency, ""}).Draw(t, "caller")
		events, err := disclose(d, caller, id)
		if len(events) == 0 {
			if caller == legal && slices.Contains(held, status) {
				t.Fatalf("nothing is shown: %v", err)
			}
			return
		}
		if caller != legal {
			t.Fatalf("shown to %q", caller)
		}
		for at := range leaves(t, events[0]) {
			if strings.Contains(at, "canary") || strings.Contains(at, everything().Contact.Phone) || events[0].Private != nil {
				t.Fatal("the event tells what was shown")
			}
		}
		by := d.by()
		by.Agency = caller
		s, ok := d.state.Shown(by, id, basis)
		if !ok {
			t.Fatal("disclosed, and nothing is shown")
		}
		if (s.Packet == nil) == (s.ConflictCheck == nil) || (s.Packet != nil) != slices.Contains(held, status) {
			t.Fatalf("%s is answered with %+v", status, s)
		}
		if s.Packet == nil {
			if !slices.Contains(categories, code.Incident) || !slices.Equal(s.ConflictCheck.OpposingParty, []string{opponent}) {
				t.Fatalf("a conflict check on %v: %+v", categories, s.ConflictCheck)
			}
			return
		}
		for at := range leaves(t, s.Packet) {
			if !slices.Contains(categories, under[at]) && at != "" {
				t.Fatalf("%s is shown, and she consented to %v", at, categories)
			}
		}
	})
}

// nothing, early, check and packet are what a caller may be told.
const (
	nothing = "not found"
	early   = "too early"
	check   = "conflict check"
	packet  = "packet"
)

// shown is what an agency is shown of a referral, nothing when that is nothing.
func shown(d *desk, agency, referral string) Shown {
	by := d.by()
	by.Agency = agency
	s, _ := d.state.Shown(by, referral, basis)
	return s
}

// told is what an agency is told of a referral, in a word.
func told(t *testing.T, d *desk, agency, referral string) string {
	t.Helper()
	by := d.by()
	by.Agency = agency
	events, err := disclose(d, agency, referral)
	switch knows := d.state.Knows(by, referral); {
	case err != nil:
		refused(t, events, err, ErrTooEarly)
		if !knows {
			t.Error("told to wait for what it may not know of")
		}
		return early
	case len(events) == 0:
		if knows {
			t.Error("known, and nothing is said")
		}
		return nothing
	case shown(d, agency, referral).Packet != nil:
		return packet
	default:
		return check
	}
}

// Where nothing may be shown of a referral that goes on, the agency is told why, nothing is
// recorded as shown, and a repeated request is told the same.
func TestNothingToShow(t *testing.T) {
	for name, c := range map[string]struct {
		service    code.Service
		categories []code.Category
		want       *fault.Error
	}{
		"contact alone, and it is closed":    {code.Food, []code.Category{code.Contact}, ErrContactClosed},
		"contact, and what it does not need": {code.Food, []code.Category{code.Narrative, code.Contact}, ErrContactClosed},
		"only what it does not need":         {code.Food, []code.Category{code.Narrative}, ErrNothingToShow},
		"something beside the contact":       {code.Food, []code.Category{code.Identity, code.Contact}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, everything())
			cmd := yes("provider-one", c.service)
			cmd.Categories = c.categories
			d.must(t)(do(d, Case.GiveConsent, cmd))
			d.must(t)(do(d, plain(Case.RequestServices), please(ask("provider-one", c.service))))
			id := d.state.Referrals[0].ID
			d.must(t)(do(d, news[code.Accepted], d.loop(id)))
			d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
			events, err := disclose(d, "provider-one", id)
			by := d.by()
			by.Agency = "provider-one"
			again := d.state.Withheld(by, id, basis)
			if c.want == nil {
				d.must(t)(events, err)
				if again != nil {
					t.Errorf("it is shown something, and told %v", again)
				}
				return
			}
			refused(t, events, err, c.want)
			if !errors.Is(again, c.want) {
				t.Errorf("told %v when it asks again", again)
			}
			by.Agency = legal
			if err := d.state.Withheld(by, id, basis); err != nil {
				t.Errorf("another agency is told %v", err)
			}
		})
	}
}

func TestStages(t *testing.T) {
	stage := map[code.ReferralStatus]string{
		code.Requested: check, code.Received: check, code.DenialPending: check,
		code.Accepted: packet, code.Scheduled: packet, code.Missed: packet, code.InService: packet, code.CancellationRequested: packet,
		code.Declined: nothing, code.Completed: nothing, code.Cancelled: nothing, code.Withdrawn: nothing,
		code.Expired: nothing, code.Lapsed: nothing, code.Rerouted: nothing, code.EnteredInError: nothing,
	}
	for _, status := range code.ReferralStatuses {
		for _, caller := range []string{legal, clinic, agency, ""} {
			for name, categories := range map[string][]code.Category{
				"with a check": {code.Incident, code.Identity}, "without": {code.Identity},
			} {
				t.Run(string(status)+"/"+caller+"/"+name, func(t *testing.T) {
					d, id := referred(t, categories...)
					if status != code.Requested {
						d.must(t)(do(d, news[status], d.loop(id)))
					}
					want := stage[status]
					switch {
					case caller != legal:
						want = nothing
					case want == check && name == "without":
						want = early
					}
					if got := told(t, d, caller, id); got != want {
						t.Errorf("%s, want %s", got, want)
					}
				})
			}
		}
	}
}

// accepted is a referral that the lawyer took.
func accepted(t *testing.T) (*desk, string) {
	t.Helper()
	d, id := referred(t, code.Categories...)
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	return d, id
}

func TestTrapWithdrawnBetweenSendAndAccept(t *testing.T) {
	d, id := referred(t, code.Categories...)
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
	if got := told(t, d, legal, id); got != nothing {
		t.Errorf("before it accepts: %s", got)
	}
	// The acceptance was on its way when she withdrew.
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	if got := told(t, d, legal, id); got != nothing {
		t.Errorf("after it accepted: %s", got)
	}
	// Another yes is for another request.
	d.must(t)(do(d, Case.GiveConsent, yes(legal, code.LegalAssistance)))
	if got := told(t, d, legal, id); got != nothing {
		t.Errorf("on another consent: %s", got)
	}
}

func TestTrapConsentForAnotherRecipient(t *testing.T) {
	d, id := accepted(t)
	// The clinic is consented to, and asked for something else.
	d.must(t)(do(d, Case.GiveConsent, yes(clinic, code.LegalAssistance)))
	d.must(t)(do(d, Case.GiveConsent, yes(clinic, code.ForensicExam)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(clinic, code.ForensicExam))))
	if got := told(t, d, clinic, id); got != nothing {
		t.Errorf("the clinic is told of the lawyer's referral: %s", got)
	}
	// A journal that says otherwise than the consent opens nothing.
	d.state.Referrals[0].Recipient = clinic
	for _, caller := range []string{legal, clinic} {
		if got := told(t, d, caller, id); got != nothing {
			t.Errorf("%s: %s", caller, got)
		}
	}
}

func TestTheEndOfConsentIsAtOnce(t *testing.T) {
	for name, end := range map[string]func(*desk){
		"withdrawn": func(d *desk) {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
		},
		"refused": func(d *desk) { d.must(t)(do(d, Case.RefuseConsent, no(legal, code.LegalAssistance))) },
		"run out": func(d *desk) { d.now = d.state.Consents[0].Expires },
	} {
		t.Run(name, func(t *testing.T) {
			d, id := accepted(t)
			d.now = d.state.Consents[0].Expires.Add(-time.Millisecond)
			if got := told(t, d, legal, id); got != packet {
				t.Fatalf("before: %s", got)
			}
			if end(d); told(t, d, legal, id) != nothing {
				t.Error("still shown")
			}
		})
	}
}

// A referral that was completed and is taken up again is shown again, also on a
// closed case.
func TestReopened(t *testing.T) {
	d, id := accepted(t)
	again := d.loop(id)
	again.Turn = 2
	d.must(t)(do(d, news[code.Completed], d.loop(id)))
	d.must(t)(do(d, Case.Close, Close{code.CloseReasons[0]}))
	if got := told(t, d, legal, id); got != nothing {
		t.Errorf("after the end: %s", got)
	}
	d.must(t)(d.reopen(again))
	if got := told(t, d, legal, id); got != packet {
		t.Errorf("taken up again: %s", got)
	}
}

func (d *desk) reopen(l referralv1.Loop) ([]fact.Event, error) {
	return do(d, Case.OnReopened, referralv1.Reopened{Loop: l, Consent: on(d.state, l)})
}

// Of several candidates each is asked on its own consent; who took it has it,
// and who said no or came too late has nothing.
func TestCandidates(t *testing.T) {
	lawyers := []string{"lawyers-one", "lawyers-two", "lawyers-three"}
	d := open(t, everything())
	r := Request{
		Service: code.LegalAssistance, Urgency: code.Urgent, Mode: code.Broadcast,
		Needs: intakev1.Needs{ConflictCheck: true}, OpposingParty: []string{opponent},
	}
	for i, name := range lawyers {
		cmd := yes(name, code.LegalAssistance)
		cmd.Categories = []code.Category{code.Incident, code.Categories[i]}
		d.must(t)(do(d, Case.GiveConsent, cmd))
		r.Candidates = append(r.Candidates, Choice{Recipient: name})
	}
	d.must(t)(do(d, plain(Case.RequestServices), please(r)))
	id := d.state.Referrals[0].ID
	look := func(when string, want ...string) {
		t.Helper()
		for i, name := range lawyers {
			if got := told(t, d, name, id); got != want[i] {
				t.Errorf("%s, %s: %s, want %s", when, name, got, want[i])
			}
		}
	}
	look("asked", check, check, check)
	no := referralv1.Released{Referral: id, Sender: agency, Agency: lawyers[0], Reason: code.ReleasedDeclined}
	d.must(t)(do(d, Case.OnReleased, no))
	if events := d.must(t)(do(d, Case.OnReleased, no)); len(events) > 0 {
		t.Error("released twice")
	}
	look("one said no", nothing, check, check)
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[2].ID}))
	look("one lost its consent", nothing, check, nothing)
	l := d.loop(id)
	l.Recipient = lawyers[1]
	d.must(t)(do(d, Case.OnAccepted, referralv1.Accepted{Loop: l, Consent: on(d.state, l)}))
	look("one took it", nothing, packet, nothing)
	if got := shown(d, lawyers[1], id); !slices.Equal(got.Categories, []code.Category{code.Incident, code.Contact}) || got.Packet.Name != "" || got.Packet.Contact.Phone == "" {
		t.Errorf("shown %+v", got)
	}
}

// The names stay in the private half, and need a check, a service that makes
// one and a consent to what happened.
func TestOpposingParty(t *testing.T) {
	d, _ := referred(t, code.Incident)
	e := d.history[len(d.history)-1]
	if raw, err := json.Marshal(e.Data); err != nil || strings.Contains(string(raw), opponent) {
		t.Errorf("the public half holds the name: %s %v", raw, err)
	}
	if diff := cmp.Diff(Onward{OpposingParty: []string{opponent}}, e.Private); diff != "" {
		t.Error(diff)
	}
	for name, c := range map[string]struct {
		change     func(*Request)
		categories []code.Category
		want       *fault.Error
		pointer    string
	}{
		"no check":        {func(r *Request) { r.Needs.ConflictCheck = false }, code.Categories, ErrOpposingParty, ""},
		"another service": {func(r *Request) { r.Service = code.Psychosocial }, code.Categories, ErrOpposingParty, ""},
		"a crowd":         {func(r *Request) { r.OpposingParty = make([]string, 11) }, code.Categories, ErrOpposingParty, ""},
		"nobody":          {func(r *Request) { r.OpposingParty = []string{"a", " "} }, code.Categories, ErrOpposingParty, "/1"},
		"no end":          {func(r *Request) { r.OpposingParty = []string{strings.Repeat("a", 201)} }, code.Categories, ErrOpposingParty, "/0"},
		"no consent":      {func(*Request) {}, []code.Category{code.Identity, code.Contact}, ErrOpposingUntold, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{})
			cmd := yes(legal, code.LegalAssistance)
			cmd.Categories = c.categories
			d.must(t)(do(d, Case.GiveConsent, cmd))
			r := ask(legal, code.LegalAssistance)
			r.Needs.ConflictCheck, r.OpposingParty = true, []string{opponent}
			c.change(&r)
			events, err := do(d, plain(Case.RequestServices), please(r))
			refused(t, events, err, c.want, "/requests/0/opposing_party"+c.pointer)
		})
	}
}

// Who is asked next is to make the check, too, and is told the name only where
// the consent of its own covers it.
func TestOpposingPartyOfTheNext(t *testing.T) {
	d, id := referred(t, code.Incident)
	for name, categories := range map[string][]code.Category{"lawyers-two": {code.Incident}, "lawyers-three": {code.Identity}} {
		cmd := yes(name, code.LegalAssistance)
		cmd.Categories = categories
		d.must(t)(do(d, Case.GiveConsent, cmd))
	}
	d.must(t)(do(d, news[code.Declined], d.loop(id)))
	for i, c := range []struct{ name, want string }{{"lawyers-two", check}, {"lawyers-three", early}} {
		d.must(t)(do(d, plain(Case.Reroute), Reroute{Referral: id, Recipient: c.name}))
		if got := told(t, d, c.name, d.state.Referrals[i+1].ID); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// What was disclosed is shown again as long as the consent allows it, whatever else
// was disclosed since; then to nobody.
func TestShownIsWhatSheAllowsNow(t *testing.T) {
	d, id := referred(t, code.Categories...)
	if got := shown(d, legal, id); got.ConflictCheck != nil || got.Packet != nil {
		t.Errorf("before anything was disclosed: %+v", got)
	}
	told(t, d, legal, id)
	then := shown(d, legal, id)
	if then.ConflictCheck == nil || then.Packet != nil {
		t.Fatalf("before acceptance: %+v", then)
	}
	d.now = d.now.Add(time.Minute)
	if diff := cmp.Diff(then, shown(d, legal, id)); diff != "" {
		t.Error(diff)
	}
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	told(t, d, legal, id)
	if got := shown(d, legal, id); got.Packet == nil || got.ConflictCheck != nil {
		t.Errorf("after acceptance: %+v", got)
	}
	if got := shown(d, clinic, id); got.Packet != nil {
		t.Errorf("another agency: %+v", got)
	}
	narrower := d.state
	narrower.Consents = slices.Clone(narrower.Consents)
	narrower.Consents[0].Categories = []code.Category{code.Contact}
	by := d.by()
	by.Agency = legal
	if got, ok := narrower.Shown(by, id, basis); !ok || !slices.Equal(got.Categories, []code.Category{code.Contact}) || got.Packet.Narrative != "" {
		t.Errorf("under a narrower consent: %+v", got)
	}
	narrower.Consents[0].Categories = nil
	if got, ok := narrower.Shown(by, id, basis); ok || got.Packet != nil {
		t.Errorf("under a consent to nothing: %+v", got)
	}
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID}))
	if got, ok := d.state.Shown(by, id, basis); ok || got.Packet != nil {
		t.Errorf("after her no: %+v", got)
	}
}

func TestLedger(t *testing.T) {
	d, id := accepted(t)
	for i := range 5 {
		d.now = noon.Add(time.Duration(i) * time.Minute)
		told(t, d, legal, id)
	}
	var got []string
	for first, pages := len(d.state.Disclosures)+7, 0; first > 0; pages++ {
		var page []Disclosure
		page, first = d.state.Ledger(first, 2)
		for _, s := range page {
			got = append(got, strconv.Itoa(s.At.Minute()))
			if s.Recipient != legal || s.Referral != id || s.Stage != code.ForService || !slices.Equal(s.Categories, code.Categories) {
				t.Errorf("%+v", s)
			}
		}
	}
	if want := []string{"4", "3", "2", "1", "0"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if page, before := (Case{}).Ledger(1, 50); page == nil || len(page) > 0 || before != 0 {
		t.Errorf("of nothing: %v %d", page, before)
	}
}

func TestByReferral(t *testing.T) {
	d := requested(t)
	want := []string{fact.Key(d.state.Referrals[0].ID), fact.Key(d.state.Referrals[1].ID)}
	if diff := cmp.Diff(want, ByReferral.Keys(d.state)); diff != "" {
		t.Error(diff)
	}
}

// A programme says what a service needs, and the packet holds no more.
func TestAProgrammeNarrowsThePacket(t *testing.T) {
	d := open(t, everything())
	cmd := yes(clinic, code.HealthMedical)
	cmd.Categories = code.Categories
	d.must(t)(do(d, Case.GiveConsent, cmd))
	d.must(t)(do(d, timely, please(Request{Recipient: clinic, Service: code.HealthMedical, Urgency: code.Standard})))
	id := d.state.Referrals[0].ID
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	by := fact.By{Principal: "nurse", Agency: clinic, At: d.now}
	narrow := made(func(f *programme.Fields) { f.Least.Is[code.HealthMedical] = []code.Category{code.HealthData} })
	for name, c := range map[string]struct {
		rules Rules
		want  bool
	}{"the base": {basis, true}, "a programme that says less": {narrow, false}} {
		if got := slices.Contains(d.state.allowed(d.state.Referrals[0], d.state.Consents[0], c.rules.of(d.state, by.At).Least), code.Incident); got != c.want {
			t.Errorf("%s: incident %t", name, got)
		}
	}
}
