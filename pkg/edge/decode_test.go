package edge

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-network/sanad/pkg/fault"
)

func TestParseJSON(t *testing.T) {
	for text, want := range map[string]any{
		` {"a":[1,-0.5e+3,true,false,null,"x"]} `: map[string]any{"a": []any{1.0, -500.0, true, false, nil, "x"}},
		`{}`:                      map[string]any{},
		`[]`:                      []any{},
		`"\"\\\/\b\f\n\r\té"`:     "\"\\/\b\f\n\r\té",
		`"\u00e9 \ud83d\ude00 é"`: "é 😀 é",
		`0`:                       0.0,
	} {
		got, err := parseJSON(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v", text, got, err)
		}
	}
	for text, want := range map[string]error{
		``: notJSON, ` `: notJSON, `{`: notJSON, `[`: notJSON, `[1`: notJSON, `[1,]`: notJSON, `{"a"}`: notJSON,
		`{"a":1,}`: notJSON, `{a:1}`: notJSON, `"a`: notJSON, `"\`: notJSON, `"\x"`: notJSON, `"\u12"`: notJSON,
		`"\u12g4"`: notJSON, "\"\n\"": notJSON, "\"a\\n\n\"": notJSON, `01`: notJSON, `-`: notJSON, `1.`: notJSON, `.5`: notJSON,
		`1e`: notJSON, `+1`: notJSON, `NaN`: notJSON, `tru`: notJSON, "\ufeff{}": notJSON,
		`{} {}`: trailingData, `1 2`: trailingData, `nullx`: trailingData,
		`{"a":1,"a":2}`: duplicateKey, `{"a":{"b":1,"b":1}}`: duplicateKey,
		"\"\xc3\"": notUTF8, `"\ud83d"`: notUTF8, `"\ude00\ud83d"`: notUTF8, `"\ud83dA"`: notUTF8,
		`1e400`:                 badNumber,
		strings.Repeat("[", 33): tooDeep,
	} {
		if got, err := parseJSON(text); !errors.Is(err, want) {
			t.Errorf("%q: %#v, %v, want %v", text, got, err, want)
		}
	}
	if _, err := parseJSON(strings.Repeat("[", 32) + strings.Repeat("]", 32)); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

// What is let in is JSON for encoding/json too, and means the same.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"\u00e9",null]}`, `"\ud83d\ude00"`, `-1.5e-7`, `{"a":1,"a":2}`, `[[[]]]`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseJSON(text)
		if err != nil {
			if _, ok := errors.AsType[syntax](err); !ok {
				t.Fatalf("error %v", err)
			}
			return
		}
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("let in %q: %v", text, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %#v, encoding/json reads %#v", text, got, want)
		}
	})
}

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
		err := c.decodeBody(op, body, &into)
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
