package event

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The first vectors are those of the CloudEvents HTTP binding, 3.1.3.2.
func TestEscape(t *testing.T) {
	t.Parallel()
	for plain, escaped := range map[string]string{
		"Euro € 😀":      "Euro%20%E2%82%AC%20%F0%9F%98%80",
		`say "no"`:      "say%20%22no%22",
		"100%":          "100%25",
		"%20":           "%2520",
		"سند":           "%D8%B3%D9%86%D8%AF",
		"a\tb\r\nc\x7f": "a%09b%0D%0Ac%7F",
		"ref_1/3/0":     "ref_1/3/0",
		"":              "",
	} {
		if got := escape(plain); got != escaped {
			t.Errorf("escape(%q) = %q, want %q", plain, got, escaped)
		}
		if got, ok := unescape(escaped); !ok || got != plain {
			t.Errorf("unescape(%q) = %q, %t, want %q", escaped, got, ok, plain)
		}
	}
}

// Another producer may use small letters, escape more than it must, or less.
func TestUnescapeTolerates(t *testing.T) {
	t.Parallel()
	for escaped, plain := range map[string]string{
		"%e2%82%ac": "€", "%61": "a", "with space": "with space", "€": "€",
	} {
		if got, ok := unescape(escaped); !ok || got != plain {
			t.Errorf("unescape(%q) = %q, %t, want %q", escaped, got, ok, plain)
		}
	}
	for _, broken := range []string{"%", "%2", "%zz", "a%", "%C3", "%ED%A0%80", "\xff"} {
		if got, ok := unescape(broken); ok {
			t.Errorf("unescape(%q) = %q", broken, got)
		}
	}
}

func TestEscapeRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		e := escape(s)
		for i := range len(e) {
			if e[i] <= ' ' || e[i] >= 0x7f || e[i] == '"' {
				t.Fatalf("escape(%q) = %q", s, e)
			}
		}
		if got, ok := unescape(e); utf8.ValidString(s) && (!ok || got != s) {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}
