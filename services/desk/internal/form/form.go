// Package form makes the form of a command from its schema in the contract, and the command
// from what a person sent. A page of its own is needed only where work needs a flow. It
// refuses nothing that a service would judge: the service says which field is wrong, and the
// form shows it there.
package form

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Kind is how a field is asked.
type Kind string

// The kinds of field.
const (
	Line    Kind = "line"
	Area    Kind = "area"
	Choice  Kind = "choice"
	Choices Kind = "choices"
	Check   Kind = "check"
	Number  Kind = "number"
	Moment  Kind = "moment"
	Date    Kind = "date"
	// Clock is a day and a time on the clock that the label names, as it is written.
	Clock Kind = "clock"
	Group Kind = "group"
	// File is a file of the person's machine.
	File Kind = "file"
	// Rows is a list of groups, and Whole one to which nobody adds.
	Rows  Kind = "rows"
	Whole Kind = "whole"
	// Money is an amount of US dollars; the value that is sent is in cents.
	Money Kind = "money"
)

// longLine is the longest text that is asked on one line, in characters.
const longLine = 120

// local is how a browser writes a moment, in the zone of the person.
const local = "2006-01-02T15:04"

// Field is one question.
type Field struct {
	// Name is the JSON pointer of the value (RFC 6901).
	Name     string
	Kind     Kind
	Label    string
	Help     string
	Required bool
	Max      int
	Options  []Option
	Values   []string
	// Fault says which rule the value broke; empty for none.
	Fault string
	// Fields are those of a group, or the groups of rows.
	Fields []Field
}

// Value is the only one; empty for none.
func (f Field) Value() string {
	if len(f.Values) == 0 {
		return ""
	}
	return f.Values[0]
}

// Used says that something is written in the field, or is wrong with it, or that a row was
// added to it.
func (f Field) Used() bool {
	return (f.Kind == Rows || f.Kind == Whole) && len(f.Fields) > 0 || f.Fault != "" || f.Value() != "" || slices.ContainsFunc(f.Fields, Field.Used)
}

// Has says whether an option is chosen.
func (f Field) Has(option string) bool { return slices.Contains(f.Values, option) }

// ID is the name as an id of the page.
func (f Field) ID() string { return "f" + strings.ReplaceAll(f.Name, "/", "-") }

// Option is one of several answers.
type Option struct{ Value, Label string }

// Form makes forms in one language.
type Form struct {
	Op     api.Operation
	Words  words.Words
	Values url.Values
	// Problem is what the service refused; nil at first.
	Problem *api.Problem
	// Skip leaves properties out, by name: a page asks them by itself.
	Skip []string
	// Asks are labels of the properties of a group, by its pointer. What has none there is left out. Of rows they
	// are the labels by number: then those are all.
	Asks map[string]map[string]string
	// Must are the pointers of fields that this form requires beyond the contract.
	Must []string
	// Choose are the answers that the network knows, by the pointer of the field: people
	// choose one and type nothing.
	Choose map[string][]Option
}

// Attached is the name of the field in which a file is sent.
const Attached = "/file"

// Fields are the questions of the command.
func (f Form) Fields() []Field {
	if f.Op.Files != nil {
		return []Field{{
			Name: Attached, Kind: File, Label: f.Words.T("file.label"), Required: true, Fault: f.fault(""),
			Help: f.Words.Or("", "help."+f.Op.ID+".file", "help.file"), Values: f.Op.Files,
		}}
	}
	if f.Op.Body == nil {
		return nil
	}
	return f.group("", f.Op.Body, true)
}

// group is the fields of an object. Of an object that may stay empty no field is required:
// a browser would not send the form without it.
func (f Form) group(at string, s *api.Schema, required bool) (fields []Field) {
	for _, p := range s.Properties {
		asked, some := f.Asks[at]
		if at == "" && slices.Contains(f.Skip, p.Name) || p.Schema.Const != "" || some && asked[p.Name] == "" {
			continue
		}
		fields = append(fields, f.field(at+"/"+p.Name, s.Name, p.Name, p.Schema, required && s.Needs(p.Name) || slices.Contains(f.Must, at+"/"+p.Name)))
	}
	return fields
}

// field is one property of an object, whose schema may have a name.
func (f Form) field(at, of, name string, s *api.Schema, required bool) Field {
	field := Field{
		Name: at, Label: cmp.Or(f.Asks[strings.TrimSuffix(at, "/"+name)][name], f.label(of, name)), Required: required, Max: s.MaxLength, Values: f.Values[at], Fault: f.fault(at),
		Help: f.Words.Or("", "help."+f.Op.ID+"."+name, "help."+of+"."+name, "help."+name),
	}
	options, known := f.Choose[at]
	switch {
	case known && s.Type == "array":
		field.Kind, field.Options = Choices, options
	case known:
		field.Kind, field.Options = Choice, options
	case s.Type == "array" && s.Items != nil && len(s.Items.Enum) > 0:
		field.Kind, field.Options = Choices, f.options(s.Items)
	case s.Type == "array" && s.Items != nil && s.Items.Type == "object":
		field.Kind = Rows
		n, labels := f.rows(at, required), f.Asks[at]
		if labels != nil {
			field.Kind, n = Whole, len(labels)
		}
		for i := range n {
			row := at + "/" + strconv.Itoa(i)
			field.Fields = append(field.Fields, Field{Name: row, Kind: Group, Required: true, Label: cmp.Or(labels[strconv.Itoa(i)], field.Label+" "+strconv.Itoa(i+1)), Fault: f.fault(row), Fields: f.group(row, s.Items, required && s.MinItems > 0)})
		}
	case s.Type == "array":
		field.Kind = Area
	case s.Type == "object":
		field.Kind, field.Fields = Group, f.group(at, s, required)
	case len(s.Enum) > 0:
		field.Kind, field.Options = Choice, f.options(s)
	case s.Type == "boolean" && required:
		// An empty box would be no answer, and "no" is one.
		field.Kind, field.Options = Choice, []Option{{"true", f.Words.T("yes")}, {"false", f.Words.T("no")}}
	case s.Type == "boolean":
		field.Kind = Check
	case money(at):
		field.Kind = Money
	case s.Type == "integer", s.Type == "number":
		field.Kind = Number
	case s.Format == "date-time":
		field.Kind = Moment
	case s.Name == "ViennaTime":
		field.Kind = Clock
	case s.Format == "date":
		field.Kind = Date
	case s.MaxLength > longLine && s.Format != "line" && s.Format != "email":
		field.Kind = Area
	default:
		field.Kind = Line
	}
	return field
}

