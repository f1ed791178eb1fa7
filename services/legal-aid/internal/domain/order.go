package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// PlanOrderService records when an order is to be served on him.
type PlanOrderService struct {
	Application string    `json:"application"`
	PlannedFor  time.Time `json:"planned_for"`
}

// RecordOrderServed records that an order was served.
type RecordOrderServed struct {
	Application string `json:"application"`
	// ServedAt is when. Zero: now.
	ServedAt time.Time `json:"served_at,omitzero"`
	// Partly says that it was not yet served on each of those against whom it is.
	Partly bool `json:"partly,omitempty"`
	// Unwarned is why it was served before she was warned; required where she was not.
	Unwarned code.Unwarned `json:"unwarned,omitempty"`
}

// RecordOrderChange records what became of an order.
type RecordOrderChange struct {
	Application string           `json:"application"`
	Change      code.OrderChange `json:"change"`
	// ChangedAt is when. Zero: now.
	ChangedAt time.Time `json:"changed_at,omitzero"`
	// ValidUntil is the last instant of an order that was extended.
	ValidUntil time.Time `json:"valid_until,omitzero"`
	// Measures are those of an order that was varied.
	Measures string `json:"measures,omitempty"`
	Notes    string `json:"notes,omitempty"`
}

// Planned is the private half of OrderServicePlanned. WarnBy is from when the warning is late.
type Planned struct {
	By         string    `json:"by"`
	PlannedFor time.Time `json:"planned_for"`
	WarnBy     time.Time `json:"warn_by,omitzero"`
}

// ServedOn is the private half of OrderServed.
type ServedOn struct {
	By       string    `json:"by"`
	ServedAt time.Time `json:"served_at"`
	WarnBy   time.Time `json:"warn_by,omitzero"`
}

// ChangedTo is the private half of OrderChanged. EndsSoonAt is from when an order that was
// extended ends soon.
type ChangedTo struct {
	By string `json:"by"`
	Changed
	EndsSoonAt time.Time `json:"ends_soon_at,omitzero"`
}

// Changed is when an order changed, and what it says since.
type Changed struct {
	ChangedAt  time.Time `json:"changed_at,omitzero"`
	ValidUntil time.Time `json:"valid_until,omitzero"`
	Measures   string    `json:"measures,omitempty"`
	Notes      string    `json:"notes,omitempty"`
}

// Clock is when an order is to be served at the latest, and from when it ends soon.
type Clock struct {
	ServeBy    time.Time `json:"serve_by,omitzero"`
	EndsSoonAt time.Time `json:"ends_soon_at,omitzero"`
}

// Served is one service of an order.
type Served struct {
	ID          string `json:"id"`
	Application string `json:"application"`
	Round       int    `json:"-"`
	Service
	InError bool                   `json:"entered_in_error,omitempty"`
	Before  []work.Before[Service] `json:"before,omitempty"`
}

// Service is when and how an order was served. It is empty where it was entered in error.
type Service struct {
	ServedAt time.Time     `json:"served_at,omitzero"`
	Partly   bool          `json:"partly,omitempty"`
	Unwarned code.Unwarned `json:"unwarned,omitempty"`
}

// Change is what became of an order.
type Change struct {
	ID          string `json:"id"`
	Application string `json:"application"`
	Round       int    `json:"-"`
	Became
	EndsSoonAt time.Time             `json:"-"`
	InError    bool                  `json:"entered_in_error,omitempty"`
	Before     []work.Before[Became] `json:"before,omitempty"`
}

// Became is what it became. It is empty where it was entered in error.
type Became struct {
	Change code.OrderChange `json:"change,omitempty"`
	Changed
}

// PlanOrderService says when an order is to be served, also at rest. She is warned before: that
// is a duty from now on, and late once the programme's time is over, or the order is served.
// Errors: those of standingOrder, ErrOrderStep.
func (m Matter) PlanOrderService(by fact.By, cmd PlanOrderService, rules Rules) ([]fact.Event, error) {
	o, err := m.standingOrder(cmd.Application, by.At)
	switch {
	case err != nil:
		return nil, err
	case m.served(o):
		return nil, ErrOrderStep.At("/application", "not served yet")
	case cmd.PlannedFor.Before(by.At):
		return nil, ErrOrderStep.At("/planned_for", "not in the past")
	case o.PlannedFor.Equal(cmd.PlannedFor):
		return nil, nil
	}
	until := cmd.PlannedFor.UTC()
	if late := after(by.At, rules.of(m, by.At).Warn); !late.IsZero() && late.Before(until) {
		until = late
	}
	return fact.With(
		legalaidv1.OrderServicePlanned{Work: m.Work, Application: o.Application, Duty: m.warns(o, by)},
		Planned{By: by.Principal, PlannedFor: cmd.PlannedFor, WarnBy: until},
	), nil
}

