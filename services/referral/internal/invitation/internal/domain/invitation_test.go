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
	events, err := Invitation{}.Make(system(now), look.Made(a), 0, c.Secrets(InvitationID(a.Referral, a.Agency), 1))
	if err != nil {
		t.Fatal(err)
	}
	return fold(Invitation{}, now, events)
}

// Random people with the right code, the code of another referral and guesses,
// at random times, while the referral ceases to await an answer and awaits one
// again, as after a decline that a supervisor sent back: the invitation brings about
// at most one answer, to its own referral, in time. The right link is always heard in
// time. The right typed code is heard unless wrong ones were typed some minutes ago.
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
		lastWrong := time.Time{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 7200).Draw(t, "seconds")) * time.Second)
			switch rapid.IntRange(0, 9).Draw(t, "who") {
			case 0:
				if ask.Until = (time.Time{}); rapid.Bool().Draw(t, "again") {
					ask.Until = due
				}
				continue
			case 2: // a process that restarted draws new codes: no new tries
				before := inv
				events, _ := inv.Make(system(now), look.Made(ask), 0, mine.Secrets(inv.Invitation, 1))
				if inv = fold(inv, now, events); inv.tries != before.tries || len(events) > 0 && answers > 0 {
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
			right, short := tried == mine.Link() || tried == mine.Typed(), len(tried) < 20
			by := fact.By{Principal: "invitation", Agency: inv.Agency, At: now}
			events, err := inv.Try(by, typed(t, tried))
			heard := err == nil && len(events) == 0
			if err != nil && (!errors.Is(err, ErrCode) || len(events) > 0) || heard && !right {
				t.Fatalf("%q: %v %v", tried, events, err)
			}
			switch inTime, locked := now.Before(due) && !inv.ended, wrong >= 5 && now.Before(lastWrong.Add(8*time.Minute)); {
			case right && inTime && !heard && (!short || !locked):
				t.Fatalf("%q is right, and is not heard after %d wrong ones", tried, wrong)
			case !short && len(events) > 0:
				t.Fatal("a link that is wrong leaves a mark")
			case heard && !inTime:
				t.Fatal("heard after its time")
			}
			if len(events) > 0 {
				wrong, lastWrong = wrong+1, now
				inv = fold(inv, now, events)
			}
			if !heard {
				continue
			}
			reply := rapid.SampledFrom([]Reply{{Answer: code.Accept}, {Answer: code.Decline, Reason: code.AtCapacity}}).Draw(t, "reply")
			if _, used := inv.Answered(); used || !ask.Awaits(now) {
				continue // only the same again, which the referral's record answers
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
	here := Channels{Agency: counsel, turn: 1}
	note := Notified{Position: 1, Notice: Notice{code.SMS, code.NoticeSent}, Codes: codesOf(1).Secrets(inv.Invitation, 1)}
	events, _ := inv.Note(system(noon), note)
	inv = fold(inv, noon, events)
	if again, err := inv.Note(system(noon), note); again != nil || err != nil || !inv.Told(here, 1) || inv.Told(here, 0) {
		t.Error(again, err)
	}
	// New codes are another message: what was told stays told, so that a
	// channel that works is not told twice because another does not.
	inv = fold(inv, noon, fact.With(referralv1.InvitationMade{Invitation: inv.Invitation}, codesOf(2).Secrets(inv.Invitation, 1)))
	if !inv.Told(here, 1) {
		t.Error("forgotten")
	}
	// What was told of codes that are no more says nothing of those that are.
	note.Position = 0
	if late, err := inv.Note(system(noon), note); late != nil || err != nil {
		t.Errorf("noted for codes that are replaced: %v %v", late, err)
	}
	// Other channels were not told.
	other := Channels{Agency: counsel, turn: 2}
	if inv.Told(other, 1) {
		t.Error("a channel that came later counts as told")
	}
	if inv = fold(inv, noon, fact.With(referralv1.InvitationMade{Invitation: inv.Invitation}, codesOf(3).Secrets(inv.Invitation, 2))); inv.Told(other, 1) {
		t.Error("a channel that came later counts as told, once codes are made for it")
	}
}

// A delivery that began before newer codes were wanted, or made for newer channels,
// brings back none of the older ones.
func TestOlderCodesDoNotReplaceNewerOnes(t *testing.T) {
	ask, id := look.Made(asked()), InvitationID("ref_1", counsel)
	inv := fold(Invitation{}, noon, fact.Of(asked().wanted()))
	made := func(seed byte, want, turn int) bool {
		events, err := inv.Make(system(noon), ask, want, codesOf(seed).Secrets(id, turn))
		if err != nil {
			t.Fatal(err)
		}
		inv = fold(inv, noon, events)
		return len(events) > 0
	}
	if !made(1, 1, 1) || !made(2, 1, 2) {
		t.Fatal("newer channels get no codes")
	}
	if made(3, 1, 1) {
		t.Error("codes for older channels replace those for newer ones")
	}
	events, _ := inv.Renew(system(noon), ask)
	inv = fold(inv, noon, events)
	if made(2, 1, 2) {
		t.Error("codes that the sender replaced are made again")
	}
	if !made(4, 2, 2) {
		t.Error("the new ones are not made")
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
	s := c.Secrets("inv_1", 1)
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
		if c, ok := ReadCode(s); ok && (len(c.Handle) != handleLength || strings.Trim(c.Handle+c.Secret, "0123456789abcdefghjkmnpqrstvwxyz") != "") {
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
	if events, err := inv.Try(focalPoint, typed(t, codesOf(1).Typed())); events != nil || !errors.Is(err, ErrCode) || ByHandle.Keys(inv) != nil {
		t.Errorf("without codes it is found, or counts tries: %v %v", events, err)
	}
	if _, err := inv.Use(focalPoint, Reply{Answer: code.Accept}); !errors.Is(err, ErrCode) {
		t.Errorf("without codes it is used: %v", err)
	}
	if made := fold(inv, noon, []fact.Event{{Data: referralv1.InvitationMade(inv.InvitationWanted), Private: codesOf(1).Secrets(id, 1)}}); ByHandle.Keys(made) == nil || inv.Case() != r.Case {
		t.Error("what was wanted is not made, or belongs to no case")
	}
	if ended, err := inv.End(system(due)); err != nil || !fold(inv, due, ended).Closed() {
		t.Errorf("what was only wanted stays for ever: %v", err)
	}
}

// Each round and each recall has an invitation of its own, and the first round keeps the
// name that it had before there were rounds.
func TestEachAskHasAnInvitation(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*Ask){
		"the first round": func(*Ask) {}, "the second": func(a *Ask) { a.Round = 5 }, "the third": func(a *Ask) { a.Round = 9 },
		"a recall": func(a *Ask) { a.Recalled = noon }, "another recall": func(a *Ask) { a.Recalled = noon.Add(time.Millisecond) },
		"another agency": func(a *Ask) { a.Agency = "agency-2" }, "another referral": func(a *Ask) { a.Referral = "ref_2" },
	} {
		a := asked()
		change(&a)
		if other, twice := seen[a.ID()]; twice {
			t.Errorf("%s has the invitation of %s", name, other)
		}
		seen[a.ID()] = name
	}
	if seen[fact.ID("inv", "ref_1/"+counsel)] != "the first round" {
		t.Error("what was stored before there were rounds is found no more")
	}
}
