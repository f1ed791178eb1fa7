package notify

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
)

// never are the words that no notice holds, by language, besides the names of
// all codes: what is done, for whom, why, and whose work it is. They are parts
// of words, in lower case.
var never = map[code.NoticeLanguage][]string{
	code.English: {
		"referral", "refer ", "referred", "case", "client", "survivor", "victim", "patient", "woman", "women", "girl", "child", "she ", "her ",
		"violence", "abuse", "rape", "assault", "gender", "gbv", "traffick", "shelter", "safe", "house", "legal", "lawyer", "court", "police",
		"clinic", "health", "medical", "forensic", "counsel", "psycho", "support", "service", "agency", "urgent", "emergency", "consent",
		"sanad", "protection", "welfare", "accept", "decline",
	},
	code.Spanish: {
		"remisión", "derivación", "caso", "cliente", "sobreviviente", "víctima", "paciente", "mujer", "niña", "ella", "violencia", "abuso",
		"violación", "agresión", "género", "trata", "refugio", "albergue", "segur", "casa", "legal", "abogad", "tribunal", "policía", "clínica",
		"salud", "médic", "forense", "psico", "apoyo", "servicio", "agencia", "urgen", "emergencia", "consentimiento", "sanad", "protección",
	},
	code.Arabic: {
		"إحالة", "احالة", "حالة", "عميل", "ناجية", "ضحية", "مريض", "امرأة", "نساء", "فتاة", "طفل", "عنف", "إساءة", "اغتصاب", "اعتداء",
		"جنس", "اتجار", "مأوى", "ملجأ", "آمن", "قانون", "محام", "محكمة", "شرطة", "عيادة", "صحة", "طب", "نفسي", "دعم", "خدمة", "وكالة",
		"عاجل", "طارئ", "موافقة", "سند", "حماية",
	},
	code.Russian: {
		"направлени", "дело", "случа", "клиент", "пострадавш", "жертв", "пациент", "женщин", "девоч", "ребён", "ребен", "она ", "насили",
		"изнасил", "гендер", "торговл", "приют", "убежищ", "безопасн", "юрид", "адвокат", "суд", "полици", "клиник", "здоров", "медиц",
		"психо", "поддержк", "услуг", "служб", "агентств", "срочн", "экстрен", "согласи", "санад", "защит",
	},
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// Every text of every language says what it must and nothing that it must not.
func TestTextsSayThatSomethingWaitsAndNoMore(t *testing.T) {
	var codes []string
	for _, list := range [][]string{
		plain(code.Services), plain(code.Urgencies), plain(code.Purposes), plain(code.Categories), plain(code.GBVTypes), plain(code.DeclineReasons),
	} {
		codes = append(codes, list...)
	}
	codes = slices.DeleteFunc(codes, func(c string) bool { return c == "other" || c == "standard" })
	for _, lang := range code.NoticeLanguages {
		written, ok := texts[lang]
		if !ok || len(never[lang]) == 0 {
			t.Errorf("%s: has no texts, or no words that they must not hold", lang)
			continue
		}
		for name, c := range map[string]struct {
			text string
			want []string
		}{
			"subject": {written.subject, nil},
			"email":   {written.email, []string{"{link}", "{page}", "{code}"}},
			"sms":     {written.sms, []string{"{code}", "{page}"}},
		} {
			if c.text == "" {
				t.Errorf("%s: no %s", lang, name)
			}
			if d := cmp.Diff(c.want, placeholder.FindAllString(c.text, -1)); d != "" {
				t.Errorf("%s: placeholders of the %s: %s", lang, name, d)
			}
			said := strings.ToLower(placeholder.ReplaceAllString(c.text, ""))
			for _, word := range slices.Concat(never[lang], codes) {
				if strings.Contains(said, word) {
					t.Errorf("%s: the %s holds %q", lang, name, word)
				}
			}
			if strings.ContainsAny(said, "0123456789@") {
				t.Errorf("%s: the %s holds a number or an address", lang, name)
			}
		}
		if n := len([]rune(written.sms)); n > 120 {
			t.Errorf("%s: an SMS of %d characters before anything is filled in", lang, n)
		}
	}
	if len(texts) != len(code.NoticeLanguages) {
		t.Errorf("%d languages have texts, %d are in the code list", len(texts), len(code.NoticeLanguages))
	}
}

func plain[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return out
}

func TestWriting(t *testing.T) {
	n := Notice{Channel: code.Email, To: "a@example.org", Language: code.English, Path: "/answer", Secret: "s3cret", Code: "K7QM-2XWP"}
	l, err := write("https://n.example", n)
	if err != nil || !strings.Contains(l.Body, "https://n.example/answer#s3cret\n") || !strings.Contains(l.Body, "go to https://n.example/answer and") {
		t.Errorf("%v %v", l, err)
	}
	n.Channel = code.SMS
	if l, err = write("https://n.example", n); err != nil || strings.Contains(l.Body, "s3cret") || !strings.Contains(l.Body, "K7QM-2XWP") {
		t.Errorf("%v %v", l, err)
	}
	n.Language = "xx"
	if _, err = write("https://n.example", n); err == nil {
		t.Error("an unknown language became another")
	}
}
