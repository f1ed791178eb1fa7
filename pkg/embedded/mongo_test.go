package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

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
	dir := filepath.Join(t.TempDir(), "a directory with spaces, 50% + why?")
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

// A driver is told what is missing, in MongoDB's own words.
func TestMongoRefuses(t *testing.T) {
	client, stop := engine(t, t.TempDir())
	defer stop()
	db := client.Database("office")
	if err := insert(t, client, "canary"); err != nil {
		t.Fatal(err)
	}
	d := func(pairs ...any) bson.D {
		d := bson.D{}
		for i := 0; i < len(pairs); i += 2 {
			d = append(d, bson.E{Key: pairs[i].(string), Value: pairs[i+1]})
		}
		return d
	}
	find := func(filter bson.D) bson.D { return d("find", "journal", "filter", filter) }
	for name, test := range map[string]struct {
		command bson.D
		want    string
	}{
		"an update":                {d("update", "journal", "updates", bson.A{}), "CommandNotFound"},
		"an unknown argument":      {d("find", "journal", "hint", "_id_"), "NotImplemented"},
		"a projection":             {d("find", "journal", "projection", d("n", 1)), "NotImplemented"},
		"another order":            {d("find", "journal", "sort", d("at", 1)), "NotImplemented"},
		"another field":            {find(d("canary", "canary")), "NotImplemented"},
		"two fields":               {find(d("_id", "a", "n", 1)), "NotImplemented"},
		"another operator":         {find(d("_id", d("$regex", "canary"))), "NotImplemented"},
		"an _id of another kind":   {find(d("_id", true)), "TypeMismatch"},
		"a filter that is none":    {d("find", "journal", "filter", 7), "TypeMismatch"},
		"a negative limit":         {d("find", "journal", "limit", -1), "TypeMismatch"},
		"no name":                  {d("find", 7), "TypeMismatch"},
		"a wrong name":             {d("find", "a$b"), "InvalidNamespace"},
		"a system's collection":    {d("find", "system.users"), "InvalidNamespace"},
		"an unknown cursor":        {d("getMore", int64(7), "collection", "journal"), "CursorNotFound"},
		"an index":                 {d("createIndexes", "journal", "indexes", bson.A{}), "CommandNotFound"},
		"a transaction":            {d("insert", "journal", "documents", bson.A{d("_id", 1)}, "startTransaction", true), "IllegalOperation"},
		"a snapshot":               {d("find", "journal", "readConcern", d("level", "snapshot")), "NotImplemented"},
		"documents that are none":  {d("insert", "journal", "documents", bson.A{7}), "TypeMismatch"},
		"no documents":             {d("insert", "journal"), "FailedToParse"},
		"another aggregation":      {d("aggregate", "journal", "pipeline", bson.A{d("$out", "other")}, "cursor", d()), "NotImplemented"},
		"a list without a count":   {d("aggregate", "journal", "pipeline", bson.A{d("$match", d())}, "cursor", d()), "NotImplemented"},
		"a limit before a skip":    {d("aggregate", "journal", "pipeline", bson.A{d("$limit", 4), d("$skip", 1), d("$count", "n")}, "cursor", d()), "NotImplemented"},
		"two matches":              {d("aggregate", "journal", "pipeline", bson.A{d("$match", d()), d("$match", d()), d("$count", "n")}, "cursor", d()), "NotImplemented"},
		"a count and more":         {d("aggregate", "journal", "pipeline", bson.A{d("$count", "n"), d("$limit", 1)}, "cursor", d()), "NotImplemented"},
		"a match of nothing":       {d("aggregate", "journal", "pipeline", bson.A{d("$match", 7), d("$count", "n")}, "cursor", d()), "TypeMismatch"},
		"a collection twice":       {d("create", "journal"), "NamespaceExists"},
		"a collection with limits": {d("create", "capped", "capped", true), "NotImplemented"},
		"dropping nothing":         {d("drop", "nothing"), "NamespaceNotFound"},
		"who one is":               {d("saslStart", 1, "mechanism", "PLAIN", "payload", []byte("x")), "MechanismUnavailable"},
	} {
		err := db.RunCommand(t.Context(), test.command).Err()
		told, ok := errors.AsType[mongo.CommandError](err)
		if !ok || told.Name != test.want || told.Code == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if ok && strings.Contains(told.Message, "canary") {
			t.Errorf("%s: the answer repeats the value: %s", name, told.Message)
		}
	}
	// One document of several.
	for name, test := range map[string]struct {
		command bson.D
		code    int
	}{
		"a document without an _id":  {d("insert", "journal", "documents", bson.A{d("n", 1)}), 2},
		"an _id of another kind":     {d("insert", "journal", "documents", bson.A{d("_id", 1.5)}), 14},
		"an _id that is taken":       {d("insert", "journal", "documents", bson.A{d("_id", "canary")}), 11000},
		"a deletion of all":          {d("delete", "journal", "deletes", bson.A{d("q", d(), "limit", 0)}), 238},
		"a deletion of a range":      {d("delete", "journal", "deletes", bson.A{d("q", d("_id", d("$gt", "a")), "limit", 0)}), 238},
		"a deletion of one of two":   {d("delete", "journal", "deletes", bson.A{d("limit", 1, "q", d("_id", d("$in", bson.A{"canary", "b"})))}), 238},
		"a deletion of what?":        {d("delete", "journal", "deletes", bson.A{d("limit", 0)}), 9},
		"a deletion by another sort": {d("delete", "journal", "deletes", bson.A{d("q", d("_id", 1), "limit", 0, "collation", d())}), 238},
	} {
		err := db.RunCommand(t.Context(), test.command).Err()
		told, ok := errors.AsType[mongo.WriteException](err)
		if !ok || len(told.WriteErrors) != 1 || told.WriteErrors[0].Code != test.code || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := db.Collection("journal").CountDocuments(t.Context(), bson.D{}); err != nil || n != 1 {
		t.Error("something of it was done:", n, err)
	}
}

// A document is as large as MongoDB lets it be, and no larger.
func TestMongoLargestDocument(t *testing.T) {
	client, stop := engine(t, t.TempDir())
	defer stop()
	c := client.Database("office").Collection("journal")
	const largest = 16 << 20
	if _, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "a"}, {Key: "box", Value: make([]byte, largest-1000)}}); err != nil {
		t.Error(err)
	}
	_, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "b"}, {Key: "box", Value: make([]byte, largest)}})
	if err == nil {
		t.Error("more than a document may be")
	}
	if got := ids(t, c, bson.D{}); len(got) != 1 {
		t.Error(got)
	}
}

