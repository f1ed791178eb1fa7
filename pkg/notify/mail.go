package notify

import (
	"crypto/sha256"
	"encoding/hex"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// message is a letter in the form of RFC 5322. The same letter has the same
// Message-ID, so that copies can be told. Letters of two keys have two, though
// they say the same, so that no server takes the second for a copy of the first.
func message(from netmail.Address, l Letter, at time.Time) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	m.FromMailAddress(&from)
	if err := m.To(l.To); err != nil {
		return nil, ErrRefused // the error quotes the address
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	id := sha256.Sum256([]byte(l.To + "\x00" + l.Key + "\x00" + l.Body))
	m.SetMessageIDWithValue(hex.EncodeToString(id[:16]) + "@" + domain)
	m.SetDateWithValue(at.UTC())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.Subject(l.Subject)
	m.SetBodyString(mail.TypeTextPlain, l.Body)
	return m, nil
}
