package edge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/schema"
)

// contract is an OpenAPI document, read once.
type contract struct {
	// operations by route ("POST /v1/cases/{id}/consents").
	operations map[string]*operation
	// names are the properties that some schema has. All other names are text of
	// the caller and are never repeated.
	names map[string]bool
}

// operation is what the contract promises of one.
type operation struct {
	id, method, path string
	// route is method and path; the digest of a request begins with it.
	route string
	// body is nil when the operation takes none.
	body *schema.Schema
	// pathID is nil when the path has no "{id}".
	pathID *schema.Schema
	// query holds the parameters in the order of their names.
	query []parameter
	// needs is access.Public where no token is looked at, access.Welcome where
	// one may be sent, and else what a token must permit.
	needs access.Permission
	// keyless operations may be asked for without an Idempotency-Key.
	keyless bool
	// kind is how the operation answers.
	kind answerKind
}

// parameter is one that may stand in a query.
type parameter struct {
	name     string
	schema   *schema.Schema
	required bool
	kind     parameterKind
}

// answerKind is how an operation answers: with data, with the record that it
// changed unless the caller prefers not to see it, or with HTML for a browser,
// whose forms it takes. Contract and service must agree.
type answerKind string

const (
	asData   answerKind = "data"
	asChange answerKind = "a change that takes Prefer"
	asPage   answerKind = "a page"
)

const (
	headerKey     = "Idempotency-Key"
	headerIfMatch = "If-Match"
)

const contractURL = "https://sanad-network.github.io/contract"

// document is the YAML as plain JSON values, and the compiler of its schemas.
type document struct {
	root     map[string]any
	compiler *jsonschema.Compiler
}

func readContract(source []byte) (*contract, error) {
	doc, err := readDocument(source)
	if err != nil {
		return nil, err
	}
	c := &contract{operations: make(map[string]*operation), names: make(map[string]bool)}
	collectNames(doc.root, c.names)
	for path, item := range members(member(doc.root, "paths")) {
		at := "/paths/" + escapePointer(path)
		for method := range members(item) {
			op, err := doc.operation(strings.ToUpper(method), path, at, at+"/"+method)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			c.operations[op.route] = op
		}
	}
	if len(c.operations) == 0 {
		return nil, errors.New("it promises no operation")
	}
	return c, nil
}

// readDocument turns YAML into what JSON would have been, numbers included.
func readDocument(source []byte) (*document, error) {
	var tree any
	if err := yaml.Unmarshal(source, &tree); err != nil {
		return nil, fmt.Errorf("read YAML: %w", err)
	}
	encoded, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("as JSON: %w", err)
	}
	plain, err := jsonschema.UnmarshalJSON(strings.NewReader(string(encoded)))
	if err != nil {
		return nil, fmt.Errorf("as JSON: %w", err)
	}
	root, ok := plain.(map[string]any)
	if !ok {
		return nil, errors.New("it is not an object")
	}
	compiler := schema.NewCompiler() // nothing outside the document
	if err := compiler.AddResource(contractURL, root); err != nil {
		return nil, fmt.Errorf("add contract: %w", err)
	}
	return &document{root: root, compiler: compiler}, nil
}

