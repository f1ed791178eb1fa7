package domain

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// endangered writes down what she said, under what a programme decided.
func endangered(d *desk, rules DangerRules, cmd AskDanger) ([]fact.Event, error) {
	return do(d, Under(Rules{Danger: rules}, Case.AskDanger), cmd)
}

// says is one answer to each of some signs.
func says(answer code.YesNo, signs ...code.DangerSign) Signs {
	all := Signs{}
	for _, s := range signs {
		all[s] = answer
	}
	return all
}

// She is asked again, and what is new is shown. A sign that was not asked again still counts;
// what is there no more is not told as better.
func TestDangerIsComparedWithTheTimeBefore(t *testing.T) {
	d := open(t, Opening{})
	d.must(t)(endangered(d, DangerRules{}, AskDanger{Signs: says(code.Yes, code.Weapon), Words: "he keeps it under the bed"}))
	d.now = d.now.Add(time.Hour)
	d.must(t)(endangered(d, DangerRules{}, AskDanger{Signs: Signs{code.Followed: code.Yes, code.Weapon: code.Yes, code.Pregnant: code.No}}))
	d.now = d.now.Add(time.Hour)
	d.must(t)(endangered(d, DangerRules{}, AskDanger{Signs: says(code.No, code.Followed)}))
	// Written on paper before all of it, and entered late.
	d.must(t)(endangered(d, DangerRules{}, AskDanger{AskedAt: noon.Add(-time.Hour), Signs: says(code.Yes, code.Followed)}))
	v := d.state.Content(d.by()).(View)
	var news [][]code.DangerSign
	for _, one := range v.Danger {
		news = append(news, one.New)
		if one.By != "worker-1" || one.At.IsZero() || one.AskedAt.IsZero() {
			t.Errorf("%+v", one)
		}
	}
	want := [][]code.DangerSign{nil, {code.Weapon}, {code.Followed}, nil}
	if diff := cmp.Diff(want, news); diff != "" {
		t.Errorf("new (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]DangerFollows{{Ask: code.AskTeamOrShelter}}, v.DangerAsks); diff != "" {
		t.Errorf("asks (-want +got):\n%s", diff)
	}
	if v := d.state.View(d.by()).(View); v.Danger != nil || v.DangerAsks != nil || v.Incidents != nil {
		t.Error("the frame shows it")
	}
}

// Strangulation alone means medical care, as urgent as the programme says.
func TestStrangulationMeansMedicalCare(t *testing.T) {
	for _, c := range []struct {
		rules DangerRules
		want  code.Urgency
	}{{DangerRules{}, code.Emergency}, {DangerRules{Strangled: code.Urgent}, code.Urgent}} {
		d := open(t, Opening{})
		d.must(t)(endangered(d, c.rules, AskDanger{Signs: says(code.Yes, code.Strangulation)}))
		want := []DangerFollows{{Ask: code.AskMedicalCare, Service: code.HealthMedical, Urgency: c.want}, {Ask: code.AskTeamOrShelter}}
		if diff := cmp.Diff(want, d.state.dangerFollows()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// A sign alerts nobody, sends nothing, raises nothing and lowers nothing: the one event of it
// stays in the room and says only that she was asked; every request after it is as it was
// asked, and every list is as it was before.
func TestASignDoesNothingByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := agreeing(t, Opening{}, code.HealthMedical, code.SafeHouse, code.Police)
		before := d.state
		signs := Signs{}
		for _, s := range code.DangerSigns {
			if said := yesNos().Draw(t, string(s)); said != "" {
				signs[s] = said
			}
		}
		events := d.must(t)(endangered(d, DangerRules{}, AskDanger{Signs: signs, Words: "canary-danger"}))
		if diff := cmp.Diff([]fact.Data{intakev1.DangerAsked{Case: d.state.ID}}, data(events)); diff != "" {
			t.Fatal(diff)
		}
		for n, list := range lists() {
			if !slices.Equal(list(before), list(d.state)) {
				t.Fatalf("list %d differs", n)
			}
		}
		if !slices.Equal(before.Waits(), d.state.Waits()) || len(d.state.Deadlines()) > 0 {
			t.Fatal("the desk is alerted")
		}
		for _, s := range []code.Service{code.HealthMedical, code.SafeHouse, code.Police} {
			asked := rapid.SampledFrom(code.Urgencies).Draw(t, "urgency")
			if got := d.must(t)(do(d, timely, alone(s, asked)))[0].Data.(intakev1.ServiceRequested).Urgency; got != asked {
				t.Fatalf("%s was asked for as %s, and is %s", s, asked, got)
			}
		}
	})
}

func data(events []fact.Event) (all []fact.Data) {
	for _, e := range events {
		all = append(all, e.Data)
	}
	return all
}

// Nothing that is kept or shown has a total, a level or a count of signs.
func TestThereIsNoTotal(t *testing.T) {
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Slice, reflect.Pointer:
			visit(typ.Elem())
		case reflect.Struct:
			for f := range typ.Fields() {
				if typ == reflect.TypeFor[Scored]() || typ == reflect.TypeFor[time.Time]() {
					return
				}
				if slices.ContainsFunc([]string{"total", "level", "count", "risk", "low"}, func(s string) bool { return strings.Contains(strings.ToLower(f.Name), s) && f.Name != "DangerFollows" }) {
					t.Errorf("%s.%s", typ, f.Name)
				}
				if k := f.Type.Kind(); k == reflect.Int || k == reflect.Float64 {
					t.Errorf("%s.%s is a number", typ, f.Name)
				}
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[DangerView]())
	visit(reflect.TypeFor[DangerFollows]())
	if slices.ContainsFunc(code.DangerSigns, func(s code.DangerSign) bool {
		return strings.Contains(string(s), "self") || strings.Contains(string(s), "suicid")
	}) {
		t.Error("self-harm is asked outside the room of her counsellor")
	}
}

// invented is an instrument that nobody uses.
var invented = DangerRules{Instruments: []Instrument{{
	ID:    "invented-1",
	Items: []Item{{ID: "a", Answers: []string{"yes", "no"}}, {ID: "b", Answers: []string{"0", "1", "2"}}},
	Bands: []Band{{ID: "first", From: 0, To: 4}, {ID: "second", From: 5, To: 9, Urgency: code.Urgent}, {ID: "third", From: 10, To: 20, Urgency: code.Emergency}},
}}}

func sheet(score int, answers ...ItemAnswer) AskDanger {
	return AskDanger{Instrument: &Sheet{ID: "invented-1", Answers: answers, Score: &score}}
}

// A score makes urgent what she agrees to next, and asks the worker. It lowers nothing, and
// alerts nobody: there is no event of it but that she was asked.
func TestAScoreRaisesWhatIsAskedNext(t *testing.T) {
	for _, c := range []struct {
		score       int
		service     code.Service
		asked, want code.Urgency
	}{
		{3, code.SafeHouse, code.Urgent, code.Urgent},
		{7, code.SafeHouse, code.Standard, code.Urgent},
		{7, code.SafeHouse, code.Emergency, code.Emergency},
		{12, code.SafeHouse, code.Standard, code.Emergency},
		{12, code.NonFoodItems, code.Standard, code.Standard},
	} {
		d := agreeing(t, Opening{}, c.service)
		events := d.must(t)(endangered(d, invented, sheet(c.score, ItemAnswer{"a", "yes"})))
		if diff := cmp.Diff([]fact.Data{intakev1.DangerAsked{Case: d.state.ID}}, data(events)); diff != "" {
			t.Error(diff)
		}
		if follows := d.state.dangerFollows(); len(follows) != 1 || follows[0].Ask != code.AskTeamOrShelter {
			t.Errorf("the worker is asked %+v", follows)
		}
		requested := d.must(t)(do(d, timely, alone(c.service, c.asked)))[0]
		if got := requested.Data.(intakev1.ServiceRequested).Urgency; got != c.want {
			t.Errorf("%d, asked %s: %s, want %s", c.score, c.asked, got, c.want)
		}
	}
}

func TestDangerRefuses(t *testing.T) {
	tooHigh := 21
	for name, c := range map[string]struct {
		cmd  AskDanger
		want error
	}{
		"nothing":            {AskDanger{}, ErrDanger},
		"tomorrow":           {AskDanger{AskedAt: noon.Add(24 * time.Hour), Words: "x"}, ErrDanger},
		"no sign":            {AskDanger{Signs: Signs{"": code.Yes}}, ErrUnknownCode},
		"no answer":          {AskDanger{Signs: Signs{code.Weapon: ""}}, ErrUnknownCode},
		"no such instrument": {AskDanger{Instrument: &Sheet{ID: "another"}}, ErrInstrument},
		"no such item":       {sheet(1, ItemAnswer{"c", "yes"}), ErrInstrument},
		"no such answer":     {sheet(1, ItemAnswer{"b", "yes"}), ErrInstrument},
		"an item twice":      {sheet(1, ItemAnswer{"a", "yes"}, ItemAnswer{"a", "no"}), ErrInstrument},
		"no such score":      {AskDanger{Instrument: &Sheet{ID: "invented-1", Score: &tooHigh}}, ErrInstrument},
	} {
		d := open(t, Opening{})
		if events, err := endangered(d, invented, c.cmd); !errors.Is(err, c.want) || len(events) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// No instrument is shipped.
	if _, err := endangered(open(t, Opening{}), DangerRules{}, sheet(1)); !errors.Is(err, ErrInstrument) {
		t.Errorf("an instrument is here that no programme has installed: %v", err)
	}
}

// Whoever takes a case over sees this, too: her consent covers it.
func TestWhatIsToldGoesWithTheCase(t *testing.T) {
	d := open(t, Opening{})
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Previous: code.Yes}}))
	d.must(t)(endangered(d, DangerRules{}, AskDanger{Words: "x"}))
	if diff := cmp.Diff([]code.Category{code.Incident, code.SafetyNeeds}, d.state.told()); diff != "" {
		t.Error(diff)
	}
}
