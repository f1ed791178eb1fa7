package journaltest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// wire is what one process has to the store. It counts what changes something, and
// can be cut for good: the process is as dead then as one that was killed.
type wire struct {
	net.Dialer

	away atomic.Bool
	gone chan struct{} // closed when it is cut for good

	mu     sync.Mutex
	writes []string // what changed something, by command and collection
	// cutAt is the write at which the wire is cut, 0 for none: before the store has it,
	// or when answerOnly before its answer is there. once lets what follows through.
	cutAt      int
	answerOnly bool
	once       bool
	finds      int // of statements
	pause      *pause
}

// pause stops a process at a message, as a stop signal does: from there on nothing of
// it gets to the store and no answer to it, until it is resumed.
type pause struct {
	command, collection string
	answered            bool // the message itself still gets there
	lost                bool // and its answer is lost
	begun, over         chan struct{}
}

// pauseAt arms a pause.
func (w *wire) pauseAt(command, collection string, answered, lost bool) *pause {
	p := &pause{command: command, collection: collection, answered: answered, lost: lost, begun: make(chan struct{}), over: make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pause = p
	return p
}

// pausing says how long a message has to wait, nil when it has not, and whether its
// answer is lost.
func (w *wire) pausing(command, collection string) (wait <-chan struct{}, lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pause
	if p == nil {
		return nil, false
	}
	select {
	case <-p.begun:
		return p.over, false
	default:
	}
	if p.command != command || p.collection != collection {
		return nil, false
	}
	close(p.begun)
	if p.answered {
		return nil, p.lost
	}
	return p.over, false
}

// fate is what becomes of a message.
type fate int

const (
	through fate = iota
	lost
	unanswered
)

// connect gives a client of its own to a database. It can be cleaned up also when the
// wire was cut.
func (w *wire) connect(t testing.TB, open Open, db *mongo.Database) *mongo.Database {
	t.Helper()
	quick := options.Client().SetDialer(w).SetServerSelectionTimeout(2 * time.Second).SetRetryWrites(false)
	own := open(t, quick)
	t.Cleanup(func() { w.away.Store(false) })
	w.gone = make(chan struct{})
	return own.Client().Database(db.Name())
}

// kill cuts the wire for good.
func (w *wire) kill() {
	if !w.away.Swap(true) {
		close(w.gone)
	}
}

// DialContext connects, unless the wire was cut.
func (w *wire) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if w.away.Load() {
		return nil, errSevered
	}
	conn, err := w.Dialer.DialContext(ctx, network, address)
	return &wired{Conn: conn, by: w}, err
}

// commandOf reads the command and the collection of a message (OP_MSG).
func commandOf(b []byte) (command, collection string) {
	const head = 16 + 4 + 1 + 4 + 1 // header, flags, kind of section, length, type of the first field
	if len(b) < head || binary.LittleEndian.Uint32(b[12:]) != 2013 || b[head-1] != 2 {
		return "", ""
	}
	name, rest, ok := bytes.Cut(b[head:], []byte{0})
	if !ok || len(rest) < 4 {
		return "", ""
	}
	value, _, _ := bytes.Cut(rest[4:], []byte{0})
	return string(name), string(value)
}

// sends says what becomes of a message.
func (w *wire) sends(b []byte) fate {
	command, collection := commandOf(b)
	wait, losing := w.pausing(command, collection)
	if wait != nil {
		<-wait
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if command == "find" && collection == "statements" {
		w.finds++
	}
	if w.away.Load() {
		return lost
	}
	if command != "insert" && command != "delete" {
		return through
	}
	w.writes = append(w.writes, command+" "+collection)
	if losing {
		return unanswered
	}
	if len(w.writes) != w.cutAt {
		return through
	}
	if !w.once {
		w.kill()
	}
	if w.answerOnly {
		return unanswered
	}
	return lost
}

// asked is how often statements were looked for.
func (w *wire) asked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.finds
}

func (w *wire) written() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.writes
}

type wired struct {
	net.Conn

	by   *wire
	dead atomic.Bool // its next answer is lost
}

func (c *wired) Write(b []byte) (int, error) {
	switch c.by.sends(b) {
	case lost:
		return 0, errors.Join(errSevered, c.Close())
	case unanswered:
		c.dead.Store(true)
	case through:
	}
	return c.Conn.Write(b)
}

func (c *wired) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if wait, _ := c.by.pausing("", ""); wait != nil {
		<-wait
	}
	if err == nil && (c.dead.Load() || c.by.away.Load()) {
		return 0, errors.Join(io.ErrUnexpectedEOF, c.Close())
	}
	return n, err
}
