package domain

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

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

func invite(t interface{ Fatal(...any) }, r Referral, c Codes, now time.Time) Invitation {
	id := InvitationID(r.Referral, r.Recipient)
	events, err := Invitation{}.Make(system(now), MakeInvitation{ID: id, Agency: r.Recipient, Referral: r, Secrets: c.Secrets(id)})
	if err != nil {
		t.Fatal(err)
	}
	return fold(Invitation{}, now, events)
}

// Random people with the right code, the code of another referral and guesses,
// at random times, while the referral's agencies do what they may: the
// invitation brings about at most one answer, to its own referral, in time, and
// none after the fifth wrong code.
func TestAnInvitationIsGoodForOneAnswer(t *testing.T) {
	ref := func() Referral { return requested(t) }
	rapid.Check(t, func(t *rapid.T) {
		mine, others := codesOf(1), codesOf(1)
		others.short.Secret, others.long.Secret = codesOf(9).short.Secret, codesOf(9).long.Secret // of one handle
		r := ref()
		inv := invite(t, r, mine, noon)
		if other := invite(t, func() Referral { o := ref(); o.Referral = "ref_2"; return o }(), others, noon); other.secrets.match(other.Invitation, typed(t, mine.Typed())) {
			t.Fatal("the code of one referral is another's")
		}
		codes := []string{mine.Link(), mine.Typed(), others.Link(), others.Typed(), mine.Typed()[:13] + "0"}
		now, wrong, answers := noon, 0, 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 9).Draw(t, "who") {
			case 0:
				if events, err := r.Cancel(at(police, now), Cancel{Reason: code.NoLongerNeeded}); err == nil && rapid.Bool().Draw(t, "cancel") {
					r = fold(r, now, events)
				}
				continue
			case 1:
				if events, err := r.ConsentEnds(r.Consent); err == nil && rapid.Bool().Draw(t, "withdraw") {
					r = fold(r, now, events)
				}
				continue
			case 2: // a process that restarted draws new codes: no new tries
				before := inv
				events, _ := inv.Make(system(now), MakeInvitation{ID: inv.Invitation, Agency: inv.Agency, Referral: r, Secrets: mine.Secrets(inv.Invitation)})
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
				continue // only the same again, which the referral's stream answers
			}
			if wrong >= maxTries || !now.Before(inv.Expires) {
				t.Fatal("tried after the lock, or after its time")
			}
			if !r.Awaits(by) {
				continue
			}
			decided, err := reply.Decide(r, by)
			if err != nil {
				continue
			}
			r = fold(r, now, decided)
			spent, err := inv.Use(by, reply)
			if err != nil || len(spent) != 1 || spent[0].Data.(referralv1.InvitationUsed).Referral != r.Referral {
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
	for _, s := range code.ReferralStatuses {
		if inv := invite(t, in(t, s), codesOf(1), later); (inv.Invitation != "") != (s == code.Requested || s == code.Received) {
			t.Errorf("%s: %q", s, inv.Invitation)
		}
	}
	r := requested(t)
	if inv := invite(t, r, codesOf(1), r.Due); inv.Invitation != "" {
		t.Error("an invitation that is over at once")
	}
	if r.Awaits(at(stranger, noon)) || r.Awaits(at(police, noon)) || r.Awaits(fact.By{Principal: fact.Anonymous, At: noon}) {
		t.Error("a referral waits for somebody else")
	}
	// No actor without an agency is awaited, also where nobody is asked yet.
	r.Recipient = ""
	if r.Awaits(fact.By{Principal: fact.Anonymous, At: noon}) {
		t.Error("a referral without a recipient waits for nobody in particular")
	}
}

func TestInvitationEnds(t *testing.T) {
	r := requested(t)
	inv := invite(t, r, codesOf(1), noon)
	if d := cmp.Diff([]fact.Deadline{{Name: "invitation", At: r.Due}}, inv.Deadlines()); d != "" {
		t.Error(d)
	}
	if _, err := inv.End(system(r.Due.Add(-1))); !errors.Is(err, ErrNotDue) {
		t.Errorf("early: %v", err)
	}
	events, err := inv.End(system(r.Due))
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	if inv = fold(inv, r.Due, events); !inv.Closed() || inv.Deadlines() != nil || ByHandle.Keys(inv) != nil {
		t.Error("it goes on")
	}
	if inv.Visible(at(counsel, noon)) || inv.Visible(fact.By{Principal: fact.Anonymous}) {
		t.Error("somebody sees it")
	}
}

func TestTellingIsNotedOnce(t *testing.T) {
	inv := invite(t, requested(t), codesOf(1), noon)
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
	r := requested(t)
	queued := r
	queued.Mode = code.Queue
	id := InvitationID(r.Referral, counsel)
	wanted := []fact.Event{{Data: referralv1.InvitationWanted{Invitation: id, Case: r.Case(), Referral: r.Referral, Agency: counsel, Expires: r.Due}}}
	inv := fold(Invitation{}, noon, wanted)
	for name, c := range map[string]struct {
		inv    Invitation
		agency string
		r      Referral
		now    time.Time
		want   []fact.Event
	}{
		"asked":              {agency: counsel, r: r, now: noon, want: wanted},
		"asked again":        {inv: inv, agency: counsel, r: r, now: noon},
		"invited already":    {inv: invite(t, r, codesOf(1), noon), agency: counsel, r: r, now: noon},
		"in a queue":         {agency: counsel, r: queued, now: noon},
		"not asked":          {agency: stranger, r: r, now: noon},
		"answered meanwhile": {agency: counsel, r: in(t, code.Accepted), now: noon},
		"too late to answer": {agency: counsel, r: r, now: r.Due},
	} {
		events, err := c.inv.Want(system(c.now), c.agency, c.r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, events); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	if _, err := inv.Try(at(counsel, noon), typed(t, codesOf(1).Typed())); errors.Is(err, ErrCode) || ByHandle.Keys(inv) != nil {
		t.Errorf("without codes it is found, or shut: %v", err)
	}
	if _, err := inv.Use(at(counsel, noon), Reply{Answer: code.Accept}); !errors.Is(err, ErrCode) {
		t.Errorf("without codes it is used: %v", err)
	}
	if made := fold(inv, noon, []fact.Event{{Data: referralv1.InvitationMade(inv.InvitationWanted), Private: codesOf(1).Secrets(id)}}); ByHandle.Keys(made) == nil || inv.Case() != r.Case() {
		t.Error("what was wanted is not made, or belongs to no case")
	}
	if ended, err := inv.End(system(r.Due)); err != nil || !fold(inv, r.Due, ended).Closed() {
		t.Errorf("what was only wanted stays for ever: %v", err)
	}
}
