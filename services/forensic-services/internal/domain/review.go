package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// ErrReview refuses what cannot be said of a medical review.
var ErrReview = fault.New(fault.Conflict, "medical_review_invalid", "A medical review is ahead, within a year, and waits: one to which nothing was said of its result yet.")

// Review is one medical review after the examination. It is planned by the clock of the clinic. She is
// asked about it, and it takes place only where she agrees. How she may be reached is asked of her safe
// contact on that day: this room holds no contact. A review that she misses says nothing against her.
type Review struct {
	Review code.MedicalReview `json:"review"`
	DueAt  time.Time          `json:"due_at"`
	Status code.ReviewStatus  `json:"status"`
	// Results are what came of it, each time.
	Results []ReviewResult `json:"results,omitempty"`
}

// ReviewResult is what came of it once.
type ReviewResult struct {
	At     time.Time         `json:"at"`
	Result code.ReviewResult `json:"result"`
	Notes  string            `json:"notes,omitempty"`
}

// Ahead is the private half of ReviewsPlanned: when each review is due. One that would have been before
// its examination was entered is left out: no paper makes a deadline in the past.
type Ahead struct {
	TwoWeeks    time.Time `json:"two_weeks,omitzero"`
	ThreeMonths time.Time `json:"three_months,omitzero"`
	SixMonths   time.Time `json:"six_months,omitzero"`
}

// AnsweredReview is the private half of ReviewAnswered.
type AnsweredReview struct {
	Answer code.ReviewAnswer `json:"answer"`
	DueAt  time.Time         `json:"due_at,omitzero"`
}

// CameOf is the private half of ReviewRecorded. AgainAt is when it is planned anew.
type CameOf struct {
	Result  code.ReviewResult `json:"result"`
	Notes   string            `json:"notes,omitempty"`
	AgainAt time.Time         `json:"again_at,omitzero"`
}

// AnswerReview is the command that records what she says to a review. With DueAt it is on another day.
type AnswerReview struct {
	Review code.MedicalReview `json:"review"`
	Answer code.ReviewAnswer  `json:"answer"`
	DueAt  time.Time          `json:"due_at,omitzero"`
}

// RecordReview is the command that records what came of a review. With AgainAt it is planned anew.
type RecordReview struct {
	Review  code.MedicalReview `json:"review"`
	Result  code.ReviewResult  `json:"result"`
	Notes   string             `json:"notes,omitempty"`
	AgainAt time.Time          `json:"again_at,omitzero"`
}

// plan is the dates of the reviews after an examination (WHO 2003, chapter 6): two weeks, three months,
// six months. They are planned once, with the first that is recorded of her body.
func (x Examination) plan(examined, now time.Time) []fact.Event {
	if len(x.Reviews) > 0 {
		return nil
	}
	ahead := Ahead{TwoWeeks: examined.AddDate(0, 0, 14), ThreeMonths: examined.AddDate(0, 3, 0), SixMonths: examined.AddDate(0, 6, 0)}
	for _, at := range []*time.Time{&ahead.TwoWeeks, &ahead.ThreeMonths, &ahead.SixMonths} {
		if *at = at.UTC(); !at.After(now) {
			*at = time.Time{}
		}
	}
	if ahead == (Ahead{}) {
		return nil
	}
	return fact.With(forensicv1.ReviewsPlanned{Work: x.Work}, ahead)
}

// AnswerReview records that she agrees to a review, on its day or on another one, or refuses it. One that
// the clock did not plan needs its day. Errors: ErrReview, work.ErrUnknownCode.
func (x Examination) AnswerReview(by fact.By, cmd AnswerReview) ([]fact.Event, error) {
	if err := x.MayAmend(); err != nil {
		return nil, err
	}
	if err := cmp.Or(work.Known("/review", cmd.Review, code.MedicalReviews), work.Known("/answer", cmd.Answer, code.ReviewAnswers)); err != nil {
		return nil, err
	}
	i := x.review(cmd.Review)
	switch agrees := cmd.Answer == code.AgreesToReview; {
	case i >= 0 && x.Reviews[i].over():
		return nil, ErrReview.At("/review", "one that waits")
	case !agrees && !cmd.DueAt.IsZero():
		return nil, ErrReview.At("/due_at", "is not allowed here")
	case agrees && i < 0 && cmd.DueAt.IsZero():
		return nil, ErrReview.At("/due_at", "required")
	}
	if err := soon("/due_at", cmd.DueAt, by.At); err != nil {
		return nil, err
	}
	return fact.With(forensicv1.ReviewAnswered{Work: x.Work, Review: cmd.Review}, AnsweredReview{Answer: cmd.Answer, DueAt: cmd.DueAt}), nil
}

