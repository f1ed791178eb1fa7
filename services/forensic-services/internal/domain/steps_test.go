package domain_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

func says(s code.ExaminationStep, a code.StepAnswer) step { return saysAt(s, a, time.Time{}) }

func saysAt(s code.ExaminationStep, a code.StepAnswer, at time.Time) step {
	return worktest.Do(domain.Examination.AnswerStep, domain.AnswerStep{Step: s, Answer: a, At: at})
}

func finds(cmd domain.RecordFinding) step {
	return worktest.Do(freely(domain.Examination.RecordFinding), cmd)
}

var (
	bruise = domain.Injury{Type: code.Bruise, Region: code.RegionNeck, Side: code.SideLeft, Aspect: code.AspectFront, Length: 30, Width: 12, Colour: "blue", Age: "days, she says"}

	yes     = says(code.StepGeneral, code.StepConsented)
	no      = says(code.StepGeneral, code.StepRefused)
	stops   = says(code.StepGeneral, code.StepStopped)
	injured = finds(domain.RecordFinding{Step: code.StepGeneral, Injury: &bruise})
	none    = finds(domain.RecordFinding{Step: code.StepGeneral, NoneFound: true})
	told    = finds(domain.RecordFinding{Step: code.StepHistory, Text: "what she told"})
)

// photograph is a finding with one, which names an exhibit.
func photograph(exhibit string) step {
	shown := bruise
	shown.Photograph = exhibit
	return finds(domain.RecordFinding{Step: code.StepGeneral, Injury: &shown})
}

