package event

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

const hexDigits = "0123456789ABCDEF"

// plain reports whether a byte stands for itself in a header value: printable
// ASCII without space, double quote and percent (CloudEvents HTTP binding,
// 3.1.3.2, to which the NATS binding refers).
func plain(c byte) bool { return c > ' ' && c < 0x7f && c != '"' && c != '%' }

func escape(s string) string {
	n := 0
	for i := range len(s) {
		if !plain(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s) + 2*n)
	for i := range len(s) {
		if c := s[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}

// unescape undoes escape in one round. What should have been encoded and was
// not is taken as it stands; a broken sequence, or bytes that are no UTF-8, are
// refused.
func unescape(s string) (string, bool) {
	text, err := url.PathUnescape(s)
	return text, err == nil && utf8.ValidString(text)
}
