// Package name compares the names of people as they are written: by a counter that searches,
// and by an office that must not act for both sides. It refuses to keep a name, or anything
// from which one could be guessed: it compares what it is given, in memory.
package name

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Same says that two names are one as people write them: whatever the case of the letters,
// the form of their code points, the spaces, and marks that nobody sees.
func Same(a, b string) bool {
	a, b = Folded(a), Folded(b)
	return a != "" && a == b
}

// Folded is a name without what Same passes over; empty where nothing is left.
func Folded(name string) string {
	if ascii(name) {
		return strings.Join(strings.Fields(strings.ToLower(name)), " ")
	}
	return foldedWhole(name)
}

// foldedWhole folds a name of any script.
func foldedWhole(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name))
	// Some scripts fold to capitals, and those do not fold to themselves: small letters first.
	return strings.Join(strings.Fields(norm.NFKC.String(cases.Fold().String(strings.ToLower(name)))), " ")
}

// ascii says that a name is of ASCII alone: then there is one form of each letter, and no
// mark that nobody sees.
func ascii(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
