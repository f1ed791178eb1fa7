package domain_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worktest"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// laws are those of a programme: two days to serve, two hours to warn her, a month before an
// order ends, a day before a hearing.
var laws = domain.Rules{Programmes: programmetest.Made("alpha", "GT", func(f *programme.Fields) {
	f.LegalAid.Is = programme.LegalAid{
		Serve: 48 * time.Hour, Warn: 2 * time.Hour, Expiring: 30 * 24 * time.Hour, Hearing: 24 * time.Hour,
		Eligible:      []code.AidGround{code.AidViolence, code.AidChild, code.AidNoMeans},
		WhateverMeans: []code.AidGround{code.AidViolence, code.AidChild},
	}
})}

func ruled[C any](decide func(domain.Matter, fact.By, C, domain.Rules) ([]fact.Event, error), cmd C) step {
	return worktest.Do(domain.Ruled(laws, decide), cmd)
}

// at is a step at another instant than the morning.
func at(when time.Time, s step) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		by.At = when
		return s(m, by)
	}
}

// last is the identifier of the last of some, or one of none.
func last[T any](list []T, of func(T) string, prefix string) string {
	if len(list) == 0 {
		return fact.ID(prefix, "none")
	}
	return of(list[len(list)-1])
}

func ofOrder(o domain.Order) string       { return o.Application }
func ofDuty(d domain.Duty) string         { return d.ID }
func ofHearing(h domain.Hearing) string   { return h.ID }
func ofDocket(p domain.Proceeding) string { return p.ID }

// Steps about whatever was recorded last.
var (
	day   = 24 * time.Hour
	wins  = ruled(domain.Matter.RecordOrderResult, domain.RecordOrderResult{Application: application, Result: code.OrderGranted, ValidUntil: until})
	plans = func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.PlanOrderService(by, domain.PlanOrderService{Application: last(m.Orders, ofOrder, "app"), PlannedFor: by.At.Add(day)}, laws)
	}
	serves = serve(code.CourtDidNotWait)
	served = serve("")
	extend = func(to time.Time) step {
		return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
			return m.RecordOrderChange(by, domain.RecordOrderChange{Application: last(m.Orders, ofOrder, "app"), Change: code.OrderExtended, ValidUntil: to}, laws)
		}
	}
	extends = extend(until.AddDate(1, 0, 0))
	tells   = dutyIs(code.DutyTold)
	brings  = dutyIs(code.DutyBrought)
	becomes = func(change code.OrderChange) step {
		return ruled(domain.Matter.RecordOrderChange, domain.RecordOrderChange{Application: application, Change: change})
	}
	comes = func(m domain.Matter, by fact.By) ([]fact.Event, error) { return m.ReminderDue(by) }
)

func serve(why code.Unwarned) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.RecordOrderServed(by, domain.RecordOrderServed{Application: last(m.Orders, ofOrder, "app"), Unwarned: why}, laws)
	}
}

func dutyIs(result code.LegalDutyResult) step {
	return func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.SettleDuty(by, domain.SettleDuty{Duty: last(m.Duties, ofDuty, "duty"), Result: result})
	}
}

