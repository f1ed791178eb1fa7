package app

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// desk is where cases are read, by a rule on who acts for whom.
func (a App) desk(acts func(domain.Case, fact.By, worker.Present, worker.Present) bool) seen.Desk[domain.Case] {
	return seen.Desk[domain.Case]{
		Works: a.Cases, Workers: a.Workers, Seen: a.Seen, Acts: acts,
		Note: func(c domain.Case, g seen.Glance) []fact.Event { return fact.With(intakev1.CaseSeen{Case: c.ID}, g) },
	}
}

// reading is the desk for who sees what is in a case. Not all of them may change it: who is
// on duty sees a case whose contact is closed.
func (a App) reading() seen.Desk[domain.Case] {
	desk := a.desk(domain.Sees)
	desk.Changes = a.Hands
	return desk
}

// Read gives a case to whom asks for it: its frame to everybody of the desk, and what is
// in it to who sees that, after the look was recorded.
func (a App) Read(ctx context.Context, id string, by fact.By) (command.Sight, error) {
	desk := a.reading()
	desk.Content = a.together
	return desk.Read(ctx, id, by)
}

// together is what is in a case, with that of the cases that point to it which the reader sees
// as well. The look at each of them is recorded first, too.
func (a App) together(ctx context.Context, c domain.Case, by fact.By) (any, error) {
	var led []domain.Case
	for _, id := range a.Cases.Find(domain.ByLeading.Of(c.Agency, c.ID)) {
		res, err := a.reading().Look(ctx, id, by, seen.Content)
		switch {
		case errors.Is(err, domain.ErrNotTheOwner):
		case err != nil:
			return nil, err
		default:
			led = append(led, res.State)
		}
	}
	return c.Together(by, led, a.Rules), nil
}

// Past lets who sees the case read its history. Errors: domain.ErrNotTheOwner.
func (a App) Past(ctx context.Context, id string, by fact.By) error {
	return a.reading().Past(ctx, id, by)
}

// Looked tells a supervisor, and who sees the case, who looked at it.
func (a App) Looked(ctx context.Context, by fact.By, id string, q url.Values) (seen.Looks, error) {
	return a.reading().Looked(ctx, by, id, q)
}

// Hands looks up whether a caller acts for who has a case.
func (a App) Hands(ctx context.Context, id string, by fact.By) work.Hands {
	return a.desk(domain.Owns).Hands(ctx, id, by)
}

// Watch looks up the same, and whether the caller is on duty for a case whose contact is
// closed.
func (a App) Watch(ctx context.Context, id string, by fact.By) work.Hands {
	return a.reading().Hands(ctx, id, by)
}

// Colleagues looks up the people of a desk, for a command on one of its cases.
func (a App) Colleagues(ctx context.Context, id string, by fact.By) domain.Colleagues {
	k := domain.Colleagues{Hands: a.Hands(ctx, id, by), Leads: slices.Contains(by.Roles, "supervisor"), Requires: a.Requires}
	if k.Of, k.Err = a.staff(ctx, by.Agency); k.Err != nil {
		return k
	}
	if !a.Workers.Complete() {
		k.Unread = record.ErrQuarantined
	}
	names := map[string]bool{}
	for _, id := range a.Cases.Find(domain.ByOwners.Of(by.Agency)) {
		if c, held := a.Cases.Held(id); held && !names[c.State.Subject] {
			names[c.State.Subject] = true
			k.Names = append(k.Names, c.State.Subject)
		}
	}
	return k
}

// staff is who is on the register of an agency, by identifier.
func (a App) staff(ctx context.Context, agency string) (look.Fresh[map[string]worker.Present], error) {
	ids, err := a.Workers.FreshIn(ctx, domain.WorkersByAgency.Of(agency))
	if err != nil {
		return look.Fresh[map[string]worker.Present]{}, err
	}
	of := map[string]worker.Present{}
	for _, id := range ids.Value() {
		one, err := a.Workers.Fresh(ctx, id)
		if err != nil {
			return look.Fresh[map[string]worker.Present]{}, err
		}
		of[id] = one.Value().Present
	}
	return look.As(ids, func([]string) map[string]worker.Present { return of }), nil
}