func TestSteps(t *testing.T) {
	id := func(n int) string {
		return (fact.By{At: worktest.Dawn, Commit: worktest.Commit(n)}).ID("find", 0)
	}
	heard := domain.Heard{At: worktest.Dawn, By: "worker-1"}
	later := worktest.Dawn.Add(time.Hour)
	odd := func(change func(*domain.Injury)) step {
		i := bruise
		change(&i)
		return finds(domain.RecordFinding{Step: code.StepGeneral, Injury: &i})
	}
	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"a yes begins the work": {Given: []step{accepted}, When: yes, Want: begun(fact.With(
			forensicv1.StepAnswered{Work: about, Step: code.StepGeneral, Answer: code.StepConsented}, heard,
		))},
		"a no begins nothing": {Given: []step{accepted}, When: no, Want: fact.With(
			forensicv1.StepAnswered{Work: about, Step: code.StepGeneral, Answer: code.StepRefused}, heard,
		)},
		"a yes without consent to the work": {Given: []step{accepted}, At: worktest.Expiry, When: yes, Err: domain.ErrConsentExpired},
		"a no needs none": {Given: []step{accepted}, At: worktest.Expiry, When: no, Want: fact.With(
			forensicv1.StepAnswered{Work: about, Step: code.StepGeneral, Answer: code.StepRefused}, domain.Heard{At: worktest.Expiry, By: "worker-1"},
		)},
		"a no closes no other step": {Given: []step{accepted, no}, When: says(code.StepSamples, code.StepConsented), Want: begun(fact.With(
			forensicv1.StepAnswered{Work: about, Step: code.StepSamples, Answer: code.StepConsented}, heard,
		))},
		"stopped half-way":            {Given: []step{accepted, yes}, When: stops, Want: fact.With(forensicv1.StepAnswered{Work: about, Step: code.StepGeneral, Answer: code.StepStopped}, heard)},
		"stopped, and never begun":    {Given: []step{accepted}, When: stops, Err: domain.ErrNoYes},
		"said twice":                  {Given: []step{accepted, no}, When: no, Err: domain.ErrSaid},
		"dated before the last":       {Given: []step{accepted, yes}, When: saysAt(code.StepGeneral, code.StepStopped, worktest.Dawn.Add(-time.Hour)), Err: work.ErrDate},
		"of an unknown step":          {Given: []step{accepted}, When: says("soul", code.StepRefused), Err: work.ErrUnknownCode},
		"an unknown answer":           {Given: []step{accepted}, When: says(code.StepGeneral, "perhaps"), Err: work.ErrUnknownCode},
		"on a closed examination":     {Given: []step{accepted, closed}, When: yes, Err: work.ErrNotOpen},
		"a finding":                   {Given: []step{accepted, yes}, When: injured, Want: append(fact.With(forensicv1.FindingRecorded{Work: about, Finding: id(3), Step: code.StepGeneral}, domain.Found{FoundAt: worktest.Dawn, By: "worker-1", Injury: &bruise}), planned(worktest.Dawn)...)},
		"none found is a finding":     {Given: []step{accepted, yes}, When: none, Want: append(fact.With(forensicv1.FindingRecorded{Work: about, Finding: id(3), Step: code.StepGeneral}, domain.Found{FoundAt: worktest.Dawn, By: "worker-1", NoneFound: true}), planned(worktest.Dawn)...)},
		"a finding without a yes":     {Given: []step{accepted}, When: injured, Err: domain.ErrNoYes},
		"a finding of another yes":    {Given: []step{accepted, yes}, When: told, Err: domain.ErrNoYes},
		"a finding after a no":        {Given: []step{accepted, yes, says(code.StepHistory, code.StepRefused)}, When: told, Err: domain.ErrNoYes},
		"a finding after she stopped": {Given: []step{accepted, yes, stops}, When: injured, Err: domain.ErrNoYes},
		"what was found before she stopped": {
			Given: []step{accepted, saysAt(code.StepGeneral, code.StepConsented, worktest.Dawn.Add(-2*time.Hour)), stops},
			When:  finds(domain.RecordFinding{Step: code.StepGeneral, NoneFound: true, FoundAt: worktest.Dawn.Add(-time.Hour)}),
			Want: append(fact.With(forensicv1.FindingRecorded{Work: about, Finding: id(4), Step: code.StepGeneral}, domain.Found{
				FoundAt: worktest.Dawn.Add(-time.Hour), By: "worker-1", NoneFound: true,
			}), planned(worktest.Dawn.Add(-time.Hour))...),
		},
		"what was found before her yes":   {Given: []step{accepted, yes}, When: finds(domain.RecordFinding{Step: code.StepGeneral, NoneFound: true, FoundAt: worktest.Dawn.Add(-time.Minute)}), Err: domain.ErrNoYes},
		"a finding without consent":       {Given: []step{accepted, yes}, At: worktest.Expiry, When: injured, Err: domain.ErrConsentExpired},
		"an injury and none":              {Given: []step{accepted, yes}, When: finds(domain.RecordFinding{Step: code.StepGeneral, NoneFound: true, Injury: &bruise}), Err: domain.ErrFinding},
		"nothing":                         {Given: []step{accepted, yes}, When: finds(domain.RecordFinding{Step: code.StepGeneral}), Err: domain.ErrFinding},
		"an injury in her history":        {Given: []step{accepted, yes, says(code.StepHistory, code.StepConsented)}, When: finds(domain.RecordFinding{Step: code.StepHistory, Injury: &bruise}), Err: domain.ErrFinding},
		"a finding of storage":            {Given: []step{accepted, says(code.StepStorage, code.StepConsented)}, When: finds(domain.RecordFinding{Step: code.StepStorage, Text: "x"}), Err: domain.ErrFinding},
		"an injury of another step":       {Given: []step{accepted, yes}, When: odd(func(i *domain.Injury) { i.Region = code.RegionGenital }), Err: domain.ErrFinding},
		"an injury of no size":            {Given: []step{accepted, yes}, When: odd(func(i *domain.Injury) { i.Length = 0 }), Err: domain.ErrFinding},
		"an injury longer than a body":    {Given: []step{accepted, yes}, When: odd(func(i *domain.Injury) { i.Length = 2001 }), Err: domain.ErrFinding},
		"an injury of no side":            {Given: []step{accepted, yes}, When: odd(func(i *domain.Injury) { i.Side = "" }), Err: work.ErrUnknownCode},
		"a photograph that is no exhibit": {Given: []step{accepted, yes}, When: photograph(fact.ID("exh", "none")), Err: work.ErrEntryUnknown},
		"when it happened, tomorrow":      {Given: []step{accepted, says(code.StepHistory, code.StepConsented)}, When: finds(domain.RecordFinding{Step: code.StepHistory, Happened: &domain.Happened{Earliest: later}}), Err: work.ErrDate},
		"when it happened, backwards": {Given: []step{accepted, says(code.StepHistory, code.StepConsented)}, When: finds(domain.RecordFinding{
			Step: code.StepHistory, Happened: &domain.Happened{Earliest: worktest.Dawn, Latest: worktest.Dawn.Add(-time.Hour)},
		}), Err: window.ErrInterval},
		"the whole record, asked step by step":    {Given: []step{accepted, no}, When: examined, Err: domain.ErrNoYes},
		"a sample without a yes":                  {Given: []step{accepted, yes, injured}, When: collected, Err: domain.ErrNoYes},
		"a sample of a yes, and nothing recorded": {Given: []step{accepted, says(code.StepSamples, code.StepConsented)}, When: collected, Want: fact.With(forensicv1.ExhibitCollected{Work: about, Exhibit: third.ID("exh", 0), Kind: code.Swab}, domain.Label{SealNumber: "S-1", Description: "from where"})},
		"a certificate of findings": {Given: []step{accepted, yes, injured}, When: certified, Want: fact.With(
			forensicv1.CertificateIssued{Work: about, Certificate: (fact.By{At: worktest.Dawn, Commit: worktest.Commit(4)}).ID("cert", 0)},
			domain.Issued{By: "worker-1", Opinion: domain.Opinion{Opinion: code.HighlyConsistent, Text: "what the court reads"}},
		)},
		"a certificate of answers alone":                   {Given: []step{accepted, yes}, When: certified, Err: domain.ErrNotRecorded},
		"a finding that was written anew, of another step": {Given: []step{accepted, yes, injured}, When: amendsFinding(id(3), domain.RecordFinding{Step: code.StepHistory, Text: "x"}), Err: work.ErrAmendment},
	})
}

