// Package wordstest has a language for tests: English, but longer and with marks on its
// letters. A page that shows it whole has room for other languages, and a text that it does
// not change was written into a page and not into the texts. It refuses to be chosen by
// people: no build but that of tests has it.
package wordstest

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Tag is the language, by the tag that is kept for it (Unicode CLDR, pseudo-locales).
const Tag = "en-XA"

// Open reads the texts of the desk, and makes the language from them.
func Open(t testing.TB) *words.Book {
	t.Helper()
	book, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// opened is made once: a book does not change.
var opened = sync.OnceValues(func() (*words.Book, error) {
	files := fstest.MapFS{}
	names, err := fs.Glob(words.Files(), "text/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(words.Files(), name)
		if err != nil {
			return nil, err
		}
		files[name] = &fstest.MapFile{Data: text}
		topic, english := strings.CutSuffix(path.Base(name), "en.yaml")
		if !english {
			continue
		}
		data, err := disguise(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files["text/"+topic+Tag+".yaml"] = &fstest.MapFile{Data: data}
	}
	return words.Read(files, append(slices.Clip(words.Languages), words.Language{Tag: Tag, Name: "Pseudo"}))
})

func disguise(text []byte) ([]byte, error) {
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for id, v := range all {
		switch v := v.(type) {
		case string:
			if !strings.HasPrefix(id, "format.") && !strings.HasPrefix(id, "month.") {
				all[id] = Disguise(v)
			}
		case map[string]any:
			forms := maps.Clone(v)
			for form, one := range forms {
				if s, ok := one.(string); ok {
					forms[form] = Disguise(s)
				}
			}
			all[id] = forms
		}
	}
	return yaml.Marshal(all)
}

var marks = strings.NewReplacer(
	"a", "á", "e", "ë", "i", "ï", "o", "ô", "u", "ü", "y", "ý", "n", "ñ", "c", "ç", "s", "š",
	"A", "Å", "E", "É", "I", "Î", "O", "Ø", "U", "Û", "Y", "Ý", "N", "Ñ", "C", "Ç", "S", "Š",
)

var variable = regexp.MustCompile(`\{\{[^}]*\}\}`)

// Disguise is a text in the language: with marks, about a third longer, and in brackets that
// show where it was cut off. The variables in it stay.
func Disguise(text string) string {
	var b strings.Builder
	b.WriteString("⟦")
	rest := text
	for _, at := range variable.FindAllString(text, -1) {
		before, after, _ := strings.Cut(rest, at)
		b.WriteString(marks.Replace(before) + at)
		rest = after
	}
	b.WriteString(marks.Replace(rest) + strings.Repeat("~", len(text)/3+1) + "⟧")
	return b.String()
}
