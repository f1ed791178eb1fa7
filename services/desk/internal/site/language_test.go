package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/form"
	"github.com/sanad-network/sanad/services/desk/internal/session"
	"github.com/sanad-network/sanad/services/desk/internal/words/wordstest"
)

// signInIn is the page of sign-in for a browser that asks for a language.
func signInIn(t *testing.T, accept string) string {
	t.Helper()
	pages := New(Config{
		Sessions: session.New("sanad", time.Minute, time.Now), Words: wordstest.Open(t), Logger: slog.New(slog.DiscardHandler),
		Code: func(context.Context, string) (string, error) { return "", ErrCode },
	})
	r := httptest.NewRequest(http.MethodGet, "http://localhost/desk/", nil)
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Accept-Language", accept)
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("sign-in is answered with %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestAPageSaysInWhichLanguageItIs(t *testing.T) {
	for accept, want := range map[string][]string{
		"en":    {`<html lang="en" dir="ltr">`, "Sign in"},
		"es-GT": {`<html lang="es" dir="ltr">`, "Iniciar sesión", "Ninguna persona de habla materna"},
		"ar-PS": {`<html lang="ar" dir="rtl">`, "تسجيل الدخول"},
		// There are no texts in French: a browser must read the page aloud as English, but for
		// the sentence that says so.
		"fr": {`<html lang="en" dir="ltr">`, "Sign in", `lang="fr">Ces textes`},
	} {
		page := signInIn(t, accept)
		for _, part := range want {
			if !strings.Contains(page, part) {
				t.Errorf("%s: %q is not in the page", accept, part)
			}
		}
	}
}

// In the language of tests every text is between brackets: one that is not was cut off, or
// stands in the page.
func TestEveryTextOfSignInIsOfTheTexts(t *testing.T) {
	page := signInIn(t, wordstest.Tag)
	main := page[strings.Index(page, "<body"):]
	main = regexp.MustCompile(`(?s)<select.*?</select>`).ReplaceAllString(main, "") // names of languages are in their own
	texts := 0
	for _, text := range regexp.MustCompile(`>([^<]*)<`).FindAllStringSubmatch(main, -1) {
		one := strings.TrimSpace(text[1])
		if one == "" {
			continue
		}
		texts++
		if !strings.HasPrefix(one, "⟦") || !strings.HasSuffix(one, "⟧") {
			t.Errorf("%q is not a text of the texts, or a part of one", one)
		}
	}
	if texts < 6 {
		t.Errorf("the page has %d texts", texts)
	}
}

// A rule without words is what a service said, in English: the page marks it.
func TestARuleWithoutWordsIsMarkedAsEnglish(t *testing.T) {
	v := &visit{W: wordstest.Open(t).In("ar", time.UTC)}
	for rule, want := range map[string]string{
		"required":           "هذا لازم.",
		"a rule of tomorrow": `<span lang="en" dir="ltr">a rule of tomorrow</span>`,
	} {
		var b strings.Builder
		if err := fault(v, form.Field{Name: "/x", Fault: rule}).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is shown as %s", rule, b.String())
		}
	}
}

// After its end an agency sees of a referral how it stands, and no more: the page must have a
// heading all the same, and no name of a value without the value.
func TestAReferralAfterItsEndHasAHeading(t *testing.T) {
	v := &visit{
		Request: httptest.NewRequest(http.MethodGet, "/desk/referrals/ref_1", nil),
		site:    &Site{cfg: Config{Sessions: session.New("sanad", time.Minute, time.Now)}},
		W:       wordstest.Open(t).In("en", time.UTC),
	}
	var b strings.Builder
	if err := referralPage(v, referral{ID: "ref_1", Status: "completed"}, "", nil, invitations{}).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if !strings.Contains(page, "<h1>Referral</h1>") || regexp.MustCompile(`<(h1|dd)>\s*</`).MatchString(page) {
		t.Errorf("the page has no heading, or a name without a value: %s", page)
	}
}
