package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/message"

	"github.com/sanad-network/sanad/api/code"
	shipped "github.com/sanad-network/sanad/api/programme"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/schema"
)

// reader reads a folder once.
type reader struct {
	training bool
	form     *schema.Schema
	ground   programme.Fields
	hash     hash.Hash
	faults   []Fault
}

const formURL = "https://sanad-network.github.io/schema/programme.schema.json"

// form is what the schema of programmes asks of a version.
var form = sync.OnceValues(func() (*schema.Schema, error) {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(shipped.Schema))
	if err != nil {
		return nil, err
	}
	c := schema.NewCompiler()
	if err := c.AddResource(formURL, tree); err != nil {
		return nil, err
	}
	compiled, err := c.Compile(formURL)
	if err != nil {
		return nil, err
	}
	return schema.New(compiled), nil
})

// read reads a file and checks it with the schema, and then what no schema can say.
func (r *reader) read(name string, text []byte) (*document, []Fault) {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil || len(tree.Docs) != 1 {
		return nil, []Fault{{File: name, Line: badLine(err), Rule: "one YAML document, in which no key stands twice"}}
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return nil, []Fault{{File: name, Line: badLine(err), Rule: "one YAML document, in which no key stands twice"}}
	}
	d := &document{text: string(text), line: func(pointer string) int { return lineOf(tree, pointer) }}
	written, err := json.Marshal(value)
	if err != nil {
		return nil, []Fault{{File: name, Rule: "keys are texts"}}
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
	if err != nil {
		return nil, []Fault{{File: name, Rule: "one YAML document"}}
	}
	if err := r.form.Validate(plain); err != nil {
		return nil, d.violations(name, err)
	}
	if err := json.Unmarshal(written, d); err != nil {
		return nil, []Fault{{File: name, Rule: "of the form of the schema"}}
	}
	return d, d.contradictions(name)
}

// badLine is the line that an error of the library names; 0 when it names none.
func badLine(err error) int {
	if at, ok := errors.AsType[yaml.Error](err); ok && at.GetToken() != nil {
		return at.GetToken().Position.Line
	}
	return 0
}

// lineOf is where a pointer stands in a file. What is not there stands where the part that
// should hold it does.
func lineOf(tree *ast.File, pointer string) int {
	for {
		path := &strings.Builder{}
		path.WriteString("$")
		for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
			switch _, err := strconv.Atoi(part); {
			case part == "":
			case err == nil:
				path.WriteString("[" + part + "]")
			default:
				path.WriteString(".'" + strings.ReplaceAll(part, "~1", "/") + "'")
			}
		}
		if p, err := yaml.PathString(path.String()); err == nil {
			if node, err := p.FilterFile(tree); err == nil && node != nil {
				return node.GetToken().Position.Line
			}
		}
		i := strings.LastIndexByte(pointer, '/')
		if i <= 0 {
			return 1
		}
		pointer = pointer[:i]
	}
}

func (d *document) fault(name, pointer, rule string) Fault {
	return Fault{File: name, Line: d.line(pointer), At: pointer, Rule: rule}
}

// violations are what the schema refuses, in the order of the file.
func (d *document) violations(file string, err error) []Fault {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []Fault{{File: file, Rule: "of the form of the schema"}}
	}
	english := message.NewPrinter(message.MatchLanguage("en"))
	var all []Fault
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		pointer := pointerOf(e.InstanceLocation)
		if name, ok := e.ErrorKind.(*kind.PropertyNames); ok {
			// The library does not say reliably where it stands: the text does.
			before, _, _ := strings.Cut(d.text, name.Property)
			all = append(all, Fault{File: file, Line: 1 + strings.Count(before, "\n"), At: name.Property, Rule: "a name of the list in the schema"})
			return
		}
		if len(e.Causes) == 0 {
			all = append(all, d.fault(file, pointer, e.ErrorKind.LocalizedString(english)))
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(invalid)
	slices.SortStableFunc(all, func(a, b Fault) int { return a.Line - b.Line })
	return all
}

