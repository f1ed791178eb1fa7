package app

import (
	"context"
	"strings"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/near"
)

// manyNames is how many agencies that are not known get names that are near: to compare
// a name with a whole network costs, and the first refusal is told alone.
const manyNames = 1

// Named looks up the agencies that a command names, and whether a caller acts for who has
// the case.
func Named[C interface{ Names() []domain.Named }](a App) func(context.Context, string, fact.By, C) domain.Known {
	return func(ctx context.Context, id string, by fact.By, cmd C) domain.Known {
		return domain.Known{Hands: a.Hands(ctx, id, by), Agencies: a.named(ctx, cmd.Names())}
	}
}

func (a App) named(ctx context.Context, names []domain.Named) agencies.Seen {
	seen := agencies.Seen{Known: map[string]look.Fresh[agencies.Agency]{}, Near: map[string][]string{}}
	for _, n := range names {
		if _, done := seen.Known[n.Agency]; done {
			continue
		}
		known, err := a.Agencies.Fresh(ctx, n.Agency)
		if err != nil {
			return agencies.Seen{Err: err}
		}
		seen.Known[n.Agency] = known
		if !known.Value().Exists() && len(seen.Near) < manyNames {
			seen.Near[n.Agency] = near.To(n.Agency, a.names())
		}
	}
	return seen
}

// names are all registered agencies, for an answer.
func (a App) names() (names []string) {
	for _, id := range a.Agencies.Find(agencies.All.Of("")) {
		names = append(names, strings.TrimPrefix(id, agencies.Prefix+"_"))
	}
	return names
}

// Agencies are some agencies, by their slugs.
type Agencies struct {
	Agencies []string `json:"agencies"`
}

// Askable tells who has a case which of some agencies may be asked for her. The question
// is the same in every case, so that to ask it tells nothing. Errors:
// domain.ErrNotTheOwner.
func (a App) Askable(ctx context.Context, by fact.By, id string, of Agencies) (Agencies, error) {
	hands := a.Hands(ctx, id, by)
	c, err := a.Cases.Fresh(ctx, id)
	if err != nil {
		return Agencies{}, err
	}
	if !c.Value().Visible(by) {
		return Agencies{}, record.ErrNotFound
	}
	if err := c.Value().Handled(hands); err != nil {
		return Agencies{}, err
	}
	return Agencies{Agencies: c.Value().Askable(of.Agencies)}, nil
}
