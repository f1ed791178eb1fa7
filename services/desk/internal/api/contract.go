package api

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Contract is the operations of all services, by operationId.
type Contract struct{ Operations map[string]Operation }

// Operation is what a service can be asked.
type Operation struct {
	ID, Service, Method, Path string
	// Summary says in English what it does.
	Summary string
	// Permission is what a token must permit; empty where none is needed.
	Permission string
	// Body is what it takes; nil for nothing.
	Body *Schema
	// Files are the types of file that it takes, and Most how many bytes one may have; none
	// where it takes no file.
	Files []string
	Most  int
	// Gives says that it answers with a file.
	Gives bool
	// Answer is the record that it reads; nil where it reads none.
	Answer *Schema
	// Keyed says that it takes an Idempotency-Key, and Versioned that it takes If-Match.
	Keyed, Versioned bool
	// Desk is where the command stands for people.
	Desk Place
	// Needs says of a consent which categories each service needs to know (x-needs); those
	// under EveryService any service does.
	Needs map[string][]string
}

// EveryService stands among the services in Operation.Needs.
const EveryService = "every_service"

// Place is where an operation stands on the desk, or why it does not (x-desk).
type Place struct {
	// Page is the page that has it; empty where no page has.
	Page string `yaml:"page"`
	// Order is its place among the commands of the page, the lowest first.
	Order int `yaml:"order"`
	// Confirm says that the page asks once more before it is done.
	Confirm bool `yaml:"confirm"`
	// Tells says who learns of it: sender, recipient, both, agencies, coordination or desk.
	Tells string `yaml:"tells"`
	// Flow says that a page is made for it by hand. Any other has a form made from its
	// schema.
	Flow bool `yaml:"flow"`
	// Not is the reason why it is not for people.
	Not string `yaml:"not"`
}

// Schema is the shape of a value, with its references followed.
type Schema struct {
	// Name is that of the component; empty where it has none.
	Name                 string
	Type, Format, Const  string
	Description, Pattern string
	Enum                 []string
	Required             []string
	// Properties are in the order of the contract.
	Properties           []Property
	Items                *Schema
	MinLength, MaxLength int
	MinItems, MaxItems   int
	Minimum, Maximum     *float64
}

// Property is one of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// Needs says whether an object must have a property.
func (s *Schema) Needs(name string) bool { return slices.Contains(s.Required, name) }