// Pair looks up the case that is to lead another one.
func (a App) Pair(ctx context.Context, id string, by fact.By, cmd domain.Merge) domain.Pair {
	p := domain.Pair{Hands: a.Hands(ctx, id, by), Over: a.Hands(ctx, cmd.Into, by)}
	if p.Leading, p.Err = a.Cases.Fresh(ctx, cmd.Into); p.Err != nil {
		return p
	}
	p.Leads, p.Err = a.leads(ctx, by.Agency, id)
	return p
}

// Led looks up the cases that point to one.
func (a App) Led(ctx context.Context, id string, by fact.By) domain.Led {
	led := domain.Led{Hands: a.Hands(ctx, id, by)}
	ids, err := a.Cases.FreshIn(ctx, domain.ByLeading.Of(by.Agency, id))
	if led.Err = err; err != nil {
		return led
	}
	for _, id := range ids.Value() {
		one, err := a.Cases.Fresh(ctx, id)
		if led.Err = err; err != nil {
			return led
		}
		led.Cases = append(led.Cases, one)
	}
	return led
}

// Lead has the cases that point to one follow it, as it is now.
func (a App) Lead(ctx context.Context, id string) error {
	leading, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		return err
	}
	ids, err := a.Cases.FreshIn(ctx, domain.ByLeading.Of(leading.Value().Agency, id))
	if err != nil {
		return err
	}
	return record.Each(ids.Value(), func(id string) error {
		_, err := a.Cases.Execute(record.Step(ctx, id), id, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.OnLeading(by, leading) })
		return err
	})
}

// OnWorkerChanged keeps the copy of the register, and who may work on a referral with it. When a person has left, each of their
// cases waits for a supervisor from then on.
func (a App) OnWorkerChanged(ctx context.Context, e referralv1.WorkerChanged) error {
	keep := worker.Keep(func(w staff.Worker) worker.Noted { return intakev1.WorkerNoted{Worker: w} })
	res, err := a.Workers.Execute(ctx, worker.Named(e), func(c worker.Copy, by fact.By) ([]fact.Event, error) { return keep(c, by, e) })
	if err != nil {
		return err
	}
	if err := a.drawAt(ctx, e); err != nil || !res.State.Left {
		return err
	}
	ids, err := a.Cases.FreshIn(ctx, domain.ByOwners.Of(e.Agency, e.ID))
	if err != nil {
		return err
	}
	return record.Each(ids.Value(), func(id string) error {
		_, err := a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return c.OnOwnerLeft(by, res.State.Present)
		})
		return err
	})
}

// OnOpened tells who has an older case that the new one may be about the same person. It
// comes after the answer, so that the counter learns nothing, and by no clock either. And
// it looks once more whether who opened the case has left: both may have come at once.
func (a App) OnOpened(ctx context.Context, e intakev1.CaseOpened) error {
	return a.arrived(ctx, e.Case)
}

// OnTransferred does the same at the office that took a case over.
func (a App) OnTransferred(ctx context.Context, e intakev1.CaseTransferred) error {
	return a.arrived(ctx, e.Case)
}

func (a App) arrived(ctx context.Context, id string) error {
	arrived, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		return err
	}
	owner, err := a.Workers.Fresh(ctx, arrived.Value().Owner)
	if err != nil {
		return err
	}
	if owner.Value().Left {
		if _, err := a.Cases.Execute(record.Step(ctx, "left"), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return c.OnOwnerLeft(by, owner.Value().Present)
		}); err != nil {
			return err
		}
	}
	return a.Compare(ctx, id)
}

// Compare looks for other open cases of the same desk that may be about the same person,
// and tells who has the older one of each two.
func (a App) Compare(ctx context.Context, id string) error {
	one, err := a.Cases.Fresh(ctx, id)
	if err != nil || one.Value().Name == "" {
		return err
	}
	others, err := a.Cases.FreshIn(ctx, domain.Namesakes(one.Value()))
	if err != nil {
		return err
	}
	return record.Each(others.Value(), func(id string) error {
		other, err := a.Cases.Fresh(ctx, id)
		if err != nil || !domain.Twin(one.Value(), other.Value()) {
			return err
		}
		older, newer := domain.Order(one, other)
		_, err = a.Cases.Execute(record.Step(ctx, newer.Value().ID), older.Value().ID, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return c.Hinted(by, newer)
		})
		return err
	})
}
