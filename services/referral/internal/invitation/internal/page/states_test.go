package page

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

var update = flag.Bool("update", false, "write testdata/outlines.txt anew")

// state is one of all that the page can show.
type state struct {
	name             string
	page             func(edge.Visit) edge.Page
	trouble, invalid bool
}

func asking(k Kept) func(edge.Visit) edge.Page {
	return func(v edge.Visit) edge.Page { return Ask(v, k) }
}

func refusing(f *fault.Error) func(edge.Visit) edge.Page {
	return func(v edge.Visit) edge.Page { return Refused(v, f) }
}

// kathmandu is 5 hours and 45 minutes ahead of UTC.
var kathmandu = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		panic(err)
	}
	return zone
}()

func offering(k Kept, u code.Urgency) func(edge.Visit) edge.Page {
	p := offer
	p.Urgency = u
	return func(v edge.Visit) edge.Page { return Preview(v, k, code.Spanish, kathmandu, p) }
}

func letting(k Kept) func(edge.Visit) edge.Page {
	return func(v edge.Visit) edge.Page { return LetGo(v, k, code.Spanish, offer.RespondBy) }
}

// A code that is wrong, locked, used or out of time is one state: nobody learns which.
var states = []state{
	{name: "asks", page: func(v edge.Visit) edge.Page { v.Query.Del("after"); return Ask(v, Kept{}) }},
	{name: "once", page: asking(Kept{})},
	{name: "wrong", page: asking(Kept{Said: Wrong}), trouble: true, invalid: true},
	{name: "wrong, unsent", page: refusing(domain.ErrCode), trouble: true, invalid: true},
	{name: "wait", page: refusing(fault.New(fault.RateLimited, "x", "x")), trouble: true},
	{name: "failed", page: refusing(fault.Of(nil)), trouble: true},
	{name: "unavailable", page: refusing(fault.New(fault.Unavailable, "x", "x")), trouble: true},
	{name: "closed", page: refusing(fault.New(fault.Unavailable, fault.Quarantined, "x")), trouble: true},
	{name: "offer", page: offering(Kept{Code: "c0de"}, code.Standard)},
	{name: "offer, urgent", page: offering(Kept{Code: "c0de"}, code.Emergency)},
	{name: "no reason", page: offering(Kept{Code: "c0de", Said: Reasonless}, code.Urgent), trouble: true, invalid: true},
	{name: "accepted", page: asking(Kept{Said: Accepted, Language: code.Spanish})},
	{name: "declined", page: asking(Kept{Said: Declined, Language: code.Spanish})},
	{name: "copies", page: letting(Kept{Code: "c0de"})},
	{name: "unsaid", page: letting(Kept{Code: "c0de", Said: Unsaid}), trouble: true, invalid: true},
	{name: "noted", page: asking(Kept{Said: Noted, Language: code.Spanish})},
}

var (
	outlined = regexp.MustCompile(`(?s)<(title|h1|h2|label|dt|dd|button|option|a|p class="[a-z]+")[^>]*>(.*?)</|aria-label="([^"]*)"|<html ([^>]*)>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// outline is what a screen reader finds on a page, a line for each piece.
func outline(html string) string {
	var b strings.Builder
	for _, part := range outlined.FindAllStringSubmatch(html, -1) {
		kind, _, _ := strings.Cut(part[1], " class=")
		text := strings.Join(strings.Fields(tags.ReplaceAllString(part[2], " ")), " ")
		fmt.Fprintf(&b, "  %s\n", strings.Join(strings.Fields(kind+" "+text+part[3]+part[4]), " "))
	}
	return b.String()
}

// Each state has its title, heading, labels and buttons in each language. The file is read
// by people who speak them.
func TestTheOutlineOfEachState(t *testing.T) {
	var all strings.Builder
	for _, l := range code.NoticeLanguages {
		for _, s := range states {
			html := string(s.page(after(l)).HTML)
			fmt.Fprintf(&all, "%s, %s\n%s\n", s.name, l, outline(html))
			if dir := os.Getenv("SANAD_TEST_PAGES"); dir != "" { // to look at them
				file := filepath.Join(dir, fmt.Sprintf("%s-%s.html", strings.ReplaceAll(s.name, ", ", "-"), l))
				if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	const file = "testdata/outlines.txt"
	if *update {
		if err := os.WriteFile(file, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(all.String(), "\n")); d != "" {
		t.Errorf("(-want +got), -update writes it anew:\n%s", d)
	}
}

// The title says what there is to do, and no state borrows that of another: after an answer
// nothing is awaited.
func TestTheTitleFollowsTheState(t *testing.T) {
	title := regexp.MustCompile(`<title>(.*)</title>`)
	awaited := map[string]bool{"asks": true, "offer": true, "offer, urgent": true, "no reason": true}
	alike := map[string]string{"wrong, unsent": "wrong", "unavailable": "failed", "unsaid": "copies"}
	for _, l := range code.NoticeLanguages {
		seen := map[string]string{}
		for _, s := range states {
			html := string(s.page(after(l)).HTML)
			got := title.FindStringSubmatch(html)[1]
			if (got == said[l].Title) != awaited[s.name] || !strings.Contains(html, "<h1>"+got+"</h1>") {
				t.Errorf("%s in %s has the title %q", s.name, l, got)
			}
			if other, twice := seen[got]; twice && !awaited[s.name] && alike[s.name] != other {
				t.Errorf("%s in %s has the title of %s", s.name, l, other)
			}
			if _, twice := seen[got]; !twice {
				seen[got] = s.name
			}
		}
	}
}

// Another language says the same again: what was said goes with the choice, and the code
// where there is one.
func TestALanguageSaysTheSameAgain(t *testing.T) {
	hidden := regexp.MustCompile(`<input type="hidden" name="(code|said)" value="([^"]*)">`)
	for _, s := range states {
		html := string(s.page(after("en")).HTML)
		_, choice, found := strings.Cut(html, `class="languages"`)
		if !found {
			t.Errorf("%s: no choice of language", s.name)
			continue
		}
		k := Kept{}
		for _, field := range hidden.FindAllStringSubmatch(choice, -1) {
			if field[1] == "code" {
				k.Code = field[2]
			} else {
				k.Said = Said(field[2])
			}
		}
		sent := Read(See(after("ar"), k).Keep)
		if sent.Code == "" && sent.Said != "" {
			if again, want := string(Ask(after("ar"), sent).HTML), string(s.page(after("ar")).HTML); again != want {
				t.Errorf("%s: %s", s.name, cmp.Diff(want, again))
			}
			continue
		}
		if asks := strings.Contains(html, `name="code" required`); (sent.Code == "") != asks || s.trouble != (sent.Said != "") {
			t.Errorf("%s: a choice of language sends %+v", s.name, sent)
		}
	}
}
