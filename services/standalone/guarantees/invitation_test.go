package guarantees_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// The agency without accounts, and where it is told.
const (
	village      = "village-clinic"
	villageMail  = "canary.of.the.mine@village.test"
	villagePhone = "+999005550100"
	villageNight = "+999005550177" // what those on duty carry
)

// invited is a world in which the village clinic has no account, and channels.
func invited(t *testing.T, options ...func(*world)) *world {
	t.Helper()
	w := begin(t, options...)
	coordination := w.desk(journey.Coordination, "coordinator")
	for _, c := range []struct {
		path string
		body any
	}{
		{"/v1/agencies", map[string]any{"agency": village, "country": "GT", "services": []string{"health_medical_service"}}},
		{"/v1/channels", map[string]any{"agency": village, "language": "es", "zone": "America/Guatemala", "channels": []map[string]string{
			{"kind": "email", "address": villageMail}, {"kind": "sms", "address": villagePhone},
		}, "duty": []map[string]string{{"kind": "sms", "address": villageNight}}}},
	} {
		if err := coordination.Post(t.Context(), c.path, c.body, nil); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// referred asks the village clinic and gives the referral and its case.
func (w *world) referred() (referral, caseID string) {
	w.t.Helper()
	desk := w.desk(journey.FrontDesk, "caseworker")
	caseID = openCase(w.t.Context(), w.t, desk, village, "health_medical_service")
	return request(w.t.Context(), w.t, desk, caseID, village, "health_medical_service"), caseID
}

// told is a notice as its recipient has it.
type told struct{ typed, link, text string }

var (
	typedCode = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)
	linked    = regexp.MustCompile(`http://[^ ]+/answer#([0-9a-z]+)`)
)

// notices waits until so many were sent and gives those that name a link, in
// no order.
func (w *world) notices(n int) []told {
	w.t.Helper()
	dir := filepath.Join(w.config.Dir, "notices")
	var files []string
	w.running().until(w.t, fmt.Sprintf("%d e-mails and as many SMS", n), func() bool {
		files, _ = filepath.Glob(filepath.Join(dir, "*.eml"))
		texts, _ := filepath.Glob(filepath.Join(dir, "*.txt"))
		return len(files) >= n && len(texts) >= n
	})
	var all []told
	for _, f := range files {
		all = append(all, readNotice(w.t, f))
	}
	return all
}

func readNotice(t testing.TB, file string) told {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	link := linked.FindSubmatch(text)
	if link == nil || m.Header.Get("To") != "<"+villageMail+">" {
		t.Fatalf("a notice to %s: %s", m.Header.Get("To"), text)
	}
	return told{typed: typedCode.FindString(string(text)), link: string(link[1]), text: string(text)}
}

// fresh is the notice that was not there before.
func fresh(t testing.TB, before, after []told) told {
	t.Helper()
	for _, a := range after {
		known := false
		for _, b := range before {
			known = known || a == b
		}
		if !known {
			return a
		}
	}
	t.Fatal("no new notice")
	return told{}
}

// anybody has no token.
func (w *world) anybody() office.Desk { return office.Desk{Base: w.Base(), HTTP: w.http} }

// say posts JSON without a token and without a key.
func (w *world) say(path string, body map[string]string) office.Answer {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.anybody().Do(w.t.Context(), http.MethodPost, path, raw, http.Header{"Content-Type": {"application/json"}})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) opened(code string) office.Answer {
	return w.say("/v1/answers/open", map[string]string{"code": code})
}

func (w *world) status(referral string) (status, reason string) {
	w.t.Helper()
	var r struct {
		Status string `json:"status"`
		Reason string `json:"decline_reason"`
	}
	if err := w.desk(journey.FrontDesk, "caseworker").Get(w.t.Context(), "/v1/referrals/"+referral, &r); err != nil {
		w.t.Fatal(err)
	}
	return r.Status, r.Reason
}

// other changes the last character of a code into another of the alphabet.
func other(code string, n int) string {
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	last := strings.IndexByte(alphabet, strings.ToLower(code)[len(code)-1])
	return code[:len(code)-1] + string(alphabet[(last+1+n)%len(alphabet)])
}

// An agency without an account is told that something waits, sees what it
// needs for its answer, and answers once; the sender sees the answer.
func TestAnAgencyWithoutAnAccountAnswers(t *testing.T) {
	w := invited(t)
	referral, _ := w.referred()
	first := w.notices(1)
	n := first[0]

	var offer map[string]string
	if a := w.opened(strings.ToLower(strings.ReplaceAll(n.typed, "-", " "))); a.Status != 200 || json.Unmarshal(a.Body, &offer) != nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if len(offer) != 3 || offer["service"] != "health_medical_service" || offer["urgency"] == "" || offer["respond_by"] == "" {
		t.Errorf("before the answer it sees %v", offer)
	}
	accept := map[string]string{"code": n.link, "answer": "accept"}
	for _, code := range []string{n.link, n.link, n.typed} { // again, and by its other form
		accept["code"] = code
		if a := w.say("/v1/answers", accept); a.Status != 200 || string(a.Body) != `{"answer":"accept"}` {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if status, _ := w.status(referral); status != "accepted" {
		t.Errorf("the referral is %s", status)
	}
	var history struct {
		Items []struct{ Event, Agency string }
	}
	if err := w.desk(journey.FrontDesk, "caseworker").Get(t.Context(), "/v1/referrals/"+referral+"/history", &history); err != nil {
		t.Fatal(err)
	}
	if last := history.Items[len(history.Items)-1]; last.Event != "referral.accepted.v1" || last.Agency != village || len(history.Items) != 3 {
		t.Errorf("history %v", history.Items)
	}

	// Whatever is wrong with a code: one answer.
	want := w.opened("0000-0000-0000")
	same := func(why string, a office.Answer) {
		t.Helper()
		trace := regexp.MustCompile(`"trace_id":"[0-9a-f]*"`)
		if a.Status != 404 || !bytes.Equal(trace.ReplaceAll(a.Body, nil), trace.ReplaceAll(want.Body, nil)) {
			t.Errorf("%s: %d %s", why, a.Status, a.Body)
		}
	}
	same("used", w.opened(n.typed))
	same("used, another answer", w.say("/v1/answers", map[string]string{"code": n.typed, "answer": "decline", "reason": "at_capacity"}))
	same("no code at all", w.opened("?"))

	// Another referral: its code is its own, and five wrong ones lock what is typed. The
	// sender sees that. The link is heard.
	locked, _ := w.referred()
	n = fresh(t, first, w.notices(2))
	w.standing(locked, "told")
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() { same("wrong", w.opened(other(n.typed, i))) })
	}
	wg.Wait()
	same("locked", w.opened(n.typed))
	if status, _ := w.status(locked); status != "requested" {
		t.Errorf("behind the lock the referral is %s", status)
	}
	w.standing(locked, "locked")
	for i := range 12 {
		same("wrong, by a link", w.opened(other(n.link, i)))
	}
	if a := w.opened(n.link); a.Status != 200 {
		t.Errorf("wrong tries of others cost the right link: %d %s", a.Status, a.Body)
	}
	w.idle()
	// Only who has channels is worth an invitation.
	desk := w.desk(journey.FrontDesk, "caseworker")
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	request(t.Context(), t, desk, openCase(t.Context(), t, desk, journey.Counselling, "psychosocial_service"), journey.Counselling, "psychosocial_service")
	w.idle()
	came := map[string]int{}
	for _, m := range stored(t, w.Bus, "EVENTS") {
		came[strings.Split(m.Subject, ".")[3]]++
	}
	if came["invitation_tried"] != 5 || came["invitation_wanted"] != 2 || came["requested"] != 3 {
		t.Errorf("%d tries were taken; of %d referrals %d are to be told", came["invitation_tried"], came["requested"], came["invitation_wanted"])
	}

	// A decline says why, and a reason without a decline says nothing.
	all := w.notices(2)
	declined, _ := w.referred()
	n = fresh(t, all, w.notices(3))
	for _, body := range []map[string]string{{"answer": "decline"}, {"answer": "accept", "reason": "at_capacity"}} {
		body["code"] = n.typed
		if a := w.say("/v1/answers", body); a.Status != 422 || !strings.Contains(string(a.Body), "/reason") {
			t.Errorf("%v: %d %s", body, a.Status, a.Body)
		}
	}
	if a := w.say("/v1/answers", map[string]string{"code": n.typed, "answer": "decline", "reason": "at_capacity"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if status, reason := w.status(declined); status != "declined" || reason != "at_capacity" {
		t.Errorf("the referral is %s, %s", status, reason)
	}

	// Withdrawn is withdrawn, also for whoever has a code.
	all = w.notices(3)
	withdrawn, caseID := w.referred()
	n = fresh(t, all, w.notices(4))
	w.withdraw(caseID, withdrawn)
	same("withdrawn", w.opened(n.typed))
	same("withdrawn, answered", w.say("/v1/answers", map[string]string{"code": n.typed, "answer": "accept"}))
}

// standing waits until the sender sees the one invitation of a referral so.
func (w *world) standing(referral, want string) {
	w.t.Helper()
	type invitation struct {
		Agency, State string
		LockedUntil   string `json:"locked_until"`
	}
	var all struct{ Items []invitation }
	w.sees(w.desk(journey.FrontDesk, "caseworker"), "/v1/referrals/"+referral+"/invitations", &all, func() bool {
		items := all.Items
		all.Items = nil
		return len(items) == 1 && items[0].Agency == village && items[0].State == want && (want == "locked") == (items[0].LockedUntil != "")
	})
}

// A number is replaced while something waits. What the old one was told opens nothing
// from that instant on; the new one is told.
func TestCodesEndWithTheirChannel(t *testing.T) {
	w := invited(t)
	referral, _ := w.referred()
	first := w.notices(1)
	coordination := w.desk(journey.Coordination, "coordinator")
	set := func(language string, channels ...map[string]string) {
		t.Helper()
		if channels == nil {
			channels = []map[string]string{}
		}
		if err := coordination.Post(t.Context(), "/v1/channels", map[string]any{"agency": village, "language": language, "channels": channels}, nil); err != nil {
			t.Fatal(err)
		}
	}
	mailed := map[string]string{"kind": "email", "address": villageMail}
	gone := func(why string, n told) {
		t.Helper()
		for _, code := range []string{n.typed, n.link} {
			if a := w.opened(code); a.Status != 404 {
				t.Errorf("%s: it opens: %d %s", why, a.Status, a.Body)
			}
			if a := w.say("/v1/answers", map[string]string{"code": code, "answer": "accept"}); a.Status != 404 {
				t.Errorf("%s: it answers: %d %s", why, a.Status, a.Body)
			}
		}
	}
	// Another language is no other channel.
	set("en", mailed, map[string]string{"kind": "sms", "address": villagePhone})
	if a := w.opened(first[0].link); a.Status != 200 {
		t.Errorf("another language ended the code: %d", a.Status)
	}
	// The number goes.
	set("en", mailed, map[string]string{"kind": "sms", "address": "+999005550199"})
	gone("told to a number that went", first[0])
	second := w.notices(2)
	n := fresh(t, first, second)
	if a := w.opened(n.typed); a.Status != 200 {
		t.Errorf("what was told to the new one: %d %s", a.Status, a.Body)
	}
	texts, err := filepath.Glob(filepath.Join(w.config.Dir, "notices", "*.txt"))
	if err != nil || len(texts) != 2 {
		t.Fatal(texts, err)
	}
	numbers := ""
	for _, file := range texts {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		numbers += string(raw)
	}
	if !strings.Contains(numbers, "To: +999005550199\n") || !strings.Contains(numbers, n.typed) {
		t.Errorf("the new number was not told: %s", numbers)
	}
	w.standing(referral, "told")
	// No channel is left: nothing opens, and nobody is told.
	set("en")
	gone("told to a channel that went, and there is none", n)
	w.standing(referral, "not_told")
	// What waits while there is none is told to the first one that there is.
	waiting, _ := w.referred()
	set("es", mailed)
	w.running().until(t, "both are told to the one channel", func() bool {
		files, _ := filepath.Glob(filepath.Join(w.config.Dir, "notices", "*.eml"))
		return len(files) == 4
	})
	for _, r := range []string{referral, waiting} {
		w.standing(r, "told")
	}
}

// The sender of a referral sends new codes; those before end. Nobody else sees the
// invitation, and there must be somebody to invite.
func TestTheSenderSendsNewCodes(t *testing.T) {
	w := invited(t)
	referral, _ := w.referred()
	first := w.notices(1)
	desk := w.desk(journey.FrontDesk, "caseworker")
	for i := range 5 {
		w.opened(other(first[0].typed, i))
	}
	w.standing(referral, "locked")
	invite := "/v1/referrals/" + referral + "/invite"
	for who, want := range map[[2]string]int{
		{journey.Counselling, "focal_point"}: 404,
		{village, "focal_point"}:             404, // the asked agency is not the sender
		{journey.Counselling, "counsellor"}:  403,
	} {
		if a := post(t.Context(), t, w.desk(who[0], who[1]), invite, uuid.NewString(), `{}`); a.Status != want {
			t.Errorf("%s invites: %d %s", who, a.Status, a.Body)
		}
		a, err := w.desk(who[0], who[1]).Do(t.Context(), http.MethodGet, "/v1/referrals/"+referral+"/invitations", nil, nil)
		if err != nil || a.Status != 404 {
			t.Errorf("%s sees the invitation: %d %s %v", who, a.Status, a.Body, err)
		}
	}
	if a := post(t.Context(), t, desk, invite, uuid.NewString(), `{"agency":"`+journey.Counselling+`"}`); a.Status != 409 || !bytes.Contains(a.Body, []byte("nobody_to_invite")) {
		t.Errorf("an agency that is not asked: %d %s", a.Status, a.Body)
	}
	key := uuid.NewString()
	for range 2 { // the same request again is the same
		if a := post(t.Context(), t, desk, invite, key, `{"agency":"`+village+`"}`); a.Status != 200 || bytes.Contains(bytes.ToLower(a.Body), []byte("village.test")) {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	n := fresh(t, first, w.notices(2))
	for _, code := range []string{first[0].typed, first[0].link} {
		if a := w.opened(code); a.Status != 404 {
			t.Errorf("a code from before opens: %d", a.Status)
		}
	}
	w.standing(referral, "told")
	if a := w.say("/v1/answers", map[string]string{"code": n.typed, "answer": "accept"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	w.standing(referral, "answered")
	if a := post(t.Context(), t, desk, invite, uuid.NewString(), `{}`); a.Status != 409 {
		t.Errorf("after the answer: %d %s", a.Status, a.Body)
	}
	w.idle()
	if all := w.notices(2); len(all) != 2 {
		t.Errorf("%d notices", len(all))
	}
}

// The agency without accounts answered, was told to be done, and is asked again on a new
// consent. It gets a new notice; the code of before opens nothing and says nothing again.
// Then her consent ends, and the sender sees and renews the code to let go, too.
func TestAResumedReferralInvitesAnew(t *testing.T) {
	w := invited(t)
	referral, caseID := w.referred()
	first := w.notices(1)
	accept := func(code string) int {
		return w.say("/v1/answers", map[string]string{"code": code, "answer": "accept"}).Status
	}
	if got := accept(first[0].typed); got != 200 {
		t.Fatalf("the first answer: %d", got)
	}
	desk := w.desk(journey.FrontDesk, "caseworker")
	do := func(path string, body m) {
		t.Helper()
		if err := desk.Post(t.Context(), path, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	of := "/v1/referrals/" + referral
	do(of+"/complete", m{"outcome": "needs_partly_met"})
	w.becomes(desk, "/v1/cases/"+caseID, status("finished"))
	do("/v1/cases/"+caseID+"/consents", consent(village, "health_medical_service"))
	do("/v1/cases/"+caseID+"/resume", m{"referral": referral})
	second := w.notices(2)
	n := fresh(t, first, second)
	for _, code := range []string{first[0].typed, first[0].link} {
		if a := w.opened(code); a.Status != 404 || accept(code) != 404 {
			t.Errorf("a code of the round before: %d %s", a.Status, a.Body)
		}
	}
	if s, _ := w.status(referral); s != "requested" {
		t.Errorf("after the old code the referral is %s", s)
	}
	if a := w.opened(n.link); a.Status != 200 || accept(n.typed) != 200 {
		t.Errorf("the new code: %d %s", a.Status, a.Body)
	}
	// It has no account in this round either: the desk tells for it.
	do(of+"/start", m{})
	w.withdraw(caseID, referral)
	third := w.notices(3)
	type invitation struct{ Kind, State string }
	var all struct{ Items []invitation }
	w.sees(desk, of+"/invitations", &all, func() bool {
		items := all.Items
		all.Items = nil
		return slices.Equal(items, []invitation{{"invitation", "answered"}, {"stop_contact", "told"}, {"invitation", "answered"}})
	})
	do(of+"/invite", m{"agency": village})
	letGo := fresh(t, third, w.notices(4))
	if letGo.text == n.text || !strings.Contains(letGo.text, "Algo ha terminado") {
		t.Errorf("the new code to let go: %s", letGo.text)
	}
}

// withdraw takes back the consents of a case and waits until the referral knows.
func (w *world) withdraw(caseID, referral string) {
	w.t.Helper()
	desk := w.desk(journey.FrontDesk, "caseworker")
	var c struct {
		Consents []struct {
			ID string `json:"id"`
		} `json:"consents"`
	}
	if err := desk.Get(w.t.Context(), "/v1/cases/"+caseID, &c); err != nil {
		w.t.Fatal(err)
	}
	for _, consent := range c.Consents {
		if err := desk.Post(w.t.Context(), "/v1/cases/"+caseID+"/consents/withdraw", map[string]any{"consent": consent.ID}, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	w.becomes(desk, "/v1/referrals/"+referral, status("withdrawn"))
}

// Where an agency is told is for itself and for coordinators.
func TestChannelsAreTheAgencysOwn(t *testing.T) {
	w := invited(t)
	for who, want := range map[[2]string]int{
		{village, "focal_point"}:              200,
		{journey.Coordination, "coordinator"}: 200,
		{journey.Counselling, "focal_point"}:  404,
		{journey.FrontDesk, "caseworker"}:     403,
	} {
		a, err := w.desk(who[0], who[1]).Do(t.Context(), http.MethodGet, "/v1/channels/"+village, nil, nil)
		if err != nil || a.Status != want || (want == 200) != strings.Contains(string(a.Body), villageMail) {
			t.Errorf("%s: %d %s %v", who, a.Status, a.Body, err)
		}
		for _, path := range []string{"/v1/agencies", "/v1/agencies/" + village} {
			if a, err := w.desk(who[0], who[1]).Do(t.Context(), http.MethodGet, path, nil, nil); err != nil || strings.Contains(string(a.Body), "village.test") {
				t.Errorf("%s sees %s: %s %v", who, path, a.Body, err)
			}
		}
	}
	for _, right := range []string{"(+502) 5555-0100", "\u200e+٥٠٢ ٥٥٥٥ ٠١٠٠"} {
		a := post(t.Context(), t, w.desk(village, "focal_point"), "/v1/channels", uuid.NewString(), `{"agency":"`+village+`","language":"en","channels":[{"kind":"sms","address":"`+right+`"}]}`)
		if a.Status != 200 || !strings.Contains(string(a.Body), right) {
			t.Errorf("%s: %d %s", right, a.Status, a.Body)
		}
	}
	other := w.desk(journey.Counselling, "focal_point")
	if a := post(t.Context(), t, other, "/v1/channels", uuid.NewString(), `{"agency":"`+village+`","language":"en","channels":[]}`); a.Status != 403 {
		t.Errorf("another agency set them: %d", a.Status)
	}
	for _, wrong := range []string{
		`{"kind":"email","address":"+999005550100"}`, `{"kind":"sms","address":"a@b.test"}`, `{"kind":"sms","address":"0100"}`, `{"kind":"fax","address":"+999005550100"}`,
	} {
		a := post(t.Context(), t, w.desk(village, "focal_point"), "/v1/channels", uuid.NewString(), `{"agency":"`+village+`","language":"en","channels":[`+wrong+`]}`)
		if a.Status != 422 || strings.Contains(string(a.Body), "0100") || strings.Contains(string(a.Body), "b.test") {
			t.Errorf("%s: %d %s", wrong, a.Status, a.Body)
		}
	}
}

// The page works as a plain form. It is looked at without its script: what the
// script does is to fill in and send the same form. A form sends the browser on, so
// that loading the page anew repeats nothing, and no address holds the code.
func TestThePageForAnswers(t *testing.T) {
	w := invited(t)
	referral, _ := w.referred()
	n := w.notices(1)[0]
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := office.Desk{Base: w.Base(), HTTP: &http.Client{Transport: w.http.Transport, Timeout: w.http.Timeout, Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path != "/answer" || strings.Contains(strings.ToLower(r.URL.String()), n.link[:8]) {
			t.Errorf("sent on to %s", r.URL)
		}
		return nil
	}}}
	browse := func(at string, form url.Values, language string) office.Answer {
		t.Helper()
		method, header := http.MethodGet, http.Header{"Accept-Language": {language}}
		if form != nil {
			method = http.MethodPost
			header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		a, err := browser.Do(t.Context(), method, at, []byte(form.Encode()), header)
		if err != nil {
			t.Fatal(err)
		}
		policy := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") ||
			a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("headers %v", a.Header)
		}
		if bytes.Contains(a.Body, []byte("://")) || bytes.Contains(a.Body, []byte(referral)) || bytes.Contains(a.Body, []byte(village)) {
			t.Errorf("the page holds an address or a name: %s", a.Body)
		}
		return a
	}
	keep := func(name string, a office.Answer) {
		if dir := os.Getenv("SANAD_TEST_PAGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".html"), a.Body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	before := browse("/answer", nil, "ar-EG,ar;q=0.9,en;q=0.8")
	keep("1-ask-ar", before)
	if !bytes.Contains(before.Body, []byte(`dir="rtl"`)) || bytes.Contains(before.Body, []byte("Health")) {
		t.Errorf("%s", before.Body)
	}
	wrong := browse("/answer?language=en", url.Values{"code": {`"><script>alert(1)</script>`}}, "fr")
	keep("2-wrong-en", wrong)
	if wrong.Status != 200 || bytes.Contains(wrong.Body, []byte("alert(1)")) || !bytes.Contains(wrong.Body, []byte(`aria-invalid="true"`)) || !bytes.Contains(wrong.Body, []byte("This code does not hold")) {
		t.Errorf("%d %s", wrong.Status, wrong.Body)
	}
	if twice, err := w.anybody().Do(t.Context(), http.MethodPost, "/answer", []byte("code=1&code=2"), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}); err != nil || twice.Status != 400 {
		t.Errorf("a field twice: %d %v", twice.Status, err)
	}
	shown := browse("/answer", url.Values{"code": {n.link}}, "en")
	keep("3-offer-es", shown)
	// The agency's language and clock, not the browser's.
	if shown.Status != 200 || !bytes.Contains(shown.Body, []byte("Atención de salud")) || !bytes.Contains(shown.Body, []byte("America/Guatemala, UTC-06:00")) {
		t.Errorf("%d %s", shown.Status, shown.Body)
	}
	if anew := browse("/answer?after=form", nil, "en"); bytes.Contains(anew.Body, []byte("Atención")) || !bytes.Contains(anew.Body, []byte("shown once")) {
		t.Errorf("anew: %s", anew.Body)
	}
	chosen := browse("/answer?language=ar", url.Values{"code": {"\u200e" + n.typed}}, "en")
	keep("4-offer-ar", chosen)
	if !bytes.Contains(chosen.Body, []byte(`<html lang="ar" dir="rtl">`)) || !bytes.Contains(chosen.Body, []byte("رعاية صحية")) {
		t.Errorf("another language: %s", chosen.Body)
	}
	reasonless := browse("/answer", url.Values{"code": {n.link}, "answer": {"decline"}, "reason": {""}}, "en")
	keep("5-reasonless-es", reasonless)
	if status, _ := w.status(referral); status != "requested" || !bytes.Contains(reasonless.Body, []byte(`<select id="reason" name="reason" required aria-invalid="true"`)) {
		t.Errorf("the referral is %s: %s", status, reasonless.Body)
	}
	done := browse("/answer", url.Values{"code": {n.link}, "answer": {"decline"}, "reason": {"out_of_area"}}, "en")
	keep("6-thanks-es", done)
	if status, reason := w.status(referral); !bytes.Contains(done.Body, []byte("Ha rechazado")) || status != "declined" || reason != "out_of_area" {
		t.Errorf("%s, the referral is %s, %s", done.Body, status, reason)
	}
	// Another language says the same again, and is kept.
	thanks := browse("/answer?language=ar", url.Values{"said": {"declined"}}, "es")
	keep("7-thanks-ar", thanks)
	if !bytes.Contains(thanks.Body, []byte("<title>لقد رفضتم</title>")) || !bytes.Contains(thanks.Body, []byte(`formaction="/answer?language=es"`)) {
		t.Errorf("in another language: %s", thanks.Body)
	}
	if again := browse("/answer?language=ru", url.Values{"code": {n.link}}, "es"); !bytes.Contains(again.Body, []byte("<title>Код не подходит</title>")) || !bytes.Contains(again.Body, []byte(`action="/answer?language=ru"`)) {
		t.Errorf("a code that was used: %s", again.Body)
	}
	if odd := browse("/answer?language=ar", url.Values{"said": {"<script>"}}, "es"); !bytes.Contains(odd.Body, []byte("<title>الرمز غير صالح</title>")) {
		t.Errorf("what the page never said: %s", odd.Body)
	}
	if anew := browse("/answer?after=form", nil, "es"); bytes.Contains(anew.Body, []byte("Ha rechazado")) {
		t.Errorf("anew: %s", anew.Body)
	}
}

// A code that was told once is told again by a process that died before it
// knew that it was: with another code, and the first no longer holds.
func TestNoticesSurviveARestart(t *testing.T) {
	blocked := ""
	w := invited(t, func(w *world) {
		// The folder is a file: nothing can be written into it.
		blocked = filepath.Join(w.config.Dir, "notices")
		if err := os.WriteFile(blocked, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	referral, _ := w.referred()
	w.running().until(t, "something is tried", func() bool {
		n, _ := total(w.running().metrics(t.Context()), `sanad_notices_total{channel="email",kind="invitation",outcome="unsent"}`)
		return n > 0
	})
	w.restart(func(string) {
		if err := os.Remove(blocked); err != nil {
			t.Fatal(err)
		}
	})
	n := w.notices(1)[0]
	if a := w.say("/v1/answers", map[string]string{"code": n.typed, "answer": "accept"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if status, _ := w.status(referral); status != "accepted" {
		t.Errorf("the referral is %s", status)
	}
	// Told is told: a third start sends nothing.
	w.restart(nil)
	w.idle()
	if all := w.notices(1); len(all) != 1 {
		t.Errorf("%d notices", len(all))
	}
}

// One address can try so many codes and no more; agencies go on.
func TestGuessesAreBoundedByAddress(t *testing.T) {
	w := invited(t, func(w *world) { w.config.Service.AnonymousPerSecond = 3 })
	answers := map[int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			a := w.opened(fmt.Sprintf("%012d", i))
			mu.Lock()
			defer mu.Unlock()
			answers[a.Status]++
		})
	}
	wg.Wait()
	if answers[404] < 6 || answers[404] > 20 || answers[404]+answers[429] != 60 {
		t.Errorf("answers %v", answers)
	}
	if err := w.desk(journey.Coordination, "coordinator").Get(t.Context(), "/v1/agencies", nil); err != nil {
		t.Error(err)
	}
}

// No address and no code leaves the notice: not in logs, spans, metrics,
// events, errors or the files of the database.
func TestInvitationsLeaveNoTrace(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	w := invited(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	w.referred()
	n := w.notices(1)[0]
	for _, code := range []string{other(n.typed, 1), other(n.link, 1), n.typed} {
		if a := w.opened(code); bytes.Contains(a.Body, []byte(code)) {
			t.Errorf("the answer repeats the code: %s", a.Body)
		}
	}
	if a := w.say("/v1/answers", map[string]string{"code": n.link, "answer": "accept"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	places := w.left(spans)
	files, err := filepath.Glob(filepath.Join(network.DatabaseDir(w.config.Dir), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if raw, err := os.ReadFile(f); err == nil {
			places["files"] = append(places["files"], raw...)
		}
	}
	for _, seen := range []string{"stream EVENTS", "spans", "logs", "files", "metrics"} {
		if len(places[seen]) == 0 {
			t.Errorf("%s: nothing was looked at", seen)
		}
	}
	if !bytes.Contains(places["stream EVENTS"], []byte("invitation_used")) {
		t.Error("the answer is not among the events")
	}
	for place, text := range places {
		lower := bytes.ToLower(text)
		for _, secret := range []string{
			villageMail, "village.test", villagePhone, villageNight, n.typed, strings.ReplaceAll(n.typed, "-", ""), n.link, n.link[4:],
		} {
			if bytes.Contains(lower, []byte(strings.ToLower(secret))) {
				t.Errorf("%s: holds %q", place, secret)
			}
		}
	}
}
