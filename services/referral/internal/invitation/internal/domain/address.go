package domain

import (
	"regexp"

	"github.com/sanad-network/sanad/api/code"
)

// addresses are the forms of what a notice can be sent to: narrower than what
// exists, so that nothing in one can become part of a message's head.
var addresses = map[code.NoticeChannel]*regexp.Regexp{
	code.Email: regexp.MustCompile(`^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$`),
	code.SMS:   regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`), // E.164
}

func addressOf(kind code.NoticeChannel, address string) bool {
	form := addresses[kind]
	return form != nil && form.MatchString(address)
}