// listening starts an engine that listens.
func listening(t *testing.T, l embedded.Listening) (uri string) {
	t.Helper()
	server, err := embedded.Mongo(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	l.Addr = "127.0.0.1:0"
	if uri, err = server.Listen(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return uri
}

func connect(t *testing.T, opts *options.ClientOptions) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Disconnect(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return client.Database("office")
}

// A client that dials the listener must log in, or sees nothing.
func TestMongoAsksWho(t *testing.T) {
	const password = "pass word/%:@"
	uri := listening(t, embedded.Listening{User: "desk", Password: password})
	credential := options.Credential{AuthMechanism: "SCRAM-SHA-256", Username: "desk", Password: password}
	for name, test := range map[string]struct {
		change func(*options.Credential)
		ok     bool
	}{
		"as it is":           {func(*options.Credential) {}, true},
		"another password":   {func(c *options.Credential) { c.Password = "pass word" }, false},
		"another user":       {func(c *options.Credential) { c.Username = "root" }, false},
		"an older mechanism": {func(c *options.Credential) { c.AuthMechanism = "SCRAM-SHA-1" }, false},
		"none chosen":        {func(c *options.Credential) { c.AuthMechanism = "" }, true},
	} {
		c := credential
		test.change(&c)
		db := connect(t, options.Client().ApplyURI(uri).SetAuth(c))
		_, err := db.Collection("journal").InsertOne(t.Context(), byID(name))
		if test.ok != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Without a word of who it is, a client may greet and nothing else.
	host := strings.SplitAfter(uri, "@")[1]
	stranger := connect(t, options.Client().ApplyURI("mongodb://"+host[:strings.Index(host, "/")]+"/?directConnection=true"))
	for _, command := range []string{"find", "insert", "listDatabases", "buildInfo", "dropDatabase", "nothing"} {
		err := stranger.RunCommand(t.Context(), bson.D{{Key: command, Value: "journal"}}).Err()
		told, ok := errors.AsType[mongo.CommandError](err)
		if want := map[bool]int32{true: 59, false: 13}[command == "nothing"]; !ok || told.Code != want {
			t.Errorf("%s: %v", command, err)
		}
	}
}

func TestMongoListensToNobodyWithoutAPassword(t *testing.T) {
	server, err := embedded.Mongo(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, l := range []embedded.Listening{{Addr: "127.0.0.1:0"}, {Addr: "127.0.0.1:0", User: "desk"}, {Addr: "127.0.0.1:0", Password: "x"}} {
		if _, err := server.Listen(t.Context(), l); err == nil {
			t.Errorf("listens as %+v", l)
		}
	}
}

// A client that may only read changes nothing.
func TestMongoReadOnly(t *testing.T) {
	uri := listening(t, embedded.Listening{User: "operator", Password: "secret", ReadOnly: true})
	db := connect(t, options.Client().ApplyURI(uri))
	if _, err := db.Collection("journal").CountDocuments(t.Context(), bson.D{}); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"insert": func() error { _, err := db.Collection("journal").InsertOne(t.Context(), byID("a")); return err }(),
		"delete": func() error { _, err := db.Collection("journal").DeleteOne(t.Context(), byID("a")); return err }(),
		"drop":   db.Collection("journal").Drop(t.Context()), "drop all": db.Drop(t.Context()),
		"create": db.CreateCollection(t.Context(), "other"),
	} {
		if told, ok := errors.AsType[mongo.CommandError](err); !ok || told.Name != "Unauthorized" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMongoOutlivesNonsense sends what is no message, or half of one.
func TestMongoOutlivesNonsense(t *testing.T) {
	uri := listening(t, embedded.Listening{User: "desk", Password: "secret"})
	parsed, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	for name, said := range map[string][]byte{
		"nothing": nil, "half a head": {0, 1, 2}, "HTTP": []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
		"a length below the head": {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0},
		"a negative length":       {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0},
		"more than may be":        {0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0},
		"a message of nothing":    {16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0},
	} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", parsed.Host)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(said); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		err = conn.(*net.TCPConn).CloseWrite()
		answer, readErr := io.ReadAll(conn)
		if len(answer) > 0 {
			t.Errorf("%s is answered: %v, %v", name, err, readErr)
		}
		_ = conn.Close()
	}
	if err := connect(t, options.Client().ApplyURI(uri)).RunCommand(t.Context(), bson.D{{Key: "buildInfo", Value: 1}}).Err(); err != nil {
		t.Error("after all that:", err)
	}
}

func TestMongoOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	_, stop := engine(t, dir)
	if _, err := embedded.Mongo(dir); !errors.Is(err, embedded.ErrInUse) {
		t.Error("two engines on one directory:", err)
	}
	stop()
	_, stop = engine(t, dir)
	stop()
}

func TestMongoRefusesWhatIsNoDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Mongo(file); err == nil {
		t.Error("data in a file")
	}
}