// warns is the duty to warn her that waits, or a new one.
func (m Matter) warns(o Order, by fact.By) string {
	if d, there := m.warning(o); there && d.waits() {
		return d.ID
	}
	return by.ID("duty", 0)
}

// RecordOrderServed records that an order was served, also at rest: a court does not wait. Where
// she was not warned before, it says why, and telling her is a duty until she is told. Errors:
// those of standingOrder, ErrOrderStep, ErrUnwarned, work.ErrDate, work.ErrUnknownCode.
func (m Matter) RecordOrderServed(by fact.By, cmd RecordOrderServed, rules Rules) ([]fact.Event, error) {
	o, err := m.standingOrder(cmd.Application, by.At)
	if err != nil {
		return nil, err
	}
	at, err := work.Took("/served_at", cmd.ServedAt, by.At)
	switch d, _ := m.warning(o); {
	case err != nil:
		return nil, err
	case m.served(o):
		return nil, ErrOrderStep.At("/application", "not served yet")
	case at.Before(o.DecidedAt):
		return nil, ErrOrderStep.At("/served_at", "not before decided_at")
	case d.knows() && cmd.Unwarned != "":
		return nil, ErrUnwarned.At("/unwarned", "where she was not warned, and only there")
	case !d.knows() && cmd.Unwarned == "":
		return nil, ErrUnwarned.At("/unwarned", "required where she was not warned")
	}
	served := legalaidv1.OrderServed{Work: m.Work, Application: o.Application, Served: by.ID("serv", 0), Partly: cmd.Partly, Unwarned: cmd.Unwarned}
	half := ServedOn{By: by.Principal, ServedAt: at}
	if cmd.Unwarned != "" {
		if err := work.Known("/unwarned", cmd.Unwarned, code.Unwarneds); err != nil {
			return nil, err
		}
		served.Duty, half.WarnBy = m.warns(o, by), after(by.At, rules.of(m, by.At).Warn)
		if d, there := m.warning(o); there && d.waits() && !d.Until.IsZero() && d.Until.Before(half.WarnBy) {
			half.WarnBy = d.Until
		}
	}
	return fact.With(served, half), nil
}

// RecordOrderChange records that an order was extended, varied, breached, or ended by a court
// before its time. While the matter rests, it takes the dates alone. Errors: those of
// standingOrder, ErrOrderStep, ErrValidity, work.ErrDate, work.ErrUnknownCode.
func (m Matter) RecordOrderChange(by fact.By, cmd RecordOrderChange, rules Rules) ([]fact.Event, error) {
	if err := m.MayDoDuties(); err != nil {
		return nil, err
	}
	dates := cmd.Change == code.OrderExtended || cmd.Change == code.OrderLifted
	if err := m.MustBeOpen(); err != nil && (!dates || cmd.Measures+cmd.Notes != "") {
		return nil, err
	}
	if err := work.Known("/change", cmd.Change, code.OrderChanges); err != nil {
		return nil, err
	}
	at, err := work.Took("/changed_at", cmd.ChangedAt, by.At)
	if err != nil {
		return nil, err
	}
	o, err := m.standingOrder(cmd.Application, at)
	if err != nil {
		return nil, err
	}
	end, _ := m.ends(o)
	switch {
	case at.Before(o.DecidedAt):
		return nil, ErrOrderStep.At("/changed_at", "not before decided_at")
	case (cmd.Change == code.OrderExtended) == cmd.ValidUntil.IsZero():
		return nil, ErrOrderStep.At("/valid_until", "of an order that was extended, and only there")
	case (cmd.Change == code.OrderVaried) == (cmd.Measures == ""):
		return nil, ErrOrderStep.At("/measures", "of an order that was varied, and only there")
	case cmd.Change == code.OrderExtended && (end.IsZero() || !cmd.ValidUntil.After(end)):
		return nil, ErrValidity.At("/valid_until", "later than the order ends now")
	}
	half := ChangedTo{By: by.Principal, Changed: Changed{ChangedAt: at, ValidUntil: cmd.ValidUntil, Measures: cmd.Measures, Notes: cmd.Notes}}
	half.EndsSoonAt = ahead(cmd.ValidUntil, rules.of(m, by.At).Expiring, by.At)
	return fact.With(legalaidv1.OrderChanged{Work: m.Work, Application: o.Application, Entry: by.ID("chg", 0), Change: cmd.Change}, half), nil
}

// standingOrder is an order that protects her at an instant. Errors: those of
// work.MayDoDuties, ErrUnknownApplication, work.ErrEntryInError, ErrOrderStep.
func (m Matter) standingOrder(application string, at time.Time) (Order, error) {
	if err := m.MayDoDuties(); err != nil {
		return Order{}, err
	}
	i := m.order(application)
	switch {
	case i < 0:
		return Order{}, ErrUnknownApplication.At("/application", "exists")
	case m.Orders[i].InError:
		return Order{}, work.ErrEntryInError.At("/application", "not in error")
	}
	switch m.standing(m.Orders[i], at) {
	case code.OrderInForce, code.OrderExpiring:
		return m.Orders[i], nil
	}
	return Order{}, ErrOrderStep.At("/application", "an order in force")
}

