package words

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/template"
	"text/template/parse"
	"time"

	"gopkg.in/yaml.v3"
)

// forms are the plural forms that a language needs for whole numbers (Unicode CLDR, plural
// rules).
var forms = map[string][]string{
	"en": {"one", "other"},
	"es": {"many", "one", "other"},
	"ar": {"few", "many", "one", "other", "two", "zero"},
}

// same are the texts that are the same word in two languages, and those that are not words.
var same = map[string][]string{
	"es": {"no", "format.comma", "code.Disability.mental", "code.Unaccompanied.no", "place.unit_at", "code.Instrument.phq_9", "code.Instrument.gad_7", "code.Instrument.who_5", "code.Instrument.pcl_5"},
	"ar": {"code.Instrument.phq_9", "code.Instrument.gad_7", "code.Instrument.who_5", "code.Instrument.pcl_5"},
}

// texts of one language: id, form, text. A text without plural forms has the form "other".
func read(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	names, err := fs.Glob(Files(), "text/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, name := range names {
		base := path.Base(name)
		if base != tag+".yaml" && !strings.HasSuffix(base, "."+tag+".yaml") {
			continue
		}
		text, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		var one map[string]any
		if err := yaml.Unmarshal(text, &one); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for id, v := range one {
			if all[id] != nil {
				t.Errorf("%s: %s is there twice", tag, id)
			}
			all[id] = map[string]string{}
			switch v := v.(type) {
			case string:
				all[id]["other"] = v
			case map[string]any:
				for form, text := range v {
					s, ok := text.(string)
					if !ok {
						t.Errorf("%s: %s has a %s that is no text", tag, id, form)
					}
					all[id][form] = s
				}
			default:
				t.Errorf("%s: %s is no text: quote it", tag, id)
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s has no texts", tag)
	}
	return all
}

func keys[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// variables are the names in a text.
func variables(t *testing.T, id, text string) []string {
	t.Helper()
	parsed, err := template.New("").Parse(text)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return nil
	}
	var found []string
	for _, n := range parsed.Root.Nodes {
		switch n.Type() {
		case parse.NodeText:
		case parse.NodeAction:
			found = append(found, n.String())
		default:
			t.Errorf("%s: a text has names in it, and nothing else: %s", id, n)
		}
	}
	slices.Sort(found)
	return found
}

func TestTheLanguagesOfThePeopleAreComplete(t *testing.T) {
	english := read(t, "en")
	for id, texts := range english {
		if strings.TrimSpace(texts["other"]) == "" {
			t.Errorf("en: %s is empty", id)
		}
		if len(texts) > 1 && !slices.Equal(keys(texts), forms["en"]) {
			t.Errorf("en: %s has the forms %v, want %v", id, keys(texts), forms["en"])
		}
	}
	for _, tag := range []string{"es", "ar"} {
		own := read(t, tag)
		for id, texts := range english {
			said, ok := own[id]
			if !ok {
				t.Errorf("%s: %s is missing: %q", tag, id, texts["other"])
				continue
			}
			want := []string{"other"}
			if len(texts) > 1 {
				want = forms[tag]
			}
			if got := keys(said); !slices.Equal(got, want) {
				t.Errorf("%s: %s has the forms %v, want %v", tag, id, got, want)
			}
			for form, text := range said {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s (%s) is empty", tag, id, form)
				}
				if got, want := variables(t, id, text), variables(t, id, texts["other"]); !slices.Equal(got, want) {
					t.Errorf("%s: %s (%s) has the names %v, want %v", tag, id, form, got, want)
				}
			}
			if excepted := slices.Contains(same[tag], id); (said["other"] == texts["other"]) != excepted && !strings.HasPrefix(id, "format.") {
				t.Errorf("%s: %s is as in English: %v; on the list of those that are: %v", tag, id, !excepted, excepted)
			}
		}
		for id := range own {
			if english[id] == nil {
				t.Errorf("%s: English has no %s", tag, id)
			}
		}
	}
}

// What no native speaker has read says so, in its language.
func TestTextsWithoutReviewSaySo(t *testing.T) {
	for tag, word := range map[string]string{"es": "Ninguna persona", "ar": "لم يراجعها"} {
		if text := read(t, tag)["reviewed"]["other"]; !strings.Contains(text, word) {
			t.Errorf("%s does not say that nobody reviewed it: %q", tag, text)
		}
	}
}

// The other languages have one sentence of their own: that the rest is English.
func TestOtherLanguagesSayThatTheyAreNotThere(t *testing.T) {
	book := open(t)
	for _, l := range Languages[3:] {
		if got := keys(read(t, l.Tag)); !slices.Equal(got, []string{"partly_english"}) {
			t.Errorf("%s has the texts %v", l.Tag, got)
		}
		w := book.In(l.Tag, time.UTC)
		if !w.Own("partly_english") || w.Own("reviewed") || w.Lang() != "en" || w.T("send") != "Send" {
			t.Errorf("%s: the page is not marked as English", l.Tag)
		}
	}
}

var opened = sync.OnceValues(Open)

func open(t *testing.T) *Book {
	t.Helper()
	b, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheLanguageIsWhatTheBrowserAsksFor(t *testing.T) {
	book := open(t)
	for accept, want := range map[string]string{
		"":                          "en",
		"*":                         "en",
		"not a language, at all;;;": "en",
		"de-DE,de;q=0.9":            "en",
		"en-GB,en;q=0.9":            "en",
		"es-GT,es;q=0.9,en;q=0.5":   "es",
		"es-419":                    "es",
		"ar-PS,ar;q=0.9":            "ar",
		"ar-TN":                     "ar",
		"ky-KG,ru;q=0.8":            "ky",
		"ru,en;q=0.5":               "ru",
		"vi":                        "vi",
		"fr-TN,fr;q=0.9,ar;q=0.8":   "fr",
		"de,es;q=0.4,en;q=0.2":      "es",
	} {
		if got := book.Fit(accept); got != want {
			t.Errorf("Fit(%q) = %s, want %s", accept, got, want)
		}
	}
	if got := book.In("xx", time.UTC).Tag; got != "en" {
		t.Errorf("a language that nobody can choose is %s", got)
	}
}

func TestNumbersHaveTheFormsOfTheirLanguage(t *testing.T) {
	book := open(t)
	for tag, want := range map[string]map[int]string{
		"en": {1: "1 hour left", 2: "2 hours left"},
		"es": {1: "Queda 1 hora", 2: "Quedan 2 horas"},
		"ar": {0: "لم تبق ساعات (0)", 1: "بقيت ساعة واحدة (1)", 2: "بقيت ساعتان (2)", 5: "بقيت 5 ساعات", 11: "بقيت 11 ساعة", 100: "بقيت 100 ساعة"},
	} {
		for n, text := range want {
			if got := book.In(tag, time.UTC).N("left.hours", n); got != text {
				t.Errorf("%s: %d is %q, want %q", tag, n, got, text)
			}
		}
	}
}

func TestAMomentIsInTheWordsAndTheZoneOfThePerson(t *testing.T) {
	at := time.Date(2026, 3, 8, 23, 30, 0, 0, time.UTC)
	zone, err := time.LoadLocation("Asia/Hebron")
	if err != nil {
		t.Fatal(err)
	}
	book := open(t)
	for tag, want := range map[string]string{
		"en": "9 March 2026, 01:30", "es": "9 de marzo de 2026, 01:30", "ar": "9 آذار/مارس 2026، 01:30",
	} {
		if got := book.In(tag, zone).Moment("format.moment", at); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}

func TestANameInAnArabicSentenceKeepsItsDirection(t *testing.T) {
	book := open(t)
	if got := book.In("ar", time.UTC).T("you", "Person", "ana", "Agency", "casa-luz"); !strings.Contains(got, "\u2068ana\u2069") || !strings.Contains(got, "\u2068casa-luz\u2069") {
		t.Errorf("%q does not keep names apart", got)
	}
	if got := book.In("es", time.UTC).T("you", "Person", "ana", "Agency", "casa-luz"); got != "ana, de casa-luz" {
		t.Errorf("%q", got)
	}
}

func TestCountriesHaveTheirNames(t *testing.T) {
	book := open(t)
	for tag, want := range map[string]string{"en": "Palestinian Territories", "es": "Territorios Palestinos", "ar": "الأراضي الفلسطينية", "ru": "Palestinian Territories"} {
		if got := book.In(tag, time.UTC).Code("Country", "PS"); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if got := book.In("en", time.UTC).Code("Country", "?"); got != "?" {
		t.Errorf("a code that is none is %q", got)
	}
}

func TestRulesAreSaidInWords(t *testing.T) {
	w := open(t).In("es", time.UTC)
	for rule, want := range map[string]string{
		"required":                       "Esto es necesario.",
		"must be at most 200 characters": "Demasiado largo. Caracteres, como máximo: 200.",
		"must be at least 0.5":           "No menos de 0.5.",
		"consent in force; one for the service police_other_service exists": "Falta el consentimiento de ella. Hay uno para otro servicio: Policía.",
		"consent to prosecution in force; she said no to it":                "Falta el consentimiento de ella para este fin: Para un proceso penal. Ella dijo que no.",
		"one for the agency casa-luz exists":                                "Hay uno para una institución con nombre parecido: casa-luz.",
		"not in the future":                                                 "Esto no puede estar en el futuro.",
		"not withdrawn":                                                     "La derivación está así: Ella retiró su consentimiento.",
	} {
		if got, known := w.Rule(rule); got != want || !known {
			t.Errorf("%q is %q, want %q", rule, got, want)
		}
	}
	for _, rule := range []string{"a rule of tomorrow", "not tomorrow", "required; a rule of tomorrow", ""} {
		if got, known := w.Rule(rule); got != rule || known {
			t.Errorf("%q is %q and known: %v; want it as it is", rule, got, known)
		}
	}
}
