package grant

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// Words is a reason in the writer's own words.
type Words struct {
	Words string `json:"words"`
}

// Noted is the private half of what a person did with a reason.
type Noted struct {
	By    string `json:"by"`
	Words string `json:"words,omitempty"`
}

// Suspend suspends a grant for cause.
type Suspend struct {
	Cause code.GrantSuspension `json:"cause"`
	Words string               `json:"words"`
}

// Suspension is the private half of GrantSuspended: why, by whom, since when.
type Suspension struct {
	Cause code.GrantSuspension `json:"cause"`
	Words string               `json:"words"`
	By    string               `json:"by"`
	At    time.Time            `json:"at,omitzero"`
}

// Restored is the private half of GrantRestored.
type Restored struct {
	Noted
	// Days is by how many days each report that is not accepted is due later.
	Days int `json:"days"`
}

// EndEarly ends a grant before its time.
type EndEarly struct {
	Reason code.GrantEnding `json:"reason"`
	Words  string           `json:"words"`
}

// Ending is the private half of GrantEnded.
type Ending struct {
	Reason code.GrantEnding `json:"reason"`
	Words  string           `json:"words"`
	By     string           `json:"by"`
}

// Result is what an audit found.
type Result struct {
	Result code.GrantAuditResult `json:"result"`
	// DisallowedCents is spending that was not accepted: it comes back.
	DisallowedCents int64  `json:"disallowed_cents"`
	Words           string `json:"words"`
}

// Audit is the private half of GrantAuditRecorded.
type Audit struct {
	Result          code.GrantAuditResult `json:"result"`
	DisallowedCents int64                 `json:"disallowed_cents"`
	Words           string                `json:"words"`
	By              string                `json:"by"`
	At              time.Time             `json:"at"`
}

// AskMore asks for more time.
type AskMore struct {
	Months int    `json:"months"`
	Words  string `json:"words"`
}

// Wish is the private half of GrantExtensionAsked.
type Wish struct {
	Months int    `json:"months"`
	Words  string `json:"words"`
	By     string `json:"by"`
}

// DecideMore decides on it.
type DecideMore struct {
	Granted bool `json:"granted"`
	// BeyondMonths is by how much it may pass what the call permits. The words say why.
	BeyondMonths int    `json:"beyond_months,omitempty"`
	Words        string `json:"words"`
}

