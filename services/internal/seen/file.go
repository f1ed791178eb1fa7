package seen

import (
	"context"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/vault"
)

// Filed is work that has files. It lets nobody have one that it does not show them.
type Filed interface {
	// File gives a file that who has the work may see now.
	File(id string) (vault.File, bool)
}

// Download gives the file of a name to who has the work, or covers, after the look
// is recorded. Errors: record.ErrNotFound where the work shows no such file.
func Download[S interface {
	Work[S]
	Filed
}](d Desk[S]) func(ctx context.Context, id string, by fact.By, file string) (string, vault.File, error) {
	return func(ctx context.Context, id string, by fact.By, name string) (string, vault.File, error) {
		res, err := d.Look(ctx, id, by, File)
		if err != nil {
			return "", vault.File{}, err
		}
		file, there := res.State.File(name)
		if !there {
			return "", vault.File{}, record.ErrNotFound
		}
		return res.State.Case(), file, nil
	}
}
