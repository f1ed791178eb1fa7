// Package play plays journeys: days of work in files that a caseworker can read,
// played through the public API of a network that runs, as the people in them
// would. It knows the contracts and nothing of the services.
//
// It refuses a file that it does not understand as a whole, by line, before
// anything is played: a word that it does not know, an operation that no contract
// has, a person or a record that was not named before. It stops at the first line
// that does not come true.
package play

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/journeys"
)

// Journey is a journey that was understood.
type Journey struct {
	Name, About string
	file        string
	zone        *time.Location
	begins      string
	people      map[string]person
	story       []line
}

type person struct {
	identity.Principal
	language, address string
}

// line is one line of the story.
type line struct {
	at     int // its line in the file
	kind   string
	fields map[string]any
	op     operation
}

func (l line) text(field string) string {
	s, _ := l.fields[field].(string)
	return s
}

func (l line) object(field string) map[string]any {
	m, _ := l.fields[field].(map[string]any)
	return m
}

func (l line) list(field string) []any {
	s, _ := l.fields[field].([]any)
	return s
}

// expectations are the fields that say what an answer holds.
var expectations = []string{"has", "has not", "lacks", "lists", "does not list", "lists nothing", "says", "never says", "keep"}

// fits are the fields that may stand beside what makes a line what it is.
var fits = map[string][]string{
	"say":         {},
	"time passes": {},
	"does":        append([]string{"who", "on", "where", "with", "paper", "refused"}, expectations...),
	"sees":        append([]string{"who", "on", "where", "with", "refused"}, expectations...),
	"hears":       {"who", "says", "never says", "keep"},
	"runs":        {"who", "in", "files", "says", "never says", "keep"},
	"event":       {"about", "has", "never says"},
	"no event":    {"about"},
}

// Named reads a journey of the project.
func Named(name string) (*Journey, error) {
	if !slices.Contains(journeys.Names(), name) {
		return nil, fmt.Errorf("there is no journey %q; there are: %s", name, strings.Join(journeys.Names(), ", "))
	}
	text, err := fs.ReadFile(journeys.Files, name+"/journey.yaml")
	if err != nil {
		return nil, err
	}
	return Read("journeys/"+name+"/journey.yaml", text)
}

// Read understands a journey. Its error names each line that it does not understand.
func Read(file string, text []byte) (*Journey, error) {
	schema, err := fs.ReadFile(journeys.Files, "journey.schema.json")
	if err != nil {
		return nil, err
	}
	known, err := promised()
	if err != nil {
		return nil, err
	}
	d, err := parse(file, text)
	if err != nil {
		return nil, err
	}
	if err := d.unroll(); err != nil {
		return nil, err
	}
	if err := d.check(schema); err != nil {
		return nil, err
	}
	r := &reader{document: d, promises: known}
	j := r.journey()
	return j, errors.Join(r.wrong...)
}

// reader finds what a schema cannot.
type reader struct {
	*document
	*promises
	wrong []error
	kept  map[string]bool
}

func (r *reader) complain(at int, format string, args ...any) {
	r.wrong = append(r.wrong, &Wrong{r.file, at, fmt.Sprintf(format, args...)})
}

func (r *reader) journey() *Journey {
	top := r.value.(map[string]any)
	j := &Journey{file: r.file, people: map[string]person{}}
	j.Name, _ = top["journey"].(string)
	j.About, _ = top["about"].(string)
	j.begins, _ = top["begins"].(string)
	zone, _ := top["zone"].(string)
	var err error
	if j.zone, err = time.LoadLocation(zone); err != nil || zone == "Local" {
		r.complain(r.line("zone"), "there is no time zone %q", zone)
		j.zone = time.UTC
	}
	if _, ok := moment(j.begins, time.Now()); !ok {
		r.complain(r.line("begins"), "%q is no time; write it as: monday 08:30", j.begins)
	}
	people, _ := top["people"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(people)) {
		j.people[name] = r.person(name, people[name].(map[string]any))
	}
	r.kept = map[string]bool{}
	story, _ := top["story"].([]any)
	for i, l := range story {
		fields, _ := l.(map[string]any)
		j.story = append(j.story, r.read1(j, r.line("story", fmt.Sprint(i)), i, fields))
	}
	return j
}

func (r *reader) person(name string, fields map[string]any) person {
	text := func(field string) string { s, _ := fields[field].(string); return s }
	p := person{language: text("language"), address: text("address")}
	p.Principal = identity.Principal{Subject: name, Agency: text("agency"), Country: text("country"), Programme: text("programme")}
	roles, _ := fields["roles"].([]any)
	for _, role := range roles {
		said, _ := role.(string)
		if !slices.Contains(access.Roles(), access.Role(said)) {
			r.complain(r.line("people", name, "roles"), "%q is no role", said)
		}
		p.Roles = append(p.Roles, said)
	}
	if coordinates := slices.Contains(p.Roles, string(access.Coordinator)); coordinates != (p.Country != "") {
		r.complain(r.line("people", name), "a coordinator, and nobody else, has a country and a programme")
	}
	return p
}

