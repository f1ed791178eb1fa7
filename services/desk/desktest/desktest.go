// Package desktest is what the tests of a whole network need to know of the desk: its texts in
// the language of tests, and which pages there are. It refuses to be part of a program: no
// build but that of tests has it.
package desktest

import (
	"testing"

	"github.com/sanad-network/sanad/services/desk/internal/site"
	"github.com/sanad-network/sanad/services/desk/internal/words"
	"github.com/sanad-network/sanad/services/desk/internal/words/wordstest"
)

// Tag is the language of tests: each text of the desk is in brackets in it.
const Tag = wordstest.Tag

// Texts are those of the desk, in the language of tests too.
func Texts(t testing.TB) *words.Book {
	t.Helper()
	return wordstest.Open(t)
}

// Pages are the patterns of all pages for who is signed in, as http.ServeMux has them.
func Pages() []string { return site.Patterns() }