// Property finds one of an object.
func (s *Schema) Property(name string) *Schema {
	for _, p := range s.Properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// ReadContract reads the documents in openapi/. It refuses an operation that two services
// have, and a schema that it cannot show.
func ReadContract(files fs.FS) (*Contract, error) {
	names, err := fs.Glob(files, "openapi/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("there are no contracts: %w", cmp.Or(err, fs.ErrNotExist))
	}
	c := &Contract{Operations: map[string]Operation{}}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := c.read(strings.TrimSuffix(path.Base(name), ".yaml"), text); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

type reader struct{ components *yaml.Node }

func (c *Contract) read(service string, text []byte) error {
	var doc struct {
		Paths map[string]map[string]struct {
			ID         string `yaml:"operationId"`
			Summary    string
			Security   []map[string][]string
			Parameters []struct {
				Ref string `yaml:"$ref"`
			}
			Body struct {
				Ref     string `yaml:"$ref"`
				Content map[string]struct{ Schema yaml.Node }
			} `yaml:"requestBody"`
			Responses map[string]struct {
				Ref string `yaml:"$ref"`
			}
			Desk  Place               `yaml:"x-desk"`
			Needs map[string][]string `yaml:"x-needs"`
		}
		Components yaml.Node
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	r := reader{components: &doc.Components}
	for route, methods := range doc.Paths {
		for method, o := range methods {
			op := Operation{ID: o.ID, Service: service, Method: strings.ToUpper(method), Path: route, Summary: o.Summary, Desk: o.Desk, Needs: o.Needs}
			if len(o.Security) == 1 && len(o.Security[0]["bearer"]) == 1 {
				op.Permission = o.Security[0]["bearer"][0]
			}
			for _, p := range o.Parameters {
				op.Keyed = op.Keyed || strings.HasSuffix(p.Ref, "/IdempotencyKey")
				op.Versioned = op.Versioned || strings.HasSuffix(p.Ref, "/IfMatch")
			}
			if body, ok := o.Body.Content["application/json"]; ok {
				schema, err := r.schema(&body.Schema, 0)
				if err != nil {
					return fmt.Errorf("%s: %w", o.ID, err)
				}
				op.Body = schema
			}
			if op.Files, op.Most = r.files("requestBodies", o.Body.Ref); op.Files != nil && op.Most == 0 {
				return fmt.Errorf("%s: it takes a file of any size", o.ID)
			}
			gives, _ := r.files("responses", o.Responses["200"].Ref)
			op.Gives = gives != nil
			if answer := r.record(o.Responses["200"].Ref); answer != nil && method == "get" && op.Desk.Page != "" {
				schema, err := r.schema(answer, 0)
				if err != nil {
					return fmt.Errorf("%s: %w", o.ID, err)
				}
				op.Answer = schema
			}
			if _, twice := c.Operations[o.ID]; twice || o.ID == "" {
				return fmt.Errorf("%s %s: operationId %q is nothing, or another's", method, route, o.ID)
			}
			c.Operations[o.ID] = op
		}
	}
	return nil
}

// record is the schema of an answer; nil where it has none.
func (r reader) record(ref string) *yaml.Node {
	content := child(child(child(r.components, "responses"), path.Base(ref)), "content")
	return child(child(content, "application/json"), "schema")
}

// files are the types of file behind a reference, and the largest size of one in bytes.
func (r reader) files(kind, ref string) (types []string, most int) {
	content := child(child(child(r.components, kind), path.Base(ref)), "content")
	var all map[string]struct {
		Schema struct {
			Media string `yaml:"contentMediaType"`
			Most  int    `yaml:"maxLength"`
		}
	}
	if content == nil || content.Decode(&all) != nil {
		return nil, 0
	}
	for _, media := range slices.Sorted(maps.Keys(all)) {
		if all[media].Schema.Media == media {
			types, most = append(types, media), max(most, all[media].Schema.Most)
		}
	}
	return types, most
}

// deepest is how far schemas are followed. One of directories refers to itself.
const deepest = 6

func (r reader) schema(n *yaml.Node, depth int) (*Schema, error) {
	if depth > deepest {
		return &Schema{Type: "object"}, nil
	}
	name := ""
	if ref := child(n, "$ref"); ref != nil {
		name = path.Base(ref.Value)
		if n = child(child(r.components, "schemas"), name); n == nil {
			return nil, fmt.Errorf("there is no schema %s", name)
		}
	}
	var plain struct {
		Type, Format, Const, Description, Pattern string
		Enum, Required                            []string
		MinLength                                 int `yaml:"minLength"`
		MaxLength                                 int `yaml:"maxLength"`
		MinItems                                  int `yaml:"minItems"`
		MaxItems                                  int `yaml:"maxItems"`
		Minimum, Maximum                          *float64
	}
	if err := n.Decode(&plain); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	s := &Schema{
		Name: name, Type: plain.Type, Format: plain.Format, Const: plain.Const, Description: plain.Description, Pattern: plain.Pattern,
		Enum: plain.Enum, Required: plain.Required, MinLength: plain.MinLength, MaxLength: plain.MaxLength,
		MinItems: plain.MinItems, MaxItems: plain.MaxItems, Minimum: plain.Minimum, Maximum: plain.Maximum,
	}
	if all := child(n, "allOf"); all != nil {
		for _, part := range all.Content {
			more, err := r.schema(part, depth)
			if err != nil {
				return nil, err
			}
			s.Type = cmp.Or(s.Type, more.Type)
			s.Properties, s.Required = append(s.Properties, more.Properties...), append(s.Required, more.Required...)
		}
	}
	if properties := child(n, "properties"); properties != nil {
		for i := 0; i+1 < len(properties.Content); i += 2 {
			p, err := r.schema(properties.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			s.Properties = append(s.Properties, Property{properties.Content[i].Value, p})
		}
	}
	if items := child(n, "items"); items != nil {
		var err error
		if s.Items, err = r.schema(items, depth+1); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// Reader is the id of the operation that reads the record of a command; empty for none.
func (c *Contract) Reader(of Operation) string { return c.about(of, "") }

// History is the id of the operation that says what happened to the record of a command;
// empty for none.
func (c *Contract) History(of Operation) string {
	return cmp.Or(c.about(of, "/history"), c.about(of, "/timeline"))
}

func (c *Contract) about(of Operation, what string) string {
	record, _, found := strings.Cut(of.Path, "{id}")
	for _, o := range c.Operations {
		if found && o.Service == of.Service && o.Method == http.MethodGet && o.Path == record+"{id}"+what {
			return o.ID
		}
	}
	return ""
}
