package domain

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/work"
)

const (
	aDay   = 24 * time.Hour
	police = "police-unit"
)

func stated(status code.Identification) RecordIdentification {
	return RecordIdentification{
		Status: status, SaidBy: code.ByPerson, Name: "The worker of the aDay", Words: "canary-ground",
		Grounds: []code.IdentificationGround{code.GroundIndicators},
	}
}

func identify(d *desk, status code.Identification) ([]fact.Event, error) {
	return do(d, Under(basis, Case.RecordIdentification), stated(status))
}

// lasting is a programme with a period of so many days.
func lasting(n int) Rules {
	return made(func(f *programme.Fields) { f.Reflection.Is = time.Duration(n) * aDay })
}

// fires lets the deadline come, of the period, where it is due by a clock.
func (d *desk) fires(t tb, rules Rules) []fact.Event {
	t.Helper()
	return d.must(t)(do(d, func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.ReflectionDue(by, rules) }, struct{}{}))
}

// inPeace is a desk in whose case a period goes on. Before it she agreed to the police, to a
// lawyer, and to a prosecution by both.
func inPeace(t tb) *desk {
	t.Helper()
	d := open(t, Opening{})
	for _, k := range []GiveConsent{yes(police, code.Police), yes(legal, code.LegalAssistance)} {
		k.Expires = noon.AddDate(0, 6, 0)
		d.must(t)(do(d, plain(Case.GiveConsent), k))
		k.Purpose = code.Prosecution
		d.must(t)(do(d, plain(Case.GiveConsent), k))
	}
	d.now = d.now.Add(time.Hour)
	d.must(t)(identify(d, code.Presumed))
	return d
}

func again(k GiveConsent) GiveConsent {
	k.DuringReflection, k.Expires = true, noon.AddDate(0, 6, 0)
	return k
}

// Reasonable grounds open a period of the length of the programme, with its end in the zone of
// the programme. Nothing that is said afterwards makes it shorter.
func TestReasonableGroundsOpenAPeriod(t *testing.T) {
	for _, first := range []code.Identification{code.Presumed, code.Identified} {
		d := open(t, Opening{})
		d.must(t)(identify(d, code.NotIdentified))
		if d.state.Reflection != nil || len(d.state.Deadlines()) > 0 {
			t.Fatal("it began with no ground")
		}
		fields := programmetest.Base()
		fields.Reflection.Is = 45 * aDay
		rules := Rules{Programmes: programme.NewSet(programmetest.Base(), programme.Installed{
			ID: "csc-guatemala", Country: "GT", Zone: time.FixedZone("invented", -6*3600),
			Versions: []programme.Version{{Number: 1, Status: code.Signed, Fields: fields}},
		})}
		d.must(t)(do(d, Under(rules, Case.RecordIdentification), stated(first)))
		r := *d.state.Reflection
		if !r.From.Equal(noon) || !r.Until.Equal(noon.Add(45*aDay)) || r.Zone != "invented" || r.Until.Format("-0700") != "-0600" {
			t.Fatalf("%+v", r)
		}
		d.now = d.now.Add(aDay)
		for _, next := range code.Identifications {
			d.must(t)(do(d, Under(lasting(1), Case.RecordIdentification), stated(next)))
			if diff := cmp.Diff(r, *d.state.Reflection); diff != "" {
				t.Fatalf("%s (-before +after):\n%s", next, diff)
			}
		}
		want := []fact.Deadline{{Name: "period", At: noon.Add(45 * aDay)}}
		if diff := cmp.Diff(want, d.state.Deadlines()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// During it nothing goes to law enforcement and no return is arranged, by any way.
func TestNothingGoesToLawEnforcementInThePeriod(t *testing.T) {
	d := inPeace(t)
	wants := func(r Request) error { return second(do(d, plain(Case.RequestServices), please(r))) }
	isMissing := func(err error) {
		t.Helper()
		if !errors.Is(err, ErrConsentMissing) {
			t.Error(err)
		}
	}
	isMissing(wants(ask(police, code.Police)))
	isMissing(wants(Request{Service: code.Police, Urgency: code.Urgent, Mode: code.Broadcast, Candidates: []Choice{{Recipient: police}}}))
	if rule := d.state.lack(basis.law(d.state, d.now), code.Police, Choice{Recipient: police}, code.ServiceDelivery, d.now); rule != "consent in force; she gave none since she is left in peace" {
		t.Error(rule)
	}
	// A consent that she gives now goes nowhere unless it says that it is for this time.
	k := again(yes(police, code.Police))
	k.DuringReflection = false
	d.must(t)(do(d, plain(Case.GiveConsent), k))
	isMissing(wants(ask(police, code.Police)))
	// Other help goes on.
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	// With her new consent it goes.
	d.must(t)(do(d, plain(Case.GiveConsent), again(yes(police, code.Police))))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(police, code.Police))))

	for _, purpose := range code.Purposes {
		for _, s := range code.Services {
			want := s == code.Police || s == code.FamilyReunion || purpose == code.Prosecution || purpose == code.ProgrammeCrossing
			if sheltered(s, purpose) != want {
				t.Errorf("%s for %s", s, purpose)
			}
		}
	}
}

