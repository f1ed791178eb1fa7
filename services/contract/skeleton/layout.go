package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// object is a JSON object in the order in which it is written.
type object []member

type member struct {
	name  string
	value any // an object, a list of words, or what encoding/json writes on one line
}

func (n *node) object() object {
	var o object
	for f, v := range reflect.ValueOf(n).Elem().Fields() {
		if !f.IsExported() || v.IsZero() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch value := v.Interface().(type) {
		case *node:
			o = append(o, member{name, value.object()})
		case map[string]*node:
			var properties object
			for _, p := range n.order {
				properties = append(properties, member{p, value[p].object()})
			}
			o = append(o, member{name, properties})
		default:
			o = append(o, member{name, value})
		}
	}
	return o
}

const width = 100

// lay writes a value for people: on one line what fits behind what stands there
// already, unless it is to be broken.
func lay(value any, indent, before int, broken bool) string {
	if line := flat(value); !broken && indent+before+len(line) < width {
		return line
	}
	margin := "\n" + strings.Repeat(" ", indent)
	switch value := value.(type) {
	case object:
		lines := make([]string, len(value))
		for i, m := range value {
			name := flat(m.name) + ": "
			lines[i] = margin + "  " + name + lay(m.value, indent+2, len(name), m.name == "properties" && indent == 0)
		}
		return "{" + strings.Join(lines, ",") + margin + "}"
	case []string:
		var lines strings.Builder
		at := width
		for i, word := range value {
			word = flat(word)
			if i < len(value)-1 {
				word += ","
			}
			if at+1+len(word) > width {
				lines.WriteString(margin + " ")
				at = indent + 1
			}
			lines.WriteString(" " + word)
			at += 1 + len(word)
		}
		return "[" + lines.String() + margin + "]"
	}
	return flat(value)
}

// flat writes a value on one line.
func flat(value any) string {
	var parts []string
	switch value := value.(type) {
	case object:
		for _, m := range value {
			parts = append(parts, flat(m.name)+": "+flat(m.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []string:
		for _, word := range value {
			parts = append(parts, flat(word))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // words, numbers and booleans encode
	}
	return strings.TrimSuffix(text.String(), "\n")
}
