package play

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// presence is a value of which only matters whether it is there.
type presence bool

// instant is a time in words: what is there is the same to the minute. Between two
// lines some time passes on every clock.
type instant struct{ time.Time }

// lacking says what of an expectation is not in a value, empty for nothing. An object
// may hold more than is expected. Of a list, each that is expected is somewhere in it.
func lacking(want, got any) string {
	switch want := want.(type) {
	case presence:
		if there := !empty(got); there != bool(want) {
			return map[bool]string{true: "it is there", false: "it is not there"}[there]
		}
		return ""
	case instant:
		at, err := time.Parse(time.RFC3339, fmt.Sprint(got))
		if err != nil || at.Sub(want.Time).Abs() > time.Minute {
			return fmt.Sprintf("it is %s, and not %s", shown(got), want.UTC().Format(time.RFC3339))
		}
		return ""
	case map[string]any:
		there, ok := got.(map[string]any)
		if !ok {
			return "it is " + shown(got)
		}
		for name, inner := range want {
			if lacks := lacking(inner, there[name]); lacks != "" {
				return name + ": " + lacks
			}
		}
		return ""
	case []any:
		there, _ := got.([]any)
		for _, inner := range want {
			if !slices.ContainsFunc(there, func(v any) bool { return lacking(inner, v) == "" }) {
				return shown(inner) + " is not among " + shown(got)
			}
		}
		return ""
	}
	if written(want) != written(got) || got == nil {
		return fmt.Sprintf("it is %s, and not %s", shown(got), shown(want))
	}
	return ""
}

// written is a value as a file has it: a number has all its digits.
func written(v any) string {
	if n, is := v.(float64); is {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// empty is what reads as nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case presence:
		return map[bool]string{true: "something", false: "nothing"}[bool(v)]
	case instant:
		return v.UTC().Format(time.RFC3339)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// part is one part of a path: a field, and which one of a list.
type part struct {
	field, key, value string
	place             int
	one               bool // by its place
}

var (
	errPath  = errors.New("a path is written as: consents[recipient=legal-aid-clinic].id")
	pathPart = regexp.MustCompile(`^([a-z_]+)(?:\[(?:(-?\d+)|([a-z_]+)=([^\[\]]+))\])?$`)
)

// pathOf reads a path.
func pathOf(s string) (parts []part, err error) {
	for word := range strings.SplitSeq(s, ".") {
		m := pathPart.FindStringSubmatch(word)
		if m == nil {
			return nil, fmt.Errorf("%q: %w", s, errPath)
		}
		p := part{field: m[1], key: m[3], value: m[4]}
		if m[2] != "" {
			p.one = true
			if p.place, err = strconv.Atoi(m[2]); err != nil {
				return nil, fmt.Errorf("%q: %w", s, errPath)
			}
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// along follows a path. Of several that fit, none is taken: the file would not say
// which.
func along(v any, parts []part) (any, error) {
	for _, p := range parts {
		m, _ := v.(map[string]any)
		v = m[p.field]
		list, _ := v.([]any)
		switch {
		case p.one:
			n := p.place
			if n < 0 {
				n += len(list)
			}
			if n < 0 || n >= len(list) {
				return nil, fmt.Errorf("%s has %d, and none at %d", p.field, len(list), p.place)
			}
			v = list[n]
		case p.key != "":
			fit := slices.DeleteFunc(slices.Clone(list), func(o any) bool {
				m, _ := o.(map[string]any)
				return fmt.Sprint(m[p.key]) != p.value
			})
			if len(fit) != 1 {
				return nil, fmt.Errorf("of %s %d have %s=%s, and not one", p.field, len(fit), p.key, p.value)
			}
			v = fit[0]
		}
	}
	return v, nil
}
