package play

import (
	"encoding/json"
	"testing"
	"time"
)

func TestWhatIsExpectedIsHeld(t *testing.T) {
	now := time.Date(2026, 11, 30, 8, 30, 0, 0, time.UTC)
	one := json.Number("1")
	for name, c := range map[string]struct {
		want  any
		got   string
		holds bool
	}{
		"the same":               {map[string]any{"a": "b"}, `{"a":"b","c":1}`, true},
		"another":                {map[string]any{"a": "b"}, `{"a":"c"}`, false},
		"not there":              {map[string]any{"a": "b"}, `{}`, false},
		"a number":               {map[string]any{"a": one}, `{"a":1}`, true},
		"another number":         {map[string]any{"a": one}, `{"a":11}`, false},
		"a large number":         {map[string]any{"a": json.Number("5000000")}, `{"a":5000000}`, true},
		"true":                   {map[string]any{"a": true}, `{"a":true}`, true},
		"false is not absent":    {map[string]any{"a": false}, `{}`, false},
		"within":                 {map[string]any{"a": map[string]any{"b": "c"}}, `{"a":{"b":"c","d":0}}`, true},
		"no object":              {map[string]any{"a": map[string]any{"b": "c"}}, `{"a":"b"}`, false},
		"in a list":              {map[string]any{"a": []any{"x"}}, `{"a":["y","x"]}`, true},
		"not in a list":          {map[string]any{"a": []any{"x", "z"}}, `{"a":["y","x"]}`, false},
		"no list":                {map[string]any{"a": []any{"x"}}, `{}`, false},
		"something":              {map[string]any{"a": presence(true)}, `{"a":["x"]}`, true},
		"something is not empty": {map[string]any{"a": presence(true)}, `{"a":[]}`, false},
		"nothing":                {map[string]any{"a": presence(false)}, `{}`, true},
		"nothing is there":       {map[string]any{"a": presence(false)}, `{"a":0}`, false},
		"an instant":             {map[string]any{"a": instant{now}}, `{"a":"2026-11-30T08:30:31.5Z"}`, true},
		"another instant":        {map[string]any{"a": instant{now}}, `{"a":"2026-11-30T08:32:00Z"}`, false},
		"no instant":             {map[string]any{"a": instant{now}}, `{"a":"soon"}`, false},
	} {
		var got any
		if err := json.Unmarshal([]byte(c.got), &got); err != nil {
			t.Fatal(err)
		}
		if lacks := lacking(c.want, got); (lacks == "") != c.holds {
			t.Errorf("%s: %q", name, lacks)
		}
	}
}

func TestAPathNamesOneValue(t *testing.T) {
	var v any
	if err := json.Unmarshal([]byte(`{"id":"x","l":[{"k":"a","id":"1"},{"k":"b","id":"2"},{"k":"b","id":"3"}]}`), &v); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{"id": "x", "l[k=a].id": "1", "l[0].id": "1", "l[-1].id": "3", "l[3].id": nil, "l[k=b].id": nil, "l[k=c].id": nil, "no.where": nil} {
		parts, err := pathOf(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got, err := along(v, parts); got != want {
			t.Errorf("%s: %v %v, want %v", path, got, err, want)
		}
	}
	for _, path := range []string{"", ".", "a..b", "a[", "a[]", "a[=b]", "a b", "A"} {
		if _, err := pathOf(path); err == nil {
			t.Errorf("%q is a path", path)
		}
	}
}
