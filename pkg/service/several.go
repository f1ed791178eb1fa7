package service

import (
	"context"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/record"
)

// Ask serves a question that no record answers alone.
func Ask[A any](u *Unit, route, id string, p access.Permission, answer func(context.Context, fact.By, url.Values) (A, error)) {
	handle(u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		a, err := answer(ctx, by, req.Query)
		return edge.Response{Body: a}, err
	})
}

// Tell serves a command on several records. Each takes it once, however often
// the request is sent; what came of them is for the use case to put together.
func Tell[C, A any](u *Unit, route, id string, p access.Permission, do func(context.Context, fact.By, C) (A, error)) {
	handle(u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		a, err := do(ctx, by, req.Body)
		return edge.Response{Body: a}, err
	})
}

// Told is History for a record of which not everybody may know who else was
// there: tells says whether an actor may see what an agency did.
func Told[S record.State[S]](u *Unit, route, id string, p access.Permission, rs *record.Records[S], tells func(S, fact.By, string) bool) {
	handle(u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		res, err := rs.See(ctx, req.ID, by)
		if err != nil {
			return edge.Response{}, err
		}
		entries, err := u.Book.History(ctx, rs.Stream(req.ID))
		entries = slices.DeleteFunc(entries, func(e record.Entry) bool { return !tells(res.State, by, e.Agency) })
		return edge.Response{Body: struct {
			Items []record.Entry `json:"items"`
		}{entries}, Version: res.Version}, err
	})
}
