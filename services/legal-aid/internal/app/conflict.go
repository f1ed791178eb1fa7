package app

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// The names of a matter are appended first, and compared then. So of two matters on two sides
// that are checked at the same instant, at least one finds the other.

// Compare compares the names of a matter with those of all matters of its agency, open and
// closed. A closed one is read back from the journal; nothing of a name is kept beside it.
func (a App) Compare(ctx context.Context, id string) error {
	mine, err := a.Works.Fresh(ctx, id)
	if err != nil || !mine.Value().Conflict.Compares(mine.Value().Conflict.ID) {
		return err
	}
	m := mine.Value()
	all, err := a.Works.FreshIn(ctx, domain.ByAgency.Of(m.Agency))
	if err != nil {
		return err
	}
	// A matter that is set aside is on no list, and may be the one that is looked for.
	compared := conflict.Compared{Found: conflict.Found{Unread: !a.Works.Complete()}}
	for _, other := range all.Value() {
		if other == id {
			continue
		}
		theirs, err := a.Works.Fresh(ctx, other)
		switch {
		case errors.Is(err, record.ErrQuarantined):
			compared.Unread = true
		case err != nil:
			return err
		default:
			compared = compared.Add(m.Conflict.Names, other, theirs.Value().Conflict.Names)
		}
	}
	_, err = a.Works.Execute(record.Step(ctx, "compared"), id, func(now domain.Matter, by fact.By) ([]fact.Event, error) {
		return now.OnCompared(by, m.Conflict.ID, compared)
	})
	return err
}

// Neutral looks up whether an officer acts on a matter, or on one that was found beside it, and
// may know of all of them.
func (a App) Neutral(ctx context.Context, id string, by fact.By) domain.Neutral {
	m, err := a.Works.Fresh(ctx, id)
	if err != nil {
		return domain.Neutral{Err: err}
	}
	for _, one := range append([]string{id}, m.Value().Conflict.Found.Matters...) {
		res, err := a.Works.See(ctx, one, by)
		// Whom she must not meet is answered as one who acts on a matter.
		in, circled := a.Circles.Fresh(ctx, circle.ID(one))
		switch h := a.Hands(ctx, one, by); {
		case errors.Is(err, record.ErrQuarantined):
		case err != nil:
			return domain.Neutral{Err: err}
		case h.Err != nil:
			return domain.Neutral{Err: h.Err}
		case circled != nil:
			return domain.Neutral{Err: circled}
		case res.State.Handled(h) == nil || !in.Value().Has(worker.ID(by.Agency, by.Principal)):
			return domain.Neutral{Is: look.As(m, func(domain.Matter) bool { return false })}
		}
	}
	return domain.Neutral{Is: look.As(m, func(domain.Matter) bool { return true })}
}

// Conflicts are the matters about which the officers of an agency are asked.
type Conflicts struct {
	Items []Asked `json:"items"`
}

// Asked is one of them: that it is there, and nothing of it.
type Asked struct {
	Matter string              `json:"matter"`
	Check  string              `json:"check"`
	Result code.ConflictResult `json:"result"`
}

// Conflicts lists what waits for the officers of the caller's agency.
func (a App) Conflicts(ctx context.Context, by fact.By, _ string, _ url.Values) (Conflicts, error) {
	all := Conflicts{Items: []Asked{}}
	for _, id := range a.Works.Find(domain.Doubted.Of(by.Agency)) {
		res, err := a.Works.Get(ctx, id)
		if errors.Is(err, record.ErrQuarantined) {
			continue
		}
		if err != nil {
			return Conflicts{}, err
		}
		if c := res.State.Conflict; res.State.Visible(by) && c.Waits() {
			all.Items = append(all.Items, Asked{Matter: id, Check: c.ID, Result: c.Result})
		}
	}
	return all, nil
}

// Sides are the names on both sides, as an officer sees them, and nothing else of either
// matter.
type Sides struct {
	Asked
	conflict.Names
	Others []conflict.Names `json:"others"`
	// Unread says that a matter of the agency cannot be read now.
	Unread bool `json:"unread,omitempty"`
}

// Sides shows an officer the names. That they looked is recorded first, at each of the
// matters. Errors: conflict.ErrNotNeutral, conflict.ErrNothingWaits.
func (a App) Sides(ctx context.Context, by fact.By, id string, _ url.Values) (Sides, error) {
	res, err := a.Works.See(ctx, id, by)
	if err != nil {
		return Sides{}, err
	}
	if err := a.Neutral(ctx, id, by).Refuses(); err != nil {
		return Sides{}, err
	}
	c := res.State.Conflict
	if !c.Waits() {
		return Sides{}, conflict.ErrNothingWaits
	}
	shown := Sides{Asked: Asked{Matter: id, Check: c.ID, Result: c.Result}, Names: c.Names, Others: []conflict.Names{}, Unread: c.Found.Unread}
	if err := a.glanced(ctx, res.State, by); err != nil {
		return Sides{}, err
	}
	for _, other := range c.Found.Matters {
		o, err := a.Works.See(ctx, other, by)
		if errors.Is(err, record.ErrQuarantined) {
			shown.Unread = true
			continue
		}
		if err == nil {
			err = a.glanced(ctx, o.State, by)
		}
		if err != nil {
			return Sides{}, err
		}
		shown.Others = append(shown.Others, o.State.Conflict.Names)
	}
	return shown, nil
}

// glanced records that an officer looked at the names of a matter.
func (a App) glanced(ctx context.Context, m domain.Matter, by fact.By) error {
	noted := fact.With(legalaidv1.MatterSeen{Work: m.Work}, seen.Glance{By: by.Principal, Part: seen.Conflict})
	_, err := a.Seen.Execute(ctx, seen.ID(m.Matter), func(seen.Seen, fact.By) ([]fact.Event, error) { return noted, nil })
	return err
}

// Settle answers about a matter. An answer shows nothing of it.
func (a App) Settle(ctx context.Context, by fact.By, id string, cmd domain.SettleConflict) (Settled, error) {
	if _, err := a.Works.See(ctx, id, by); err != nil {
		return Settled{}, err
	}
	officer := a.Neutral(ctx, id, by)
	res, err := a.Works.Execute(ctx, id, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.SettleConflict(by, cmd, officer)
	})
	return Settled{Matter: id, At: res.At}, err
}

// Settled says that an answer was taken.
type Settled struct {
	Matter string    `json:"matter"`
	At     time.Time `json:"at"`
}
