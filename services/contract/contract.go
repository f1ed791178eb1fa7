// Package contract compares code and contracts: the Go types of events, commands
// and answers on one side, the documents of package api on the other. Its own
// tests check everything in api; the test of each room calls Room. It serves
// tests only and refuses to change what it finds.
package contract

import (
	"fmt"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
)

// codes are the code lists of package code by the name of their type.
var codes = code.Lists()

// document is a JSON or YAML document whose references point into itself.
type document struct{ root map[string]any }

func openAPI(t *testing.T, service string) document {
	t.Helper()
	return read(t, "openapi/"+service+".yaml")
}

func read(t *testing.T, name string) (d document) {
	t.Helper()
	text, err := api.Files.ReadFile(name)
	if err != nil {
		t.Fatalf("api/%s: %v", name, err)
	}
	if err := yaml.Unmarshal(text, &d.root); err != nil {
		t.Fatalf("api/%s: %v", name, err)
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
