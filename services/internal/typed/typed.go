// Package typed is about codes that a person reads from paper or hears, and types. It refuses to
// know what a code opens.
package typed

import (
	"encoding/base32"
	"strings"

	"github.com/sanad-network/sanad/pkg/writing"
)

// alphabet leaves out letters that are mistaken for others when they are read
// aloud or written by hand: i, l, o and u.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var letters = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// Letters are bytes as small letters and digits, five bits in each.
func Letters(random []byte) string { return letters.EncodeToString(random) }

// Shown is a code for people: capitals in groups of four.
func Shown(code string) string {
	var b strings.Builder
	for i, r := range strings.ToUpper(code) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Read gives the letters of a code, however it was typed: also in the digits of another
// script, or copied with marks that nobody sees. Not ok: no code has such letters, or is empty.
func Read(written string) (code string, ok bool) {
	code = strings.NewReplacer(" ", "", "-", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(writing.Plain(written)))
	return code, code != "" && strings.Trim(code, alphabet) == ""
}
