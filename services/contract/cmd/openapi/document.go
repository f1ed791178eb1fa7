package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// follows are the answers that an operation has because of what it is. An answer
// that the source names stands as it is.
var follows = []struct {
	status, response string
	of               func(operation) bool
}{
	{"204", "Minimal", func(o operation) bool { return o.takes("Prefer") && !o.answers("201") }},
	{"400", "Malformed", always},
	{"401", "Unauthenticated", func(o operation) bool { return !o.public() }},
	{"403", "Forbidden", func(o operation) bool { return get(o.node, "security") == nil }},
	{"404", "NotFound", func(o operation) bool { return strings.Contains(o.route, "{") }},
	{"409", "Conflict", operation.hasBody},
	{"412", "Stale", func(o operation) bool { return o.takes("IfMatch") }},
	{"413", "TooLarge", operation.hasBody},
	{"415", "Unsupported", operation.hasBody},
	{"422", "Invalid", always},
	{"429", "RateLimited", always},
	{"500", "Internal", always},
	{"503", "Unavailable", always},
}

func always(operation) bool { return true }

// operation is one method of a path, as its source has it.
type operation struct {
	route      string
	node       *yaml.Node
	components *yaml.Node
}

// public says whether nobody is asked who they are. An operation that says
// anything else of security takes a token and needs none.
func (o operation) public() bool {
	s := get(o.node, "security")
	return s != nil && len(s.Content) == 0
}

func (o operation) hasBody() bool { return get(o.node, "requestBody") != nil }

func (o operation) answers(status string) bool { return get(o.node, "responses", status) != nil }

func (o operation) takes(parameter string) bool {
	list := get(o.node, "parameters")
	return list != nil && slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return n.Value == parameter })
}

// page is the response of an operation that answers a person's browser, which is
// shown that page also where something was refused.
func (o operation) page() (string, bool) {
	if success := get(o.node, "responses", "200"); success != nil {
		return success.Value, get(o.components, "responses", success.Value, "content", "text/html") != nil
	}
	return "", false
}

// complete adds what follows, and writes each name as the reference that it is.
func (o operation) complete() {
	responses := get(o.node, "responses")
	page, isPage := o.page()
	for _, f := range follows {
		if !f.of(o) || o.answers(f.status) {
			continue
		}
		if isPage {
			f.response = page
		}
		status := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: f.status}
		responses.Content = append(responses.Content, status, scalar(f.response))
	}
	sortByKey(responses)
	for _, r := range values(responses) {
		refer(r, "responses")
	}
	if parameters := get(o.node, "parameters"); parameters != nil {
		parameters.Style = 0
		for _, p := range parameters.Content {
			refer(p, "parameters")
		}
	}
	if body := get(o.node, "requestBody"); body != nil && body.Kind == yaml.ScalarNode {
		content := scalar(body.Value)
		asJSON(content)
		*body = *mapping("required", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}, "content", content)
	}
}

// document is the contract of a service, flat: a source, completed, with what it
// uses of the shared components.
func document(source, shared []byte) ([]byte, error) {
	var doc, common yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(shared, &common); err != nil {
		return nil, err
	}
	root, own, all := doc.Content[0], get(doc.Content[0], "components"), get(common.Content[0], "components")
	mine := map[string]bool{}
	for kind, components := range pairs(own) {
		for name := range pairs(components) {
			mine[kind+"/"+name] = true
		}
		to := get(all, kind)
		to.Content = append(components.Content, to.Content...)
	}
	*own = *all
	for _, r := range values(get(own, "responses")) {
		if content := get(r, "content"); content != nil && content.Kind == yaml.ScalarNode {
			asJSON(content)
		}
	}
	for route, methods := range pairs(get(root, "paths")) {
		for _, node := range values(methods) {
			operation{route, node, own}.complete()
		}
	}

	used := map[string]bool{}
	if err := use(get(root, "paths"), own, used); err != nil {
		return nil, err
	}
	for name := range mine {
		if !used[name] {
			return nil, fmt.Errorf("nothing refers to %s", name)
		}
	}
	for kind, components := range pairs(own) {
		if kind != "securitySchemes" { // named by security, and not by a reference
			keep(components, func(name string) bool { return used[kind+"/"+name] })
		}
	}
	// What stands twice is found by who reads it into a map.
	if err := doc.Decode(&map[string]any{}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("# Code generated from api/source/openapi by go generate. DO NOT EDIT.\n")
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err := encoder.Encode(&doc)
	return out.Bytes(), err
}

// use follows the references in a node, and notes each component behind them.
func use(node, components *yaml.Node, used map[string]bool) error {
	if ref := get(node, "$ref"); ref != nil {
		name, _ := strings.CutPrefix(ref.Value, "#/components/")
		target := get(components, strings.Split(name, "/")...)
		if target == nil {
			return fmt.Errorf("there is no %s", ref.Value)
		}
		if !used[name] {
			used[name] = true
			if err := use(target, components, used); err != nil {
				return err
			}
		}
	}
	for _, child := range node.Content {
		if err := use(child, components, used); err != nil {
			return err
		}
	}
	return nil
}
