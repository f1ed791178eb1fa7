// Package schema checks JSON with JSON Schemas: requests of callers with the
// contracts, messages of the bus with the schemas of events.
//
// It refuses what two readers could read differently: a property that stands there
// twice, or that only its capitals keep from being a known one. It knows no
// transport, and its errors never contain what was sent.
package schema

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is one schema, with a fast check for valid values. The library takes
// several times as long, because it collects what it may have to explain.
type Schema struct {
	*jsonschema.Schema
	// plain says that fits knows every keyword in it.
	plain bool
}

// New takes a schema that a compiler of NewCompiler made.
func New(s *jsonschema.Schema) *Schema { return &Schema{s, plain(s)} }

// NewCompiler compiles as all schemas of the network are meant: draft 2020-12,
// formats asserted, those of what people write among
// them, and nothing loaded from elsewhere.
func NewCompiler() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	for _, f := range slices.Concat(formats, writings) {
		c.RegisterFormat(&f)
	}
	return c
}

// ErrTwin says that a property only differs in its capitals from a known one.
// encoding/json takes the one for the other.
var ErrTwin = errors.New("schema: a property is a known one but for its capitals")

// Validate gives what is wrong with a value of Parse, nil when nothing is.
func (s *Schema) Validate(value any) error {
	if s.Short(value) {
		return nil
	}
	if err := s.Schema.Validate(value); err != nil {
		return err
	}
	if twins(s.Schema, value) {
		return ErrTwin
	}
	return nil
}

// Short reports that the fast check accepts a value. When it does not, the value
// may still be valid.
func (s *Schema) Short(value any) bool { return s.plain && fits(s.Schema, value) }

// Plain reports whether the fast check knows every keyword of the schema.
func (s *Schema) Plain() bool { return s.plain }

// What fits judges by, and what says nothing about a value. An additional
// property is for the library, and so needs no judgement.
var (
	judged = []string{
		"Ref", "Types", "Enum", "Format", "MinProperties", "Required", "Properties", "AdditionalProperties",
		"MinItems", "MaxItems", "UniqueItems", "Items2020", "MinLength", "MaxLength", "Pattern", "Minimum", "Maximum",
	}
	silent = []string{"DraftVersion", "Location", "ID", "Anchor", "Title", "Description", "Default", "Comment", "Examples", "Deprecated"}
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
	numbers  = types("number")
	integers = types("integer")
)

func types(name string) (t jsonschema.Types) {
	t.Add(name)
	return t
}

// fits reports that a value keeps a plain schema. When it reports false, the value
// may still keep it.
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
	case float64:
		return fitsNumber(s, value)
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
		if inner == nil && (s.AdditionalProperties != nil || isTwin(s, name)) || inner != nil && !fits(inner, value) {
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

// fitsNumber compares with bounds that a float64 holds; others are for the
// library.
func fitsNumber(s *jsonschema.Schema, n float64) bool {
	if !typed(s, numbers) && (!typed(s, integers) || n != math.Trunc(n)) {
		return false
	}
	if s.Minimum != nil {
		if least, exact := float(s.Minimum); !exact || n < least {
			return false
		}
	}
	if s.Maximum != nil {
		if most, exact := float(s.Maximum); !exact || n > most {
			return false
		}
	}
	return true
}

func float(r *big.Rat) (f float64, exact bool) {
	if r.Sign() == 0 {
		return 0, true // nearly all bounds, and Float64 is long
	}
	return r.Float64()
}

// isTwin reports whether a name that a schema does not know is one that it knows,
// written otherwise.
func isTwin(s *jsonschema.Schema, name string) bool {
	for known := range s.Properties {
		if strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}

// twins looks for a twin in a value that keeps its schema.
func twins(s *jsonschema.Schema, value any) bool {
	if s.Ref != nil && twins(s.Ref, value) {
		return true
	}
	switch value := value.(type) {
	case map[string]any:
		for name, value := range value {
			if inner := s.Properties[name]; inner == nil && isTwin(s, name) || inner != nil && twins(inner, value) {
				return true
			}
		}
	case []any:
		for _, value := range value {
			if s.Items2020 != nil && twins(s.Items2020, value) {
				return true
			}
		}
	}
	return false
}
