package files_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
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
	"Asks":      {section: "channels", was: "  in_use: [hotline]\n  asks: {hotline: [danger, contact]}\n", is: "  in_use: [hotline]\n  asks: {hotline: [contact, danger]}\n"},
	"Reasons": {
		section: "reasons",
		was:     "  decline: {at_capacity: {en: Full}}\n  cancel: {other: {en: Other}}\n  close: {needs_met: {en: Met}}\n",
		is:      "  decline: {duplicate: {en: Twice}}\n  cancel: {other: {en: Another}}\n  close: {left_area: {en: Left}}\n",
	},
	"Figures": {
		section: "figures",
		was:     "  period: quarter\n  settles: 30d\n  k: 11\n  tables: [{name: cases, for: public, words: {en: Cases}}]\n",
		is:      "  period: quarter\n  settles: 60d\n  k: 20\n  tables: [{name: all, for: fund, words: {en: All}}, {name: types, parent: all, columns: type, for: fund, zeros: true, words: {}}]\n",
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
	"Enquiries": {
		"enquiries", "  take: 1d\n  take_in_danger: 1h\n  settle: 2d\n  cards: 90d\n", "  take: 12h\n  take_in_danger: 2h\n  settle: 3d\n  cards: 30d\n",
		"  take: 12h\n  take_in_danger: 1h\n  settle: 2d\n  cards: 30d\n", "  take: 1d\n  take_in_danger: 2h\n  settle: 3d\n  cards: 90d\n",
	},
	"LegalAid": {
		"legal_aid", "  serve: 2d\n  warn: 1h\n  expiring: 30d\n  hearing: 1d\n  eligible: [child]\n  whatever_means: []\n",
		"  serve: 1d\n  warn: 2h\n  expiring: 20d\n  hearing: 2d\n  eligible: [child]\n  whatever_means: []\n",
		"  serve: 1d\n  warn: 1h\n  expiring: 20d\n  hearing: 1d\n  eligible: [child]\n  whatever_means: []\n",
		"  serve: 2d\n  warn: 2h\n  expiring: 30d\n  hearing: 2d\n  eligible: [child]\n  whatever_means: []\n",
	},
	"Support": {
		"support", "  risk_answer: 10m\n  follow_up: 30d\n  review: 14d\n  pcl_5_cut: 31\n  phq_9_percent: 20\n  gad_7_change: 4\n  who_5_change: 12\n  pcl_5_change: 18\n", "  risk_answer: 30m\n  follow_up: 20d\n  review: 30d\n  pcl_5_cut: 33\n  phq_9_percent: 10\n  gad_7_change: 6\n  who_5_change: 10\n  pcl_5_change: 10\n",
		"  risk_answer: 10m\n  follow_up: 20d\n  review: 14d\n  pcl_5_cut: 31\n  phq_9_percent: 10\n  gad_7_change: 4\n  who_5_change: 10\n  pcl_5_change: 10\n", "  risk_answer: 30m\n  follow_up: 30d\n  review: 30d\n  pcl_5_cut: 33\n  phq_9_percent: 20\n  gad_7_change: 6\n  who_5_change: 12\n  pcl_5_change: 18\n",
	},
	"Deadlines":   {section: "deadlines", was: answerIn("2"), is: answerIn("3")},
	"Least":       {section: "least", was: "  categories: {food_service: [health]}\n", is: "  categories: {food_service: [incident]}\n"},
	"Requirement": {section: "requirements", was: "  services: {}\n", is: "  services: {legal_assistance_service: {conflict_check: true}}\n"},
	"Roles":       {section: "roles", was: "  requires: {}\n", is: "  requires: {lawyer: [{scope: certify}]}\n"},
	"Hold":        length("hold"),
	"Reporting": {
		section: "reporting",
		was:     "  laws: {}\n",
		is:      "  laws:\n    a_law: {words: {en: A law}, reporters: {en: Staff}, minimum: {en: Least}, authorities: {police: {en: Police}}}\n",
	},
	"Essential": {
		section: "essential",
		was:     "  services: {}\n  standards: {}\n",
		is:      "  services: {shelter: {sector: social_services, given_by: [safehouse_service], words: {en: Shelter}}}\n  standards: {private_room: {words: {en: A room}}}\n",
	},
	"Reach": {
		section: "reach",
		was:     "  months: 3\n  silent: 50\n  areas: {}\n",
		is:      "  months: 6\n  silent: 40\n  kilometres: 20\n  areas: {}\n",
	},
	"Acknowledge": length("acknowledge"),
	"SetOut":      length("set_out"),
	"Arrive":      length("arrive"),
	"Reflection":  length("reflection"),
	"Retention":   length("retention"),
	"Kits":        length("kits"),
}

