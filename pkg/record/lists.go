package record

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/pkg/image"
)

// reads bounds how often a page of a part of several lists reads on for records
// that are in all of them. A page may be short, and has the cursor of the next.
const reads = 20

// Page reads one page of a part of a list; see image.Table.Page. It is for answers.
func (r *Records[S]) Page(ctx context.Context, part image.Part[S], cursor string, limit int) (page []Result[S], next string, err error) {
	next = cursor
	for n := 0; n == 0 || n < reads && len(page) < limit && next != ""; n++ {
		var ids []string
		if ids, next, err = r.table.Page(part, next, limit-len(page)); err != nil {
			return nil, "", err
		}
		for _, id := range ids {
			res, err := r.Get(ctx, id)
			if errors.Is(err, ErrQuarantined) {
				continue // the others are served; operators have a list of these
			}
			if err != nil {
				return nil, "", err
			}
			if part.Keeps(res.State) {
				page = append(page, res)
			}
		}
	}
	return page, next, nil
}

// Find names all records of a part of a list, as far as the image has come. It is
// for answers, and for what is derived from the image.
func (r *Records[S]) Find(part image.Part[S]) []string { return r.table.Find(part) }

// Span names the records of a piece of a part; see image.Table.Span. It is for
// answers.
func (r *Records[S]) Span(part image.Part[S], from string, offset, limit int) (ids []string, total int) {
	return r.table.Span(part, from, offset, limit)
}

// Count tells how many places are in a part; see image.Table.Count. It is for
// answers.
func (r *Records[S]) Count(part image.Part[S]) int { return r.table.Count(part) }

// Lists says whether these records keep the list of a part.
func (r *Records[S]) Lists(part image.Part[S]) bool { return r.table.Lists(part) }
