package domain

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
)

var enquiryNow = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

const (
	enquiryID = "enquiry_01jrqcz45tmx091hkw628bdf37"
	cardsID   = "cards_01jrqcz45tmx091hkw628bdf37"
)

func clerk(name string, at time.Time, roles ...string) fact.By {
	return fact.By{Principal: name, Agency: "front-desk", Roles: roles, At: at, Commit: enquiryID + "/1"}
}

func evolved[S interface{ Evolve(fact.Event) S }](t interface{ Fatal(...any) }, s S, at time.Time, events []fact.Event, err error) S {
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		e.At = at
		s = s.Evolve(e)
	}
	return s
}

// aDesk is in a country whose programme has the times of the base.
var aDesk = deskIn("GT", basis)

func deskIn(country code.Country, rules Rules) Desk {
	return Desk{Agency: look.Made(agencies.Agency{Name: "front-desk", Country: country}), Rules: rules}
}

func cardsOf(t *testing.T, count int) (Cards, []CardCode) {
	t.Helper()
	var codes []CardCode
	for i := range count {
		codes = append(codes, NewCardCode([HandleEntropy]byte{1, 2, 3}, [CardEntropy]byte{byte(i), 7, 7, 7, 7, 7, 7, 7}))
	}
	by := fact.By{Principal: "clerk", Agency: "front-desk", At: enquiryNow, Commit: cardsID + "/1"}
	events, err := Cards{}.Make(by, MakeCards{Count: count, Days: 30}, codes, aDesk)
	return evolved(t, Cards{}, enquiryNow, events, err), codes
}

// A code is found as it is typed, until the cards end; nothing else is.
func TestCardsFindTheirCodes(t *testing.T) {
	c, codes := cardsOf(t, 3)
	for i, one := range codes {
		typed, ok := ReadCardCode(" " + one.Shown() + " ")
		if !ok || c.Find(typed, enquiryNow) != i+1 {
			t.Errorf("card %d is not found by its code", i+1)
		}
	}
	wrong := codes[0]
	wrong.Secret = wrong.Secret[:cardSecret-1] + "z"
	if wrong == codes[0] || c.Find(wrong, enquiryNow) != 0 {
		t.Error("a wrong code is found")
	}
	if c.Find(codes[0], c.Until) != 0 {
		t.Error("a code holds after its time")
	}
	events, err := c.End(clerk("clerk", enquiryNow), EndCards{})
	ended := evolved(t, c, enquiryNow, events, err)
	if ended.Find(codes[0], enquiryNow) != 0 || len(ended.Deadlines()) != 0 {
		t.Error("ended cards hold")
	}
	if _, err := ended.End(clerk("clerk", enquiryNow), EndCards{}); !errors.Is(err, ErrCardsEnded) {
		t.Errorf("ended twice: %v", err)
	}
	// A code of other cards has another hash.
	other := c
	other.ID = "cards_01jrqcz45tmx091hkw628bdf38"
	if other.Find(codes[0], enquiryNow) != 0 {
		t.Error("one table serves for two")
	}
}

func TestCardsAreBounded(t *testing.T) {
	for _, cmd := range []MakeCards{{0, 30}, {51, 30}, {1, 0}, {1, 181}} {
		if _, err := (Cards{}).Make(clerk("clerk", enquiryNow), cmd, make([]CardCode, max(0, cmd.Count)), aDesk); !errors.Is(err, ErrCards) {
			t.Errorf("%+v: %v", cmd, err)
		}
	}
}

func TestTheLeastThatSheTells(t *testing.T) {
	for _, tt := range []struct {
		name string
		word HerWord
		ok   bool
	}{
		{"she comes", HerWord{Comes: true}, true},
		{"a way and hours", HerWord{Way: code.Call, At: "5550 0000", Hours: "9 to 11"}, true},
		{"nothing", HerWord{}, false},
		{"words alone", HerWord{Words: "help"}, false},
		{"a way alone", HerWord{Way: code.Call, At: "5550 0000"}, false},
		{"no number", HerWord{Way: code.Call, At: " ", Hours: "9 to 11"}, false},
		{"an unknown way", HerWord{Way: "pigeon", At: "roof", Hours: "9 to 11"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := (SendEnquiry{HerWord: tt.word}).Check(); (err == nil) != tt.ok {
				t.Errorf("%v", err)
			}
		})
	}
}

func reported(t interface{ Fatal(...any) }, r RecordReport) Enquiry {
	events, err := Enquiry{}.Record(clerk("clerk", enquiryNow), r, aDesk)
	return evolved(t, Enquiry{}, enquiryNow, events, err)
}

