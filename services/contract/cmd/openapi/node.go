package main

import (
	"iter"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// asJSON is the content of which a source gives the schema's name alone.
const asJSON = `application/json:
  schema: {$ref: "#/components/schemas/NAME"}`

func scalar(text string) *yaml.Node {
	n := new(yaml.Node)
	n.SetString(text)
	return n
}

// write puts YAML in the place of a name. What the source wrote out stays.
func write(n *yaml.Node, text string) {
	if n.Kind == yaml.ScalarNode {
		var out yaml.Node
		if err := yaml.Unmarshal([]byte(strings.ReplaceAll(text, "NAME", n.Value)), &out); err != nil {
			panic(err) // the text is a constant
		}
		*n = *out.Content[0]
	}
}

func pairs(n *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for p := range slices.Chunk(n.Content, 2) {
			if !yield(p[0].Value, p[1]) {
				return
			}
		}
	}
}

// get walks down by keys; nil where there is no such way.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		above := n
		n = nil
		for name, value := range pairs(above) {
			if name == key {
				n = value
			}
		}
	}
	return n
}

func keep(n *yaml.Node, wanted func(key string) bool) {
	var content []*yaml.Node
	for p := range slices.Chunk(n.Content, 2) {
		if wanted(p[0].Value) {
			content = append(content, p...)
		}
	}
	n.Content = content
}

func sortKeys(n *yaml.Node, order func(a, b string) int) {
	entries := slices.Collect(slices.Chunk(n.Content, 2))
	slices.SortStableFunc(entries, func(a, b []*yaml.Node) int { return order(a[0].Value, b[0].Value) })
	n.Content = slices.Concat(entries...)
}
