package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
)

// field is a JSON property of a Go struct.
type field struct {
	name   string
	always bool // not omitted when empty
	typ    reflect.Type
}

// fields lists the JSON properties of a struct, those of embedded structs
// among them.
func fields(t reflect.Type) []field {
	var out []field
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			// Also where the struct is not exported, as encoding/json does. The outer one of a name counts.
			out = append(out, slices.DeleteFunc(fields(f.Type), func(inner field) bool { return own(t, inner.name) })...)
		case name == "-" || !f.IsExported():
		case name == "":
			out = append(out, field{f.Name, true, f.Type})
		default:
			out = append(out, field{name, options == "", f.Type})
		}
	}
	return out
}

// own says whether a struct has a property of a name itself.
func own(t reflect.Type, name string) bool {
	for f := range t.Fields() {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}

// compare says where a schema and a Go type differ; where names the place.
// Strict, a schema requires what the type always writes, and nothing else.
func (d document) compare(where string, s map[string]any, t reflect.Type, strict bool) []string {
	ref, _ := s["$ref"].(string)
	if s = d.resolve(s); ref != "" && s["type"] == "object" {
		where = path.Base(ref) // the difference is put right there
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return expect(where, s, "string", "format", "date-time")
	case reflect.TypeFor[json.RawMessage]():
		return expect(where, s, "object", "", "") // what is in it has a contract of its own
	}
	switch t.Kind() {
	case reflect.Struct:
		return append(expect(where, s, "object", "", ""), d.properties(where, s, t, strict)...)
	case reflect.Map:
		differences := expect(where, s, "object", "", "")
		properties, ok := at(s, "properties")
		if !ok {
			return append(differences, where+": does not name what it may hold")
		}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			p, _ := at(properties, name)
			differences = append(differences, d.compare(where+"/"+name, p, t.Elem(), strict)...)
		}
		return differences
	case reflect.Slice:
		items, ok := at(s, "items")
		if !ok {
			return []string{where + ": items are not described"}
		}
		return append(expect(where, s, "array", "", ""), d.compare(where+"/items", items, t.Elem(), strict)...)
	case reflect.String:
		if strings.HasSuffix(t.PkgPath(), "/api/code") {
			return append(expect(where, s, "string", "", ""), sameCodes(where, s, t)...)
		}
		return expect(where, s, "string", "", "")
	case reflect.Bool:
		return expect(where, s, "boolean", "", "")
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint32, reflect.Uint8:
		return expect(where, s, "integer", "", "")
	case reflect.Float64:
		return expect(where, s, "number", "", "")
	default:
		return []string{fmt.Sprintf("%s: a %s cannot be held against a schema", where, t)}
	}
}

func (d document) properties(where string, s map[string]any, t reflect.Type, strict bool) []string {
	var differences []string
	properties, _ := at(s, "properties")
	var always, all []string
	for _, f := range fields(t) {
		all = append(all, f.name)
		if f.always {
			always = append(always, f.name)
		}
		p, ok := at(properties, f.name)
		if !ok {
			differences = append(differences, where+"/"+f.name+": is in the code only")
			continue
		}
		differences = append(differences, d.compare(where+"/"+f.name, p, f.typ, strict)...)
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if !slices.Contains(all, name) {
			differences = append(differences, where+"/"+name+": is in the contract only")
		}
	}
	if required := words(s["required"]); strict && !slices.Equal(sorted(required), sorted(always)) {
		differences = append(differences, fmt.Sprintf("%s: requires %v, and the code always writes %v", where, sorted(required), sorted(always)))
	}
	return differences
}

// resolve follows references within the document.
func (d document) resolve(s map[string]any) map[string]any {
	for {
		ref, ok := s["$ref"].(string)
		if !ok {
			return s
		}
		path, ok := strings.CutPrefix(ref, "#/")
		if !ok {
			return s
		}
		if s, ok = at(d.root, strings.Split(path, "/")...); !ok {
			return map[string]any{}
		}
	}
}

func expect(where string, s map[string]any, typ, keyword, value string) []string {
	var differences []string
	if s["type"] != typ {
		differences = append(differences, fmt.Sprintf("%s: is %v in the contract, %s in the code", where, s["type"], typ))
	}
	if keyword != "" && s[keyword] != value {
		differences = append(differences, fmt.Sprintf("%s: %s is %v, want %s", where, keyword, s[keyword], value))
	}
	return differences
}

func sameCodes(where string, s map[string]any, t reflect.Type) []string {
	want, ok := codes[t.Name()]
	if !ok {
		return []string{fmt.Sprintf("%s: code list %s is not known to package code: make generate", where, t.Name())}
	}
	if got := words(s["enum"]); !slices.Equal(got, want) {
		return []string{fmt.Sprintf("%s: codes of %s: contract %v, code %v", where, t.Name(), got, want)}
	}
	return nil
}