// pointerOf is where a violation stands (RFC 6901).
func pointerOf(parts []string) string {
	pointer := &strings.Builder{}
	for _, part := range parts {
		pointer.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return pointer.String()
}

// lacks are the sections that a whole document has and this one has not.
func (d *document) lacks(name string) (faults []Fault) {
	v := reflect.ValueOf(*d)
	for i, f := range reflect.VisibleFields(v.Type()) {
		if f.Type.Kind() == reflect.Pointer && f.Name != "SignedBy" && v.Field(i).IsNil() {
			faults = append(faults, Fault{File: name, At: "/" + f.Tag.Get("json"), Rule: "required"})
		}
	}
	return faults
}

// fits compares a version with its place: the folder, the file and the versions before it.
func (d *document) fits(name string, n int, p programme.Installed) (faults []Fault) {
	say := func(wrong bool, pointer, rule string) {
		if wrong {
			faults = append(faults, d.fault(name, pointer, rule))
		}
	}
	say(d.Programme != p.ID, "/programme", "the name of the folder")
	say(d.Version != n, "/version", "the name of the file")
	say(!slices.Contains(code.Countries, code.Country(d.Country)), "/country", "a country of ISO 3166-1")
	if len(p.Versions) > 0 {
		last := p.Versions[len(p.Versions)-1]
		say(code.Country(d.Country) != p.Country, "/country", "the country of the versions before")
		say(d.zone.String() != p.Zone.String(), "/zone", "the zone of the versions before")
		say(!d.from.After(last.From), "/from", "later than the version before")
		say(d.Figures != nil && !programme.FiguresFollow(last.Fields.Figures.Is, d.figures(), d.from), "/figures/period", "changes only on a day on which a period of both begins")
	}
	return faults
}

// contradictions are what no schema can say. They also read the dates and the zone.
func (d *document) contradictions(name string) (faults []Fault) {
	say := func(wrong bool, pointer, rule string) {
		if wrong {
			faults = append(faults, d.fault(name, pointer, rule))
		}
	}
	zone, err := time.LoadLocation(d.Zone)
	say(err != nil || d.Zone == "Local", "/zone", "an IANA time zone")
	if err == nil {
		d.zone = zone
		d.from, err = time.ParseInLocation(time.DateOnly, d.From, zone)
		say(err != nil, "/from", "a date")
	}
	if w := d.Week; w != nil {
		say(clock(w.Opens) >= clock(w.Closes), "/week/closes", "later than opens")
		for i, h := range w.Holidays {
			_, err := holiday(h)
			say(err != nil, "/week/holidays/"+strconv.Itoa(i), "a day of the calendar")
		}
	}
	if c := d.Consent; c != nil {
		reached := 0
		for i, step := range c.Steps {
			at := "/consent/steps/" + strconv.Itoa(i)
			say(step.From != reached, at+"/from", "where the step before ends; the first from 0")
			say(step.Under <= step.From, at+"/under", "above from")
			reached = step.Under
		}
		say(reached != programme.Majority, "/consent/steps", "up to 18 years")
	}
	if a := d.Answers; a != nil {
		say(a.OnwardEmergency > a.Onward, "/answers/onward_emergency", "not longer than onward")
	}
	if e := d.Enquiries; e != nil {
		say(e.TakeInDanger > e.Take, "/enquiries/take_in_danger", "not longer than take")
		say(time.Duration(e.Cards) > programme.LongestCards, "/enquiries/cards", "not longer than 180 days")
		say(time.Duration(e.Cards)%(24*time.Hour) != 0, "/enquiries/cards", "whole days")
	}
	if l := d.LegalAid; l != nil {
		for i, ground := range l.WhateverMeans {
			say(!slices.Contains(l.Eligible, ground), "/legal_aid/whatever_means/"+strconv.Itoa(i), "one of eligible")
		}
	}
	if s := d.Support; s != nil {
		say(time.Duration(s.RiskAnswer) > programme.LongestRiskAnswer, "/support/risk_answer", "not longer than one day")
		for instrument, items := range s.Texts {
			for i, item := range items {
				same := maps.EqualFunc(item, items[0], func(_, _ string) bool { return true })
				say(!same, "/support/texts/"+string(instrument)+"/"+strconv.Itoa(i), "in the languages of the first item")
			}
		}
	}
	if r := d.Reach; r != nil {
		say((r.Travel > 0) != (r.Speed > 0), "/reach/travel", "with speed, and speed with it")
		for area := range r.Areas {
			say(!strings.HasPrefix(area, d.Country+"-"), "/reach/areas/"+area, "of the country of the programme")
		}
	}
	if d.Figures != nil {
		for _, f := range d.figures().Wrong() {
			say(true, "/figures"+f.At, f.Rule)
		}
	}
	if d.Deadlines != nil {
		for u, t := range d.byUrgency() {
			faults = append(faults, t.contradictions(d, name, "/deadlines/"+string(u))...)
		}
		for s, by := range d.Deadlines.Services {
			for u, t := range by {
				faults = append(faults, t.contradictions(d, name, "/deadlines/services/"+string(s)+"/"+string(u))...)
			}
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Line - b.Line })
	return faults
}

// contradictions of one kind of referral: reminders come before the answer is due, the ladder
// begins when it is and climbs, and nothing expires before all of it was climbed.
func (t *terms) contradictions(d *document, name, pointer string) (faults []Fault) {
	say := func(wrong bool, at, rule string) {
		if wrong {
			faults = append(faults, d.fault(name, pointer+at, rule))
		}
	}
	for i, r := range t.Remind {
		say(r >= t.Respond || i > 0 && r <= t.Remind[i-1], "/remind/"+strconv.Itoa(i), "after the one before, and before respond")
	}
	last := t.Respond
	for _, step := range code.EscalationSteps {
		say(t.Ladder[step] < last, "/ladder/"+string(step), "not before respond, nor before the rung below")
		last = max(last, t.Ladder[step])
	}
	say(t.Expire <= last, "/expire", "after the last rung of the ladder")
	return faults
}
