package paper

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/signed"
)

func certificate(text string) signed.Certificate {
	return signed.Certificate{
		Certificate: "cert_01jr8hmcdw04321tqbkxzf6957", Examination: "exam_01jr8hmcdw04321tqbkxzf6957", At: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC),
		Replaces: "cert_01jr8hmcdw04321tqbkxzf6958", Opinion: code.HighlyConsistent, Text: text,
		Findings: []string{"general_examination; bruise; neck, left, front; 30 × 12 mm; blue", "genito_anal_examination; no injury found; that does not say that nothing happened"},
		Examiner: "worker_01jr8hmcdw04321tqbkxzf6957", Supervisor: "worker_01jr8hmcdw04321tqbkxzf6958",
		Signatures: []signed.Signature{{Key: "ckey_1", Signature: strings.Repeat("Ab1+", 22)}, {Key: "ckey_2", Signature: strings.Repeat("Zy9/", 22)}},
	}.Named()
}

// read is what stands in a PDF, line by line: the strings that are drawn, in UTF-16.
func read(t *testing.T, pdf []byte) (lines []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\)\s*Tj`).FindAllSubmatch(pdf, -1) {
		raw := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(m[1], func(b []byte) []byte {
			if b[1] == 'r' {
				return []byte{'\r'}
			}
			return b[1:]
		})
		var units []uint16
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		lines = append(lines, string(utf16.Decode(units)))
	}
	return lines
}

func made(t *testing.T, c signed.Certificate, stands bool, language string) []byte {
	t.Helper()
	pdf, err := Certificate(c, stands, language)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// What is signed stands in the PDF, all of it, in every script.
func TestThePDFAndTheDataAgree(t *testing.T) {
	for name, text := range map[string]string{
		"Latin":    "The survivor reports being held by the neck. Línea dos: hallazgos — ñandú, 30 × 12 mm (photograph 4).\n\nThird line.",
		"Cyrillic": "Установлено: кровоподтёк на шее слева. Корутунду: денеде көгала бар, ңүө.",
		"Arabic":   "ذكرت أنها تعرضت للخنق.\nكدمة في الرقبة 30 × 12 mm على اليسار، لا إصابات أخرى.",
	} {
		t.Run(name, func(t *testing.T) {
			c := certificate(text)
			lines := read(t, made(t, c, true, "en"))
			drawn := strings.Join(lines, " ")
			want := []string{c.Certificate, c.Replaces, c.Examiner, c.Supervisor, "Highly consistent with", "2026-11-23 06:00 UTC"}
			for i, f := range c.Findings {
				want = append(want, strings.Fields(f)...)
				want = append(want, []string{"1.", "2."}[i])
			}
			for _, g := range c.Signatures {
				if !strings.Contains(strings.Join(lines, ""), g.Signature) {
					t.Error("a signature does not stand in it")
				}
			}
			for line := range strings.SplitSeq(text, "\n") {
				right := rightToLeft(line)
				for word := range strings.FieldsSeq(shape(line)) {
					want = append(want, ordered(word, right))
				}
			}
			for _, w := range want {
				if !strings.Contains(drawn, w) {
					t.Errorf("%q does not stand in it", w)
				}
			}
		})
	}
}

// A long text goes on over pages, and nothing of it is lost.
func TestALongTextGoesOn(t *testing.T) {
	var words []string
	for i := range 3000 {
		words = append(words, strings.Repeat(string(rune('a'+i%26)), 1+i%9))
	}
	text := strings.Join(words, " ") + " " + strings.Repeat("w", 400)
	pdf := made(t, certificate(text), true, "en")
	drawn := strings.ReplaceAll(strings.Join(read(t, pdf), ""), " ", "")
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n < 3 {
		t.Errorf("%d pages", n)
	}
	if !strings.Contains(drawn, strings.Repeat("w", 80)) {
		t.Error("a word that is longer than a line is lost")
	}
	for _, line := range read(t, pdf) {
		drawn += line
	}
	for _, w := range words {
		if !strings.Contains(drawn, w) {
			t.Fatalf("%q is lost", w)
		}
	}
}

// Nothing but the day of issue stands in the data about the PDF; and the same file makes the same bytes.
func TestThePDFSaysNothingOfWhoMadeIt(t *testing.T) {
	pdf := made(t, certificate("canary-of-the-text"), true, "en")
	if !bytes.Equal(pdf, made(t, certificate("canary-of-the-text"), true, "en")) {
		t.Error("made twice, it differs")
	}
	info := regexp.MustCompile(`(?s)<<\s*/Producer.*?>>|/(Title|Author|Subject|Keywords|Creator|Metadata)\b`).FindAll(pdf, -1)
	want := regexp.MustCompile(`(?s)^<<\s*/Producer \([^A-Za-z]*\)\s*/CreationDate \(D:20261123060000[^)]*\)\s*/ModDate \(D:20261123060000[^)]*\)\s*>>$`)
	if len(info) != 1 || !want.Match(info[0]) {
		t.Errorf("%q", info)
	}
	if bytes.Contains(pdf, []byte("canary")) {
		t.Error("the text stands outside of what is drawn")
	}
}

// What is no certificate, and what does not stand any more, says so.
func TestWhatDoesNotCountSaysSo(t *testing.T) {
	c := certificate("x")
	c.Signatures = nil
	for language := range labels {
		says := func(word string, c signed.Certificate, stands bool) bool {
			right := rightToLeft(labels[language][word])
			return slices.Contains(read(t, made(t, c, stands, language)), ordered(shape(labels[language][word]), right))
		}
		if !says("unsigned", c, true) || says("replaced", c, true) || !says("replaced", c, false) || says("unsigned", certificate("x"), true) {
			t.Errorf("%s: what it says of itself is wrong", language)
		}
	}
}

// Each language has each label.
func TestLabels(t *testing.T) {
	for language, words := range labels {
		for name := range labels["en"] {
			if words[name] == "" {
				t.Errorf("%s has no %s", language, name)
			}
		}
		for _, o := range code.Opinions {
			if words["opinion."+string(o)] == "" {
				t.Errorf("%s has no words for %s", language, o)
			}
		}
	}
}

// Arabic letters are joined, and a line is drawn from the left.
func TestShape(t *testing.T) {
	for text, want := range map[string][]rune{
		"سلام":  {0xFEB3, 0xFEFC, 0xFEE1},
		"لا":    {0xFEFB},
		"باب":   {0xFE91, 0xFE8E, 0xFE8F},
		"نَعم":  {0xFEE7, 0x64E, 0xFECC, 0xFEE2},
		"x ب y": {'x', ' ', 0xFE8F, ' ', 'y'},
	} {
		if d := cmp.Diff(want, []rune(shape(text))); d != "" {
			t.Errorf("%s: %s", text, d)
		}
	}
	if got := ordered("אב 12 cd", true); got != "cd 12 בא" {
		t.Errorf("%q", got)
	}
}
