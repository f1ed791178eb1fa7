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

var placeholder = regexp.MustCompile(`\{[^}]*\}(#\{[^}]*\})?`)

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
		if len(written.Kinds) != len(code.NoticeKinds) {
			t.Errorf("%s: %d kinds have texts, %d are in the code list", lang, len(written.Kinds), len(code.NoticeKinds))
		}
		said := map[string]string{}
		for _, kind := range code.NoticeKinds {
			for _, ch := range code.NoticeChannels {
				for what, n := range map[string]Notice{
					"with a code": {Path: "{page}", Secret: "{secret}", Code: "{code}"}, "with a page": {Path: "{page}"}, "alone": {},
				} {
					n.Kind, n.Channel, n.Language = kind, ch, lang
					l, err := write("", n)
					name := string(kind) + " by " + string(ch) + " " + what
					if err != nil || l.Body == "" || (l.Subject == "") == (ch == code.Email) {
						t.Errorf("%s: %s: %+v %v", lang, name, l, err)
					}
					want := map[string][]string{"with a code": {"{code}", "{page}"}, "with a page": {"{page}"}, "alone": nil}[what]
					if what == "with a code" && ch == code.Email {
						want = []string{"{page}#{secret}", "{page}", "{code}"}
					}
					if d := cmp.Diff(want, placeholder.FindAllString(l.Body, -1)); d != "" {
						t.Errorf("%s: placeholders of %s: %s", lang, name, d)
					}
					text := strings.ToLower(placeholder.ReplaceAllString(l.Subject+"\n"+l.Body, ""))
					for _, word := range slices.Concat(never[lang], codes) {
						if strings.Contains(text, word) {
							t.Errorf("%s: %s holds %q", lang, name, word)
						}
					}
					if strings.ContainsAny(text, "0123456789@") {
						t.Errorf("%s: %s holds a number or an address", lang, name)
					}
					if n := len([]rune(text)); ch == code.SMS && n > 140 {
						t.Errorf("%s: %s has %d characters before anything is filled in", lang, name, n)
					}
					if other, same := said[l.Subject+l.Body]; same {
						t.Errorf("%s: %s says the same as %s", lang, name, other)
					}
					said[l.Subject+l.Body] = name
				}
			}
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
	n := Notice{Kind: code.InvitationNotice, Channel: code.Email, To: "a@example.org", Language: code.English, Path: "/answer", Secret: "s3cret", Code: "K7QM-2XWP"}
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
	n.Language, n.Kind = code.English, "xx"
	if _, err = write("https://n.example", n); err == nil {
		t.Error("an unknown kind became another")
	}
}
