package psychosocial

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// lists is what people see of several plans: counts and dates, and nothing of what is in them.
type lists struct{ seen.Desk[domain.Plan] }

// Instruments is what may be asked.
type Instruments struct {
	Items []domain.Asked `json:"items"`
}

// instruments are those that may be asked in a plan, with the texts of its programme. It says
// nothing of her.
func (l lists) instruments(rules domain.Rules) func(context.Context, fact.By, string, url.Values) (Instruments, error) {
	return func(ctx context.Context, by fact.By, id string, _ url.Values) (Instruments, error) {
		res, err := l.Works.See(ctx, id, by)
		if err != nil {
			return Instruments{}, err
		}
		return Instruments{Items: rules(res.State, by.At).Asks()}, nil
	}
}

// Waits says that something in a plan waits for the caller. What, the plan says: a list is read by
// who stands behind one, too.
type Waits struct {
	Plan  string    `json:"plan"`
	DueAt time.Time `json:"due_at"`
	Late  bool      `json:"late"`
	// Covered says that a colleague has the plan, and the caller acts for them.
	Covered bool `json:"covered"`
}

// Waiting is what waits for the caller, the earliest first.
type Waiting struct {
	Items []Waits `json:"items"`
}

// duties are what waits for the caller in the plans that they have, or whose worker they act for.
// Nobody else is shown that something does: where nothing but an answer has a clock of minutes, the
// clock says what it is.
func (l lists) duties(_ context.Context, by fact.By, _ string, _ url.Values) (Waiting, error) {
	answer := Waiting{Items: []Waits{}}
	me, _ := l.Workers.Held(worker.ID(by.Agency, by.Principal))
	for _, id := range l.Works.Find(domain.ByDuty.Of(by.Agency)) {
		held, ok := l.Works.Held(id)
		if !ok || !l.may(held.State, by, me.State.Present) {
			continue
		}
		for _, d := range held.State.Duties() {
			answer.Items = append(answer.Items, Waits{Plan: held.State.Plan, DueAt: d.DueAt, Late: d.Late(by.At), Covered: held.State.Has() != me.State.ID})
		}
	}
	slices.SortStableFunc(answer.Items, func(a, b Waits) int { return a.DueAt.Compare(b.DueAt) })
	return answer, nil
}

// may says whether the caller may be shown what is in a plan. It is for answers.
func (l lists) may(p domain.Plan, by fact.By, me worker.Present) bool {
	them, _ := l.Workers.Held(p.Has())
	in, _ := l.Circles.Held(circle.ID(p.Plan))
	return p.Acts(by, me, them.State.Present) && in.State.Has(me.ID)
}

// Load is what the workers of an agency have.
type Load struct {
	Items []domain.Load `json:"items"`
}

// caseload is what each worker has, for who leads the agency; everybody else sees their own.
func (l lists) caseload(_ context.Context, by fact.By, _ string, _ url.Values) (Load, error) {
	all := domain.Caseload(l.plans(by.Agency), by.At)
	if !leads(by) {
		me := worker.ID(by.Agency, by.Principal)
		all = slices.DeleteFunc(all, func(one domain.Load) bool { return one.Worker != me })
	}
	return Load{Items: all}, nil
}

// Turns is what nobody has yet.
type Turns struct {
	Items []domain.Turn `json:"items"`
}

// waiting is what nobody has yet, for who leads the agency: they give it to somebody. Errors:
// domain.ErrNotASupervisor.
func (l lists) waiting(_ context.Context, by fact.By, _ string, _ url.Values) (Turns, error) {
	if !leads(by) {
		return Turns{}, domain.ErrNotASupervisor
	}
	return Turns{Items: domain.Waiting(l.plans(by.Agency))}, nil
}

// plans are those of an agency that are in memory: all that are not over.
func (l lists) plans(agency string) []domain.Plan {
	var all []domain.Plan
	for _, id := range l.Works.Find(domain.ByAgency.Of(agency)) {
		if held, ok := l.Works.Held(id); ok {
			all = append(all, held.State)
		}
	}
	return all
}

func leads(by fact.By) bool {
	return slices.Contains(by.Roles, "supervisor") || slices.Contains(by.Roles, "focal_point")
}