// Nobody who is next on a list is asked, nothing is taken up again, and nothing is renewed on
// what she said before.
func TestNothingGoesOnToLawEnforcementByItself(t *testing.T) {
	const next = "police-north"
	d := open(t, Opening{})
	for _, agency := range []string{police, next} {
		k := yes(agency, code.Police)
		k.Expires = noon.AddDate(0, 6, 0)
		d.must(t)(do(d, plain(Case.GiveConsent), k))
	}
	r := ask(police, code.Police)
	r.Then = []Choice{{Recipient: next}}
	d.must(t)(do(d, plain(Case.RequestServices), please(r)))
	ref := d.state.Referrals[0].ID
	d.must(t)(identify(d, code.Presumed))
	if events := d.must(t)(do(d, Under(basis, Case.OnDeclined), referralv1.Declined{Loop: d.loop(ref)})); len(events) != 1 {
		t.Errorf("the next one was asked: %v", data(events))
	}
	events, err := do(d, plain(Case.Reroute), Reroute{Referral: ref, Recipient: next})
	refused(t, events, err, ErrConsentMissing, "/recipient")
	// A renewal, while a referral stands.
	d = open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), yes(police, code.Police)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(police, code.Police))))
	d.must(t)(identify(d, code.Presumed))
	plainly := again(yes(police, code.Police))
	plainly.DuringReflection = false
	if events := d.must(t)(do(d, plain(Case.GiveConsent), plainly)); len(events) != 1 {
		t.Errorf("renewed: %v", data(events))
	}
	if events := d.must(t)(do(d, plain(Case.GiveConsent), again(yes(police, code.Police)))); len(events) != 2 {
		t.Errorf("not renewed: %v", data(events))
	}
}

// What an agency holds from before is not shown to it in the period: it is told to wait for
// her desk, and not why.
func TestWhatTheyHoldFromBeforeRests(t *testing.T) {
	d := open(t, everything())
	d.must(t)(do(d, plain(Case.GiveConsent), yes(police, code.Police)))
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(police, code.Police))))
	ref := d.state.Referrals[0].ID
	d.must(t)(do(d, news[code.Accepted], d.loop(ref)))
	if events, err := disclose(d, police, ref); err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	d.must(t)(identify(d, code.Presumed))
	by := fact.By{Agency: police, Principal: "officer", At: d.now}
	if _, ok := d.state.Shown(by, ref, basis); ok {
		t.Error("shown again")
	}
	events, err := disclose(d, police, ref)
	refused(t, events, err, ErrConsentAnew)
	if _, _, err := d.state.AllowedFor(by, AskContactFor{Referral: ref, Purpose: code.OrdinaryContact}, work.Hands{}, basis); err == nil {
		t.Error("they may contact her")
	}
	if slices.Contains(d.state.Waits(), code.ConsentAnew) {
		t.Error("her desk is pressed to ask her")
	}
	d.must(t)(do(d, plain(Case.GiveConsent), again(yes(police, code.Police))))
	if events, err := disclose(d, police, ref); err != nil || len(events) != 1 {
		t.Error(events, err)
	}
}

