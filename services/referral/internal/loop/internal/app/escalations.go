package app

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Escalated is a page of what waits for the network's coordinator.
type Escalated struct {
	Items []domain.EscalatedView `json:"items"`
}

// Escalated gives a page of the referrals of a coordinator's country and programme that
// nobody answered, up to the last step of their ladder. What was answered meanwhile is
// left out.
func (a App) Escalated(ctx context.Context, by fact.By, cursor string, limit int) (Escalated, string, error) {
	part, err := domain.Escalations(by)
	if err != nil {
		return Escalated{}, "", err
	}
	found, next, err := a.Referrals.Page(ctx, part, cursor, limit)
	page := Escalated{Items: make([]domain.EscalatedView, 0, len(found))}
	for _, r := range found {
		if !r.State.AtNetwork().IsZero() {
			page.Items = append(page.Items, r.State.EscalatedView())
		}
	}
	return page, next, err
}

// CountEscalated is how many there are in all countries, without a walk.
func (a App) CountEscalated() float64 {
	return float64(a.Referrals.Count(domain.AllEscalations))
}
