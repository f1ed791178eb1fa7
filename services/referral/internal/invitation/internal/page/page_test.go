package page

import (
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// from is a browser that speaks a language.
func from(l code.NoticeLanguage) edge.Visit { return edge.Visit{Languages: string(l)} }

// after is a browser that chose a language, and comes from a form.
func after(l code.NoticeLanguage) edge.Visit {
	return edge.Visit{Languages: "en", Query: url.Values{"after": {"form"}, "language": {string(l)}}}
}

var offer = domain.Preview{Service: code.LegalAssistance, Urgency: code.Urgent, RespondBy: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)}

// Every language says everything, and every code has a name in it.
func TestEveryLanguageSaysEverything(t *testing.T) {
	for _, l := range code.NoticeLanguages {
		w := reflect.ValueOf(said[l])
		for i := range w.NumField() {
			if f := w.Field(i); f.Kind() == reflect.String && f.String() == "" {
				t.Errorf("%s: no %s", l, w.Type().Field(i).Name)
			}
		}
		for _, c := range code.Services {
			if said[l].Services[c] == "" {
				t.Errorf("%s: no name for %s", l, c)
			}
		}
		for _, c := range code.Urgencies {
			if said[l].Urgencies[c] == "" {
				t.Errorf("%s: no name for %s", l, c)
			}
		}
		for _, c := range code.DeclineReasons {
			if said[l].Reasons[c] == "" {
				t.Errorf("%s: no name for %s", l, c)
			}
		}
	}
}

// Before a code was shown the page names nothing.
func TestThePageTellsNothingBeforeACode(t *testing.T) {
	for _, l := range code.NoticeLanguages {
		for _, p := range []string{
			string(Ask(from(l), Kept{}).HTML), string(Ask(from(l), Kept{Said: Wrong}).HTML),
			string(Refused(from(l), domain.ErrCode).HTML), string(Refused(from(l), fault.Of(nil)).HTML), string(Ask(after(l), Kept{}).HTML),
		} {
			for _, names := range []map[code.Service]string{said[l].Services} {
				for c, name := range names {
					if strings.Contains(p, name) || strings.Contains(p, string(c)) {
						t.Errorf("%s: names %s", l, c)
					}
				}
			}
			if !strings.Contains(p, `lang="`+string(l)+`"`) || !strings.Contains(p, `<label for="code">`) {
				t.Errorf("%s: %s", l, p)
			}
		}
	}
}

// The page about copies says to stop and asks, in each language. It names no service and
// nobody: whoever looks over a shoulder learns that something has ended.
func TestThePageAboutCopiesNamesNothing(t *testing.T) {
	for _, l := range code.NoticeLanguages {
		p := string(LetGo(after(l), Kept{Code: "c0de"}, "", offer.RespondBy).HTML)
		for _, part := range []string{
			said[l].Ended, said[l].Became, `name="erasure" value="deleted"`, `name="erasure" value="kept_by_law"`, `min="2026-03-15"`,
			`<label for="ground">`, `<label for="until">`, `<label for="told">`,
		} {
			if !strings.Contains(p, part) {
				t.Errorf("%s: no %s in %s", l, part, p)
			}
		}
		for c, name := range said[l].Services {
			if strings.Contains(p, name) || strings.Contains(p, string(c)) {
				t.Errorf("%s: names %s", l, c)
			}
		}
		if strings.Contains(p, `value="accept"`) || strings.Contains(p, said[l].Accept) {
			t.Errorf("%s: offers an answer", l)
		}
		if p := string(Ask(after(l), Kept{Said: Noted}).HTML); !strings.Contains(p, said[l].Noted) || strings.Contains(p, `name="code"`) {
			t.Errorf("%s: %s", l, p)
		}
	}
}

// A person with a code of a record in quarantine is told what to do, and not that
// the code is wrong.
func TestWhatIsClosedIsSaidInWords(t *testing.T) {
	for _, l := range code.NoticeLanguages {
		p := string(Refused(from(l), fault.New(fault.Unavailable, fault.Quarantined, "x")).HTML)
		if !strings.Contains(p, said[l].Closed) || strings.Contains(p, said[l].Wrong) || strings.Contains(p, said[l].Failed) {
			t.Errorf("%s: %s", l, p)
		}
	}
}

func TestWhatWasTypedDoesNotBecomeMarkup(t *testing.T) {
	p := string(Preview(from("en"), Kept{Code: `"><script>x`}, "", time.UTC, offer).HTML) + string(LetGo(from("en"), Kept{Code: `"><script>x`}, "", offer.RespondBy).HTML)
	if strings.Contains(p, "<script>x") || !strings.Contains(p, "Legal assistance") || strings.Contains(p, "ZgotmplZ") {
		t.Error(p)
	}
}

func TestLanguage(t *testing.T) {
	for accepted, want := range map[string]code.NoticeLanguage{
		"": "en", "fr": "en", "fr, es;q=0.8": "es", "ar-EG": "ar", "RU-ru,en": "ru", ";,;": "en", strings.Repeat("x,", 1000) + "ar": "en",
	} {
		if got := Language(accepted); got != want {
			t.Errorf("%.20q: %s", accepted, got)
		}
	}
}

