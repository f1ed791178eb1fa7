package schema

import (
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var errFormat = errors.New("is not of the format")

// formats are asserted as the Go types read them, so that what a schema
// lets in can be decoded.
var formats = []jsonschema.Format{
	{Name: "date-time", Validate: text(func(s string) bool {
		var t time.Time
		return t.UnmarshalText([]byte(s)) == nil
	})},
	{Name: "date", Validate: text(func(s string) bool {
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	})},
	{Name: "uuid", Validate: text(IsUUID)},
}

func text(holds func(string) bool) func(any) error {
	return func(v any) error {
		if s, ok := v.(string); ok && !holds(s) {
			return errFormat
		}
		return nil
	}
}

// IsUUID takes the canonical form only.
func IsUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }
