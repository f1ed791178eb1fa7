//go:build unix

package embedded_test

import (
	"context"
	"encoding/binary"
	"net/url"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"

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

	parsed, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	caller := newSocket(t) // its own descriptor, while there are some
	release := exhaust(t)
	for _, id := range []string{"1", "2", "3"} {
		if err := insert(t, client, id); err != nil {
			t.Error("without descriptors:", err)
		}
	}
	// The kernel makes the connection; nobody can accept it.
	caller.connect(t, parsed.Port())
	if caller.answered(t, 300*time.Millisecond) {
		t.Error("accepted without a descriptor: they were not gone")
	}
	release()
	if !caller.answered(t, time.Minute) {
		t.Error("nobody is accepted any more, with descriptors again")
	}

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

// socket is a connection that needs no descriptor when it is made.
type socket struct{ fd int }

func newSocket(t *testing.T) *socket {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	return &socket{fd: fd}
}

// connect connects, and greets at once.
func (s *socket) connect(t *testing.T, port string) {
	t.Helper()
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Connect(s.fd, &syscall.SockaddrInet4{Port: n, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	body, err := bson.Marshal(bson.D{{Key: "hello", Value: 1}, {Key: "$db", Value: "admin"}})
	if err != nil {
		t.Fatal(err)
	}
	_, m := wiremessage.AppendHeaderStart(nil, 1, 0, wiremessage.OpMsg)
	m = wiremessage.AppendMsgSectionType(wiremessage.AppendMsgFlags(m, 0), wiremessage.SingleDocument)
	m = append(m, body...)
	binary.LittleEndian.PutUint32(m, uint32(len(m)))
	if n, err := syscall.Write(s.fd, m); err != nil || n != len(m) {
		t.Fatal(n, err)
	}
}

// answered waits so long for an answer.
func (s *socket) answered(t *testing.T, patience time.Duration) bool {
	t.Helper()
	limit := syscall.NsecToTimeval(patience.Nanoseconds())
	if err := syscall.SetsockoptTimeval(s.fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &limit); err != nil {
		t.Fatal(err)
	}
	n, err := syscall.Read(s.fd, make([]byte, 16))
	return err == nil && n == 16
}
