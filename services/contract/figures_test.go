package contract_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Each value that a table of figures can have stands in the contracts: a table with another one would
// be an event that nobody takes.
func TestTheContractHasEachValueOfAFigure(t *testing.T) {
	var document struct {
		Components struct {
			Schemas map[string]struct{ Pattern string }
		}
	}
	text, err := api.Files.ReadFile("openapi/intake.yaml")
	if err != nil || yaml.Unmarshal(text, &document) != nil {
		t.Fatal(err)
	}
	type schema struct {
		Pattern    string
		Properties map[string]json.RawMessage
		Items      json.RawMessage
	}
	// under follows properties and items to a schema.
	under := func(is schema, path ...string) schema {
		for _, name := range path {
			next := is.Properties[name]
			if name == "items" {
				next = is.Items
			}
			is = schema{}
			if err := json.Unmarshal(next, &is); err != nil {
				t.Fatal(name, err)
			}
		}
		return is
	}
	var released schema
	if text, err = api.Files.ReadFile("schema/intake/table_released.v1.schema.json"); err == nil {
		err = json.Unmarshal(text, &released)
	}
	if err != nil {
		t.Fatal(err)
	}
	row := under(released, "rows", "items")
	for name, pattern := range map[string]string{
		"the table": document.Components.Schemas["FigureValue"].Pattern, "a path of the event": under(row, "path", "items", "value").Pattern, "a cell of the event": under(row, "cells", "items", "value").Pattern,
	} {
		if pattern == "" {
			t.Fatalf("%s has no pattern", name)
		}
		has := regexp.MustCompile(pattern)
		for _, d := range code.FigureDimensions {
			values, _ := programme.FigureListed(d)
			for _, value := range values {
				if !has.MatchString(value) {
					t.Errorf("%s: %s of %s is no value of the contract", name, value, d)
				}
			}
		}
	}
}
