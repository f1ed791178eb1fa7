package application

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// Place is a place for an assessor, and what became of it.
type Place struct {
	Number int
	Asked
	Declared
	// Freed is nil while the assessor has the place, Scored until they have scored.
	Freed  *Freed
	Scored *Scored
}

// Asked is the private half of AssessorAssigned.
type Asked struct {
	// By is the manager, Assessor the principal who is asked.
	By       string `json:"by"`
	Assessor string `json:"assessor"`
	// Due is until when.
	Due time.Time `json:"due"`
}

// Assign is the command that asks somebody to assess.
type Assign struct {
	Assessor string    `json:"assessor"`
	Due      time.Time `json:"due"`
}

// Declared is the private half of AssessorDeclared, and the command.
type Declared struct {
	Interest code.AssessorDeclaration `json:"interest,omitempty"`
	// Words say what the conflict is.
	Words string `json:"words,omitempty"`
}

// Freed is the private half of AssessorFreed.
type Freed struct {
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// Free is the command that takes a place from an assessor who has not scored.
type Free struct {
	Place  int    `json:"place"`
	Reason string `json:"reason"`
}

// Score is what an assessor says of one criterion.
type Score struct {
	Criterion string `json:"criterion"`
	// Points are from 0 to 100.
	Points int    `json:"points"`
	Reason string `json:"reason"`
}

// Scores is the command that scores.
type Scores struct {
	Scores []Score `json:"scores"`
}

// Scored is the private half of ApplicationScored.
type Scored struct {
	Scores []Score `json:"scores"`
	// Total is in hundredths of a point: each criterion with its weight. From 0 to 10000.
	Total int `json:"total"`
}

// Result is the private half of ApplicationAssessed.
type Result struct {
	// Total is in hundredths of a point, rounded down.
	Total int `json:"total"`
	// Places are the numbers of those of which it is the mean.
	Places []int `json:"places"`
}

// OnAssessor is what an assessor's decision knows beside the call: whether the assessor's own agency
// applies under it as well. Who does is no judge of another.
type OnAssessor struct {
	Applies look.Fresh[bool]
	Err     error
}

// Assign asks somebody to assess an eligible application: two at first, and a third where the
// totals of the two differ by more than the call says. Errors: ErrStage, ErrPart, ErrAssessorTwice,
// ErrAssessors, ErrDay.
func (a Application) Assign(by fact.By, cmd Assign) ([]fact.Event, error) {
	if err := a.manages(by, code.ApplicationEligible); err != nil {
		return nil, err
	}
	switch {
	case a.assessor(cmd.Assessor) != nil:
		return nil, ErrAssessorTwice.At("/assessor", "somebody who was not asked before")
	case cmd.Assessor == by.Principal || a.tookPart(cmd.Assessor):
		return nil, ErrPart.At("/assessor", "somebody without another part")
	case len(a.active()) >= a.needed():
		return nil, ErrAssessors
	case !cmd.Due.After(by.At):
		return nil, ErrDay.At("/due", "in the future")
	}
	return fact.With(
		trustfundv1.AssessorAssigned{AssessorPlace: a.at(len(a.Places) + 1)},
		Asked{By: by.Principal, Assessor: cmd.Assessor, Due: cmd.Due},
	), nil
}

// Free gives the place of an assessor who has not scored to somebody else. Errors: ErrStage, ErrScored, ErrReason, ErrPart.
func (a Application) Free(by fact.By, cmd Free) ([]fact.Event, error) {
	if err := a.manages(by, code.ApplicationEligible); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(a.Places, func(p Place) bool { return p.Number == cmd.Place && p.held() })
	switch {
	case i < 0:
		return nil, ErrStage.At("/place", "one that somebody has")
	case a.Places[i].Scored != nil:
		return nil, ErrScored
	case blank(cmd.Reason):
		return nil, ErrReason.At("/reason", "required")
	}
	return fact.With(trustfundv1.AssessorFreed{AssessorPlace: a.at(cmd.Place)}, Freed{By: by.Principal, Reason: cmd.Reason}), nil
}

// Declare says whether an assessor has a conflict of interest. Until then they know only who applies,
// where, and for how much: without that nobody can tell. A conflict frees the place. Errors:
// ErrNotFound, ErrDeclared, ErrReason, ErrPart.
func (a Application) Declare(by fact.By, cmd Declared, on OnAssessor) ([]fact.Event, error) {
	p, err := a.mayAssessOn(by, on)
	switch {
	case err != nil:
		return nil, err
	case p.Interest != "":
		return nil, ErrDeclared
	case cmd.Interest == code.InterestConflict && blank(cmd.Words):
		return nil, ErrReason.At("/words", "required")
	}
	return fact.With(trustfundv1.AssessorDeclared{AssessorPlace: a.at(p.Number)}, cmd), nil
}

// Score takes the scores of an assessor, who does not see those of another. With the last one that
// is needed the application is assessed. Errors: ErrNotFound, ErrUndeclared, ErrScored, ErrScores, ErrPart.
func (a Application) Score(by fact.By, cmd Scores, on OnAssessor) ([]fact.Event, error) {
	p, err := a.mayAssessOn(by, on)
	switch {
	case err != nil:
		return nil, err
	case p.Interest == "":
		return nil, ErrUndeclared
	case p.Scored != nil:
		return nil, ErrScored
	}
	c := a.terms()
	total, err := weighted(cmd.Scores, c)
	if err != nil {
		return nil, err
	}
	events := fact.With(trustfundv1.ApplicationScored{AssessorPlace: a.at(p.Number)}, Scored{Scores: cmd.Scores, Total: total})
	after := a.Evolve(events[0])
	if result, in := after.result(c.Differ * 100); in {
		events = append(events, fact.With(trustfundv1.ApplicationAssessed{OfApplication: a.of()}, result)...)
	}
	return events, nil
}

// weighted is the total in hundredths of a point. The weights of a call add up to 100.
func weighted(scores []Score, c call.Call) (total int, err error) {
	for i, s := range scores {
		at := "/scores/" + strconv.Itoa(i)
		of := slices.IndexFunc(c.Criteria, func(o call.Criterion) bool { return o.ID == s.Criterion })
		switch {
		case of < 0:
			return 0, ErrScores.At(at+"/criterion", "a criterion of the call")
		case slices.ContainsFunc(scores[:i], func(o Score) bool { return o.Criterion == s.Criterion }):
			return 0, ErrScores.At(at+"/criterion", "scored once")
		case s.Points < 0 || s.Points > 100:
			return 0, ErrScores.At(at+"/points", "from 0 to 100")
		case blank(s.Reason):
			return 0, ErrScores.At(at+"/reason", "required")
		}
		total += s.Points * c.Criteria[of].Weight
	}
	if len(scores) < len(c.Criteria) {
		return 0, ErrScores.At("/scores", "one for each criterion")
	}
	return total, nil
}

// result is the mean of the two totals, where they differ by no more than so many hundredths of a
// point. With a third it is that of the two that are closest: one assessor who stands alone does not
// carry the result either way. Where both are as close, it is that of all three. Not in: a score is
// missing.
func (a Application) result(differ int) (r Result, in bool) {
	by := slices.DeleteFunc(a.active(), func(p Place) bool { return p.Scored == nil })
	slices.SortFunc(by, func(x, y Place) int { return x.Scored.Total - y.Scored.Total })
	switch {
	case len(by) < 2:
		return Result{}, false
	case len(by) == 2 && by[1].Scored.Total-by[0].Scored.Total > differ:
		return Result{}, false
	case len(by) == 3:
		below, above := by[1].Scored.Total-by[0].Scored.Total, by[2].Scored.Total-by[1].Scored.Total
		if below < above {
			by = by[:2]
		} else if above < below {
			by = by[1:]
		}
	}
	for _, p := range by {
		r.Total += p.Scored.Total
		r.Places = append(r.Places, p.Number)
	}
	r.Total /= len(by)
	slices.Sort(r.Places)
	return r, true
}

// needed is how many assessors an application needs: a third where two have scored and that gave no result.
func (a Application) needed() int {
	if a.Result == nil && len(a.active()) >= 2 && !slices.ContainsFunc(a.active(), func(p Place) bool { return p.Scored == nil }) {
		return 3
	}
	return 2
}

// active are the places that somebody has.
func (a Application) active() (all []Place) {
	for _, p := range a.Places {
		if p.held() {
			all = append(all, p)
		}
	}
	return all
}

// held says that somebody has the place: it was not taken from them, and they declared no conflict.
func (p Place) held() bool { return p.Freed == nil && p.Interest != code.InterestConflict }

// waits says that the place waits for its assessor.
func (p Place) waits() bool { return p.held() && p.Scored == nil }

// assessor is the place that somebody has or had; nil for none. Nobody has two.
func (a Application) assessor(principal string) *Place {
	i := slices.IndexFunc(a.Places, func(p Place) bool { return p.Assessor == principal })
	if i < 0 || principal == "" {
		return nil
	}
	return &a.Places[i]
}

// mayAssess gives the place of the actor. Errors: ErrNotFound for whoever has none (any more), ErrStage once it is assessed.
func (a Application) mayAssess(by fact.By) (Place, error) {
	p := a.assessor(by.Principal)
	if p == nil || !p.held() || by.Agency == a.Agency {
		return Place{}, ErrNotFound
	}
	if a.Status() != code.ApplicationEligible {
		return Place{}, ErrStage
	}
	return *p, nil
}

// mayAssessOn is mayAssess for whom nothing else keeps from it. Errors: ErrPart, and those of mayAssess.
func (a Application) mayAssessOn(by fact.By, on OnAssessor) (Place, error) {
	p, err := a.mayAssess(by)
	if err := cmp.Or(err, on.Err); err != nil {
		return Place{}, err
	}
	if on.Applies.Value() {
		return Place{}, ErrPart
	}
	return p, nil
}

// place is the application with a place changed.
func (a Application) place(number int, change func(*Place)) Application {
	a.Places = slices.Clone(a.Places)
	for i := range a.Places {
		if a.Places[i].Number == number {
			change(&a.Places[i])
		}
	}
	return a
}

// at names a place in an event.
func (a Application) at(place int) trustfundv1.AssessorPlace {
	return trustfundv1.AssessorPlace{OfApplication: a.of(), Place: place}
}
