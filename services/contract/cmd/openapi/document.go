package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

const header = "# Code generated from api/source/openapi by go generate. DO NOT EDIT.\n"

// order is that of a document, from what it is about to what it is made of.
var order = []string{
	"openapi", "info", "servers", "tags", "paths", "components",
	"securitySchemes", "parameters", "requestBodies", "headers", "responses", "schemas",
}

func inOrder(a, b string) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) }

// document is the contract of a service, flat: its source, completed, with what
// it uses of the shared components.
func document(source, shared []byte) ([]byte, error) {
	var own, common yaml.Node
	if err := cmp.Or(yaml.Unmarshal(source, &own), yaml.Unmarshal(shared, &common)); err != nil {
		return nil, err
	}
	if own.IsZero() || common.IsZero() {
		return nil, errors.New("it is empty")
	}
	doc := own.Content[0]
	if get(doc, "paths") == nil {
		return nil, errors.New("there are no paths")
	}
	mine := map[string]bool{}
	for kind, all := range pairs(get(doc, "components")) {
		for name := range pairs(all) {
			mine[kind+"/"+name] = true
		}
	}
	if err := merge(doc, common.Content[0], 2); err != nil {
		return nil, err
	}
	components := get(doc, "components")
	offers := commands(doc)
	renamed := map[string]string{}
	for name, response := range pairs(get(components, "responses")) {
		if content := get(response, "content"); content != nil {
			if ids := offers[content.Value]; ids != nil && get(response, "headers", "ETag") != nil {
				if name == content.Value {
					// Generators of clients make a type of each, and one name is for one type.
					renamed[name] = now(name)
				}
				if err := define(get(components, "schemas"), content.Value, ids); err != nil {
					return nil, err
				}
				content.Value = now(content.Value)
			}
			write(content, asJSON)
		}
	}
	rename(doc, components, renamed)
	for route, methods := range pairs(get(doc, "paths")) {
		for _, method := range pairs(methods) {
			if err := (&operation{Node: method, route: route}).complete(components); err != nil {
				return nil, fmt.Errorf("%s: %w", route, err)
			}
		}
	}
	used := map[string]bool{}
	if err := use(get(doc, "paths"), components, used); err != nil {
		return nil, err
	}
	for name := range mine {
		if !used[name] && !used[now(name)] {
			return nil, fmt.Errorf("nothing refers to %s", name)
		}
	}
	for kind, all := range pairs(components) {
		if kind != "securitySchemes" { // named by security, and not by a reference
			keep(all, func(name string) bool { return used[kind+"/"+name] })
		}
	}
	if err := cmp.Or(show(get(doc, "paths"), components), show(get(components, "responses"), components)); err != nil {
		return nil, err
	}
	sortKeys(doc, inOrder)
	sortKeys(components, inOrder)
	// A key that stands twice is found when it is read into a map.
	if err := doc.Decode(&map[string]any{}); err != nil {
		return nil, err
	}
	out := bytes.NewBufferString(header)
	encoder := yaml.NewEncoder(out)
	encoder.SetIndent(2)
	err := encoder.Encode(doc)
	return out.Bytes(), err
}

// merge adds what only the other one has. Down to a depth both may have a name,
// and then each says a part of what is behind it.
func merge(to, from *yaml.Node, depth int) error {
	for key, value := range pairs(from) {
		have := get(to, key)
		switch {
		case have == nil:
			to.Content = append(to.Content, scalar(key), value)
		case depth == 0 || have.Kind != yaml.MappingNode:
			return fmt.Errorf("%s is shared and stands in the source as well", key)
		default:
			if err := merge(have, value, depth-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// use notes each component behind the references of a node.
func use(n, components *yaml.Node, used map[string]bool) error {
	if ref := get(n, "$ref"); ref != nil {
		name, target, err := find(ref.Value, components)
		if err != nil {
			return err
		}
		if !used[name] {
			used[name] = true
			if err := use(target, components, used); err != nil {
				return err
			}
		}
	}
	for _, child := range n.Content {
		if err := use(child, components, used); err != nil {
			return err
		}
	}
	return nil
}

// find gives the component behind a reference, and its kind and name.
func find(ref string, components *yaml.Node) (string, *yaml.Node, error) {
	name, ok := strings.CutPrefix(ref, "#/components/")
	target := get(components, strings.Split(name, "/")...)
	if !ok || target == nil {
		return "", nil, fmt.Errorf("there is no %s", ref)
	}
	return name, target, nil
}
