package event

import (
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
	if strings.IndexByte(s, '%') < 0 {
		return s, utf8.ValidString(s)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, ok1 := nibble(s[i+1])
		lo, ok2 := nibble(s[i+2])
		if !ok1 || !ok2 {
			return "", false
		}
		b = append(b, hi<<4|lo)
		i += 2
	}
	return string(b), utf8.Valid(b)
}

func nibble(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
