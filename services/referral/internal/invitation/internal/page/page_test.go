package page

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

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
		for _, p := range []string{string(Ask(string(l)).HTML), string(Refused(string(l), domain.ErrCode).HTML), string(Refused(string(l), fault.Of(nil)).HTML)} {
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

// A person with a code of a record in quarantine is told what to do, and not that
// the code is wrong.
func TestWhatIsClosedIsSaidInWords(t *testing.T) {
	for _, l := range code.NoticeLanguages {
		p := string(Refused(string(l), fault.New(fault.Unavailable, fault.Quarantined, "x")).HTML)
		if !strings.Contains(p, said[l].Closed) || strings.Contains(p, said[l].Wrong) || strings.Contains(p, said[l].Failed) {
			t.Errorf("%s: %s", l, p)
		}
	}
}

func TestWhatWasTypedDoesNotBecomeMarkup(t *testing.T) {
	p := string(Preview(code.English, `"><script>x`, domain.Preview{Service: code.LegalAssistance, Urgency: code.Urgent, RespondBy: time.Unix(0, 0)}).HTML)
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