func (f Form) label(of, name string) string {
	return f.Words.Or(strings.ReplaceAll(name, "_", " "), "field."+f.Op.ID+"."+name, "field."+of+"."+name, "field."+name)
}

func (f Form) options(s *api.Schema) (options []Option) {
	for _, code := range s.Enum {
		options = append(options, Option{code, f.Words.Code(s.Name, code)})
	}
	if s.Name == "Country" {
		// The order of the contract is that of the codes, in which nobody finds a name.
		order := collate.New(language.Make(f.Words.Lang()))
		slices.SortFunc(options, func(a, b Option) int { return order.CompareString(a.Label, b.Label) })
	}
	return options
}

// fault is what the service said of a field, and of what is in it where no field shows that.
func (f Form) fault(at string) string {
	if f.Problem == nil {
		return ""
	}
	for _, e := range f.Problem.Errors {
		if e.Pointer == at {
			return cmp.Or(e.Rule, f.Problem.Title)
		}
	}
	return ""
}

// Most is how many rows a form has at the most.
const Most = 200

// Add is the name of the button that adds a row; its value is the field.
const Add = "add"

func (f Form) rows(at string, required bool) int {
	n := 0
	if required {
		n = 1
	}
	for name := range f.Values {
		if rest, ok := strings.CutPrefix(name, at+"/"); ok {
			number, _, _ := strings.Cut(rest, "/")
			if i, err := strconv.Atoi(number); err == nil && i >= 0 {
				n = max(n, i+1)
			}
		}
	}
	if f.Values.Get(Add) == at {
		n++
	}
	return min(n, Most)
}

// Read makes the command. What a person left empty is left out. A moment is in the zone of
// the person.
func (f Form) Read() (map[string]any, error) {
	if f.Op.Body == nil {
		return map[string]any{}, nil
	}
	return f.object("", f.Op.Body)
}

func (f Form) object(at string, s *api.Schema) (map[string]any, error) {
	out := map[string]any{}
	for _, p := range s.Properties {
		v, err := f.value(at+"/"+p.Name, p.Schema, s.Needs(p.Name))
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[p.Name] = v
		}
	}
	return out, nil
}

func (f Form) value(at string, s *api.Schema, required bool) (any, error) {
	texts := slices.DeleteFunc(slices.Clone(f.Values[at]), func(v string) bool { return v == "" })
	switch {
	case s.Const != "":
		return s.Const, nil
	case s.Type == "array" && s.Items != nil && s.Items.Type == "object" && len(s.Items.Enum) == 0:
		list, err := f.list(at, s)
		if list == nil && err == nil && required && s.MinItems == 0 {
			return []any{}, nil // none is an answer
		}
		return list, err
	case s.Type == "object":
		v, err := f.object(at, s)
		if len(v) == 0 && !required {
			return nil, err
		}
		return v, err
	case len(texts) == 0:
		return nil, nil
	case s.Type == "array":
		if len(s.Items.Enum) == 0 {
			// Boxes send one text each, an area sends lines.
			texts = strings.FieldsFunc(strings.Join(texts, "\n"), func(r rune) bool { return r == '\n' || r == '\r' })
		}
		return texts, nil
	case s.Type == "boolean":
		return texts[0] == "true", nil
	case money(at):
		return cents(at, texts[0])
	case s.Type == "integer":
		n, err := strconv.Atoi(texts[0])
		if err != nil {
			return nil, &Fault{at, "a whole number"}
		}
		return n, nil
	case s.Type == "number":
		n, err := strconv.ParseFloat(texts[0], 64)
		if err != nil {
			return nil, &Fault{at, "a number"}
		}
		return n, nil
	case s.Format == "date-time":
		t, err := time.ParseInLocation(local, texts[0], f.Words.Zone)
		if err != nil {
			return nil, &Fault{at, "a date and a time"}
		}
		return t.UTC().Format(time.RFC3339), nil
	default:
		return texts[0], nil
	}
}

func (f Form) list(at string, s *api.Schema) (any, error) {
	var out []any
	for i := range f.rows(at, false) {
		v, err := f.object(at+"/"+strconv.Itoa(i), s.Items)
		if err != nil {
			return nil, err
		}
		if len(v) > 0 {
			out = append(out, v)
		}
	}
	if out == nil {
		return nil, nil
	}
	return out, nil
}

// Fault is a value that cannot be read at all.
type Fault struct{ Pointer, Rule string }

func (e *Fault) Error() string { return fmt.Sprintf("%s: %s", e.Pointer, e.Rule) }

// Problem says it as a service would.
func (e *Fault) Problem() *api.Problem {
	p := &api.Problem{Status: 422, Code: "schema_violation"}
	p.Errors = append(p.Errors, struct {
		Pointer string `json:"pointer"`
		Rule    string `json:"rule"`
	}{e.Pointer, e.Rule})
	return p
}
