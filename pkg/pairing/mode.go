package pairing

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// ErrMode says that a database holds what is real and the service is in training, or the other
// way round. What is not real must never become real, also beside a bus that was made anew.
var ErrMode = errors.New("one of the database and the service is in training, and the other is live")

const (
	// modeKey names the document that says the mode of the database.
	modeKey = "mode"
	// unmarked is the mode of records from before there were modes.
	unmarked = "live"
)

// KeepMode has a service's database keep its mode from the first record on, or fails with
// ErrMode. Records without a mark are from before there were modes, so they are live. It is
// called while nobody else writes to the database, and before anything is recorded.
func KeepMode(ctx context.Context, db *mongo.Database, mode string, holdsRecords bool) error {
	var d struct {
		Mode string `bson:"mode"`
	}
	err := of(db).FindOne(ctx, bson.D{{Key: "_id", Value: modeKey}}).Decode(&d)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return fmt.Errorf("read the mode of the database: %w", err)
	}
	switch {
	case err == nil && d.Mode == mode:
		return nil
	case holdsRecords && cmp.Or(d.Mode, unmarked) != mode:
		return ErrMode
	}
	// The engine of an office inserts and deletes, and changes nothing. Between the two the
	// database has no mark and no record, as a new one.
	if _, err := of(db).DeleteOne(ctx, bson.D{{Key: "_id", Value: modeKey}}); err != nil {
		return fmt.Errorf("write the mode of the database: %w", err)
	}
	if _, err := of(db).InsertOne(ctx, bson.D{{Key: "_id", Value: modeKey}, {Key: "mode", Value: mode}}); err != nil {
		return fmt.Errorf("write the mode of the database: %w", err)
	}
	return nil
}
