package domain

import (
	"strings"
	"unicode"

	"github.com/sanad-network/sanad/services/internal/hsds"
)

// Withheld is what a reader must not learn of the locations that are hidden
// from them: where they are and how they are reached. An open entry may say the
// same by a mistake of its publisher; then that word is left out everywhere.
type Withheld struct {
	ids     map[string]bool
	phrases []string // folded, with a space at both ends
	numbers []string // of telephones, the last digits
}

// Withhold adds what a hidden location's document tells.
func (w *Withheld) Withhold(location Entry) {
	if w.ids == nil {
		w.ids = map[string]bool{}
	}
	w.ids[location.Listed.Entry] = true
	d := hsds.Document(location.Text)
	w.phrase(d["external_identifier"])
	for _, a := range list(d["addresses"]) {
		w.id(a)
		for _, line := range []string{"address_1", "address_2", "attention", "postal_code"} {
			w.phrase(a[line])
		}
	}
	w.phones(d)
	for _, c := range list(d["contacts"]) {
		w.id(c)
		w.phrase(c["name"])
		w.phrase(c["email"])
		w.phones(c)
	}
}

func (w *Withheld) phones(d map[string]any) {
	for _, p := range list(d["phones"]) {
		w.id(p)
		text, _ := p["number"].(string)
		if n := digits(text); len(n) > shortest {
			w.numbers = append(w.numbers, n[max(0, len(n)-7):]) // with and without the codes before it
		}
	}
}

func (w *Withheld) id(d map[string]any) {
	if id, _ := d["id"].(string); id != "" {
		w.ids[id] = true
	}
}

// shortest is how long a word must be to identify a location: shorter ones are
// in every text.
const shortest = 5

func (w *Withheld) phrase(v any) {
	text, _ := v.(string)
	if f := fold(text); len(f) >= shortest+2 {
		w.phrases = append(w.phrases, f)
	}
}

// tells says whether a text holds something withheld.
func (w *Withheld) tells(text string) bool {
	folded := fold(text)
	for _, p := range w.phrases {
		if strings.Contains(folded, p) {
			return true
		}
	}
	if len(w.numbers) > 0 {
		n := digits(text)
		for _, number := range w.numbers {
			if strings.Contains(n, number) {
				return true
			}
		}
	}
	return false
}

// replaced is in the place of a withheld text that HSDS requires.
const replaced = "(withheld)"

// entries are the properties under which another entry is nested.
var entries = map[string]bool{"organization": true, "service": true, "location": true, "program": true}

// scrub removes what is withheld from an entry's document.
func (w *Withheld) scrub(d map[string]any) {
	if len(w.ids) == 0 {
		return
	}
	for name, v := range d {
		switch v := v.(type) {
		case string:
			if isID(name) || !w.tells(v) {
				continue
			}
			if delete(d, name); name == "name" || name == "description" {
				d[name] = replaced
			}
		case map[string]any:
			switch {
			case entries[name]:
				w.scrub(v)
			case w.told(v):
				delete(d, name)
			}
		case []any:
			d[name] = w.kept(v)
		}
	}
}

// kept are the items of a list that tell nothing.
func (w *Withheld) kept(list []any) []any {
	out := []any{}
	for _, item := range list {
		m, ok := item.(map[string]any)
		if text, isText := item.(string); isText && w.tells(text) || ok && w.told(m) {
			continue
		}
		out = append(out, item)
	}
	return out
}

// told says whether a nested row tells something that is withheld. A service
// or a service at a location is scrubbed and not dropped.
func (w *Withheld) told(d map[string]any) bool {
	if id, _ := d["id"].(string); w.ids[id] {
		return true
	}
	if d["status"] != nil || d["location"] != nil {
		w.scrub(d)
		return false
	}
	for name, v := range d {
		switch v := v.(type) {
		case string:
			if !isID(name) && w.tells(v) {
				return true
			}
		case map[string]any:
			if w.told(v) {
				return true
			}
		case []any:
			d[name] = w.kept(v)
		}
	}
	return false
}

func isID(name string) bool { return name == "id" || strings.HasSuffix(name, "_id") }

func list(v any) []map[string]any {
	items, _ := v.([]any)
	var out []map[string]any
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// fold leaves the letters and digits of a text, in small letters, its words
// one space apart.
func fold(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(unicode.ToLower(r))
		case !strings.HasSuffix(b.String(), " "):
			b.WriteByte(' ')
		}
	}
	if !strings.HasSuffix(b.String(), " ") {
		b.WriteByte(' ')
	}
	return b.String()
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
