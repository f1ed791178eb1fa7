package embedded_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// engine starts an engine of the test's own on a directory.
func engine(t *testing.T, dir string) (*mongo.Client, func()) {
	t.Helper()
	server, err := embedded.Mongo(t.Context(), dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(server.URI()))
	if err != nil {
		t.Fatal(err)
	}
	return client, func() {
		if err := client.Disconnect(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		server.Close()
	}
}

func insert(t *testing.T, client *mongo.Client, id string) error {
	t.Helper()
	_, err := client.Database("office").Collection("journal").InsertOne(t.Context(), bson.D{{Key: "_id", Value: id}})
	return err
}

// inFile opens the engine's file from beside it.
func inFile(t *testing.T, dir string, do func(*sql.DB)) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "office.sqlite")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	do(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// indexes are the definitions of a collection's indexes.
func indexes(t *testing.T, dir, collection string) []string {
	t.Helper()
	var all []string
	inFile(t, dir, func(db *sql.DB) {
		rows, err := db.QueryContext(t.Context(), `SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE ? || '%'`, collection+"_")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	})
	return all
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("in vain waited for:", what)
		}
	}
}

func TestMongoKeepsItsData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a directory with spaces")
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

func TestMongoIndexesWhatIsQueried(t *testing.T) {
	dir := t.TempDir()
	client, stop := engine(t, dir)
	defer stop()
	for _, name := range []string{"journal", "later"} {
		coll := client.Database("office").Collection(name)
		if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "ref_1/1"}}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the index of "+name, func() bool {
			all := indexes(t, dir, name)
			return len(all) == 1 && strings.HasPrefix(all[0], "CREATE UNIQUE INDEX") && strings.HasSuffix(all[0], `(_ferretdb_sjson->'$._id')`)
		})
		if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "ref_1/1"}}); !mongo.IsDuplicateKeyError(err) {
			t.Error("an _id twice:", err)
		}
		if err := coll.FindOne(t.Context(), bson.D{{Key: "_id", Value: "ref_1/1"}}).Err(); err != nil {
			t.Error(err)
		}
	}
	inFile(t, dir, func(db *sql.DB) {
		var table, plan string
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT table_name FROM _ferretdb_collections WHERE name = 'journal'`).Scan(&table); err != nil {
			t.Fatal(err)
		}
		query := fmt.Sprintf(`EXPLAIN QUERY PLAN SELECT _ferretdb_sjson FROM %q WHERE _ferretdb_sjson->'$._id' = ?`, table)
		if err := db.QueryRowContext(t.Context(), query, `"ref_1/1"`).Scan(&n, &n, &n, &plan); err != nil || !strings.Contains(plan, "USING INDEX") {
			t.Error(plan, err)
		}
	})
}

// TestMongoStartsAfterACrash leaves each half of what the engine does to make a
// database and a collection.
func TestMongoStartsAfterACrash(t *testing.T) {
	const metadata = `CREATE TABLE "_ferretdb_collections" (name TEXT NOT NULL UNIQUE CHECK(name != ''), ` +
		`table_name TEXT NOT NULL UNIQUE CHECK(table_name != ''), settings TEXT NOT NULL CHECK(settings != '')) STRICT`
	const table = `CREATE TABLE "journal_0a44b8e8" (_ferretdb_sjson TEXT NOT NULL CHECK(_ferretdb_sjson != '')) STRICT`
	var same string
	{
		dir := t.TempDir()
		client, stop := engine(t, dir)
		if err := insert(t, client, "1"); err != nil {
			t.Fatal(err)
		}
		stop()
		inFile(t, dir, func(db *sql.DB) {
			if err := db.QueryRowContext(t.Context(), `SELECT table_name FROM _ferretdb_collections`).Scan(&same); err != nil {
				t.Fatal(err)
			}
		})
	}
	for after, statements := range map[string][]string{
		"the file":        {`VACUUM`},
		"the first table": {metadata},
		"the table":       {metadata, table},
		"the line":        {metadata, table, `INSERT INTO _ferretdb_collections VALUES ('journal', 'journal_0a44b8e8', '{}')`},
	} {
		t.Run("after "+after, func(t *testing.T) {
			dir := t.TempDir()
			inFile(t, dir, func(db *sql.DB) {
				for _, s := range statements {
					if _, err := db.ExecContext(t.Context(), strings.ReplaceAll(s, "journal_0a44b8e8", same)); err != nil {
						t.Fatal(err)
					}
				}
			})
			client, stop := engine(t, dir)
			defer stop()
			if err := insert(t, client, "1"); err != nil {
				t.Error(err)
			}
			if err := insert(t, client, "1"); !mongo.IsDuplicateKeyError(err) {
				t.Error("an _id twice:", err)
			}
		})
	}
}

func TestMongoRefusesATakenAddress(t *testing.T) {
	server, err := embedded.Mongo(t.Context(), t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	addr := strings.Trim(strings.TrimPrefix(server.URI(), "mongodb://"), "/")
	if other, err := embedded.Mongo(t.Context(), t.TempDir(), addr); err == nil {
		other.Close()
		t.Error("two engines on one address")
	}
}

func TestMongoRefusesWhatIsNoDirectoryForIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(t.TempDir(), "50%"), filepath.Join(t.TempDir(), "why?")} {
		if server, err := embedded.Mongo(t.Context(), dir, "127.0.0.1:0"); err == nil {
			server.Close()
			t.Errorf("data in %s", filepath.Base(dir))
		}
	}
}