// has says whether a field has a way. What a role requires, what is essential and in reach, and what is counted, is
// asked on the day itself, so no case has an older answer.
func (c change) has(name string, way programme.Changes) bool {
	return way == programme.LawFromDate || !slices.Contains([]string{"Essential", "Figures", "Reach", "Roles"}, name) && (way == programme.AsOpened || c.lesser != "")
}

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

	// All are read at once: one programme for each field and way, and one for each value alone.
	all, alone := fstest.MapFS{}, map[string]string{}
	head, _, _ := strings.Cut(valid, "hold:")
	write := func(id, version, from, section string, way programme.Changes, body string) string {
		text := strings.NewReplacer("alpha", id, "version: 1", "version: "+version, "2027-01-01", from).Replace(head)
		all[id+"/"+version+".yaml"] = &fstest.MapFile{Data: []byte(text + section + ":\n  changes: " + string(way) + "\n" + body)}
		return id
	}
	slug := func(name string, way programme.Changes) string {
		return strings.ToLower(name) + "-" + strings.ReplaceAll(string(way), "_", "-")
	}
	for name, c := range changes {
		for i, body := range []string{c.was, c.is, c.lesser, c.greater} {
			if body != "" {
				alone[name+body] = write(strings.ToLower(name)+"-alone-"+strconv.Itoa(i), "1", "2027-01-01", c.section, programme.LawFromDate, body)
			}
		}
		for _, way := range programme.ChangesList {
			write(slug(name, way), "1", "2027-01-01", c.section, programme.LawFromDate, c.was)
			write(slug(name, way), "2", "2027-06-01", c.section, way, c.is)
		}
	}
	read, err := files.Open(all, true)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string][]string{}
	for _, f := range read.Refused {
		refused[f.File] = append(refused[f.File], f.At)
	}

	at := func(month time.Month) time.Time { return time.Date(2027, month, 2, 12, 0, 0, 0, time.UTC) }
	opened, before, after := at(time.January), at(time.May), at(time.July)
	zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	for name, c := range changes {
		// field is the field for a case that was opened at an instant, at another.
		field := func(id string, opened, now time.Time) any {
			return reflect.ValueOf(read.For(id, "GT", opened, now)).FieldByName(name).Interface()
		}
		for _, way := range programme.ChangesList {
			id := slug(name, way)
			if !c.has(name, way) {
				if diff := cmp.Diff([]string{"/" + c.section + "/changes"}, refused[id+"/2.yaml"]); diff != "" {
					t.Errorf("%s, %s: refused (-want +got):\n%s", name, way, diff)
				}
				continue
			}
			want := map[programme.Changes]string{programme.AsOpened: c.was, programme.LawFromDate: c.is, programme.Min: c.lesser, programme.Max: c.greater}[way]
			for when, w := range map[string]struct {
				body string
				got  any
			}{
				"before the change":               {c.was, field(id, opened, before)},
				"after it":                        {want, field(id, opened, after)},
				"in a case that was opened since": {c.is, field(id, after, after)},
			} {
				if diff := cmp.Diff(field(alone[name+w.body], opened, opened), w.got, zones); diff != "" {
					t.Errorf("%s, %s, %s (-want +got):\n%s", name, way, when, diff)
				}
			}
		}
	}
}
