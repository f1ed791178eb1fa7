// Package words gives the texts of the desk in the languages of its people. A language is the
// files of its tag; a text that they lack is shown in English and marked as such. It refuses
// to show the name of a text in the place of the text.
//
// English, Spanish and Arabic are complete, and a test keeps them so. Of the other languages
// there is one text: that the rest is not there yet.
package words

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"gopkg.in/yaml.v3"
)

//go:embed text/*.yaml
var texts embed.FS

// Languages are those that can be chosen, by their own names. The complete ones come first.
var Languages = []Language{
	{"en", "English"},
	{"es", "Español"},
	{"ar", "العربية"},
	{"fr", "Français"},
	{"ky", "Кыргызча"},
	{"ru", "Русский"},
	{"vi", "Tiếng Việt"},
}

// Language is one language.
type Language struct{ Tag, Name string }

// Book is all texts.
type Book struct {
	bundle  *i18n.Bundle
	ids     []string
	matcher language.Matcher
	tags    []string
}

// Open reads the texts.
var Open = sync.OnceValues(func() (*Book, error) { return Read(texts, Languages) })

// Files are the texts as files: text/<tag>.yaml and text/<topic>.<tag>.yaml.
func Files() fs.FS { return texts }

// Read reads texts from files, in languages that can be chosen. Open is for all but tests.
func Read(files fs.FS, languages []Language) (*Book, error) {
	b := &Book{bundle: i18n.NewBundle(language.English)}
	b.bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	names, err := fs.Glob(files, "text/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		file, err := b.bundle.ParseMessageFileBytes(text, path.Base(name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if file.Tag == language.English {
			for _, m := range file.Messages {
				b.ids = append(b.ids, m.ID)
			}
		}
	}
	var tags []language.Tag
	for _, l := range languages {
		tags = append(tags, language.Make(l.Tag))
		b.tags = append(b.tags, l.Tag)
	}
	slices.Sort(b.ids)
	b.matcher = language.NewMatcher(tags)
	return b, nil
}

// Fit is the language for what a browser asks for (RFC 9110, section 12.5.4).
func (b *Book) Fit(accept string) string {
	_, i := language.MatchStrings(b.matcher, accept)
	return b.tags[i]
}

// Has says whether there is a text of a name.
func (b *Book) Has(id string) bool {
	_, found := slices.BinarySearch(b.ids, id)
	return found
}

// In is the texts in a language, with the times of a zone.
func (b *Book) In(tag string, zone *time.Location) Words {
	if !slices.Contains(b.tags, tag) {
		tag = "en"
	}
	return Words{book: b, Tag: tag, Zone: zone, own: i18n.NewLocalizer(b.bundle, tag)}
}

// Words are the texts in one language.
type Words struct {
	Tag  string
	Zone *time.Location

	book *Book
	own  *i18n.Localizer
	// theirs are the words of a programme for codes, by the names of the texts.
	theirs map[string]string
}

// Direction is that of the script.
func (w Words) Direction() string {
	if w.Tag == "ar" {
		return "rtl"
	}
	return "ltr"
}

// Lang is the language that the page as a whole is in: English where a language has no texts
// of its own yet. A browser reads the page aloud by it.
func (w Words) Lang() string {
	if w.Own("reviewed") {
		return w.Tag
	}
	return "en"
}

// T is a text; pairs are the names and values in it.
func (w Words) T(id string, pairs ...any) string { return w.say(id, nil, pairs) }

// N is a text about a number of things.
func (w Words) N(id string, n int, pairs ...any) string {
	return w.say(id, n, append(pairs, "N", n))
}

func (w Words) say(id string, n any, pairs []any) string {
	data := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[fmt.Sprint(pairs[i])] = w.apart(pairs[i+1])
	}
	text, _, err := w.own.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: id, TemplateData: data, PluralCount: n})
	if err != nil && text == "" {
		panic(fmt.Sprintf("there is no text %q: %v", html.EscapeString(id), err)) // a test finds it
	}
	return text
}

// apart keeps the direction of a value from the direction of the text around it: a name in
// Latin letters within an Arabic sentence would else move its signs to the wrong side
// (Unicode Standard Annex 9, section 2.5).
func (w Words) apart(value any) any {
	if text, ok := value.(string); ok && w.Direction() == "rtl" {
		return "\u2068" + text + "\u2069"
	}
	return value
}

// Moment is an instant in words, in the zone of the person. The layout is a text: it says in
// which order a language puts the parts, by the reference time of package time.
func (w Words) Moment(layout string, t time.Time) string {
	t = t.In(w.Zone)
	return strings.Replace(t.Format(w.T(layout)), t.Month().String(), w.T("month."+strconv.Itoa(int(t.Month()))), 1)
}

// Own says whether a text is there in the language itself.
func (w Words) Own(id string) bool {
	_, tag, _ := w.own.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: id, PluralCount: 2, TemplateData: map[string]any{}})
	return strings.HasPrefix(tag.String(), w.Tag)
}

// Code is a code of a list in words, those of a programme first (In); one that has none is shown
// as it is. The names of countries are those of the Unicode CLDR.
func (w Words) Code(list, of string) string {
	id := textOf(list, of)
	switch theirs, has := w.theirs[id]; {
	case list == "Country":
		return w.country(of)
	case has:
		return fmt.Sprint(w.apart(theirs))
	case w.book.Has(id):
		return w.T(id)
	}
	return strings.ReplaceAll(of, "_", " ")
}

func (w Words) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(w.Lang())).Name(region); name != "" {
		return name
	}
	return code
}

// Language is the name of a language in the language of the page (Unicode CLDR); a tag that has none is shown as it is.
func (w Words) Language(tag string) string {
	of, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Languages(language.Make(w.Lang())).Name(of); name != "" {
		return name
	}
	return tag
}

// Or is the first of some texts that there is; without one, the last is shown as it is.
func (w Words) Or(fallback string, ids ...string) string {
	for _, id := range ids {
		if w.book.Has(id) {
			return w.T(id)
		}
	}
	return fallback
}
