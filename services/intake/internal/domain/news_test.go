package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// brings has her desk write it down: acting as who sees what is in the case, or as a colleague.
func brings(d *desk, sees bool, cmd BringDangerNews) ([]fact.Event, error) {
	events, err := d.state.BringDangerNews(d.by(), cmd, hands(d.state, sees), basis)
	d.commit(events)
	return events, err
}

func bringsFor(d *desk, agency, referral string, cmd BringDangerNews) ([]fact.Event, error) {
	by, h := d.from(agency)
	events, err := d.state.BringDangerNewsFor(by, referral, cmd, h, basis)
	d.commit(events)
	return events, err
}

func reopens(d *desk, id string) ([]fact.Event, error) {
	return do(d, func(c Case, by fact.By, cmd ReopenDangerNews) ([]fact.Event, error) {
		return c.ReopenDangerNews(by, cmd, basis)
	}, ReopenDangerNews{News: id})
}

func settles(d *desk, id string, result code.DangerNewsResult, way code.ContactChannel) ([]fact.Event, error) {
	return do(d, Case.SettleDangerNews, SettleDangerNews{News: id, Result: result, Way: way})
}

var released = BringDangerNews{Kind: code.NewsReleased, Words: "on Friday"}

// The ordinary way goes first, for who may use it. In doubt it waits: who may not ask is not told
// whether there is a way.
func TestWhoMayTellHerDoesNotLeaveItToTheDesk(t *testing.T) {
	open := func(t *testing.T) (*desk, string) {
		d, id, _ := helped(t)
		d.state.Contact = Contact{DangerNews: &SafeChannel{Kind: code.ThroughPerson, Person: "her sister"}}
		return d, id
	}
	closed := func(d *desk) { d.state.ContactClosed = noon }
	none := func(d *desk) { d.state.Contact = Contact{Phone: "+502 5555 0000"} }
	narrow := func(d *desk) {
		for i := range d.state.Consents {
			d.state.Consents[i].Categories = []code.Category{code.Identity}
		}
	}
	for name, c := range map[string]struct {
		so               func(*desk)
		desk, agency, is *fault.Error
	}{
		"a way is open":                     {so: func(*desk) {}, desk: ErrNewsHasWay, agency: ErrNewsHasWay},
		"her contact is closed":             {so: closed},
		"she chose none":                    {so: none},
		"the agency may not ask":            {so: narrow, desk: ErrNewsHasWay},
		"the case was entered in error":     {so: func(d *desk) { d.state.InError = true }, desk: ErrNotOpen, agency: ErrNewsHasWay},
		"a way is open, the case is closed": {so: func(d *desk) { d.state.CloseReason = code.CloseReasons[0] }, desk: ErrNewsHasWay, agency: ErrNewsHasWay},
	} {
		t.Run(name, func(t *testing.T) {
			for who, bring := range map[string]struct {
				by   func(*desk, string) ([]fact.Event, error)
				want *fault.Error
			}{
				"who has the case": {func(d *desk, _ string) ([]fact.Event, error) { return brings(d, true, released) }, c.desk},
				"an agency":        {func(d *desk, id string) ([]fact.Event, error) { return bringsFor(d, legal, id, released) }, c.agency},
			} {
				d, id := open(t)
				c.so(d)
				events, err := bring.by(d, id)
				if bring.want != nil {
					refused(t, events, err, bring.want)
					continue
				}
				if err != nil || len(events) != 2 || len(d.state.newsWaiting()) != 1 {
					t.Errorf("%s: %v %v", who, events, err)
				}
			}
		})
	}
	d, _ := open(t)
	if events := d.must(t)(brings(d, false, released)); len(events) != 2 {
		t.Errorf("a colleague who may not ask: %v", events)
	}
	unread := d.state
	if events, err := unread.BringDangerNews(d.by(), BringDangerNews{Kind: code.NewsNearHer}, work.Hands{Err: errors.New("away")}, basis); err != nil || len(events) != 2 {
		t.Errorf("the register cannot be read: %v %v", events, err)
	}
}

// Those on duty are told at once, and not where she must not meet somebody of the desk. What the
// desk is told names neither the news nor who brought it.
func TestTheDeskIsToldAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		blocks  *Blocks
		without bool
	}{
		"nobody is named":       {nil, false},
		"somebody elsewhere":    {&Blocks{Persons: []string{legal + "/kin"}, Agencies: []string{clinic}}, false},
		"somebody of her desk":  {&Blocks{Persons: []string{agency + "/kin"}}, true},
		"a desk of a like name": {&Blocks{Persons: []string{agency + "-two/kin"}}, false},
	} {
		d := open(t, Opening{Blocks: c.blocks})
		events := d.must(t)(brings(d, true, released))
		if diff := cmp.Diff([]any{
			intakev1.DangerNewsBrought{Case: d.state.ID, News: d.state.Brought[0].ID},
			intakev1.DeskAwaited{Agency: agency, Case: d.state.ID, AtOnce: true, WithoutDuty: c.without},
		}, []any{events[0].Data, events[1].Data}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if again := d.must(t)(brings(d, true, released)); len(again) > 0 {
			t.Errorf("%s: said again: %v", name, again)
		}
	}
}

