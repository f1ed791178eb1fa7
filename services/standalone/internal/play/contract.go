package play

import (
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/docs"
)

// operation is one operation of the public contracts.
type operation struct {
	ID, Title, Method, Path string
	// Query are the names that may stand in the address.
	Query []string
	// Takes says that it has a body, Paper that the body is a file.
	Takes, Paper bool
}

// reads says that the operation changes nothing that others see.
func (o operation) reads() bool { return o.Method == http.MethodGet }

// names says that the address names a record.
func (o operation) names() bool { return strings.Contains(o.Path, "{id}") }

// promises is what a journey may name: operations, codes of problems, types of events.
type promises struct {
	operations []operation
	problems   map[string]bool
	events     map[string]bool
}

type parameter struct {
	Ref  string `yaml:"$ref"`
	Name string `yaml:"name"`
	In   string `yaml:"in"`
}

// contract is what is read of an OpenAPI contract.
type contract struct {
	Paths      map[string]map[string]yaml.RawMessage `yaml:"paths"`
	Components struct {
		Parameters map[string]parameter `yaml:"parameters"`
	} `yaml:"components"`
}

// section begins the section of a problem in docs/problems.md.
var section = regexp.MustCompile(`(?m)^## ([a-z_]+)$`)

// promised are the promises of this release.
var promised = sync.OnceValues(func() (*promises, error) {
	problems, err := docs.Files.ReadFile("problems.md")
	if err != nil {
		return nil, err
	}
	return readPromises(api.Files, problems)
})

// readPromises reads the contracts of api.Files, and the page on problems.
func readPromises(contracts fs.FS, problems []byte) (*promises, error) {
	p := &promises{problems: map[string]bool{}, events: map[string]bool{}}
	for _, m := range section.FindAllSubmatch(problems, -1) {
		p.problems[string(m[1])] = true
	}
	schemas, err := fs.Glob(contracts, "schema/*/*.schema.json")
	if err != nil {
		return nil, err
	}
	for _, name := range schemas {
		parts := strings.Split(strings.TrimSuffix(name, ".schema.json"), "/")
		p.events[parts[1]+"."+parts[2]] = true
	}
	files, err := fs.Glob(contracts, "openapi/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		text, err := fs.ReadFile(contracts, name)
		if err != nil {
			return nil, err
		}
		var c contract
		if err := yaml.Unmarshal(text, &c); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for path, methods := range c.Paths {
			for method, raw := range methods {
				if !slices.Contains([]string{"get", "post"}, method) {
					continue
				}
				if err := p.add(c, path, method, raw); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", name, path, err)
				}
			}
		}
	}
	return p, nil
}

func (p *promises) add(c contract, path, method string, raw yaml.RawMessage) error {
	var o struct {
		OperationID string      `yaml:"operationId"`
		Summary     string      `yaml:"summary"`
		Parameters  []parameter `yaml:"parameters"`
		RequestBody *struct {
			Ref string `yaml:"$ref"`
		} `yaml:"requestBody"`
	}
	if err := yaml.Unmarshal(raw, &o); err != nil {
		return err
	}
	op := operation{ID: o.OperationID, Title: o.Summary, Method: strings.ToUpper(method), Path: path, Takes: o.RequestBody != nil}
	op.Paper = op.Takes && o.RequestBody.Ref == "#/components/requestBodies/File"
	for _, q := range o.Parameters {
		if q.Ref != "" {
			q = c.Components.Parameters[q.Ref[strings.LastIndex(q.Ref, "/")+1:]]
		}
		if q.In == "query" {
			op.Query = append(op.Query, q.Name)
		}
	}
	p.operations = append(p.operations, op)
	return nil
}

// find is the operation that a line names, by its operationId or by its title.
func (p *promises) find(words string) (operation, error) {
	var found []operation
	for _, o := range p.operations {
		if o.ID == words {
			return o, nil
		}
		if strings.EqualFold(o.Title, words) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return operation{}, fmt.Errorf("no contract has an operation %q", words)
	}
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = o.ID
	}
	slices.Sort(ids)
	return operation{}, fmt.Errorf("%q is the title of several operations; name one of %s", words, strings.Join(ids, ", "))
}
