package service

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
)

// Decide is a rule of a domain that takes a command: a method of its state.
type Decide[S, C any] func(S, fact.By, C) ([]fact.Event, error)

// Create serves a command that makes a record. The record's identifier comes
// from the request's Idempotency-Key, so that the same request makes the same
// record.
func Create[S record.State[S], C any](u *Unit, route, id string, p access.Permission, rs *record.Records[S], decide Decide[S, C]) {
	CreateOn(u, route, id, p, rs, func(context.Context, string, fact.By) struct{} { return struct{}{} },
		func(s S, by fact.By, cmd C, _ struct{}) ([]fact.Event, error) { return decide(s, by, cmd) })
}

// CreateOn is Create for a command that hangs on other records; see ChangeOn.
func CreateOn[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	look func(ctx context.Context, id string, by fact.By) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
) {
	_, path, _ := strings.Cut(route, " ")
	returns[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		name := fact.ID(rs.Prefix(), cause(id, by, req.Key))
		seen := look(ctx, name, by)
		res, err := rs.Create(ctx, name, func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		// Who makes a record has it.
		answer, err := outcome(u, res, err, by, command.Hands, req.Minimal)
		answer.Status, answer.Location = http.StatusCreated, path+"/"+name
		return answer, err
	})
}

// Put serves a command that makes a record of a known name, or changes it.
func Put[S record.State[S], C any](u *Unit, route, id string, p access.Permission, rs *record.Records[S], name func(C) string, decide Decide[S, C]) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		res, err := rs.Put(ctx, name(req.Body), bind(decide, req.Body))
		return outcome(u, res, err, by, command.Anybody, req.Minimal)
	})
}

// PutOn is Put for a command that hangs on other records; see ChangeOn.
func PutOn[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S], name func(C) string,
	look func(ctx context.Context, id string, by fact.By) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		seen := look(ctx, name(req.Body), by)
		res, err := rs.Put(ctx, name(req.Body), func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// PutNaming is PutOn for a command that itself names the other records.
func PutNaming[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S], name func(C) string,
	look func(ctx context.Context, id string, by fact.By, cmd C) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		seen := look(ctx, name(req.Body), by, req.Body)
		res, err := rs.Put(ctx, name(req.Body), func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// Change serves a command on a record that the caller's agency may see.
func Change[S record.State[S], C any](u *Unit, route, id string, p access.Permission, rs *record.Records[S], decide Decide[S, C]) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		res, err := rs.Change(ctx, req.ID, bind(decide, req.Body))
		return outcome(u, res, err, by, command.Anybody, req.Minimal)
	})
}

