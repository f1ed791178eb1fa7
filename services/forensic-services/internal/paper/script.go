package paper

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// forms are the shapes of an Arabic letter: alone, at the end, at the beginning and in the middle of a
// word (Unicode, Arabic Presentation Forms). The PDF library draws one glyph for each character and joins
// none. A letter with two forms joins only the one before it.
var forms = map[rune][]rune{
	'ء': {0xFE80}, 'آ': {0xFE81, 0xFE82}, 'أ': {0xFE83, 0xFE84}, 'ؤ': {0xFE85, 0xFE86}, 'إ': {0xFE87, 0xFE88},
	'ئ': four(0xFE89), 'ا': {0xFE8D, 0xFE8E}, 'ب': four(0xFE8F), 'ة': {0xFE93, 0xFE94}, 'ت': four(0xFE95),
	'ث': four(0xFE99), 'ج': four(0xFE9D), 'ح': four(0xFEA1), 'خ': four(0xFEA5), 'د': {0xFEA9, 0xFEAA},
	'ذ': {0xFEAB, 0xFEAC}, 'ر': {0xFEAD, 0xFEAE}, 'ز': {0xFEAF, 0xFEB0}, 'س': four(0xFEB1), 'ش': four(0xFEB5),
	'ص': four(0xFEB9), 'ض': four(0xFEBD), 'ط': four(0xFEC1), 'ظ': four(0xFEC5), 'ع': four(0xFEC9),
	'غ': four(0xFECD), 'ف': four(0xFED1), 'ق': four(0xFED5), 'ك': four(0xFED9), 'ل': four(0xFEDD),
	'م': four(0xFEE1), 'ن': four(0xFEE5), 'ه': four(0xFEE9), 'و': {0xFEED, 0xFEEE}, 'ى': {0xFEEF, 0xFEF0},
	'ي': four(0xFEF1), 'پ': four(0xFB56), 'چ': four(0xFB7A), 'ژ': {0xFB8A, 0xFB8B}, 'ک': four(0xFB8E),
	'گ': four(0xFB92), 'ی': four(0xFBFC), 'ـ': {'ـ', 'ـ', 'ـ', 'ـ'},
}

// lamAlif are the two letters that are one glyph: alone, and at the end.
var lamAlif = map[rune][]rune{
	'آ': {0xFEF5, 0xFEF6}, 'أ': {0xFEF7, 0xFEF8}, 'إ': {0xFEF9, 0xFEFA}, 'ا': {0xFEFB, 0xFEFC},
}

func four(first rune) []rune { return []rune{first, first + 1, first + 2, first + 3} }

// shape is a text in which each Arabic letter has the form of its place.
func shape(text string) string {
	var b strings.Builder
	runes, before := []rune(text), false
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		is, arabic := forms[r]
		if !arabic {
			b.WriteRune(r)
			before = before && unicode.Is(unicode.Mn, r)
			continue
		}
		if r == 'ل' && i+1 < len(runes) {
			if pair, ok := lamAlif[runes[i+1]]; ok {
				b.WriteRune(pair[place(before, false)])
				before, i = false, i+1
				continue
			}
		}
		after := len(is) == 4 && joins(runes[i+1:])
		form := place(before, after)
		if form >= len(is) {
			form = 0
		}
		b.WriteRune(is[form])
		before = len(is) == 4
	}
	return b.String()
}

// place is the form of a letter between two: 0 alone, 1 at the end, 2 at the beginning, 3 in the middle.
func place(before, after bool) int {
	switch {
	case before && after:
		return 3
	case after:
		return 2
	case before:
		return 1
	default:
		return 0
	}
}

// joins reports whether a text begins with a letter that joins the one before it.
func joins(runes []rune) bool {
	for _, r := range runes {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		return len(forms[r]) > 1
	}
	return false
}

// rightToLeft reports the direction of a line: that of its first letter.
func rightToLeft(line string) bool {
	for _, r := range line {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// ordered is a line in the order in which it is drawn, from the left (Unicode Standard Annex 9).
func ordered(line string, right bool) string {
	var p bidi.Paragraph
	direction := bidi.LeftToRight
	if right {
		direction = bidi.RightToLeft
	}
	if _, err := p.SetString(line, bidi.DefaultDirection(direction)); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	var b strings.Builder
	for i := range order.NumRuns() {
		n := i
		if right {
			n = order.NumRuns() - 1 - i
		}
		run := order.Run(n)
		if run.Direction() == bidi.RightToLeft {
			b.WriteString(bidi.ReverseString(run.String()))
		} else {
			b.WriteString(run.String())
		}
	}
	return b.String()
}
