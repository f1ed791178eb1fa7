package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

const shared = `
openapi: 3.1.0
components:
  parameters:
    ID: {name: id, in: path, required: true, schema: {$ref: "#/components/schemas/ID"}}
    IfMatch: {name: If-Match, in: header}
    Prefer: {name: Prefer, in: header}
  responses:
    Page: {description: A page., content: {text/html: {schema: {type: string, examples: [<p>]}}}}
    Thing: {description: A thing., content: Thing}
    Gone: {description: Nobody says this.}
    Minimal: {description: Done.}
    Malformed: {description: 400}
    Unauthenticated: {description: 401}
    Forbidden: {description: 403}
    NotFound: {description: 404}
    Conflict: {description: 409}
    Stale: {description: 412}
    TooLarge: {description: 413}
    Unsupported: {description: 415}
    Invalid: {description: 422}
    RateLimited: {description: 429}
    Internal: {description: 500}
    Unavailable: {description: 503}
  schemas:
    ID: {type: string, examples: [thing_1]}
    Thing: {type: object, required: [id], properties: {id: {$ref: "#/components/schemas/ID"}}}
    Unused: {type: string}
`

func TestFollows(t *testing.T) {
	for _, tt := range []struct{ name, source, want string }{
		{
			"a question", `paths: {/things: {get: {security: [{bearer: [case:read]}], responses: {"200": Thing}}}}`,
			"200 Thing, 400 Malformed, 401 Unauthenticated, 403 Forbidden, 422 Invalid, 429 RateLimited, 500 Internal, 503 Unavailable",
		},
		{
			"about one record", `paths: {"/things/{id}": {get: {security: [{bearer: [case:read]}], parameters: [ID], responses: {"200": Thing}}}}`,
			"200 Thing, 400 Malformed, 401 Unauthenticated, 403 Forbidden, 404 NotFound, 422 Invalid, 429 RateLimited, 500 Internal, 503 Unavailable",
		},
		{
			"a command", `paths: {/things: {post: {security: [{bearer: [case:read]}], parameters: [IfMatch, Prefer], requestBody: Thing, responses: {"200": Thing}}}}`,
			"200 Thing, 204 Minimal, 400 Malformed, 401 Unauthenticated, 403 Forbidden, 409 Conflict, 412 Stale, 413 TooLarge, 415 Unsupported, 422 Invalid, 429 RateLimited, 500 Internal, 503 Unavailable",
		},
		{
			"what makes a record", `paths: {/things: {post: {security: [{bearer: [case:read]}], parameters: [Prefer], responses: {"201": Thing}}}}`,
			"201 Thing, 400 Malformed, 401 Unauthenticated, 403 Forbidden, 422 Invalid, 429 RateLimited, 500 Internal, 503 Unavailable",
		},
		{
			"a token is welcome", `paths: {/things: {get: {security: [{}, {bearer: []}], responses: {"200": Thing}}}}`,
			"200 Thing, 400 Malformed, 401 Unauthenticated, 403 Forbidden, 422 Invalid, 429 RateLimited, 500 Internal, 503 Unavailable",
		},
		{
			"for everybody, and one answer is its own", `paths: {/things: {get: {security: [], responses: {"200": Thing, "400": Gone}}}}`,
			"200 Thing, 400 Gone, 422 Invalid, 429 RateLimited, 500 Internal, 503 Unavailable",
		},
		{
			"a page", `paths: {/things: {get: {security: [], responses: {"200": Page}}}}`,
			"200 Page, 400 Page, 422 Page, 429 Page, 500 Page, 503 Page",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, methods := range pairs(get(flat(t, tt.source), "paths")) {
				for _, method := range pairs(methods) {
					for status, response := range pairs(get(method, "responses")) {
						got = append(got, status+" "+strings.TrimPrefix(get(response, "$ref").Value, "#/components/responses/"))
					}
				}
			}
			if d := cmp.Diff(strings.Split(tt.want, ", "), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// Names are references, a body is JSON, and what nobody refers to is left out.
func TestDocument(t *testing.T) {
	doc := flat(t, `paths: {/things: {post: {security: [{bearer: [case:read]}], parameters: [Prefer], requestBody: Thing, responses: {"201": Thing}}}}`)
	var got struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Parameters  []map[string]string
			RequestBody struct {
				Required bool
				Content  map[string]struct {
					Schema  map[string]string
					Example map[string]string
				}
			} `yaml:"requestBody"`
		}
		Components struct{ Schemas, Parameters map[string]any }
	}
	if err := doc.Decode(&got); err != nil {
		t.Fatal(err)
	}
	command := got.Paths["/things"]["post"]
	body := command.RequestBody.Content["application/json"]
	for _, d := range []string{
		cmp.Diff("3.1.0", got.OpenAPI),
		cmp.Diff([]map[string]string{{"$ref": "#/components/parameters/Prefer"}}, command.Parameters),
		cmp.Diff(true, command.RequestBody.Required),
		cmp.Diff(map[string]string{"$ref": "#/components/schemas/Thing"}, body.Schema),
		cmp.Diff(map[string]string{"id": "thing_1"}, body.Example),
		cmp.Diff(2, len(got.Components.Schemas)),
		cmp.Diff(1, len(got.Components.Parameters)),
	} {
		if d != "" {
			t.Error(d)
		}
	}
}

// A record that people change says in its answer what it takes; the same record in another
// answer does not.
func TestCommands(t *testing.T) {
	doc := flat(t, `{paths: {
		"/things/{id}": {get: {operationId: getThing, security: [{bearer: [case:read]}], parameters: [ID], responses: {"200": Kept}}},
		"/things/{id}/turn": {post: {operationId: turnThing, security: [{bearer: [case:read]}], parameters: [ID, Prefer], requestBody: Thing, responses: {"200": Kept}}},
		/things: {get: {operationId: listThings, security: [{bearer: [case:read]}], responses: {"200": Thing}}}},
		components: {headers: {ETag: {schema: {type: integer}}},
			responses: {Kept: {description: A thing., headers: {ETag: {$ref: "#/components/headers/ETag"}}, content: Thing}}}}`)
	schema := func(response string) string {
		return get(doc, "components", "responses", response, "content", "application/json", "schema", "$ref").Value
	}
	if kept, thing := schema("Kept"), schema("Thing"); kept != "#/components/schemas/ThingNow" || thing != "#/components/schemas/Thing" {
		t.Errorf("%s, %s", kept, thing)
	}
	var now struct {
		Required   []string
		Properties map[string]struct{ Items struct{ Enum []string } }
	}
	if err := get(doc, "components", "schemas", "ThingNow").Decode(&now); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{
		cmp.Diff([]string{"id", "commands"}, now.Required),
		cmp.Diff([]string{"turnThing"}, now.Properties["commands"].Items.Enum),
		cmp.Diff(2, len(now.Properties)),
	} {
		if d != "" {
			t.Error(d)
		}
	}
}

// Who may ask is told in words.
func TestWhoMayAsk(t *testing.T) {
	for _, tt := range []struct{ operation, want string }{
		{`security: [{bearer: [case:read]}], description: Read it.`, "Read it.\n\nNeeds `case:read`: caseworker, supervisor."},
		{`security: [{bearer: [case:open]}]`, "Needs `case:open`: caseworker."},
		{`security: []`, "Needs no token."},
		{`security: [{}, {bearer: []}], description: Look.`, "Look.\n\nNeeds no token. One that is sent must be valid."},
	} {
		doc := flat(t, `paths: {/things: {get: {`+tt.operation+`, responses: {"200": Thing}}}}`)
		if d := cmp.Diff(tt.want, get(doc, "paths", "/things", "get", "description").Value); d != "" {
			t.Errorf("%s: %s", tt.operation, d)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct{ name, source, want string }{
		{"a name that is nowhere", `paths: {/things: {get: {security: [{bearer: [case:read]}], responses: {"200": Things}}}}`, "there is no #/components/responses/Things"},
		{
			"a component of both", `{paths: {/things: {get: {security: [{bearer: [case:read]}], responses: {"200": Thing}}}}, components: {schemas: {Thing: {type: string}}}}`,
			"Thing is shared and stands in the source as well",
		},
		{
			"a component that nobody uses", `{paths: {/things: {get: {security: [{bearer: [case:read]}], responses: {"200": Thing}}}}, components: {schemas: {Other: {type: string}}}}`,
			"nothing refers to schemas/Other",
		},
		{
			"a key twice", "paths:\n  /things:\n    get: {security: [{bearer: [case:read]}], responses: {\"200\": Thing}}\n    get: {security: [{bearer: [case:read]}], responses: {\"200\": Thing}}",
			`mapping key "get" already defined`,
		},
		{"a string of which nobody gave an example", `{paths: {/things: {get: {security: [{bearer: [case:read]}], responses: {"200": Word}}}},
			components: {responses: {Word: {content: Word}}, schemas: {Word: {type: string}}}}`, "schemas/Word: line 2: an example is needed"},
		{"a property that is required and not described", `{paths: {/things: {get: {security: [{bearer: [case:read]}], responses: {"200": Word}}}},
			components: {responses: {Word: {content: Word}}, schemas: {Word: {type: object, required: [w]}}}}`, "schemas/Word: w: it has no schema"},
		{"nothing", "", "it is empty"},
		{"no YAML", "paths: [", "yaml:"},
		{"no paths", "info: {}", "there are no paths"},
		{"an operation without answers", "paths: {/things: {get: {}}}", "/things: an operation names what it answers, and who may ask"},
		{"an operation for nobody knows whom", `paths: {/things: {get: {responses: {"200": Thing}}}}`, "/things: an operation names what it answers, and who may ask"},
		{"an operation for nobody", `paths: {/things: {get: {security: [{bearer: [case:burn]}], responses: {"200": Thing}}}}`, `/things: nobody can hold "case:burn"`},
		{"two permissions", `paths: {/things: {get: {security: [{bearer: [case:read, case:open]}], responses: {"200": Thing}}}}`, `/things: nobody can hold ""`},
		{"security that is none", `paths: {/things: {get: {security: bearer, responses: {"200": Thing}}}}`, "cannot unmarshal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := document([]byte(tt.source), []byte(shared))
			if err == nil || !strings.Contains(err.Error(), tt.want) || out != nil {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func flat(t *testing.T, source string) *yaml.Node {
	t.Helper()
	text, err := document([]byte(source), []byte(shared))
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}