// ChangeOn is Change for a command that hangs on other records: they are looked up
// before the record's turn, for the record that is named and whoever commands it.
func ChangeOn[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	look func(ctx context.Context, id string, by fact.By) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		seen := look(ctx, req.ID, by)
		res, err := rs.Change(ctx, req.ID, func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// ChangeThen is ChangeOn for a command from which something follows for other records. It
// follows before the answer, and again when the request comes again: so what failed once
// is made good by the sender.
func ChangeThen[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	look func(ctx context.Context, id string, by fact.By) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
	then func(ctx context.Context, id string) error,
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		seen := look(ctx, req.ID, by)
		res, err := rs.Change(ctx, req.ID, func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		if err == nil {
			err = then(ctx, req.ID)
		}
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// ChangeNaming is ChangeOn for a command that itself names the other records.
func ChangeNaming[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	look func(ctx context.Context, id string, by fact.By, cmd C) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		seen := look(ctx, req.ID, by, req.Body)
		res, err := rs.Change(ctx, req.ID, func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// ChangeNamingThen is ChangeNaming for a command from which something follows for other
// records; see ChangeThen.
func ChangeNamingThen[S record.State[S], C, L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	look func(ctx context.Context, id string, by fact.By, cmd C) L, decide func(S, fact.By, C, L) ([]fact.Event, error),
	then func(ctx context.Context, id string) error,
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		seen := look(ctx, req.ID, by, req.Body)
		res, err := rs.Change(ctx, req.ID, func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, req.Body, seen) })
		if err == nil {
			err = then(ctx, req.ID)
		}
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// Get serves a record as the caller's agency may see it.
func Get[S record.State[S]](u *Unit, route, id string, p access.Permission, rs *record.Records[S]) {
	handle(u, route, id, p, viewed[S](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		res, err := rs.See(ctx, req.ID, by)
		if err != nil {
			return edge.Response{}, err
		}
		return view(u, res, by, command.Anybody), nil
	})
	offering[S](u, id)
}

// Page is the answer of a list.
type Page struct {
	Items []any `json:"items"`
}

// Lister chooses the part of a list that answers a query. It refuses a query that
// none answers.
type Lister[S any] func(by fact.By, q url.Values) (image.Part[S], error)

// List serves a page of a list, without what the caller's agency may not see.
func List[S record.State[S]](u *Unit, route, id string, p access.Permission, rs *record.Records[S], choose Lister[S]) {
	if part, err := choose(fact.By{}, url.Values{}); err == nil && !rs.Lists(part) {
		u.Refuse(fmt.Errorf("%s reads a list that its records do not keep", id))
	}
	handle(u, route, id, p, paged(viewed[S]()), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		part, err := choose(by, req.Query)
		if err != nil {
			return edge.Response{}, err
		}
		found, next, err := rs.Page(ctx, part, req.Cursor, req.Limit)
		if err != nil {
			return edge.Response{}, err
		}
		page := Page{Items: make([]any, 0, len(found))}
		for _, res := range found {
			if res.State.Visible(by) {
				page.Items = append(page.Items, res.State.View(by))
			}
		}
		return edge.Response{Body: page, Next: next}, nil
	})
}

// History serves what happened to a record, from its journal, to a caller who may
// see the record.
func History[S record.State[S]](u *Unit, route, id string, p access.Permission, rs *record.Records[S]) {
	Told(u, route, id, p, rs, func(S, fact.By, string, string) bool { return true })
}

// Serve serves an operation that is neither one command on one record nor a
// reading of one; where its answer is a page of a list, next is the cursor of the
// following one. Where it is access.Public, by is anonymous and what the operation
// changes it changes as somebody whom it names (record.With).
func Serve[B, A any](u *Unit, route, id string, p access.Permission, serve func(context.Context, fact.By, edge.Request[B]) (answer A, next string, err error)) {
	handle(u, route, id, p, reflect.TypeFor[A](), func(ctx context.Context, by fact.By, req edge.Request[B]) (edge.Response, error) {
		answer, next, err := serve(ctx, by, req)
		return edge.Response{Body: answer, Next: next}, err
	})
}

// HTML serves pages to people without a token, and takes their forms; see Serve.
func HTML[B any](u *Unit, route, id string, serve func(context.Context, edge.Request[B]) (edge.Page, error), refused func(edge.Visit, *fault.Error) edge.Page) {
	remember[B](u, id, reflect.TypeFor[edge.Page]())
	edge.HandlePage(u.router, route, id, serve, refused)
}

// nothing is the body of a request that has none.
type nothing struct{}

func handle[B any](u *Unit, route, id string, p access.Permission, answer reflect.Type, serve func(context.Context, fact.By, edge.Request[B]) (edge.Response, error)) {
	remember[B](u, id, answer)
	u.needs[id] = p
	edge.Handle(u.router, route, chain.Operation{ID: id, Permission: p}, as(u, id, serve))
}

// change is handle for a command on a record, which is in the table of its kind.
func change[S record.State[S], B any](u *Unit, route, id string, p access.Permission, serve func(context.Context, fact.By, edge.Request[B]) (edge.Response, error)) {
	offers[S](u, id)
	returns[S](u, route, id, p, serve)
}

// returns is handle for what answers with the record that it changed.
func returns[S record.State[S], B any](u *Unit, route, id string, p access.Permission, serve func(context.Context, fact.By, edge.Request[B]) (edge.Response, error)) {
	remember[B](u, id, viewed[S]())
	offering[S](u, id)
	u.needs[id] = p
	edge.HandleChange(u.router, route, chain.Operation{ID: id, Permission: p}, as(u, id, serve))
}

// as serves a request in the name of its sender.
func as[B any](u *Unit, id string, serve func(context.Context, fact.By, edge.Request[B]) (edge.Response, error)) func(context.Context, edge.Request[B]) (edge.Response, error) {
	return func(ctx context.Context, req edge.Request[B]) (edge.Response, error) {
		principal, err := identity.From(ctx)
		if err != nil {
			return edge.Response{}, err
		}
		by := fact.By{
			Principal: principal.Subject, Agency: principal.Agency, Roles: principal.Roles,
			Country: principal.Country, Programme: principal.Programme, At: u.clock(),
		}
		if by.System() {
			// A caller from outside must never act as the network.
			return edge.Response{}, identity.ErrUnauthenticated
		}
		if u.admit != nil && !principal.Anonymous() {
			if err := u.admit(ctx, by); err != nil {
				return edge.Response{}, err
			}
		}
		// With a key or without: what is done in this context is done by them.
		cmd := record.Command{Op: id, By: by, Expect: req.IfMatch}
		if req.Key != "" {
			cmd.Cause, cmd.Digest, cmd.Earlier = cause(id, by, req.Key), req.Digest, req.Earlier
		}
		return serve(record.With(ctx, cmd), by, req)
	}
}

// cause names a request: a key is the agency's own, and counts for one
// operation.
func cause(op string, by fact.By, key string) string { return op + "/" + by.Agency + "/" + key }

func bind[S, C any](decide Decide[S, C], cmd C) record.Decide[S] {
	return func(s S, by fact.By) ([]fact.Event, error) { return decide(s, by, cmd) }
}

// outcome is the record after a command: as the command left it, or, when the
// request comes again, as it is now; or its version alone, for a caller who does
// not want to see it.
func outcome[S record.State[S]](u *Unit, res record.Result[S], err error, by fact.By, as command.Actor, minimal bool) (edge.Response, error) {
	if err != nil {
		return edge.Response{}, err
	}
	if minimal {
		return edge.Response{Version: res.Version}, nil
	}
	if res.At.After(by.At) {
		by.At = res.At // the commit came after the request
	}
	return view(u, res, by, as), nil
}

func view[S record.State[S]](u *Unit, res record.Result[S], by fact.By, as command.Actor) edge.Response {
	answer := edge.Response{Body: res.State.View(by), Version: res.Version}
	if table := takes[S](); table != nil {
		answer.Commands = u.permitted(by, table.Now(res.State, by, as))
	}
	return answer
}
