package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/record"
)

// services names the services that have an OpenAPI document.
func services(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(api.Files, "openapi/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

func TestOpenAPIIsValid(t *testing.T) {
	for _, service := range services(t) {
		t.Run(service, func(t *testing.T) {
			text, err := api.Files.ReadFile("openapi/" + service + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			doc, err := libopenapi.NewDocument(text)
			if err != nil {
				t.Fatal(err)
			}
			if doc.GetVersion() != "3.1.0" {
				t.Errorf("version %s", doc.GetVersion())
			}
			v, errs := validator.NewValidator(doc)
			if errs != nil {
				t.Fatal(errs)
			}
			_, problems := v.ValidateDocument()
			for _, p := range problems {
				t.Error(p.Message, p.Reason)
				for _, s := range p.SchemaValidationErrors {
					t.Error(s.FieldPath, s.Reason)
				}
			}
		})
	}
}

// operation is one method of one path.
type operation struct {
	id, method, route string
	node              map[string]any
}

func (d document) operations() []operation {
	var out []operation
	paths, _ := at(d.root, "paths")
	for _, route := range slices.Sorted(maps.Keys(paths)) {
		methods, _ := at(paths, route)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			node, _ := at(methods, method)
			id, _ := node["operationId"].(string)
			out = append(out, operation{id, method, route, node})
		}
	}
	return out
}

// public says whether the document opens the operation to everybody.
func (o operation) public() bool {
	security, own := o.node["security"].([]any)
	return own && len(security) == 0
}

// page says whether the operation answers a person's browser with HTML.
func (d document) page(o operation) bool {
	for _, status := range []string{"200", "303"} {
		success, _ := at(o.node, "responses", status)
		if _, html := at(d.resolve(success), "content", "text/html"); html {
			return true
		}
	}
	return false
}

// problems lists the statuses that every operation of a method must tell of.
var problems = map[string][]string{
	"get":  {"400", "401", "403", "429", "500", "503"},
	"post": {"400", "401", "403", "409", "413", "415", "422", "429", "500", "503"},
}

func TestOperations(t *testing.T) {
	seen := map[string]string{}
	for _, service := range services(t) {
		d := openAPI(t, service)
		for _, o := range d.operations() {
			name := fmt.Sprintf("%s: %s %s", service, o.method, o.route)
			if o.id == "" || seen[o.id] != "" {
				t.Errorf("%s: operationId %q, also of %q", name, o.id, seen[o.id])
			}
			seen[o.id] = name
			if len(words(o.node["tags"])) == 0 {
				t.Errorf("%s has no tag", name)
			}
			if problems[o.method] == nil {
				t.Errorf("%s: such a method is not used here", name)
			}
			d.checkParameters(t, name, o)
			d.checkResponses(t, name, o)
		}
	}
}

// A caller who changes a record may prefer not to see it: 204 instead of 200, and
// 201 without a body. Nothing else can be answered so.
func TestPreferences(t *testing.T) {
	for _, service := range services(t) {
		d := openAPI(t, service)
		for _, o := range d.operations() {
			takes := map[any]bool{}
			list, _ := o.node["parameters"].([]any)
			for _, p := range list {
				m, _ := at(p)
				takes[d.resolve(m)["name"]] = true
			}
			if takes["If-Match"] && !takes["Prefer"] {
				t.Errorf("%s: %s changes a record and does not take Prefer", service, o.id)
			}
			without, created := at(o.node, "responses", "201")
			if !created {
				without, _ = at(o.node, "responses", "204")
			}
			for _, header := range []string{"ETag", "Preference-Applied"} {
				if _, ok := at(d.resolve(without), "headers", header); ok != takes["Prefer"] {
					t.Errorf("%s: %s takes Prefer and tells of %s: %v, %v", service, o.id, header, takes["Prefer"], ok)
				}
			}
		}
	}
}

// For how long a command is known again by its key is said where the key is
// described: for authors of clients, and for people at a partner.
func TestKeysAreRemembered(t *testing.T) {
	days := fmt.Sprintf("for %d days", record.Remembered/(24*time.Hour))
	for _, service := range services(t) {
		key, ok := at(openAPI(t, service).root, "components", "parameters", "IdempotencyKey")
		if text, _ := key["description"].(string); !ok || !strings.Contains(text, days) {
			t.Errorf("%s: a key is not said to be known %s: %q", service, days, text)
		}
	}
	for _, page := range []string{"guides/partner-agencies.md", "problems.md", "architecture.md"} {
		text, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(strings.Fields(string(text)), " "), days) {
			t.Errorf("docs/%s: a key is not said to be known %s", page, days)
		}
	}
}

func (d document) checkParameters(t *testing.T, name string, o operation) {
	t.Helper()
	required := map[string]bool{}
	list, _ := o.node["parameters"].([]any)
	for _, p := range list {
		m, _ := at(p)
		m = d.resolve(m)
		key, _ := m["name"].(string)
		required[key] = m["required"] == true
		schema, _ := at(m, "schema")
		if s := d.resolve(schema); s["type"] == "string" && !bounded(s) {
			t.Errorf("%s: parameter %s takes any text", name, key)
		}
	}
	if o.method == "post" && !required["Idempotency-Key"] && !o.public() {
		t.Errorf("%s does not require an Idempotency-Key", name)
	}
	if strings.Contains(o.route, "{id}") && !required["id"] {
		t.Errorf("%s does not describe its id", name)
	}
}

// file says whether something is files, each of a type that its schema names as well.
func file(content map[string]any) bool {
	for media := range content {
		if s, _ := at(content, media, "schema"); s["contentMediaType"] != media {
			return false
		}
	}
	return len(content) > 0
}

func (d document) checkResponses(t *testing.T, name string, o operation) {
	t.Helper()
	responses, _ := at(o.node, "responses")
	for _, status := range problems[o.method] {
		if o.public() && (status == "401" || status == "403") {
			continue // nobody is asked who they are
		}
		if _, ok := at(responses, status); !ok {
			t.Errorf("%s does not tell of %s", name, status)
		}
	}
	if _, ok := at(responses, "404"); !ok && strings.Contains(o.route, "{id}") {
		t.Errorf("%s does not tell of 404", name)
	}
	for status := range responses {
		r, _ := at(responses, status)
		content, _ := at(d.resolve(r), "content")
		if status == "204" {
			if len(content) > 0 {
				t.Errorf("%s: 204 is answered as %v", name, content)
			}
			continue
		}
		want := "application/json"
		switch {
		case d.page(o):
			want = "text/html"
		case status >= "400":
			want = "application/problem+json"
		}
		if want == "application/json" && file(content) {
			continue
		}
		if media := slices.Collect(maps.Keys(content)); !slices.Equal(media, []string{want}) {
			t.Errorf("%s: %s is answered as %v, want %s", name, status, media, want)
		}
	}
}

// What comes in is an object of named properties, and no string in it is
// without bounds.
func TestRequestBodiesAreClosed(t *testing.T) {
	for _, service := range services(t) {
		d := openAPI(t, service)
		for _, o := range d.operations() {
			body, ok := at(o.node, "requestBody")
			if !ok {
				continue
			}
			media := "application/json"
			if d.page(o) {
				media = "application/x-www-form-urlencoded"
			}
			if content, _ := at(d.resolve(body), "content"); file(content) {
				for media := range content {
					s, _ := at(content, media, "schema")
					d.bounded(t, service+": "+o.id, s)
				}
				continue
			}
			schema, ok := at(d.resolve(body), "content", media, "schema")
			if !ok {
				t.Errorf("%s: %s takes something other than %s", service, o.id, media)
				continue
			}
			d.bounded(t, service+": "+o.id, schema)
		}
	}
}

// foreign are documents of another standard, which their service reads with
// bounds of its own.
var foreign = map[any]bool{"#/components/schemas/HSDSDocument": true}

func (d document) bounded(t *testing.T, where string, schema map[string]any) {
	t.Helper()
	if foreign[schema["$ref"]] {
		return
	}
	s := d.resolve(schema)
	switch s["type"] {
	case "object":
		if s["additionalProperties"] != false && s["unevaluatedProperties"] != false {
			t.Errorf("%s takes properties that it does not name", where)
		}
		properties, _ := at(s, "properties")
		for name := range properties {
			p, _ := at(properties, name)
			d.bounded(t, where+"/"+name, p)
		}
	case "array":
		items, _ := at(s, "items")
		d.bounded(t, where+"/items", items)
		if s["maxItems"] == nil {
			t.Errorf("%s takes any number of items", where)
		}
	case "string":
		if !bounded(s) {
			t.Errorf("%s takes any text", where)
		}
	}
}

func bounded(s map[string]any) bool {
	return s["enum"] != nil || s["format"] != nil || s["pattern"] != nil || s["maxLength"] != nil || s["const"] != nil
}

// A reader of a body or an answer is shown one that the service would take or
// give: an example keeps its schema. A problem has no example.
func TestExamples(t *testing.T) {
	for _, service := range services(t) {
		d := openAPI(t, service)
		text, err := json.Marshal(d.root)
		if err != nil {
			t.Fatal(err)
		}
		root, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		if err := c.AddResource("doc.json", root); err != nil {
			t.Fatal(err)
		}
		check := func(content any, pointer ...string) {
			all, _ := at(content)
			for media := range all {
				if media == "application/problem+json" {
					continue
				}
				m, _ := at(all, media)
				place := strings.Join(append(pointer, escape(media), "schema"), "/")
				s, err := c.Compile("doc.json#/" + place)
				if err != nil {
					t.Fatal(err)
				}
				if m["example"] == nil {
					t.Errorf("%s: %s has no example", service, place)
				} else if err := s.Validate(jsonValue(t, m["example"])); err != nil {
					t.Errorf("%s: %s: %v", service, place, err)
				}
			}
		}
		for _, o := range d.operations() {
			if body, ok := at(o.node, "requestBody"); ok {
				check(body["content"], "paths", escape(o.route), o.method, "requestBody", "content")
			}
		}
		responses, _ := at(d.root, "components", "responses")
		for name := range responses {
			r, _ := at(responses, name)
			check(r["content"], "components", "responses", name, "content")
		}
	}
}

// escape makes a key a part of a JSON pointer in a fragment.
func escape(key string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
}

func jsonValue(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A schema that bears the name of a code list has its codes; any other list of
// words says so here.
func TestEnumsAreTheCodeLists(t *testing.T) {
	own := map[string][]string{
		"role":        {"recipient", "sender"},
		"side":        {"received", "given"},
		"view":        {"waits", "taken", "mine", "late", "settled"},                              // of enquiries
		"Status":      {"open", "closed", "ended", "resting", "asked"},                            // of a piece of work, held by the rooms that do it
		"LookPart":    {"content", "history", "plan", "disclosures", "contact", "export", "file"}, // of a piece of work, for its rooms alone
		"SessionKind": codes["Session"],
		"told":        {"yes", "no"}, // a form has no booleans
		"worker":      {"me"},        // nobody asks for another's
		"within":      {"30", "60"},  // days
		// The words of HSDS, in what the directory publishes.
		"HSDSStatus":       {"active", "inactive", "defunct", "temporarily closed"},
		"HSDSLocationType": {"physical", "postal", "virtual"},
		"HSDSFrequency":    {"WEEKLY", "MONTHLY"},
		"HSDSWeekday":      {"MO", "TU", "WE", "TH", "FR", "SA", "SU"},
	}
	for _, service := range services(t) {
		d := openAPI(t, service)
		var visit func(name string, node any)
		visit = func(name string, node any) {
			if name == "commands" {
				return // made from the operations; the test of each room holds them
			}
			switch n := node.(type) {
			case map[string]any:
				if enum := words(n["enum"]); enum != nil && !slices.Equal(enum, codes[name]) && !slices.Equal(enum, own[name]) {
					t.Errorf("%s: %s: the words %v are no code list of that name", service, name, enum)
				}
				for key, child := range n {
					if key == "schema" {
						if called, ok := n["name"].(string); ok {
							key = called
						}
					}
					visit(key, child)
				}
			case []any:
				for _, child := range n {
					visit(name, child)
				}
			}
		}
		visit("", d.root)
	}
}
