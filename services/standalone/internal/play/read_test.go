package play

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/journeys"
)

// right is a journey that is understood. Its lines are counted by the tests below.
const right = `journey: short
about: A short one.
zone: America/Guatemala
begins: monday 08:30
people:
  ana: {agency: front-desk, roles: [caseworker]}
  rosa: {agency: health-post, address: rosa@health-post.test}
story:
  - say: She comes.
  - who: ana
    does: Open a case
    with: {channel: ngo, country: GT, programme: guatemala}
    keep: {her case: id}
  - {who: ana, sees: getCase, on: her case, has: {id: <her case>, opened_at: <now>}, lacks: [name]}
  - time passes: 20 minutes
  - {who: rosa, hears: nothing}
  - {event: intake.case_opened.v1, about: her case}
`

func TestAJourneyIsUnderstood(t *testing.T) {
	j, err := Read("short.yaml", []byte(right))
	if err != nil {
		t.Fatal(err)
	}
	if j.Name != "short" || len(j.story) != 6 || len(j.people) != 2 || j.story[1].op.Path != "/v1/cases" {
		t.Errorf("%+v", j)
	}
}

// What is not understood is named by file and line.
func TestWhatIsNotUnderstoodIsNamedByItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		put, in string // in the place of what is right
		line    int
		says    string
	}{
		"a word that nobody knows":        {"    does: Open", "    dose: Open", 11, `"dose" is not understood here`},
		"an operation of no contract":     {"Open a case", "Open a box", 10, `no contract has an operation "Open a box"`},
		"a title of several operations":   {"sees: getCase", "sees: Put an entry right", 14, "is the title of several operations; name one of amendExamination, amendMatter, amendSupportPlan"},
		"somebody who was not named":      {"- {who: ana", "- {who: eva", 14, `nobody is named "eva"`},
		"a record that nobody kept":       {"on: her case, has: {id: <her case>", "on: his case, has: {id: <her case>", 14, `"his case" is no name that was kept before`},
		"a name that nobody kept":         {"{id: <her case>", "{id: <his case>", 14, "<his case> is neither a name that was kept before nor a time"},
		"a name in a text":                {"{id: <her case>", "{id: it is <her case>", 14, "stands for a whole value"},
		"no record":                       {"on: her case, has", "has", 14, "getCase needs a record"},
		"a record too many":               {"with: {channel", "on: front-desk\n    with: {channel", 10, "openCase is about no record"},
		"nothing that is seen":            {", has: {id: <her case>, opened_at: <now>}, lacks: [name]", "", 14, "not what is seen"},
		"a filter of no contract":         {"on: her case, has", "on: her case, where: {state: open}, has", 14, `knows no "state" in where`},
		"a problem of no page":            {", has: {id: <her case>, opened_at: <now>}, lacks: [name]", ", refused: not_allowed", 14, `no problem has the code "not_allowed"`},
		"a refusal that shows something":  {"lacks: [name]", "refused: not_found", 14, "who is refused gets nothing"},
		"reading that is called doing":    {"sees: getCase", "does: getCase", 14, "getCase reads: write sees"},
		"two things in one line":          {"  - time passes: 20 minutes", "  - {time passes: 20 minutes, say: Then.}", 15, `"say" and "time passes" stand in one line`},
		"a line that says nothing":        {"  - time passes: 20 minutes", "  - {who: ana}", 15, "the line says neither"},
		"a field in a wrong place":        {"  - time passes: 20 minutes", "  - {time passes: 20 minutes, who: ana}", 15, `"who" has no place beside "time passes"`},
		"a time that does not pass":       {"20 minutes", "a while", 15, `"a while" is no time that passes`},
		"nobody's address":                {"who: rosa", "who: ana", 16, "ana has no address"},
		"an event of no contract":         {"case_opened", "case_begun", 17, `no contract has an event "intake.case_begun.v1"`},
		"a role that there is not":        {"[caseworker]", "[officer]", 6, `"officer" is no role`},
		"half a coordinator":              {"[caseworker]", "[coordinator]", 6, "a coordinator, and nobody else"},
		"a zone that there is not":        {"America/Guatemala", "America/Nowhere", 3, "there is no time zone"},
		"a beginning that is no time":     {"monday 08:30", "on Monday", 4, `"on Monday" is no time`},
		"a field twice":                   {"begins: monday 08:30", "begins: monday 08:30\nzone: UTC", 5, "zone"},
		"no YAML":                         {"  - time passes", "  - [time passes", 16, ""},
		"an anchor, which readers differ": {"about: A short one.", "about: &a A short one.", 2, "no anchors"},
		"a path that is none":             {"her case: id", "her case: the id", 10, "a path is written as"},
		"a name that is a time":           {"her case: id", "now: id", 10, `"now" is a time`},
		"a row without a name":            {"  - time passes: 20 minutes", "  - for each: [{n: 1}, {m: 2}]\n    story:\n      - {time passes: $n minutes}", 17, "no row has $n"},
		"a row that is none":              {"  - time passes: 20 minutes", "  - for each: [1]\n    story:\n      - {time passes: 20 minutes}", 15, ""},
		"rows and no lines":               {"  - time passes: 20 minutes", "  - for each: [{n: 1}]", 15, "the line says neither"},
		"what is wrong in a row's line":   {"  - time passes: 20 minutes", "  - for each: [{n: 1}]\n    story:\n      - say: It is one.\n      - {time passes: $n whiles}", 18, `"1 whiles" is no time that passes`},
		"a paper where none is taken":     {"with: {channel: ngo, country: GT, programme: guatemala}", "paper: A paper", 10, "what takes a file has a paper"},
	} {
		text := strings.Replace(right, c.put, c.in, 1)
		if text == right {
			t.Errorf("%s: nothing was put in", name)
			continue
		}
		_, err := Read("short.yaml", []byte(text))
		if want := fmt.Sprintf("short.yaml:%d: ", c.line); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nand not %s…%s", name, err, want, c.says)
		}
	}
}

