package hsds

import (
	"slices"
	"strings"
	"testing"
)

// Each kind of slip by its name: what is told, and that nothing secret is open.
func TestKindsOfSlips(t *testing.T) {
	swap := func(table, from, to string) func(map[string]string) {
		return func(f map[string]string) {
			if !strings.Contains(f[table], from) {
				panic("there is no " + from)
			}
			f[table] = strings.Replace(f[table], from, to, 1)
		}
	}
	for name, c := range map[string]struct {
		spoil func(map[string]string)
		want  string
	}{
		"an attribute with a value too many, of a row that nobody has": {swap("attributes.csv", uuidOf(5, 2)+","+uuidOf(1, 3)+",", uuidOf(5, 2)+","+uuidOf(1, 99)+",,"), "delivery : 7 organizations"},
		"a quote that takes in the next row":                           {swap("attributes.csv", "\"a, b\"\n"+uuidOf(5, 2)+","+uuidOf(1, 3)+","+uuidOf(4, 1)+",c\n", "\"a, b\n"+uuidOf(5, 2)+","+uuidOf(1, 3)+","+uuidOf(4, 1)+",c\"\n"), "attributes.csv/1 : has another row in one of its values"},
		"a term that cannot be read, known otherwise":                  {swap("taxonomy_terms.csv", uuidOf(4, 2)+",safehouse_service,House,A safe house.,sanad-service,", uuidOf(4, 2)+",safehouse_servise,House,A safe house.,sanad-service,"), "services.csv/3 attributes: has"},
		"a taxonomy that is not there":                                 {swap("taxonomies.csv", uuidOf(3, 1), uuidOf(3, 2)), "taxonomy_terms.csv/1 taxonomy_id: refers to a row that is not there"},
		"a taxonomy with two letters wrong":                            {swap("taxonomies.csv", "sanad-visibility", "sanat-wisibility"), "taxonomy_terms.csv/1 code: is not on the list of a taxonomy of this network"},
	} {
		tables := delivered()
		c.spoil(tables)
		b := Read(tabular(tables), nothing{})
		if !slices.ContainsFunc(told(b.Rejected), func(line string) bool { return strings.HasPrefix(line, c.want) }) {
			t.Errorf("%s: not told: %s\n%v", name, c.want, told(b.Rejected))
		}
		if secret(seen(t, b)) {
			t.Errorf("%s: %v is open", name, seen(t, b))
		}
	}
}

// older knew a term by another code: what a delivery was to put right is not read by it.
type older struct{ nothing }

func (older) Term(string) (taxonomy, word string, ok bool) { return "theirs", "other", true }

func TestATermThatWasRejectedIsNotTheOneBefore(t *testing.T) {
	tables := delivered()
	tables["taxonomy_terms.csv"] = strings.Replace(tables["taxonomy_terms.csv"], "safehouse_service,House", "safehouse_service,Hou\ufffdse", 1)
	if b := Read(tabular(tables), older{}); secret(seen(t, b)) || slices.Contains(seen(t, b), "Shelter") {
		t.Error(seen(t, b))
	}
}

// An entry is repeated in others, often shorter. What hides it may stand in any of them.
func TestWhatHidesMayStandInARepetition(t *testing.T) {
	const o = `"organization": {"id": "aaaaaaaa-0000-4000-8000-000000000001", "name": "Org", "description": "d", "attributes": [`
	food, hidden := attribute("theirs", "x"), strings.Replace(attribute("sanad-visibility", "hidden"), "00000a", "00000b", 1)
	food = strings.Replace(food, `"code"`, `"id": "aaaaaaaa-0000-4000-8000-00000000000c", "name": "n", "description": "d", "code"`, 1)
	service := func(n, attribute string) string {
		return `{"id": "aaaaaaaa-0000-4000-8000-00000000000` + n + `", "name": "s", "status": "active", ` + o + attribute + `]}}`
	}
	b := Read(documents(service("4", food), service("5", hidden)), nothing{})
	if len(b.Rejected) > 0 {
		t.Fatal(told(b.Rejected))
	}
	org, err := ParseOrganization(encoded(t, b.Entries[0]))
	if err != nil || org.Visibility() != "hidden" {
		t.Error(org.Visibility(), err)
	}
}

// What is a slip of form alone is taken, and told once.
func TestWhatIsTakenWithARemark(t *testing.T) {
	tables := delivered()
	row := uuidOf(1, 5) + ",physical,Square\n"
	tables["locations.csv"] = "\ufeff" + tables["locations.csv"] + row + ",,\n,,\n"
	tables["schedules.csv"] = "id,service_id,freq,byday,opens_at,closes_at\n" + uuidOf(6, 1) + "," + uuidOf(1, 2) + ",WEEKLY,MO,9:00,17:30\n"
	b := Read(tabular(tables), nothing{})
	if len(b.Rejected) > 0 || !slices.Contains(seen(t, b), "at Square") {
		t.Fatal(told(b.Rejected))
	}
	for _, want := range []string{
		"locations.csv : begins with a byte order mark, which was left out",
		"locations.csv/4 : says the same as a row before it, which was taken",
		"locations.csv/5 : is blank, and was left out, as are other blank rows of this table",
		"schedules.csv/1 opens_at: has one digit for the hour, and was read with a nought before it",
	} {
		if n := len(slices.DeleteFunc(told(b.Notes), func(line string) bool { return line != want })); n != 1 {
			t.Errorf("%d times: %s\n%v", n, want, told(b.Notes))
		}
	}
	// Real files end in a thousand blank rows. One line says so; a second would be a thousand.
	if blank := slices.DeleteFunc(told(b.Notes), func(line string) bool { return !strings.Contains(line, "is blank") }); len(blank) != 1 {
		t.Errorf("two blank rows are told as %v", blank)
	}
	b = Read(documents("["+`{"id": "aaaaaaaa-0000-4000-8000-000000000001", "name": "Org", "description": "d"}`+"]"), nothing{})
	if len(b.Entries) != 1 || len(b.Notes) != 1 {
		t.Error(told(b.Rejected), told(b.Notes))
	}
}
