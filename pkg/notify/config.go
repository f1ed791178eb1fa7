package notify

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/secret"
)

// Config says how notices are sent. The zero value sends none. Validate checks
// all of it.
type Config struct {
	// PublicURL is where people without an account reach the pages that notices
	// name: an https address without a path; http is allowed on this machine. The
	// name of the host must be as neutral as the texts. Default: none; with Dir the
	// address of the API. Required when SMTPAddr or SMSURL is set.
	PublicURL string `env:"SANAD_PUBLIC_URL"`
	// Dir is a folder that gets every notice, and nobody is written to. It excludes
	// SMTPAddr and SMSURL. Default: none.
	Dir string `env:"SANAD_NOTICES_DIR"`
	// SMTPAddr is a mail server: host:port. Port 465 is TLS from the start, others
	// STARTTLS. Default: no e-mail. SMTPFrom is the
	// address of the sender, required with it. SMTPUser and the content of
	// SMTPPasswordFile, one line, are the login: both or neither. Default: no login.
	SMTPAddr         string `env:"SANAD_SMTP_ADDR"`
	SMTPFrom         string `env:"SANAD_SMTP_FROM"`
	SMTPUser         string `env:"SANAD_SMTP_USER"`
	SMTPPasswordFile string `env:"SANAD_SMTP_PASSWORD_FILE"`
	// SMTPName is how the network greets the mail server (EHLO): a host name. Many
	// servers want one that DNS knows. Default: the host's name. It stands in the
	// head of every message, so it must be as neutral as the texts.
	SMTPName string `env:"SANAD_SMTP_NAME"`
	// SMSURL is an HTTP gateway: an https address; http is allowed on this machine.
	// Default: no SMS. SMSTokenFile is the path of its bearer token, one line.
	// Default: no token.
	SMSURL       string `env:"SANAD_SMS_URL"`
	SMSTokenFile string `env:"SANAD_SMS_TOKEN_FILE"`
}

// hostName is a name as RFC 5321 wants it after EHLO.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$`)

// Validate tells everything that is wrong, all at once, by the names of the
// environment. Each channel is configured as a whole or not at all.
func (c Config) Validate() error {
	var problems []error
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if c.SMTPAddr == "" && (c.SMTPFrom != "" || c.SMTPUser != "" || c.SMTPPasswordFile != "" || c.SMTPName != "") {
		wrong("SANAD_SMTP_ADDR must be set when another SANAD_SMTP_ setting is")
	}
	if c.SMTPAddr != "" {
		if _, _, err := net.SplitHostPort(c.SMTPAddr); err != nil {
			wrong("SANAD_SMTP_ADDR must be host:port")
		}
		if _, err := mail.ParseAddress(c.SMTPFrom); err != nil {
			wrong("SANAD_SMTP_FROM must be an e-mail address")
		}
	}
	if c.SMTPName != "" && !hostName.MatchString(c.SMTPName) {
		wrong("SANAD_SMTP_NAME must be a host name")
	}
	if (c.SMTPUser == "") != (c.SMTPPasswordFile == "") {
		wrong("SANAD_SMTP_USER and SANAD_SMTP_PASSWORD_FILE must be set both or neither")
	}
	if c.SMSURL == "" && c.SMSTokenFile != "" {
		wrong("SANAD_SMS_URL must be set when SANAD_SMS_TOKEN_FILE is")
	}
	if c.SMSURL != "" && !secure(c.SMSURL) {
		wrong("SANAD_SMS_URL must be an https address")
	}
	sends := c.SMTPAddr != "" || c.SMSURL != ""
	if c.Dir != "" && sends {
		wrong("SANAD_NOTICES_DIR is instead of SANAD_SMTP_ADDR and SANAD_SMS_URL, not beside them")
	}
	if u, err := url.Parse(c.PublicURL); (c.PublicURL != "" || sends) &&
		(err != nil || !secure(c.PublicURL) || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil) {
		wrong("SANAD_PUBLIC_URL must be an https address without a path")
	}
	return errors.Join(problems...)
}

// secure says whether what goes there is encrypted, or stays on this machine.
func secure(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
}

func (c Config) senders() (map[code.NoticeChannel]Sender, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	senders := map[code.NoticeChannel]Sender{}
	if c.Dir != "" {
		for _, ch := range code.NoticeChannels {
			senders[ch] = File{Dir: c.Dir, Channel: ch}
		}
		return senders, nil
	}
	if c.SMTPAddr != "" {
		from, err := mail.ParseAddress(c.SMTPFrom)
		if err != nil {
			return nil, err
		}
		password, err := lineOf(c.SMTPPasswordFile)
		if err != nil {
			return nil, fmt.Errorf("SANAD_SMTP_PASSWORD_FILE: %w", err)
		}
		_, port, _ := net.SplitHostPort(c.SMTPAddr)
		senders[code.Email] = &SMTP{Addr: c.SMTPAddr, TLSFirst: port == "465", Name: c.SMTPName, From: *from, User: c.SMTPUser, Password: password}
	}
	if c.SMSURL != "" {
		token, err := lineOf(c.SMSTokenFile)
		if err != nil {
			return nil, fmt.Errorf("SANAD_SMS_TOKEN_FILE: %w", err)
		}
		senders[code.SMS] = Gateway{URL: c.SMSURL, Token: token}
	}
	return senders, nil
}

// lineOf reads a secret that is one line; without a path there is none.
func lineOf(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	raw, err := secret.Read(path)
	return strings.TrimSpace(string(raw)), err
}
