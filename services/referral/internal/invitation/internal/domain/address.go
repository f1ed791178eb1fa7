package domain

import (
	"regexp"
	"time"
	_ "time/tzdata" // an image may hold no time zones

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/telephone"
)

// mailbox is narrower than what exists, so that nothing in an address can become
// part of a message's head.
var mailbox = regexp.MustCompile(`^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$`)

// addressOf is what a notice is sent to: a telephone number as in E.164, whatever the
// signs and the script in which it was written. Not ok: the address is not one of its
// kind.
func addressOf(kind code.NoticeChannel, written string) (address string, ok bool) {
	switch kind {
	case code.Email:
		return written, mailbox.MatchString(written)
	case code.SMS:
		return telephone.International(written)
	}
	return "", false
}

// zoneOf is a time zone of the IANA by its name. Not ok: there is none. "Local" is
// the zone of a server, and nobody's.
func zoneOf(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return time.UTC, name == ""
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC, false
	}
	return zone, true
}
