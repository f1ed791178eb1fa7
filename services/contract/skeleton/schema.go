package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/services/contract"
)

func schemaName(typ string) string {
	service, _ := event.Split(typ)
	return "schema/" + service + "/" + strings.TrimPrefix(typ, service+".") + ".schema.json"
}

// node is a schema of an event, or one inside it. Its fields are all keywords
// that these schemas have, in the order in which they are written.
type node struct {
	Schema      string           `json:"$schema,omitempty"`
	ID          string           `json:"$id,omitempty"`
	Title       string           `json:"title,omitempty"`
	Description string           `json:"description,omitempty"`
	Type        string           `json:"type,omitempty"`
	Format      string           `json:"format,omitempty"`
	Pattern     string           `json:"pattern,omitempty"`
	Enum        []string         `json:"enum,omitempty"`
	Minimum     *int64           `json:"minimum,omitempty"`
	Maximum     *int64           `json:"maximum,omitempty"`
	MinItems    *int             `json:"minItems,omitempty"`
	MaxItems    *int             `json:"maxItems,omitempty"`
	Required    []string         `json:"required,omitempty"`
	Properties  map[string]*node `json:"properties,omitempty"`
	Items       *node            `json:"items,omitempty"`
	// order is that of the type's fields.
	order []string
}

// schemaOf makes the schema of an event from its type and from what is written.
func schemaOf(e fact.Data, written []byte) ([]byte, error) {
	root := new(node)
	decoder := json.NewDecoder(bytes.NewReader(written))
	decoder.DisallowUnknownFields() // what is not known here would be lost
	if err := decoder.Decode(root); err != nil {
		return nil, err
	}
	if err := root.take(reflect.TypeOf(e)); err != nil {
		return nil, err
	}
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.ID = "https://sanad-network.github.io/" + schemaName(e.EventType())
	root.Title = e.EventType()
	return []byte(lay(root.object(), 0, 0, true) + "\n"), nil
}

// take makes a schema say what a type says. A code and a struct have the title
// by which a generator of clients names them: so the same list is one type.
func (n *node) take(t reflect.Type) error {
	switch {
	case t == reflect.TypeFor[time.Time]():
		n.Type, n.Format = "string", "date-time"
		return nil
	case contract.CodesOf(t) != nil:
		n.Type, n.Title, n.Enum = "string", t.Name(), contract.CodesOf(t)
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return n.take(t.Elem())
	case reflect.Struct:
		n.Type, n.Title = "object", t.Name()
		return n.takeFields(t)
	case reflect.Slice:
		n.Type = "array"
		if n.Items == nil {
			n.Items = new(node)
		}
		return n.Items.take(t.Elem())
	case reflect.String:
		n.Type = "string"
	case reflect.Bool:
		n.Type = "boolean"
	case reflect.Int, reflect.Int64:
		n.Type = "integer"
	default:
		return fmt.Errorf("no schema says what a %s is", t)
	}
	return nil
}

func (n *node) takeFields(t reflect.Type) error {
	written := n.Properties
	n.Properties, n.order, n.Required = map[string]*node{}, nil, nil
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			continue // its fields are visible
		}
		p := written[name]
		if p == nil {
			p = new(node)
		}
		if err := p.take(f.Type); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(written, name)
		n.Properties[name], n.order = p, append(n.order, name)
		if options == "" {
			n.Required = append(n.Required, name)
		}
	}
	for name := range written {
		return fmt.Errorf("%s is written, and %s has no such field: an event only ever grows", name, t)
	}
	return nil
}