func TestProtectionOrder(t *testing.T) {
	by := worktest.Worker().Principal
	worktest.Check(t, map[string]worktest.Rule[domain.Matter]{
		"a court's answer starts the clocks": {Given: []step{accepted, applied}, When: wins, Want: fact.With(
			legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted, Ruling: id("rul", 3)},
			domain.Decision{
				By: by, Decided: domain.Decided{DecidedAt: worktest.Dawn, Ruling: domain.Ruling{ValidUntil: until}},
				Clock: domain.Clock{ServeBy: worktest.Dawn.Add(2 * day), EndsSoonAt: until.Add(-30 * day)},
			},
		)},
		"an order that is over on paper has none": {Given: []step{accepted, applied}, When: ruled(domain.Matter.RecordOrderResult, domain.RecordOrderResult{
			Application: application, Result: code.OrderGranted, DecidedAt: longAgo, ValidUntil: longAgo.AddDate(1, 0, 0),
		}), Want: fact.With(
			legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted, Ruling: id("rul", 3)},
			domain.Decision{By: by, Decided: domain.Decided{DecidedAt: longAgo, Ruling: domain.Ruling{ValidUntil: longAgo.AddDate(1, 0, 0)}}},
		)},
		"its service is planned, and she is to be warned": {Given: []step{accepted, applied, wins}, When: plans, Want: fact.With(
			legalaidv1.OrderServicePlanned{Work: about, Application: application, Duty: id("duty", 4)},
			domain.Planned{By: by, PlannedFor: worktest.Dawn.Add(day), WarnBy: worktest.Dawn.Add(2 * time.Hour)},
		)},
		"served soon: she is warned before": {Given: []step{accepted, applied, wins}, When: ruled(domain.Matter.PlanOrderService, domain.PlanOrderService{Application: application, PlannedFor: worktest.Dawn.Add(time.Hour)}), Want: fact.With(
			legalaidv1.OrderServicePlanned{Work: about, Application: application, Duty: id("duty", 4)},
			domain.Planned{By: by, PlannedFor: worktest.Dawn.Add(time.Hour), WarnBy: worktest.Dawn.Add(time.Hour)},
		)},
		"planned again, it is one duty": {Given: []step{accepted, applied, wins, plans}, When: ruled(domain.Matter.PlanOrderService, domain.PlanOrderService{Application: application, PlannedFor: worktest.Dawn.Add(time.Hour)}), Want: fact.With(
			legalaidv1.OrderServicePlanned{Work: about, Application: application, Duty: id("duty", 4)},
			domain.Planned{By: by, PlannedFor: worktest.Dawn.Add(time.Hour), WarnBy: worktest.Dawn.Add(time.Hour)},
		)},
		"planned the same":      {Given: []step{accepted, applied, wins, plans}, When: plans},
		"planned in the past":   {Given: []step{accepted, applied, wins}, When: ruled(domain.Matter.PlanOrderService, domain.PlanOrderService{Application: application, PlannedFor: longAgo}), Err: domain.ErrOrderStep},
		"no court has answered": {Given: []step{accepted, applied}, When: plans, Err: domain.ErrOrderStep},
		"a court refused":       {Given: []step{accepted, applied, decided(code.OrderRefused)}, When: plans, Err: domain.ErrOrderStep},
		"no such application":   {Given: []step{accepted}, When: plans, Err: domain.ErrUnknownApplication},
		"served, and she was told": {Given: []step{accepted, applied, wins, plans, tells}, When: served, Want: fact.With(
			legalaidv1.OrderServed{Work: about, Application: application, Served: id("serv", 6)}, domain.ServedOn{By: by, ServedAt: worktest.Dawn},
		)},
		"served, and nobody said why she was not told": {Given: []step{accepted, applied, wins, plans}, When: served, Err: domain.ErrUnwarned},
		"served, and her desk has it":                  {Given: []step{accepted, applied, wins, plans, brings}, When: served, Err: domain.ErrUnwarned},
		"served, with a reason that is none":           {Given: []step{accepted, applied, wins, plans}, When: serve("bad luck"), Err: work.ErrUnknownCode},
		"served, she was told, and yet a reason":       {Given: []step{accepted, applied, wins, plans, tells}, When: serves, Err: domain.ErrUnwarned},
		"a court does not wait": {Given: []step{accepted, applied, wins, plans}, When: serves, Want: fact.With(
			legalaidv1.OrderServed{Work: about, Application: application, Served: id("serv", 5), Unwarned: code.CourtDidNotWait, Duty: id("duty", 4)},
			domain.ServedOn{By: by, ServedAt: worktest.Dawn, WarnBy: worktest.Dawn.Add(2 * time.Hour)},
		)},
		"served unplanned: to tell her is a duty": {Given: []step{accepted, applied, wins}, When: serves, Want: fact.With(
			legalaidv1.OrderServed{Work: about, Application: application, Served: id("serv", 4), Unwarned: code.CourtDidNotWait, Duty: id("duty", 4)},
			domain.ServedOn{By: by, ServedAt: worktest.Dawn, WarnBy: worktest.Dawn.Add(2 * time.Hour)},
		)},
		"served twice":            {Given: []step{accepted, applied, wins, serves}, When: serves, Err: domain.ErrOrderStep},
		"served before the order": {Given: []step{accepted, applied, wins}, When: ruled(domain.Matter.RecordOrderServed, domain.RecordOrderServed{Application: application, ServedAt: longAgo, Unwarned: code.NoSafeWay}), Err: domain.ErrOrderStep},
		"served tomorrow":         {Given: []step{accepted, applied, wins}, When: ruled(domain.Matter.RecordOrderServed, domain.RecordOrderServed{Application: application, ServedAt: worktest.Dawn.Add(day), Unwarned: code.NoSafeWay}), Err: work.ErrDate},
		"served in error, and again": {Given: []step{accepted, applied, wins, serves, inError(id("serv", 4))}, When: serves, Want: fact.With(
			legalaidv1.OrderServed{Work: about, Application: application, Served: id("serv", 6), Unwarned: code.CourtDidNotWait, Duty: id("duty", 4)},
			domain.ServedOn{By: by, ServedAt: worktest.Dawn, WarnBy: worktest.Dawn.Add(2 * time.Hour)},
		)},
		"served at rest": {Given: []step{accepted, applied, wins, plans, lapsed}, When: serves, Want: fact.With(
			legalaidv1.OrderServed{Work: turn(worktest.LapsedAt), Application: application, Served: id("serv", 6), Unwarned: code.CourtDidNotWait, Duty: id("duty", 4)},
			domain.ServedOn{By: by, ServedAt: worktest.Dawn, WarnBy: worktest.Dawn.Add(2 * time.Hour)},
		)},
		"extended": {Given: []step{accepted, applied, wins}, When: extends, Want: fact.With(
			legalaidv1.OrderChanged{Work: about, Application: application, Entry: id("chg", 4), Change: code.OrderExtended},
			domain.ChangedTo{By: by, Changed: domain.Changed{ChangedAt: worktest.Dawn, ValidUntil: until.AddDate(1, 0, 0)}, EndsSoonAt: until.AddDate(1, 0, 0).Add(-30 * day)},
		)},
		"extended to an earlier end": {Given: []step{accepted, applied, wins}, When: extend(until), Err: domain.ErrValidity},
		"extended without an end":    {Given: []step{accepted, applied, wins}, When: becomes(code.OrderExtended), Err: domain.ErrOrderStep},
		"varied without saying how":  {Given: []step{accepted, applied, wins}, When: becomes(code.OrderVaried), Err: domain.ErrOrderStep},
		"varied": {
			Given: []step{accepted, applied, wins},
			When:  ruled(domain.Matter.RecordOrderChange, domain.RecordOrderChange{Application: application, Change: code.OrderVaried, Measures: "he may telephone"}),
			Want: fact.With(
				legalaidv1.OrderChanged{Work: about, Application: application, Entry: id("chg", 4), Change: code.OrderVaried},
				domain.ChangedTo{By: by, Changed: domain.Changed{ChangedAt: worktest.Dawn, Measures: "he may telephone"}},
			),
		},
		"breached": {Given: []step{accepted, applied, wins}, When: becomes(code.OrderBreached), Want: fact.With(
			legalaidv1.OrderChanged{Work: about, Application: application, Entry: id("chg", 4), Change: code.OrderBreached},
			domain.ChangedTo{By: by, Changed: domain.Changed{ChangedAt: worktest.Dawn}},
		)},
		"breached at rest": {Given: []step{accepted, applied, wins, lapsed}, When: becomes(code.OrderBreached), Err: work.ErrResting},
		"lifted at rest": {Given: []step{accepted, applied, wins, lapsed}, When: becomes(code.OrderLifted), Want: fact.With(
			legalaidv1.OrderChanged{Work: turn(worktest.LapsedAt), Application: application, Entry: id("chg", 5), Change: code.OrderLifted},
			domain.ChangedTo{By: by, Changed: domain.Changed{ChangedAt: worktest.Dawn}},
		)},
		"lifted, with words, at rest": {
			Given: []step{accepted, applied, wins, lapsed},
			When:  ruled(domain.Matter.RecordOrderChange, domain.RecordOrderChange{Application: application, Change: code.OrderLifted, Notes: "she asked for it"}), Err: work.ErrResting,
		},
		"breached after it was lifted": {Given: []step{accepted, applied, wins, becomes(code.OrderLifted)}, When: becomes(code.OrderBreached), Err: domain.ErrOrderStep},
		"it did not become so":         {Given: []step{accepted, applied, wins}, When: becomes("forgotten"), Err: work.ErrUnknownCode},
		"it was not lifted after all": {
			Given: []step{accepted, applied, wins, becomes(code.OrderLifted), inError(id("chg", 4))}, When: becomes(code.OrderBreached),
			Want: fact.With(
				legalaidv1.OrderChanged{Work: about, Application: application, Entry: id("chg", 6), Change: code.OrderBreached},
				domain.ChangedTo{By: by, Changed: domain.Changed{ChangedAt: worktest.Dawn}},
			),
		},
		"a new answer is served anew": {Given: []step{accepted, applied, interim, serves, wins}, When: plans, Want: fact.With(
			legalaidv1.OrderServicePlanned{Work: about, Application: application, Duty: id("duty", 6)},
			domain.Planned{By: by, PlannedFor: worktest.Dawn.Add(day), WarnBy: worktest.Dawn.Add(2 * time.Hour)},
		)},
		"a corrected answer is not": {Given: []step{accepted, applied, interim, serves, corrects(id("rul", 3), code.OrderGranted)}, When: plans, Err: domain.ErrOrderStep},
		"a duty waits":              {Given: []step{accepted, applied, wins, plans}, When: closed, Err: domain.ErrDutyWaits},
		"her desk has it: it waits": {Given: []step{accepted, applied, wins, plans, brings}, When: closed, Err: domain.ErrDutyWaits},
		"her desk has it, twice":    {Given: []step{accepted, applied, wins, plans, brings}, When: brings},
		"told":                      {Given: []step{accepted, applied, wins, plans, brings, tells}, When: tells, Err: domain.ErrDuty},
		"she wants no news": {Given: []step{accepted, applied, wins, plans}, When: dutyIs(code.DutyNotWanted), Want: fact.With(
			legalaidv1.LegalDutySettled{Work: about, Duty: id("duty", 4), Result: code.DutyNotWanted}, domain.By{By: by},
		)},
		"nothing came of it": {Given: []step{accepted, applied, wins, plans}, When: dutyIs("nothing"), Err: work.ErrUnknownCode},
		"told after the work ended": {Given: []step{accepted, applied, wins, plans, facts[1]}, When: tells, Want: fact.With(
			legalaidv1.LegalDutySettled{Work: turn(worktest.EndedAt), Duty: id("duty", 4), Result: code.DutyTold}, domain.By{By: by},
		)},
		"nobody is told what is closed to readers": {Given: []step{accepted, applied, wins, plans, facts[3]}, When: tells, Err: work.ErrEnded},
		"not before it is time":                    {Given: []step{accepted, applied, wins}, When: at(worktest.Dawn.Add(2*day-1), comes), Err: domain.ErrNotDue},
		"not yet served": {Given: []step{accepted, applied, wins}, When: at(worktest.Dawn.Add(2*day), comes), Want: fact.Of(
			legalaidv1.ReminderCame{Work: about, Kind: code.OrderNotServed, About: application},
			rung,
		)},
		"served: nothing is due": {Given: []step{accepted, applied, wins, serves, tells}, When: at(worktest.Dawn.Add(2*day), comes), Err: domain.ErrNotDue},
		"she was not warned in time": {Given: []step{accepted, applied, wins, plans}, When: at(worktest.Dawn.Add(2*time.Hour), comes), Want: fact.Of(
			legalaidv1.ReminderCame{Work: about, Kind: code.DutyLate, About: id("duty", 4)},
			rung,
		)},
		"it ends soon, and ends by the clock": {Given: []step{accepted, applied, wins, serves, tells}, When: at(until, comes), Want: fact.Of(
			legalaidv1.ReminderCame{Work: about, Kind: code.OrderEndsSoon, About: application},
			legalaidv1.ReminderCame{Work: about, Kind: code.OrderOver, About: application},
			rung,
		)},
		"nothing is due of what is over": {Given: []step{accepted, applied, wins, facts[1]}, When: at(until, comes)},
	})
}

