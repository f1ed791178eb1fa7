package domain

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// The cast of these tests.
const (
	counsel  = "legal-clinic"
	stranger = "somebody-else"
)

var (
	noon        = time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	due         = noon.AddDate(0, 0, 1)
	coordinator = fact.By{Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "spotlight", At: noon}
	focalPoint  = fact.By{Agency: counsel, Roles: []string{"focal_point"}, At: noon}
	neighbour   = fact.By{Agency: stranger, Roles: []string{"focal_point"}, At: noon}
)

func system(t time.Time) fact.By { return fact.By{At: t} }

// asked is a referral that awaits the answer of an agency.
func asked() Ask {
	return Ask{Referral: "ref_1", Case: "case_1", Agency: counsel, Service: code.LegalAssistance, Urgency: code.Urgent, Until: due}
}

// fold is a record after what was decided.
func fold[S interface{ Evolve(fact.Event) S }](s S, at time.Time, events []fact.Event) S {
	for _, e := range events {
		e.At = at
		s = s.Evolve(e)
	}
	return s
}

func codesOf(seed byte) Codes {
	var random [Entropy]byte
	for i := range random {
		random[i] = seed + byte(i)*7
	}
	return NewCodes(random)
}

// typed reads a code that this test made.
func typed(t interface{ Fatal(...any) }, s string) Code {
	c, ok := ReadCode(s)
	if !ok {
		t.Fatal("cannot read a code of its own: ", s)
	}
	return c
}

func invite(t interface{ Fatal(...any) }, a Ask, c Codes, now time.Time) Invitation {
	events, err := Invitation{}.Make(system(now), look.Made(a), c.Secrets(InvitationID(a.Referral, a.Agency)))
	if err != nil {
		t.Fatal(err)
	}
	return fold(Invitation{}, now, events)
}

// Random people with the right code, the code of another referral and guesses,
// at random times, while the referral ceases to await an answer and awaits one
// again, as after a decline that a supervisor sent back: the invitation brings about
// at most one answer, to its own referral, in time, and none after the fifth wrong
// code.
func TestAnInvitationIsGoodForOneAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mine, others := codesOf(1), codesOf(1)
		others.short.Secret, others.long.Secret = codesOf(9).short.Secret, codesOf(9).long.Secret // of one handle
		ask := asked()
		inv := invite(t, ask, mine, noon)
		if other := invite(t, func() Ask { o := asked(); o.Referral = "ref_2"; return o }(), others, noon); other.secrets.match(other.Invitation, typed(t, mine.Typed())) {
			t.Fatal("the code of one referral is another's")
		}
		codes := []string{mine.Link(), mine.Typed(), others.Link(), others.Typed(), mine.Typed()[:13] + "0"}
		now, wrong, answers := noon, 0, 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 9).Draw(t, "who") {
			case 0:
				if ask.Until = (time.Time{}); rapid.Bool().Draw(t, "again") {
					ask.Until = due
				}
				continue
			case 2: // a process that restarted draws new codes: no new tries
				before := inv
				events, _ := inv.Make(system(now), look.Made(ask), mine.Secrets(inv.Invitation))
				if inv = fold(inv, now, events); inv.tried != before.tried || (len(events) > 0 && (wrong >= maxTries || answers > 0)) {
					t.Fatal("new codes opened what was shut")
				}
				continue
			case 3:
				if events, err := inv.End(system(now)); err == nil {
					inv = fold(inv, now, events)
				}
				continue
			}
			tried := rapid.SampledFrom(codes).Draw(t, "code")
			right := tried == mine.Link() || tried == mine.Typed()
			by := fact.By{Principal: "invitation", Agency: inv.Agency, At: now}
			events, err := inv.Try(by, typed(t, tried))
			switch {
			case err != nil:
				if !errors.Is(err, ErrCode) || len(events) > 0 {
					t.Fatalf("%v %v", events, err)
				}
				continue
			case len(events) > 0:
				wrong++
				inv = fold(inv, now, events)
			}
			if len(events) > 0 || !right {
				if right || wrong > maxTries || len(events) == 0 {
					t.Fatalf("%q, right %v, %d wrong before: %v", tried, right, wrong, events)
				}
				continue
			}
			reply := rapid.SampledFrom([]Reply{{Answer: code.Accept}, {Answer: code.Decline, Reason: code.AtCapacity}}).Draw(t, "reply")
			if _, used := inv.Answered(); used {
				continue // only the same again, which the referral's record answers
			}
			if wrong >= maxTries || !now.Before(inv.Expires) {
				t.Fatal("tried after the lock, or after its time")
			}
			if !ask.Awaits(now) {
				continue
			}
			spent, err := inv.Use(by, reply)
			if err != nil || len(spent) != 1 || spent[0].Data.(referralv1.InvitationUsed).Referral != ask.Referral {
				t.Fatalf("%v %v", spent, err)
			}
			inv = fold(inv, now, spent)
			if answers++; answers > 1 {
				t.Fatal("answered twice")
			}
			for _, again := range []Reply{{Answer: code.Accept}, {Answer: code.Decline, Reason: code.AtCapacity}, {Answer: code.Decline, Reason: code.OutOfArea}} {
				if events, err := inv.Use(by, again); len(events) > 0 || (err == nil) != (again == reply) {
					t.Fatalf("%v after %v: %v %v", again, reply, events, err)
				}
			}
		}
		if wrong > maxTries {
			t.Fatalf("%d tries", wrong)
		}
	})
}

