package main

import (
	"cmp"
	"iter"
	"slices"

	"gopkg.in/yaml.v3"
)

// get walks down by keys; nil where there is no such way.
func get(node *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var next *yaml.Node
		for name, value := range pairs(node) {
			if name == key {
				next = value
			}
		}
		if node = next; node == nil {
			return nil
		}
	}
	return node
}

func pairs(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if node.Kind != yaml.MappingNode {
			return
		}
		for p := range slices.Chunk(node.Content, 2) {
			if !yield(p[0].Value, p[1]) {
				return
			}
		}
	}
}

func values(node *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for _, v := range pairs(node) {
		out = append(out, v)
	}
	return out
}

func keep(node *yaml.Node, wanted func(key string) bool) {
	var content []*yaml.Node
	for p := range slices.Chunk(node.Content, 2) {
		if wanted(p[0].Value) {
			content = append(content, p...)
		}
	}
	node.Content = content
}

func sortByKey(node *yaml.Node) {
	entries := slices.Collect(slices.Chunk(node.Content, 2))
	slices.SortFunc(entries, func(a, b []*yaml.Node) int { return cmp.Compare(a[0].Value, b[0].Value) })
	node.Content = slices.Concat(entries...)
}

func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

func mapping(content ...any) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, c := range content {
		if text, ok := c.(string); ok {
			c = scalar(text)
		}
		node.Content = append(node.Content, c.(*yaml.Node))
	}
	return node
}

// refer makes a name the reference to the component of that name.
func refer(node *yaml.Node, kind string) {
	if node.Kind == yaml.ScalarNode {
		ref := scalar("#/components/" + kind + "/" + node.Value)
		ref.Style = yaml.DoubleQuotedStyle
		*node = *mapping("$ref", ref)
		node.Style = yaml.FlowStyle
	}
}

// asJSON makes the name of a schema the content of that schema.
func asJSON(node *yaml.Node) {
	schema := scalar(node.Value)
	refer(schema, "schemas")
	*node = *mapping("application/json", mapping("schema", schema))
}
