package notify_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/notify"
)

// mailServer is a small real one: it speaks SMTP over TCP, with STARTTLS.
type mailServer struct {
	addr string
	tls  *tls.Config
	// noTLS makes it offer none; silent makes it never greet.
	noTLS, silent bool
	// answers replace what it says to a verb.
	answers map[string]string

	mu       sync.Mutex
	secured  bool
	login    string
	to, from string
	messages []string
}

func newMailServer(t *testing.T, change ...func(*mailServer)) (*mailServer, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	s := &mailServer{
		tls:     &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		answers: map[string]string{},
	}
	for _, c := range change {
		c(s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			stop := context.AfterFunc(t.Context(), func() { _ = conn.Close() })
			conns.Go(func() {
				defer stop()
				defer conn.Close()
				s.serve(conn)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); conns.Wait() })
	return s, pool
}

func (s *mailServer) serve(conn net.Conn) {
	if s.silent {
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	in := bufio.NewScanner(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 mail.test ESMTP")
	for in.Scan() {
		verb, rest, _ := strings.Cut(in.Text(), " ")
		if said, ok := s.answers[verb]; ok {
			say(said)
			continue
		}
		s.mu.Lock()
		switch verb {
		case "EHLO":
			if s.secured || s.noTLS {
				say("250-mail.test\r\n250 AUTH PLAIN")
			} else {
				say("250-mail.test\r\n250 STARTTLS")
			}
		case "STARTTLS":
			say("220 go")
			secure := tls.Server(conn, s.tls)
			if secure.Handshake() != nil {
				s.mu.Unlock()
				return
			}
			conn, in, s.secured = secure, bufio.NewScanner(secure), true
		case "AUTH":
			raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			s.login = string(raw)
			say("235 welcome")
		case "MAIL":
			s.from = rest
			say("250 ok")
		case "RCPT":
			s.to = rest
			say("250 ok")
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for in.Scan() && in.Text() != "." {
				b.WriteString(in.Text() + "\r\n")
			}
			s.messages = append(s.messages, b.String())
			say("250 taken")
		case "QUIT":
			say("221 bye")
			s.mu.Unlock()
			return
		default:
			say("502 what")
		}
		s.mu.Unlock()
	}
}

var letter = notify.Letter{To: "focal-point@agency.test", Subject: "هناك ما ينتظر ردكم", Body: "Código:\nK7QM\n"}

func (s *mailServer) sender(pool *x509.CertPool) *notify.SMTP {
	return &notify.SMTP{
		Addr: s.addr, From: mail.Address{Address: "notices@network.test"}, User: "notices", Password: "pass",
		TLS: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
	}
}

func TestMail(t *testing.T) {
	s, pool := newMailServer(t)
	for range 2 {
		if err := s.sender(pool).Send(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
		s.secured = false
	}
	if s.login != "\x00notices\x00pass" || !strings.Contains(s.to, "<focal-point@agency.test>") || !strings.Contains(s.from, "<notices@network.test>") {
		t.Errorf("login %q, from %q, to %q", s.login, s.from, s.to)
	}
	first, err := mail.ReadMessage(strings.NewReader(s.messages[0]))
	if err != nil {
		t.Fatal(err)
	}
	second, err := mail.ReadMessage(strings.NewReader(s.messages[1]))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(first.Body))
	if err != nil || string(body) != "Código:\r\nK7QM\r\n" {
		t.Errorf("body %q %v", body, err)
	}
	if id := first.Header.Get("Message-ID"); id == "" || id != second.Header.Get("Message-ID") {
		t.Error("copies of a letter cannot be told")
	}
	if h := first.Header.Get("Subject"); !strings.HasPrefix(h, "=?utf-8?q?") {
		t.Errorf("subject %q", h)
	}
}

// A letter without TLS would be read on its way.
func TestMailIsNotSentInTheOpen(t *testing.T) {
	s, _ := newMailServer(t)
	sender := s.sender(x509.NewCertPool())
	if err := sender.Send(t.Context(), letter); err == nil || len(s.messages) > 0 {
		t.Error("sent to a server that nobody vouches for")
	}
	// A server elsewhere that offers no TLS is not this machine's.
	plain, _ := newMailServer(t, func(s *mailServer) { s.noTLS = true })
	_, port, _ := net.SplitHostPort(plain.addr)
	sender = plain.sender(nil)
	sender.User, sender.Addr = "", "127.0.0.1:"+port
	if err := sender.Send(t.Context(), letter); err != nil {
		t.Errorf("this machine's own: %v", err)
	}
	if addr := outside(t); addr != "" {
		sender.Addr = net.JoinHostPort(addr, port)
		if err := sender.Send(t.Context(), letter); err == nil {
			t.Error("sent without TLS to another machine")
		}
	}
}

// outside is an address of this machine that is not loopback, if it has one.
func outside(t *testing.T) string {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			return ip.IP.String()
		}
	}
	return ""
}

// What a server says may quote the address; no error does.
func TestMailThatIsNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		answers map[string]string
		want    error
	}{
		"no such mailbox": {map[string]string{"RCPT": "550 5.1.1 <focal-point@agency.test> unknown"}, notify.ErrRefused},
		"mailbox busy":    {map[string]string{"RCPT": "450 4.2.1 <focal-point@agency.test> busy"}, nil},
		"wrong password":  {map[string]string{"AUTH": "535 no focal-point@agency.test"}, nil},
		"wrong sender":    {map[string]string{"MAIL": "553 not focal-point@agency.test"}, nil},
		"shutting down":   {map[string]string{"EHLO": "421 focal-point@agency.test", "HELO": "421 focal-point@agency.test"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, pool := newMailServer(t, func(s *mailServer) { s.answers = c.answers })
			err := s.sender(pool).Send(t.Context(), letter)
			if err == nil || errors.Is(err, notify.ErrRefused) != (c.want != nil) {
				t.Errorf("%v", err)
			}
			for ; err != nil; err = errors.Unwrap(err) {
				if strings.Contains(err.Error(), "focal-point") || strings.Contains(err.Error(), "agency.test") {
					t.Errorf("the error says %v", err)
				}
			}
		})
	}
	if err := (&notify.SMTP{Addr: "127.0.0.1:1"}).Send(t.Context(), notify.Letter{To: "a@b.test\r\nBcc: c@d.test"}); !errors.Is(err, notify.ErrRefused) {
		t.Errorf("an address with a line break: %v", err)
	}
}

func TestMailTakesABoundedTime(t *testing.T) {
	s, pool := newMailServer(t, func(s *mailServer) { s.silent = true })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.sender(pool).Send(ctx, letter); err == nil || errors.Is(err, notify.ErrRefused) {
		t.Errorf("%v", err)
	}
}
