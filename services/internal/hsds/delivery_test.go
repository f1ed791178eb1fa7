package hsds

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
)

// nothing is a directory without an entry.
type nothing struct{}

func (nothing) Has(code.EntryKind, string) bool    { return false }
func (nothing) Term(string) (string, string, bool) { return "", "", false }
func (nothing) Taxonomy(string) (string, bool)     { return "", false }
func (nothing) ServiceOf(string) (string, bool)    { return "", false }
func (nothing) At(string) []string                 { return nil }

// something has every entry that is asked for.
type something struct{ nothing }

func (something) Has(code.EntryKind, string) bool { return true }

func file(t testing.TB, name string) json.RawMessage {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func documents(texts ...string) Delivery {
	var d Delivery
	for _, text := range texts {
		d.Documents = append(d.Documents, Source{"documents/" + strconv.Itoa(len(d.Documents)), []byte(text)})
	}
	return d
}

func tabular(tables map[string]string) Delivery {
	return Delivery{Folders: []Folder{{Tables: tables}}}
}

// told are the issues as "field: rule".
func told(issues []Issue) []string {
	var list []string
	for _, i := range issues {
		list = append(list, i.Path+" "+i.Field+": "+i.Rule)
	}
	return list
}

func entriesOf(b Batch, kind code.EntryKind) []Entry {
	return slices.DeleteFunc(slices.Clone(b.Entries), func(e Entry) bool { return e.Kind != kind })
}

func encoded(t testing.TB, e Entry) []byte {
	t.Helper()
	text, err := Encode(e.Document)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestNested(t *testing.T) {
	b := Read(documents(string(file(t, "shelter.json"))), nothing{})
	if len(b.Rejected) > 0 || len(b.Notes) > 0 {
		t.Fatal(told(b.Rejected), told(b.Notes))
	}
	var kinds []code.EntryKind
	for _, e := range b.Entries {
		kinds = append(kinds, e.Kind)
	}
	if d := cmp.Diff([]code.EntryKind{code.EntryOrganization, code.EntryService, code.EntryLocation}, kinds); d != "" {
		t.Fatal(d)
	}
	o, err := ParseOrganization(encoded(t, b.Entries[0]))
	if err != nil || o.Agency() != "casa-amiga" || o.Visibility() != code.VisiblePublic {
		t.Error(o, err)
	}
	s, err := ParseService(encoded(t, b.Entries[1]))
	if err != nil {
		t.Fatal(err)
	}
	if s.OrganizationID != o.ID || len(s.At) != 1 || *s.MinimumAge != 15 || !s.Active() {
		t.Errorf("%+v", s)
	}
	if d := cmp.Diff([]code.Service{code.SafeHouse}, s.Kinds()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]code.Sex{code.Female}, s.Sexes()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"GT-01"}, s.AreaCodes()); d != "" {
		t.Error(d)
	}
	if c := s.Capacities; len(c) != 1 || c[0].Available != 4 || *c[0].Maximum != 10 || !c[0].Unit.Is("Bed") {
		t.Errorf("%+v", c)
	}
	if b.Entries[1].Document["tone"] == nil {
		t.Error("what HSDS does not name was lost")
	}
	l, err := ParseLocation(encoded(t, b.Entries[2]))
	if _, _, located := l.Coordinates(); err != nil || l.Country() != "GT" || !located {
		t.Error(l, err)
	}
	if !s.Hours(s.At[0], l).Known() {
		t.Error("the hours are not known")
	}
}

