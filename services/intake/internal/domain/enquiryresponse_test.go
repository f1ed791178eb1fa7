package domain

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const helpers = "helpers"

// teamsThere are two teams that go to the area of a call, and two that do not.
func teamsThere() EnquiryResponders {
	team := func(name, area, programme string) teams.Team {
		return teams.Team{TeamNoted: intakev1.TeamNoted{Team: name, Country: "GT", Programme: programme, Area: area, Turn: 1, Members: []intakev1.TeamMember{{Worker: worker.ID(helpers, name), Agency: helpers}}}}
	}
	return EnquiryResponders{Country: "GT", Responders: Responders{Teams: []teams.Team{
		team("wide", "GT-01", "guatemala"), team("near", "GT-01-05", "guatemala"), team("elsewhere", "GT-02", "guatemala"), team("another", "GT-01", "another"),
	}}}
}

func atOnce() AskEnquiryResponse {
	return AskEnquiryResponse{
		Programme:   "guatemala",
		Call:        Call{Ground: code.OnImmediateDanger, LifeDanger: code.AttackNow, Law: code.PoliceLaw, Words: "the neighbour hears her cry for help", Area: "GT-01-05", Urgency: code.Emergency},
		Whereabouts: Whereabouts{Place: "the blue house"},
	}
}

func taken(t interface{ Fatal(...any) }, e Enquiry, by fact.By) Enquiry {
	events, err := e.Take(by, TakeEnquiry{}, basis)
	return evolved(t, e, enquiryNow, events, err)
}

// hersByCard is her own word, which somebody took.
func hersByCard(t interface{ Fatal(...any) }, by fact.By) Enquiry {
	events, err := Enquiry{}.Send(fact.By{Principal: "card", Agency: "front-desk", At: enquiryNow, Commit: enquiryID + "/1"}, HerWord{Comes: true, Words: "yes, send somebody"}, cardsID, 1, aDesk)
	return taken(t, evolved(t, Enquiry{}, enquiryNow, events, err), by)
}

// Before there is a case a team goes on a record of immediate danger to life alone, by who has the
// enquiry.
func TestATeamBeforeThereIsACase(t *testing.T) {
	one := clerk("one", enquiryNow)
	told := taken(t, reported(t, RecordReport{Seen: "screams", DangerNow: true}), one)
	settle := func(e Enquiry) Enquiry {
		events, err := e.Settle(one, SettleEnquiry{Result: code.NobodyFound}, HerCase{})
		return evolved(t, e, enquiryNow, events, err)
	}
	unread := errors.New("unread")
	for _, tt := range []struct {
		name   string
		on     Enquiry
		by     fact.By
		change func(*AskEnquiryResponse, *EnquiryResponders)
		want   error
	}{
		{"danger", told, one, nil, nil},
		{"danger that she wrote of herself", hersByCard(t, one), one, nil, nil},
		{"her yes, as a neighbour tells it", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) {
			c.Call = Call{Ground: code.OnHerYes, Area: c.Area, Urgency: c.Urgency}
		}, ErrResponseGround},
		{"her yes on a card", hersByCard(t, one), one, func(c *AskEnquiryResponse, _ *EnquiryResponders) {
			c.Call = Call{Ground: code.OnHerYes, Area: c.Area, Urgency: c.Urgency}
		}, ErrResponseGround},
		{"no danger named", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) { c.LifeDanger = "" }, ErrUnknownCode},
		{"no law named", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) { c.Law = "" }, ErrUnknownCode},
		{"no words", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) { c.Words = " " }, ErrResponseGround},
		{"no place", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) { c.Place = " " }, ErrResponseGround},
		{"another country", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) { c.Area = "MX-01" }, ErrResponseGround},
		{"no programme", told, one, func(c *AskEnquiryResponse, _ *EnquiryResponders) { c.Programme = "" }, ErrSlug},
		{"no programme in force", told, one, func(_ *AskEnquiryResponse, on *EnquiryResponders) { on.Unknown = programme.ErrUnknown }, programme.ErrUnknown},
		{"teams that cannot be read", told, one, func(_ *AskEnquiryResponse, on *EnquiryResponders) { on.Unread = unread }, unread},
		{"a colleague", told, clerk("two", enquiryNow), nil, ErrNotYourEnquiry},
		{"a supervisor who does not have it", told, clerk("head", enquiryNow, "supervisor"), nil, ErrNotYourEnquiry},
		{"nobody has it", reported(t, RecordReport{Seen: "screams"}), one, nil, ErrNotYourEnquiry},
		{"settled", settle(told), one, nil, ErrEnquirySettled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd, on := atOnce(), teamsThere()
			if tt.change != nil {
				tt.change(&cmd, &on)
			}
			events, err := tt.on.AskResponse(tt.by, cmd, on)
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			if err != nil {
				return
			}
			want := intakev1.ResponseAsked{
				Case: enquiryID, Alert: one.ID("alert", 0), Agency: "front-desk", Country: "GT", Programme: "guatemala", Area: "GT-01-05", Urgency: code.Emergency,
				Teams: []intakev1.ResponseTeam{{Team: "near", Turn: 1}, {Team: "wide", Turn: 1}},
			}
			if d := cmp.Diff(want, events[0].Data); d != "" {
				t.Error(d)
			}
		})
	}
}