// All that is wrong is told at once.
func TestAllThatIsWrongIsTold(t *testing.T) {
	text := strings.NewReplacer("Open a case", "Open a box", "20 minutes", "a while").Replace(right)
	_, err := Read("short.yaml", []byte(text))
	if err == nil || !strings.Contains(err.Error(), "short.yaml:10: ") || !strings.Contains(err.Error(), "short.yaml:15: ") {
		t.Error(err)
	}
}

func TestTimeInWords(t *testing.T) {
	zone, err := time.LoadLocation("America/Guatemala")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 30, 8, 30, 0, 0, zone) // a Monday
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	for words, want := range map[string]time.Time{
		"now": now, "in 20 minutes": at(30, 8, 50), "20 hours ago": at(29, 12, 30), "in 1 hour and 30 minutes": at(30, 10, 0),
		"in 3 months": at(30+92, 8, 30), "today 15:00": at(30, 15, 0), "tomorrow 09:00": at(31, 9, 0),
		"monday 09:00": at(30, 9, 0), "monday 08:30": at(37, 8, 30), "monday 08:00": at(37, 8, 0), "sunday 08:00": at(36, 8, 0), "day of tomorrow 09:00": at(31, 9, 0), "minute of tomorrow 09:00": at(31, 9, 0), "quarter of now": at(30, 8, 30), "in 1 week": at(37, 8, 30),
	} {
		if got, ok := moment(words, now); !ok || !got.Equal(want) {
			t.Errorf("%s: %s %t, want %s", words, got, ok, want)
		}
	}
	for _, words := range []string{"", "soon", "in", "in 0 minutes", "in -1 minutes", "in 1 moment", "monday", "monday 9:00", "monday 25:00", "Monday 09:00", "her case", "in 1 hour and", "1 hour"} {
		if got, ok := moment(words, now); ok {
			t.Errorf("%q is understood as %s", words, got)
		}
	}
	if got, ok := passed("until monday 09:00", now); !ok || !got.Equal(at(30, 9, 0)) {
		t.Errorf("%s %t", got, ok)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(right))
	for _, name := range journeys.Names() {
		text, err := fs.ReadFile(journeys.Files, name+"/journey.yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if j, err := Read("any.yaml", text); err == nil && (j.Name == "" || len(j.story) == 0) {
			t.Errorf("%+v", j)
		}
	})
}
