package edge

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

type docsField struct {
	Name, Type, Format, Pattern, Text string
	Required                          bool
	Codes                             []string
}

// events serves the contract of the bus, and the page that shows it.
func (s *site) events() error {
	const file, address = "asyncapi/network.yaml", "/asyncapi.yaml"
	doc, err := s.contract(file, address)
	if err != nil {
		return err
	}
	components := member(doc.root, "components")
	for name, message := range members(member(components, "messages")) {
		if err := s.event(message, path.Dir(file)); err != nil {
			return fmt.Errorf("event %s: %w", name, err)
		}
	}
	return s.page("/docs/events", textPolicy, "events", "Events", map[string]any{
		"contract": address, "info": member(doc.root, "info"), "channels": member(doc.root, "channels"),
		"traits": member(components, "messageTraits"), "events": member(components, "messages"),
	})
}

// event puts into a message the schema that it names, and the example beside that.
func (s *site) event(message map[string]any, dir string) error {
	ref := word(member(message, "payload"), "$ref")
	if ref == "" {
		return nil
	}
	file := path.Join(dir, ref)
	source, err := fs.ReadFile(s.contracts, file)
	if err != nil {
		return err
	}
	var schema map[string]any
	if err := json.Unmarshal(source, &schema); err != nil {
		return err
	}
	message["payload"], message["schema"] = schema, "/"+file
	if example, err := fs.ReadFile(s.contracts, path.Join(path.Dir(file), "example", strings.TrimSuffix(path.Base(file), ".schema.json")+".json")); err == nil {
		message["example"] = string(example)
	}
	return nil
}

// fields lists the properties of a schema, those of its objects and lists
// included: what is required first.
func fields(prefix string, schema map[string]any) (all []docsField) {
	properties, required := member(schema, "properties"), words(schema, "required")
	names := slices.Sorted(maps.Keys(properties))
	slices.SortStableFunc(names, func(a, b string) int { return rank(required, a) - rank(required, b) })
	for _, name := range names {
		property := member(properties, name)
		f := docsField{Name: prefix + name, Required: slices.Contains(required, name), Text: word(property, "description")}
		inner := property
		for inner["items"] != nil {
			f.Name += "[]"
			inner = member(inner, "items")
		}
		f.Type, f.Format, f.Pattern, f.Codes = word(inner, "type"), word(inner, "format"), word(inner, "pattern"), words(inner, "enum")
		if value, ok := inner["const"]; ok {
			f.Codes = []string{fmt.Sprint(value)}
		}
		all = append(append(all, f), fields(f.Name+".", inner)...)
	}
	return all
}

// rank puts what is required in its own order, before the rest.
func rank(required []string, name string) int {
	if i := slices.Index(required, name); i >= 0 {
		return i
	}
	return len(required)
}
