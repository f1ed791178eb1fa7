package edge

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/schema"
)

// maxFields bounds how many broken rules one problem lists.
const maxFields = 20

const (
	ruleUnfit   = "does not fit the contract"
	ruleUnknown = "has a property that is not in the contract"
)

// violations lists which rules of the contract a value breaks, and where. It never
// contains what was sent.
func (c *contract) violations(value any, err error) error { return invalid(c.fields(value, err)) }

func invalid(fields []fault.Field) error {
	f := *errInvalid
	f.Fields = fields[:min(len(fields), maxFields)]
	return &f
}

func (c *contract) fields(value any, err error) []fault.Field {
	broken, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return []fault.Field{{Rule: ruleUnfit}}
	}
	found := c.collect(nil, value, broken)
	slices.SortFunc(found, func(a, b fault.Field) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Rule, b.Rule))
	})
	return slices.Compact(found)
}

// collect walks to the leaves. A choice between variants is a leaf: what each
// variant lacks would say more about the contract's shape than about the value.
func (c *contract) collect(found []fault.Field, value any, e *jsonschema.ValidationError) []fault.Field {
	at, whole := c.pointer(value, e.InstanceLocation)
	if !whole {
		return append(found, fault.Field{Pointer: at, Rule: ruleUnknown})
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return missing(found, at, k.Missing, "is required")
	case *kind.DependentRequired:
		return missing(found, at, k.Missing, "is required beside another property")
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.Contains, *kind.MinContains, *kind.MaxContains, *kind.PropertyNames:
		return append(found, fault.Field{Pointer: at, Rule: rule(k)})
	}
	if len(e.Causes) == 0 {
		return append(found, fault.Field{Pointer: at, Rule: rule(e.ErrorKind)})
	}
	for _, cause := range e.Causes {
		found = c.collect(found, value, cause)
	}
	return found
}

func missing(found []fault.Field, at string, names []string, rule string) []fault.Field {
	for _, name := range names {
		found = append(found, fault.Field{Pointer: at + "/" + escapePointer(name), Rule: rule})
	}
	return found
}

// pointer gives the place, as far down as its names are the contract's and not
// the caller's, and whether that is the whole way.
func (c *contract) pointer(value any, location []string) (at string, whole bool) {
	var b strings.Builder
	for _, token := range location {
		switch container := value.(type) {
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(container) {
				return b.String(), false
			}
			value = container[i]
		case map[string]any:
			if !c.names[token] {
				return b.String(), false
			}
			value = container[token]
		}
		b.WriteByte('/')
		b.WriteString(escapePointer(token))
	}
	return b.String(), true
}

// rule says in a short sentence what the contract wants.
func rule(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "must be " + oneOf(k.Want)
	case *kind.Enum:
		return "must be one of the listed codes"
	case *kind.Const:
		return "must be the one value that the contract names"
	case *kind.Format:
		if broken, ok := errors.AsType[schema.Writing](k.Err); ok {
			return string(broken)
		}
		return cmp.Or(formats[k.Want], "must be of the format "+k.Want)
	case *kind.Pattern:
		return "must have the form that the contract gives"
	case *kind.MinLength:
		return "must be at least " + count(k.Want, "character")
	case *kind.MaxLength:
		return "must be at most " + count(k.Want, "character")
	case *kind.MinItems:
		return "must have at least " + count(k.Want, "item")
	case *kind.MaxItems:
		return "must have at most " + count(k.Want, "item")
	case *kind.UniqueItems:
		return "must not have an item twice"
	case *kind.MinProperties:
		return "must have at least " + counted(k.Want, "property", "properties")
	case *kind.MaxProperties:
		return "must have at most " + counted(k.Want, "property", "properties")
	case *kind.AdditionalProperties:
		return ruleUnknown
	case *kind.Minimum:
		return "must be at least " + number(k.Want)
	case *kind.Maximum:
		return "must be at most " + number(k.Want)
	case *kind.ExclusiveMinimum:
		return "must be more than " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "must be less than " + number(k.Want)
	case *kind.MultipleOf:
		return "must be a multiple of " + number(k.Want)
	case *kind.FalseSchema:
		return "is not allowed here"
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			return "must fit only one of the contract's variants"
		}
		return "must fit one of the contract's variants"
	case *kind.AnyOf:
		return "must fit one of the contract's variants"
	}
	return ruleUnfit
}

var formats = map[string]string{
	"date-time": "must be a date-time with offset", "date": "must be a date", "uuid": "must be a UUID",
}

func oneOf(types []string) string {
	named := make([]string, len(types))
	for i, t := range types {
		switch t {
		case "integer", "array", "object":
			named[i] = "an " + t
		case "null":
			named[i] = t
		default:
			named[i] = "a " + t
		}
	}
	return strings.Join(named, " or ")
}

func count(n int, thing string) string { return counted(n, thing, thing+"s") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func number(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	f, _ := n.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}
