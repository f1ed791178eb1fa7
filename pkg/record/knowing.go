package record

import (
	"context"

	"github.com/sanad-network/sanad/pkg/image"
)

// Knowing has each record of a kind know something of another record wherever it is read or
// decided, because the other one decides who may see it. Look reads that, fresh, each time;
// with gives the state that knows it. Nothing of it is kept: Evolve, lists, deadlines, Held and
// Watch see a state that lacks it. A record that does not exist knows nothing.
//
// Between several processes a look waits for the other record, while this one has its turn: the
// other kind must never look back. Call it before the book is opened.
func Knowing[S State[S], L any](r *Records[S], look func(context.Context, S) (L, error), with func(S, L) S) {
	r.knowing = func(ctx context.Context, s S) (func(S) S, error) {
		seen, err := look(ctx, s)
		return func(s S) S { return with(s, seen) }, err
	}
}

// knows gives what adds to a record what it knows of another, also after what is decided now.
func (r *Records[S]) knows(ctx context.Context, row image.Row[S]) (func(image.Row[S]) image.Row[S], error) {
	if r.knowing == nil || row.Version == 0 {
		return func(row image.Row[S]) image.Row[S] { return row }, nil
	}
	with, err := r.knowing(ctx, row.State)
	return func(row image.Row[S]) image.Row[S] {
		row.State = with(row.State)
		return row
	}, err
}

// read is a record with what it knows of another.
func (r *Records[S]) read(ctx context.Context, id string) (image.Row[S], error) {
	row, err := r.load(ctx, id)
	if err != nil {
		return row, err
	}
	with, err := r.knows(ctx, row)
	if err != nil {
		return image.Row[S]{}, err
	}
	return with(row), nil
}
