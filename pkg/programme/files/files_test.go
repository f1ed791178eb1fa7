package files_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	shipped "github.com/sanad-network/sanad/api/programme"
	"github.com/sanad-network/sanad/pkg/programme/files"
)

// The countries of the network's systems come with it. Each is a proposal, so none holds live.
func TestShippedProgrammes(t *testing.T) {
	read, err := files.Open(files.Shipped(), true)
	if err != nil || len(read.Refused) > 0 {
		t.Fatal(err, read.Refused)
	}
	countries := map[code.Country]string{}
	for _, p := range read.List() {
		countries[p.Country] = p.ID
		for _, v := range p.Versions {
			if v.Status != code.Proposal {
				t.Errorf("%s/%d is %s", p.ID, v.Number, v.Status)
			}
		}
	}
	want := map[code.Country]string{
		"GT": "guatemala", "KG": "kyrgyzstan", "VN": "viet-nam", "EG": "egypt", "PS": "palestine",
		"MX": "mexico", "PE": "peru", "PK": "pakistan", "TN": "tunisia",
	}
	if diff := cmp.Diff(want, countries); diff != "" {
		t.Error(diff)
	}
	if read, err := files.Open(files.Shipped(), false); err == nil || len(read.Refused) != len(want) {
		t.Errorf("a proposal holds live: %v", err)
	}
}

// valid is the smallest proposal.
const valid = `programme: alpha
version: 1
from: 2027-01-01
status: proposal
country: GT
zone: America/Guatemala
hold:
  changes: max
  is: 45m
`

