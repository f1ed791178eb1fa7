package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"
)

// SMTP sends e-mail through a mail server. It uses TLS, from the start on port 465
// and by STARTTLS on other ports, and sends nothing without. Only a server on this
// machine may do without TLS.
type SMTP struct {
	// Addr is host and port of the server.
	Addr string
	// From is the sender that people see. It must be as neutral as the text.
	From mail.Address
	// User and Password are the login; without them there is none.
	User, Password string
	// TLS is nil for the roots of the system.
	TLS *tls.Config
	// Clock dates the messages; nil is the wall clock.
	Clock func() time.Time
}

// smtpError holds the step at which a mail server failed, and its code. It does not
// hold the server's text, which may quote the address.
type smtpError struct {
	step string
	code int
}

func (e *smtpError) Error() string { return fmt.Sprintf("smtp: %s: %d", e.step, e.code) }

func failed(step string, err error) error {
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return &smtpError{step, said.Code}
	}
	return &smtpError{step, 0}
}

// refusal is failed where a 5xx is about this letter alone.
func refusal(step string, err error) error {
	if said, ok := errors.AsType[*textproto.Error](err); ok && said.Code >= 500 {
		return ErrRefused
	}
	return failed(step, err)
}

// Send hands a letter to the server.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	to, err := mail.ParseAddress(l.To)
	if err != nil {
		return ErrRefused
	}
	message, err := s.message(to.Address, l)
	if err != nil {
		return err
	}
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if s.User != "" {
		host, _, _ := net.SplitHostPort(s.Addr)
		if err := c.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
			return failed("log in", err)
		}
	}
	if err := c.Mail(s.From.Address); err != nil {
		return failed("sender", err)
	}
	if err := c.Rcpt(to.Address); err != nil {
		return refusal("recipient", err)
	}
	w, err := c.Data()
	if err != nil {
		return failed("message", err)
	}
	if _, err := w.Write(message); err != nil {
		return failed("message", err)
	}
	if err := w.Close(); err != nil {
		return refusal("message", err)
	}
	_ = c.Quit() // it has the message
	return nil
}

// connect reaches the server within the time that ctx has, for everything that
// follows, too.
func (s *SMTP) connect(ctx context.Context) (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, failed("connect", err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	config.ServerName = host
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, failed("connect", err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if port == "465" {
		conn = tls.Client(conn, config)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		_ = conn.Close()
		return nil, failed("greet", err)
	}
	if port == "465" {
		return c, nil
	}
	switch offered, _ := c.Extension("STARTTLS"); {
	case offered:
		err = c.StartTLS(config)
	case !loopback(host):
		err = errors.New("no TLS")
	}
	if err != nil {
		_ = c.Close()
		return nil, failed("secure", err)
	}
	return c, nil
}

func (s *SMTP) message(to string, l Letter) ([]byte, error) {
	now := time.Now
	if s.Clock != nil {
		now = s.Clock
	}
	return eml(s.From, to, l, now())
}

// eml writes a letter in the form of RFC 5322. The same letter has the same
// Message-ID, so that copies can be told.
func eml(from mail.Address, to string, l Letter, at time.Time) ([]byte, error) {
	_, domain, _ := strings.Cut(from.Address, "@")
	id := sha256.Sum256([]byte(to + "\x00" + l.Body))
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", from.String()},
		{"To", (&mail.Address{Address: to}).String()},
		{"Subject", mime.QEncoding.Encode("utf-8", l.Subject)},
		{"Date", at.UTC().Format(time.RFC1123Z)},
		{"Message-ID", "<" + hex.EncodeToString(id[:16]) + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(strings.ReplaceAll(l.Body, "\n", "\r\n"))); err != nil {
		return nil, err
	}
	return b.Bytes(), w.Close()
}

// loopback says whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
