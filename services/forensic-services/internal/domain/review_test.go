package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
)

func answersReview(r code.MedicalReview, a code.ReviewAnswer, due time.Time) step {
	return worktest.Do(domain.Examination.AnswerReview, domain.AnswerReview{Review: r, Answer: a, DueAt: due})
}

func recordsReview(r code.MedicalReview, result code.ReviewResult, again time.Time) step {
	return worktest.Do(domain.Examination.RecordReview, domain.RecordReview{Review: r, Result: result, Notes: "as she said", AgainAt: again})
}

var (
	agrees    = answersReview(code.ReviewTwoWeeks, code.AgreesToReview, time.Time{})
	reviewed  = recordsReview(code.ReviewTwoWeeks, code.ReviewMade, time.Time{})
	fortnight = worktest.Dawn.AddDate(0, 0, 14)
)

func TestMedicalReview(t *testing.T) {
	day := worktest.Dawn.AddDate(0, 0, 20)
	refuses := answersReview(code.ReviewTwoWeeks, code.RefusesToReview, time.Time{})
	given := []step{accepted, examined}
	worktest.Check(t, map[string]worktest.Rule[domain.Examination]{
		"agreed": {Given: given, When: agrees, Want: fact.With(forensicv1.ReviewAnswered{Work: about, Review: code.ReviewTwoWeeks}, domain.AnsweredReview{Answer: code.AgreesToReview})},
		"agreed, on another day": {
			Given: given, When: answersReview(code.ReviewTwoWeeks, code.AgreesToReview, day),
			Want: fact.With(forensicv1.ReviewAnswered{Work: about, Review: code.ReviewTwoWeeks}, domain.AnsweredReview{Answer: code.AgreesToReview, DueAt: day}),
		},
		"refused":                        {Given: given, When: refuses, Want: fact.With(forensicv1.ReviewAnswered{Work: about, Review: code.ReviewTwoWeeks}, domain.AnsweredReview{Answer: code.RefusesToReview})},
		"refused, and agreed later":      {Given: append(given, refuses), When: agrees, Want: fact.With(forensicv1.ReviewAnswered{Work: about, Review: code.ReviewTwoWeeks}, domain.AnsweredReview{Answer: code.AgreesToReview})},
		"refused, on a day":              {Given: given, When: answersReview(code.ReviewTwoWeeks, code.RefusesToReview, day), Err: domain.ErrReview},
		"on a day that is over":          {Given: given, When: answersReview(code.ReviewTwoWeeks, code.AgreesToReview, worktest.Dawn), Err: domain.ErrReview},
		"in two years":                   {Given: given, When: answersReview(code.ReviewTwoWeeks, code.AgreesToReview, day.AddDate(2, 0, 0)), Err: domain.ErrReview},
		"in a year, by no code":          {Given: given, When: answersReview("one_year", code.AgreesToReview, day), Err: work.ErrUnknownCode},
		"by no answer":                   {Given: given, When: answersReview(code.ReviewTwoWeeks, "perhaps", day), Err: work.ErrUnknownCode},
		"without an examination":         {Given: []step{accepted}, When: agrees, Err: domain.ErrReview},
		"without an examination, on day": {Given: []step{accepted}, When: answersReview(code.ReviewTwoWeeks, code.AgreesToReview, day), Want: fact.With(forensicv1.ReviewAnswered{Work: about, Review: code.ReviewTwoWeeks}, domain.AnsweredReview{Answer: code.AgreesToReview, DueAt: day})},
		"done":                           {Given: append(given, agrees), When: reviewed, Want: fact.With(forensicv1.ReviewRecorded{Work: about, Review: code.ReviewTwoWeeks}, domain.CameOf{Result: code.ReviewMade, Notes: "as she said"})},
		"done twice":                     {Given: append(given, agrees, reviewed), When: reviewed, Err: domain.ErrReview},
		"agreed, when it is done":        {Given: append(given, agrees, reviewed), When: agrees, Err: domain.ErrReview},
		"done, that she refused":         {Given: append(given, refuses), When: reviewed, Err: domain.ErrReview},
		"done, and again":                {Given: append(given, agrees), When: recordsReview(code.ReviewTwoWeeks, code.ReviewMade, day), Err: domain.ErrReview},
		"by no result":                   {Given: append(given, agrees), When: recordsReview(code.ReviewTwoWeeks, "gone", day), Err: work.ErrUnknownCode},
		"missed":                         {Given: append(given, agrees, closed), When: recordsReview(code.ReviewTwoWeeks, code.ReviewMissed, day), Want: fact.With(forensicv1.ReviewRecorded{Work: about, Review: code.ReviewTwoWeeks}, domain.CameOf{Result: code.ReviewMissed, Notes: "as she said", AgainAt: day})},
		"none, closed to readers":        {Given: []step{accepted, examined, agrees, facts[3]}, When: reviewed, Err: work.ErrEnded},
	})
}

