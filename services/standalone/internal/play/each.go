package play

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mostLines is how many lines a story has when it is written out.
const mostLines = 5000

// placeholder stands for what a row says.
var placeholder = regexp.MustCompile(`\$([a-z]+)`)

// row is what stands for the names in the lines of a "for each".
type row map[string]any

// unroll writes out each "for each" of the story: its lines, once for each of its rows. A line keeps
// the place in the file at which it stands. What is not a "for each" as the schema has it is left to
// the schema.
func (d *document) unroll() error {
	top, _ := d.value.(map[string]any)
	story, is := top["story"].([]any)
	if !is {
		return nil
	}
	out := &unrolled{document: d, below: map[string]map[string]int{}, lines: map[string]int{}}
	if err := out.write(story, nil, "/story"); err != nil {
		return err
	}
	for at, line := range d.lines {
		if !strings.HasPrefix(at, "/story/") {
			out.lines[at] = line
		}
	}
	top["story"], d.lines = out.story, out.lines
	return nil
}

type unrolled struct {
	*document
	story []any
	// lines are those of the story as it is written out, below those of the file by the place of a line.
	lines map[string]int
	below map[string]map[string]int
}

func (u *unrolled) write(story []any, with row, at string) error {
	for i, l := range story {
		place := at + "/" + strconv.Itoa(i)
		fields, _ := l.(map[string]any)
		rows, inner := rowsOf(fields)
		if rows == nil {
			written, err := u.fill(l, with, place)
			if err != nil {
				return err
			}
			if len(u.story) == mostLines {
				return &Wrong{u.file, u.document.lines[place], fmt.Sprintf("a story has at most %d lines", mostLines)}
			}
			for rest, line := range u.of(place) {
				u.lines["/story/"+strconv.Itoa(len(u.story))+rest] = line
			}
			u.story = append(u.story, written)
			continue
		}
		for _, one := range rows {
			filled, err := u.fill(map[string]any(one), with, place+"/for each")
			if err != nil {
				return err
			}
			all := maps.Clone(with)
			if all == nil {
				all = row{}
			}
			maps.Copy(all, filled.(map[string]any))
			if err := u.write(inner, all, place+"/story"); err != nil {
				return err
			}
		}
	}
	return nil
}

// rowsOf are the rows of a "for each" and its lines; nil where it is none.
func rowsOf(fields map[string]any) (rows []row, story []any) {
	list, _ := fields["for each"].([]any)
	story, _ = fields["story"].([]any)
	if len(fields) != 2 || len(list) == 0 || len(story) == 0 {
		return nil, nil
	}
	for _, l := range list {
		one, is := l.(map[string]any)
		if !is || len(one) == 0 {
			return nil, nil
		}
		for _, v := range one {
			switch v.(type) {
			case map[string]any, []any, bool, float64:
				return nil, nil
			}
		}
		rows = append(rows, one)
	}
	return rows, story
}

// of is where in the file stands what is below a place.
func (u *unrolled) of(place string) map[string]int {
	if known := u.below[place]; known != nil {
		return known
	}
	found := map[string]int{}
	for at, line := range u.document.lines {
		if rest, is := strings.CutPrefix(at, place); is && (rest == "" || rest[0] == '/') {
			found[rest] = line
		}
	}
	u.below[place] = found
	return found
}

// fill puts what a row says in the place of its names. A value that is nothing but a name becomes what
// the row has, also a number.
func (u *unrolled) fill(v any, with row, place string) (any, error) {
	if with == nil {
		return v, nil
	}
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			key, err := u.fill(k, with, place)
			if err != nil {
				return nil, err
			}
			if m[fmt.Sprint(key)], err = u.fill(v[k], with, place+"/"+k); err != nil {
				return nil, err
			}
		}
		return m, nil
	case []any:
		s := make([]any, len(v))
		for i, inner := range v {
			var err error
			if s[i], err = u.fill(inner, with, place+"/"+strconv.Itoa(i)); err != nil {
				return nil, err
			}
		}
		return s, nil
	case string:
		if is, whole := with[strings.TrimPrefix(v, "$")]; whole && strings.HasPrefix(v, "$") {
			return is, nil
		}
		var wrong error
		text := placeholder.ReplaceAllStringFunc(v, func(name string) string {
			is, known := with[name[1:]]
			if !known {
				wrong = &Wrong{u.file, u.line(strings.Split(place, "/")[1:]...), fmt.Sprintf("no row has %s", name)}
			}
			return fmt.Sprint(is)
		})
		return text, wrong
	}
	return v, nil
}
