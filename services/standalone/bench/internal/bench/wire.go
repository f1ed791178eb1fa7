package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// wire carries the requests of a benchmark's clients. It shares the processor
// with what is measured, so it does no more than it must: a request is one
// write, of its answer's head the status and the length are read, and the
// connection is kept for the next one.
type wire struct {
	addr string
	// head is what all requests say of themselves.
	head string
	idle chan *link
}

type link struct {
	net.Conn
	r       *bufio.Reader
	request []byte
}

// newWire sends what the person at a desk would.
func newWire(d office.Desk) *wire {
	addr := strings.TrimPrefix(d.Base, "http://")
	return &wire{
		addr: addr, idle: make(chan *link, 1024),
		head: "Host: " + addr + "\r\nAuthorization: Bearer " + d.Token + "\r\nContent-Type: application/json\r\n",
	}
}

// post sends a command under a fresh Idempotency-Key and gives the answer to
// it. The context bounds connecting only: patience bounds a run.
func (w *wire) post(ctx context.Context, path string, command any) ([]byte, error) {
	return w.send(ctx, path, "", command)
}

// change is post for whoever does not want to see again what they change.
func (w *wire) change(ctx context.Context, path string, command any) error {
	_, err := w.send(ctx, path, "Prefer: return=minimal\r\n", command)
	return err
}

func (w *wire) send(ctx context.Context, path, prefer string, command any) ([]byte, error) {
	body, err := json.Marshal(command)
	if err != nil {
		return nil, err
	}
	l, err := w.link(ctx)
	if err != nil {
		return nil, err
	}
	l.request = fmt.Appendf(l.request[:0], "POST %s HTTP/1.1\r\n%s%sIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s",
		path, w.head, prefer, uuid.NewString(), len(body), body)
	var answer []byte
	if _, err = l.Write(l.request); err == nil {
		answer, err = l.answer()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("POST %s: %w", path, err), l.Close())
	}
	select {
	case w.idle <- l:
		return answer, nil
	default:
		return answer, l.Close()
	}
}

var errAnswer = errors.New("an answer that is not understood here")

// answer reads an answer, which has to be a success.
func (l *link) answer() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	status, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !ok || len(status) < 3 {
		return nil, errAnswer
	}
	success, empty := status[0] == '2', bytes.HasPrefix(status, []byte("204"))
	var body []byte
	chunked := true
	for len(line) > len("\r\n") {
		if line, err = l.r.ReadSlice('\n'); err != nil {
			return nil, err
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(name, []byte("Content-Length")) {
			length, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 20)
			if err != nil {
				return nil, errAnswer
			}
			body, chunked = make([]byte, length), false
		}
	}
	switch {
	case empty:
	case chunked:
		if body, err = io.ReadAll(httputil.NewChunkedReader(l.r)); err == nil {
			_, err = l.r.Discard(len("\r\n"))
		}
	default:
		_, err = io.ReadFull(l.r, body)
	}
	if err == nil && !success {
		err = fmt.Errorf("refused: %s", body)
	}
	return body, err
}

func (w *wire) link(ctx context.Context) (*link, error) {
	select {
	case l := <-w.idle:
		return l, nil
	default:
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", w.addr)
	if err != nil {
		return nil, err
	}
	return &link{Conn: c, r: bufio.NewReader(c)}, nil
}
