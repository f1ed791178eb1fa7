package files_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	shipped "github.com/sanad-network/sanad/api/programme"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/files"
)

const (
	steps = "  longest: 90d\n  grace: 30d\n  instead: [survivor]\n  steps:\n"
	terms = `{respond: %h, remind: [], ladder: {focal_point: %h, supervisor: %h, referring_agency: %h, network_coordinator: %h}, expire: 9d, contact: %h, serve: 9d}`
)

func answerIn(hours string) string {
	all := ""
	for _, u := range []string{"standard", "urgent", "emergency"} {
		all += "  " + u + ": " + strings.ReplaceAll(terms, "%", hours) + "\n"
	}
	return all
}

// change is one section in two versions. What min and max make of them is a section, too; it is
// left out where neither of two values is the lesser.
type change struct{ section, was, is, lesser, greater string }

func length(section string) change {
	return change{section, "  is: 20m\n", "  is: 50m\n", "  is: 20m\n", "  is: 50m\n"}
}

// changes has a row for each field of a version, by the name that the rules know it by.
var changes = map[string]change{
	"Languages": {section: "languages", was: "  in_use: [es]\n", is: "  in_use: [es, en]\n"},
	"Week":      {section: "week", was: "  days: [monday]\n  opens: \"08:00\"\n  closes: \"16:00\"\n", is: "  days: [friday]\n  opens: \"09:00\"\n  closes: \"12:00\"\n"},
	"Services":  {section: "services", was: "  in_use: {food_service: {en: Food}}\n", is: "  in_use: {safehouse_service: {en: Shelter}}\n"},
	"Channels":  {section: "channels", was: "  in_use: [hotline]\n", is: "  in_use: [court]\n"},
	"Asks":      {section: "channels", was: "  in_use: [hotline]\n  asks: {hotline: [danger, language]}\n", is: "  in_use: [hotline]\n  asks: {hotline: [language, danger]}\n"},
	"Reasons": {
		section: "reasons",
		was:     "  decline: {at_capacity: {en: Full}}\n  cancel: {other: {en: Other}}\n  close: {needs_met: {en: Met}}\n",
		is:      "  decline: {duplicate: {en: Twice}}\n  cancel: {other: {en: Another}}\n  close: {left_area: {en: Left}}\n",
	},
	"Consent": {
		section: "consent",
		was:     steps + "    - {from: 0, under: 18, by: caregiver}\n", is: steps + "    - {from: 0, under: 12, by: caregiver}\n    - {from: 12, under: 18, by: survivor}\n",
	},
	// Each number of a section is compared for itself.
	"Windows": {
		"windows", "  soon: 1h\n  within: {hiv_pep: 72h, forensic_examination: 48h, drugs_in_urine: 50h}\n", "  soon: 2h\n  within: {hiv_pep: 48h, forensic_examination: 96h}\n",
		"  soon: 1h\n  within: {hiv_pep: 48h, forensic_examination: 48h, drugs_in_urine: 50h}\n", "  soon: 2h\n  within: {hiv_pep: 72h, forensic_examination: 96h, drugs_in_urine: 50h}\n",
	},
	"Answers": {
		"answers", "  onward: 1d\n  onward_emergency: 1h\n  transfer: 7d\n", "  onward: 2d\n  onward_emergency: 30m\n  transfer: 3d\n",
		"  onward: 1d\n  onward_emergency: 30m\n  transfer: 3d\n", "  onward: 2d\n  onward_emergency: 1h\n  transfer: 7d\n",
	},
	"Deadlines":   {section: "deadlines", was: answerIn("2"), is: answerIn("3")},
	"Least":       {section: "least", was: "  categories: {food_service: [health]}\n", is: "  categories: {food_service: [incident]}\n"},
	"Requirement": {section: "requirements", was: "  services: {}\n", is: "  services: {legal_assistance_service: {conflict_check: true}}\n"},
	"Roles":       {section: "roles", was: "  requires: {}\n", is: "  requires: {lawyer: [{scope: certify}]}\n"},
	"Hold":        length("hold"),
	"Acknowledge": length("acknowledge"),
	"Reflection":  length("reflection"),
	"Retention":   length("retention"),
}