func TestTables(t *testing.T) {
	asJSON := Read(documents(string(file(t, "tables.json"))), nothing{})
	asCSV := Read(tabular(csvOf(t, file(t, "tables.json"))), nothing{})
	for name, b := range map[string]Batch{"JSON": asJSON, "CSV": asCSV} {
		if len(b.Rejected) > 0 || slices.ContainsFunc(b.Notes, func(n Issue) bool { return n.Rule != "begins with a byte order mark, which was left out" }) {
			t.Fatal(name, told(b.Rejected), told(b.Notes))
		}
		s, err := ParseService(encoded(t, entriesOf(b, code.EntryService)[0]))
		if err != nil {
			t.Fatal(name, err)
		}
		if d := cmp.Diff([]code.Service{code.LegalAssistance}, s.Kinds()); d != "" || len(s.At) != 1 || len(s.Capacities) != 1 {
			t.Errorf("%s: %+v %s", name, s, d)
		}
		if d := cmp.Diff([]string{"quc"}, s.LanguageCodes()); d != "" || *s.MinimumAge != 12 {
			t.Error(name, d)
		}
		for _, kind := range []code.EntryKind{code.EntryService, code.EntryLocation} {
			phones := objects(entriesOf(b, kind)[0].Document["phones"])
			if len(phones) != 1 || phones[0]["extension"] != json.Number("12") || len(objects(phones[0]["languages"])) != 1 {
				t.Errorf("%s: telephones of the %s: %v", name, kind, phones)
			}
		}
	}
	if d := cmp.Diff(documentsOf(asJSON), documentsOf(asCSV)); d != "" {
		t.Errorf("the two forms differ: %s", d)
	}
}

func documentsOf(b Batch) map[string]any {
	all := map[string]any{}
	for _, e := range b.Entries {
		all[string(e.Kind)+" "+e.ID] = e.Document
	}
	return all
}

// csvOf writes tables as text.
func csvOf(t *testing.T, text []byte) map[string]string {
	t.Helper()
	var tables map[string][]map[string]string
	if err := json.Unmarshal(text, &tables); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, rows := range tables {
		columns := map[string]bool{}
		for _, r := range rows {
			for c := range r {
				columns[c] = true
			}
		}
		head := slices.Sorted(maps.Keys(columns))
		lines := []string{strings.Join(head, ",")}
		for _, r := range rows {
			var values []string
			for _, c := range head {
				values = append(values, r[c])
			}
			lines = append(lines, strings.Join(values, ","))
		}
		out[name] = "\ufeff" + strings.Join(lines, "\r\n") + "\r\n"
	}
	return out
}

const (
	org  = `"organization_id": "aaaaaaaa-0000-4000-8000-000000000001"`
	one  = `{"id": "aaaaaaaa-0000-4000-8000-000000000002", "name": "One", "status": "active", ` + org
	unit = `{"id": "aaaaaaaa-0000-4000-8000-000000000003", "name": "bed"}`
)

func attribute(taxonomy, word string) string {
	return `{"id": "aaaaaaaa-0000-4000-8000-00000000000a", "taxonomy_term": {"taxonomy": "` + taxonomy + `", "code": "` + word + `"}}`
}

