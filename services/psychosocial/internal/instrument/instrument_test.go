package instrument_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/psychosocial/internal/instrument"
)

var rule = instrument.Rule{PCL5Cut: 33, PHQ9Percent: 20, GAD7: 4, WHO5: 10, PCL5: 10}

func of(t testing.TB, id code.Instrument) instrument.Kind {
	t.Helper()
	k, ok := instrument.Of(id)
	if !ok {
		t.Fatal(id)
	}
	return k
}

// every visits each combination of answers of an instrument, and the sum of each.
func every(k instrument.Kind, visit func(a instrument.Answers, sum int)) {
	a := make(instrument.Answers, k.Items)
	for sum := 0; ; {
		visit(a, sum)
		i := 0
		for ; i < len(a) && a[i] == k.Most; i++ {
			a[i], sum = 0, sum-k.Most
		}
		if i == len(a) {
			return
		}
		a[i]++
		sum++
	}
}

// readings are written down here score by score, and not computed by the rule that is tested.
func readings(steps map[int]code.InstrumentBand, most int) []code.InstrumentBand {
	all := make([]code.InstrumentBand, most+1)
	var is code.InstrumentBand
	for score := range all {
		if next, ok := steps[score]; ok {
			is = next
		}
		all[score] = is
	}
	return all
}

// Every combination of answers of PHQ-9, GAD-7 and WHO-5 has the score, the band and the screen
// of its instrument, and item 9 alone decides whether somebody is asked now.
func TestEveryCombination(t *testing.T) {
	for id, want := range map[code.Instrument]struct {
		combinations, times, most int
		bands                     map[int]code.InstrumentBand
		screens                   func(score int) bool
	}{
		code.PHQ9: {262144, 1, 27, map[int]code.InstrumentBand{0: "minimal", 5: "mild", 10: "moderate", 15: "moderately_severe", 20: "severe"}, func(s int) bool { return s > 9 }},
		code.GAD7: {16384, 1, 21, map[int]code.InstrumentBand{0: "minimal", 5: "mild", 10: "moderate", 15: "severe"}, func(s int) bool { return s > 9 }},
		code.WHO5: {7776, 4, 100, map[int]code.InstrumentBand{0: "low_wellbeing", 51: ""}, func(s int) bool { return s < 51 }},
	} {
		k, n := of(t, id), 0
		bands := readings(want.bands, want.most)
		every(k, func(a instrument.Answers, sum int) {
			n++
			score, ok := k.Score(a)
			if !k.Fits(a) || !ok || score != sum*want.times || k.Band(score) != bands[score] || k.Screens(score, rule) != want.screens(score) {
				t.Fatalf("%s %v: %d, %t, %s", id, a, score, ok, k.Band(score))
			}
			if k.AsksNow(a) != (id == code.PHQ9 && a[8] > 0) || k.Provisional(a) {
				t.Fatalf("%s %v: asks now %t", id, a, k.AsksNow(a))
			}
		})
		if n != want.combinations {
			t.Errorf("%s: %d combinations", id, n)
		}
	}
}

// Each answer to each item of PCL-5 counts in the score, and from 2 on as a symptom of its own
// cluster alone.
func TestEachItemOfPCL5(t *testing.T) {
	k := of(t, code.PCL5)
	// The others have just what the criteria need, without the item that is tried.
	base := func(without int) instrument.Answers {
		a := make(instrument.Answers, 20)
		for _, c := range [][3]int{{0, 5, 1}, {5, 7, 1}, {7, 14, 2}, {14, 20, 2}} {
			need := c[2]
			if without >= c[0] && without < c[1] {
				need-- // the item itself is the last one that is needed
			}
			for i := c[0]; i < c[1] && need > 0; i++ {
				if i != without {
					a[i] = 2
					need--
				}
			}
		}
		return a
	}
	for item := range 20 {
		for answer := range 5 {
			a := base(item)
			sum := 0
			for _, n := range a {
				sum += n
			}
			a[item] = answer
			if score, ok := k.Score(a); !ok || score != sum+answer {
				t.Errorf("item %d at %d: score %d", item+1, answer, score)
			}
			if got := k.Provisional(a); got != (answer >= 2) {
				t.Errorf("item %d at %d: provisional %t", item+1, answer, got)
			}
		}
		a := base(item)
		a[item] = instrument.Missing
		if _, ok := k.Score(a); ok || k.Provisional(a) || !k.Fits(a) {
			t.Errorf("item %d is missing, and counts", item+1)
		}
	}
}

// Whether PCL-5 screens hangs on the programme's cut-point, to the point. There are no bands.
func TestPCL5Edges(t *testing.T) {
	k := of(t, code.PCL5)
	for score := range 81 {
		if k.Band(score) != "" {
			t.Errorf("%d has a band", score)
		}
		for cut := 31; cut <= 33; cut++ {
			if got := k.Screens(score, instrument.Rule{PCL5Cut: cut}); got != (score >= cut) {
				t.Errorf("%d at cut-point %d: %t", score, cut, got)
			}
		}
	}
	full := slices.Repeat(instrument.Answers{4}, 20)
	if score, _ := k.Score(full); score != 80 || !k.Provisional(full) || k.AsksNow(full) {
		t.Errorf("all at 4: %d", score)
	}
}