// read1 understands one line of the story.
func (r *reader) read1(j *Journey, at, index int, fields map[string]any) line {
	l := line{at: at, fields: fields}
	for kind := range fits {
		if _, is := fields[kind]; !is {
			continue
		}
		if l.kind != "" {
			r.complain(at, "%q and %q stand in one line; make two of it", min(kind, l.kind), max(kind, l.kind))
			return l
		}
		l.kind = kind
	}
	if l.kind == "" {
		r.complain(at, "the line says neither what somebody does, sees or hears, nor that time passes, nor anything else")
		return l
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if field != l.kind && !slices.Contains(fits[l.kind], field) {
			r.complain(r.line("story", fmt.Sprint(index), field), "%q has no place beside %q", field, l.kind)
		}
	}
	if who := l.text("who"); who != "" {
		p, known := j.people[who]
		switch {
		case !known:
			r.complain(at, "nobody is named %q", who)
		case l.kind == "hears" && p.address == "":
			r.complain(at, "%s has no address to which a notice could come", who)
		}
	}
	switch l.kind {
	case "time passes":
		if _, ok := passed(l.text(l.kind), time.Now()); !ok {
			r.complain(at, "%q is no time that passes; write it as: 20 minutes; or: until monday 09:00", l.text(l.kind))
		}
	case "event", "no event":
		if !r.events[l.text(l.kind)] {
			r.complain(at, "no contract has an event %q; write it as: referral.withdrawn.v1", l.text(l.kind))
		}
	case "does", "sees":
		r.asks(&l)
	case "runs":
		r.runs(l)
	}
	r.words(index, l)
	for name, path := range l.object("keep") {
		if _, ok := moment(name, time.Now()); ok {
			r.complain(at, "%q is a time, and cannot be a name", name)
		}
		if _, err := pathOf(fmt.Sprint(path)); err != nil && path != theWhole {
			r.complain(at, "%v", err)
		}
		if l.kind == "hears" && path != theCode {
			r.complain(at, "of a notice only its code can be kept: %s: %s", name, theCode)
		}
		r.kept[name] = true
	}
	return l
}

// asks checks what a line asks the network.
func (r *reader) asks(l *line) {
	var err error
	if l.op, err = r.find(l.text(l.kind)); err != nil {
		r.complain(l.at, "%v", err)
		return
	}
	on, with := l.text("on") != "", l.fields["with"] != nil
	_, named := l.fields["on"]
	switch {
	case l.op.names() && !on:
		r.complain(l.at, "%s needs a record: say which with on", l.op.ID)
	case !l.op.names() && named:
		r.complain(l.at, "%s is about no record: on has no place here", l.op.ID)
	case with && !l.op.Takes:
		r.complain(l.at, "%s takes no fields: with has no place here", l.op.ID)
	case with && l.op.Paper, l.op.Paper != (l.text("paper") != ""):
		r.complain(l.at, "%s: what takes a file has a paper, and nothing else has", l.op.ID)
	case l.kind == "does" && l.op.reads():
		r.complain(l.at, "%s reads: write sees", l.op.ID)
	}
	for name := range l.object("where") {
		if !slices.Contains(l.op.Query, name) {
			r.complain(l.at, "%s knows no %q in where; it knows %s", l.op.ID, name, strings.Join(l.op.Query, ", "))
		}
	}
	code, refused := l.fields["refused"].(string)
	if refused && !r.problems[code] {
		r.complain(l.at, "no problem has the code %q; docs/problems.md has them all", code)
	}
	expects := slices.DeleteFunc(slices.Clone(expectations), func(f string) bool { return l.fields[f] == nil })
	if refused {
		for _, f := range expects {
			if f != "never says" {
				r.complain(l.at, "who is refused gets nothing: %q has no place beside refused", f)
			}
		}
		return
	}
	if l.kind == "sees" && len(expects) == 0 {
		r.complain(l.at, "the line says who looks, and not what is seen")
	}
}

// reference is a name or a time in words, in the place of a value.
var reference = regexp.MustCompile(`^<([^<>]+)>$`)

// The two references that say only whether there is a value.
const (
	something = "something"
	nothing   = "nothing"
)

// words finds references to what nobody has named.
func (r *reader) words(index int, l line) {
	var walk func(v any, seen bool, at ...string)
	walk = func(v any, seen bool, at ...string) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				walk(inner, seen, append(slices.Clone(at), k)...)
			}
		case []any:
			for i, inner := range v {
				walk(inner, seen, append(slices.Clone(at), fmt.Sprint(i))...)
			}
		case string:
			for _, name := range references(v) {
				_, time := moment(name, time.Now())
				if !r.kept[name] && !time && (!seen || name != something && name != nothing) {
					r.complain(r.line(at...), "<%s> is neither a name that was kept before nor a time", name)
				}
			}
			if strings.ContainsAny(v, "<>") && !reference.MatchString(v) && at[2] != "keep" {
				r.complain(r.line(at...), "<…> stands for a whole value, and not for a part of one")
			}
		}
	}
	for field, v := range l.fields {
		at := []string{"story", fmt.Sprint(index), field}
		if s, text := v.(string); text && (field == "on" || field == "about") && !r.kept[s] && !reference.MatchString(s) && !identifier.MatchString(s) {
			r.complain(r.line(at...), "%q is no name that was kept before", s)
		}
		walk(v, slices.Contains([]string{"has", "has not", "lists", "does not list"}, field), at...)
	}
}

// theWhole is how a line keeps all of an answer, as it came.
const theWhole = "*"

// theCode is what a line keeps of a notice: the code that is typed.
const theCode = "code"

// identifier is how a record or an agency is named that no line kept.
var identifier = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9-]+)+$`)

var within = regexp.MustCompile(`<([^<>]+)>`)

func references(s string) (names []string) {
	for _, m := range within.FindAllStringSubmatch(s, -1) {
		names = append(names, m[1])
	}
	return names
}