// mayChangeOrder gives the reason why nothing can be recorded of an order.
func (m Matter) mayChangeOrder() error {
	if err := m.MayDoDuties(); err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Orders, func(o Order) bool { return o.made() && !m.lifted(o) }) {
		return ErrOrderStep.At("/application", "an order in force")
	}
	return nil
}

// mayServe gives the reason why no order can be served.
func (m Matter) mayServe(by fact.By) error {
	if err := m.MayDoDuties(); err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Orders, func(o Order) bool { _, err := m.standingOrder(o.Application, by.At); return err == nil && !m.served(o) }) {
		return ErrOrderStep.At("/application", "an order in force that was not served")
	}
	return nil
}

// made says that a court made the order.
func (o Order) made() bool {
	return !o.InError && (o.Result == code.OrderGranted || o.Result == code.OrderInterim)
}

// changes are those of the order as the court answered last, the latest last.
func (m Matter) changes(o Order, of code.OrderChange) (all []Change) {
	for _, c := range m.Changes {
		if c.Application == o.Application && c.Round == o.Round && c.Change == of && !c.InError {
			all = append(all, c)
		}
	}
	return all
}

// ends are the last instant of an order, and from when that is soon; zero for never.
func (m Matter) ends(o Order) (end, soon time.Time) {
	if all := m.changes(o, code.OrderExtended); len(all) > 0 {
		return all[len(all)-1].ValidUntil, all[len(all)-1].EndsSoonAt
	}
	return o.ValidUntil, o.EndsSoonAt
}

// lifted says that a court ended it before its time.
func (m Matter) lifted(o Order) bool { return len(m.changes(o, code.OrderLifted)) > 0 }

// served says that an order was served on each of those against whom it is.
func (m Matter) served(o Order) bool {
	return slices.ContainsFunc(m.Served, func(s Served) bool {
		return s.Application == o.Application && s.Round == o.Round && !s.InError && !s.Partly
	})
}

// standing is what an order is worth at an instant: a worker who reads "granted" must not
// take an order that is over for one that protects her.
func (m Matter) standing(o Order, now time.Time) code.OrderStanding {
	switch end, soon := m.ends(o); {
	case !o.made():
		return ""
	case m.lifted(o):
		return code.OrderEnded
	case !end.IsZero() && end.Before(now):
		return code.OrderExpired
	case !soon.IsZero() && !soon.After(now):
		return code.OrderExpiring
	default:
		return code.OrderInForce
	}
}

// ordered is the matter after an event about an order that a court made.
func (m Matter) ordered(e fact.Event) Matter {
	switch d := e.Data.(type) {
	case legalaidv1.OrderServicePlanned:
		planned, _ := e.Private.(Planned)
		i := m.order(d.Application)
		if i < 0 {
			return m
		}
		m.Orders = slices.Clone(m.Orders)
		m.Orders[i].PlannedFor = planned.PlannedFor
		return m.bound(Duty{ID: d.Duty, Kind: code.WarnOfService, About: d.Application, Round: m.Orders[i].Round, Since: e.At, Until: planned.WarnBy})
	case legalaidv1.OrderServed:
		served, _ := e.Private.(ServedOn)
		i := m.order(d.Application)
		if i < 0 {
			return m
		}
		m.Served = append(slices.Clip(m.Served), Served{
			ID: d.Served, Application: d.Application, Round: m.Orders[i].Round,
			Service: Service{ServedAt: served.ServedAt, Partly: d.Partly, Unwarned: d.Unwarned},
		})
		if d.Duty != "" {
			m = m.bound(Duty{ID: d.Duty, Kind: code.WarnOfService, About: d.Application, Round: m.Orders[i].Round, Since: e.At, Until: served.WarnBy})
		}
	case legalaidv1.OrderChanged:
		changed, _ := e.Private.(ChangedTo)
		i := m.order(d.Application)
		if i < 0 {
			return m
		}
		m.Changes = append(slices.Clip(m.Changes), Change{
			ID: d.Entry, Application: d.Application, Round: m.Orders[i].Round, Became: Became{d.Change, changed.Changed}, EndsSoonAt: changed.EndsSoonAt,
		})
	}
	return m
}

// orders are the orders as they stand at an instant: with the end that they have now.
func (m Matter) orders(now time.Time) []Order {
	orders := slices.Clone(m.Orders)
	for i := range orders {
		o := &orders[i]
		o.Standing = m.standing(m.Orders[i], now)
		o.ValidUntil, _ = m.ends(m.Orders[i])
		if o.Served = o.made() && m.served(m.Orders[i]); o.Served {
			o.ServeBy, o.PlannedFor = time.Time{}, time.Time{}
		}
	}
	return orders
}