// A case goes to no office of the police in the period without a consent of that time; not
// even where the office was asked before.
func TestNoTransferToThePoliceInThePeriod(t *testing.T) {
	seen := registered(north)
	was := seen.Known[north].Value()
	was.Police = true
	seen.Known[north] = look.Made(was)
	to := func(d *desk) Asking { a := asking(d.state); a.Agencies = seen; return a }
	d := open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), elsewhere(north, code.Categories...)))
	before := *d
	d.must(t)(do(d, func(c Case, by fact.By, cmd AskTransfer) ([]fact.Event, error) { return c.AskTransfer(by, cmd, to(d)) }, AskTransfer{To: north, Reason: code.SheMoves}))
	d.must(t)(identify(d, code.Presumed))
	k := taking()
	k.Agency = seen
	events, err := d.takes(north, k)
	refused(t, events, err, ErrTransfer, "/status")

	d = &before
	d.must(t)(identify(d, code.Presumed))
	events, err = do(d, func(c Case, by fact.By, cmd AskTransfer) ([]fact.Event, error) { return c.AskTransfer(by, cmd, to(d)) }, AskTransfer{To: north, Reason: code.SheMoves})
	refused(t, events, err, ErrReflection, "/to")
}

// The end comes once, at its time, and is one event that stays in the room. A longer time of a
// later programme counts, a shorter one does not.
func TestTheEndTriggersNothing(t *testing.T) {
	d := inPeace(t)
	until := d.state.Reflection.Until
	d.now = until.Add(-time.Second)
	if _, err := d.state.ReflectionDue(d.by(), basis); err == nil {
		t.Error("too early")
	}
	// Its end is due and not on record: it goes on.
	d.now = until.Add(time.Hour)
	events, err := do(d, plain(Case.RequestServices), please(ask(police, code.Police)))
	refused(t, events, err, ErrConsentMissing, "/requests/0")
	length := until.Sub(d.state.Reflection.From)
	if events := d.fires(t, lasting(int(length/aDay)+10)); len(events) != 1 || !d.state.Reflection.Until.Equal(until.Add(10*aDay)) {
		t.Fatalf("%v until %v", data(events), d.state.Reflection.Until)
	}
	d.now = d.state.Reflection.Until
	before, waits := len(d.history), d.state.Waits()
	if diff := cmp.Diff([]fact.Data{intakev1.ReflectionEnded{Case: d.state.ID}}, data(d.fires(t, lasting(1)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(d.history) != before+1 || len(d.state.Deadlines()) > 0 || !slices.Equal(waits, d.state.Waits()) {
		t.Error("something follows from it")
	}
	v := d.state.Content(d.by()).(View)
	if !slices.Contains(v.Attention, code.ReflectionOver) || slices.Contains(d.state.View(d.by()).(View).Attention, code.ReflectionOver) {
		t.Errorf("who has the case reads %v", v.Attention)
	}
	if events := d.fires(t, basis); len(events) > 0 {
		t.Error("it ends twice")
	}
	// What she agreed to before holds again, and nobody asked for it.
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(police, code.Police))))
	d.must(t)(identify(d, code.NotIdentified))
	if slices.Contains(d.state.Content(d.by()).(View).Attention, code.ReflectionOver) {
		t.Error("it stays on the list")
	}
	if f := d.state.Referrals[len(d.state.Referrals)-1]; !f.open() {
		t.Error("not identified ended a referral")
	}
	events, err = do(d, plain(Case.GiveConsent), again(yes(police, code.Police)))
	refused(t, events, err, ErrReflection, "/during_reflection")
}

