package schema_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/schema"
)

func format(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	c := schema.NewCompiler()
	if err := c.AddResource("https://x.example/s", map[string]any{"type": "string", "format": name}); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("https://x.example/s")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a reader does not see, or what makes a text show as another one, is
// refused. What people write in their script is not.
func TestWhatPeopleWrite(t *testing.T) {
	text, line := format(t, "text"), format(t, "line")
	for what, s := range map[string]string{
		"an apostrophe":               "Ngũgĩ wa Thiong'o",
		"another apostrophe":          "O\u2019Connor",
		"an okina":                    "Ka\u02bbiulani",
		"combining characters":        "Nguye\u0302\u0303n",
		"a non-joiner":                "علی\u200cرضا",
		"a joiner":                    "ක්\u200dෂ",
		"right to left":               "فاطمة الزهراء",
		"both directions":             "فاطمة (Fatima)",
		"a mark of direction":         "\u200eFatima\u200f",
		"an Arabic letter mark":       "5\u061c10",
		"an isolate that closes":      "\u2068فاطمة\u2069 came",
		"an embedding that closes":    "\u202a+502 5555 0123\u202c",
		"one in the other":            "\u2067a\u202bb\u202cc\u2069",
		"one word of one letter":      "ñ",
		"a family":                    "👩\u200d👧",
		"a no-break space":            "Jean\u00a0Pierre",
		"an ideographic space":        "山田\u3000花子",
		"nothing, which is a length":  "",
		"a soft hyphen":               "so\u00adft",
		"letters of the second plane": "𞤀𞤣𞤤𞤢𞤥",
	} {
		if text.Validate(s) != nil || line.Validate(s) != nil {
			t.Errorf("%s: refused", what)
		}
	}
	for what, s := range map[string]string{"two lines": "a\nb", "two lines of Windows": "a\r\nb", "a tab": "a\tb", "a paragraph": "a\u2029b"} {
		if text.Validate(s) != nil || line.Validate(s) == nil {
			t.Errorf("%s: is for texts, and not for lines", what)
		}
	}
	for what, c := range map[string]struct{ s, rule string }{
		"a space":                        {" ", "white space"},
		"lines without anything":         {"\n\t \r\n", "white space"},
		"a no-break space alone":         {"\u00a0\u2003\u3000", "white space"},
		"a zero-width space alone":       {"\u200b", "white space"},
		"a mark alone":                   {"\u200e \ufeff", "white space"},
		"a filler of Hangul":             {"\u3164", "white space"},
		"a blank of Braille":             {"\u2800", "white space"},
		"a joiner and a selector":        {"\u200d\ufe0f", "white space"},
		"NUL":                            {"a\x00b", "control"},
		"NUL alone":                      {"\x00", "control"},
		"escape":                         {"\x1b[31ma", "control"},
		"delete":                         {"a\x7f", "control"},
		"what was Windows-1252":          {"O\u0092Connor", "control"},
		"a line of another system":       {"a\u0085b", "control"},
		"a vertical tab":                 {"a\vb", "control"},
		"letters turned over":            {"a\u202egpj.exe", "override"},
		"letters turned over and back":   {"a\u202eb\u202c", "override"},
		"letters held from left":         {"\u202da\u202c", "override"},
		"an isolate that stays open":     {"\u2067a", "close"},
		"an embedding that stays open":   {"a\u202b", "close"},
		"one closed by the other's":      {"\u2067a\u202c", "close"},
		"crossed":                        {"\u2067\u202ba\u2069\u202c", "close"},
		"closed in the next line":        {"\u2068a\nb\u2069", "close"},
		"closed and never opened":        {"a\u2069", "close"},
		"closed once more than opened":   {"\u202aa\u202c\u202c", "close"},
		"open to the end after a closed": {"\u2068a\u2069\u2068b", "close"},
	} {
		for name, s := range map[string]*jsonschema.Schema{"text": text, "line": line} {
			if name == "line" && strings.ContainsAny(c.s, "\n\r\t") {
				continue
			}
			err := s.Validate(c.s)
			if err == nil || !strings.Contains(err.Error(), c.rule) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// Whatever is taken has something to see, no control character, and formatting
// that ends in it: between two quotation marks nothing reaches beyond them.
func TestWhatIsTakenReachesNotBeyondItself(t *testing.T) {
	line := format(t, "line")
	parts := []string{"a", "ف", " ", "\u200c", "\u200e", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\x00", "\n", "\u0301"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 12).Draw(t, "parts"), "")
		if line.Validate(s) != nil {
			return
		}
		if strings.ContainsFunc(s, unicode.IsControl) || strings.ContainsAny(s, "\u202d\u202e") || strings.Trim(s, " \u200c\u200e\u202a\u202b\u202c\u2066\u2067\u2068\u2069") == "" {
			t.Fatalf("took %q", s)
		}
		// In the plainest way: take pairs with nothing of the kind between them away.
		rest := strings.Map(func(r rune) rune {
			if strings.ContainsRune("\u202a\u202b\u202c\u2066\u2067\u2068\u2069", r) {
				return r
			}
			return -1
		}, s)
		pairs := strings.NewReplacer("\u202a\u202c", "", "\u202b\u202c", "", "\u2066\u2069", "", "\u2067\u2069", "", "\u2068\u2069", "")
		for next := pairs.Replace(rest); next != rest; next = pairs.Replace(rest) {
			rest = next
		}
		if rest != "" {
			t.Fatalf("%q leaves %q open", s, rest)
		}
	})
}

func FuzzWriting(f *testing.F) {
	for _, seed := range []string{"a", " ", "\u2068a\u2069", "\u202e", "a\x00", "a\nb"} {
		f.Add(seed)
	}
	text, line := format(f, "text"), format(f, "line")
	f.Fuzz(func(t *testing.T, s string) {
		if line.Validate(s) == nil && text.Validate(s) != nil {
			t.Errorf("%q is a line and no text", s)
		}
		if text.Validate(s) == nil && text.Validate("("+s+")\n"+s) != nil {
			t.Errorf("%q does not stand beside another text", s)
		}
	})
}