// An answer that is missing gives no score, of any instrument and any item, and none that cannot
// be is taken.
func TestMissingAndImpossible(t *testing.T) {
	for _, k := range instrument.Kinds {
		for item := range k.Items {
			a := make(instrument.Answers, k.Items)
			a[item] = instrument.Missing
			if _, ok := k.Score(a); ok || !k.Fits(a) {
				t.Errorf("%s without item %d has a score", k.ID, item+1)
			}
			for _, wrong := range []int{-2, k.Most + 1} {
				a[item] = wrong
				if k.Fits(a) {
					t.Errorf("%s takes %d at item %d", k.ID, wrong, item+1)
				}
			}
		}
		if k.Fits(make(instrument.Answers, k.Items-1)) || k.Fits(make(instrument.Answers, k.Items+1)) {
			t.Errorf("%s takes another number of items", k.ID)
		}
	}
	phq := of(t, code.PHQ9)
	a := slices.Repeat(instrument.Answers{instrument.Missing}, 9)
	if a[8] = 1; !phq.AsksNow(a) {
		t.Error("item 9 waits for the others")
	}
	if _, ok := instrument.Of("danger_assessment"); ok {
		t.Error("there is an instrument that only certified persons score")
	}
}

// Which change counts is the programme's, to the point and in both directions; a higher score of
// WHO-5 is the better one.
func TestChange(t *testing.T) {
	for name, c := range map[string]struct {
		id      code.Instrument
		was, is int
		want    code.InstrumentChange
	}{
		"PHQ-9, 20 % less":         {code.PHQ9, 20, 16, code.ChangeImproved},
		"PHQ-9, nearly":            {code.PHQ9, 20, 17, code.ChangeTooSmall},
		"PHQ-9, 20 % more":         {code.PHQ9, 10, 12, code.ChangeWorsened},
		"PHQ-9, the same":          {code.PHQ9, 10, 10, code.ChangeTooSmall},
		"PHQ-9, from none":         {code.PHQ9, 0, 1, code.ChangeWorsened},
		"PHQ-9, none, and none":    {code.PHQ9, 0, 0, code.ChangeTooSmall},
		"GAD-7 by 4":               {code.GAD7, 12, 8, code.ChangeImproved},
		"GAD-7 by 3":               {code.GAD7, 12, 9, code.ChangeTooSmall},
		"GAD-7, worse by 4":        {code.GAD7, 8, 12, code.ChangeWorsened},
		"WHO-5, up by 12":          {code.WHO5, 40, 52, code.ChangeImproved},
		"WHO-5, up by 8":           {code.WHO5, 40, 48, code.ChangeTooSmall},
		"WHO-5, down by 12":        {code.WHO5, 52, 40, code.ChangeWorsened},
		"PCL-5 by 10":              {code.PCL5, 50, 40, code.ChangeImproved},
		"PCL-5 by 9":               {code.PCL5, 50, 41, code.ChangeTooSmall},
		"PCL-5, worse by 10":       {code.PCL5, 40, 50, code.ChangeWorsened},
		"nothing, of any":          {code.WHO5, 40, 40, code.ChangeTooSmall},
		"PHQ-9 by all of it":       {code.PHQ9, 27, 0, code.ChangeImproved},
		"PHQ-9, a small first one": {code.PHQ9, 4, 3, code.ChangeImproved},
	} {
		if got := of(t, c.id).Change(c.was, c.is, rule); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	wide := rule
	wide.PCL5, wide.PHQ9Percent = 18, 50
	if of(t, code.PCL5).Change(50, 35, wide) != code.ChangeTooSmall || of(t, code.PHQ9).Change(20, 12, wide) != code.ChangeTooSmall {
		t.Error("another programme's change counts")
	}
}

// A change there and back is the same in size: what improved one way worsened the other, where
// the size does not hang on the first score.
func TestChangeBothWays(t *testing.T) {
	other := map[code.InstrumentChange]code.InstrumentChange{
		code.ChangeImproved: code.ChangeWorsened, code.ChangeWorsened: code.ChangeImproved, code.ChangeTooSmall: code.ChangeTooSmall,
	}
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]code.Instrument{code.GAD7, code.WHO5, code.PCL5}).Draw(t, "instrument")
		k, _ := instrument.Of(id)
		most := k.Items * k.Most * k.Times
		was, is := rapid.IntRange(0, most).Draw(t, "was"), rapid.IntRange(0, most).Draw(t, "is")
		if k.Change(was, is, rule) != other[k.Change(is, was, rule)] {
			t.Fatalf("%s from %d to %d, and back", id, was, is)
		}
	})
}
