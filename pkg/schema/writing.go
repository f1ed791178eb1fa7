package schema

import (
	"strings"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Writing is the rule that what a person wrote breaks. Its text is a constant of
// this package.
type Writing string

func (w Writing) Error() string { return string(w) }

const (
	blank      Writing = "must hold more than white space"
	control    Writing = "must not have a control character"
	override   Writing = "must not override the direction of its letters"
	unbalanced Writing = "must close each direction that it opens, in the same line, and no other"
	broken     Writing = "must be on one line"
)

// writings are the formats of what people write. A "text" has lines and tabs; a
// "line" is a text on one line. Both take every script as it is written, byte for
// byte: apostrophes, joiners, combining characters, right to left.
//
// They refuse what a reader does not see, or what lets a name show as another one:
// white space alone, control characters, and formatting of the Unicode
// Bidirectional Algorithm (UAX 9) that overrides the direction of letters (LRO, RLO) or reaches
// beyond the text. A mark of direction (LRM, RLM, ALM) reaches nowhere.
var writings = []jsonschema.Format{
	{Name: "text", Validate: written(isText)},
	{Name: "line", Validate: written(func(s string) error {
		if strings.ContainsAny(s, "\t\n\r\u2028\u2029") {
			return broken
		}
		return isText(s)
	})},
}

func written(judge func(string) error) func(any) error {
	return func(v any) error {
		s, ok := v.(string)
		if !ok || s == "" { // how long it must be is another rule
			return nil
		}
		return judge(s)
	}
}

// The formatting characters of UAX 9, section 2.
const (
	lre, rle, pdf, lro, rlo = '\u202a', '\u202b', '\u202c', '\u202d', '\u202e'
	lri, rli, fsi, pdi      = '\u2066', '\u2067', '\u2068', '\u2069'
)

func isText(s string) error {
	var open []rune // what closes the directions that are open, the inner ones last
	seen := false
	for _, r := range s {
		switch r {
		case lro, rlo:
			return override
		case lre, rle:
			open = append(open, pdf)
		case lri, rli, fsi:
			open = append(open, pdi)
		case pdf, pdi:
			if len(open) == 0 || open[len(open)-1] != r {
				return unbalanced
			}
			open = open[:len(open)-1]
		case '\n', '\r', '\u2029':
			// A paragraph ends there, and each direction with it (UAX 9, rule X8).
			if len(open) > 0 {
				return unbalanced
			}
		case '\t':
		default:
			if unicode.IsControl(r) {
				return control
			}
			seen = seen || visible(r)
		}
	}
	switch {
	case len(open) > 0:
		return unbalanced
	case !seen:
		return blank
	}
	return nil
}

// visible says whether a reader sees a character. U+2800 is a letter of Braille
// without a dot.
func visible(r rune) bool {
	return r != '\u2800' && !unicode.In(r, unicode.White_Space, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
