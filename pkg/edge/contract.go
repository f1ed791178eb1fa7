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
	"github.com/sanad-network/sanad/pkg/memo"
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
	// files are the types of file that the operation takes, and their largest sizes in
	// bytes; nil when its body is no file.
	files map[string]int64
	// gives says that it answers with a file.
	gives bool
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

func readContract(source []byte) (*contract, error) { return contracts.Get(string(source)) }

// What was read of a text: a process reads the same contracts as a service, for the
// pages of /docs, and at each start of a network within it.
var (
	contracts = memo.Of[string, *contract]{Make: compile}
	documents = memo.Of[string, *document]{Make: readYAML}
)

func compile(source string) (*contract, error) {
	doc, err := documents.Get(source)
	if err != nil {
		return nil, err
	}
	c := &contract{operations: make(map[string]*operation), names: make(map[string]bool)}
	collectNames(doc.root, c.names)
	for path, item := range members(member(doc.root, "paths")) {
		for method, node := range members(item) {
			op, err := doc.operation(method, path, item, node)
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
func readDocument(source []byte) (*document, error) { return documents.Get(string(source)) }

func readYAML(source string) (*document, error) {
	var tree any
	if err := yaml.Unmarshal([]byte(source), &tree); err != nil {
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
	asWritten(root)
	compiler := schema.NewCompiler() // nothing outside the document
	if err := compiler.AddResource(contractURL, root); err != nil {
		return nil, fmt.Errorf("add contract: %w", err)
	}
	return &document{root: root, compiler: compiler}, nil
}

// asWritten makes a text of every string that the contract leaves free, so that no
// field of a room can be forgotten. Not free is what has codes or a format. What
// has a media type is a file, and is judged where it is read.
func asWritten(value any) {
	switch value := value.(type) {
	case map[string]any:
		free := value["type"] == "string"
		for _, key := range []string{"format", "enum", "const", "contentMediaType"} {
			free = free && value[key] == nil
		}
		if free {
			value["format"] = "text"
		}
		for _, inner := range value {
			asWritten(inner)
		}
	case []any:
		for _, inner := range value {
			asWritten(inner)
		}
	}
}

func (d *document) operation(method, path string, item, node map[string]any) (*operation, error) {
	above := "/paths/" + escapePointer(path)
	at := above + "/" + method
	method = strings.ToUpper(method)
	op := &operation{id: word(node, "operationId"), method: method, path: path, route: method + " " + path, kind: asData}
	if op.id == "" {
		return nil, errors.New("it has no operationId")
	}
	page, err := d.page(member(node, "responses"), at)
	if err != nil {
		return nil, err
	}
	body, where, err := d.behind(node["requestBody"], at+"/requestBody")
	if err != nil {
		return nil, err
	}
	if !page {
		if op.files, err = files(body); err != nil {
			return nil, err
		}
	}
	if op.gives, err = d.gives(member(node, "responses"), at); err != nil {
		return nil, err
	}
	if body != nil && op.files == nil {
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
	headers := make(map[string]bool)
	if err := cmp.Or(d.parameters(op, headers, item, above), d.parameters(op, headers, node, at)); err != nil {
		return nil, err
	}
	slices.SortFunc(op.query, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	for _, value := range wildcard.FindAllString(path, -1) {
		if value != "{id}" || op.pathID == nil {
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

// page says whether an operation answers with HTML: a page, or a form that sends the
// browser on to one.
func (d *document) page(responses map[string]any, at string) (bool, error) {
	for _, status := range []string{"200", "303"} {
		success, _, err := d.behind(responses[status], at)
		if err != nil {
			return false, err
		}
		if member(member(success, "content"), "text/html") != nil {
			return true, nil
		}
	}
	return false, nil
}

// gives says whether an operation answers with a file.
func (d *document) gives(responses map[string]any, at string) (bool, error) {
	success, _, err := d.behind(responses["200"], at)
	return member(member(success, "content"), "application/pdf") != nil, err
}

var (
	wildcard  = regexp.MustCompile(`\{[^/]*`)
	permitted = regexp.MustCompile(`^\[\{"bearer":\["([a-z]+(?::[a-z]+)?)"\]\}\]$`)
)

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

// parameters reads those of a path or an operation, and notes the headers among
// them, and whether they are required.
func (d *document) parameters(op *operation, headers map[string]bool, of map[string]any, at string) error {
	list, _ := of["parameters"].([]any)
	for i, param := range list {
		param, where, err := d.behind(param, fmt.Sprintf("%s/parameters/%d", at, i))
		if err != nil {
			return err
		}
		form, err := d.compile(where + "/schema")
		if err != nil {
			return err
		}
		name, in := word(param, "name"), word(param, "in")
		required, _ := param["required"].(bool)
		switch {
		case in == "path" && name == "id":
			op.pathID = form
		case in == "query":
			op.query = append(op.query, parameter{name: name, schema: form, required: required, kind: kindOf(form.Schema)})
		case in == "header" && (name == headerKey || name == headerIfMatch || name == headerPrefer):
			headers[name] = required
		default:
			return fmt.Errorf("parameter %q in %q is not one that this edge reads", name, in)
		}
	}
	return nil
}

// behind gives what stands at a place, or the component that is named there, and
// where it really is. Nothing is nil.
func (d *document) behind(node any, at string) (map[string]any, string, error) {
	found, ok := node.(map[string]any)
	ref, refers := found["$ref"].(string)
	if node == nil || ok && !refers {
		return found, at, nil
	}
	name, ours := strings.CutPrefix(ref, "#/components/")
	kind, name, _ := strings.Cut(name, "/")
	if found = member(member(member(d.root, "components"), kind), name); !ours || found == nil {
		return nil, "", fmt.Errorf("what stands at %s is not in the document", at)
	}
	return found, ref[1:], nil
}

func (d *document) compile(pointer string) (*schema.Schema, error) {
	compiled, err := d.compiler.Compile(contractURL + "#" + strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer))
	if err != nil {
		return nil, fmt.Errorf("schema at %s: %w", pointer, err)
	}
	return schema.New(compiled), nil
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

// pointerEscapes are those of RFC 6901, section 3.
var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(token string) string { return pointerEscapes.Replace(token) }

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
