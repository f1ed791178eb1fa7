package app

import (
	"context"
	"errors"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
)

// Exported are incidents as rows of the Incident Recorder, and the same as text.
type Exported struct {
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	CSV     string     `json:"csv"`
}

// Export takes incidents out of the cases that the caller has, or covers. That rows of a case
// were taken out is recorded with the case first, with the reason and each time; where it
// cannot be, no row is given. A supervisor has no more here than anybody: who leads a desk
// sees no case, and an export must not be a way around that.
func (a App) Export(ctx context.Context, by fact.By, cmd domain.Export) (Exported, error) {
	out := Exported{Columns: domain.Columns(), Rows: [][]string{}}
	if err := cmd.Check(); err != nil {
		return out, err
	}
	ctx = record.With(ctx, record.Command{Op: "exportIncidents", By: by})
	staff, err := a.staff(ctx, by.Agency)
	if err != nil {
		return out, err
	}
	var all []domain.Row
	for _, owner := range domain.ActsFor(by, staff.Value()) {
		ids, err := a.Cases.FreshIn(ctx, domain.ByOwners.Of(by.Agency, owner))
		if err != nil {
			return out, err
		}
		for _, id := range ids.Value() {
			rows, err := a.rows(ctx, by, id, cmd)
			if err != nil {
				return out, err
			}
			all = append(all, rows...)
		}
	}
	domain.SortRows(all)
	for _, r := range all {
		out.Rows = append(out.Rows, r.Cells())
	}
	out.CSV, err = domain.CSV(all, a.Training)
	return out, err
}

// rows are those of one case. It is read once more after the look was recorded: what she took
// back meanwhile is not given out.
func (a App) rows(ctx context.Context, by fact.By, id string, cmd domain.Export) ([]domain.Row, error) {
	c, err := a.Cases.Fresh(ctx, id)
	if errors.Is(err, record.ErrQuarantined) {
		return nil, nil // of what cannot be read nothing is shown
	}
	if err != nil || len(c.Value().Rows(by, cmd, a.Rules)) == 0 {
		return nil, err
	}
	// Not the desk that also reads: who is on duty sees a case, and takes nothing out of it.
	seenIt, err := a.desk(domain.Owns).LookFor(ctx, id, by, seen.Export, cmd.Reason)
	if errors.Is(err, domain.ErrNotTheOwner) {
		return nil, nil
	}
	return seenIt.State.Rows(by, cmd, a.Rules), err
}
