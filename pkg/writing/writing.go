// Package writing sees through the ways in which keyboards, telephones and programs
// write the same digits and signs. It is for what is compared and not shown: codes
// and telephone numbers. It refuses to guess at letters, which differ by script.
package writing

import (
	"strings"
	"unicode"
)

// Plain gives a text with digits of any script as 0 to 9, full-width signs as ASCII,
// every space as one and every dash as a hyphen, and without what nobody sees:
// marks of direction, joiners, a byte order mark.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if '\uff01' <= r && r <= '\uff5e' { // the full-width forms of ASCII
			r -= '\uff01' - '!'
		}
		switch {
		case r < unicode.MaxASCII && r > ' ':
			return r
		case unicode.Is(unicode.White_Space, r):
			return ' '
		case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return -1
		case unicode.Is(unicode.Pd, r), r == '\u2212', r == '\u30fc': // a minus, and what stands for a dash in Japanese
			return '-'
		}
		if n, ok := digit(r); ok {
			return '0' + n
		}
		return r
	}, s)
}

// digit is the value of a decimal digit. Unicode gives the ten digits of a script ten
// places in their order, and the ranges of its table begin with a zero (UTS 44,
// Numeric_Type).
func digit(r rune) (rune, bool) {
	for _, set := range unicode.Nd.R16 {
		if rune(set.Lo) <= r && r <= rune(set.Hi) {
			return (r - rune(set.Lo)) % 10, true
		}
	}
	for _, set := range unicode.Nd.R32 {
		if rune(set.Lo) <= r && r <= rune(set.Hi) {
			return (r - rune(set.Lo)) % 10, true
		}
	}
	return 0, false
}
