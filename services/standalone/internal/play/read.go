package play

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Wrong is one thing that is wrong with a journey, and where.
type Wrong struct {
	File string
	// Line counts from 1.
	Line int
	What string
}

// Error names the place as editors do.
func (w *Wrong) Error() string { return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.What) }

// errYAML refuses what one reader of YAML takes for another thing than the next.
var errYAML = errors.New("only texts, numbers, true, false, lists and fields are understood here; no anchors, tags and merges")

// document is the tree of a file, and at which line each value of it stands, by its
// JSON pointer.
type document struct {
	file  string
	value any
	lines map[string]int
}

// parse reads YAML. A field that stands there twice is refused.
func parse(file string, text []byte) (*document, error) {
	d := &document{file: file, lines: map[string]int{}}
	f, err := parser.ParseBytes(text, 0)
	if broken, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		return nil, &Wrong{file, broken.GetToken().Position.Line, broken.GetMessage()}
	}
	if err != nil {
		return nil, &Wrong{file, 1, err.Error()}
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return nil, &Wrong{file, 1, "a journey is one document"}
	}
	d.value, err = d.read(f.Docs[0].Body, "")
	return d, err
}

func (d *document) read(n ast.Node, at string) (any, error) {
	line := n.GetToken().Position.Line
	if _, known := d.lines[at]; !known {
		d.lines[at] = line
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return d.fields(n.Values, at)
	case *ast.MappingValueNode:
		return d.fields([]*ast.MappingValueNode{n}, at)
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, v := range n.Values {
			var err error
			if list[i], err = d.read(v, at+"/"+strconv.Itoa(i)); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimSuffix(n.Value.Value, "\n"), nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode:
		return jsonschema.UnmarshalJSON(strings.NewReader(fmt.Sprint(n.Value)))
	case *ast.FloatNode:
		return n.Value, nil
	}
	return nil, &Wrong{d.file, line, errYAML.Error()}
}

func (d *document) fields(values []*ast.MappingValueNode, at string) (any, error) {
	m := make(map[string]any, len(values))
	for _, v := range values {
		line := v.Key.GetToken().Position.Line
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			return nil, &Wrong{d.file, line, errYAML.Error()}
		}
		if _, twice := m[key.Value]; twice {
			return nil, &Wrong{d.file, line, fmt.Sprintf("%q stands here twice", key.Value)}
		}
		below := at + "/" + key.Value
		d.lines[below] = line
		var err error
		if m[key.Value], err = d.read(v.Value, below); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// line is where a value stands, or the nearest one around it.
func (d *document) line(at ...string) int {
	for n := len(at); n >= 0; n-- {
		path := ""
		if n > 0 {
			path = "/" + strings.Join(at[:n], "/")
		}
		if line, ok := d.lines[path]; ok {
			return line
		}
	}
	return 1
}

// check holds the file against its schema, and tells all that is wrong, by line.
func (d *document) check(schema []byte) error {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("journey.schema.json", tree); err != nil {
		return err
	}
	s, err := c.Compile("journey.schema.json")
	if err != nil {
		return err
	}
	bad, ok := errors.AsType[*jsonschema.ValidationError](s.Validate(d.value))
	if !ok {
		return nil
	}
	found := map[string]*Wrong{}
	d.collect(bad, found)
	all := slices.SortedFunc(maps.Values(found), func(a, b *Wrong) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.What, b.What))
	})
	errs := make([]error, len(all))
	for i, w := range all {
		errs[i] = w
	}
	return errors.Join(errs...)
}

var english = message.NewPrinter(language.English)

// collect takes the causes that have no further cause.
func (d *document) collect(e *jsonschema.ValidationError, found map[string]*Wrong) {
	for _, cause := range e.Causes {
		d.collect(cause, found)
	}
	if len(e.Causes) > 0 {
		return
	}
	note := func(w *Wrong) { found[w.Error()] = w }
	if more, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
		for _, name := range more.Properties {
			note(&Wrong{d.file, d.line(append(slices.Clone(e.InstanceLocation), name)...), fmt.Sprintf("%q is not understood here", name)})
		}
		return
	}
	where := ""
	if n := len(e.InstanceLocation); n > 0 {
		where = e.InstanceLocation[n-1] + ": "
	}
	note(&Wrong{d.file, d.line(e.InstanceLocation...), where + e.ErrorKind.LocalizedString(english)})
}
