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
	"maps"
	"math/big"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/patience"
)

// mailServer is a small real one: it speaks SMTP over TCP, with STARTTLS.
type mailServer struct {
	addr string
	tls  *tls.Config
	// noTLS makes it offer none; silent makes it never greet.
	noTLS, silent bool
	// tlsFirst makes it want TLS before its greeting.
	tlsFirst bool
	// answers replace what it says to a verb, and to the end of a message (".").
	answers map[string]string
	// mailboxes replace what it says to one recipient.
	mailboxes map[string]string
	// logins are the ways to log in that it offers.
	logins string

	left     atomic.Int32 // connections that have ended
	mu       sync.Mutex
	secured  bool
	name     string
	login    string
	quits    int
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
		answers: map[string]string{}, logins: "PLAIN",
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
				if s.tlsFirst {
					s.secured = true
					s.serve(tls.Server(conn, s.tls))
				} else {
					s.serve(conn)
				}
				s.left.Add(1)
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
			s.name = rest
			if s.secured || s.noTLS {
				say("250-mail.test\r\n250-SMTPUTF8\r\n250 AUTH " + s.logins)
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
			way, first, _ := strings.Cut(rest, " ")
			ask := func(question string) string {
				say("334 " + base64.StdEncoding.EncodeToString([]byte(question)))
				in.Scan()
				raw, _ := base64.StdEncoding.DecodeString(in.Text())
				return string(raw)
			}
			raw, _ := base64.StdEncoding.DecodeString(first)
			switch s.login = way + " " + string(raw); way {
			case "LOGIN":
				s.login += ask("Username:") + "/" + ask("Password:")
			case "CRAM-MD5":
				s.login += ask("<1@mail.test>")
			}
			say("235 welcome")
		case "MAIL":
			s.from = rest
			say("250 ok")
		case "RCPT":
			s.to = rest
			if said, ok := s.mailboxes[strings.Trim(strings.TrimPrefix(rest, "TO:"), "<>")]; ok {
				say(said)
				break
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for in.Scan() && in.Text() != "." {
				b.WriteString(in.Text() + "\r\n")
			}
			if said, ok := s.answers["."]; ok {
				say(said)
				break
			}
			s.messages = append(s.messages, b.String())
			say("250 taken")
		case "RSET":
			say("250 ok")
		case "QUIT":
			s.quits++
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
	if s.login != "PLAIN \x00notices\x00pass" || s.quits != 2 || strings.Contains(s.from, "SMTPUTF8") || !strings.Contains(s.to, "<focal-point@agency.test>") || !strings.Contains(s.from, "<notices@network.test>") {
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
	if h := first.Header.Get("Subject"); !strings.HasPrefix(strings.ToLower(h), "=?utf-8?q?") {
		t.Errorf("subject %q", h)
	}
	for _, named := range []string{"User-Agent", "X-Mailer"} {
		if h := first.Header.Get(named); h != "" {
			t.Errorf("%s: %s", named, h)
		}
	}
	again := letter
	again.Key = "another"
	if err := s.sender(pool).Send(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	third, err := mail.ReadMessage(strings.NewReader(s.messages[2]))
	if err != nil || third.Header.Get("Message-ID") == first.Header.Get("Message-ID") {
		t.Errorf("another letter with the same text is taken for a copy: %v", err)
	}
}

// Servers differ in how they let one log in. Where there is a choice the password is
// not shown to the server.
func TestMailLogsInAsTheServerWants(t *testing.T) {
	for offered, want := range map[string]string{
		"LOGIN": "LOGIN notices/pass", "PLAIN LOGIN": "PLAIN \x00notices\x00pass", "LOGIN CRAM-MD5 PLAIN": "CRAM-MD5 notices ",
	} {
		s, pool := newMailServer(t, func(s *mailServer) { s.logins = offered })
		if err := s.sender(pool).Send(t.Context(), letter); err != nil || !strings.HasPrefix(s.login, want) {
			t.Errorf("%s: logs in by %q: %v", offered, s.login, err)
		}
		if strings.Contains(want, "CRAM") && strings.Contains(s.login, "pass") {
			t.Errorf("%s: shows the password", offered)
		}
	}
}

func TestMailGreetsByTheNameThatIsConfigured(t *testing.T) {
	s, pool := newMailServer(t)
	sender := s.sender(pool)
	sender.Name = "mail-out.network.test"
	if err := sender.Send(t.Context(), letter); err != nil || s.name != sender.Name {
		t.Errorf("greets as %q: %v", s.name, err)
	}
	s, pool = newMailServer(t)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.sender(pool).Send(t.Context(), letter); err != nil || s.name != host {
		t.Errorf("greets as %q: %v", s.name, err)
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
	plain.name = ""
	// Another name of this machine, of which nobody can tell that it is one.
	sender.Addr = "0.0.0.0:" + port
	if err := sender.Send(t.Context(), letter); err == nil || len(plain.messages) != 1 {
		t.Errorf("sent without TLS to another machine: %v", err)
	}
	if plain.name == "" {
		t.Error("it was never reached")
	}
}

// One mailbox answers 451. The others get their mail, and nothing is away.
func TestAMailboxThatAnswersNotNowHoldsUpNobody(t *testing.T) {
	now := time.Now()
	s, pool := newMailServer(t, func(s *mailServer) { s.mailboxes = map[string]string{"full@agency.test": "451 4.2.2 full"} })
	n := notify.With("https://n.test", map[code.NoticeChannel]notify.Sender{code.Email: s.sender(pool)}, prometheus.NewRegistry(), func() time.Time { return now })
	tell := func(to string) error {
		s.secured = false
		told := notice
		told.To = to
		return n.Tell(t.Context(), told)
	}
	for range 3 {
		if err := tell("full@agency.test"); fault.Of(err).Kind != fault.RateLimited {
			t.Errorf("the full one: %v", err)
		}
		if err := tell("other@agency.test"); err != nil {
			t.Errorf("another: %v", err)
		}
	}
	s.mailboxes = nil
	now = now.Add(20 * time.Second)
	if err := tell("full@agency.test"); err != nil || len(s.messages) != 4 {
		t.Errorf("it is emptied, and of %d messages: %v", len(s.messages), err)
	}
}

// What a server says may quote the address; no error does.
func TestMailThatIsNotTaken(t *testing.T) {
	type outcome string
	const refused, delayed, away = outcome("refused for good"), outcome("refused for now"), outcome("the server is away")
	for name, c := range map[string]struct {
		answers map[string]string
		want    outcome
	}{
		"no such mailbox":     {map[string]string{"RCPT": "550 5.1.1 <focal-point@agency.test> unknown"}, refused},
		"mailbox busy":        {map[string]string{"RCPT": "450 4.2.1 <focal-point@agency.test> busy"}, delayed},
		"mailbox full":        {map[string]string{"RCPT": "452 4.2.2 <focal-point@agency.test> full"}, delayed},
		"not at the first":    {map[string]string{"RCPT": "451 4.7.1 focal-point@agency.test greylisted"}, delayed},
		"message not now":     {map[string]string{".": "451 4.7.1 focal-point@agency.test later"}, delayed},
		"message not at all":  {map[string]string{".": "554 5.6.0 focal-point@agency.test no"}, refused},
		"closes at recipient": {map[string]string{"RCPT": "421 focal-point@agency.test"}, away},
		"closes at message":   {map[string]string{".": "421 focal-point@agency.test"}, away},
		"wants a login":       {map[string]string{"RCPT": "530 focal-point@agency.test"}, away},
		"takes no data":       {map[string]string{"DATA": "451 focal-point@agency.test"}, away},
		"wrong password":      {map[string]string{"AUTH": "535 no focal-point@agency.test"}, away},
		"wrong sender":        {map[string]string{"MAIL": "553 not focal-point@agency.test"}, away},
		"sender not now":      {map[string]string{"MAIL": "451 not focal-point@agency.test"}, away},
		"shutting down":       {map[string]string{"EHLO": "421 focal-point@agency.test", "HELO": "421 focal-point@agency.test"}, away},
	} {
		t.Run(name, func(t *testing.T) {
			s, pool := newMailServer(t, func(s *mailServer) { maps.Copy(s.answers, c.answers) })
			err := s.sender(pool).Send(t.Context(), letter)
			got := away
			switch {
			case err == nil:
				got = "sent"
			case errors.Is(err, notify.ErrRefused):
				got = refused
			case errors.Is(err, notify.ErrDelayed):
				got = delayed
			}
			if got != c.want {
				t.Errorf("%s, want %s: %v", got, c.want, err)
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

func TestMailByTLSFromTheStart(t *testing.T) {
	s, pool := newMailServer(t, func(s *mailServer) { s.tlsFirst = true })
	sender := s.sender(pool)
	sender.TLSFirst = true
	if err := sender.Send(t.Context(), letter); err != nil || len(s.messages) != 1 || s.login != "PLAIN \x00notices\x00pass" {
		t.Errorf("%d messages, login %q: %v", len(s.messages), s.login, err)
	}
	sender.TLS = &tls.Config{RootCAs: x509.NewCertPool()}
	if err := sender.Send(t.Context(), letter); err == nil || len(s.messages) != 1 {
		t.Error("sent to a server that nobody vouches for")
	}
}

// A server that lets nobody in is asked again and again: each time it is left.
func TestMailLeavesNoConnectionBehind(t *testing.T) {
	for _, verb := range []string{"EHLO", "AUTH", "RCPT", "DATA"} {
		s, pool := newMailServer(t, func(s *mailServer) { s.answers[verb], s.answers["HELO"] = "454 not now", "454 not now" })
		if err := s.sender(pool).Send(t.Context(), letter); err == nil {
			t.Errorf("%s: sent", verb)
		}
		patience.Until(t, "the connection ends", func() bool { return s.left.Load() == 1 })
	}
}

// A word after the message does not make it unsent: it would be sent again.
func TestMailThatWasTakenIsSent(t *testing.T) {
	s, pool := newMailServer(t, func(s *mailServer) {
		s.answers["RSET"], s.answers["QUIT"], s.answers["NOOP"] = "421 bye", "500 what", "421 bye"
	})
	if err := s.sender(pool).Send(t.Context(), letter); err != nil || len(s.messages) != 1 {
		t.Errorf("%d messages, %v", len(s.messages), err)
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
