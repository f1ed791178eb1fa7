package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/secret"
)

// CheckpointFile is where a service keeps its newest checkpoint in a folder outside
// the database.
func CheckpointFile(dir, service string) string { return filepath.Join(dir, service+".checkpoint") }

// keepWithin bounds how long a checkpoint may take to reach the bus.
const keepWithin = 5 * time.Second

// keepCheckpoint keeps a checkpoint outside the database: in a file, and on the
// bus. What cannot be kept now is kept with the next one.
func (u *Unit) keepCheckpoint(ctx context.Context, text []byte) {
	if dir := u.deps.CheckpointDir; dir != "" {
		if err := secret.Write(CheckpointFile(dir, u.name), text); err != nil {
			u.logger.Warn("a checkpoint cannot be kept in its file", slog.Any("error", err))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	if err := u.bus.KeepCheckpoint(ctx, text); err != nil {
		u.logger.Debug("a checkpoint cannot be kept on the bus", slog.Any("error", err))
	}
}

// knownCheckpoints reads what is kept outside the database. The bus may be away:
// then it is asked at the next start.
func (u *Unit) knownCheckpoints(ctx context.Context) (known [][]byte, err error) {
	if dir := u.deps.CheckpointDir; dir != "" {
		text, err := secret.Read(CheckpointFile(dir, u.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		known = append(known, text)
	}
	ctx, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	text, err := u.bus.Checkpoint(ctx)
	if err != nil {
		u.logger.Warn("the bus cannot be asked for the newest checkpoint", slog.Any("error", err))
		return known, nil
	}
	return append(known, text), nil
}

// hourly is how often records are shed, and what was appended is read back and
// verified.
const hourly = time.Hour

// recheck reads back what was appended, and reports what does not hold.
func (u *Unit) recheck(ctx context.Context) {
	commits, findings, err := u.journal.Recheck(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		u.logger.Error("the journal could not be verified", slog.Any("error", err))
	case err == nil:
		u.rechecked.SetToCurrentTime()
		u.logger.Info("what was appended was verified", slog.Int64("commits", commits), slog.Int64("findings", findings))
	}
}

// positions is where the service stands on the bus, for a checkpoint.
func (u *Unit) positions() json.RawMessage {
	text, _ := json.Marshal(u.bus.Positions()) // fails for no value of its type
	return text
}

// compare has the bus note what it holds behind the newest checkpoint, so that what
// the journal lacks of it is found. Without a checkpoint all is compared.
func (u *Unit) compare() error {
	var since bus.Positions
	if c := u.journal.Found(); c != nil && len(c.Positions) > 0 {
		if err := json.Unmarshal(c.Positions, &since); err != nil {
			return fmt.Errorf("read the newest checkpoint: %w", err)
		}
	}
	if u.deps.CompareAll {
		u.bus.Compare(bus.Positions{})
	} else {
		u.bus.Compare(since)
	}
	if u.journal.Behind() {
		u.bus.Rewind(since)
	}
	u.bus.OnAhead(u.setAside)
	u.bus.OnFork(func(id string, version uint64) {
		if !u.journal.Stands(id, version) {
			u.Book.Quarantine(id, version, record.ReasonFork)
		}
	})
	return nil
}

// ErrUnknown stops the start of a service whose database is older than what is
// known of it, while it is not known which records it lacks.
var ErrUnknown = errors.New("the database is older than its newest checkpoint, and the bus cannot be read to tell which records it lacks: " +
	"a version that was used would be used again; start with the bus")

// ahead sets the records aside of which the bus holds more than the journal. When
// commits are missing that a checkpoint covers, everything on the bus is read to
// find their records: until then it is not known on which records a decision would
// be wrong.
func (u *Unit) ahead(ctx context.Context) error {
	u.lost = u.bus.Ahead(u.Book.Held)
	if u.journal.Lacks() {
		u.bus.Compare(bus.Positions{})
		if err := u.bus.Begin(ctx); err != nil {
			return fmt.Errorf("look at the bus: %w", err)
		}
		u.lost = append(u.lost, u.bus.Ahead(u.Book.Held)...)
	}
	u.setAside(u.lost)
	if u.journal.Behind() && !u.bus.Compared() {
		return ErrUnknown
	}
	return nil
}

func (u *Unit) setAside(lost []event.ID) {
	if len(lost) == 0 {
		return
	}
	for _, id := range lost {
		u.Book.Quarantine(id.Record, id.Version, record.ReasonAhead)
	}
	u.logger.Error("the bus holds events that the journal lacks: the database was restored or cut, and their records are closed until somebody decides",
		slog.Int("events", len(lost)))
}
