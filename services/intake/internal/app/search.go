package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// Found are the cases that a search found, each as its frame.
type Found struct {
	Items []domain.View `json:"items"`
}

// Search looks for cases among those that the caller has, or covers. That somebody
// searched is recorded first, each time; where it cannot be, nothing is searched. It is
// recorded without the request's key: with a key goes a hash of the request, and this one
// would be a hash of a name.
func (a App) Search(ctx context.Context, by fact.By, cmd domain.Search) (Found, error) {
	found := Found{Items: []domain.View{}}
	ctx = record.With(ctx, record.Command{Op: "searchCases", By: by})
	if _, err := a.Searches.Execute(ctx, domain.SearchesOf(domain.Self(by).Owner), func(s domain.Searches, by fact.By) ([]fact.Event, error) {
		return s.Note(by, cmd)
	}); err != nil {
		return found, err
	}
	staff, err := a.staff(ctx, by.Agency)
	if err != nil {
		return found, err
	}
	me := staff.Value()[domain.Self(by).Owner]
	for _, owner := range domain.ActsFor(by, staff.Value()) {
		ids, err := a.candidates(ctx, by, owner, cmd)
		if err != nil {
			return found, err
		}
		for _, id := range ids {
			c, err := a.Cases.Fresh(ctx, id)
			if errors.Is(err, record.ErrQuarantined) {
				continue // of what cannot be read nothing is shown
			}
			if err != nil {
				return found, err
			}
			if c.Value().Owner == owner && domain.Owns(c.Value(), by, me, staff.Value()[owner]) && cmd.Finds(c.Value()) {
				found.Items = append(found.Items, c.Value().View(by).(domain.View))
			}
		}
	}
	return found, nil
}

// candidates are the cases of one person that a search looks at: all of them by
// reference, the open ones by name.
func (a App) candidates(ctx context.Context, by fact.By, owner string, cmd domain.Search) ([]string, error) {
	if cmd.Reference != "" {
		ids, err := a.Cases.FreshIn(ctx, domain.ByReference.Of(by.Agency, cmd.Spoken()))
		return ids.Value(), err
	}
	var open []string
	for _, status := range domain.OpenStatuses {
		ids, err := a.Cases.FreshIn(ctx, domain.ByOwners.Of(by.Agency, owner, string(status)))
		if err != nil {
			return nil, err
		}
		open = append(open, ids.Value()...)
	}
	return open, nil
}

// Reviewed is a page of searches.
type Reviewed struct {
	Items []domain.Searched `json:"items"`
}

// Review shows a supervisor the searches of the people of their agency, the latest first.
func (a App) Review(ctx context.Context, by fact.By, cursor string, limit int) (page Reviewed, next string, err error) {
	first, err := firstOf(cursor)
	if err != nil {
		return page, "", err
	}
	ids, err := a.Searches.FreshIn(ctx, domain.SearchesByAgency.Of(by.Agency))
	if err != nil {
		return page, "", err
	}
	var all []domain.Searched
	for _, id := range ids.Value() {
		one, err := a.Searches.Get(ctx, id)
		if err != nil {
			return page, "", err
		}
		all = append(all, one.State.Made...)
	}
	page.Items, next = domain.Latest(all, first, limit)
	return page, next, nil
}
