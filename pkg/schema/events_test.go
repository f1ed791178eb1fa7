package schema_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/schema"
)

// exampled is an event's schema, and what its example holds.
type exampled struct {
	*schema.Schema
	text string
}

func events(t testing.TB) map[string]exampled {
	t.Helper()
	folder := schema.Open(api.Files)
	all := map[string]exampled{}
	names, err := fs.Glob(api.Files, "schema/*/*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s, err := folder.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := api.Files.ReadFile(path.Dir(name) + "/example/" + strings.TrimSuffix(path.Base(name), ".schema.json") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(strings.TrimPrefix(name, "schema/"), ".schema.json")] = exampled{s, string(text)}
	}
	if len(all) < 70 {
		t.Fatalf("only %d schemas", len(all))
	}
	return all
}

// Every event of the network is judged the short way: a keyword that it does not
// know costs every delivery the long one.
func TestEventsGoTheShortWay(t *testing.T) {
	for name, e := range events(t) {
		value, err := schema.Parse(e.text)
		if err != nil {
			t.Fatal(err)
		}
		if !e.Plain() || !e.Short(value) {
			t.Errorf("%s: plain %t, its example goes the long way", name, e.Plain())
		}
		for _, code := range codes(e.Schema.Schema) {
			if !schema.IsCode(code) {
				t.Errorf("%s: %q does not read as a code: a newer one like it would be buried", name, code)
			}
		}
	}
}

// codes are all that a schema lists.
func codes(s *jsonschema.Schema) (all []string) {
	if s.Enum != nil {
		for _, v := range s.Enum.Values {
			all = append(all, v.(string))
		}
	}
	for _, inner := range s.Properties {
		all = append(all, codes(inner)...)
	}
	if s.Items2020 != nil {
		all = append(all, codes(s.Items2020)...)
	}
	return all
}

// bits are what mutations put into an example.
var bits = []any{
	"", "x", "ref_*", "ref_>", "ref_a.b", "case_00000000000000000000000000", "a-slug", "-", "2026-06-08T12:00:00Z", "2026-06-08",
	"2016-12-31T23:59:60Z", "standard", "KG", "0190f3a0-7c1b-7000-8000-0123456789ab",
	0.0, 1.0, -1.0, 0.5, 7.0, 5e9, 1e300, true, false, nil,
	[]any{},
	[]any{"x", "x"},
	map[string]any{},
	map[string]any{"x": 1.0},
}

// change changes something somewhere in a value.
func change(t *rapid.T, value any) any {
	switch v := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		switch rapid.IntRange(0, 5).Draw(t, "how") {
		case 0:
			v[rapid.SampledFrom([]string{"later", "Case", "x"}).Draw(t, "new")] = rapid.SampledFrom(bits).Draw(t, "bit")
		case 1:
			if len(names) > 0 {
				name := rapid.SampledFrom(names).Draw(t, "capitals")
				v[strings.ToUpper(name)] = v[name]
			}
		case 2:
			if len(names) > 0 {
				delete(v, rapid.SampledFrom(names).Draw(t, "gone"))
			}
		default:
			if len(names) > 0 {
				name := rapid.SampledFrom(names).Draw(t, "changed")
				v[name] = change(t, v[name])
			}
		}
		return v
	case []any:
		if len(v) > 0 && rapid.Bool().Draw(t, "inside") {
			i := rapid.IntRange(0, len(v)-1).Draw(t, "item")
			v[i] = change(t, v[i])
			return v
		}
	}
	return rapid.SampledFrom(bits).Draw(t, "bit")
}

// Whatever becomes of an example, the short way and the library agree; and what
// is let in is for encoding/json what it was for us.
func TestShortWayAndLibraryAgree(t *testing.T) {
	all := events(t)
	names := slices.Sorted(maps.Keys(all))
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "event")
		e := all[name]
		value, err := schema.Parse(e.text)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			value = change(t, value)
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Skip()
		}
		if value, err = schema.Parse(string(text)); err != nil {
			t.Fatal(err)
		}
		long := e.Schema.Schema.Validate(value) == nil
		if e.Validate(value) == nil && !long {
			t.Fatalf("%s: let in what the library does not: %s", name, text)
		}
		// Only a twin is for us to refuse alone.
		if short := e.Short(value); short != long && (short || !hasTwin(e.Schema.Schema, value)) {
			t.Fatalf("%s: the short way says %t, the library %t: %s", name, short, long, text)
		}
		if hasTwin(e.Schema.Schema, value) && e.Validate(value) == nil {
			t.Fatalf("%s: let in a twin: %s", name, text)
		}
	})
}

// hasTwin looks for one in the plainest way.
func hasTwin(s *jsonschema.Schema, value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for name, inside := range v {
			known := s.Properties[name]
			for other := range s.Properties {
				if known == nil && strings.EqualFold(other, name) {
					return true
				}
			}
			if known != nil && hasTwin(known, inside) {
				return true
			}
		}
	case []any:
		for _, inside := range v {
			if s.Items2020 != nil && hasTwin(s.Items2020, inside) {
				return true
			}
		}
	}
	return false
}

func TestNewer(t *testing.T) {
	e := events(t)["referral/accepted.v1"]
	for name, c := range map[string]struct {
		old, new string
		newer    bool
	}{
		"a code":               {`"urgent"`, `"within_a_minute"`, true},
		"a code in a list":     {`"incident"`, `"whereabouts"`, true},
		"no code":              {`"urgent"`, `"call her after six"`, false},
		"nothing":              {`"urgent"`, `""`, false},
		"a number":             {`"urgent"`, `7`, false},
		"an identifier":        {`"ref_eaq11m24xwdha7txyqaa5n95sm"`, `"ref_*"`, false},
		"a code and no sender": {`"sender": "police-desk",`, `"purpose": "research",`, false},
	} {
		text := strings.Replace(e.text, c.old, c.new, 1)
		if name == "a code and no sender" {
			text = strings.Replace(text, `"purpose": "service_delivery",`, "", 1)
		}
		value, err := schema.Parse(text)
		if err != nil {
			t.Fatal(name, err)
		}
		err = e.Validate(value)
		if err == nil || text == e.text || schema.Newer(err) != c.newer {
			t.Errorf("%s: %v, newer %t", name, err, schema.Newer(err))
		}
	}
	if schema.Newer(nil) || schema.Newer(schema.ErrTwin) {
		t.Error("no code was missed")
	}
}

func BenchmarkValidate(b *testing.B) {
	e := events(b)["referral/accepted.v1"]
	b.ReportAllocs()
	for b.Loop() {
		value, err := schema.Parse(e.text)
		if err != nil || e.Validate(value) != nil {
			b.Fatal(err)
		}
	}
}