// RecordReview records what came of a review that waits, also after the examination was closed: that is
// when it takes place. Errors: ErrReview, work.ErrUnknownCode.
func (x Examination) RecordReview(by fact.By, cmd RecordReview) ([]fact.Event, error) {
	if err := x.mayReview(); err != nil {
		return nil, err
	}
	if err := cmp.Or(work.Known("/review", cmd.Review, code.MedicalReviews), work.Known("/result", cmd.Result, code.ReviewResults)); err != nil {
		return nil, err
	}
	switch i := x.review(cmd.Review); {
	case i < 0 || !x.Reviews[i].waits():
		return nil, ErrReview.At("/review", "one that waits")
	case cmd.Result == code.ReviewMade && !cmd.AgainAt.IsZero():
		return nil, ErrReview.At("/again_at", "is not allowed here")
	}
	if err := soon("/again_at", cmd.AgainAt, by.At); err != nil {
		return nil, err
	}
	return fact.With(forensicv1.ReviewRecorded{Work: x.Work, Review: cmd.Review}, CameOf{Result: cmd.Result, Notes: cmd.Notes, AgainAt: cmd.AgainAt}), nil
}

// soon refuses a day that is not ahead, or is more than a year away.
func soon(pointer string, at, now time.Time) error {
	if !at.IsZero() && (!at.After(now) || at.After(now.AddDate(1, 0, 0))) {
		return ErrReview.At(pointer, "after now, and within a year")
	}
	return nil
}

// mayReview gives ErrReview where no review waits, and the reason why nobody may read the examination.
func (x Examination) mayReview() error {
	if err := x.MayAmend(); err != nil {
		return err
	}
	if !slices.ContainsFunc(x.Reviews, Review.waits) {
		return ErrReview.At("/review", "one that waits")
	}
	return nil
}

// waits says whether it is still to be made.
func (r Review) waits() bool {
	return r.Status == code.ReviewIsPlanned || r.Status == code.ReviewIsAgreed
}

// over says whether something came of it. To one that she refused she may still agree.
func (r Review) over() bool { return !r.waits() && r.Status != code.ReviewIsRefused }

func (x Examination) review(is code.MedicalReview) int {
	return slices.IndexFunc(x.Reviews, func(r Review) bool { return r.Review == is })
}

// reviewed is the examination after something was said of its reviews.
func (x Examination) reviewed(e fact.Event) Examination {
	x.Reviews = slices.Clone(x.Reviews)
	switch d := e.Data.(type) {
	case forensicv1.ReviewsPlanned:
		ahead, _ := e.Private.(Ahead)
		for i, at := range []time.Time{ahead.TwoWeeks, ahead.ThreeMonths, ahead.SixMonths} {
			if !at.IsZero() {
				x.Reviews = append(x.Reviews, Review{Review: code.MedicalReviews[i], DueAt: at, Status: code.ReviewIsPlanned})
			}
		}
	case forensicv1.ReviewAnswered:
		said, _ := e.Private.(AnsweredReview)
		i := x.review(d.Review)
		if i < 0 {
			i, x.Reviews = len(x.Reviews), append(x.Reviews, Review{Review: d.Review})
		}
		r := &x.Reviews[i]
		if r.Status = code.ReviewStatus(said.Answer); !said.DueAt.IsZero() {
			r.DueAt = said.DueAt
		}
	case forensicv1.ReviewRecorded:
		came, _ := e.Private.(CameOf)
		if i := x.review(d.Review); i >= 0 {
			r := &x.Reviews[i]
			r.Results = append(slices.Clip(r.Results), ReviewResult{At: e.At, Result: came.Result, Notes: came.Notes})
			if came.AgainAt.IsZero() {
				r.Status = code.ReviewStatus(came.Result)
			} else {
				r.DueAt = came.AgainAt // it waits as it did
			}
		}
	}
	return x
}

// Deadline names the instant from which a medical review waits for its examiner.
const Deadline = "medical_review"

// ErrNotDue is given before anything of an examination has come due.
var ErrNotDue = fault.New(fault.Unavailable, "not_due", "It is not time yet.")

// ahead are the reviews that wait, the earliest first. Of work that is over only those remain to which
// she agreed, and none where nobody may read it: nobody reaches her about what she may be about to end.
func (x Examination) ahead() (all []Review) {
	if !x.Exists() || x.Shows() != work.Everything {
		return nil
	}
	for _, r := range x.Reviews {
		if r.Status == code.ReviewIsAgreed || r.Status == code.ReviewIsPlanned && !x.Standing.Closed() {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b Review) int { return a.DueAt.Compare(b.DueAt) })
	return all
}

// Deadlines is when the next review comes due of which nobody is told yet.
func (x Examination) Deadlines() []fact.Deadline {
	for _, r := range x.ahead() {
		if r.DueAt.After(x.Came) {
			return []fact.Deadline{{Name: Deadline, At: r.DueAt}}
		}
	}
	return nil
}

// ReviewDue tells the agency that something waits, and not what (ErrNotDue before that).
func (x Examination) ReviewDue(by fact.By) ([]fact.Event, error) {
	next := x.Deadlines()
	switch {
	case len(next) == 0:
		return nil, nil
	case by.At.Before(next[0].At):
		return nil, ErrNotDue
	}
	return []fact.Event{
		{Data: forensicv1.ReviewCame{Work: x.Work}},
		{Data: forensicv1.WorkerAwaited{Awaited: staff.Awaited{Agency: x.Agency}}},
	}, nil
}

// Closed reports whether the examination is over and nothing in it waits for anybody: what is due is
// found in memory.
func (x Examination) Closed() bool {
	return x.Standing.Closed() && len(x.ahead()) == 0 && x.mayTellOfHold() != nil
}
