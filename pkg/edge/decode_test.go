package edge

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/schema"
)

// Whatever the body, the outcome is a value or a fault of the caller's that
// repeats nothing of it.
func FuzzBody(f *testing.F) {
	source, err := os.ReadFile("testdata/garden.yaml")
	if err != nil {
		f.Fatal(err)
	}
	c, err := readContract(source)
	if err != nil {
		f.Fatal(err)
	}
	op := c.operations["POST /v1/plants"]
	f.Add([]byte(`{"name":"Tulip","status":"seed","planted_at":"2026-03-01T09:00:00+06:00"}`))
	f.Add([]byte(`{"name":1,"status":"x","planted_at":"2016-12-31T23:59:60Z","tags":["a","a"],"notes":{"zzz":"zzzzzz"}}`))
	f.Add([]byte(`{"bed":{"row":1e300},"height":1e-300,"soil":{"sand":9007199254740993}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var into struct {
			Name      string          `json:"name"`
			Status    string          `json:"status"`
			PlantedAt json.RawMessage `json:"planted_at"`
			CutOn     string          `json:"cut_on"`
			Label     string          `json:"label"`
			Height    float64         `json:"height"`
			Tags      []string        `json:"tags"`
			Bed       map[string]any  `json:"bed"`
			Soil      map[string]any  `json:"soil"`
			Notes     map[string]any  `json:"notes"`
		}
		_, err := c.decodeBody(op, body, &into)
		if err == nil {
			if n := utf8.RuneCountInString(into.Name); n < 1 || n > 20 || into.Height < 0 || into.Height > 300 {
				t.Fatalf("let in %s", body)
			}
			return
		}
		broken := fault.Of(err)
		if broken.Kind != fault.Malformed && broken.Kind != fault.Invalid {
			t.Fatalf("%s: %v", body, err)
		}
		if len(broken.Fields) == 0 || len(broken.Fields) > maxFields {
			t.Fatalf("%d rules", len(broken.Fields))
		}
		for _, field := range broken.Fields {
			for token := range strings.SplitSeq(strings.TrimPrefix(field.Pointer, "/"), "/") {
				if _, err := strconv.Atoi(token); err != nil && token != "" && !c.names[token] {
					t.Fatalf("repeats %q", token)
				}
			}
			if len(field.Rule) == 0 || len(field.Rule) > 200 {
				t.Fatalf("rule %q", field.Rule)
			}
		}
	})
}

// One form stands for one meaning: two texts have the same exactly when they are
// read as the same value.
func FuzzPlainly(f *testing.F) {
	f.Add(`{"a":1,"b":[true,null]}`, `{ "b": [true, null], "a": 1.0 }`)
	f.Add(`{"a":"\u0041"}`, `{"a":"A"}`)
	f.Add(`["<",1e2]`, `["\u003c",100]`)
	f.Add(`{"a":{"b":1}}`, `{"a":"{\"b\":1}"}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		one, err := schema.Parse(a)
		if err != nil {
			return
		}
		other, err := schema.Parse(b)
		if err != nil {
			return
		}
		first, err := plainly(one)
		if err != nil {
			t.Fatal(err)
		}
		second, err := plainly(other)
		if err != nil {
			t.Fatal(err)
		}
		// -0 is written otherwise than 0, and means no more: that is no harm.
		if equal := reflect.DeepEqual(one, other); bytes.Equal(first, second) != equal && !strings.Contains(a+b, "-0") {
			t.Errorf("%q and %q: the same value %t", a, b, equal)
		}
	})
}

func FuzzQuery(f *testing.F) {
	source, err := os.ReadFile("testdata/garden.yaml")
	if err != nil {
		f.Fatal(err)
	}
	c, err := readContract(source)
	if err != nil {
		f.Fatal(err)
	}
	op := c.operations["GET /v1/plants"]
	for _, seed := range []string{"limit=10&cursor=abc", "limit=99999999999999999999", "status=seed&status=seed", "a=%zz;b", "tag=a&tag=b&young=TRUE"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		in := Request[struct{}]{Limit: defaultLimit}
		if err := in.readQuery(op, c, raw); err != nil {
			if kind := fault.Of(err).Kind; kind != fault.Malformed && kind != fault.Invalid {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		if in.Limit < 1 || in.Limit > maxLimit || len(in.Cursor) > 64 || in.Query.Has("limit") || in.Query.Has("cursor") {
			t.Fatalf("%q: %+v", raw, in)
		}
	})
}

func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{`"1"`, `"0"`, `W/"1"`, `*`, `"1", "2"`, `"01"`, `"+1"`, `"18446744073709551616"`, `"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		version, err := ifMatch([]string{sent})
		if (err == nil) != (version > 0) || err == nil && etag(version) != sent {
			t.Fatalf("%q: %d, %v", sent, version, err)
		}
	})
}

func TestHeadersThatComeTwice(t *testing.T) {
	if _, err := ifMatch([]string{`"1"`, `"1"`}); err == nil {
		t.Error("took two If-Match")
	}
	const uuid = "0190f3a0-7c1b-7000-8000-0123456789ab"
	if _, err := key([]string{uuid, uuid}); err == nil {
		t.Error("took two keys")
	}
}

// The page that explains problems gives each kind the status that it has here.
func TestStatusesAreThoseOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/problems.md")
	if err != nil {
		t.Fatal(err)
	}
	for kind, status := range statuses {
		row := "| " + fault.Kind(kind).String() + " | " + strconv.Itoa(status) + " |"
		if !strings.Contains(string(page), row) {
			t.Errorf("no row %q", row)
		}
	}
}