// What a neighbour told is read by who has it, and opens no case in her name before she agrees.
func TestAReportOpensNoCase(t *testing.T) {
	e := reported(t, RecordReport{Seen: "screams", DangerNow: true})
	worker, other := clerk("one", enquiryNow), clerk("two", enquiryNow)
	if v := e.View(clerk("clerk", enquiryNow)).(EnquiryView); v.Report != nil {
		t.Error("who wrote it down reads it, and does not have it")
	}
	if due := e.Deadlines(); len(due) != 1 || !due[0].At.Equal(enquiryNow.Add(2*time.Hour)) {
		t.Errorf("%v", due)
	}
	if _, err := e.Settle(worker, SettleEnquiry{Result: code.NoConcern}, HerCase{}); !errors.Is(err, ErrNotYourEnquiry) {
		t.Errorf("settled by who does not have it: %v", err)
	}
	events, err := e.Take(worker, TakeEnquiry{}, basis)
	e = evolved(t, e, enquiryNow, events, err)
	if v := e.View(worker).(EnquiryView); v.Report == nil || v.Report.Seen != "screams" {
		t.Error("who has it does not read it")
	}
	if v := e.View(other).(EnquiryView); v.Report != nil {
		t.Error("a colleague reads it")
	}
	if _, err := e.Take(other, TakeEnquiry{}, basis); !errors.Is(err, ErrEnquiryTaken) {
		t.Errorf("taken twice: %v", err)
	}
	const hers = "case_01jrqcz45tmx091hkw628bdf37"
	for _, tt := range []struct {
		name string
		cmd  SettleEnquiry
		on   HerCase
		want error
	}{
		{"she has not agreed", SettleEnquiry{Result: code.CaseThere, Case: hers}, HerCase{Mine: true}, ErrSheAgrees},
		{"somebody else's case", SettleEnquiry{Result: code.CaseThere, Case: hers, SheAgreed: true}, HerCase{}, ErrEnquiry},
		{"no case", SettleEnquiry{Result: code.CaseThere, SheAgreed: true}, HerCase{}, ErrEnquiry},
		{"a case with another result", SettleEnquiry{Result: code.NoConcern, Case: hers}, HerCase{Mine: true}, ErrEnquiry},
		{"an unknown result", SettleEnquiry{Result: "gone"}, HerCase{}, ErrUnknownCode},
		{"she agreed", SettleEnquiry{Result: code.CaseThere, Case: hers, SheAgreed: true}, HerCase{Mine: true}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := e.Settle(worker, tt.cmd, tt.on); !errors.Is(err, tt.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// rings says that the people of a desk are told that something waits.
func rings(events []fact.Event, agency string) bool {
	return slices.ContainsFunc(events, func(e fact.Event) bool {
		told, ok := e.Data.(intakev1.DeskAwaited)
		return ok && told.Agency == agency
	})
}

// Her own word needs no second yes.
func TestHerOwnWordLeadsToACase(t *testing.T) {
	events, err := Enquiry{}.Send(fact.By{Principal: "card", Agency: "front-desk", At: enquiryNow, Commit: enquiryID + "/1"}, HerWord{Comes: true}, cardsID, 2, aDesk)
	e := evolved(t, Enquiry{}, enquiryNow, events, err)
	if !rings(events, "front-desk") {
		t.Error("nobody of the desk is told that something waits")
	}
	events, err = e.Take(clerk("one", enquiryNow), TakeEnquiry{}, basis)
	e = evolved(t, e, enquiryNow, events, err)
	if _, err := e.Settle(clerk("one", enquiryNow), SettleEnquiry{Result: code.CaseThere, Case: "case_01jrqcz45tmx091hkw628bdf37"}, HerCase{Mine: true}); err != nil {
		t.Error(err)
	}
}

// However it goes on, each open enquiry is late at some instant or is late now, and a settled one
// never is: it ends in somebody's hands. Nothing is told to who does not have it.
func TestAnEnquiryEndsInSomebodysHands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, now := reported(t, RecordReport{Seen: "x", DangerNow: rapid.Bool().Draw(t, "danger")}), enquiryNow
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 80).Draw(t, "hours")) * time.Hour)
			by := clerk(rapid.SampledFrom([]string{"one", "two"}).Draw(t, "who"), now)
			var events []fact.Event
			var err error
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				events, err = e.Take(by, TakeEnquiry{}, basis)
			case 1:
				events, err = e.EnquiryDue(fact.By{At: now})
				if early := e.waits() && now.Before(e.Until); early != errors.Is(err, ErrNotDue) {
					t.Fatalf("early %v: %v", early, err) // else a clock that is ahead takes the deadline away
				}
				if late := len(events) > 0; late != rings(events, e.Agency) {
					t.Fatalf("late %v, and the desk is told of %v", late, events)
				}
			case 2:
				events, err = e.Settle(by, SettleEnquiry{Result: code.NobodyFound}, HerCase{})
			}
			if err == nil {
				e = evolved(t, e, now, events, nil)
			}
			for _, event := range events {
				if _, settled := event.Data.(intakev1.EnquirySettled); settled && !e.mine(by) {
					t.Fatal("settled by who does not have it")
				}
			}
			if late := !e.OverdueAt.IsZero(); e.Closed() && (late || len(e.Deadlines()) > 0) || !e.Closed() && !late && len(e.Deadlines()) != 1 {
				t.Fatalf("closed %v, late %v, waits for %v", e.Closed(), late, e.Deadlines())
			}
			if !e.mine(by) && e.View(by).(EnquiryView).Report != nil {
				t.Fatal("told to who does not have it")
			}
			for id := range e.Commands() {
				if e.Closed() && slices.Contains(e.Commands().Now(e, by, 0), id) {
					t.Fatalf("%s on a settled enquiry", id)
				}
			}
		}
	})
}

