package contract

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/service"
)

// Room fails a test when a room and its contracts disagree: on who may ask for an
// operation in its tables, on what it takes or answers, on what an event that it records holds, or when
// one of them is missing on either side. foreign are the operations that answer
// with documents of another standard, for which there is no Go type.
func Room(t *testing.T, room service.Room, foreign ...string) {
	t.Helper()
	name, forms, err := service.Forms(api.Files, room)
	if err != nil {
		t.Fatal(err)
	}
	d, source := openAPI(t, name), "api/source/openapi/"+name+".yaml"
	found := map[string]bool{}
	promised := d.promised()
	for id, form := range forms {
		for _, difference := range d.operation(id, promised[id], form, slices.Contains(foreign, id)) {
			found[difference] = true
		}
	}
	for _, difference := range slices.Sorted(maps.Keys(found)) {
		t.Errorf("%s: %s", source, difference)
	}
	for _, id := range foreign {
		if _, ok := forms[id]; !ok {
			t.Errorf("%s is foreign and in no table of %s", id, name)
		}
	}
	recorded(t, room)
}

// promised are the operations of a document by operationId.
func (d document) promised() map[string]map[string]any {
	all := map[string]map[string]any{}
	paths, _ := at(d.root, "paths")
	for route := range paths {
		methods, _ := at(paths, route)
		for method := range methods {
			node, _ := at(methods, method)
			if id, ok := node["operationId"].(string); ok {
				all[id] = node
			}
		}
	}
	return all
}

// operation says where the contract of an operation and its Go types differ.
func (d document) operation(id string, node map[string]any, form service.Form, foreign bool) []string {
	var differences []string
	body, takes := d.schema(node, "requestBody")
	switch _, file := body["contentMediaType"]; {
	case file != (form.Body == reflect.TypeFor[edge.Upload]()):
		differences = []string{id + ": contract and code disagree on whether the body is a file" + of(form.Body)}
	case file:
	case takes:
		differences = d.held(id, body, form.Body, false)
	case form.Body.Kind() != reflect.Struct || len(fields(form.Body)) > 0:
		differences = []string{id + ": takes no body, and the code reads one" + of(form.Body)}
	}
	success, answers := map[string]any(nil), false
	for _, status := range []string{"201", "200", "303"} {
		if !answers {
			success, answers = d.schema(node, "responses", status)
		}
	}
	unknown := form.Answer == nil || form.Answer.Kind() == reflect.Interface
	switch {
	case !answers:
		return append(differences, id+": none of 200, 201 and 303 says what is answered")
	case form.Answer == reflect.TypeFor[edge.Download]():
		if d.resolve(success)["contentMediaType"] == nil {
			differences = append(differences, id+": answers with a file, and the contract does not say so")
		}
		return differences
	case form.Answer == reflect.TypeFor[edge.Page]():
		return append(differences, expect(id, d.resolve(success), "string", "", "")...)
	case unknown && !foreign:
		return append(differences, id+": its row in the tables does not tell the Go type of the answer, and the test of the room does not call it foreign")
	case !unknown && foreign:
		return append(differences, id+": the test of the room calls the answer foreign, and it has a Go type"+of(form.Answer))
	case foreign:
		return differences
	}
	record, offers := d.offered(success)
	if !slices.Equal(offers, form.Commands) {
		differences = append(differences, fmt.Sprintf("%s: answers with the commands %v in the contract, and %v in the code", id, offers, form.Commands))
	}
	return append(differences, d.held(id, record, form.Answer, true)...)
}

// offered takes the schema of an answer with a record apart: what is shown of it, and which
// commands it may take, in alphabetical order.
func (d document) offered(s map[string]any) (record map[string]any, commands []string) {
	whole := d.resolve(s)
	list, ok := at(whole, "properties", "commands", "items")
	if !ok {
		return s, nil
	}
	record = maps.Clone(whole)
	properties, _ := at(whole, "properties")
	properties = maps.Clone(properties)
	delete(properties, "commands")
	record["properties"] = properties
	record["required"] = slices.DeleteFunc(slices.Clone(whole["required"].([]any)), func(name any) bool { return name == "commands" })
	return record, sorted(words(list["enum"]))
}

// schema finds that of a body, in the one form that the operation has it in.
func (d document) schema(node map[string]any, path ...string) (map[string]any, bool) {
	body, _ := at(node, path...)
	content, _ := at(d.resolve(body), "content")
	for media := range content {
		return at(content, media, "schema")
	}
	return nil, false
}

// held is compare, and names the Go type and its package.
func (d document) held(id string, s map[string]any, t reflect.Type, strict bool) []string {
	differences := d.compare(id, s, t, strict)
	for i := range differences {
		differences[i] += of(t)
	}
	return differences
}

// of tells where a type stands.
func of(t reflect.Type) string {
	for t.Name() == "" && t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Type.Kind() == reflect.Slice {
		t = t.Field(0).Type.Elem() // a page
	}
	_, where, _ := strings.Cut(t.PkgPath(), "/sanad/")
	return fmt.Sprintf(" (%s in %s)", t, where)
}