func (d *document) operation(method, path, item, at string) (*operation, error) {
	node, _, err := d.lookup(at)
	if err != nil {
		return nil, err
	}
	op := &operation{method: method, path: path, route: method + " " + path, kind: asData}
	if op.id, _ = node["operationId"].(string); op.id == "" {
		return nil, errors.New("it has no operationId")
	}
	page, err := d.isPage(at)
	if err != nil {
		return nil, err
	}
	if node["requestBody"] != nil {
		_, where, err := d.lookup(at + "/requestBody")
		if err != nil {
			return nil, err
		}
		media := "application~1json"
		if page {
			media = "application~1x-www-form-urlencoded"
		}
		if op.body, err = d.compile(where + "/content/" + media + "/schema"); err != nil {
			return nil, err
		}
	}
	if op.needs, err = needed(node); err != nil {
		return nil, err
	}
	headers, err := d.parameters(op, item, at)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(op.query, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	for wildcard := range wildcards(path) {
		if wildcard != "id" || op.pathID == nil {
			return nil, errors.New("a path may hold one value, named id and described by a parameter")
		}
	}
	required, promised := headers[headerKey]
	switch {
	case page && op.needs != access.Public:
		return nil, errors.New("a page is for people without a token")
	case page && promised:
		return nil, errors.New("a form has no " + headerKey)
	case method == http.MethodPost && !promised && !page:
		return nil, errors.New("a POST must promise to take an " + headerKey)
	case method == http.MethodPost && !required && op.needs != access.Public:
		return nil, errors.New("only an operation without a token may do without an " + headerKey)
	}
	op.keyless = !required
	if _, prefers := headers[headerPrefer]; prefers {
		op.kind = asChange
	}
	if page {
		op.kind = asPage
	}
	return op, nil
}

// isPage reads whether the operation's success is HTML.
func (d *document) isPage(at string) (bool, error) {
	node, _, err := d.lookup(at)
	if err != nil || member(member(node, "responses"), "200") == nil {
		return false, err
	}
	success, _, err := d.lookup(at + "/responses/200")
	return member(member(success, "content"), "text/html") != nil, err
}

var permitted = regexp.MustCompile(`^\[\{"bearer":\["([a-z]+:[a-z]+)"\]\}\]$`)

// needed reads who may ask for an operation. No security at all is an error, and
// does not mean that no token is needed.
func needed(node map[string]any) (access.Permission, error) {
	text, err := json.Marshal(node["security"])
	switch permission := permitted.FindSubmatch(text); {
	case permission != nil:
		return access.Permission(permission[1]), nil
	case string(text) == `[]`:
		return access.Public, nil
	case string(text) == `[{},{"bearer":[]}]`:
		return access.Welcome, nil
	}
	return "", cmp.Or(err, errors.New("security is [{bearer: [permission]}], [] for none, or [{}, {bearer: []}] where a token is optional"))
}

// parameters reads those of the path and of the operation, and gives the names
// of the headers among them, and whether they are required.
func (d *document) parameters(op *operation, places ...string) (headers map[string]bool, err error) {
	headers = make(map[string]bool)
	for _, place := range places {
		node, _, err := d.lookup(place)
		if err != nil {
			return nil, err
		}
		list, _ := node["parameters"].([]any)
		for i := range list {
			param, where, err := d.lookup(fmt.Sprintf("%s/parameters/%d", place, i))
			if err != nil {
				return nil, err
			}
			form, err := d.compile(where + "/schema")
			if err != nil {
				return nil, err
			}
			name, _ := param["name"].(string)
			required, _ := param["required"].(bool)
			switch in, _ := param["in"].(string); {
			case in == "path" && name == "id":
				op.pathID = form
			case in == "query":
				op.query = append(op.query, parameter{name: name, schema: form, required: required, kind: kindOf(form.Schema)})
			case in == "header" && (name == headerKey || name == headerIfMatch || name == headerPrefer):
				headers[name] = required
			default:
				return nil, fmt.Errorf("parameter %q in %q is not one that this edge reads", name, in)
			}
		}
	}
	return headers, nil
}

// lookup follows a JSON pointer, and the $ref that stands there. It gives the
// object and where it really is.
func (d *document) lookup(pointer string) (node map[string]any, where string, err error) {
	var value any = d.root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch container := value.(type) {
		case map[string]any:
			value = container[unescapePointer(token)]
		case []any:
			var i int
			if _, err := fmt.Sscanf(token, "%d", &i); err != nil || i < 0 || i >= len(container) {
				return nil, "", fmt.Errorf("nothing at %s", pointer)
			}
			value = container[i]
		}
	}
	node, ok := value.(map[string]any)
	if !ok {
		return nil, "", fmt.Errorf("nothing at %s", pointer)
	}
	ref, ok := node["$ref"].(string)
	if !ok {
		return node, pointer, nil
	}
	inside, ok := strings.CutPrefix(ref, "#")
	if !ok || inside == pointer {
		return nil, "", fmt.Errorf("%s refers outside the document", pointer)
	}
	return d.lookup(inside)
}

func (d *document) compile(pointer string) (*schema.Schema, error) {
	compiled, err := d.compiler.Compile(contractURL + "#" + strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer))
	if err != nil {
		return nil, fmt.Errorf("schema at %s: %w", pointer, err)
	}
	return schema.New(compiled), nil
}

// wildcards gives the names of the values in a path.
func wildcards(path string) map[string]bool {
	names := make(map[string]bool)
	for segment := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names[strings.TrimSuffix(name, "}")] = true
		}
	}
	return names
}

// collectNames finds every name that stands under a "properties".
func collectNames(value any, into map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if properties, ok := inner.(map[string]any); ok && key == "properties" {
				for name := range properties {
					into[name] = true
				}
			}
			collectNames(inner, into)
		}
	case []any:
		for _, inner := range value {
			collectNames(inner, into)
		}
	}
}

// The two ways of RFC 6901, section 3.
var (
	pointerEscapes   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

func escapePointer(token string) string { return pointerEscapes.Replace(token) }

func unescapePointer(token string) string { return pointerUnescapes.Replace(token) }

func member(node map[string]any, name string) map[string]any {
	value, _ := node[name].(map[string]any)
	return value
}

func word(node map[string]any, name string) string {
	value, _ := node[name].(string)
	return value
}

// words gives the elements of an array as text.
func words(node map[string]any, name string) (all []string) {
	values, _ := node[name].([]any)
	for _, value := range values {
		all = append(all, fmt.Sprint(value))
	}
	return all
}

// members gives the objects of an object in the order of their names.
func members(node map[string]any) iter.Seq2[string, map[string]any] {
	return func(yield func(string, map[string]any) bool) {
		for _, name := range slices.Sorted(maps.Keys(node)) {
			if value, ok := node[name].(map[string]any); ok && !yield(name, value) {
				return
			}
		}
	}
}
