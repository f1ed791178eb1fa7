package play

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The lines of a "for each" are played for each row, and inner ones for each of theirs. A number stays
// a number, and each line knows where in the file it stands.
func TestForEachRow(t *testing.T) {
	const text = `story:
  - say: before
  - for each: [{who: ana, n: 1}, {who: eva, n: 2}]
    story:
      - {who: $who, with: {n: $n, "$who's": "it is $n"}}
      - for each: [{m: 3}, {m: $n}]
        story:
          - say: $who $m
  - say: costs $5
`
	d, err := parse("each.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.unroll(); err != nil {
		t.Fatal(err)
	}
	number := func(n string) json.Number { return json.Number(n) }
	say := func(text string) any { return map[string]any{"say": text} }
	want := []any{
		say("before"),
		map[string]any{"who": "ana", "with": map[string]any{"n": number("1"), "ana's": "it is 1"}},
		say("ana 3"), say("ana 1"),
		map[string]any{"who": "eva", "with": map[string]any{"n": number("2"), "eva's": "it is 2"}},
		say("eva 3"), say("eva 2"),
		say("costs $5"),
	}
	if diff := cmp.Diff(want, d.value.(map[string]any)["story"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for at, line := range map[string]int{"0": 2, "1": 5, "3": 8, "4": 5, "6": 8, "7": 9} {
		if got := d.line("story", at, "say"); got != line {
			t.Errorf("line %s stands at %d, and not at %d", at, got, line)
		}
	}
}
