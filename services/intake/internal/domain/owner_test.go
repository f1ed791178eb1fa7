package domain

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// The people of the desk: worker-1 opened the case.
var (
	ana = worker.ID(agency, "worker-1")
	eva = worker.ID(agency, "eva-osmonova")
	ida = worker.ID(agency, "ida-osmonova")
)

func present(w staff.Worker) worker.Present {
	w.Agency, w.Turn = agency, 1
	return worker.Present{Worker: w}
}

// hands are those of somebody who acts for who has the case, or does not.
func hands(c Case, act bool) work.Hands { return work.Hands{Worker: c.Owner, Act: look.Made(act)} }

// colleagues are the people of the desk, of whom ida has left.
func colleagues(h work.Hands, leads bool) Colleagues {
	return Colleagues{Hands: h, Leads: leads, Names: []string{"worker-1", "eva-osmonova", "ida-osmonova"}, Of: look.Made(map[string]worker.Present{
		ana: present(staff.Worker{ID: ana}), eva: present(staff.Worker{ID: eva}), ida: present(staff.Worker{ID: ida, Left: true}),
	})}
}

// on is a command that hangs on others, for a desk.
func seen[C, L any](decide func(Case, fact.By, C, L) ([]fact.Event, error), l L) func(Case, fact.By, C) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C) ([]fact.Event, error) { return decide(c, by, cmd, l) }
}

// Who opens a case has it; who is the network, or opened it before owners were noted, does
// not, and then a supervisor gives it to somebody.
func TestWhoOpensACaseHasIt(t *testing.T) {
	d := open(t, everything())
	if d.state.Owner != ana || d.state.Subject != "worker-1" {
		t.Errorf("%+v", d.state.Owned)
	}
	before := Case{}.Evolve(fact.Event{At: noon, Data: intakev1.CaseOpened{Case: "case_1", Agency: agency}, Private: Opened{Opening: everything()}})
	if diff := cmp.Diff([]code.Attention{code.WithoutOwner}, before.Waits()); diff != "" {
		t.Error(diff)
	}
	if v := before.View(d.by()).(View); v.Assigned || v.Name != "" {
		t.Errorf("%+v", v)
	}
	events, err := before.HandOver(d.by(), HandOver{To: "eva-osmonova"}, colleagues(hands(before, false), true))
	if err != nil || before.Evolve(events[0]).Owner != eva {
		t.Errorf("%v, %v", events, err)
	}
	// What was stored before is read as it was.
	var opened Opened
	if err := json.Unmarshal([]byte(`{"name":"canary-name","survivor":{"sex":"female"}}`), &opened); err != nil || opened.Name != "canary-name" || opened.Owner != "" {
		t.Errorf("%+v, %v", opened, err)
	}
}

// Who acts for the owner, by what the register says.
func TestOwns(t *testing.T) {
	d := open(t, Opening{})
	later := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		who      string
		me, them worker.Present
		left     bool
		want     bool
	}{
		"who has it":                      {"worker-1", present(staff.Worker{ID: ana}), present(staff.Worker{ID: ana}), false, true},
		"who has it, on no register":      {"worker-1", worker.Present{}, worker.Present{}, false, true},
		"who has it, and is away":         {"worker-1", present(staff.Worker{ID: ana, AbsentUntil: later}), present(staff.Worker{ID: ana, AbsentUntil: later}), false, true},
		"who had it, and has left":        {"worker-1", present(staff.Worker{ID: ana, Left: true}), present(staff.Worker{ID: ana, Left: true}), false, false},
		"who had it, left, and came back": {"worker-1", present(staff.Worker{ID: ana}), present(staff.Worker{ID: ana}), true, false},
		"who covers":                      {"eva-osmonova", present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, AbsentUntil: later, Cover: eva}), false, true},
		"who covers, and is not needed":   {"eva-osmonova", present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, Cover: eva}), false, false},
		"who covers for one who left":     {"eva-osmonova", present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana, Left: true, Cover: eva}), true, true},
		"somebody of the desk":            {"eva-osmonova", present(staff.Worker{ID: eva}), present(staff.Worker{ID: ana}), false, false},
		"nobody of the register":          {"zoe", worker.Present{}, worker.Present{}, false, false},
	} {
		k := d.state
		if c.left {
			k.OwnerLeft = noon
		}
		by := fact.By{Principal: c.who, Agency: agency, At: noon}
		if got := Owns(k, by, c.me, c.them); got != c.want {
			t.Errorf("%s: owns is %t", name, got)
		}
	}
	if Owns(Case{Agency: agency}, fact.By{Principal: "worker-1", Agency: agency}, worker.Present{}, worker.Present{}) {
		t.Error("somebody owns what nobody has")
	}
}

