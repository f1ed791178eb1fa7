package app

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
)

// Waits is something in an examination that waits for the caller.
type Waits struct {
	Examination string `json:"examination"`
	domain.Duty
	Late bool `json:"late"`
	// Outside says that nobody is on duty at the clinic then, as far as its rota is known.
	Outside bool `json:"outside_rota,omitempty"`
}

// Waiting is what waits for the caller, the earliest first, and then what has no clock.
type Waiting struct {
	Items []Waits `json:"items"`
}

// Duties are what waits in the examinations that the caller has, or has whom they cover for and name in
// the query. Errors: work.ErrNotTheWorker.
func (a App) Duties(ctx context.Context, by fact.By, _ string, query url.Values) (Waiting, error) {
	own, err := a.Own(ctx, by, query.Get("worker"))
	if err != nil {
		return Waiting{}, err
	}
	all, clinic := Waiting{Items: []Waits{}}, a.onDuty(by.Agency, by.At)
	for _, x := range own {
		for _, d := range x.State.Duties(chained(a.Chains)) {
			all.Items = append(all.Items, Waits{Examination: x.ID, Duty: d, Late: d.Late(by.At), Outside: !d.DueAt.IsZero() && clinic.outside(d.DueAt)})
		}
	}
	slices.SortStableFunc(all.Items, func(a, b Waits) int {
		if a.DueAt.IsZero() || b.DueAt.IsZero() {
			return b.DueAt.Compare(a.DueAt)
		}
		return a.DueAt.Compare(b.DueAt)
	})
	return all, nil
}

// chained says whether an exhibit has a chain of custody.
func chained(chains *record.Records[custody.Custody]) func(string) bool {
	return func(exhibit string) bool {
		c, ok := chains.Held(custody.ID(exhibit))
		return ok && !c.State.OpenedAt.IsZero()
	}
}

// Picture gives the file of a photograph to who has the examination, or covers, after the look is
// recorded. Errors: domain.ErrClosedByHold; record.ErrNotFound where the examination shows no such file.
func (a App) Picture(ctx context.Context, id string, by fact.By, name string) (string, vault.File, error) {
	res, err := a.Look(ctx, id, by, seen.File)
	if err != nil {
		return "", vault.File{}, err
	}
	file, there := res.State.Picture(name, by.At)
	if !there {
		return "", vault.File{}, record.ErrNotFound
	}
	return res.State.Case(), file, nil
}

// Holds reports whether a legal hold stands in a case: on an examination, or on an exhibit.
func (a App) Holds(ctx context.Context, of string, now time.Time) (bool, error) {
	if !a.Works.Complete() || !a.Chains.Complete() {
		return false, record.ErrQuarantined
	}
	for _, id := range a.Works.Find(domain.ByHold.Of(of)) {
		x, err := a.Works.Get(ctx, id)
		if err != nil || x.State.Held(now) {
			return true, err
		}
	}
	for _, id := range a.Chains.Find(custody.ByHold.Of(of)) {
		c, err := a.Chains.Get(ctx, id)
		if err != nil || c.State.Held(now) {
			return true, err
		}
	}
	return false, nil
}
