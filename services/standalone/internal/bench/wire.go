package bench

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
)

// wire carries the requests of a benchmark's clients. It shares the processor
// with what is measured, so it does no more than it must: a request is written,
// its answer read, and the connection kept for the next one.
type wire struct{ idle chan *link }

type link struct {
	net.Conn
	r *bufio.Reader
	w *bufio.Writer
}

func newWire() *http.Client {
	return &http.Client{Transport: wire{make(chan *link, 1024)}}
}

// RoundTrip sends a request whose context is not watched: patience bounds a run.
func (t wire) RoundTrip(req *http.Request) (*http.Response, error) {
	l, err := t.link(req)
	if err != nil {
		return nil, err
	}
	if err = req.Write(l.w); err == nil {
		err = l.w.Flush()
	}
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(l.r, req)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Close {
		return nil, errors.Join(err, l.Close())
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	select {
	case t.idle <- l:
	default:
		_ = l.Close()
	}
	return resp, nil
}

func (t wire) link(req *http.Request) (*link, error) {
	select {
	case l := <-t.idle:
		return l, nil
	default:
	}
	var d net.Dialer
	c, err := d.DialContext(req.Context(), "tcp", req.URL.Host)
	if err != nil {
		return nil, err
	}
	return &link{Conn: c, r: bufio.NewReader(c), w: bufio.NewWriter(c)}, nil
}
