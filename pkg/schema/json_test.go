package schema

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]any{
		` {"a":[1,-0.5e+3,true,false,null,"x"]} `: map[string]any{"a": []any{1.0, -500.0, true, false, nil, "x"}},
		`{}`:                      map[string]any{},
		`[]`:                      []any{},
		`"\"\\\/\b\f\n\r\té"`:     "\"\\/\b\f\n\r\té",
		`"\u00e9 \ud83d\ude00 é"`: "é 😀 é",
		`0`:                       0.0,
	} {
		got, err := Parse(text)
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
		if got, err := Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: %#v, %v, want %v", text, got, err, want)
		}
	}
	if _, err := Parse(strings.Repeat("[", 32) + strings.Repeat("]", 32)); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

// What is let in is JSON for encoding/json too, and means the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"\u00e9",null]}`, `"\ud83d\ude00"`, `-1.5e-7`, `{"a":1,"a":2}`, `[[[]]]`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text)
		if err != nil {
			if _, ok := errors.AsType[SyntaxError](err); !ok {
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
