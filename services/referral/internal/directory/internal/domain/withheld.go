package domain

import (
	"encoding/json"
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

	// Others says whether a text tells of a location of whatever organization that the
	// reader must not know; row, whether it stands in the address of a location that is
	// itself shown.
	Others func(text string, row bool) bool
	// At says the same of coordinates.
	At func(latitude, longitude float64) bool
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
	return w.own(text) || w.Others != nil && w.Others(text, false)
}

// tellsIn is tells for the row of a list. An address of a location that is shown may be
// that of one of which nobody knows yet what is there.
func (w *Withheld) tellsIn(list, text string) bool {
	return w.own(text) || w.Others != nil && w.Others(text, list == "addresses")
}

// own says whether a text holds something of the organization's own locations.
func (w *Withheld) own(text string) bool {
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
	if len(w.ids) == 0 && w.Others == nil {
		return
	}
	w.place(d)
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
			case w.told(name, v):
				delete(d, name)
			}
		case []any:
			d[name] = w.kept(name, v)
		}
	}
}

// place leaves the coordinates out that are those of a place that must not be told.
func (w *Withheld) place(d map[string]any) {
	latitude, ok1 := number(d["latitude"])
	longitude, ok2 := number(d["longitude"])
	if w.At != nil && ok1 && ok2 && w.At(latitude, longitude) {
		delete(d, "latitude")
		delete(d, "longitude")
	}
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// kept are the items of a list that tell nothing.
func (w *Withheld) kept(name string, list []any) []any {
	out := []any{}
	for _, item := range list {
		m, ok := item.(map[string]any)
		if text, isText := item.(string); isText && w.tells(text) || ok && w.told(name, m) {
			continue
		}
		out = append(out, item)
	}
	return out
}

// told says whether a nested row tells something that is withheld. A service
// or a service at a location is scrubbed and not dropped.
func (w *Withheld) told(in string, d map[string]any) bool {
	if id, _ := d["id"].(string); w.ids[id] {
		return true
	}
	if d["status"] != nil || d["location"] != nil {
		w.scrub(d)
		return false
	}
	w.place(d)
	for name, v := range d {
		switch v := v.(type) {
		case string:
			if !isID(name) && w.tellsIn(in, v) {
				return true
			}
		case map[string]any:
			if w.told(name, v) {
				return true
			}
		case []any:
			d[name] = w.kept(name, v)
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

// fold leaves the letters and digits of a text, in small letters and with the digits of
// ASCII, its words one space apart.
func fold(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	space := true
	for _, r := range text {
		d, isDigit := digit(r)
		switch {
		case isDigit:
			b.WriteByte(d)
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(unicode.ToLower(r))
		case !space:
			b.WriteByte(' ')
			space = true
			continue
		default:
			continue
		}
		space = false
	}
	if !space {
		b.WriteByte(' ')
	}
	return b.String()
}

func digits(text string) string {
	var b strings.Builder
	for _, r := range text {
		if d, ok := digit(r); ok {
			b.WriteByte(d)
		}
	}
	return b.String()
}
