package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/docs"
	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/words/wordstest"
)

// alerts are those of a network with Prometheus: what each asks, by name.
func alerts(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../../deploy/prometheus/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			all[r.Alert] = r.Expr
		}
	}
	if len(all) < 15 {
		t.Fatalf("there are %d alerts", len(all))
	}
	return all
}

// Each alert is on the console, or it needs more than one look: a new one must decide. Each
// has a runbook here, and those of the console have words and ask what Prometheus asks.
func TestEachAlertIsOnTheConsoleOrNeedsMoreThanALook(t *testing.T) {
	books, err := ReadRunbooks(docs.Files, "/console/runbooks/")
	if err != nil {
		t.Fatal(err)
	}
	text := wordstest.Open(t)
	all := alerts(t)
	seen := slices.Clone(unwatched)
	for _, w := range watch {
		seen = append(seen, w.runbook)
		if !text.Has("console.stuck." + w.about) {
			t.Errorf("%s has no words", w.runbook)
		}
		if !strings.Contains(all[w.runbook], w.metric) {
			t.Errorf("%s asks %s, and Prometheus does not", w.runbook, w.metric)
		}
		for _, l := range w.labels {
			for _, value := range l.Any {
				if !strings.Contains(all[w.runbook], value) {
					t.Errorf("%s asks %s=%s, and Prometheus does not", w.runbook, l.Name, value)
				}
			}
		}
	}
	for name := range all {
		if !slices.Contains(seen, name) {
			t.Errorf("%s is neither on the console nor said to need more than a look", name)
		}
		if books[name].Title == "" {
			t.Errorf("%s has no runbook", name)
		}
	}
	if len(seen) != len(all) {
		t.Errorf("the console has %d alerts, Prometheus %d", len(seen), len(all))
	}
}

var (
	href = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	tags = regexp.MustCompile(`</?([a-z0-9]+)`)
)

// A runbook leads to runbooks, and to sections that are there. Nothing in it loads or styles
// anything.
func TestRunbooksLeadNowhereElse(t *testing.T) {
	const under = "/console/runbooks/"
	books, err := ReadRunbooks(docs.Files, under)
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for name, r := range books {
		for _, m := range href.FindAllStringSubmatch(r.HTML, -1) {
			links++
			to, section, _ := strings.Cut(m[1], "#")
			target := name
			if to != "" {
				target = strings.TrimPrefix(to, under)
			}
			if section != "" && !strings.Contains(books[target].HTML, `id="`+section+`"`) || books[target].Title == "" {
				t.Errorf("%s leads to %s, which is not there", name, m[1])
			}
		}
		for _, tag := range tags.FindAllStringSubmatch(r.HTML, -1) {
			if !slices.Contains([]string{"h2", "h3", "p", "a", "ul", "ol", "li", "code", "pre", "strong", "em", "table", "thead", "tbody", "tr", "th", "td", "div", "blockquote"}, tag[1]) {
				t.Errorf("%s has a <%s>", name, tag[1])
			}
		}
		if strings.Contains(r.HTML, "style=") || strings.Contains(r.HTML, "align=") {
			t.Errorf("%s has a style of its own", name)
		}
	}
	if links == 0 {
		t.Error("there are no links: the test finds nothing")
	}
	if got := books["SanadDeadLetters"].Section("malformed_event"); got != "#malformed_event" {
		t.Errorf("the section of a code is %q", got)
	}
}

func TestHTMLInARunbookIsNotShown(t *testing.T) {
	books, err := ReadRunbooks(fstest.MapFS{"runbooks/A.md": {Data: []byte(
		"# A\n\n<script>alert(1)</script>\n\nText <b onclick=x>b</b> [out](https://example.org) [odd](javascript:alert(1)) ![pic](http://example.org/a.png) <http://example.org/auto>\n")}}, "/r/")
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "onclick", "javascript", "https:", "<img", "href"} {
		if strings.Contains(books["A"].HTML, never) {
			t.Errorf("%s is in it: %s", never, books["A"].HTML)
		}
	}
	if !strings.Contains(books["A"].HTML, "out") {
		t.Errorf("the words of a link are gone: %s", books["A"].HTML)
	}
}

