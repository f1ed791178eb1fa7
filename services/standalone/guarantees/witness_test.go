package guarantees_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/cache"
	"github.com/pb33f/libopenapi-validator/config"
	verrors "github.com/pb33f/libopenapi-validator/errors"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// reporter is told what breaks a promise (a *testing.T).
type reporter interface {
	Errorf(format string, args ...any)
}

// witness checks what goes over the network against its contracts: every answer of
// a service, and every request that it accepted, against the OpenAPI contracts;
// every event against its schema. It uses a validator that the services do not use,
// so that a defect of theirs does not hide itself.
type witness struct {
	contracts []contract
	schemas   map[string]*jsonschema.Schema
}

type contract struct {
	service string
	judge   validator.Validator
	paths   []pattern
}

// pattern is one path of a contract and its operations by method.
type pattern struct {
	segments   []string
	operations map[string]string
}

// theWitness judges for every test of the process. It keeps nothing of what it saw,
// and to compile the contracts costs twice what the start of a network costs.
var theWitness = sync.OnceValues(func() (*witness, error) { return newWitness(api.Files, network.With(true)...) })

// unhurried has each schema compiled when it is first used. The validator would compile all of them when it is made,
// unless it finds them: until then it finds each.
type unhurried struct {
	cache.SchemaCache
	made atomic.Bool
}

// Load finds a schema.
func (u *unhurried) Load(key uint64) (*cache.SchemaCacheEntry, bool) {
	if !u.made.Load() {
		return nil, true
	}
	return u.SchemaCache.Load(key)
}

// newWitness reads the contracts in a file system with openapi/ and schema/.
func newWitness(files fs.FS, services ...string) (*witness, error) {
	w := &witness{schemas: map[string]*jsonschema.Schema{}}
	for _, name := range services {
		raw, err := fs.ReadFile(files, "openapi/"+name+".yaml")
		if err != nil {
			return nil, err
		}
		doc, err := libopenapi.NewDocument(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		model, err := doc.BuildV3Model()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		schemas := &unhurried{SchemaCache: cache.NewDefaultCache()}
		c := contract{service: name, judge: validator.NewValidatorFromV3Model(&model.Model, config.WithSchemaCache(schemas))}
		schemas.made.Store(true)
		for p, item := range model.Model.Paths.PathItems.FromOldest() {
			ops := map[string]string{}
			for method, op := range item.GetOperations().FromOldest() {
				ops[strings.ToUpper(method)] = op.OperationId
			}
			c.paths = append(c.paths, pattern{segments: strings.Split(p, "/"), operations: ops})
		}
		w.contracts = append(w.contracts, c)
	}
	return w, w.readSchemas(files)
}

func (w *witness) readSchemas(files fs.FS) error {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	names, err := fs.Glob(files, "schema/*/*.schema.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := compiler.AddResource(name, doc); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		schema, err := compiler.Compile(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		service := path.Base(path.Dir(name))
		w.schemas[service+"."+strings.TrimSuffix(path.Base(name), ".schema.json")] = schema
	}
	return nil
}

// Service names the service whose contract has the path, empty for none.
func (w *witness) Service(method, urlPath string) string {
	if _, c := w.find(method, urlPath); c != nil {
		return c.service
	}
	return ""
}

func (w *witness) find(method, urlPath string) (string, *contract) {
	segments := strings.Split(urlPath, "/")
	for i := range w.contracts {
		for _, p := range w.contracts[i].paths {
			if op, ok := p.operations[method]; ok && p.matches(segments) {
				return op, &w.contracts[i]
			}
		}
	}
	return "", nil
}

func (p pattern) matches(segments []string) bool {
	if len(p.segments) != len(segments) {
		return false
	}
	for i, s := range p.segments {
		if s != segments[i] && !strings.HasPrefix(s, "{") {
			return false
		}
	}
	return true
}

// Transport carries requests and judges what passes.
func (w *witness) Transport(next http.RoundTripper, r reporter) http.RoundTripper {
	return transport{w, next, r}
}

type transport struct {
	*witness
	next http.RoundTripper
	r    reporter
}

// RoundTrip sends a request, and judges the answer and, when it was taken, the
// request.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		// A request without a body stays one: net/http would look for the first byte of
		// another reader, and on a slow machine send it in chunks.
		req.Body = http.NoBody
		if len(body) > 0 {
			req.Body = io.NopCloser(bytes.NewReader(body))
		}
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	op, c := t.find(req.Method, req.URL.Path)
	if c == nil {
		return resp, nil
	}
	judged := *resp
	judged.Body = io.NopCloser(bytes.NewReader(answer))
	// OpenAPI cannot say of a 201 that it has a body unless that is not preferred.
	unseen := resp.StatusCode == http.StatusCreated && resp.Header.Get("Preference-Applied") == "return=minimal" && len(answer) == 0
	if ok, problems := c.judge.ValidateHttpResponse(req, &judged); !ok && !unseen {
		t.r.Errorf("%s answered %d against its contract: %s", op, resp.StatusCode, tell(problems))
	}
	if resp.StatusCode < 300 {
		taken := req.Clone(req.Context())
		taken.Body = io.NopCloser(bytes.NewReader(body))
		if ok, problems := c.judge.ValidateHttpRequestSync(taken); !ok {
			t.r.Errorf("%s took a request against its contract: %s", op, tell(problems))
		}
	}
	return resp, nil
}

func tell(problems []*verrors.ValidationError) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%s: %s", p.Message, p.Reason)
		for _, s := range p.SchemaValidationErrors {
			fmt.Fprintf(&b, " [%s %s]", s.FieldPath, s.Reason)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// Event judges an event that was seen on the bus.
func (w *witness) Event(e event.Envelope) error {
	schema := w.schemas[e.Type]
	if schema == nil {
		return fmt.Errorf("%s has no schema", e.Type)
	}
	var data any
	dec := json.NewDecoder(bytes.NewReader(e.Data))
	dec.UseNumber()
	if err := dec.Decode(&data); err != nil {
		return fmt.Errorf("%s: %w", e.Type, err)
	}
	if err := schema.Validate(data); err != nil {
		return fmt.Errorf("%s: %w", e.Type, err)
	}
	return nil
}
