// Package pairing says to which network a database, a bus or a directory belongs:
// each carries the one id of the network, which is random. Two that carry different
// ids must not work together, because the records of one network would be published
// on the other.
//
// What carries none is from before there were ids, or new: it may be given one.
// What carries one keeps it. The package refuses to choose between two.
package pairing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// ID names a network; empty names none.
type ID string

// New makes the id of a new network.
func New() ID { return ID(rand.Text()) }

// What is refused.
var (
	// ErrOther says that two things belong to different networks.
	ErrOther = errors.New("belong to different networks")
	// ErrBroken says that what should be an id is none.
	ErrBroken = errors.New("the id of the network cannot be read")
)

var form = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// Parse reads an id; an empty text is none.
func Parse(text string) (ID, error) {
	if text != "" && !form.MatchString(text) {
		return "", ErrBroken
	}
	return ID(text), nil
}

// Part is one thing that belongs to a network, or to none yet.
type Part struct {
	Name string
	ID   ID
}

// Agree gives the id of all that have one, empty when none has. It names the first
// two that differ.
func Agree(parts ...Part) (ID, error) {
	var first Part
	for _, p := range parts {
		switch {
		case first.ID == "":
			first = p
		case p.ID != "" && p.ID != first.ID:
			return "", fmt.Errorf("%s and %s %w: %s and %s", first.Name, p.Name, ErrOther, first.ID, p.ID)
		}
	}
	return first.ID, nil
}

// A service's database carries the id in a document of its own, which is inserted
// once and never changed.
const (
	collection = "network"
	key        = "network"
)

type document struct {
	Key string `bson:"_id"`
	ID  string `bson:"id"`
}

func of(db *mongo.Database) *mongo.Collection {
	return db.Collection(collection, options.Collection().
		SetReadConcern(readconcern.Majority()).SetWriteConcern(writeconcern.Majority()))
}

// Of reads to which network a service's database belongs.
func Of(ctx context.Context, db *mongo.Database) (ID, error) {
	var d document
	err := of(db).FindOne(ctx, bson.D{{Key: "_id", Value: key}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read to which network the database belongs: %w", err)
	}
	if d.ID == "" {
		return "", ErrBroken
	}
	return Parse(d.ID)
}

// Join has a service's database belong to a network from now on. It fails with
// ErrOther when it belongs to another one.
func Join(ctx context.Context, db *mongo.Database, id ID) error {
	if _, err := Parse(string(id)); err != nil || id == "" {
		return ErrBroken
	}
	_, err := of(db).InsertOne(ctx, document{key, string(id)})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return fmt.Errorf("write to which network the database belongs: %w", err)
	}
	there, err := Of(ctx, db)
	if err != nil {
		return err
	}
	_, err = Agree(Part{"the database", there}, Part{"what it was to join", id})
	return err
}
