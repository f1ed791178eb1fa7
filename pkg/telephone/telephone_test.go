package telephone

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// However people write one number, it means the same.
func TestWritingsOfOneNumber(t *testing.T) {
	for _, c := range []struct {
		country  string
		want     Meaning
		writings []string
	}{
		{"GT", "+50255550123", []string{
			"+50255550123", "5555 0123", "55550123", "5555-0123", "5555.0123", "5555/0123", "(502) 5555-0123", "(+502) 5555 0123", "[502] 55550123",
			"00502 5555 0123", "＋５０２ ５５５５－０１２３", "٥٥٥٥ ٠١٢٣", "۵۵۵۵-۰۱۲۳", "५५५५०१२३", "5555\u00a00123", "5555\u20110123", "5555 – 0123", "5555\u22120123",
			"\u200e+502 5555 0123", "\u202a+502 5555 0123\u202c", "\u2068\u200f5555\u200b0123\u2069", "tel:+502-5555-0123", "  5555 0123  ", "5555\t0123", "5 5 5 5 0 1 2 3",
		}},
		{"GT", "+50255550123;ext=12", []string{
			"5555-0123 ext. 12", "5555 0123 ext 12", "5555 0123, extension 12", "5555 0123 x12", "5555 0123 #12", "5555 0123 Ext: 12", "+502 5555 0123;ext=12",
			"5555 0123 extensión 12", "5555 0123 anexo 12", "5555 0123 int. 12", "5555 0123 доб. 12", "5555 0123 تحويلة ١٢", "(5555 0123) x 12",
		}},
		{"GB", "+442079460018", []string{"020 7946 0018", "(020) 7946 0018", "+44 (0)20 7946 0018", "+44 20 7946 0018", "0044 20 79460018"}},
		{"JO", "+962791234567", []string{"0791234567", "٠٧٩ ١٢٣ ٤٥٦٧", "+962 79 123 4567", "00962-79-1234567"}},
		{"KG", "+996312123456", []string{"0312 12 34 56", "0312/123456", "(0312) 12-34-56", "+996 312 123456"}},
		{"GT", "+50255550123/+50255550124", []string{"5555-0123 / 5555-0124", "5555 0123/5555 0124", "+50255550124/+50255550123"}},
		// No plan knows these.
		{"GT", "GT:1500", []string{"1500", "15-00", "١٥٠٠"}},
		{"GT", "GT:911", []string{"911"}},
		{"GT", "GT:5555012324", []string{"5555-0123/24"}},
		{"", "+00000000000", []string{"+000 0000 0000"}},
		{"GT", "+999005550100", []string{"+999 00 555 0100", "+999005550100"}},
		{"ZZ", "ZZ:0123456", []string{"0123 456"}},
	} {
		for _, w := range c.writings {
			if got, ok := Read(w, c.country); !ok || got != c.want {
				t.Errorf("%s %q means %q (%t), want %q", c.country, w, got, ok, c.want)
			}
		}
	}
}

// Numbers that are not one number do not mean one.
func TestOtherNumbersMeanOther(t *testing.T) {
	seen := map[Meaning]string{}
	for _, w := range []string{"5555 0123", "5555 0124", "5555 0123 x1", "5555 0123 x2", "+503 5555 0123", "1500", "5555 0123/5555 0124", "+1 502 555 5012"} {
		m, ok := Read(w, "GT")
		if other, twice := seen[m]; !ok || twice {
			t.Errorf("%q means %q as %q does", w, m, other)
		}
		seen[m] = w
	}
}

// What is no number at all is refused, and what says more than a number.
func TestWhatIsNoNumber(t *testing.T) {
	for _, s := range []string{
		"", " ", "-", "()", "+", "12", "none", "n/a", "her sister", "call 5555 0123", "5555 0123 her sister", "5555 0123 ext", "ext 12", "1-800-FLOWERS", "5555+0123",
		"5555 0123; 5555 0124", "123456789012345678", "5555\x000123", "a@b.test", "五五五五", "½½½½", "5555 0123 x12345678", "+502 5555 0123 <", "=5555", "*123#", "0x5555",
	} {
		if m, ok := Read(s, "GT"); ok {
			t.Errorf("%q means %q", s, m)
		}
	}
}

// A message is sent to a whole number: the country is never guessed.
func TestInternational(t *testing.T) {
	for s, want := range map[string]string{
		"+50255550123": "+50255550123", "+502 5555-0123": "+50255550123", "(+502) 5555 0123": "+50255550123", "\u200e＋٥٠٢ ٥٥٥٥ ٠١٢٣": "+50255550123",
		"+44 (0)20 7946 0018": "+442079460018", "+999 005 550100": "+999005550100", "tel:+502-5555-0123": "+50255550123", "+502/5555.0123": "+50255550123",
		"5555 0123": "", "00502 5555 0123": "", "+502 5555 0123 ext 1": "", "+0100555010": "", "+1": "", "+999 (0)05550100": "", "+": "", "": "",
		"+50255550123/+50255550124": "", "+502 5555 0123\nBcc: a": "", "a@b.test": "", "+502 5555 0123,": "", "502+55550123": "",
	} {
		if got, ok := International(s); got != want && ok || ok != (want != "") {
			t.Errorf("%q: %q %t, want %q", s, got, ok, want)
		}
	}
}

// Punctuation, spaces, marks and scripts change no meaning, wherever they stand.
func TestSignsBetweenDigitsMeanNothing(t *testing.T) {
	between := []string{"", " ", "-", ".", "\u00a0", "\u2011", "\u200e", "\u200b", "\u3000", "－"}
	zeros := []rune{'0', '٠', '۰', '०', '０'}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[2-7][0-9]{7}`).Draw(t, "number")
		want, ok := Read(number, "GT")
		if !ok {
			t.Fatal(number)
		}
		zero := rapid.SampledFrom(zeros).Draw(t, "script")
		var b strings.Builder
		b.WriteString(rapid.SampledFrom([]string{"", "+502", "\u200f+502 ", "(502)", "00502 "}).Draw(t, "prefix"))
		for _, r := range number {
			b.WriteRune(zero + r - '0')
			b.WriteString(rapid.SampledFrom(between).Draw(t, "sign"))
		}
		written := strings.TrimRight(b.String(), "-.－\u2011")
		if got, ok := Read(written, "GT"); !ok || got != want {
			t.Fatalf("%q means %q, and %q means %q", written, got, number, want)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"+502 5555 0123 x12", "(502) 5555/0123", "٥٥٥٥ ٠١٢٣", "tel:+1;ext=2", "\u202a1500\u202c", "1/2/3", "55550123/55550124"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, ok := Read(s, "GT"); ok {
			if len(m) < 4 || strings.ContainsFunc(string(m), func(r rune) bool { return r > unicode.MaxASCII || r < '#' }) {
				t.Errorf("%q means %q", s, m)
			}
		}
		if m, ok := International(s); ok && !global.MatchString(m) {
			t.Errorf("%q is sent to %q", s, m)
		} else if again, fine := International(m); ok && (again != m || !fine) {
			t.Errorf("%q is %q, and that is %q", s, m, again)
		}
	})
}