func TestInvitationsAreMadeForWhoIsAwaited(t *testing.T) {
	other := asked()
	other.Until = time.Time{}
	for name, c := range map[string]struct {
		ask  Ask
		now  time.Time
		made bool
	}{
		"awaited":       {asked(), noon, true},
		"not awaited":   {other, noon, false},
		"over at once":  {asked(), due, false},
		"of nobody":     {Ask{}, noon, false},
		"just in time":  {asked(), due.Add(-1), true},
		"of no instant": {Ask{}, time.Time{}, false},
	} {
		if inv := invite(t, c.ask, codesOf(1), c.now); (inv.Invitation != "") != c.made {
			t.Errorf("%s: %q", name, inv.Invitation)
		}
	}
	if d := cmp.Diff(Preview{Service: code.LegalAssistance, Urgency: code.Urgent, RespondBy: due}, asked().Preview()); d != "" {
		t.Error(d)
	}
}

func TestInvitationEnds(t *testing.T) {
	inv := invite(t, asked(), codesOf(1), noon)
	if d := cmp.Diff([]fact.Deadline{{Name: "invitation", At: due}}, inv.Deadlines()); d != "" {
		t.Error(d)
	}
	if _, err := inv.End(system(due.Add(-1))); !errors.Is(err, ErrNotDue) {
		t.Errorf("early: %v", err)
	}
	events, err := inv.End(system(due))
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	if inv = fold(inv, due, events); !inv.Closed() || inv.Deadlines() != nil || ByHandle.Keys(inv) != nil {
		t.Error("it goes on")
	}
	if inv.Visible(focalPoint) || inv.Visible(fact.By{Principal: fact.Anonymous}) {
		t.Error("somebody sees it")
	}
}

func TestTellingIsNotedOnce(t *testing.T) {
	inv := invite(t, asked(), codesOf(1), noon)
	note := Notified{Position: 1, Channel: code.SMS, Outcome: code.NoticeSent}
	events, _ := inv.Note(system(noon), note)
	inv = fold(inv, noon, events)
	if again, err := inv.Note(system(noon), note); again != nil || err != nil || !inv.Told(1) || inv.Told(0) {
		t.Error(again, err)
	}
	// New codes are another message: what was told stays told, so that a
	// channel that works is not told twice because another does not.
	inv = fold(inv, noon, fact.With(referralv1.InvitationMade{Invitation: inv.Invitation}, Secrets{}))
	if !inv.Told(1) {
		t.Error("forgotten")
	}
}

func TestCodes(t *testing.T) {
	c := codesOf(1)
	if len(c.Link()) != 30 || len(c.Typed()) != 14 || c.Typed() != strings.ToUpper(c.Typed()) {
		t.Errorf("%q %q", c.Link(), c.Typed())
	}
	for _, s := range []string{c.Typed(), strings.ToLower(c.Typed()), strings.ReplaceAll(c.Typed(), "-", ""), " " + strings.ReplaceAll(c.Typed(), "-", " ")} {
		if got, ok := ReadCode(s); !ok || got != c.short {
			t.Errorf("%q is read as %v", s, got)
		}
	}
	if a, _ := ReadCode("OIL0-OIL0-OIL0"); a != (Code{"0110", "01100110"}) {
		t.Errorf("look-alikes: %v", a)
	}
	for _, s := range []string{"", "-", "0000", c.Link() + "0", "ABCD-EFGH-JKM!", "ABCD-EFGH-JKMU", "ABCD-EFGH-JKMé"} {
		if got, ok := ReadCode(s); ok {
			t.Errorf("%q is read as %v", s, got)
		}
	}
	s := c.Secrets("inv_1")
	for what, same := range map[string]bool{
		"its own": s.match("inv_1", c.short) && s.match("inv_1", c.long),
		"none":    !s.match("inv_2", c.short) && !s.match("inv_1", Code{}) && !(Secrets{}).match("", Code{}),
	} {
		if !same {
			t.Errorf("hashes: %s", what)
		}
	}
}