func folder(versions ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for i, text := range versions {
		all["alpha/"+string(rune('1'+i))+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

// What is wrong is said with file, line and rule.
func TestWhatIsWrongIsSaidWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ was, is, want string }{
		"unknown field":        {"hold:\n", "holds:\n", "alpha/1.yaml:1: additional properties 'holds' not allowed"},
		"unknown way":          {"max", "latest", "alpha/1.yaml:8: /hold/changes: value must be one of 'as_opened', 'law_from_date', 'min', 'max'"},
		"no length":            {"45m", "soon", "alpha/1.yaml:9: /hold/is: "},
		"another folder":       {"programme: alpha", "programme: beta", "alpha/1.yaml:1: /programme: the name of the folder"},
		"another file":         {"version: 1", "version: 2", "alpha/1.yaml:2: /version: the name of the file"},
		"no date":              {"2027-01-01", "2027-02-30", "alpha/1.yaml:3: /from: "},
		"no country":           {"GT", "ZZ", "alpha/1.yaml:5: /country: a country of ISO 3166-1"},
		"no zone":              {"America/Guatemala", "America/Atlantis", "alpha/1.yaml:6: /zone: an IANA time zone"},
		"a key twice":          {"zone:", "country: GT\nzone:", "alpha/1.yaml:6: one YAML document, in which no key stands twice"},
		"no YAML":              {"hold:", "hold: [", "alpha/1.yaml:"},
		"signed by nobody":     {"proposal", "signed", "alpha/1.yaml:1: missing properties"},
		"a service of nobody":  {"hold:", "services:\n  changes: law_from_date\n  in_use: {massage_service: {}}\nhold:", "alpha/1.yaml:9: massage_service: a name of the list in the schema"},
		"min of what has none": {"hold:", "languages: {changes: min, in_use: [es]}\nhold:", "alpha/1.yaml:7: /languages/changes: "},
		"closes before":        {"hold:", "week:\n  changes: as_opened\n  days: [monday]\n  opens: \"17:00\"\n  closes: \"09:00\"\nhold:", "alpha/1.yaml:11: /week/closes: later than opens"},
		"no day":               {"hold:", "week:\n  changes: as_opened\n  days: []\n  opens: \"09:00\"\n  closes: \"17:00\"\n  holidays: [\"02-30\"]\nhold:", "alpha/1.yaml:12: /week/holidays/0: a day of the calendar"},
		"danger waits longer":  {"hold:", "enquiries: {changes: min, take: 1h, take_in_danger: 2h, settle: 1d, cards: 9d}\nhold:", "alpha/1.yaml:7: /enquiries/take_in_danger: not longer than take"},
		"cards of a year":      {"hold:", "enquiries: {changes: min, take: 2h, take_in_danger: 2h, settle: 1d, cards: 365d}\nhold:", "alpha/1.yaml:7: /enquiries/cards: not longer than 180 days"},
		"cards of an hour":     {"hold:", "enquiries: {changes: min, take: 2h, take_in_danger: 2h, settle: 1d, cards: 1h}\nhold:", "alpha/1.yaml:7: /enquiries/cards: whole days"},
		"means of no ground":   {"hold:", "legal_aid: {changes: min, serve: 1h, warn: 1h, expiring: 1d, hearing: 1d, eligible: [child], whatever_means: [survivor_of_violence]}\nhold:", "alpha/1.yaml:7: /legal_aid/whatever_means/0: one of eligible"},
		"risk waits two days":  {"hold:", "support: {changes: min, risk_answer: 2d, follow_up: 9d, review: 9d, pcl_5_cut: 31, phq_9_percent: 20, gad_7_change: 4, who_5_change: 10, pcl_5_change: 10}\nhold:", "alpha/1.yaml:7: /support/risk_answer: not longer than one day"},
		"a cut of nobody":      {"hold:", "support: {changes: min, risk_answer: 1h, follow_up: 9d, review: 9d, pcl_5_cut: 40, phq_9_percent: 20, gad_7_change: 4, who_5_change: 10, pcl_5_change: 10}\nhold:", "alpha/1.yaml:7: /support/pcl_5_cut: "},
		"an item too few":      {"hold:", "support: {" + supportNumbers + ", texts: {gad_7: [{en: \"1\"}, {en: \"2\"}, {en: \"3\"}, {en: \"4\"}, {en: \"5\"}, {en: \"6\"}]}}\nhold:", "alpha/1.yaml:7: /support/texts/gad_7: "},
		"an item too many":     {"hold:", "support: {" + supportNumbers + ", texts: {who_5: [{en: \"1\"}, {en: \"2\"}, {en: \"3\"}, {en: \"4\"}, {en: \"5\"}, {en: \"6\"}]}}\nhold:", "alpha/1.yaml:7: /support/texts/who_5: "},
		"half in a language":   {"hold:", "support: {" + supportNumbers + ", texts: {who_5: [{en: \"1\"}, {en: \"2\"}, {es: \"3\"}, {en: \"4\"}, {en: \"5\"}]}}\nhold:", "alpha/1.yaml:7: /support/texts/who_5/2: in the languages of the first item"},
		"texts of nobody":      {"hold:", "support: {" + supportNumbers + ", texts: {danger_assessment: []}}\nhold:", "alpha/1.yaml:7: /support/texts: "},
		"a k of ten":           {"hold:", catalogue("k: 11", "k: 10") + "hold:", "alpha/1.yaml:11: /figures/k: "},
		"figures as opened":    {"hold:", catalogue("law_from_date", "as_opened") + "hold:", "alpha/1.yaml:8: /figures/changes: "},
		"a settling of hours":  {"hold:", catalogue("60d", "30h") + "hold:", "alpha/1.yaml:10: /figures/settles: whole days, from 1 to 365"},
		"a table of nobody":    {"hold:", catalogue("parent: cases", "parent: people") + "hold:", "alpha/1.yaml:14: /figures/tables/1/parent: a table that stands before"},
		"an unknown dimension": {"hold:", catalogue("columns: sex", "columns: tribe") + "hold:", "alpha/1.yaml:14: /figures/tables/1/columns: "},
		"two roots":            {"hold:", catalogue("parent: cases, columns: sex, ", "") + "hold:", "alpha/1.yaml:14: /figures/tables/1/parent: required: there is one root, which stands first"},
		"of a root":            {"hold:", catalogue("columns: sex", "columns: sex, of: [male]") + "hold:", "alpha/1.yaml:14: /figures/tables/1/of: the root has no columns"},
		"a number as a value":  {"hold:", catalogue("columns: sex", "columns: sex, of: [11]") + "hold:", "alpha/1.yaml:14: /figures/tables/1/of/0: "},
		"counted twice":        {"hold:", catalogue("", "") + "    - {name: ages, parent: cases, columns: age, for: coordination, words: {}}\nhold:", "alpha/1.yaml:15: /figures/tables/2/of: none of the cells that sexes divides: no two tables count the same cases"},
		"reminded too late":    {"hold:", deadlines("remind: [2h]"), "alpha/1.yaml:11: /deadlines/standard/remind/0: after the one before, and before respond"},
		"expires on the way":   {"hold:", strings.Replace(deadlines(""), "expire: 6h", "expire: 3h", 1), "alpha/1.yaml:13: /deadlines/standard/expire: after the last rung of the ladder"},
		"a ladder that falls":  {"hold:", strings.Replace(deadlines(""), "supervisor: 90m", "supervisor: 30m", 1), "alpha/1.yaml:12: /deadlines/standard/ladder/supervisor: not before respond, nor before the rung below"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(valid, c.was) {
				t.Fatal("the case is about nothing")
			}
			read, err := files.Open(folder(strings.Replace(valid, c.was, c.is, 1)), true)
			if err == nil || len(read.Refused) == 0 {
				t.Fatalf("taken: %v", read.List())
			}
			if got := read.Refused[0].String(); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	if _, err := files.Open(folder(valid), true); err != nil {
		t.Fatal(err)
	}
}

// supportNumbers is a section of support, without texts.
const supportNumbers = "changes: min, risk_answer: 1h, follow_up: 9d, review: 9d, pcl_5_cut: 31, phq_9_percent: 20, gad_7_change: 4, who_5_change: 10, pcl_5_change: 10"

// Nothing that is shipped has the text of an item: the texts belong to others, and a programme that
// may print them installs them.
func TestNoTextOfAnInstrumentIsShipped(t *testing.T) {
	read, err := files.Open(files.Shipped(), true)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = fs.WalkDir(files.Shipped(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		text, err := fs.ReadFile(files.Shipped(), path)
		if strings.Contains(string(text), "texts:") {
			t.Errorf("%s ships texts", path)
		}
		return err
	})
	if err != nil || seen < 2 || len(read.Refused) > 0 {
		t.Errorf("%d files: %v %v", seen, read.Refused, err)
	}
}

// deadlines is a section with one fault, before the last field of valid.
func deadlines(remind string) string {
	if remind == "" {
		remind = "remind: [30m]"
	}
	one := "{respond: 1h, remind: [30m], ladder: {focal_point: 1h, supervisor: 90m, referring_agency: 2h, network_coordinator: 3h}, expire: 6h, contact: 2h, serve: 1d}"
	return `deadlines:
  changes: law_from_date
  standard:
    respond: 1h
    ` + remind + `
    ladder: {focal_point: 1h, supervisor: 90m, referring_agency: 2h, network_coordinator: 3h}
    expire: 6h
    contact: 2h
    serve: 1d
  urgent: ` + one + `
  emergency: ` + one + `
hold:`
}

// A later version that is wrong is refused, with all behind it, and the one before goes on.
func TestTheLastValidVersionGoesOn(t *testing.T) {
	second := strings.NewReplacer("version: 1", "version: 2", "2027-01-01", "2027-06-01", "45m", "1h").Replace(valid)
	third := strings.NewReplacer("version: 1", "version: 3", "2027-01-01", "2027-12-01", "45m", "2h").Replace(valid)
	good, err := files.Open(folder(valid, second, third), true)
	if err != nil || len(good.Refused) > 0 {
		t.Fatal(err, good.Refused)
	}
	first, err := files.Open(folder(valid), true)
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]string{
		"broken": strings.Replace(second, "1h", "1x", 1), "earlier than the one before": strings.Replace(second, "2027-06-01", "2026-06-01", 1),
		"another country": strings.Replace(second, "GT", "MX", 1),
	} {
		read, err := files.Open(folder(valid, wrong, third), true)
		if err != nil || len(read.Refused) != 2 || read.Refused[1].File != "alpha/3.yaml" {
			t.Fatalf("%s: %v, %v", name, err, read.Refused)
		}
		late := time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
		if got := read.For("alpha", "GT", late, late).Hold; got != 45*time.Minute {
			t.Errorf("%s: holds for %s", name, got)
		}
		if read.Hash != first.Hash || read.Hash == good.Hash {
			t.Errorf("%s: the hash is not of what holds", name)
		}
	}
}

// Signed is whole: what a lawyer signs leaves nothing to a base.
func TestWhatIsSignedHoldsLive(t *testing.T) {
	text, err := fs.ReadFile(files.Shipped(), "guatemala/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	signed := strings.Replace(string(text), "status: proposal", "status: signed\nsigned_by: {name: A Lawyer, profession: advocate, on: 2026-12-01}", 1)
	all := fstest.MapFS{"guatemala/1.yaml": {Data: []byte(signed)}}
	if read, err := files.Open(all, false); err != nil || len(read.Refused) > 0 {
		t.Fatal(err, read.Refused)
	}
	for _, section := range []string{"hold", "reflection", "channels"} {
		lacks := fstest.MapFS{"guatemala/1.yaml": {Data: []byte(cut(signed, section))}}
		if read, err := files.Open(lacks, false); err == nil || !strings.Contains(read.Refused[0].Rule, section) {
			t.Errorf("signed without %s: %v", section, read.Refused)
		}
	}
}

// cut takes a section out of a file.
func cut(text, section string) string {
	var kept []string
	inside := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, section+":") {
			inside = true
			continue
		}
		if inside && (strings.HasPrefix(line, " ") || line == "\n") {
			continue
		}
		inside = false
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

// What lies beside the programmes is no programme, and nothing is skipped in silence.
func TestStrayFiles(t *testing.T) {
	all := folder(valid)
	all["README.md"] = &fstest.MapFile{Data: []byte("read me")}
	all["alpha/README.md"] = &fstest.MapFile{Data: []byte("read me")}
	all["alpha/draft.yaml"] = &fstest.MapFile{Data: []byte(valid)}
	all["alpha/01.yaml"] = &fstest.MapFile{Data: []byte(valid)}
	read, err := files.Open(all, true)
	if err != nil || len(read.Refused) != 2 {
		t.Fatalf("%v, %v", err, read.Refused)
	}
	empty := fstest.MapFS{"alpha/README.md": {Data: []byte("read me")}}
	if _, err := files.Open(empty, true); err == nil {
		t.Error("a programme without a version was taken")
	}
	if _, err := files.Open(os.DirFS(filepath.Join(t.TempDir(), "nowhere")), true); err == nil {
		t.Error("a folder that is not there was taken")
	}
}

// catalogue is a section of figures, in which something is written otherwise.
func catalogue(was, is string) string {
	return strings.Replace(`figures:
  changes: law_from_date
  period: quarter
  settles: 60d
  k: 11
  tables:
    - {name: cases, for: coordination, words: {en: Cases}}
    - {name: sexes, parent: cases, columns: sex, for: fund, words: {}}
`, was, is, 1)
}

// The length of a period changes only where a period of both begins: otherwise two of them would count a case.
func TestPeriodsOfTwoVersionsDoNotOverlap(t *testing.T) {
	for from, want := range map[string][]files.Fault{
		"2028-01-01": nil,
		"2027-04-01": {{File: "alpha/2.yaml", Line: 9, At: "/figures/period", Rule: "changes only on a day on which a period of both begins"}},
	} {
		first := strings.Replace(valid, "hold:", catalogue("", "")+"hold:", 1)
		second := strings.NewReplacer("version: 1", "version: 2", "2027-01-01", from, "hold:", catalogue("quarter", "year")+"hold:").Replace(valid)
		read, err := files.Open(fstest.MapFS{"alpha/1.yaml": {Data: []byte(first)}, "alpha/2.yaml": {Data: []byte(second)}}, true)
		if diff := cmp.Diff(want, read.Refused); diff != "" || err != nil {
			t.Errorf("from %s: %v %s", from, err, diff)
		}
	}
}

// The lists of the schema are those of the code.
func TestTheSchemaHasTheCodes(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(shipped.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	at := func(path ...string) any {
		var v any = schema
		for _, p := range path {
			v = v.(map[string]any)[p]
		}
		return v
	}
	texts := func(v any) (all []string) {
		for _, e := range v.([]any) {
			all = append(all, e.(string))
		}
		return all
	}
	keys := func(v any) []string { return slices.Sorted(maps.Keys(v.(map[string]any))) }
	properties := func(section string, path ...string) any {
		return at(append([]string{"properties", section, "properties"}, path...)...)
	}
	for name, c := range map[string]struct{ got, want []string }{
		"services": {texts(at("$defs", "service", "enum")), list(code.Services)},
		"channels": {texts(properties("channels", "in_use", "items", "enum")), list(code.Channels)},
		"windows":  {keys(properties("windows", "within", "properties")), slices.Sorted(slices.Values(list(code.Windows)))},
		"decline":  {texts(properties("reasons", "decline", "propertyNames", "enum")), list(code.DeclineReasons)},
		"cancel":   {texts(properties("reasons", "cancel", "propertyNames", "enum")), list(code.CancelReasons)},
		"close":    {texts(properties("reasons", "close", "propertyNames", "enum")), list(code.CloseReasons)},
		"category": {texts(properties("least", "categories", "additionalProperties", "items", "enum")), list(code.Categories)},
		"rungs":    {keys(at("$defs", "terms", "properties", "ladder", "properties")), slices.Sorted(slices.Values(list(code.EscalationSteps)))},
		"periods":  {texts(properties("figures", "period", "enum")), list(code.FigurePeriods)},
		"columns":  {texts(properties("figures", "tables", "items", "properties", "columns", "enum")), list(code.FigureDimensions)},
		"for whom": {texts(properties("figures", "tables", "items", "properties", "for", "enum")), list(code.FigureAudiences)},
		"given by": {append(texts(properties("consent", "steps", "items", "properties", "by", "enum")), texts(properties("consent", "instead", "items", "enum"))[1:]...), list(code.GivenByList)},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: code (-) and schema (+):\n%s", name, diff)
		}
	}
}

func list[C ~string](codes []C) (all []string) {
	for _, c := range codes {
		all = append(all, string(c))
	}
	return all
}
