package journaltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sanad-network/sanad/pkg/journal"
)

// severer makes connections that break on an insert into a journal.
type severer struct {
	net.Dialer

	// how is what the next insert meets; while away is set none gets through.
	how  atomic.Int32
	away atomic.Bool
}

const (
	whole         int32 = iota
	beforeRequest       // the request does not reach the store
	beforeAnswer        // the store does what it was asked, and its answer is lost
)

func (s *severer) options() *options.ClientOptions { return options.Client().SetDialer(s) }

func (s *severer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := s.Dialer.DialContext(ctx, network, address)
	return &severed{Conn: conn, by: s}, err
}

type severed struct {
	net.Conn

	by       *severer
	answered atomic.Bool // the next answer is to be lost
}

var errSevered = errors.New("severed")

func (c *severed) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("insert\x00\x08\x00\x00\x00journal\x00")) {
		how := c.by.how.Swap(whole)
		if c.by.away.Load() {
			how = beforeRequest
		}
		switch how {
		case beforeRequest:
			return 0, errors.Join(errSevered, c.Close())
		case beforeAnswer:
			c.answered.Store(true)
		}
	}
	return c.Conn.Write(b)
}

func (c *severed) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err == nil && c.answered.Load() {
		return 0, errors.Join(io.ErrUnexpectedEOF, c.Close())
	}
	return n, err
}

func lostAnswerOfOurs(t *testing.T, open Open) {
	var s severer
	f := New(t, open(t, s.options()))
	first := chainOf(t, f, "ref_1", 1)[0]
	s.how.Store(beforeAnswer)
	c := Commit("ref_1", 2, first.Hash)
	if err := f.Append(t.Context(), c); err != nil {
		t.Error("the store has it, and append says:", err)
	}
	if s.how.Load() != whole {
		t.Error("nothing was severed")
	}
	if got := replay(t, f)["ref_1"]; len(got) != 2 || got[1].Hash != c.Hash {
		t.Error("not there, or there twice:", len(got))
	}
}

func lostAnswerOfAnother(t *testing.T, open Open) {
	var s severer
	f := New(t, open(t, s.options()))
	chainOf(t, f, "ref_1", 1)
	s.how.Store(beforeAnswer)
	other := Commit("ref_1", 1, [sha256.Size]byte{})
	other.Op = "declineReferral"
	if err := f.Append(t.Context(), other); !errors.Is(err, journal.ErrConflict) {
		t.Error("the version is another's, and append says:", err)
	}
}

func lostRequest(t *testing.T, open Open) {
	var s severer
	f := New(t, open(t, s.options()))
	first := chainOf(t, f, "ref_1", 1)[0]
	s.how.Store(beforeRequest)
	c := Commit("ref_1", 2, first.Hash)
	if err := f.Append(t.Context(), c); err != nil {
		t.Error("one request is lost, and append says:", err)
	}
	if s.how.Load() != whole {
		t.Error("nothing was severed")
	}
	if got := replay(t, f)["ref_1"]; len(got) != 2 {
		t.Error("not there, or there twice:", len(got))
	}
}

func storeAway(t *testing.T, open Open) {
	var s severer
	f := New(t, open(t, s.options()))
	first := chainOf(t, f, "ref_1", 1)[0]
	s.away.Store(true)
	c := Commit("ref_1", 2, first.Hash)
	if err := f.Append(t.Context(), c); !errors.Is(err, journal.ErrUnavailable) {
		t.Error("it was never sent to the store, and append says:", err)
	}
	s.away.Store(false)
	if err := f.Append(t.Context(), c); err != nil {
		t.Error("the second attempt:", err)
	}
}