// What is wrong is told with its place and rule, never with its value, and what
// stands beside it is taken.
func TestRejected(t *testing.T) {
	capacity := func(numbers string) string {
		return `, "capacities": [{"id": "aaaaaaaa-0000-4000-8000-000000000004", "unit": ` + unit + `, "updated": "2026-11-20T08:00:00Z", ` + numbers + `}]}`
	}
	schedule := func(parts string) string {
		return `, "schedules": [{"id": "aaaaaaaa-0000-4000-8000-000000000005", ` + parts + `}]}`
	}
	for name, c := range map[string]struct {
		text, want string
		taken      int
	}{
		"available > maximum":     {one + capacity(`"available": 12, "maximum": 10`), "documents/0/capacities/0 available: must not be more than maximum", 1},
		"negative capacity":       {one + capacity(`"available": -1`), "documents/0/capacities/0 available: must not be negative", 1},
		"capacity without count":  {one + capacity(`"maximum": 1`), "documents/0/capacities/0 available: is required", 1},
		"unknown service":         {one + `, "attributes": [` + attribute("sanad-service", "massage_service") + `]}`, "documents/0 attributes: has a code that is not on the list of sanad-service", 0},
		"unknown visibility":      {one + `, "attributes": [` + attribute("sanad-visibility", "Hidden") + `]}`, "documents/0 attributes: has a code that is not on the list of sanad-visibility", 0},
		"a slip in the taxonomy":  {one + `, "attributes": [` + attribute("Sanad-visiblity", "hidden") + `]}`, "documents/0 attributes: names a taxonomy that is not one of this network", 0},
		"unknown area":            {one + `, "attributes": [` + attribute("sanad-area", "XX-01") + `]}`, "documents/0 attributes: has a code that is not on the list of sanad-area", 0},
		"attribute without id":    {one + `, "attributes": [{"taxonomy_term": {"taxonomy": "sanad-visibility", "code": "hidden"}}]}`, "documents/0 attributes: has an attribute that was rejected", 0},
		"attribute, no such term": {one + `, "attributes": [{"id": "aaaaaaaa-0000-4000-8000-00000000000a", "taxonomy_term_id": "aaaaaaaa-0000-4000-8000-00000000000b"}]}`, "documents/0 attributes: has an attribute that was rejected", 0},
		"attributes, no list":     {one + `, "attributes": "hidden"}`, "documents/0 attributes: must be an array", 0},
		"a code on a telephone":   {one + `, "phones": [{"id": "aaaaaaaa-0000-4000-8000-000000000006", "number": "1", "attributes": [` + attribute("sanad-visibility", "hidden") + `]}]}`, "documents/0/phones/0 attributes: carries a code of this network that is not read there", 1},
		"byday":                   {one + schedule(`"freq": "WEEKLY", "byday": "MO,XX"`), "documents/0/schedules/0 byday: must be days of the week as in RFC 5545", 1},
		"nth day of a week":       {one + schedule(`"freq": "WEEKLY", "byday": "2MO"`), "documents/0/schedules/0 byday: must not count days of a month in a weekly rule", 1},
		"bymonthday":              {one + schedule(`"freq": "MONTHLY", "bymonthday": "32"`), "documents/0/schedules/0 bymonthday: must be numbers from 1 to 31, or from the end", 1},
		"freq":                    {one + schedule(`"freq": "DAILY"`), "documents/0/schedules/0 freq: must be one of the words of HSDS", 1},
		"interval from nowhere":   {one + schedule(`"freq": "WEEKLY", "interval": 2`), "documents/0/schedules/0 interval: needs dtstart to count from", 1},
		"half a day":              {one + schedule(`"freq": "WEEKLY", "opens_at": "10:00"`), "documents/0/schedules/0 closes_at: is required beside the other end", 1},
		"no time":                 {one + schedule(`"opens_at": "25:00", "closes_at": "26:00"`), "documents/0/schedules/0 opens_at: must be a time of day", 1},
		"time zone":               {one + schedule(`"freq": "WEEKLY", "timezone": 15`), "documents/0/schedules/0 timezone: must be an offset from UTC in hours", 1},
		"time zone of no list":    {one + schedule(`"freq": "WEEKLY", "attributes": [`+attribute("sanad-timezone", "Mars/Base")+`]`), "documents/0/schedules/0 attributes: has a code that is not on the list of sanad-timezone", 1},
		"date":                    {one + schedule(`"valid_from": "2026-02-30"`), "documents/0/schedules/0 valid_from: must be a date", 1},
		"dates crossed":           {one + schedule(`"valid_from": "2026-03-01", "valid_to": "2026-02-01"`), "documents/0/schedules/0 valid_to: must not be before valid_from", 1},
		"uuid":                    {`{"id": "7", "name": "One", "status": "active", ` + org + `}`, "documents/0 id: must be a UUID", 0},
		"no name":                 {`{"id": "aaaaaaaa-0000-4000-8000-000000000002", "status": "active", ` + org + `}`, "documents/0 name: is required", 0},
		"status":                  {`{"id": "aaaaaaaa-0000-4000-8000-000000000002", "name": "One", "status": "open", ` + org + `}`, "documents/0 status: must be one of the words of HSDS", 0},
		"nobody answers for it":   {`{"id": "aaaaaaaa-0000-4000-8000-000000000002", "name": "One", "status": "active"}`, "documents/0 organization_id: is required: somebody must answer for a service", 0},
		"ages crossed":            {one + `, "minimum_age": 18, "maximum_age": 12}`, "documents/0 minimum_age: must not be over maximum_age", 0},
		"country":                 {`{"id": "aaaaaaaa-0000-4000-8000-000000000007", "location_type": "physical", "addresses": [{"id": "aaaaaaaa-0000-4000-8000-000000000008", "address_1": "1", "city": "c", "state_province": "s", "postal_code": "p", "country": "UK", "address_type": "physical"}]}`, "documents/0/addresses/0 country: must be a country of ISO 3166-1, in two letters", 1},
		"another case":            {one + `, "Attributes": []}`, "documents/0 attributes: is there with other small and capital letters", 0},
		"not an object":           {`[1]`, "documents/0/0 : must be an object", 0},
		"too deep":                {one + `, "x": ` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + `}`, "documents/0 : has a property that is not of HSDS, and too large or unreadable", 0},
	} {
		b := Read(documents(c.text), something{})
		if !slices.Contains(told(b.Rejected), c.want) {
			t.Errorf("%s: %v, want %s", name, told(b.Rejected), c.want)
		}
		if len(b.Entries) != c.taken {
			t.Errorf("%s: %d entries taken, want %d", name, len(b.Entries), c.taken)
		}
	}
}

