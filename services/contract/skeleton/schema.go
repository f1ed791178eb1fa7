package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
)

func schemaName(typ string) string {
	service, _ := event.Split(typ)
	return "schema/" + service + "/" + strings.TrimPrefix(typ, service+".") + ".schema.json"
}

// keywords are all that these schemas have, in the order in which they are written.
var keywords = []string{
	"$schema", "$id", "title", "description", "type", "format", "pattern", "enum", "minimum", "maximum",
	"minItems", "maxItems", "required", "properties", "items",
}

// node is a schema of an event, or one inside it, by keyword.
type node map[string]any

// schemaOf makes the schema of an event from its type and from what is written.
func schemaOf(e fact.Data, written []byte) ([]byte, error) {
	var root node
	if err := json.Unmarshal(written, &root); err != nil {
		return nil, err
	}
	if err := root.take(reflect.TypeOf(e)); err != nil {
		return nil, err
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://sanad-network.github.io/" + schemaName(e.EventType())
	root["title"] = e.EventType()
	return []byte(lay(root.object(), "\n", 0) + "\n"), nil
}

// take makes a schema say what a type says. A code and a struct have the title
// by which a generator of clients names them: so the same list is one type.
func (n node) take(t reflect.Type) error {
	for keyword := range n {
		if !slices.Contains(keywords, keyword) {
			return fmt.Errorf("the keyword %s is not known", keyword)
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	codes := codesOf(t)
	switch {
	case t == reflect.TypeFor[time.Time]():
		n["type"], n["format"] = "string", "date-time"
	case codes != nil:
		n["type"], n["title"], n["enum"] = "string", t.Name(), codes
	case t.Kind() == reflect.Struct:
		n["type"], n["title"] = "object", t.Name()
		return n.takeFields(t)
	case t.Kind() == reflect.Slice:
		items := n.inside("items")
		err := items.take(t.Elem())
		n["type"], n["items"] = "array", items.object()
		return err
	case t.Kind() == reflect.String:
		n["type"] = "string"
	case t.Kind() == reflect.Bool:
		n["type"] = "boolean"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		n["type"] = "integer"
	default:
		return fmt.Errorf("no schema says what a %s is", t)
	}
	return nil
}

// codesOf are the codes of a type of package code; nil for any other type.
func codesOf(t reflect.Type) []string {
	if t.PkgPath() != reflect.TypeFor[code.Service]().PkgPath() {
		return nil
	}
	return code.Lists()[t.Name()]
}

func (n node) inside(name string) node {
	inner, ok := n[name].(map[string]any)
	if !ok {
		return node{}
	}
	return inner
}

func (n node) takeFields(t reflect.Type) error {
	written := n.inside("properties")
	var properties object
	var required []string
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			continue // its fields are visible
		}
		p := written.inside(name)
		if err := p.take(f.Type); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(written, name)
		properties = append(properties, member{name, p.object()})
		if options == "" {
			required = append(required, name)
		}
	}
	for name := range written {
		return fmt.Errorf("%s is written, and %s has no such field: an event only ever grows", name, t)
	}
	delete(n, "required")
	if n["properties"] = properties; required != nil {
		n["required"] = required
	}
	return nil
}

// object is the schema as it is written.
func (n node) object() object {
	var o object
	for _, keyword := range keywords {
		if value, ok := n[keyword]; ok {
			o = append(o, member{keyword, value})
		}
	}
	return o
}
