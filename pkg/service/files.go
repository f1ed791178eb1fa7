package service

import (
	"context"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/vault"
)

// Upload serves the command that gives a file to a record. The rule is asked before the
// content is kept, so that nothing is kept for who may not; and again with the record's
// turn. What is refused only then goes with the keys of its case: to take it away could take
// it from the same request that came twice. The same request makes the same file.
func Upload[S record.State[S], L any](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	look func(ctx context.Context, id string, by fact.By) L, decide func(S, fact.By, vault.File, L) ([]fact.Event, error),
) {
	change[S](u, route, id, p, func(ctx context.Context, by fact.By, req edge.Request[edge.Upload]) (edge.Response, error) {
		name := fact.ID(vault.Prefix, cause(id, by, req.Key)+"/"+hex.EncodeToString(req.Digest))
		file := vault.Weigh(name, req.Body.Type, req.Body.Content)
		seen := look(ctx, req.ID, by)
		before, err := rs.See(ctx, req.ID, by)
		if err != nil {
			return edge.Response{}, err
		}
		_, refused := decide(before.State, by, file, seen)
		if refused == nil {
			if file, err = u.files.Keep(ctx, before.State.Case(), file, req.Body.Content); err != nil {
				return edge.Response{}, err
			}
		}
		res, err := rs.Change(ctx, req.ID, func(s S, by fact.By) ([]fact.Event, error) {
			if refused != nil {
				return nil, refused // nothing was kept
			}
			return decide(s, by, file, seen)
		})
		return outcome(u, res, err, by, actor(seen), req.Minimal)
	})
}

// Download serves the file of a record that the query names. Find gives the case and the file
// to whom the record lets look, and records the look.
func Download(u *Unit, route, id string, p access.Permission, find func(ctx context.Context, id string, by fact.By, file string) (owner string, found vault.File, err error)) {
	handle(u, route, id, p, reflect.TypeFor[edge.Download](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		owner, file, err := find(ctx, req.ID, by, req.Query.Get("file"))
		if err != nil {
			return edge.Response{}, err
		}
		content, err := u.files.Give(ctx, owner, file)
		if err != nil {
			u.logger.Error("a file that a record names cannot be given", slog.String("file", file.ID), slog.Any("error", err))
			return edge.Response{}, err
		}
		return edge.Response{Status: http.StatusOK, Body: edge.Download{Type: file.Type, Content: content}}, nil
	})
}

// Document serves a file that is made for the answer and kept nowhere.
func Document(u *Unit, route, id string, p access.Permission, write func(ctx context.Context, by fact.By, id string, q url.Values) (edge.Download, error)) {
	handle(u, route, id, p, reflect.TypeFor[edge.Download](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		file, err := write(ctx, by, req.ID, req.Query)
		return edge.Response{Status: http.StatusOK, Body: file}, err
	})
}

// forgetFiles takes away the files of erased cases.
func (u *Unit) forgetFiles(ctx context.Context) {
	if err := u.files.Forget(ctx, u.journal.Erased); err != nil {
		u.logger.Error("files of erased cases are still there, and cannot be read", slog.Any("error", err))
	}
}