// The person on duty sees a case while its contact is closed, and at no other time.
func TestDuty(t *testing.T) {
	d := open(t, Opening{})
	by := fact.By{Principal: "eva-osmonova", Agency: agency, At: noon}
	on := present(staff.Worker{ID: eva, DutyFrom: noon, DutyUntil: noon.Add(time.Hour)})
	off := present(staff.Worker{ID: eva, DutyFrom: noon.Add(-time.Hour), DutyUntil: noon})
	elsewhere := on
	elsewhere.Agency = "other-desk"
	for _, closed := range []bool{false, true} {
		c := d.state
		if closed {
			c.ContactClosed = noon
		}
		for name, is := range map[string]struct {
			me   worker.Present
			want bool
		}{"on duty": {on, closed}, "after it": {off, false}, "at another desk": {elsewhere, false}} {
			if got := Sees(c, by, is.me, present(staff.Worker{ID: ana})); got != is.want {
				t.Errorf("%s, contact closed %t: sees is %t", name, closed, got)
			}
			if Owns(c, by, is.me, present(staff.Worker{ID: ana})) {
				t.Errorf("%s owns the case", name)
			}
		}
	}
}

// A case is given to a colleague by who has it, who covers, or a supervisor, and by nobody
// else. The colleague works there; of a misspelt one the names are told that are near.
func TestHandOver(t *testing.T) {
	for name, c := range map[string]struct {
		to         string
		act, leads bool
		err        *fault.Error
		near       []string
	}{
		"by who has it":             {to: "eva-osmonova", act: true},
		"by a supervisor":           {to: "eva-osmonova", leads: true},
		"by somebody else":          {to: "eva-osmonova", err: ErrNotTheOwner},
		"to one who left":           {to: "ida-osmonova", act: true, err: worker.ErrUnknown, near: []string{"eva-osmonova"}},
		"misspelt":                  {to: "eva-osmanova", leads: true, err: worker.ErrUnknown, near: []string{"eva-osmonova"}},
		"to nobody":                 {to: "somebody-else-entirely", leads: true, err: worker.ErrUnknown, near: []string{}},
		"somebody else, to nobody":  {to: "nobody", err: ErrNotTheOwner},
		"to somebody of the agency": {to: "worker-1", leads: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{})
			events, err := do(d, seen(Case.HandOver, colleagues(hands(d.state, c.act), c.leads)), HandOver{To: c.to})
			if c.err == nil {
				d.must(t)(events, err)
				if d.state.Subject != c.to || d.state.Owner != worker.ID(agency, c.to) {
					t.Errorf("%+v", d.state.Owned)
				}
				return
			}
			if c.near == nil {
				refused(t, events, err, c.err)
				return
			}
			refused(t, events, err, c.err, "/to")
			if diff := cmp.Diff(c.near, fault.Of(err).Near); diff != "" {
				t.Error(diff)
			}
		})
	}
	d := open(t, Opening{})
	k := colleagues(hands(d.state, true), false)
	k.Unread = fault.New(fault.Unavailable, "x", "x")
	if events, err := do(d, seen(Case.HandOver, k), HandOver{To: "zoe"}); !errors.Is(err, k.Unread) || events != nil {
		t.Errorf("one who perhaps cannot be read: %v, %v", events, err)
	}
}

// The public half names nobody as tokens do.
func TestHandOverIsPrivate(t *testing.T) {
	d := open(t, Opening{})
	events := d.must(t)(do(d, seen(Case.HandOver, colleagues(hands(d.state, true), false)), HandOver{To: "eva-osmonova"}))
	b, _ := json.Marshal(events[0].Data)
	if strings.Contains(string(b), "eva") || !cmp.Equal(events[0].Private, Handed{Owned: Owned{Owner: eva, Subject: "eva-osmonova"}}) {
		t.Errorf("%s, %v", b, events[0].Private)
	}
}

// A leaver has nothing at once: the case stands on the supervisor's list, until it is given
// to somebody. What the register says of others changes nothing.
func TestALeaverIsRemoved(t *testing.T) {
	d := open(t, Opening{})
	waits := func() bool {
		part, err := Cases(d.by(), url.Values{"attention": {string(code.WithoutOwner)}})
		return err == nil && part.Holds(d.state)
	}
	for _, other := range []worker.Present{present(staff.Worker{ID: ana}), present(staff.Worker{ID: eva, Left: true})} {
		if events, err := do(d, Case.OnOwnerLeft, other); err != nil || events != nil {
			t.Errorf("%+v: %v, %v", other, events, err)
		}
	}
	if waits() {
		t.Fatal("it waits for a supervisor, and has an owner")
	}
	gone := present(staff.Worker{ID: ana, Left: true})
	d.must(t)(do(d, Case.OnOwnerLeft, gone))
	if !waits() || d.state.View(d.by()).(View).Assigned {
		t.Error("it waits for nobody")
	}
	if events, err := do(d, Case.OnOwnerLeft, gone); err != nil || events != nil {
		t.Errorf("twice: %v, %v", events, err)
	}
	d.must(t)(do(d, seen(Case.HandOver, colleagues(hands(d.state, false), true)), HandOver{To: "eva-osmonova"}))
	if waits() {
		t.Error("it was given to somebody, and waits")
	}
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseNeedsMet}))
	d.must(t)(do(d, Case.OnOwnerLeft, present(staff.Worker{ID: eva, Left: true})))
	if waits() {
		t.Error("a closed case waits for an owner")
	}
}

