package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
)

// rule is what a programme could say.
var rule = Rule{Hold: 30 * time.Minute, Ask: AskAfter}

const (
	shelter = "casa-segura"
	desk    = "front-desk"
	house   = "0b6f2c1e-52d4-4a57-9e0c-6d1f8a3b7c21"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func by(agency string, at time.Time) fact.By {
	return fact.By{Principal: "p", Agency: agency, At: at, Commit: "place/" + at.String()}
}

func listed(is Listed) Listing { return Listing{Service: look.Made(is)} }

var there = Listed{Agency: shelter, Country: "GT", Services: []code.Service{code.SafeHouse}, Visibility: code.VisibleNetwork}

func sent(is Standing) Referral { return Referral{Is: look.Made(is)} }

var waiting = Standing{Sender: desk, Asks: []string{shelter}}

func fold(p Place, at time.Time, events []fact.Event) Place {
	for _, e := range events {
		e.At = at
		p = p.Evolve(e)
	}
	return p
}

func must(events []fact.Event, err error) []fact.Event {
	if err != nil {
		panic(err)
	}
	return events
}

// described is a shelter for families, with boys up to twelve.
func described(free, maximum int64) Place {
	twelve := int64(12)
	return fold(Place{}, noon, must(Place{}.Describe(by(shelter, noon), Describe{
		Place: house, Unit: code.UnitRoom, Maximum: maximum, Free: free, For: code.ForFamily, Children: 3, BoysTo: &twelve,
	}, listed(there))))
}

func (p Place) reserve(t *testing.T, at time.Time, cmd Reserve) Place {
	t.Helper()
	events, err := p.Reserve(by(desk, at), cmd, Asked{listed(there), sent(waiting)}, rule)
	if err != nil {
		t.Fatal(err)
	}
	return fold(p, at, events)
}

// What the place says refuses at the field, in the words of the place.
func TestWhomThePlaceTakes(t *testing.T) {
	yes, no := true, false
	family := described(2, 6)
	single := family
	single.Takes = referralv1.Takes{For: code.ForOnePerson, Wheelchair: true}
	for name, c := range map[string]struct {
		p             Place
		cmd           Reserve
		pointer, rule string
	}{
		"a woman":                      {family, Reserve{Adults: 1}, "", ""},
		"with children, boys within":   {family, Reserve{Adults: 1, Children: 3, BoysWithin: &yes}, "", ""},
		"with children, nothing said":  {family, Reserve{Adults: 1, Children: 2}, "/boys_within", "required: boys up to 12 years"},
		"with an older boy":            {family, Reserve{Adults: 1, Children: 2, BoysWithin: &no}, "/boys_within", "boys up to 12 years"},
		"with too many children":       {family, Reserve{Adults: 1, Children: 4, BoysWithin: &yes}, "/children", "at most 3"},
		"with a wheelchair":            {family, Reserve{Adults: 1, Wheelchair: true}, "/wheelchair", "not usable with a wheelchair"},
		"nobody":                       {family, Reserve{}, "/adults", "at least one person"},
		"for one, and usable":          {single, Reserve{Adults: 1, Wheelchair: true}, "", ""},
		"a girl alone":                 {single, Reserve{Children: 1}, "", ""},
		"for one, and she has a child": {single, Reserve{Adults: 1, Children: 1}, "/children", "for one person"},
		"for one, and they are two":    {single, Reserve{Adults: 2}, "/adults", "for one person"},
	} {
		_, err := c.p.Reserve(by(desk, noon), c.cmd, Asked{Listing: listed(there)}, rule)
		if c.pointer == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || !errors.Is(err, ErrTakesNot) || len(f.Fields) != 1 || f.Fields[0].Pointer != c.pointer || f.Fields[0].Rule != c.rule {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestWhoHolds(t *testing.T) {
	p := described(1, 6)
	hidden, gone := there, there
	hidden.Visibility, gone.Suspended = code.VisibleAssigned, true
	unread := errors.New("unread")
	for name, c := range map[string]struct {
		agency string
		on     Asked
		cmd    Reserve
		want   error
	}{
		"a desk":                             {desk, Asked{Listing: listed(there)}, Reserve{Adults: 1}, nil},
		"the directory cannot be read":       {desk, Asked{Listing: Listing{Err: unread}}, Reserve{Adults: 1}, unread},
		"nobody's service":                   {desk, Asked{Listing: listed(Listed{})}, Reserve{Adults: 1}, ErrNotFound},
		"a service for the assigned":         {desk, Asked{Listing: listed(hidden)}, Reserve{Adults: 1}, ErrNotFound},
		"its own agency":                     {shelter, Asked{Listing: listed(hidden)}, Reserve{Adults: 1}, nil},
		"a suspended agency":                 {desk, Asked{Listing: listed(gone)}, Reserve{Adults: 1}, ErrNoneFree},
		"for a referral that waits":          {desk, Asked{listed(there), sent(waiting)}, Reserve{Adults: 1, Referral: "ref_1"}, nil},
		"for a referral of another desk":     {desk, Asked{listed(there), sent(Standing{Sender: "x", Asks: []string{shelter}})}, Reserve{Adults: 1, Referral: "ref_1"}, ErrHoldReferral},
		"for a referral to another agency":   {desk, Asked{listed(there), sent(Standing{Sender: desk, Asks: []string{"x"}})}, Reserve{Adults: 1, Referral: "ref_1"}, ErrHoldReferral},
		"for a referral that was taken":      {desk, Asked{listed(there), sent(Standing{Sender: desk, Taken: shelter})}, Reserve{Adults: 1, Referral: "ref_1"}, ErrHoldReferral},
		"for a referral that has ended":      {desk, Asked{listed(there), sent(Standing{Sender: desk, Asks: []string{shelter}, Ended: true})}, Reserve{Adults: 1, Referral: "ref_1"}, ErrHoldReferral},
		"for a referral that nobody knows":   {desk, Asked{listed(there), sent(Standing{})}, Reserve{Adults: 1, Referral: "ref_1"}, ErrHoldReferral},
		"for a referral that cannot be read": {desk, Asked{listed(there), Referral{Err: unread}}, Reserve{Adults: 1, Referral: "ref_1"}, unread},
	} {
		if _, err := p.Reserve(by(c.agency, noon), c.cmd, c.on, rule); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	p = p.reserve(t, noon, Reserve{Adults: 1, Referral: "ref_1"})
	if _, err := p.Reserve(by(desk, noon), Reserve{Adults: 1}, Asked{Listing: listed(there)}, rule); !errors.Is(err, ErrNoneFree) {
		t.Errorf("the last one twice: %v", err)
	}
	p.Free = 1
	if _, err := p.Reserve(by(desk, noon), Reserve{Adults: 1, Referral: "ref_1"}, Asked{listed(there), sent(waiting)}, rule); !errors.Is(err, ErrHoldExists) {
		t.Errorf("twice for one referral: %v", err)
	}
}

// A hold lasts for its minutes, is renewed once, and falls back once: not an instant early.
func TestHold(t *testing.T) {
	p := described(1, 6).reserve(t, noon, Reserve{Adults: 1})
	id := p.Holds[0].ID
	last := noon.Add(30*time.Minute - 1)
	if _, err := p.HoldDue(by("", last), Took{}); !errors.Is(err, ErrNotDue) {
		t.Errorf("early: %v", err)
	}
	if _, err := p.Renew(by("other", noon), Renew{id}, rule); !errors.Is(err, ErrHoldEnded) {
		t.Errorf("another's hold: %v", err)
	}
	if _, err := p.Renew(by(desk, last.Add(1)), Renew{id}, rule); !errors.Is(err, ErrHoldEnded) {
		t.Errorf("renewed at its end: %v", err)
	}
	renewed := fold(p, last, must(p.Renew(by(desk, last), Renew{id}, rule)))
	if until := renewed.Holds[0].Until; !until.Equal(last.Add(30*time.Minute)) || renewed.Free != 0 {
		t.Errorf("renewed until %s, %d free", until, renewed.Free)
	}
	if _, err := renewed.Renew(by(desk, last), Renew{id}, rule); !errors.Is(err, ErrHoldRenewed) {
		t.Errorf("renewed twice: %v", err)
	}
	end := noon.Add(30 * time.Minute)
	events := must(p.HoldDue(by("", end), Took{}))
	if d := cmp.Diff(fact.Of(referralv1.HoldEnded{Place: house, Hold: id, Reason: code.HoldExpired}), events); d != "" {
		t.Error(d)
	}
	p = fold(p, end, events)
	if again, err := p.HoldDue(by("", end), Took{}); len(again) > 0 || err != nil || p.Free != 1 {
		t.Errorf("again: %v %v, %d free", again, err, p.Free)
	}
	for who, want := range map[string]code.HoldEnd{desk: code.HoldGivenBack, shelter: code.HoldCorrected} {
		events, err := renewed.End(by(who, noon), End{id})
		if err != nil || events[0].Data.(referralv1.HoldEnded).Reason != want {
			t.Errorf("%s ends it: %v %v", who, events, err)
		}
	}
	if _, err := renewed.End(by("other", noon), End{id}); !errors.Is(err, ErrHoldEnded) {
		t.Errorf("another ends it: %v", err)
	}
}

// What was accepted in time is not lost to the deadline, and a deadline that was first is
// not undone.
func TestAcceptanceAtTheLastInstant(t *testing.T) {
	p := described(1, 1).reserve(t, noon, Reserve{Adults: 1, Referral: "ref_1"})
	end := noon.Add(30 * time.Minute)
	first := fold(p, end, must(p.HoldDue(by("", end), Took{By: map[string]string{"ref_1": shelter}})))
	if len(first.Holds) != 0 || first.Taken() != 1 || first.Free != 0 {
		t.Errorf("accepted first: %+v", first)
	}
	if again := must(first.Take(by("", end), "ref_1")); len(again) > 0 {
		t.Errorf("taken twice: %v", again)
	}
	expired := fold(p, end, must(p.HoldDue(by("", end), Took{By: map[string]string{"ref_1": "another"}})))
	if expired.Free != 1 {
		t.Errorf("another took it: %+v", expired)
	}
	taken := fold(expired, end, must(expired.Take(by("", end), "ref_1")))
	if taken.Taken() != 1 || taken.Free != 0 {
		t.Errorf("accepted after: %+v", taken)
	}
	none := fold(taken, end, must(taken.Take(by("", end), "ref_2")))
	if none.Taken() != 1 || none.Free != 0 || none.Over() != 0 || none.View(by(shelter, end)).(View).Counts.Uncounted != 1 {
		t.Errorf("none was free: %+v", none)
	}
	if back := fold(none, end, must(none.Leave(by(shelter, end), Leave{"ref_2", code.StayNeverCame}))); back.Free != 0 {
		t.Errorf("what was never counted came back: %+v", back)
	}
}

// Her leaving gives it back, the end of the referral does not, and after days the agency's
// own people are asked.
func TestLeaving(t *testing.T) {
	p := described(1, 1)
	p = fold(p, noon, must(p.Take(by("", noon), "ref_1")))
	end := noon.Add(time.Hour)
	p = fold(p, end, must(p.ReferralEnded(by("", end), "ref_1", rule)))
	if p.Free != 0 || p.Taken() != 1 || !p.Stays[0].EndedAt.Equal(end) {
		t.Fatalf("the end of the referral: %+v", p)
	}
	if again := must(p.ReferralEnded(by("", end), "ref_1", rule)); len(again) > 0 {
		t.Errorf("ended twice: %v", again)
	}
	week := end.Add(7 * 24 * time.Hour)
	if _, err := p.StayDue(by("", week.Add(-1)), Took{}); !errors.Is(err, ErrNotDue) {
		t.Errorf("asked early: %v", err)
	}
	going := fold(p, week, must(p.StayDue(by("", week), Took{By: map[string]string{"ref_1": shelter}})))
	if !going.Stays[0].EndedAt.IsZero() || len(going.Deadlines()) > 0 {
		t.Errorf("it was taken up again: %+v", going)
	}
	p = fold(p, week, must(p.StayDue(by("", week), Took{})))
	if !p.Stays[0].Asked || len(p.Deadlines()) > 0 {
		t.Errorf("asked: %+v", p)
	}
	if _, err := p.Leave(by(desk, week), Leave{"ref_1", code.StayLeft}); !errors.Is(err, ErrNotYourAgency) {
		t.Errorf("her desk says that she left: %v", err)
	}
	if _, err := p.Leave(by(shelter, week), Leave{"ref_2", code.StayLeft}); !errors.Is(err, ErrNotPlaced) {
		t.Errorf("who was never there: %v", err)
	}
	p = fold(p, week, must(p.Leave(by(shelter, week), Leave{"ref_1", code.StayLeft})))
	if p.Free != 1 || len(p.Stays) > 0 {
		t.Errorf("she left: %+v", p)
	}
}

// The agency's word wins, what does not add up is shown, and nothing else is changed.
func TestCorrected(t *testing.T) {
	p := described(2, 3).reserve(t, noon, Reserve{Adults: 1, Referral: "ref_1"})
	p = fold(p, noon, must(p.Take(by("", noon), "ref_2")))
	one := int64(1)
	if _, err := p.Count(by(desk, noon), Count{Free: 1}); !errors.Is(err, ErrNotYourAgency) {
		t.Errorf("a desk counts: %v", err)
	}
	if _, err := p.Count(by(shelter, noon), Count{Free: 4}); !errors.Is(err, ErrCapacity) {
		t.Errorf("more than there are: %v", err)
	}
	p = fold(p, noon, must(p.Count(by(shelter, noon), Count{Free: 0, Maximum: &one})))
	want := &Counts{Maximum: 1, Free: 0, Held: 1, Taken: 1, Over: 1, CountedAt: noon}
	if d := cmp.Diff(want, p.View(by(shelter, noon)).(View).Counts); d != "" {
		t.Error(d)
	}
	p = fold(p, noon, must(p.End(by(desk, noon), End{p.Holds[0].ID})))
	if p.Free != 0 || p.Over() != 0 {
		t.Errorf("what there is not was given back: %+v", p)
	}
}

// Others see neither counts, nor what another desk holds.
func TestWhoSeesAPlace(t *testing.T) {
	p := described(3, 3).reserve(t, noon, Reserve{Adults: 1})
	p = fold(p, noon, must(p.Take(by("", noon), "ref_2")))
	if v := p.View(by("other", noon)).(View); v.Counts != nil || len(v.Stays)+len(v.Holds) > 0 || !v.HasFree {
		t.Errorf("another desk sees %+v", v)
	}
	if v := p.View(by(desk, noon)).(View); v.Counts != nil || len(v.Stays) > 0 || len(v.Holds) != 1 {
		t.Errorf("its desk sees %+v", v)
	}
	p.Visibility = code.VisibleNobody
	for agency, want := range map[string]bool{shelter: true, desk: true, "other": false, "": false} {
		if p.Visible(by(agency, noon)) != want {
			t.Errorf("hidden, %q sees it: %t", agency, !want)
		}
	}
}

// However holds, acceptances, ends and counts follow each other: nothing is below zero, and
// the sum is above the maximum only where the agency counted so.
func TestTheSumHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maximum := rapid.Int64Range(0, 4).Draw(t, "maximum")
		p := described(rapid.Int64Range(0, maximum).Draw(t, "free"), maximum)
		at, over, held := noon, int64(0), map[string]int{}
		ref := func() string { return rapid.SampledFrom([]string{"ref_1", "ref_2", "ref_3"}).Draw(t, "referral") }
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			at = at.Add(rapid.SampledFrom([]time.Duration{0, time.Second, 10 * time.Minute, 8 * 24 * time.Hour}).Draw(t, "later"))
			actor := by(desk, at)
			actor.Commit = at.String() + string(rune(i))
			var events []fact.Event
			var err error
			hold := ""
			if len(p.Holds) > 0 {
				hold = rapid.SampledFrom(p.Holds).Draw(t, "hold").ID
			}
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0, 1:
				events, err = p.Reserve(actor, Reserve{Adults: 1, Referral: rapid.SampledFrom([]string{"", "ref_1", "ref_2"}).Draw(t, "for")}, Asked{listed(there), sent(waiting)}, rule)
			case 2:
				events, err = p.Renew(actor, Renew{hold}, rule)
			case 3:
				events, err = p.End(by(rapid.SampledFrom([]string{desk, shelter}).Draw(t, "who"), at), End{hold})
			case 4:
				events, err = p.Take(by("", at), ref())
			case 5:
				events, err = p.ReferralEnded(by("", at), ref(), rule)
			case 6:
				events, err = p.Leave(by(shelter, at), Leave{ref(), code.StayLeft})
			case 7:
				m := rapid.Int64Range(0, 4).Draw(t, "new maximum")
				events, err = p.Count(by(shelter, at), Count{Free: rapid.Int64Range(0, 4).Draw(t, "new free"), Maximum: &m})
			case 8:
				events, err = p.HoldDue(by("", at), Took{By: map[string]string{ref(): shelter}})
			case 9:
				events, err = p.StayDue(by("", at), Took{})
			}
			if err != nil && len(events) > 0 {
				t.Fatal("refused, and yet something happened")
			}
			for _, e := range events {
				if d, ok := e.Data.(referralv1.HoldEnded); ok {
					if held[d.Hold]++; held[d.Hold] > 1 {
						t.Fatalf("%s ended twice", d.Hold)
					}
					if h := p.Holds[p.held(d.Hold)]; d.Reason == code.HoldExpired && at.Before(h.Until) {
						t.Fatal("fell back early")
					}
				}
				p = fold(p, at, []fact.Event{e})
				if _, corrected := e.Data.(referralv1.PlaceDescribed); corrected {
					over = p.Over()
				}
			}
			if p.Free < 0 || p.Free > p.Maximum || p.Over() > over {
				t.Fatalf("%d free, %d held, %d taken of %d, and %d over at the last count", p.Free, len(p.Holds), p.Taken(), p.Maximum, over)
			}
			over = p.Over()
		}
	})
}