func TestReferences(t *testing.T) {
	b := Read(documents(one+`}`), nothing{})
	if d := cmp.Diff([]string{"documents/0 organization_id: refers to an organization that is not there"}, told(b.Rejected)); d != "" || len(b.Entries) > 0 {
		t.Error(d)
	}
	b = Read(documents(
		one+`}`, one+`}`, strings.Replace(one, "One", "Two", 1)+`}`,
		`{"id": "aaaaaaaa-0000-4000-8000-000000000001", "name": "Org", "description": "It."}`,
	), nothing{})
	// Which of the two is right, nobody knows: one of them may be the one to hide.
	if d := cmp.Diff([]string{"documents/2 id: is used by a row before it that says otherwise", "documents/0 id: is named by another row that was rejected"}, told(b.Rejected)); d != "" || len(b.Entries) != 1 {
		t.Error(d, len(b.Entries))
	}
	tables := map[string]string{
		"services.csv": "id,organization_id,name,status\n" +
			"aaaaaaaa-0000-4000-8000-000000000002,aaaaaaaa-0000-4000-8000-000000000001,One,active\n" +
			"aaaaaaaa-0000-4000-8000-000000000002,aaaaaaaa-0000-4000-8000-000000000001,Two,active\n" +
			"aaaaaaaa-0000-4000-8000-00000000000c,,Three,active\nshort\n",
		"phones.csv":     "id,service_id,number\naaaaaaaa-0000-4000-8000-00000000000d,aaaaaaaa-0000-4000-8000-0000000000ff,1\n",
		"attributes.csv": "id,link_id,taxonomy_term_id\naaaaaaaa-0000-4000-8000-00000000000e,aaaaaaaa-0000-4000-8000-000000000002,no\n",
	}
	got := told(Read(tabular(tables), something{}).Rejected)
	for _, want := range []string{
		"services.csv/1 id: is used by a row after it that says otherwise",
		"services.csv/2 id: is used by a row before it that says otherwise",
		"services.csv/3 organization_id: is required in a table",
		"services.csv/4 : must have as many values as the table has columns",
		"attributes.csv/1 taxonomy_term_id: must be a UUID",
		"services.csv/1 attributes: has an attribute that was rejected",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("not told: %s\n%v", want, got)
		}
	}
	if got := told(Read(tabular(map[string]string{"phones.csv": tables["phones.csv"]}), nothing{}).Rejected); !slices.Contains(got, "phones.csv/1 service_id: refers to a row that is not there") {
		t.Error(got)
	}
}

