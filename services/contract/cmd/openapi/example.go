package main

import (
	"cmp"
	"errors"
	"fmt"

	"gopkg.in/yaml.v3"
)

// show puts an example beside the schema of each content below a node. A problem
// has none: it would be shown with every status.
func show(n, components *yaml.Node) error {
	for media, content := range pairs(get(n, "content")) {
		if media == "application/problem+json" || get(content, "example") != nil {
			continue
		}
		shown, err := example(get(content, "schema"), components)
		if err != nil {
			return err
		}
		content.Content = append(content.Content, scalar("example"), shown)
	}
	for _, child := range n.Content {
		if err := show(child, components); err != nil {
			return err
		}
	}
	return nil
}

// example is the first that a schema gives of itself, or else the least that it
// allows. Nothing is made up for a string.
func example(schema, components *yaml.Node) (*yaml.Node, error) {
	if schema == nil {
		return nil, errors.New("it has no schema")
	}
	if given := cmp.Or(get(schema, "examples"), get(schema, "enum")); given != nil {
		return given.Content[0], nil
	}
	if ref := get(schema, "$ref"); ref != nil {
		name, target, err := find(ref.Value, components)
		if err != nil {
			return nil, err
		}
		shown, err := example(target, components)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return shown, nil
	}
	if either := get(schema, "oneOf"); either != nil {
		return example(either.Content[0], components)
	}
	shown := &yaml.Node{Kind: yaml.MappingNode}
	if parts := get(schema, "allOf"); parts != nil {
		for _, part := range parts.Content {
			more, err := example(part, components)
			if err != nil {
				return nil, err
			}
			shown.Content = append(shown.Content, more.Content...)
		}
		return shown, nil
	}
	kind := get(schema, "type")
	switch {
	case kind == nil:
	case kind.Value == "object":
		required := get(schema, "required")
		if required == nil {
			return shown, nil
		}
		for _, name := range required.Content {
			value, err := example(get(schema, "properties", name.Value), components)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name.Value, err)
			}
			shown.Content = append(shown.Content, scalar(name.Value), value)
		}
		return shown, nil
	case kind.Value == "array":
		item, err := example(get(schema, "items"), components)
		return &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{item}}, err
	case kind.Value == "boolean":
		return &yaml.Node{Kind: yaml.ScalarNode, Value: "true"}, nil
	case kind.Value == "integer":
		if least := get(schema, "minimum"); least != nil {
			return least, nil
		}
	}
	if format := get(schema, "format"); format != nil && format.Value == "date-time" {
		return scalar("2026-03-08T09:30:00Z"), nil
	}
	return nil, fmt.Errorf("line %d: an example is needed", schema.Line)
}