// Everybody of the desk sees the frame, and the frame holds nothing of her: each field that
// is not named here is content.
func TestTheFrameHoldsNothingOfHer(t *testing.T) {
	d := newDesk()
	d.must(t)(do(d, Case.Open, opening(everything())))
	cmd := yes(legal, code.LegalAssistance)
	d.must(t)(do(d, Case.GiveConsent, cmd))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
	b, err := json.Marshal(d.state.View(d.by()))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"id": d.state.ID, "reference": d.state.Reference(), "status": "open", "finished": false, "opened_at": "2026-03-14T12:00:00Z",
		"assigned": true, "attention": []any{"contact_closed"},
		"consents":  []any{map[string]any{"id": d.state.Consents[0].ID, "status": "given"}},
		"referrals": []any{map[string]any{"id": d.state.Referrals[0].ID, "status": "requested"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("frame (-want +got):\n%s", diff)
	}
}

// Her no waits for nobody: somebody who does not see the case takes it by what she says.
func TestHerNoAtTheCounter(t *testing.T) {
	d := consented(t)
	prosecution := yes(legal, code.LegalAssistance)
	prosecution.Purpose = code.Prosecution
	d.must(t)(do(d, Case.GiveConsent, prosecution))
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Recipient: legal, Service: code.LegalAssistance}))
	var left []string
	for _, k := range d.state.Consents {
		if k.InForce(d.now) {
			left = append(left, k.Recipient)
		}
	}
	if !slices.Equal(left, []string{clinic}) {
		t.Errorf("in force: %v", left)
	}
	for name, cmd := range map[string]WithdrawConsent{
		"another agency": {Recipient: "nobody-here", Service: code.LegalAssistance}, "another service": {Recipient: legal, Service: code.Police}, "nothing": {},
	} {
		events, err := do(d, Case.WithdrawConsent, cmd)
		t.Run(name, func(t *testing.T) { refused(t, events, err, ErrConsentUnknown, "/recipient") })
	}
	events, err := do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[1].ID, Recipient: clinic})
	refused(t, events, err, ErrConsentUnknown, "/consent")
}

// A rule for the owner refuses all others, and one who had the case when it was looked up.
func TestByOwner(t *testing.T) {
	d := open(t, Opening{})
	for name, h := range map[string]work.Hands{
		"somebody else": hands(d.state, false), "who had it": {Worker: eva, Act: look.Made(true)}, "nobody knows": {},
	} {
		events, err := do(d, seen(ByOwner(Case.Close), h), Close{Reason: code.CloseNeedsMet})
		t.Run(name, func(t *testing.T) { refused(t, events, err, ErrNotTheOwner) })
	}
	d.must(t)(do(d, seen(ByOwner(Case.Close), hands(d.state, true)), Close{Reason: code.CloseNeedsMet}))
}

// A case goes to nobody who lacks what bars them, but one that nobody has does not wait for a
// paper. What was missing is on record, and waits for a supervisor until it is given anew.
func TestHandOverAsksForCredentials(t *testing.T) {
	requiring := func(k Colleagues, needs ...credential.Need) Colleagues {
		k.Requires = func(of credential.Place, role code.WorkerRole) credential.Requirement {
			if role != code.WorksAsCaseworker || of.Programme == "" || of.Country == "" {
				t.Errorf("asked for %s at %+v", role, of)
			}
			return needs
		}
		return k
	}
	barred, limited := credential.Need{Course: code.CourseCaseManagement, Bars: true}, credential.Need{Content: code.VictimCentred}
	waits := func(d *desk) bool { return slices.Contains(d.state.Waits(), code.CredentialMissing) }
	give := func(d *desk, needs ...credential.Need) error {
		k := requiring(colleagues(hands(d.state, true), true), needs...)
		_, err := do(d, seen(Case.HandOver, k), HandOver{To: "eva-osmonova"})
		return err
	}

	d := open(t, everything())
	err := give(d, barred)
	if !errors.Is(err, credential.ErrMissing) || d.state.Owner != ana {
		t.Fatalf("given to who is barred: %v", err)
	}
	if diff := cmp.Diff([]fault.Field{{Pointer: "/to", Rule: "in force: course gbv_case_management"}}, fault.Of(err).Fields); diff != "" {
		t.Error(diff)
	}
	if err := give(d, limited); err != nil || d.state.Owner != eva || !waits(d) {
		t.Errorf("what limits: %v, owner %s, waits %t", err, d.state.Owner, waits(d))
	}
	if err := give(d); err != nil || waits(d) {
		t.Errorf("given anew, with nothing missing: %v, waits %t", err, waits(d))
	}

	d = open(t, everything())
	d.commit(fact.Of(intakev1.CaseOwnerLeft{Case: d.state.ID, Owner: ana}))
	if err := give(d, barred); err != nil || d.state.Owner != eva || !waits(d) {
		t.Errorf("a case that nobody has waits for a paper: %v, owner %s, waits %t", err, d.state.Owner, waits(d))
	}
}
