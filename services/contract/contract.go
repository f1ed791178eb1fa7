// Package contract holds code and contracts together: the Go types of events,
// commands and answers on one side, the documents of package api on the other.
// Its own tests look after everything in api; a room's tests hand it the
// room's commands and answers. It serves tests only and refuses to mend what
// it finds.
package contract

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
)

// Bodies are the Go types behind the component schemas of an OpenAPI document,
// by the schema's name. Give a value of each type.
type Bodies map[string]any

// Commands fails a test when a command and its schema in the document of a
// service name different properties, or differ in the kind or codes of one.
func Commands(t *testing.T, service string, bodies Bodies) {
	t.Helper()
	check(t, service, bodies, false)
}

// Answers is Commands for what a service answers: here the schema must also
// require exactly what is always there.
func Answers(t *testing.T, service string, bodies Bodies) {
	t.Helper()
	check(t, service, bodies, true)
}

func check(t *testing.T, service string, bodies Bodies, strict bool) {
	t.Helper()
	doc := openAPI(t, service)
	for name, v := range bodies {
		s, ok := at(doc.root, "components", "schemas", name)
		if !ok {
			t.Errorf("%s: the document has no schema %s", service, name)
			continue
		}
		for _, difference := range doc.compare(name, s, reflect.TypeOf(v), strict) {
			t.Errorf("%s: %s", service, difference)
		}
	}
}

// document is a JSON or YAML document whose references point into itself.
type document struct{ root map[string]any }

func openAPI(t *testing.T, service string) document {
	t.Helper()
	text, err := api.Files.ReadFile("openapi/" + service + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := yaml.Unmarshal(text, &d.root); err != nil {
		t.Fatalf("%s: %v", service, err)
	}
	return d
}

// at walks down a document by names.
func at(node any, path ...string) (map[string]any, bool) {
	m, ok := node.(map[string]any)
	for _, name := range path {
		if m, ok = m[name].(map[string]any); !ok {
			return nil, false
		}
	}
	return m, ok
}

// words is a list of strings in a document; nil for anything else.
func words(node any) []string {
	list, _ := node.([]any)
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// sorted compares as sets.
func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
