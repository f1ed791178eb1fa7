package name

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Likeness says how near two names are to being one person's.
type Likeness int

// From none to the same.
const (
	// Unlike names have no word in common, however it is written.
	Unlike Likeness = iota
	// Doubtful names have a word in common, or sound alike: a person must look.
	Doubtful
	// Alike names have the same words, whatever their order, letters, accents and script.
	Alike
)

// Compare says how near two names are. It errs on the side of Doubtful: a doubt costs
// somebody a look, and a name that is missed costs a survivor her lawyer.
func Compare(a, b string) Likeness {
	these, those := words(a), words(b)
	if len(these) == 0 || len(those) == 0 {
		return Unlike
	}
	if slices.EqualFunc(these, those, func(a, b word) bool { return a.plain == b.plain }) {
		return Alike
	}
	for _, one := range these {
		if slices.ContainsFunc(those, one.sounds) {
			return Doubtful
		}
	}
	return Unlike
}

// word is one word of a name: in small Latin letters without accents, and by how it sounds.
type word struct{ plain, sound string }

// shortest is how many sounds a word needs so that they say something: "al" and "de" say
// nothing, and stand in every second name.
const shortest = 2

// sounds says that two words may be one: they are written the same, they sound the same, or
// one letter of a longer one was written wrongly.
func (w word) sounds(o word) bool {
	switch {
	case w.plain == o.plain:
		return true
	case len(w.sound) >= shortest && w.sound == o.sound:
		return true
	}
	return min(len(w.plain), len(o.plain)) >= 5 && oneApart(w.plain, o.plain)
}

// particles are words that stand in names and name nobody.
var particles = []string{"al", "el", "de", "del", "la", "las", "los", "y", "bin", "bint", "ibn", "van", "von", "da", "dos", "uulu", "kyzy", "thi"}

// words are those of a name, in the order of the alphabet. Of a name that is all particles
// they all count.
func words(name string) (all []word) {
	var left []word
	for _, part := range strings.FieldsFunc(Folded(name), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("-‐‑–—.,;/_ـ", r)
	}) {
		plain := latin(part)
		switch {
		case plain == "":
		case slices.Contains(particles, plain):
			left = append(left, word{plain, sound(plain)})
		default:
			all = append(all, word{plain, sound(plain)})
		}
	}
	if len(all) == 0 {
		all = left
	}
	slices.SortFunc(all, func(a, b word) int { return strings.Compare(a.plain, b.plain) })
	return all
}

// latin writes a folded word in small Latin letters: without accents, and Cyrillic and Arabic
// letters as they are commonly transliterated. A letter of another script stays as it is.
func latin(word string) string {
	if trimmed, cut := strings.CutPrefix(word, "ال"); cut && len(trimmed) > 2 {
		word = trimmed // the article is written with its word in one script, and apart in the other
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		if is, known := letters[r]; known {
			b.WriteString(is)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// letters are how letters are written in Latin. Vowels of Arabic that are not written are not
// here: what sounds alike is compared without vowels.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ŋ': "n",

	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l",
	'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch",
	'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya", 'ң': "n", 'ө': "o", 'ү': "u", 'і': "i", 'є': "e",

	'ا': "a", 'أ': "a", 'إ': "i", 'آ': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh",
	'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "", 'غ': "gh", 'ف': "f", 'ق': "q",
	'ك': "k", 'ک': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'ة': "a", 'و': "w", 'ي': "y", 'ی': "y", 'ى': "a", 'ئ': "", 'ؤ': "", 'ء': "",
	'پ': "p", 'چ': "ch", 'گ': "g", 'ژ': "zh",
}

// spelt are letters that several ways to write a name have in the place of one another, the
// longer ones first.
var spelt = strings.NewReplacer(
	"sch", "s", "tch", "s", "ch", "s", "sh", "s", "zh", "j", "dj", "j", "dh", "d", "th", "t", "kh", "h", "gh", "g", "ph", "f", "ck", "k",
	"ou", "u", "qu", "k", "q", "k", "c", "k", "x", "ks", "z", "s", "w", "v", "p", "b",
)

// sound is what is left of a word in Latin letters of how it sounds: without vowels, without
// a letter that is doubled, and without an h at the end.
func sound(plain string) string {
	var b strings.Builder
	var last rune
	for i, r := range spelt.Replace(plain) {
		switch {
		case strings.ContainsRune("aeiouy", r):
			if i == 0 {
				b.WriteRune('a')
			}
			last = 0
			continue
		case r == 'v' && i > 0: // a vowel in some ways to write
			continue
		case r == last:
			continue
		}
		last = r
		b.WriteRune(r)
	}
	if is := b.String(); len(is) > shortest {
		return strings.TrimSuffix(is, "h")
	} else {
		return is
	}
}

// oneApart says that one letter was left out, put in or changed.
func oneApart(a, b string) bool {
	short, long := []rune(a), []rune(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(long)-len(short) > 1 {
		return false
	}
	for i := range short {
		if short[i] != long[i] {
			if len(short) == len(long) {
				return slices.Equal(short[i+1:], long[i+1:])
			}
			return slices.Equal(short[i:], long[i+1:])
		}
	}
	return true
}
