package domain

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/services/internal/hsds"
)

// Secrets are what the locations that not everybody may know tell of themselves, by which
// a text of another organization is found that says the same. A look costs what the text
// is long, however many locations there are. It is not for several goroutines.
type Secrets struct {
	told map[string]telling
	// phrases are by their words, and how many words they have by their first.
	phrases map[string][]string
	begins  map[string][]int
	numbers map[string][]string
	points  map[[2]int][]string
}

// telling is what one location tells.
type telling struct {
	phrases, numbers []string
	cell             *[2]int
	latitude         float64
	longitude        float64
}

// Put replaces what a location tells; a location that tells nothing is left out.
func (s *Secrets) Put(id string, l Entry, hidden bool) {
	if s.told == nil {
		*s = Secrets{map[string]telling{}, map[string][]string{}, map[string][]int{}, map[string][]string{}, map[[2]int][]string{}}
	}
	was := s.told[id]
	for _, p := range was.phrases {
		without(s.phrases, p, id)
		if first, _, _ := strings.Cut(p, " "); s.phrases[p] == nil {
			n := strings.Count(p, " ")
			without(s.begins, first, n)
		}
	}
	for _, n := range was.numbers {
		without(s.numbers, n, id)
	}
	if was.cell != nil {
		without(s.points, *was.cell, id)
	}
	delete(s.told, id)
	if !hidden || l.Location == nil {
		return
	}
	is := tellingOf(l)
	s.told[id] = is
	for _, p := range is.phrases {
		if s.phrases[p] == nil {
			first, _, _ := strings.Cut(p, " ")
			s.begins[first] = append(s.begins[first], strings.Count(p, " "))
		}
		s.phrases[p] = append(s.phrases[p], id)
	}
	for _, n := range is.numbers {
		s.numbers[n] = append(s.numbers[n], id)
	}
	if is.cell != nil {
		s.points[*is.cell] = append(s.points[*is.cell], id)
	}
}

// without takes one value out of a list, and the list away with its last.
func without[K, V comparable](m map[K][]V, key K, v V) {
	if i := slices.Index(m[key], v); i >= 0 {
		m[key] = slices.Delete(m[key], i, i+1)
	}
	if len(m[key]) == 0 {
		delete(m, key)
	}
}

// tellingOf is what of a location is in the world only once: the lines of its addresses,
// its telephones, its coordinates, and how it is written to. A name, a town or a postal
// code is that of many.
func tellingOf(l Entry) (is telling) {
	d := hsds.Document(l.Text)
	is.phrase(d["external_identifier"], nil)
	for _, a := range list(d["addresses"]) {
		for _, line := range []string{"address_1", "address_2"} {
			is.phrase(a[line], a)
		}
	}
	is.phones(d)
	for _, c := range list(d["contacts"]) {
		is.phrase(c["email"], nil)
		is.phones(c)
	}
	if latitude, longitude, ok := l.Location.Coordinates(); ok {
		cell := cellOf(latitude, longitude)
		is.cell, is.latitude, is.longitude = &cell, latitude, longitude
	}
	slices.Sort(is.phrases)
	is.phrases = slices.Compact(is.phrases)
	slices.Sort(is.numbers)
	is.numbers = slices.Compact(is.numbers)
	return is
}

// phrase adds a text of some words. One that only names the town of its address is none.
func (t *telling) phrase(v any, address map[string]any) {
	text, _ := v.(string)
	f := strings.TrimSpace(fold(text))
	for _, town := range []string{"city", "region", "state_province", "country"} {
		if of, _ := address[town].(string); of != "" && strings.TrimSpace(fold(of)) == f {
			return
		}
	}
	if len(f) >= shortest+2 && strings.Contains(f, " ") {
		t.phrases = append(t.phrases, f)
	}
}

func (t *telling) phones(d map[string]any) {
	for _, p := range list(d["phones"]) {
		text, _ := p["number"].(string)
		if n := digits(text); len(n) > shortest {
			t.numbers = append(t.numbers, n[max(0, len(n)-7):])
		}
	}
}

// cellOf is a square of a hundredth of a degree. The sign is left out: texts write W and S.
func cellOf(latitude, longitude float64) [2]int {
	return [2]int{int(math.Abs(latitude) * 100), int(math.Abs(longitude) * 100)}
}

var decimal = regexp.MustCompile(`\d{1,3}[.,]\d{3,}`)

// near is how close to a place coordinates must be to tell of it, in degrees: some 200 m.
const near = 0.002

// Tell gives the locations of which a text tells where they are, or how they are reached.
func (s *Secrets) Tell(text string) (locations []string) {
	if len(s.told) == 0 {
		return nil
	}
	words := strings.Fields(fold(text))
	for i, word := range words {
		for _, more := range s.begins[word] {
			if i+more < len(words) {
				locations = append(locations, s.phrases[strings.Join(words[i:i+more+1], " ")]...)
			}
		}
	}
	for _, run := range runs(text) {
		for i := range run {
			for _, n := range []int{6, 7} {
				if i+n <= len(run) {
					locations = append(locations, s.numbers[run[i:i+n]]...)
				}
			}
		}
	}
	var before float64
	for i, d := range decimal.FindAllString(text, -1) {
		f, err := strconv.ParseFloat(strings.Replace(d, ",", ".", 1), 64)
		if err == nil && i > 0 {
			locations = append(append(locations, s.At(before, f)...), s.At(f, before)...)
		}
		before = f
	}
	return locations
}

// At gives the locations at a point.
func (s *Secrets) At(latitude, longitude float64) (locations []string) {
	latitude, longitude = math.Abs(latitude), math.Abs(longitude)
	cell := cellOf(latitude, longitude)
	for _, x := range []int{-1, 0, 1} {
		for _, y := range []int{-1, 0, 1} {
			for _, id := range s.points[[2]int{cell[0] + x, cell[1] + y}] {
				t := s.told[id]
				if math.Abs(math.Abs(t.latitude)-latitude) < near && math.Abs(math.Abs(t.longitude)-longitude) < near {
					locations = append(locations, id)
				}
			}
		}
	}
	return locations
}

// runs are the numbers of a text, without what people write between their digits.
func runs(text string) []string {
	var list []string
	var b strings.Builder
	flush := func() {
		if b.Len() > shortest {
			list = append(list, b.String())
		}
		b.Reset()
	}
	for _, r := range text {
		switch d, ok := digit(r); {
		case ok:
			b.WriteByte(d)
		case !strings.ContainsRune(" -–()+./\u00a0\u2011\u202f", r):
			flush()
		}
	}
	flush()
	return list
}

// digit is the ASCII digit of one of any of the scripts that write telephone numbers here.
func digit(r rune) (byte, bool) {
	for _, zero := range []rune{'0', '٠', '۰', '०', '০', '０'} {
		if zero <= r && r <= zero+9 {
			return byte('0' + r - zero), true
		}
	}
	return 0, false
}