// An order stands as its dates say: in force, ending soon, over by the clock, ended by a court.
func TestStanding(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted, applied, wins)
	longer := worktest.Play(t, worktest.Worker(), accepted, applied, wins, extends)
	lifted := worktest.Play(t, worktest.Worker(), accepted, applied, wins, becomes(code.OrderLifted))
	soon := until.Add(-30 * day)
	for _, c := range []struct {
		m    domain.Matter
		at   time.Time
		want code.OrderStanding
	}{
		{m, soon.Add(-1), code.OrderInForce},
		{m, soon, code.OrderExpiring},
		{m, until, code.OrderExpiring},
		{m, until.Add(1), code.OrderExpired},
		{longer, soon, code.OrderInForce},
		{longer, until.Add(1), code.OrderInForce},
		{longer, until.AddDate(1, 0, 0), code.OrderExpiring},
		{lifted, worktest.Dawn, code.OrderEnded},
	} {
		o := c.m.Content(fact.By{At: c.at}).(domain.View).Orders[0]
		if o.Standing != c.want {
			t.Errorf("at %s: %s, want %s", c.at, o.Standing, c.want)
		}
	}
	if o := longer.Content(fact.By{At: worktest.Dawn}).(domain.View).Orders[0]; !o.ValidUntil.Equal(until.AddDate(1, 0, 0)) {
		t.Errorf("an order that was extended is shown until %s", o.ValidUntil)
	}
}

