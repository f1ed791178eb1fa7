package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// object is a JSON object in the order in which it is written.
type object []member

type member struct {
	name  string
	value any
}

const width = 100

var (
	between = regexp.MustCompile(`,\n *`)
	edge    = regexp.MustCompile(`\n *`)
)

// lay writes a value for people. What fits behind the bytes that stand before it
// is on one line; the whole, before which nothing stands, is not. The margin
// begins a new line.
func lay(value any, margin string, before int) string {
	var text strings.Builder
	switch value := value.(type) {
	case object:
		text.WriteString("{")
		for i, m := range value {
			if i > 0 {
				text.WriteString(",")
			}
			name := flat(m.name) + ": "
			text.WriteString(margin + "  " + name + lay(m.value, margin+"  ", len(name)))
		}
		text.WriteString(margin + "}")
	case []string:
		text.WriteString("[")
		at := width
		for i, word := range value {
			word = flat(word)
			if i < len(value)-1 {
				word += ","
			}
			if at += len(" " + word); at > width {
				text.WriteString(margin + " ")
				at = len(margin + word)
			}
			text.WriteString(" " + word)
		}
		text.WriteString(margin + "]")
	default:
		return flat(value)
	}
	line := edge.ReplaceAllString(between.ReplaceAllString(text.String(), ", "), "")
	if before > 0 && len(margin)+before+len(line) <= width {
		return line
	}
	return text.String()
}

// flat writes a value on one line.
func flat(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // it was read from JSON, or is a word
	}
	return strings.TrimSuffix(text.String(), "\n")
}