// A row that describes itself would stand in itself without end.
func TestNothingStandsInItself(t *testing.T) {
	const id = "aaaaaaaa-0000-4000-8000-00000000000e"
	b := Read(tabular(map[string]string{
		"attributes.csv":     "id,link_id,taxonomy_term_id\n" + id + "," + id + "," + id + "\n",
		"metadata.csv":       "id,resource_id,last_action_date,last_action_type,field_name,previous_value,replacement_value,updated_by\n" + id + "," + id + ",2026-01-01,u,n,a,b,c\n",
		"taxonomy_terms.csv": "id,name,description\n" + id + ",n,d\n",
		"taxonomies.csv":     "id,name,description\n" + id + ",n,d\n",
	}), nothing{})
	if len(b.Rejected) != 2 || len(b.Entries) != 2 {
		t.Error(told(b.Rejected), b.Entries)
	}
}

// A delivery may add to what the directory has without saying it again.
func TestPartial(t *testing.T) {
	b := Read(tabular(map[string]string{
		"phones.csv": "id,service_id,number\naaaaaaaa-0000-4000-8000-00000000000d,aaaaaaaa-0000-4000-8000-000000000002,1\n",
	}), something{})
	if len(b.Rejected) > 0 || len(b.Entries) != 1 || !b.Entries[0].Partial {
		t.Fatalf("%v %+v", told(b.Rejected), b.Entries)
	}
	stored := Document([]byte(one + `}`))
	merged := Merge(stored, b.Entries[0].Document)
	if merged["name"] != "One" || len(objects(merged["phones"])) != 1 {
		t.Error(merged)
	}
}

func TestNotes(t *testing.T) {
	b := Read(documents(
		`{"version": "3.1", "openapi_url": "https://example.org"}`,
		`{"id": "aaaaaaaa-0000-4000-8000-000000000001", "name": "Org", "description": 7, "website": "example.org", "year_incorporated": "1999"}`,
	), nothing{})
	for _, want := range []string{
		"documents/0 : describes data and holds no record; it was left out",
		"documents/1 description: is a number, and was read as text",
		"documents/1 website: is not a URI, and was left out",
		"documents/1 year_incorporated: is a text, and was read as a number",
	} {
		if !slices.Contains(told(b.Notes), want) {
			t.Errorf("not told: %s", want)
		}
	}
	if len(b.Entries) != 1 || len(b.Rejected) > 0 {
		t.Error(b)
	}
}