// Extension is the private half of GrantExtensionDecided.
type Extension struct {
	Granted      bool      `json:"granted"`
	Months       int       `json:"months"`
	BeyondMonths int       `json:"beyond_months,omitempty"`
	Words        string    `json:"words"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// OrderAudit orders one. Errors: ErrNotManager, ErrNotInForce, ErrOver, ErrAudit.
func (g Grant) OrderAudit(by fact.By, cmd Words) ([]fact.Event, error) {
	if err := g.mayOrderAudit(by); err != nil {
		return nil, err
	}
	return fact.With(trustfundv1.GrantAuditOrdered{GrantStep: g.step()}, Noted{by.Principal, cmd.Words}), nil
}

func (g Grant) mayOrderAudit(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	switch {
	case g.Status == code.GrantClosed:
		return ErrOver
	case !g.agreed():
		return ErrNotInForce
	case g.AuditOpen:
		return ErrAudit
	}
	return nil
}

// RecordAudit says what it found. Errors: ErrNotManager, ErrAudit, ErrReturn.
func (g Grant) RecordAudit(by fact.By, cmd Result) ([]fact.Event, error) {
	if err := g.mayRecordAudit(by); err != nil {
		return nil, err
	}
	if cmd.DisallowedCents < 0 || cmd.DisallowedCents > g.PaidCents() || cmd.DisallowedCents > 0 && cmd.Result == code.AuditInOrder {
		return nil, ErrReturn.At("/disallowed_cents", "no more than was paid, and nothing where all is in order")
	}
	return fact.With(trustfundv1.GrantAuditRecorded{GrantStep: g.step()}, Audit{cmd.Result, cmd.DisallowedCents, cmd.Words, by.Principal, by.At}), nil
}

func (g Grant) mayRecordAudit(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if !g.AuditOpen {
		return ErrAudit
	}
	return nil
}

// AskExtension asks for more time. Errors: ErrNotGrantee, ErrNotInForce, ErrExtension, ErrTooLong.
func (g Grant) AskExtension(by fact.By, cmd AskMore) ([]fact.Event, error) {
	if err := g.mayAsk(by); err != nil {
		return nil, err
	}
	if cmd.Months < 1 {
		return nil, ErrTooLong.At("/months", "at least 1")
	}
	return fact.With(trustfundv1.GrantExtensionAsked{GrantStep: g.step()}, Wish{cmd.Months, cmd.Words, by.Principal}), nil
}

func (g Grant) mayAsk(by fact.By) error {
	if err := g.grantee(by); err != nil {
		return err
	}
	if g.Asked > 0 {
		return ErrExtension
	}
	return g.inForce()
}

// DecideExtension grants the time that was asked for, or does not. It may not pass what the call
// permits, and what a manager states beyond that with a reason. Errors: ErrNotManager, ErrNotInForce,
// ErrExtension, ErrTooLong.
func (g Grant) DecideExtension(by fact.By, cmd DecideMore) ([]fact.Event, error) {
	if err := g.mayDecide(by); err != nil {
		return nil, err
	}
	switch {
	case cmd.BeyondMonths < 0 || cmd.BeyondMonths > 0 && (cmd.Words == "" || !cmd.Granted):
		return nil, ErrTooLong.At("/beyond_months", "with a reason, where it is granted")
	case cmd.Granted && g.Months+g.Asked > max(g.MostMonths, g.Months)+cmd.BeyondMonths:
		return nil, ErrTooLong.At("/beyond_months", "as many as it passes the call by")
	}
	decided := Extension{cmd.Granted, g.Asked, cmd.BeyondMonths, cmd.Words, by.Principal, by.At}
	events := fact.With(trustfundv1.GrantExtensionDecided{GrantStep: g.step()}, decided)
	if cmd.Granted {
		g.Months += g.Asked
		events = append(events, fact.Of(g.inForceNow())...)
	}
	return events, nil
}

func (g Grant) mayDecide(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if g.Asked == 0 {
		return ErrExtension
	}
	return g.inForce()
}

// Suspend stops payments and the clocks of reports. Errors: ErrNotManager, ErrNotInForce.
func (g Grant) Suspend(by fact.By, cmd Suspend) ([]fact.Event, error) {
	if err := g.maySuspend(by); err != nil {
		return nil, err
	}
	events := fact.With(trustfundv1.GrantSuspended{Granted: g.granted()}, Suspension{cmd.Cause, cmd.Words, by.Principal, by.At})
	return append(events, g.await()...), nil
}

func (g Grant) maySuspend(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	return g.inForce()
}

// Restore lets payments and clocks go on: what was due has as much time as it had. Errors:
// ErrNotManager, ErrNotSuspended.
func (g Grant) Restore(by fact.By, cmd Words) ([]fact.Event, error) {
	if err := g.mayRestore(by); err != nil {
		return nil, err
	}
	const day = 24 * time.Hour
	days := int((by.At.Sub(g.Suspended.At) + day - 1) / day)
	return fact.With(trustfundv1.GrantRestored{Granted: g.granted()}, Restored{Noted{by.Principal, cmd.Words}, max(0, days)}), nil
}

func (g Grant) mayRestore(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if g.Status != code.GrantSuspended {
		return ErrNotSuspended
	}
	return nil
}

// EndEarly ends the grant before its time: nothing more is paid, and the money that was not paid is
// free again. Reports on what was paid are still due. Errors: ErrNotManager, ErrOver.
func (g Grant) EndEarly(by fact.By, cmd EndEarly) ([]fact.Event, error) {
	if err := g.mayEnd(by); err != nil {
		return nil, err
	}
	events := fact.With(trustfundv1.GrantEnded{GrantStep: g.step()}, Ending{cmd.Reason, cmd.Words, by.Principal})
	if g.agreed() {
		events = append(events, fact.Of(g.over(by))...)
	}
	if unpaid := g.Cents - g.PaidCents(); unpaid > 0 {
		events = append(events, fact.Of(trustfundv1.CommitmentReleased{Money: g.money(unpaid)})...)
	}
	return append(events, g.await()...), nil
}

func (g Grant) mayEnd(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if !g.Exists() || g.Status == code.GrantEnded || g.Status == code.GrantClosed {
		return ErrOver
	}
	return nil
}

// Close closes a grant of which everything is accounted for: all is paid, or it ended early; each
// report is accepted; no audit is open; no money is owed. Errors: ErrNotManager, ErrNotInForce,
// ErrOver, ErrUnsettled.
func (g Grant) Close(by fact.By, cmd Words) ([]fact.Event, error) {
	if err := g.mayClose(by); err != nil {
		return nil, err
	}
	var events []fact.Event
	if g.Status == code.GrantInForce {
		events = fact.Of(g.over(by))
	}
	return append(events, fact.With(trustfundv1.GrantSettled{GrantStep: g.step()}, Noted{by.Principal, cmd.Words})...), nil
}

func (g Grant) mayClose(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	switch g.Status {
	case code.GrantClosed:
		return ErrOver
	case code.GrantInForce, code.GrantEnded:
		return g.settled()
	}
	return ErrNotInForce
}

// later is a report that is due some days later.
func (r Report) later(months, days int) Report {
	r.Due, r.Late = vienna.After(r.Due, 0, months, days), r.Late && months == 0 && days == 0
	return r
}

// over is what is told at the end of a grant.
func (g Grant) over(by fact.By) trustfundv1.GrantClosed {
	return trustfundv1.GrantClosed{Granted: g.granted(), On: by.At}
}
