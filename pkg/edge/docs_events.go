package edge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// events serves the contract of the bus with its schemas, and the page that shows
// them.
func (s *site) events() error {
	doc, err := s.contract("asyncapi/network.yaml", "/asyncapi.yaml")
	if err != nil {
		return err
	}
	// The document is shared: what the page needs beside it is added to a copy.
	root, components, messages := maps.Clone(doc.root), maps.Clone(member(doc.root, "components")), map[string]any{}
	for name, message := range members(member(components, "messages")) {
		message = maps.Clone(message)
		messages[name] = message
		ref := word(member(message, "payload"), "$ref")
		if ref == "" {
			continue
		}
		file := path.Join("asyncapi", ref)
		source, err := s.file(file, "/"+file, "application/schema+json")
		var schema map[string]any
		if err := cmp.Or(err, json.Unmarshal(source, &schema)); err != nil {
			return fmt.Errorf("event %s: %w", name, err)
		}
		example, _ := fs.ReadFile(s.contracts, path.Join(path.Dir(file), "example", strings.Replace(path.Base(file), ".schema", "", 1)))
		message["payload"], message["schema"], message["example"] = schema, "/"+file, string(example)
	}
	if components != nil {
		components["messages"] = messages
		root["components"] = components
	}
	return s.page("/docs/events", textPolicy, "events", "Events", root)
}

type docsField struct {
	Name     string
	Required bool
	Text     string
	// Form is the schema of the value, or of those in a list.
	Form map[string]any
}

// fields lists the properties of a schema, those of its objects and lists
// included: what is required first.
func fields(prefix string, schema map[string]any) (all []docsField) {
	properties, required := member(schema, "properties"), words(schema, "required")
	for i, name := range slices.Concat(required, slices.Sorted(maps.Keys(properties))) {
		if i >= len(required) && slices.Contains(required, name) {
			continue
		}
		property := member(properties, name)
		f := docsField{Name: prefix + name, Required: i < len(required), Text: word(property, "description"), Form: property}
		for f.Form["items"] != nil {
			f.Name, f.Form = f.Name+"[]", member(f.Form, "items")
		}
		all = append(append(all, f), fields(f.Name+".", f.Form)...)
	}
	return all
}
