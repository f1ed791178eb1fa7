package embedded_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// engine starts an engine of the test's own on a directory.
func engine(t *testing.T, dir string) (*mongo.Client, func()) {
	t.Helper()
	server, err := embedded.Mongo(dir)
	if err != nil {
		t.Fatal(err)
	}
	client, err := server.Connect()
	if err != nil {
		t.Fatal(err)
	}
	return client, func() {
		if err := client.Disconnect(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
}

func insert(t *testing.T, client *mongo.Client, id string) error {
	t.Helper()
	_, err := client.Database("office").Collection("journal").InsertOne(t.Context(), bson.D{{Key: "_id", Value: id}})
	return err
}

func TestMongoKeepsItsData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a directory with spaces, 50% and why?")
	for start := range 3 {
		client, stop := engine(t, dir)
		n, err := client.Database("office").Collection("journal").CountDocuments(t.Context(), bson.D{})
		if err != nil || n != int64(start) {
			t.Errorf("start %d: %d documents, %v", start, n, err)
		}
		if err := insert(t, client, fmt.Sprint(start)); err != nil {
			t.Error(err)
		}
		stop()
	}
}
