package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/service"
	forensic "github.com/sanad-network/sanad/services/forensic-services"
	"github.com/sanad-network/sanad/services/intake"
	legalaid "github.com/sanad-network/sanad/services/legal-aid"
	"github.com/sanad-network/sanad/services/psychosocial"
	"github.com/sanad-network/sanad/services/referral"
	trustfund "github.com/sanad-network/sanad/services/trust-fund"
)

// rooms are the services by their names.
var rooms = map[string]service.Room{
	"intake": intake.New, "referral": referral.New, "legal-aid": legalaid.New, "psychosocial": psychosocial.New,
	"forensic-services": forensic.New, "trust-fund": trustfund.New,
}

// catalogues are what the services declare.
var catalogues = func() map[string]event.Catalogue {
	all := map[string]event.Catalogue{}
	for name, room := range rooms {
		var err error
		if all[name], err = service.Catalogue(api.Files, room); err != nil {
			panic(err)
		}
	}
	return all
}()

// events is every event of the network.
var events = func() []fact.Data {
	var all []fact.Data
	for _, room := range slices.Sorted(maps.Keys(catalogues)) {
		for _, typ := range catalogues[room].Types() {
			if catalogues[room].Writes(typ) {
				all = append(all, catalogues[room].Zero(typ))
			}
		}
	}
	return all
}()

// split takes "<service>.<event>.v1" apart.
func split(typ string) (service, event string) {
	parts := strings.Split(typ, ".")
	return parts[0], parts[1]
}

func schemaPath(typ string) string {
	service, event := split(typ)
	return "schema/" + service + "/" + event + ".v1.schema.json"
}

func examplePath(typ string) string {
	service, event := split(typ)
	return "schema/" + service + "/example/" + event + ".v1.json"
}

func readJSON(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := api.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// Schema, example and Go type of an event say the same.
func TestEvents(t *testing.T) {
	for _, e := range events {
		t.Run(e.EventType(), func(t *testing.T) {
			schema, typ := readJSON(t, schemaPath(e.EventType())), reflect.TypeOf(e)
			if id := "https://sanad-network.github.io/" + schemaPath(e.EventType()); schema["$id"] != id || schema["title"] != e.EventType() {
				t.Errorf("it calls itself %v, %v", schema["$id"], schema["title"])
			}
			for _, difference := range (document{schema}).compare("", schema, typ, true) {
				t.Error(difference)
			}

			text, err := api.Files.ReadFile(examplePath(e.EventType()))
			if err != nil {
				t.Fatal(err)
			}
			conforms(t, schema, text)
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.DisallowUnknownFields()
			decoded := reflect.New(typ)
			if err := decoder.Decode(decoded.Interface()); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(decoded.Elem().Interface())
			if err != nil {
				t.Fatal(err)
			}
			conforms(t, schema, again)
			var before, after any
			if err := json.Unmarshal(text, &before); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(again, &after); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(before, after); d != "" {
				t.Errorf("read and written again, the example changed: %s", d)
			}
		})
	}
}

func conforms(t *testing.T, schema map[string]any, text []byte) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	id := schema["$id"].(string)
	if err := c.AddResource(id, schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(v); err != nil {
		t.Error(err)
	}
}

// Every file under schema belongs to an event.
func TestNoSchemaWithoutEvent(t *testing.T) {
	var want, got []string
	for _, e := range events {
		want = append(want, schemaPath(e.EventType()), examplePath(e.EventType()))
	}
	err := fs.WalkDir(api.Files, "schema", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			got = append(got, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(sorted(want), sorted(got)); d != "" {
		t.Error(d)
	}
}

// confided is what people write where a form lets them.
var confided = []string{
	"Amal", "amal@example.org", "+20 100 555 0100", "01005550100", "call her after six", "12 Shore Road", "ليلى",
}

// No event can carry free text: a string is a code, an instant or an
// identifier, and what people confide is none of these.
func TestNoFreeText(t *testing.T) {
	for _, e := range events {
		walk(t, path.Base(schemaPath(e.EventType())), readJSON(t, schemaPath(e.EventType())))
	}
}

// slug is the one pattern that a single small word fits; it names agencies and
// programmes.
const slug = "^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$"

func walk(t *testing.T, where string, s map[string]any) {
	t.Helper()
	switch s["type"] {
	case "object":
		properties, ok := at(s, "properties")
		if !ok {
			t.Errorf("%s: an object without properties holds anything", where)
		}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			p, _ := at(properties, name)
			walk(t, where+"/"+name, p)
		}
	case "array":
		items, ok := at(s, "items")
		if !ok {
			t.Errorf("%s: an array without items holds anything", where)
			return
		}
		// Lists of codes grow, and a bound beside them does not: what says all that it may is refused then.
		if most, bound := s["maxItems"].(float64); bound && int(most) < len(words(items["enum"])) {
			t.Errorf("%s: at most %v of %d codes", where, most, len(words(items["enum"])))
		}
		walk(t, where+"/items", items)
	case "string":
		if err := closed(s); err != nil {
			t.Errorf("%s: %v", where, err)
		}
	case "integer", "boolean":
	default:
		t.Errorf("%s: type %v", where, s["type"])
	}
}

// closed says why a string schema is open to free text, if it is.
func closed(s map[string]any) error {
	if words(s["enum"]) != nil || s["format"] == "date-time" {
		return nil
	}
	p, ok := s["pattern"].(string)
	if !ok {
		return errors.New("neither codes nor an instant nor a pattern")
	}
	if p == slug {
		return nil
	}
	pattern, err := regexp.Compile(p)
	if err != nil {
		return err
	}
	for _, text := range confided {
		if pattern.MatchString(text) {
			return fmt.Errorf("pattern %s lets %q through", p, text)
		}
	}
	return nil
}
