package edge

import (
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema is one of the contract, with a short way to yes: the library takes
// several times as long, for it gathers on the way what it may have to explain.
type schema struct {
	*jsonschema.Schema
	// plain says that fits knows every keyword in it.
	plain bool
}

func newSchema(s *jsonschema.Schema) *schema { return &schema{s, plain(s)} }

// Validate tells what is wrong with a value, if anything is.
func (s *schema) Validate(value any) error {
	if s.plain && fits(s.Schema, value) {
		return nil
	}
	return s.Schema.Validate(value)
}

// What fits judges by, and what says nothing about a value. An additional
// property is for the library, and so needs no judgement.
var (
	judged = []string{
		"Ref", "Types", "Enum", "Format", "MinProperties", "Required", "Properties", "AdditionalProperties",
		"MinItems", "MaxItems", "UniqueItems", "Items2020", "MinLength", "MaxLength", "Pattern",
	}
	silent = []string{"DraftVersion", "Location", "Title", "Description", "Default", "Comment", "Examples", "Deprecated"}
)

// plain reports whether a schema and those below it have no other keywords, and
// do not come back to one of those above.
func plain(s *jsonschema.Schema, above ...*jsonschema.Schema) bool {
	if slices.Contains(above, s) {
		return false
	}
	for field, value := range reflect.ValueOf(s).Elem().Fields() {
		if field.IsExported() && !value.IsZero() && !slices.Contains(judged, field.Name) && !slices.Contains(silent, field.Name) {
			return false
		}
	}
	above = append(slices.Clip(above), s)
	for _, inner := range s.Properties {
		if !plain(inner, above...) {
			return false
		}
	}
	return (s.Ref == nil || plain(s.Ref, above...)) && (s.Items2020 == nil || plain(s.Items2020, above...))
}

var (
	objects  = types("object")
	arrays   = types("array")
	texts    = types("string")
	booleans = types("boolean")
)

func types(name string) (t jsonschema.Types) {
	t.Add(name)
	return t
}

// fits reports that a value keeps a plain schema. That it does not say so means
// nothing yet.
func fits(s *jsonschema.Schema, value any) bool {
	if s.Ref != nil && !fits(s.Ref, value) {
		return false
	}
	if s.Format != nil && s.Format.Validate(value) != nil {
		return false
	}
	switch value := value.(type) {
	case string:
		return typed(s, texts) && fitsText(s, value)
	case map[string]any:
		return typed(s, objects) && fitsObject(s, value)
	case []any:
		return typed(s, arrays) && fitsArray(s, value)
	case bool:
		return typed(s, booleans)
	}
	return false
}

// typed reports whether a schema takes a type; only texts have enums here.
func typed(s *jsonschema.Schema, t jsonschema.Types) bool {
	return (s.Types == nil || *s.Types == t) && (s.Enum == nil || t == texts)
}

func fitsObject(s *jsonschema.Schema, object map[string]any) bool {
	if s.MinProperties != nil && len(object) < *s.MinProperties {
		return false
	}
	for _, name := range s.Required {
		if _, ok := object[name]; !ok {
			return false
		}
	}
	for name, value := range object {
		inner := s.Properties[name]
		if inner == nil && s.AdditionalProperties != nil || inner != nil && !fits(inner, value) {
			return false
		}
	}
	return true
}

func fitsArray(s *jsonschema.Schema, array []any) bool {
	if s.MinItems != nil && len(array) < *s.MinItems || s.MaxItems != nil && len(array) > *s.MaxItems {
		return false
	}
	for i, value := range array {
		if s.Items2020 != nil && !fits(s.Items2020, value) {
			return false
		}
		if s.UniqueItems {
			if text, ok := value.(string); !ok || slices.Contains(array[:i], any(text)) {
				return false
			}
		}
	}
	return true
}

func fitsText(s *jsonschema.Schema, text string) bool {
	if s.MinLength != nil || s.MaxLength != nil {
		n := utf8.RuneCountInString(text)
		if s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
			return false
		}
	}
	return (s.Enum == nil || slices.Contains(s.Enum.Values, any(text))) && (s.Pattern == nil || s.Pattern.MatchString(text))
}
