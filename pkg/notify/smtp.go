package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// SMTP sends e-mail through a mail server. It uses TLS, from the start or by STARTTLS,
// and sends nothing without. Only a server on this machine may do without TLS.
type SMTP struct {
	// Addr is host and port of the server.
	Addr string
	// TLSFirst says that the server wants TLS before the first word, as on port 465
	// (RFC 8314).
	TLSFirst bool
	// Name is how the network greets the server (EHLO). Default: the host's name.
	// Servers write it into the head of a message: it must be as neutral as the
	// text.
	Name string
	// From is the sender that people see. It must be as neutral as the text.
	From netmail.Address
	// User and Password are the login; without them there is none.
	User, Password string
	// TLS is nil for the roots of the system.
	TLS *tls.Config
	// Clock dates the messages; nil is the wall clock.
	Clock func() time.Time
}

// logins are the ways to log in, the best first. A password goes to a server as it
// is only through TLS, or to this machine.
var logins = []mail.SMTPAuthType{
	mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthCramMD5, mail.SMTPAuthPlain, mail.SMTPAuthLogin,
}

// smtpError holds the step at which a mail server failed, and its code. It does not
// hold the server's text, which may quote the address.
type smtpError struct {
	step string
	code int
}

func (e *smtpError) Error() string { return fmt.Sprintf("smtp: %s: %d", e.step, e.code) }

// aboutTheServer are the replies to a recipient or a message that say something of
// the server, or of how it is used: it closes (421), or the login is missing or does
// not hold (503, 530, 535, 538). RFC 5321, RFC 4954.
var aboutTheServer = []int{0, 421, 503, 530, 535, 538}

// judge says what a failed sending means. A reply to the recipient or to the
// message is about this recipient, unless its code is about the server. RFC 5321
// section 4.2.1: 4yz is a refusal for now, 5yz one for good.
func judge(err error) error {
	failed, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return &smtpError{"greet, secure or log in", codeOf(err)}
	}
	said := failed.ErrorCode()
	switch {
	case failed.Reason != mail.ErrSMTPRcptTo && failed.Reason != mail.ErrSMTPDataClose, slices.Contains(aboutTheServer, said):
		return &smtpError{failed.Reason.String(), said}
	case said < 500:
		return ErrDelayed.Because(&smtpError{failed.Reason.String(), said})
	}
	return ErrRefused
}

func codeOf(err error) int {
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return said.Code
	}
	return 0
}

// Send hands a letter to the server.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	now := time.Now
	if s.Clock != nil {
		now = s.Clock
	}
	m, err := message(s.From, l, now())
	if err != nil {
		return err
	}
	var line wire
	defer line.close()
	c, err := s.client(ctx, &line)
	if err != nil {
		return &smtpError{"configure", 0} // the error may quote what is configured
	}
	session, err := c.DialToSMTPClientWithContext(ctx)
	switch {
	case err != nil && !line.up():
		return &smtpError{"connect", 0}
	case err != nil:
		return judge(err)
	}
	err = c.SendWithSMTPClient(session, m)
	if m.IsDelivered() {
		_ = session.Quit() // it has the message
		return nil
	}
	return judge(err)
}

// client is a client for one message.
func (s *SMTP) client(ctx context.Context, line *wire) (*mail.Client, error) {
	host, digits, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(digits)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	config.ServerName = host
	policy := mail.TLSMandatory
	switch {
	case s.TLSFirst:
		line.secure, policy = config, mail.NoTLS // it is there before the first word
	case loopback(host):
		policy = mail.TLSOpportunistic
	}
	options := []mail.Option{
		mail.WithPort(port), mail.WithTLSConfig(config), mail.WithTLSPolicy(policy), mail.WithDialContextFunc(line.dialer(ctx)),
		// Addresses and heads are ASCII: nothing needs a server that takes more.
		mail.WithoutSMTPUTF8(),
		// A message that was taken must not count as unsent because of a word after it.
		mail.WithoutNoop(), mail.WithoutRset(),
	}
	if deadline, ok := ctx.Deadline(); ok {
		options = append(options, mail.WithTimeout(max(time.Until(deadline), time.Millisecond)))
	}
	if s.Name != "" {
		options = append(options, mail.WithHELO(s.Name))
	}
	if s.User != "" {
		options = append(options, mail.WithUsername(s.User), mail.WithPassword(s.Password), mail.WithOpportunisticSMTPAuth(logins...))
	}
	return mail.NewClient(host, options...)
}

// wire is the connection of one sending. It ends with the sending and with its
// context: the library leaves one open whose greeting or login failed.
type wire struct {
	secure *tls.Config
	conn   net.Conn
	stop   func() bool
}

// dialer connects for a sending. The context of the dialing alone ends with it.
func (w *wire) dialer(sending context.Context) mail.DialContextFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		w.conn, w.stop = conn, context.AfterFunc(sending, func() { _ = conn.Close() })
		if w.secure == nil {
			return conn, nil
		}
		secured := tls.Client(conn, w.secure)
		return secured, secured.HandshakeContext(ctx)
	}
}

func (w *wire) up() bool { return w.conn != nil }

func (w *wire) close() {
	if w.conn != nil {
		w.stop()
		_ = w.conn.Close()
	}
}

// loopback says whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