// While a team is under way the enquiry is not settled and no second one is asked. A colleague sees
// that one was asked and how far it is, and takes her no.
func TestAnEnquiryWaitsForItsTeam(t *testing.T) {
	one, two := clerk("one", enquiryNow), clerk("two", enquiryNow)
	e := taken(t, reported(t, RecordReport{Seen: "screams"}), one)
	if _, err := e.CallOffResponse(two, CallOffResponse{}); !errors.Is(err, ErrResponseNone) {
		t.Errorf("called off, and none is asked: %v", err)
	}
	events, err := e.AskResponse(one, atOnce(), teamsThere())
	e = evolved(t, e, enquiryNow, events, err)
	if _, err := e.AskResponse(one, atOnce(), teamsThere()); !errors.Is(err, ErrResponseOpen) {
		t.Errorf("a second team: %v", err)
	}
	if _, err := e.Settle(one, SettleEnquiry{Result: code.NobodyFound}, HerCase{}); !errors.Is(err, ErrResponseOpen) {
		t.Errorf("settled while a team is under way: %v", err)
	}
	if v := e.View(two).(EnquiryView); v.ResponseStatus != code.ResponseAlerting || v.Responses != nil || v.Disclosures != nil {
		t.Errorf("a colleague sees %+v", v)
	}
	if v := e.View(one).(EnquiryView); len(v.Responses) != 1 || v.Responses[0].Place != "the blue house" || v.Responses[0].By != "one" {
		t.Errorf("who has it sees %+v", v.Responses)
	}
	events, err = e.HandOver(one, HandOverEnquiry{To: "one"}, Colleagues{}, basis)
	if !errors.Is(err, worker.ErrUnknown) || events != nil {
		t.Errorf("given to nobody on the register: %v", err)
	}
	events, err = e.CallOffResponse(two, CallOffResponse{})
	e = evolved(t, e, enquiryNow, events, err)
	if d := cmp.Diff([]fact.Event{{Data: intakev1.ResponseCalledOff{Case: enquiryID, Alert: one.ID("alert", 0)}}}, events); d != "" {
		t.Error(d)
	}
	events, err = e.Settle(one, SettleEnquiry{Result: code.NobodyFound}, HerCase{})
	if e = evolved(t, e, enquiryNow, events, err); len(e.View(one).(EnquiryView).Responses) != 1 {
		t.Error("the enquiry does not keep what was done")
	}
}