// Cards end when their time is over, and not by a clock that is ahead.
func TestCardsEndInTime(t *testing.T) {
	c, _ := cardsOf(t, 1)
	if _, err := c.CardsDue(fact.By{At: c.Until.Add(-time.Second)}); !errors.Is(err, ErrNotDue) {
		t.Errorf("early: %v", err)
	}
	events, err := c.CardsDue(fact.By{At: c.Until})
	if c = evolved(t, c, c.Until, events, err); !c.Closed() {
		t.Error("their time is over")
	}
	if events, err := c.CardsDue(fact.By{At: c.Until}); err != nil || len(events) > 0 {
		t.Errorf("ended twice: %v %v", events, err)
	}
}

func TestACardIsSpent(t *testing.T) {
	if Spent([]string{"a", "b"}, "c") || !Spent([]string{"a", "b", "c"}, "d") || Spent([]string{"a", "b", "c"}, "c") {
		t.Error("a card is used three times, and one that comes again is no further use")
	}
}

// A programme of the country of the desk says for how long an enquiry waits and a card holds. It is
// frozen into the enquiry: what comes later does not move it. Where no programme of the country is
// known, and for what was written before programmes said it, it is as in the base.
func TestAProgrammeSaysHowLongAnEnquiryWaits(t *testing.T) {
	quick := made(func(f *programme.Fields) {
		f.Enquiries.Is = programme.Enquiries{Take: 6 * time.Hour, TakeInDanger: time.Hour, Settle: 48 * time.Hour, Cards: 10 * 24 * time.Hour}
	})
	// before is as it was written before programmes said it.
	before := func(e []fact.Event) []fact.Event {
		switch d := e[0].Data.(type) {
		case intakev1.EnquiryMade:
			e[0].Data = intakev1.EnquiryMade{Enquiry: d.Enquiry, Agency: d.Agency, Source: d.Source}
		case intakev1.EnquiryTaken:
			e[0].Data = intakev1.EnquiryTaken{Enquiry: d.Enquiry, Worker: d.Worker}
		}
		return e
	}
	const danger, settle = true, true
	for _, tt := range []struct {
		name        string
		at          Desk
		unsaid      bool
		take, alarm time.Duration
		settle      time.Duration
		days        int
	}{
		{"the programme of its country", deskIn("GT", quick), false, 6 * time.Hour, time.Hour, 48 * time.Hour, 10},
		{"a country without a programme", deskIn("KG", quick), false, 24 * time.Hour, 2 * time.Hour, 72 * time.Hour, 180},
		{"no country is known", deskIn("", quick), false, 24 * time.Hour, 2 * time.Hour, 72 * time.Hour, 180},
		{"written before", deskIn("GT", quick), true, 24 * time.Hour, 2 * time.Hour, 72 * time.Hour, 10},
	} {
		for _, c := range []struct {
			danger, settle bool
			want           time.Duration
		}{{!danger, !settle, tt.take}, {danger, !settle, tt.alarm}, {danger, settle, tt.settle}} {
			as := func(e []fact.Event) []fact.Event { return e }
			if tt.unsaid {
				as = before
			}
			events, err := Enquiry{}.Record(clerk("clerk", enquiryNow), RecordReport{Seen: "x", DangerNow: c.danger}, tt.at)
			from, e := enquiryNow, evolved(t, Enquiry{}, enquiryNow, as(events), err)
			if c.settle {
				from = enquiryNow.Add(time.Minute)
				events, err = e.Take(clerk("one", from), TakeEnquiry{}, tt.at.Rules)
				e = evolved(t, e, from, as(events), err)
			}
			if due := e.Deadlines(); len(due) != 1 || !due[0].At.Equal(from.Add(c.want)) {
				t.Errorf("%s, %+v: %v", tt.name, c, due)
			}
		}
		for days, want := range map[int]error{tt.days: nil, tt.days + 1: ErrCards} {
			if _, err := (Cards{}).Make(clerk("clerk", enquiryNow), MakeCards{1, days}, make([]CardCode, 1), tt.at); !errors.Is(err, want) {
				t.Errorf("%s: cards for %d days: %v", tt.name, days, err)
			}
		}
	}
}