const sample = `
# TYPE sanad_ready gauge
sanad_ready{service="intake"} 1
sanad_ready{service="referral"} 0
# TYPE sanad_relay_oldest_seconds gauge
sanad_relay_oldest_seconds{service="intake"} 60
sanad_relay_oldest_seconds{service="referral"} 61.5
# TYPE sanad_bus_trouble gauge
sanad_bus_trouble{kind="stream_changed",service="referral"} 1
sanad_bus_trouble{kind="write_error",service="referral"} 0
# TYPE sanad_notices_total counter
sanad_notices_total{channel="sms",kind="reminder",outcome="refused"} 2
sanad_notices_total{channel="email",kind="reminder",outcome="out_of_time"} 1
sanad_notices_total{channel="email",kind="reminder",outcome="sent"} 9
# TYPE sanad_deadletters_total counter
sanad_deadletters_total{code="internal",event="a",service="referral"} 4
sanad_deadletters_total{code="malformed_event",event="a",service="referral"} 1
# TYPE sanad_journal_verified_timestamp_seconds gauge
sanad_journal_verified_timestamp_seconds{service="intake"} 1000
sanad_journal_verified_timestamp_seconds{service="referral"} 0
# TYPE sanad_journal_commits_total counter
sanad_journal_commits_total{service="intake"} 12
# TYPE sanad_parked_messages gauge
sanad_parked_messages{service="referral"} NaN
# TYPE process_start_time_seconds gauge
process_start_time_seconds 500.5
`

// serving answers as an admin address does; a path that is not there is a 404.
func serving(t *testing.T, answers map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := answers[r.Method+" "+r.URL.EscapedPath()]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if status, rest, found := strings.Cut(text, "|"); found {
			var code int
			_, _ = fmt.Sscan(status, &code)
			w.Header().Set("Location", rest)
			w.WriteHeader(code)
			text = rest
		}
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

var whole = map[string]string{
	"GET /readyz": "503|not ready\nreferral: bus: is away\nengines: slow\n", "GET /metrics": sample,
	"GET /deadletters": `{"items":[{"id":"referral.1.aa","event":"a.b.v1","record":"ref_1","code":"internal","attempts":3,"at":"2026-01-02T03:04:05Z","keep":"her_no"}],"more":true}`,
	"GET /quarantine":  `{"items":[{"service":"referral","record":"ref_1","version":2,"reason":"altered","release":"possible"}]}`,
}

// A look finds what is wrong, the most pressing first, and tells services at one address apart.
func TestALookFindsWhatIsStuck(t *testing.T) {
	base := serving(t, whole)
	now := time.Unix(1000+4*3600, 0)
	c := New([]string{"intake", "psychosocial", "referral"}, func(s string) string {
		return map[string]string{"intake": base, "referral": base}[s]
	}, func() time.Time { return now })
	look, err := c.Look(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	want := []Alarm{
		{Runbook: "SanadNotReady", About: "not_ready", Service: "referral"},
		{Runbook: "SanadForgedEvents", About: "forged", Service: "referral", N: 1},
		{Runbook: "SanadNoticesNotDelivered", About: "notices", Kind: "reminder", N: 3},
		{Runbook: "SanadRelayBehind", About: "relay", Service: "referral", Age: 61500 * time.Millisecond},
		{Runbook: "SanadBusTrouble", About: "bus", Service: "referral", Kind: "stream_changed", N: 1},
		{Runbook: "SanadJournalNotVerified", About: "not_verified", Service: "intake", Age: 4 * time.Hour},
	}
	if diff := cmp.Diff(want, look.Alarms); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"bus: is away", "engines: slow"}, look.Says(want[0])); diff != "" {
		t.Errorf("what it says (-want +got):\n%s", diff)
	}
	var known, ready []string
	for _, s := range look.Services {
		if s.Known {
			known = append(known, s.Name)
		}
		if s.Ready {
			ready = append(ready, s.Name)
		}
	}
	if !slices.Equal(known, []string{"intake", "referral"}) || !slices.Equal(ready, []string{"intake"}) {
		t.Errorf("known: %v, ready: %v", known, ready)
	}
	if f := look.Services[0].Figures; *f.Commits != 12 || !f.Since.Equal(time.UnixMilli(500500)) || f.Parked != nil || f.Unsent != nil {
		t.Errorf("figures: %+v", f)
	}
	if len(look.Letters) != 1 || look.Letters[0].Service() != "referral" || look.Letters[0].Keep != "her_no" || !look.LettersMore || len(look.Aside) != 1 {
		t.Errorf("letters: %+v, aside: %+v", look.Letters, look.Aside)
	}
}

