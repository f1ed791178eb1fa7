package edge

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/pkg/fault"
)

// parameterKind says how the text of a parameter is read before its schema
// judges it.
type parameterKind string

const (
	asText    parameterKind = "string"
	asInteger parameterKind = "integer"
	asBoolean parameterKind = "boolean"
	asList    parameterKind = "array"
)

func kindOf(s *jsonschema.Schema) parameterKind {
	for ; s != nil; s = s.Ref {
		if s.Types == nil || s.Types.IsEmpty() {
			continue
		}
		switch kind := parameterKind(s.Types.ToStrings()[0]); kind {
		case asInteger, asBoolean, asList:
			return kind
		}
		return asText
	}
	return asText
}

// read gives the value for the schema. What cannot be read stays a text, and
// the schema says what it should have been.
func (k parameterKind) read(sent []string) any {
	switch k {
	case asList:
		list := make([]any, len(sent))
		for i, s := range sent {
			list[i] = s
		}
		return list
	case asInteger:
		if n, err := strconv.ParseInt(sent[0], 10, 32); err == nil && strconv.FormatInt(n, 10) == sent[0] {
			return n
		}
	case asBoolean:
		if sent[0] == "true" || sent[0] == "false" {
			return sent[0] == "true"
		}
	}
	return sent[0]
}

// readQuery takes the parameters that the contract declares and refuses others.
func (in *Request[B]) readQuery(op *operation, c *contract, raw string) error {
	if raw == "" && len(op.query) == 0 {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return errMalformed.At("query", "is not a query")
	}
	if bad := c.checkQuery(op, values); len(bad) > 0 {
		return invalid(bad)
	}
	if sent := values.Get("limit"); sent != "" {
		if in.Limit, err = limit(sent); err != nil {
			return errInvalid.At("limit", "must be from 1 to 200")
		}
	}
	in.Cursor = values.Get("cursor")
	delete(values, "limit")
	delete(values, "cursor")
	if len(values) > 0 {
		in.Query = values
	}
	return nil
}

func (c *contract) checkQuery(op *operation, values url.Values) []fault.Field {
	var bad []fault.Field
	for name := range values {
		if !slices.ContainsFunc(op.query, func(p parameter) bool { return p.name == name }) {
			bad = append(bad, fault.Field{Pointer: "query", Rule: "has a parameter that is not in the contract"})
			break
		}
	}
	for _, p := range op.query {
		name, sent := p.name, values[p.name]
		switch {
		case len(sent) == 0 && p.required:
			bad = append(bad, fault.Field{Pointer: name, Rule: "is required"})
		case len(sent) == 0:
		case len(sent) > 1 && p.kind != asList:
			bad = append(bad, fault.Field{Pointer: name, Rule: "must be given once"})
		default:
			value := p.kind.read(sent)
			if err := p.schema.Validate(value); err != nil {
				for _, f := range c.fields(value, err) {
					bad = append(bad, fault.Field{Pointer: name, Rule: f.Rule})
				}
			}
		}
	}
	return bad
}
