package intake

import (
	"context"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/period/page"
)

// tables gives released tables to those who have no program that reads JSON.
type tables struct{ app.App }

// asCSV is a table as comma-separated values.
func (t tables) asCSV(ctx context.Context, by fact.By, id string, q url.Values) (edge.Download, error) {
	shown, err := t.FigureTable(ctx, by, id, q)
	if err != nil {
		return edge.Download{}, err
	}
	return edge.Download{Type: "text/csv; charset=utf-8", Content: shown.CSV()}, nil
}

// asPage is a table for a browser without a token: one that is for everybody.
func (t tables) asPage(ctx context.Context, req edge.Request[struct{}]) (edge.Page, error) {
	shown, err := t.FigureTable(ctx, fact.By{Principal: fact.Anonymous, At: t.Clock()}, req.ID, req.Query)
	if err != nil {
		return edge.Page{}, err
	}
	return page.Draw(shown, t.Titled(shown), t.Training), nil
}

// noTable is the page of every refusal.
func noTable(edge.Visit, *fault.Error) edge.Page { return page.Missing() }