func TestMerge(t *testing.T) {
	merge := func(stored, incoming string) string {
		text, err := Encode(Merge(Document([]byte(stored)), Document([]byte(incoming))))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	hidden, food := attribute("sanad-visibility", "hidden"), attribute("sanad-service", "food_service")
	for name, c := range map[string]struct{ stored, incoming, want string }{
		"what is absent stays":      {`{"a": 1, "b": 2}`, `{"b": 3}`, `{"a": 1, "b": 3}`},
		"a list replaces":           {`{"phones": [{"id": "1"}]}`, `{"phones": []}`, `{"phones": []}`},
		"hidden stays hidden":       {`{"attributes": [` + hidden + `]}`, `{"attributes": [` + food + `]}`, `{"attributes": [` + hidden + `, ` + food + `]}`},
		"an empty list hides, too":  {`{"attributes": [` + hidden + `]}`, `{"attributes": []}`, `{"attributes": [` + hidden + `]}`},
		"stale capacity":            {`{"capacities": [{"id": "1", "available": 1, "updated": "2026-11-20T08:00:00Z"}]}`, `{"capacities": [{"id": "1", "available": 9, "updated": "2026-11-20T08:30:00+01:00"}]}`, `{"capacities": [{"id": "1", "available": 1, "updated": "2026-11-20T08:00:00Z"}]}`},
		"a service keeps its place": {`{"service_at_locations": [{"id": "1", "x": 1}]}`, `{"service_at_locations": [{"id": "2"}, {"id": "1", "y": 1}]}`, `{"service_at_locations": [{"id": "1", "x": 1, "y": 1}, {"id": "2"}]}`},
	} {
		want := merge("{}", c.want)
		if got := merge(c.stored, c.incoming); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if once := merge(c.stored, c.incoming); merge(once, c.incoming) != once {
			t.Errorf("%s: the same again changes something", name)
		}
	}
}

func TestLocationVisibility(t *testing.T) {
	service := func(kind code.Service, stated string) Service {
		var s Service
		for taxonomy, word := range map[string]string{TaxonomyService: string(kind), TaxonomyVisibility: stated} {
			if word != "" {
				var a Attribute
				a.Term.Taxonomy, a.Term.Code = taxonomy, word
				s.Attributes = append(s.Attributes, a)
			}
		}
		return s
	}
	shelter, food := service(code.SafeHouse, ""), service(code.Food, "")
	for _, c := range []struct {
		stated code.Visibility
		given  []Service
		want   code.Visibility
	}{
		{"", nil, code.VisibleNobody},
		{"", []Service{food}, code.VisiblePublic},
		{"", []Service{food, shelter}, code.VisibleNobody},
		{"", []Service{service(code.SafeHouse, "public")}, code.VisibleNobody},
		{"", []Service{service(code.Food, "assigned")}, code.VisibleAssigned},
		{"network", []Service{shelter}, code.VisibleNetwork},
		{"hidden", []Service{food}, code.VisibleNobody},
	} {
		l := Location{Attributes: service("", string(c.stated)).Attributes}
		if got := l.Visibility(c.given); got != c.want {
			t.Errorf("%q with %d services: %s, want %s", c.stated, len(c.given), got, c.want)
		}
	}
	if shelter.Visibility() != code.VisibleNetwork || food.Visibility() != code.VisiblePublic {
		t.Error("the defaults of services")
	}
}

func TestOurTermsAreWhole(t *testing.T) {
	for _, text := range append(Terms(), Taxonomies()...) {
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if b := Read(documents(string(raw)), nothing{}); len(b.Rejected) > 0 {
			t.Errorf("%s: %v", raw, told(b.Rejected))
		}
	}
}

// FuzzRead: whatever comes, nothing breaks, and what is taken keeps the rules.
func FuzzRead(f *testing.F) {
	f.Add([]byte(file(f, "shelter.json")), "id,name\n")
	f.Add([]byte(file(f, "tables.json")), "id,service_id,available,maximum,unit_id,updated\n1,2,3,4,5,6\n")
	f.Add([]byte(one+`, "attributes": [`+attribute("sanad-visibility", "hidden")+`]}`), "\"")
	f.Fuzz(func(t *testing.T, text []byte, table string) {
		d := Delivery{Documents: []Source{{"documents/0", text}}, Folders: []Folder{{Tables: map[string]string{"services.csv": table, "service_capacity.csv": table, "attributes.csv": table}}}}
		for _, known := range []Known{nothing{}, something{}} {
			for _, e := range Read(d, known).Entries {
				if !isUUID(e.ID) {
					t.Fatalf("%q was taken as an identifier", e.ID)
				}
				raw := encoded(t, e)
				again, err := Encode(Merge(Document(raw), e.Document))
				if err != nil || string(again) != string(raw) {
					t.Fatalf("the same again changes\n%s to\n%s", raw, again)
				}
				switch e.Kind {
				case code.EntryService:
					s, err := ParseService(raw)
					if err != nil {
						t.Fatal(err)
					}
					for _, c := range s.Capacities {
						if c.Maximum != nil && c.Available > *c.Maximum {
							t.Fatalf("%s: more than there is", raw)
						}
					}
					for _, k := range s.Kinds() {
						if !slices.Contains(code.Services, k) {
							t.Fatalf("%s: an unknown service", raw)
						}
					}
				case code.EntryLocation:
					if _, err := ParseLocation(raw); err != nil {
						t.Fatal(err)
					}
				case code.EntryOrganization:
					if _, err := ParseOrganization(raw); err != nil {
						t.Fatal(err)
					}
				case code.EntryTaxonomy, code.EntryTerm:
				}
			}
		}
	})
}