// Whatever is said, asked and agreed to, in whatever order and by a clock that jumps: statements
// stay, a period ends at its end and not before, it never becomes shorter, nothing goes to the
// police in it without a consent of it, and what is on record gives the same after a restart.
func TestReflectionAlways(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := open(t, Opening{})
		expires := noon.AddDate(1, 0, -1)
		rules := lasting(30)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			was := d.state
			var events []fact.Event
			switch rapid.SampledFrom([]string{"say", "wait", "due", "agree", "freshly", "ask", "programme", "clock"}).Draw(t, "step") {
			case "say":
				events = d.must(t)(do(d, Under(rules, Case.RecordIdentification), stated(rapid.SampledFrom(code.Identifications).Draw(t, "status"))))
			case "wait":
				d.now = d.now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "days")) * aDay / 2)
			case "clock":
				d.now = d.now.Add(-time.Duration(rapid.IntRange(0, 48).Draw(t, "hours")) * time.Hour)
			case "due":
				events, _ = do(d, func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.ReflectionDue(by, rules) }, struct{}{})
			case "agree", "freshly":
				k := yes(police, code.Police)
				k.Expires = expires
				k.DuringReflection = rapid.Bool().Draw(t, "fresh")
				events, _ = do(d, plain(Case.GiveConsent), k)
			case "ask":
				events, _ = do(d, plain(Case.RequestServices), please(ask(police, code.Police)))
			case "programme":
				rules = lasting(rapid.IntRange(1, 90).Draw(t, "length"))
			}
			for _, e := range events {
				switch e.Data.(type) {
				case intakev1.ServiceRequested:
					if was.reflecting() {
						f := d.state.Referrals[len(d.state.Referrals)-1]
						i := slices.IndexFunc(d.state.Consents, func(k Consent) bool { return k.ID == f.Consent })
						if k := d.state.Consents[i]; !k.DuringReflection || k.AnsweredAt.Before(was.Reflection.From) {
							t.Fatalf("asked on %+v", k)
						}
					}
				case intakev1.ReflectionEnded:
					if d.now.Before(was.Reflection.Until) || len(events) != 1 {
						t.Fatal("it ended too early, or with something else")
					}
				}
			}
			if n := len(was.Identifications); n > 0 && !cmp.Equal(was.Identifications, d.state.Identifications[:n]) {
				t.Fatal("a statement is lost")
			}
			if was.reflecting() {
				now := d.state.Reflection
				if now.From != was.Reflection.From || now.Until.Before(was.Reflection.Until) {
					t.Fatal("another or a shorter period")
				}
				if now.Ended.IsZero() != d.state.reflecting() || d.state.reflecting() != (len(d.state.Deadlines()) == 1) {
					t.Fatal("the clock is not that of the period")
				}
			}
			restarted := Case{}
			for _, e := range d.history {
				restarted = restarted.Evolve(e)
			}
			if !cmp.Equal(restarted.Reflection, d.state.Reflection) || !cmp.Equal(restarted.Deadlines(), d.state.Deadlines()) {
				t.Fatal("another clock after a restart")
			}
		}
	})
}

// A referral to the police that was open before is held when the period opens: its agency is
// told what it is told where contact is not safe, and no clock of it runs. Nothing else is
// held. The end opens nothing; her desk does, and in the period only what she agreed to in it.
func TestAnOpenReferralToThePoliceIsHeld(t *testing.T) {
	begun := func(t *testing.T) (d *desk, held, other string) {
		t.Helper()
		d = open(t, Opening{})
		for _, k := range []GiveConsent{yes(police, code.Police), yes(legal, code.LegalAssistance)} {
			k.Expires = noon.AddDate(0, 6, 0)
			d.must(t)(do(d, plain(Case.GiveConsent), k))
		}
		d.must(t)(do(d, plain(Case.RequestServices), please(ask(police, code.Police), ask(legal, code.LegalAssistance))))
		held, other = d.state.Referrals[0].ID, d.state.Referrals[1].ID
		events := d.must(t)(identify(d, code.Presumed))
		want := intakev1.ContactSuspended{Case: d.state.ID, Referrals: []string{held}}
		if diff := cmp.Diff(want, events[len(events)-1].Data); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		return d, held, other
	}
	opens := func(t *testing.T, d *desk, want ...string) {
		t.Helper()
		events := d.must(t)(do(d, Case.RestoreContact, RestoreContact{}))
		if diff := cmp.Diff(intakev1.ContactRestored{Case: d.state.ID, Referrals: append([]string{}, want...)}, events[0].Data); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	d, held, other := begun(t)
	if !d.state.ContactClosed.IsZero() || !d.state.Referrals[0].Held || d.state.Referrals[1].Held {
		t.Errorf("held: %+v", d.state.Referrals)
	}
	events, err := do(d, Case.RestoreContact, RestoreContact{})
	refused(t, events, err, ErrContact)
	// What is unsafe for all is opened for all but this one.
	d.must(t)(do(d, Case.SuspendContact, SuspendContact{}))
	opens(t, d, other)
	// The end opens nothing.
	d.now = d.state.Reflection.Until
	if events := d.fires(t, basis); len(events) != 1 || !d.state.Referrals[0].Held {
		t.Errorf("the end did %v", events)
	}
	opens(t, d, held)
	if d.state.Referrals[0].Held {
		t.Error("opened, and held")
	}

	d, held, _ = begun(t)
	k := again(yes(police, code.Police))
	k.Expires = noon.AddDate(0, 7, 0)
	d.must(t)(do(d, plain(Case.GiveConsent), k))
	if d.state.resting(d.state.Referrals[0]) {
		t.Fatal("she agreed in the period, and it rests")
	}
	opens(t, d, held)
}
