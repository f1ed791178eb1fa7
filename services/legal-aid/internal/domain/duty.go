package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// A duty is what somebody of the agency sees to for her safety: that she is warned before an
// order is served on him, and that she is told that the accused is free. The room does not hold
// her contact. Who may tell her does so; otherwise it is brought to her desk as news of danger,
// which has the way that she chose for it. A duty waits until somebody says what came of it.

// Duty is one of them.
type Duty struct {
	ID   string         `json:"id"`
	Kind code.LegalDuty `json:"kind"`
	// About is the application or the proceeding.
	About string `json:"about"`
	// Round is that of the order: a new answer of the court is served anew.
	Round int       `json:"-"`
	Since time.Time `json:"since"`
	// Until is from when it is late.
	Until time.Time `json:"until,omitzero"`
	// Results are what came of it, the last one counts.
	Results []DutyResult `json:"results,omitempty"`
}

// DutyResult is what somebody said came of a duty.
type DutyResult struct {
	At     time.Time            `json:"at"`
	By     string               `json:"by"`
	Result code.LegalDutyResult `json:"result"`
}

// SettleDuty is the command that says what came of a duty.
type SettleDuty struct {
	Duty   string               `json:"duty"`
	Result code.LegalDutyResult `json:"result"`
}

// By is the private half of what somebody says, and which holds nothing else.
type By struct {
	By string `json:"by"`
}

// SettleDuty says what came of a duty, also at rest and on a matter that is over: her safety
// does not end with the work. That it was brought to her desk settles news of a release. A
// warning waits on: an order is served, and her desk does not say what it told her. Errors:
// those of maySettleDuty, work.ErrUnknownCode, ErrDuty.
func (m Matter) SettleDuty(by fact.By, cmd SettleDuty) ([]fact.Event, error) {
	if err := cmp.Or(m.mayTendDuties(), work.Known("/result", cmd.Result, code.LegalDutyResults)); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(m.Duties, func(d Duty) bool { return d.ID == cmd.Duty && d.waits() })
	if i < 0 {
		return nil, ErrDuty.At("/duty", "one that waits")
	}
	if cmd.Result == code.DutyBrought && m.Duties[i].brought() {
		return nil, nil
	}
	return fact.With(legalaidv1.LegalDutySettled{Work: m.Work, Duty: cmd.Duty, Result: cmd.Result}, By{by.Principal}), nil
}

// mayTendDuties gives the reason why nothing can be said of a duty.
func (m Matter) mayTendDuties() error {
	if m.MayDoDuties() == nil {
		return nil
	}
	return m.MayAmend()
}

// maySettleDuty gives ErrDuty where none waits.
func (m Matter) maySettleDuty() error {
	if err := m.mayTendDuties(); err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Duties, Duty.waits) {
		return ErrDuty.At("/duty", "one that waits")
	}
	return nil
}

// waits says whether nothing has settled it yet.
func (d Duty) waits() bool {
	return len(d.Results) == 0 || d.Kind == code.WarnOfService && d.brought()
}

// brought says that her desk has it.
func (d Duty) brought() bool {
	return len(d.Results) > 0 && d.Results[len(d.Results)-1].Result == code.DutyBrought
}

// knows says that she knows, or wanted no news.
func (d Duty) knows() bool {
	return len(d.Results) > 0 && slices.Contains([]code.LegalDutyResult{code.DutyTold, code.DutyKnown, code.DutyNotWanted}, d.Results[len(d.Results)-1].Result)
}

// warning is the last duty to warn her of the service of an order as it is now.
func (m Matter) warning(o Order) (last Duty, there bool) {
	for _, d := range m.Duties {
		if d.Kind == code.WarnOfService && d.About == o.Application && d.Round == o.Round {
			last, there = d, true
		}
	}
	return last, there
}

// bound is the matter with a duty. One that waits gets another time.
func (m Matter) bound(is Duty) Matter {
	m.Duties = slices.Clone(m.Duties)
	i := slices.IndexFunc(m.Duties, func(d Duty) bool { return d.ID == is.ID })
	if i < 0 {
		m.Duties = append(m.Duties, is)
		return m
	}
	m.Duties[i].Until = is.Until
	return m
}

// tended is the matter after somebody said what came of a duty.
func (m Matter) tended(d legalaidv1.LegalDutySettled, by By, at time.Time) Matter {
	m.Duties = slices.Clone(m.Duties)
	if i := slices.IndexFunc(m.Duties, func(is Duty) bool { return is.ID == d.Duty }); i >= 0 {
		m.Duties[i].Results = append(slices.Clip(m.Duties[i].Results), DutyResult{at, by.By, d.Result})
	}
	return m
}
