package schema

import (
	"errors"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Newer reports whether all that Validate found are codes that are not on their
// lists: what a newer release writes, whose lists are longer.
func Newer(err error) bool {
	broken, ok := errors.AsType[*jsonschema.ValidationError](err)
	return ok && newer(broken)
}

func newer(e *jsonschema.ValidationError) bool {
	switch k := e.ErrorKind.(type) {
	case *kind.Enum:
		code, ok := k.Got.(string)
		return ok && IsCode(code)
	case *kind.Schema, *kind.Group, *kind.Reference:
	default:
		// A choice between variants, too: nobody can say which was meant.
		return false
	}
	for _, cause := range e.Causes {
		if !newer(cause) {
			return false
		}
	}
	return len(e.Causes) > 0
}

// IsCode reports whether a text has the form of a code: letters, digits, hyphens,
// underscores and the plus of "18+", and few of them.
func IsCode(text string) bool {
	if text == "" || len(text) > 64 {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-', c == '+':
		default:
			return false
		}
	}
	return true
}