// The clock of the clinic begins with the examination, once; no paper makes a deadline in the past.
func TestReviewsArePlanned(t *testing.T) {
	on := func(days int) []step { return []step{accepted, examinedAt(worktest.Dawn.AddDate(0, 0, -days))} }
	two, three, six := code.ReviewTwoWeeks, code.ReviewThreeMonths, code.ReviewSixMonths
	for name, c := range map[string]struct {
		given []step
		want  []code.MedicalReview
	}{
		"with the record":                {on(0), []code.MedicalReview{two, three, six}},
		"with a finding of her body":     {[]step{accepted, yes, injured, none}, []code.MedicalReview{two, three, six}},
		"not with what she tells":        {[]step{accepted, says(code.StepHistory, code.StepConsented), told}, nil},
		"once, with both":                {[]step{accepted, yes, injured, examined}, []code.MedicalReview{two, three, six}},
		"on paper of a month ago":        {on(30), []code.MedicalReview{three, six}},
		"on paper of a year ago":         {on(366), nil},
		"not of those that she answered": {[]step{accepted, answersReview(two, code.AgreesToReview, fortnight), examined}, []code.MedicalReview{two}},
	} {
		var got []code.MedicalReview
		for _, r := range worktest.Play(t, worktest.Worker(), c.given...).Reviews {
			got = append(got, r.Review)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// What comes due is told once, to the agency and not what; it stands on the list until it is settled.
func TestAReviewComesDue(t *testing.T) {
	due := func(x domain.Examination, at time.Time) ([]fact.Event, error) {
		return x.ReviewDue(fact.By{At: at, Commit: worktest.Commit(9)})
	}
	x := worktest.Play(t, worktest.Worker(), accepted, examined, agrees)
	if events, err := due(x, fortnight.Add(-time.Second)); !errors.Is(err, domain.ErrNotDue) || len(events) > 0 {
		t.Fatal(events, err)
	}
	events, err := due(x, fortnight)
	if d := cmp.Diff([]fact.Event{{Data: forensicv1.ReviewCame{Work: about}}, {Data: forensicv1.WorkerAwaited{Awaited: staff.Awaited{Agency: about.Agency}}}}, events); err != nil || d != "" {
		t.Fatal(d, err)
	}
	listed := func(x domain.Examination) bool { return len(domain.Waiting.Keys(x)) > 0 }
	if listed(x) {
		t.Error("it waits before its time")
	}
	for i := range events {
		events[i].At = fortnight
	}
	came := worktest.Fold(x, events...)
	if next := came.Deadlines(); !listed(came) || len(next) != 1 || !next[0].At.Equal(worktest.Dawn.AddDate(0, 3, 0)) {
		t.Errorf("listed %v, and then %v", listed(came), came.Deadlines())
	}
	for name, next := range map[string]step{"done": reviewed, "missed": recordsReview(code.ReviewTwoWeeks, code.ReviewMissed, time.Time{}), "another day": recordsReview(code.ReviewTwoWeeks, code.ReviewNotReached, fortnight.AddDate(0, 0, 3))} {
		by := worktest.Worker()
		by.At, by.Commit = fortnight.Add(time.Hour), worktest.Commit(10)
		events, err := next(came, by)
		if is := worktest.Fold(came, events...); err != nil || listed(is) {
			t.Errorf("%s: it still waits: %v", name, err)
		}
	}
	// Of work that is over, what she agreed to remains, and nobody asks her about the rest.
	over := worktest.Play(t, worktest.Worker(), accepted, examined, agrees, closed)
	if over.Closed() || len(over.Duties(func(string) bool { return true })) != 1 {
		t.Errorf("%+v", over.Duties(func(string) bool { return true }))
	}
	for name, s := range map[string][]step{"unanswered": {accepted, examined, closed}, "closed to readers": {accepted, examined, agrees, facts[3]}, "at rest": {accepted, examined, agrees, lapsed}} {
		if y := worktest.Play(t, worktest.Worker(), s...); len(y.Deadlines()) > 0 {
			t.Errorf("%s: %v", name, y.Deadlines())
		}
	}
}

// An exhibit without a chain of custody stands on the list, one that was entered in error does not.
func TestAnExhibitWithoutItsChainWaits(t *testing.T) {
	x := worktest.Play(t, worktest.Worker(), accepted, examined, exhibit("S-1"), exhibit("S-2"))
	one := x.Exhibits[0].ID
	var got []domain.Duty
	for _, d := range x.Duties(func(e string) bool { return e == one }) {
		if d.Kind == code.DutyOpenCustody {
			got = append(got, d)
		}
	}
	if d := cmp.Diff([]domain.Duty{{Kind: code.DutyOpenCustody, Entry: x.Exhibits[1].ID}}, got); d != "" {
		t.Error(d)
	}
}