// The agency sees that it was taken, and no more; after her withdrawal it brings nothing, and what
// it brought still waits.
func TestAnAgencySeesThatItsNewsWasTaken(t *testing.T) {
	d, id, other := helped(t)
	d.state.ContactClosed = noon
	d.must(t)(bringsFor(d, legal, id, released))
	by, h := d.from(legal)
	taken, known, err := d.state.TakenNews(by, id, released, h, basis)
	if diff := cmp.Diff(TakenNews{Referral: id, Kind: code.NewsReleased}, taken); diff != "" || !known || err != nil {
		t.Errorf("%s %v %v", diff, known, err)
	}
	if n := d.state.Brought[0]; n.Agency != legal || n.By != by.Principal || n.Referral != id {
		t.Errorf("%+v", n)
	}
	if events, err := bringsFor(d, clinic, id, released); len(events) > 0 || err != nil {
		t.Errorf("another agency: %v %v", events, err)
	}
	if _, known, err := d.state.TakenNews(by, other, released, h, basis); known || err != nil {
		t.Errorf("of another agency: %v %v", known, err)
	}
	d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Recipient: legal, Service: code.LegalAssistance}))
	if events, err := bringsFor(d, legal, id, BringDangerNews{Kind: code.NewsNearHer}); len(events) > 0 || err != nil {
		t.Errorf("after the withdrawal: %v %v", events, err)
	}
	if _, known, _ := d.state.TakenNews(by, id, released, h, basis); known || len(d.state.newsWaiting()) != 1 {
		t.Error("after the withdrawal it sees that it was taken, or it waits no more")
	}
}

// What came of it is a result that fits, of news that waits. What was said in error is taken back
// and stays on record.
func TestSettlingDangerNews(t *testing.T) {
	d := open(t, Opening{})
	d.must(t)(brings(d, true, released))
	id := d.state.Brought[0].ID
	for name, c := range map[string]struct {
		cmd SettleDangerNews
		err *fault.Error
		at  string
	}{
		"no result":        {SettleDangerNews{News: id}, ErrUnknownCode, "/news_result"},
		"none of the case": {SettleDangerNews{News: "news_none", Result: code.NewsKnown}, ErrDangerNews, "/news"},
		"told by no way":   {SettleDangerNews{News: id, Result: code.NewsTold}, ErrDangerNews, "/told_by"},
		"a way, not told":  {SettleDangerNews{News: id, Result: code.NewsNotReached, Way: code.Call}, ErrDangerNews, "/told_by"},
		"an unknown way":   {SettleDangerNews{News: id, Result: code.NewsTold, Way: "pigeon"}, ErrUnknownCode, "/told_by"},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := d.state.SettleDangerNews(d.by(), c.cmd)
			refused(t, events, err, c.err, c.at)
		})
	}
	events, err := reopens(d, id)
	refused(t, events, err, ErrDangerNews, "/news")
	events, err = do(d, Case.Close, Close{Reason: code.CloseReasons[0]})
	refused(t, events, err, ErrNewsOpen)

	d.must(t)(settles(d, id, code.NewsTold, code.InPerson))
	if again := d.must(t)(settles(d, id, code.NewsTold, code.InPerson)); len(again) > 0 {
		t.Errorf("said again: %v", again)
	}
	events, err = settles(d, id, code.NewsKnown, "")
	refused(t, events, err, ErrDangerNews, "/news")
	d.now = d.now.Add(time.Hour)
	if events := d.must(t)(reopens(d, id)); len(events) != 2 || !d.state.newsWaiting()[0].Until.After(d.now) {
		t.Errorf("taken back: %v", events)
	}
	d.must(t)(settles(d, id, code.NewsNotReached, ""))
	if diff := cmp.Diff([]NewsResult{
		{Result: code.NewsTold, ToldNews: ToldNews{By: "worker-1", Way: code.InPerson}, At: noon, TakenBackBy: "worker-1", TakenBackAt: d.now},
		{Result: code.NewsNotReached, ToldNews: ToldNews{By: "worker-1"}, At: d.now},
	}, d.state.Brought[0].Results); diff != "" {
		t.Error(diff)
	}
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseReasons[0]}))
}

// A desk is not flooded: the twenty-first on one referral is refused, and another agency is heard.
func TestTooMuchDangerNews(t *testing.T) {
	d, id, other := helped(t)
	d.state.ContactClosed = noon
	for n := range maxNews {
		d.must(t)(bringsFor(d, legal, id, BringDangerNews{Kind: code.NewsOther, Words: strings.Repeat("x", n+1)}))
	}
	events, err := bringsFor(d, legal, id, released)
	refused(t, events, err, ErrDangerNews, "/news_kind")
	d.must(t)(bringsFor(d, clinic, other, released))
}

