package writing

import (
	"strings"
	"testing"
	"unicode"
)

func TestPlain(t *testing.T) {
	for s, want := range map[string]string{
		"":           "",
		"7KQ2-M9XT":  "7KQ2-M9XT",
		"٠١٢٣٤٥٦٧٨٩": "0123456789", // Arabic-Indic
		"۰۱۲۳۴۵۶۷۸۹": "0123456789", // Persian
		"०१२३४५६७८९": "0123456789", // Devanagari
		"০১২৩৪৫৬৭৮৯": "0123456789", // Bengali
		"၀၁၂၃၄၅၆၇၈၉": "0123456789", // Burmese
		"𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙":                                                               "0123456789", // Adlam
		"𝟎𝟏𝟗𝟘𝟡":                                                                    "01909",      // mathematical, several in one range
		"０９ＡＺａｚ＋（）－．／＃":                                                            "09AZaz+()-./#",
		"a\u00a0b\u3000c\td\u2009e":                                                "a b c d e",
		"1\u20102\u20113\u20124\u20135\u20146\u22127\ufe638\uff0d9\u30fc0":         "1-2-3-4-5-6-7-8-9-0",
		"\u200e\u200f\u061c1\u200b2\ufeff3\u2068\u206945\u202a\u202c\u00ad6\ufe0f": "123456",
		"é فا\x00": "é فا\x00",
	} {
		if got := Plain(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

// The table of digits is as digit reads it: a new version of Unicode that is not
// is seen here.
func TestRangesOfDigitsAreWhole(t *testing.T) {
	n := 0
	for _, set := range unicode.Nd.R16 {
		n += int(set.Hi-set.Lo) + 1
		if set.Stride != 1 || (set.Hi-set.Lo+1)%10 != 0 {
			t.Errorf("%x to %x by %d", set.Lo, set.Hi, set.Stride)
		}
	}
	for _, set := range unicode.Nd.R32 {
		n += int(set.Hi-set.Lo) + 1
		if set.Stride != 1 || (set.Hi-set.Lo+1)%10 != 0 {
			t.Errorf("%x to %x by %d", set.Lo, set.Hi, set.Stride)
		}
	}
	if n < 600 {
		t.Errorf("%d digits", n)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("٠-１ \u200e")
	f.Fuzz(func(t *testing.T, s string) {
		plain := Plain(s)
		if Plain(plain) != plain {
			t.Errorf("%q is %q, and that is %q", s, plain, Plain(plain))
		}
		if strings.ContainsFunc(plain, func(r rune) bool { return unicode.IsDigit(r) && r > '9' || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%q is %q", s, plain)
		}
	})
}