// alone are the ways that a section has, where it does not have both of the first two. What a role requires is asked on the day on which somebody acts in it: no case
// was opened under an older answer.
var alone = map[string][]programme.Changes{"Roles": {programme.LawFromDate}}

// A programme changes while a case is open, and each field of it meets the case as it says. A
// field that has no row fails here. A way that a field does not have is refused.
func TestEachFieldMeetsAnOpenCaseAsItSays(t *testing.T) {
	var fields, sections []string
	for f := range reflect.TypeFor[programme.Fields]().Fields() {
		fields = append(fields, f.Name)
	}
	slices.Sort(fields)
	if diff := cmp.Diff(fields, slices.Sorted(maps.Keys(changes))); diff != "" {
		t.Errorf("what a version has (-), and what has a row here (+):\n%s", diff)
	}
	var schema struct {
		Properties map[string]struct {
			Properties map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(shipped.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	for name, s := range schema.Properties {
		if s.Properties["changes"] != nil && !slices.ContainsFunc(slices.Collect(maps.Values(changes)), func(c change) bool { return c.section == name }) {
			sections = append(sections, name)
		}
	}
	if len(sections) > 0 {
		t.Errorf("sections of a file that no row changes: %v", sections)
	}

	head := func(version, from string) string {
		text, _, _ := strings.Cut(valid, "hold:")
		return strings.NewReplacer("version: 1", "version: "+version, "2027-01-01", from).Replace(text)
	}
	written := func(c change, version, from string, way programme.Changes, body string) string {
		return head(version, from) + c.section + ":\n  changes: " + string(way) + "\n" + body
	}
	at := func(month time.Month) time.Time { return time.Date(2027, month, 2, 12, 0, 0, 0, time.UTC) }
	opened, before, after := at(time.January), at(time.May), at(time.July)
	for name, c := range changes {
		// is is the field for a case that was opened in January, at an instant.
		is := func(read files.Read, opened, now time.Time) any {
			return reflect.ValueOf(read.For("alpha", "GT", opened, now)).FieldByName(name).Interface()
		}
		only := func(body string) any {
			read, err := files.Open(folder(written(c, "1", "2027-01-01", programme.LawFromDate, body)), true)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return is(read, opened, opened)
		}
		for _, way := range programme.ChangesList {
			read, err := files.Open(folder(written(c, "1", "2027-01-01", programme.LawFromDate, c.was), written(c, "2", "2027-06-01", way, c.is)), true)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, way, err)
			}
			has := c.lesser != "" || way == programme.AsOpened || way == programme.LawFromDate
			if ways := alone[name]; ways != nil {
				has = slices.Contains(ways, way)
			}
			if refused := len(read.Refused) > 0; refused == has {
				t.Errorf("%s, %s: refused %v", name, way, read.Refused)
			}
			if !has {
				if len(read.Refused) != 1 || read.Refused[0].At != "/"+c.section+"/changes" {
					t.Errorf("%s, %s: %v", name, way, read.Refused)
				}
				continue
			}
			want := map[programme.Changes]string{programme.AsOpened: c.was, programme.LawFromDate: c.is, programme.Min: c.lesser, programme.Max: c.greater}[way]
			for when, w := range map[string]struct{ want, got any }{
				"before the change":               {only(c.was), is(read, opened, before)},
				"after it":                        {only(want), is(read, opened, after)},
				"in a case that was opened since": {only(c.is), is(read, after, after)},
			} {
				if diff := cmp.Diff(w.want, w.got, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
					t.Errorf("%s, %s, %s (-want +got):\n%s", name, way, when, diff)
				}
			}
		}
	}
}
