package guarantees_test

import (
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// She takes her consent back. The agency without accounts is told to stop, opens the page
// with the code, and says which law keeps its notes. Her desk sees what it said. The words
// that it typed are in no event, log, span, metric and address, and the page names nobody.
func TestAnAgencyWithoutAnAccountStopsAndSaysSo(t *testing.T) {
	const ground = "Canary Act 1907, section 12"
	spans := tracetest.NewSpanRecorder()
	w := invited(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	referral, caseID := w.referred()
	first := w.notices(1)
	if a := w.say("/v1/answers", map[string]string{"code": first[0].typed, "answer": "accept"}); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	desk := w.desk(journey.FrontDesk, "caseworker")
	c := w.becomes(desk, "/v1/cases/"+caseID, func(view) bool { return true })
	if err := desk.Post(t.Context(), "/v1/cases/"+caseID+"/consents/withdraw", m{"consent": c.Consents[0].ID}, nil); err != nil {
		t.Fatal(err)
	}
	n := fresh(t, first, w.notices(2))
	if !strings.Contains(n.text, "Algo ha terminado") {
		t.Errorf("the notice: %s", n.text)
	}

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := office.Desk{Base: w.Base(), HTTP: &http.Client{Transport: w.http.Transport, Timeout: w.http.Timeout, Jar: jar}}
	browse := func(name string, form url.Values) office.Answer {
		t.Helper()
		a, err := browser.Do(t.Context(), http.MethodPost, "/answer", []byte(form.Encode()), http.Header{
			"Accept-Language": {"en"}, "Content-Type": {"application/x-www-form-urlencoded"},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, names := range []string{"://", referral, caseID, village, "Atención de salud", "health", "Canary"} {
			if bytes.Contains(a.Body, []byte(names)) {
				t.Errorf("%s: the page holds %s: %s", name, names, a.Body)
			}
		}
		if dir := os.Getenv("SANAD_TEST_PAGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".html"), a.Body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return a
	}
	if a := browse("7-ended-es", url.Values{"code": {n.link}}); !bytes.Contains(a.Body, []byte("Ha terminado.")) || !bytes.Contains(a.Body, []byte(`value="kept_by_law"`)) {
		t.Errorf("the page: %s", a.Body)
	}
	// What is not whole is asked again, and neither a wrong code nor the one of before is
	// told from a right one by how it is refused.
	kept := func(code, until string) url.Values {
		return url.Values{"code": {code}, "erasure": {"kept_by_law"}, "ground": {ground}, "until": {until}, "told": {"no"}}
	}
	if a := browse("8-unsaid-es", kept(n.link, time.Now().AddDate(-1, 0, 0).Format(time.DateOnly))); !bytes.Contains(a.Body, []byte("un día en el futuro")) {
		t.Errorf("a day that is past: %s", a.Body)
	}
	until := time.Now().UTC().AddDate(2, 0, 0)
	var refused [][]byte
	for _, code := range []string{other(n.link, 1), other(n.typed, 1), first[0].link} {
		refused = append(refused, browse("9-wrong-en", kept(code, until.Format(time.DateOnly))).Body)
	}
	for _, r := range refused {
		if !bytes.Equal(r, refused[0]) || !bytes.Contains(r, []byte("This code does not hold")) {
			t.Errorf("a code that does not hold: %s", r)
		}
	}
	for _, path := range []string{"/v1/answers/open", "/v1/answers"} {
		body := map[string]string{"code": n.link}
		if path == "/v1/answers" {
			body["answer"] = "accept"
		}
		if a := w.say(path, body); a.Status != 404 {
			t.Errorf("%s with the code to let go: %d %s", path, a.Status, a.Body)
		}
	}
	for range 2 { // the form is sent twice
		if a := browse("10-noted-es", kept(n.typed, until.Format(time.DateOnly))); !bytes.Contains(a.Body, []byte("Queda anotado")) {
			t.Errorf("said: %s", a.Body)
		}
	}
	var seen struct {
		Erasure       string `json:"erasure"`
		ToAcknowledge bool   `json:"to_acknowledge"`
		Kept          struct {
			Ground string    `json:"ground"`
			Until  time.Time `json:"until"`
			Told   bool      `json:"she_was_told"`
		} `json:"kept"`
	}
	if err := desk.Get(t.Context(), "/v1/referrals/"+referral, &seen); err != nil {
		t.Fatal(err)
	}
	// The last day ends on the agency's clock, which is six hours behind UTC.
	end := time.Date(until.Year(), until.Month(), until.Day()+1, 6, 0, 0, 0, time.UTC)
	if seen.Erasure != "kept_by_law" || seen.ToAcknowledge || seen.Kept.Ground != ground || !seen.Kept.Until.Equal(end) || seen.Kept.Told {
		t.Errorf("her desk sees %+v, want until %s", seen, end)
	}
	if a := browse("11-used-en", url.Values{"code": {n.link}}); !bytes.Equal(a.Body, refused[0]) {
		t.Errorf("a code that was used: %s", a.Body)
	}
	places := w.left(spans)
	if !bytes.Contains(places["stream EVENTS"], []byte("acknowledged")) {
		t.Error("what it said is not among the events")
	}
	for place, text := range places {
		for _, secret := range []string{"canary act", "section 12", n.link, strings.ToLower(n.typed)} {
			if bytes.Contains(bytes.ToLower(text), []byte(secret)) {
				t.Errorf("%s: holds %q", place, secret)
			}
		}
	}
}
