package app

import (
	"context"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// Agenda is the dates and duties of a worker, the earliest first.
type Agenda struct {
	Items []domain.Date `json:"items"`
}

// Agenda is for who has the matters, and who covers: the lists of others say nothing of what is
// in a matter.
func (a App) Agenda(ctx context.Context, by fact.By, _ string, query url.Values) (Agenda, error) {
	own, err := a.Own(ctx, by, query.Get("worker"))
	agenda := Agenda{Items: []domain.Date{}}
	for _, m := range own {
		agenda.Items = append(agenda.Items, m.State.Dates(by.At)...)
	}
	slices.SortStableFunc(agenda.Items, func(a, b domain.Date) int { return a.At.Compare(b.At) })
	return agenda, err
}