// What an old journal holds has no clocks, and waits for nobody.
func TestOldOrder(t *testing.T) {
	m := worktest.Play(t, worktest.Worker(), accepted)
	for _, e := range slices.Concat(
		fact.With(legalaidv1.ProtectionOrderApplied{Work: about, Application: application}, domain.Applied{}),
		fact.With(legalaidv1.ProtectionOrderDecided{Work: about, Application: application, Result: code.OrderGranted}, domain.Decision{
			Decided: domain.Decided{Ruling: domain.Ruling{ValidUntil: longAgo}},
		}),
	) {
		e.At = longAgo.AddDate(-1, 0, 0)
		m = m.Evolve(e)
	}
	if len(m.Deadlines()) > 0 || m.Waits() || len(m.Dates(worktest.Dawn)) > 0 {
		t.Errorf("%v, waits %t, %v", m.Deadlines(), m.Waits(), m.Dates(worktest.Dawn))
	}
	if o := m.Content(worktest.Worker()).(domain.View).Orders[0]; o.Standing != code.OrderExpired {
		t.Errorf("it is %s", o.Standing)
	}
}

// In any order of what people record and of the hours, an order that was served without a reason
// was served after she knew; a warning never ends with her desk having it; what has come due is
// noted once, and the next is ahead; what is over or lifted takes nothing more; and a replay
// gives the same.
func TestOrderStates(t *testing.T) {
	steps := map[string]step{
		"apply": applied, "interim": ruled(domain.Matter.RecordOrderResult, domain.RecordOrderResult{Application: application, Result: code.OrderInterim, ValidUntil: until}),
		"grant": wins, "refuse": decided(code.OrderRefused), "plan": plans, "serve": served, "serve unwarned": serves, "extend": extends,
		"lift": becomes(code.OrderLifted), "breach": becomes(code.OrderBreached), "tell": tells, "bring": brings, "not needed": dutyIs(code.DutyNotNeeded),
		"set": sets, "move": moves, "hold": holds, "rest": lapsed, "renew": facts[9],
		"in error": func(m domain.Matter, by fact.By) ([]fact.Event, error) {
			return m.Amend(by, domain.Amend{Entry: work.Entry{Entry: last(m.Served, func(s domain.Served) string { return s.ID }, "serv"), Reason: code.Correction, InError: true}})
		},
	}
	names := []string{}
	for name := range steps {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		var journal []fact.Event
		var m domain.Matter
		take := func(events []fact.Event, now time.Time) {
			for _, e := range events {
				e.At = now
				journal, m = append(journal, e), m.Evolve(e)
			}
		}
		events, _ := accepted(m, worktest.Worker())
		take(events, worktest.Dawn)
		now := worktest.Dawn
		for n := range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "hours")) * time.Hour)
			by := worktest.Worker()
			by.At, by.Commit = now, worktest.Commit(n+2)
			due, err := m.ReminderDue(by)
			if err != nil && !errors.Is(err, domain.ErrNotDue) {
				t.Fatalf("a clock is refused: %v", err)
			}
			take(due, now)
			for _, d := range m.Deadlines() {
				if !d.At.After(now) {
					t.Fatalf("%s is not noted at %s", d.At, now)
				}
			}
			name := rapid.SampledFrom(names).Draw(t, "step")
			before := fmt.Sprintf("%+v", m)
			was := m
			events, err := steps[name](m, by)
			take(events, now)
			if fmt.Sprintf("%+v", was) != before {
				t.Fatal("a state that others may hold was changed")
			}
			for _, o := range was.Content(by).(domain.View).Orders {
				over := o.Standing == code.OrderExpired || o.Standing == code.OrderEnded
				if over && err == nil && len(m.Orders) == 1 && slices.Contains([]string{"plan", "serve", "serve unwarned", "extend", "lift", "breach"}, name) {
					t.Fatalf("%s, of an order that is %s", name, o.Standing)
				}
			}
			if name == "serve" && err == nil && len(events) > 0 {
				d := was.Duties[len(was.Duties)-1]
				if r := d.Results[len(d.Results)-1].Result; r != code.DutyTold {
					t.Fatalf("served, and she was not warned: %s", r)
				}
			}
			if name == "bring" && err == nil && !m.Waits() {
				t.Fatal("her desk has it, and nobody waits until she is told")
			}
		}
		var replayed domain.Matter
		if diff := cmp.Diff(m, worktest.Fold(replayed, journal...)); diff != "" {
			t.Fatal("replay gives another state:\n" + diff)
		}
	})
}

// rung says to the services alone that something waits at the agency.
var rung = legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: about.Agency}}
