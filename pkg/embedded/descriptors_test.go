//go:build unix

package embedded_test

import (
	"context"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// TestMongoWithoutDescriptors takes all descriptors of the process. The office
// goes on writing, and the listener takes connections again when there are some.
func TestMongoWithoutDescriptors(t *testing.T) {
	server, err := embedded.Mongo(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	uri, err := server.Listen(t.Context(), embedded.Listening{Addr: "127.0.0.1:0", User: "desk", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	client, err := server.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) }()
	if err := insert(t, client, "before"); err != nil {
		t.Fatal(err)
	}

	release := exhaust(t)
	// The connection is made by the kernel, and nobody can accept it. The test's
	// own end takes the last descriptor.
	for _, id := range []string{"1", "2", "3"} {
		if err := insert(t, client, id); err != nil {
			t.Error("without descriptors:", err)
		}
	}
	waiting := make(chan error, 1)
	go func() {
		parsed, err := url.Parse(uri)
		if err != nil {
			waiting <- err
			return
		}
		d := net.Dialer{Timeout: time.Second}
		conn, err := d.DialContext(t.Context(), "tcp", parsed.Host)
		if err == nil {
			err = conn.Close()
		}
		waiting <- err
	}()
	<-waiting // accepted or not: there was no descriptor for it
	release()

	db := connect(t, options.Client().ApplyURI(uri))
	if n, err := db.Collection("journal").CountDocuments(t.Context(), bson.D{}); err != nil || n != 4 {
		t.Error("with descriptors again:", n, err)
	}
}

// exhaust opens files until there are no descriptors left.
func exhaust(t *testing.T) (release func()) {
	t.Helper()
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	few := was
	few.Cur = min(was.Cur, 1024)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	var files []*os.File
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Fatal("none was left to take")
	}
	return func() {
		for _, f := range files {
			_ = f.Close()
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
			t.Error(err)
		}
	}
}