// A code is taken in the digits of any script, and with what a message or a keyboard
// puts around it unseen.
func TestCodesAsTheyAreTyped(t *testing.T) {
	for n := range 20 {
		c := codesOf(byte(n))
		for _, zero := range []rune{'٠', '۰', '０', '०'} {
			for _, mark := range []string{"\u200e", "\u200f", "\u061c", "\u200b", "\ufeff", "\u2068", "\u202a", "\u00a0", "\u3000", "\t", "\u00ad", "\ufe0f"} {
				script := strings.Map(func(r rune) rune {
					if '0' <= r && r <= '9' {
						return zero + r - '0'
					}
					return r
				}, c.Typed())
				for _, written := range []string{mark + script, script + mark, script[:3] + mark + script[3:], strings.ReplaceAll(script, "-", mark), strings.ReplaceAll(script, "-", "\u2011")} {
					if !utf8.ValidString(written) {
						continue // it was cut in a letter
					}
					if got, ok := ReadCode(written); !ok || got != c.short {
						t.Errorf("%q is read as %v, want %v", written, got, c.short)
					}
				}
			}
		}
	}
	if got, ok := ReadCode("７ＫＱ２－Ｍ９ＸＴ－４ＨＲＣ"); !ok || got != (Code{"7kq2", "m9xt4hrc"}) {
		t.Errorf("full width: %v %t", got, ok)
	}
}

func FuzzReadCode(f *testing.F) {
	f.Add(codesOf(1).Typed())
	f.Add(codesOf(1).Link())
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := ReadCode(s); ok && (len(c.Handle) != handleLength || strings.Trim(c.Handle+c.Secret, alphabet) != "") {
			t.Errorf("%q is read as %q", s, c)
		}
	})
}

// An invitation is wanted once, of an agency whose answer is awaited; and until
// codes are drawn nobody can use it.
func TestAnInvitationIsWantedOnce(t *testing.T) {
	r, queued, silent := asked(), asked(), asked()
	queued.Queued, silent.Until = true, time.Time{}
	id := InvitationID(r.Referral, counsel)
	wanted := []fact.Event{{Data: referralv1.InvitationWanted{Invitation: id, Case: r.Case, Referral: r.Referral, Agency: counsel, Expires: due}}}
	inv := fold(Invitation{}, noon, wanted)
	for name, c := range map[string]struct {
		inv  Invitation
		ask  Ask
		now  time.Time
		want []fact.Event
	}{
		"asked":              {ask: r, now: noon, want: wanted},
		"asked again":        {inv: inv, ask: r, now: noon},
		"invited already":    {inv: invite(t, r, codesOf(1), noon), ask: r, now: noon},
		"in a queue":         {ask: queued, now: noon},
		"answered meanwhile": {ask: silent, now: noon},
		"too late to answer": {ask: r, now: due},
	} {
		events, err := c.inv.Want(system(c.now), look.Made(c.ask))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, events); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	if _, err := inv.Try(focalPoint, typed(t, codesOf(1).Typed())); errors.Is(err, ErrCode) || ByHandle.Keys(inv) != nil {
		t.Errorf("without codes it is found, or shut: %v", err)
	}
	if _, err := inv.Use(focalPoint, Reply{Answer: code.Accept}); !errors.Is(err, ErrCode) {
		t.Errorf("without codes it is used: %v", err)
	}
	if made := fold(inv, noon, []fact.Event{{Data: referralv1.InvitationMade(inv.InvitationWanted), Private: codesOf(1).Secrets(id)}}); ByHandle.Keys(made) == nil || inv.Case() != r.Case {
		t.Error("what was wanted is not made, or belongs to no case")
	}
	if ended, err := inv.End(system(due)); err != nil || !fold(inv, due, ended).Closed() {
		t.Errorf("what was only wanted stays for ever: %v", err)
	}
}