// Times are those of the agency's clocks, and the page says so.
func TestTimesAreInTheAgencysZone(t *testing.T) {
	for name, want := range map[string][]string{
		"UTC":               {"2026-03-14 12:00", ">UTC<"},
		"America/Guatemala": {"2026-03-14 06:00", "America/Guatemala, UTC-06:00"},
		"Asia/Kathmandu":    {"2026-03-14 17:45", "Asia/Kathmandu, UTC&#43;05:45"},
		"Pacific/Auckland":  {"2026-03-15 01:00", "Pacific/Auckland, UTC&#43;13:00"},
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		p := string(Preview(from("ar"), Kept{Code: "x"}, code.Arabic, zone, offer).HTML)
		for _, part := range append(want, `datetime="2026-03-14T12:00:00Z"`) {
			if !strings.Contains(p, part) {
				t.Errorf("%s: no %s in %s", name, part, p)
			}
		}
	}
}

// Every page is offered in the other languages, in their own name and direction, and a
// choice is kept from page to page. No address of it holds the code.
func TestALanguageIsChosenOnThePage(t *testing.T) {
	for _, l := range code.NoticeLanguages {
		for _, state := range states {
			name, html := state.name, string(state.page(after(l)).HTML)
			if !strings.Contains(html, `<html lang="`+string(l)+`" dir="`+direction(l)+`">`) {
				t.Errorf("%s: not in %s: %s", name, l, html)
			}
			if strings.Contains(html, "action=") && !strings.Contains(html, `action="/answer?language=`+string(l)+`"`) {
				t.Errorf("%s: its form forgets %s", name, l)
			}
			for _, o := range code.NoticeLanguages {
				link := `="/answer?language=` + string(o) + `"`
				offered := strings.Contains(html, "href"+link) || strings.Contains(html, "formaction"+link)
				if offered == (o == l) || offered && !strings.Contains(html, `lang="`+string(o)+`" dir="`+direction(o)+`">`+said[o].Name+"<") {
					t.Errorf("%s in %s: %s is offered %t", name, l, o, offered)
				}
			}
		}
	}
	if p := string(Ask(from("en"), Kept{Said: Accepted, Language: code.Russian}).HTML); !strings.Contains(p, said[code.Russian].Accepted) {
		t.Errorf("the agency's language: %s", p)
	}
	if p := string(Preview(from("en"), Kept{Code: "x"}, code.Arabic, time.UTC, offer).HTML); !strings.Contains(p, `<html lang="ar" dir="rtl">`) {
		t.Errorf("the agency's language: %s", p)
	}
}

// A form sends the browser on: the address says which language was chosen, and that a
// form was sent, and nothing else. What the page is to show is not in it.
func TestAFormSendsOn(t *testing.T) {
	for _, c := range []struct {
		page edge.Page
		see  string
		kept Kept
	}{
		{See(from("es"), Kept{Code: "c0de"}), "/answer?after=form", Kept{Code: "c0de"}},
		{See(after("ar"), Kept{Said: Declined, Language: code.Spanish}), "/answer?after=form&language=ar", Kept{Said: Declined, Language: code.Spanish}},
		{See(edge.Visit{Query: url.Values{"language": {"xx"}}}, Kept{Code: "a&b=c\x00\"é"}), "/answer?after=form", Kept{Code: "a&b=c\x00\"é"}},
		{Refused(edge.Visit{Form: true}, domain.ErrCode), "/answer?after=form", Kept{Said: Wrong}},
		{Refused(edge.Visit{Form: true}, fault.Of(nil)), "", Kept{}},
		{Refused(edge.Visit{}, domain.ErrCode), "", Kept{}},
	} {
		if c.page.See != c.see || Read(c.page.Keep) != c.kept || strings.Contains(string(c.page.HTML), "c0de") {
			t.Errorf("see %q, keep %q, want %q, %v: %s", c.page.See, c.page.Keep, c.see, c.kept, c.page.HTML)
		}
	}
	if p := string(Ask(after("en"), Kept{}).HTML); !strings.Contains(p, said["en"].Once) {
		t.Errorf("nothing was brought back, and nobody says so: %s", p)
	}
	if p := string(Ask(from("en"), Kept{}).HTML); strings.Contains(p, said["en"].Once) {
		t.Errorf("nothing was to be brought back: %s", p)
	}
}

// What is wrong is named at its field, and the field has the focus. What is a trouble of ours
// is not said to be wrong with what was typed.
func TestTheErrorHasTheFocus(t *testing.T) {
	field := regexp.MustCompile(`<(?:input|select) id="(code|reason|ground)"[^>]*>`)
	for _, state := range states {
		name, html := state.name, string(state.page(after("en")).HTML)
		shown := field.FindString(html)
		for part, want := range map[string]bool{` autofocus`: state.trouble, ` aria-invalid="true"`: state.invalid, `aria-describedby="trouble`: state.trouble} {
			if strings.Contains(shown, part) != want {
				t.Errorf("%s: %s in %s: %t", name, part, shown, !want)
			}
		}
		if strings.Contains(html, `id="trouble" role="alert"`) != state.trouble || strings.Count(html, "autofocus") > 1 {
			t.Errorf("%s: %s", name, html)
		}
	}
}

// Whatever a browser brings back, the page has something to show, and nothing of it
// becomes markup.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "code=7KQ2", "said=wrong", "said=accepted&language=ar", "code=%00&said=%", "said=<script>&language=<script>", "a;b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := Read(s)
		if again := Read(k.write()); again != k {
			t.Errorf("%q: %v is read as %v", s, k, again)
		}
		for _, p := range []edge.Page{Ask(from("en"), k), Preview(from("en"), k, k.Language, time.UTC, offer), LetGo(from("en"), k, k.Language, offer.RespondBy), See(from("en"), k)} {
			if html := string(p.HTML); !strings.Contains(html, "</html>") || strings.Count(html, "<script") > 1 || !strings.HasPrefix(p.See+"/answer", "/answer") {
				t.Errorf("%q: %s", s, html)
			}
		}
	})
}
