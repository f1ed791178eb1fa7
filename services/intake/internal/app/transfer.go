package app

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
)

// Asking looks up what asking another office hangs on.
func (a App) Asking(ctx context.Context, id string, by fact.By, cmd domain.AskTransfer) domain.Asking {
	k := domain.Asking{Known: Named[domain.AskTransfer](a)(ctx, id, by, cmd), Rules: a.Rules}
	k.Leads, k.Err = a.leads(ctx, by.Agency, id)
	return k
}

// leads says whether a case of an agency points to another case.
func (a App) leads(ctx context.Context, agency, id string) (look.Fresh[bool], error) {
	led, err := a.Cases.FreshIn(ctx, domain.ByLeading.Of(agency, id))
	return look.As(led, func(ids []string) bool { return len(ids) > 0 }), err
}

// Transfers is a page of transfers.
type Transfers struct {
	Items []domain.TransferView `json:"items"`
}

// ListTransfers shows an office the cases that it is asked to take over and took over, or
// those that it asked another office about.
func (a App) ListTransfers(ctx context.Context, by fact.By, query url.Values, cursor string, limit int) (Transfers, string, error) {
	found, next, err := a.Cases.Page(ctx, domain.TransfersOf(by, query), cursor, limit)
	page := Transfers{Items: make([]domain.TransferView, 0, len(found))}
	for _, c := range found {
		if v, ok := c.State.TransferFor(by, query); ok {
			page.Items = append(page.Items, v)
		}
	}
	return page, next, err
}

// AcceptTransfer gives a case to the office that was asked. Errors: record.ErrNotFound to
// any other one, and when its answer is awaited no more.
func (a App) AcceptTransfer(ctx context.Context, by fact.By, id string) (domain.TransferView, error) {
	return a.answer(ctx, by, id, func(c domain.Case) domain.Taking {
		k := domain.Taking{Rules: a.Rules, Agency: a.named(ctx, []domain.Named{{Agency: by.Agency}})}
		// Nothing can point to it from then on: while the transfer is open, no case is merged into it.
		k.Leads, k.Err = a.leads(ctx, c.Agency, c.ID)
		return k
	}, func(c domain.Case, by fact.By, k domain.Taking) ([]fact.Event, error) {
		return c.AcceptTransfer(by, id, k)
	})
}

// DeclineTransfer leaves it where it is. Errors: as AcceptTransfer.
func (a App) DeclineTransfer(ctx context.Context, by fact.By, id string, cmd domain.DeclineTransfer) (domain.TransferView, error) {
	return a.answer(ctx, by, id, func(domain.Case) domain.Taking { return domain.Taking{} },
		func(c domain.Case, by fact.By, _ domain.Taking) ([]fact.Event, error) {
			return c.DeclineTransfer(by, id, cmd)
		})
}

// answer takes the answer of an office to a transfer. The office does not know the case.
func (a App) answer(
	ctx context.Context, by fact.By, id string, look func(domain.Case) domain.Taking,
	decide func(domain.Case, fact.By, domain.Taking) ([]fact.Event, error),
) (domain.TransferView, error) {
	ids, err := a.Cases.FreshIn(ctx, domain.ByTransferID.Of(id))
	switch {
	case err != nil:
		return domain.TransferView{}, err
	case len(ids.Value()) == 0 && !a.Cases.Complete():
		return domain.TransferView{}, record.ErrQuarantined
	case len(ids.Value()) == 0:
		return domain.TransferView{}, record.ErrNotFound
	}
	c, err := a.Cases.Fresh(ctx, ids.Value()[0])
	if err != nil {
		return domain.TransferView{}, err
	}
	if _, asked := c.Value().Asked(by, id); !asked {
		return domain.TransferView{}, record.ErrNotFound
	}
	k := look(c.Value())
	done, err := a.Cases.Execute(ctx, ids.Value()[0], func(c domain.Case, by fact.By) ([]fact.Event, error) {
		if _, asked := c.Asked(by, id); !asked {
			return nil, record.ErrNotFound
		}
		return decide(c, by, k)
	})
	if err != nil {
		return domain.TransferView{}, err
	}
	if done.At.After(by.At) {
		by.At = done.At // the commit came after the request
	}
	t, asked := done.State.Asked(by, id)
	if !asked {
		return domain.TransferView{}, record.ErrNotFound
	}
	return done.State.ShowTransfer(t, by.At), nil
}