func amendsFinding(id string, anew domain.RecordFinding) step {
	return worktest.Do(domain.Examination.Amend, domain.Amend{Entry: work.Entry{Entry: id, Reason: code.Correction}, Finding: &anew})
}

// A finding that is written anew keeps who found it and when, and what it held. A certificate that
// rests on it asks for an answer.
func TestAFindingIsWrittenAnew(t *testing.T) {
	id := third.ID("find", 0)
	x := worktest.Play(t, worktest.Worker(), accepted, yes, injured, certified, amendsFinding(id, domain.RecordFinding{Step: code.StepGeneral, NoneFound: true}))
	f := x.Findings[0]
	if !f.NoneFound || f.Injury != nil || f.By != "worker-1" || !f.FoundAt.Equal(worktest.Dawn) || len(f.Before) != 1 || f.Before[0].What.Injury == nil {
		t.Errorf("%+v", f)
	}
	if !x.Waits() {
		t.Error("the certificate outlives its findings unseen")
	}
	if len(x.Injuries()) != 0 {
		t.Error("an injury that was corrected is drawn")
	}
}

// What she says to one step changes no other, in any order; and a finding stands under a yes of its
// own step at the time at which it was found.
func TestEachStepIsByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := worktest.Fold(domain.Examination{}, taken(t, accepted, domain.Examination{}, worktest.Worker())...)
		for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
			by := worktest.Worker()
			by.At, by.Commit = worktest.Dawn.Add(time.Duration(n)*time.Minute), worktest.Commit(n+2)
			which := rapid.SampledFrom(code.ExaminationSteps).Draw(t, "step")
			before := map[code.ExaminationStep]bool{}
			for _, s := range code.ExaminationSteps {
				before[s] = x.Agrees(s, by.At)
			}
			if rapid.Bool().Draw(t, "finds") {
				events, err := freely(domain.Examination.RecordFinding)(x, by, domain.RecordFinding{Step: which, Text: "what was found"})
				if err == nil && !before[which] {
					t.Fatalf("%s found something without her yes", which)
				}
				x = worktest.Fold(x, events...)
				continue
			}
			answer := rapid.SampledFrom(code.StepAnswers).Draw(t, "answer")
			events, err := x.AnswerStep(by, domain.AnswerStep{Step: which, Answer: answer})
			x = worktest.Fold(x, events...)
			for _, s := range code.ExaminationSteps {
				want := before[s]
				if s == which && err == nil {
					want = answer == code.StepConsented
				}
				if x.Agrees(s, by.At) != want {
					t.Fatalf("%s to %s (%v): %s is now %t", answer, which, err, s, !want)
				}
			}
		}
		if slices.ContainsFunc(x.Findings, func(f domain.Finding) bool { return !x.Agrees(f.Step, f.FoundAt) }) {
			t.Fatal("a finding stands without her yes")
		}
	})
}

func taken(t *rapid.T, s step, x domain.Examination, by fact.By) []fact.Event {
	events, err := s(x, by)
	if err != nil {
		t.Fatal(err)
	}
	return events
}