// An alert is followed in the same way on a case and on an enquiry, whatever order the facts come
// in: the latest counts, her no stands, and only who goes is shown where she is.
func TestAlertsOfBothKinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const alert = "alert_1"
		ana, eva := fact.By{Principal: "ana", Agency: helpers}, fact.By{Principal: "eva", Agency: helpers}
		people, members := []fact.By{ana, eva}, map[string]fact.By{}
		for _, p := range people {
			members[worker.ID(helpers, p.Principal)] = p
		}
		someone := rapid.SampledFrom([]string{worker.ID(helpers, "ana"), worker.ID(helpers, "eva")})
		type step func(Responses) ([]fact.Event, error)
		var facts []step
		going, ended := "", false
		for turn := 1; turn <= rapid.IntRange(1, 6).Draw(t, "turns") && !ended; turn++ {
			switch rapid.SampledFrom([]string{"alerted", "moved", "moved", "ended"}).Draw(t, "fact") {
			case "alerted":
				e := referralv1.ResponseAlerted{Alert: alert, Rung: code.RungMember, Turn: turn}
				facts, going = append(facts, func(rs Responses) ([]fact.Event, error) { return rs.OnResponseAlerted(fact.By{}, e) }), ""
			case "moved":
				going = someone.Draw(t, "who")
				e := referralv1.ResponseMoved{Alert: alert, Status: code.ResponseOnTheWay, Team: "team", Worker: going, Agency: helpers, Turn: turn}
				facts = append(facts, func(rs Responses) ([]fact.Event, error) { return rs.OnResponseMoved(fact.By{}, e) })
			case "ended":
				e := referralv1.ResponseEnded{Alert: alert, Status: code.ResponseStoodDown, Result: code.TakenToSafety, Turn: turn}
				facts, ended = append(facts, func(rs Responses) ([]fact.Event, error) { return rs.OnResponseEnded(fact.By{}, e) }), true
			}
		}
		off := rapid.Bool().Draw(t, "her no")
		order := append(rapid.SliceOf(rapid.IntRange(0, len(facts)-1)).Draw(t, "twice"), rapid.Permutation(indexes(facts)).Draw(t, "order")...)
		at := rapid.IntRange(0, len(order)).Draw(t, "when she says no")

		asked := func(of string) fact.Event {
			return fact.Event{At: enquiryNow, Data: intakev1.ResponseAsked{Case: of, Alert: alert, Agency: "front-desk", Country: "GT", Programme: "guatemala", Area: "GT-01"}, Private: ResponseGrounds{Ground: code.OnImmediateDanger, Sought: Sought{Whereabouts: Whereabouts{Place: "the blue house"}}}}
		}
		c := Case{ID: "case_1", Agency: "front-desk"}.Evolve(asked("case_1"))
		e := Enquiry{ID: enquiryID, Agency: "front-desk"}.Evolve(asked(enquiryID))
		calledOff := false
		apply := func(one step) {
			ofCase, err := one(c.Responses)
			ofEnquiry, err2 := one(e.Responses)
			if len(ofCase) != len(ofEnquiry) || !errors.Is(err, err2) {
				t.Fatalf("%v %v, and %v %v", ofCase, err, ofEnquiry, err2)
			}
			for i := range ofCase {
				c, e = c.Evolve(ofCase[i]), e.Evolve(ofEnquiry[i])
				if d, ok := ofEnquiry[i].Data.(intakev1.ResponseFollowed); ok && d.Case != enquiryID {
					t.Fatalf("an event of the enquiry names %s", d.Case)
				}
			}
			same := c.Responses[0]
			same.record = e.Responses[0].record
			if d := cmp.Diff(same, e.Responses[0], cmp.AllowUnexported(Response{}, shownTo{})); d != "" {
				t.Fatal(d)
			}
		}
		for i, n := range append(order, -1) {
			if off && i == at && c.responding() >= 0 {
				calledOff = true
				apply(func(rs Responses) ([]fact.Event, error) { return rs.CallOffResponse(fact.By{}, CallOffResponse{}) })
			}
			if n >= 0 {
				apply(facts[n])
			}
		}
		if over := e.quiet() == nil; over != (ended || calledOff) || over != (c.quiet() == nil) {
			t.Fatalf("over: %v, and it ended: %v, her no: %v", over, ended, calledOff)
		}
		if is := e.Responses[0].Status; calledOff && is != code.ResponseCalledOff {
			t.Fatalf("after her no it is %s", is)
		}
		team := teams.Team{TeamNoted: intakev1.TeamNoted{Team: "team"}}
		for id, p := range members {
			shown := going == id && !ended && !calledOff
			if e.RespondsTo(p, alert, team) != shown || c.RespondsTo(p, alert, team) != shown {
				t.Fatalf("%s is shown where she is: %v, and goes: %v", p.Principal, !shown, shown)
			}
		}
		if other := (fact.By{Principal: going, Agency: "another"}); e.RespondsTo(other, alert, team) {
			t.Fatal("another agency is shown where she is")
		}
		if found := slices.Contains(e.keys(), fact.Key(alert)); found != (e.quiet() != nil) {
			t.Fatalf("the alert is found: %v", found)
		}
	})
}

func indexes[T any](all []T) (n []int) {
	for i := range all {
		n = append(n, i)
	}
	return n
}