// What does not answer, answers nonsense, or leads elsewhere is said, and the rest is there.
func TestALookSaysWhatDoesNotAnswer(t *testing.T) {
	good := serving(t, whole)
	for name, base := range map[string]string{
		"nobody listens": "http://127.0.0.1:1",
		"all is missing": serving(t, nil),
		"nonsense":       serving(t, map[string]string{"GET /readyz": "ok\n", "GET /metrics": "{", "GET /deadletters": "<html>", "GET /quarantine": ""}),
		"it leads away": serving(t, map[string]string{
			"GET /readyz": "302|" + good + "/readyz", "GET /metrics": "302|" + good, "GET /deadletters": "302|" + good + "/deadletters", "GET /quarantine": "302|" + good + "/quarantine",
		}),
		"it is long": serving(t, map[string]string{"GET /readyz": "ok\n", "GET /metrics": "", "GET /deadletters": `{"items":[` + strings.Repeat(" ", mostAnswer) + `]}`, "GET /quarantine": `{"items":[`}),
	} {
		t.Run(name, func(t *testing.T) {
			c := New([]string{"intake", "referral"}, func(s string) string {
				return map[string]string{"intake": base, "referral": good}[s]
			}, time.Now)
			look, err := c.Look(t.Context(), "token")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"intake"}, look.LettersAway); diff != "" {
				t.Errorf("could not tell its letters:\n%s", diff)
			}
			if diff := cmp.Diff([]string{"intake"}, look.AsideAway); diff != "" {
				t.Errorf("could not tell what is set aside:\n%s", diff)
			}
			if len(look.Letters) != 1 || len(look.Aside) != 1 {
				t.Errorf("the rest is not there: %+v", look)
			}
			if f := look.Services[0].Figures; f != (Figures{}) {
				t.Errorf("figures of a service that gave none: %+v", f)
			}
		})
	}
}

// Who is not known any more signs in again.
func TestALookWithATokenThatDoesNotHold(t *testing.T) {
	base := serving(t, map[string]string{"GET /deadletters": `401|{"code":"unauthenticated"}`})
	c := New([]string{"intake"}, func(string) string { return base }, time.Now)
	_, err := c.Look(t.Context(), "token")
	if p := api.Refused(err); p == nil || p.Status != http.StatusUnauthorized {
		t.Errorf("%v", err)
	}
}

// The way is put together from all services, in the order of time; what one refuses is told,
// and one that is away is named.
func TestTheWayIsPutTogether(t *testing.T) {
	step := func(service, commit, at string) string {
		return fmt.Sprintf(`{"items":[{"service":%q,"event":"a.b.v1","at":%q,"commit":%q,"by":"person"}],"incomplete":%t}`, service, at, commit, service == "b")
	}
	a, b := serving(t, map[string]string{"POST /ways": step("a", "1", "2026-01-02T03:04:06Z")}), serving(t, map[string]string{"POST /ways": step("b", "2", "2026-01-02T03:04:05Z")})
	at := map[string]string{"a": a, "b": b, "c": "http://127.0.0.1:1"}
	c := New([]string{"a", "b", "c", "d"}, func(s string) string { return at[s] }, time.Now)
	way, err := c.Way(t.Context(), "token", "ref_1")
	if err != nil {
		t.Fatal(err)
	}
	if len(way.Steps) != 2 || way.Steps[0].Service != "b" || !way.Incomplete || !slices.Equal(way.Away, []string{"c", "d"}) {
		t.Errorf("%+v", way)
	}
	at["c"] = serving(t, map[string]string{"POST /ways": `422|{"code":"referral_unfit"}`})
	if _, err = c.Way(t.Context(), "token", "x"); api.Refused(err) == nil || api.Refused(err).Code != "referral_unfit" {
		t.Errorf("%v", err)
	}
}

// What stands in an address is asked of a service that there is, and of no other path.
func TestWhatIsTypedIsAskedNowhereElse(t *testing.T) {
	asked := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = true
		if p := r.URL.EscapedPath(); strings.Count(p, "/") != 2 && strings.Count(p, "/") != 3 && strings.Count(p, "/") != 4 {
			t.Errorf("%s is asked", p)
		}
		_ = json.NewEncoder(w).Encode(map[string]string{})
	}))
	defer s.Close()
	c := New([]string{"intake"}, func(string) string { return s.URL }, time.Now)
	for _, id := range []string{"other.1.aa", "", "../metrics", "referral"} {
		if _, err := c.Letter(t.Context(), "token", id); api.Refused(err) == nil || asked {
			t.Errorf("%q: %v, asked: %t", id, err, asked)
		}
	}
	for _, id := range []string{"intake.1/../../metrics", "intake.?x=1", "intake.%2e%2e"} {
		if _, err := c.Letter(t.Context(), "token", id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := New([]string{"intake"}, nil, time.Now).Letter(t.Context(), "token", "intake.1.a"); !errors.Is(err, ErrUnknown) || !Away(err) {
		t.Errorf("without an address: %v", err)
	}
}