// The person on duty sees the case while it waits, and at no other time; nobody whom she must not
// meet sees it.
func TestThePersonOnDutySeesWhatWaits(t *testing.T) {
	for _, block := range []*Blocks{nil, {Persons: []string{agency + "/eva-osmonova"}}} {
		d := open(t, Opening{Blocks: block})
		by := fact.By{Principal: "eva-osmonova", Agency: agency, At: noon}
		on, off := present(staff.Worker{ID: eva, DutyFrom: noon, DutyUntil: noon.Add(time.Hour)}), present(staff.Worker{ID: eva})
		sees := func(me worker.Present) bool { return Sees(d.state, by, me, present(staff.Worker{ID: ana})) }
		if sees(on) {
			t.Error("before there is any")
		}
		d.must(t)(brings(d, true, released))
		if sees(on) != (block == nil) || sees(off) {
			t.Errorf("while it waits: on duty %t, off duty %t, %+v", sees(on), sees(off), block)
		}
		d.must(t)(settles(d, d.state.Brought[0].ID, code.NewsKnown, ""))
		if sees(on) {
			t.Error("after it was settled")
		}
	}
}

// Danger news ends in somebody's hands: until a person says what came of it, it is on the list of
// the desk, whatever becomes of the agency that brought it and of her contact. It is late exactly
// when its time is over, and the desk is told each time that it comes to wait or is late.
func TestDangerNewsEndsInSomebodysHands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, id, _ := helped(t)
		told, want := 0, 0
		count := func(events []fact.Event, _ error) {
			for _, e := range events {
				switch e.Data.(type) {
				case intakev1.DeskAwaited:
					told++
				case intakev1.DangerNewsBrought, intakev1.DangerNewsReopened:
					want++
				}
			}
		}
		which := func(t *rapid.T) string {
			if len(d.state.Brought) == 0 {
				return "news_none"
			}
			return rapid.SampledFrom(d.state.Brought).Draw(t, "which").ID
		}
		kind := func(t *rapid.T) BringDangerNews {
			return BringDangerNews{Kind: rapid.SampledFrom(code.DangerNewsKinds).Draw(t, "kind")}
		}
		t.Repeat(map[string]func(*rapid.T){
			"the desk brings":  func(t *rapid.T) { count(brings(d, rapid.Bool().Draw(t, "sees"), kind(t))) },
			"an agency brings": func(t *rapid.T) { count(bringsFor(d, legal, id, kind(t))) },
			"settle": func(t *rapid.T) {
				result := rapid.SampledFrom(code.DangerNewsResults).Draw(t, "result")
				way := code.ContactChannel("")
				if result == code.NewsTold {
					way = rapid.SampledFrom(code.ContactChannels).Draw(t, "way")
				}
				count(settles(d, which(t), result, way))
			},
			"take back": func(t *rapid.T) { count(reopens(d, which(t))) },
			"her contact": func(*rapid.T) {
				if d.state.ContactClosed.IsZero() {
					do(d, Case.SuspendContact, SuspendContact{})
				} else {
					do(d, Case.RestoreContact, RestoreContact{})
				}
			},
			"she takes her consent back": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "seldom") == 0 {
					do(d, Case.WithdrawConsent, WithdrawConsent{Recipient: legal, Service: code.LegalAssistance})
				}
			},
			"time": func(t *rapid.T) {
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
				for _, l := range d.state.Deadlines() {
					if l.Name == NewsDeadline && !d.now.Before(l.At) {
						want++
						events, err := d.state.NewsDue(d.by())
						d.must(t)(events, err)
						count(events, err)
						d.commit(events)
					}
				}
			},
			"": func(t *rapid.T) {
				var waiting, late int
				for _, n := range d.state.Brought {
					if n.Status == code.NewsWaits {
						waiting++
						if n.Overdue == d.now.Before(n.Until) {
							t.Fatalf("late %v at %s: %+v", n.Overdue, d.now, n)
						}
					} else if n.Overdue || len(n.Results) == 0 || n.Results[len(n.Results)-1].By == "" {
						t.Fatalf("settled by nobody, or late: %+v", n)
					}
					if n.Overdue {
						late++
					}
				}
				listed := func(a code.Attention) bool {
					return slices.ContainsFunc(ByAttention.Keys(d.state), func(k string) bool {
						return strings.HasPrefix(k, fact.Key(agency, string(a)))
					})
				}
				waits := d.state.Waits()
				if listed(code.NewsToTell) != (waiting > 0) || slices.Contains(waits, code.NewsToTell) != (waiting > 0) ||
					listed(code.NewsLate) != (late > 0) || slices.Contains(waits, code.NewsLate) != (late > 0) {
					t.Fatalf("%d wait, %d late: %v", waiting, late, ByAttention.Keys(d.state))
				}
				if _, err := d.state.Close(d.by(), Close{Reason: code.CloseReasons[0]}); err == nil && waiting > 0 {
					t.Fatal("the case can be closed over it")
				}
				if told != want {
					t.Fatalf("the desk was told %d times, want %d", told, want)
				}
			},
		})
	})
}
