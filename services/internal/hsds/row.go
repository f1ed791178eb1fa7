package hsds

import (
	"encoding/json"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Issue names a rule that one part of a delivery breaks, or the remark with
// which it was taken. It never repeats a value.
type Issue struct {
	// Path is where the row stands: documents/0/services/2, schedules.csv/7.
	Path string `json:"path"`
	// ID is the row's identifier, empty when it has none that can be read.
	ID string `json:"id,omitempty"`
	// Field is the property or column.
	Field string `json:"field,omitempty"`
	Rule  string `json:"rule"`
}

// row is one object of a delivery: a JSON object, or a line of a table.
type row struct {
	shape, path, id string
	// values are its properties that are no objects of HSDS, those unknown to
	// HSDS among them.
	values map[string]any
	ones   map[string]*row
	lists  map[string][]*row
	// bad rows are left out, each with its reason in the report. Lost are the fields
	// that could not be read.
	bad  bool
	lost map[string]bool
	// partial rows hold only what a delivery adds to an entry that is known.
	partial bool
}

// The bounds of a delivery. What is beyond is refused, not cut.
const (
	maxDepth = 24
	maxRows  = 20_000
	maxText  = 20_000
	// maxIssues is how many issues of a kind one report lists.
	maxIssues = 1000
)

// reader reads one delivery.
type reader struct {
	rejected, notes []Issue
	// spoilt are the rows that were rejected. Unread says that something could not be
	// read of which nobody knows what it was about.
	spoilt []*row
	unread bool
	// left is how many rows may still come. Whole lifts the bound of a report.
	left  int
	whole bool
	more  int
	// tabular deliveries write numbers as text, and nothing for no value.
	tabular bool
	checked map[*row]bool // checked already: tables share their rows
	made    map[Issue]bool
}

func (r *reader) reject(o *row, field, rule string) {
	r.spoil(o)
	if o.lost == nil {
		o.lost = map[string]bool{}
	}
	o.lost[field] = true
	if len(r.rejected) >= maxIssues && !r.whole {
		r.more++
		return
	}
	r.rejected = append(r.rejected, Issue{Path: o.path, ID: o.id, Field: field, Rule: rule})
}

// spoil leaves a row out. That was told, or is.
func (r *reader) spoil(o *row) {
	if !o.bad {
		o.bad = true
		r.spoilt = append(r.spoilt, o)
	}
}

// unreadable tells of a part of the delivery that could not be read, and may have been
// about anything.
func (r *reader) unreadable(path, rule string) {
	r.reject(&row{path: path}, "", rule)
	r.unread = true
}

// note makes a remark, once for a row that HSDS repeats in others.
func (r *reader) note(o *row, field, rule string) {
	n := Issue{Path: o.path, ID: o.id, Field: field, Rule: rule}
	made := Issue{ID: n.ID, Field: n.Field, Rule: n.Rule}
	if o.id != "" && r.made[made] || len(r.notes) >= maxIssues && !r.whole {
		return
	}
	r.made[made] = true
	r.notes = append(r.notes, n)
}

// row reads a value as an object of a shape, and all that is in it. It never
// gives nil.
func (r *reader) row(shape, path string, value any, depth int) *row {
	o := &row{shape: shape, path: path, values: map[string]any{}, ones: map[string]*row{}, lists: map[string][]*row{}}
	object, ok := value.(map[string]any)
	r.left--
	switch {
	case !ok:
		r.reject(o, "", "must be an object")
		return o
	case depth > maxDepth:
		r.reject(o, "", "nests too deep")
		return o
	case r.left < 0:
		r.reject(o, "", "is one row too many for one delivery")
		return o
	}
	r.identify(o, object["id"])
	for _, name := range slices.Sorted(maps.Keys(object)) {
		v := object[name]
		if v == nil || r.tabular && v == "" {
			continue // HSDS writes an absent value in these two ways, too
		}
		f, known := shapes[shape][name]
		switch {
		case name == "id":
		case !known && resembles(shape, name) != "":
			r.reject(o, resembles(shape, name), "is there with other small and capital letters")
		case !known && nearly(shape, name) != "":
			r.reject(o, nearly(shape, name), "is there nearly, under a name with a slip")
		case unreadableText(name) || unreadableValue(v):
			r.reject(o, safe(shape, name), "has a character that stands for one that could not be read")
		case !known && describes(v):
			r.reject(o, "", "has what looks like an attribute under a name that is not of HSDS")
		case !known:
			if !fits(v, depth) {
				r.reject(o, "", "has a property that is not of HSDS, and too large or unreadable")
				continue
			}
			o.values[name] = v
		case f.format == asOne:
			o.ones[name] = r.row(f.of, path+"/"+name, v, depth+1)
		case f.format == asMany:
			r.many(o, name, f, v, depth)
		default:
			r.value(o, name, f, v)
		}
	}
	return o
}

// resembles is the property of HSDS for which a reader would take a name that does not
// look at the case, as Go's is; empty for none.
func resembles(shape, name string) string {
	for property := range shapes[shape] {
		if strings.EqualFold(property, name) {
			return property
		}
	}
	return ""
}

// hiding are the properties by which an entry may be hidden: what describes it, and what
// says where a service is given.
var hiding = []string{
	"attributes", "taxonomy_term", "taxonomy_term_id", "taxonomy", "taxonomy_detail", "taxonomy_id", "code", "link_id",
	"organization", "organization_id", "service", "services", "service_id", "location", "locations", "location_id", "service_at_locations",
}

// nearly is the one of hiding that a name would be but for a slip; empty for none.
func nearly(shape, name string) string {
	for _, right := range hiding {
		if _, known := shapes[shape][right]; known && slips(name, right) <= 1+len(right)/8 {
			return right
		}
	}
	return ""
}

// describes says whether there is an attribute in a value that HSDS does not name.
func describes(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, describes)
	case map[string]any:
		for name, item := range v {
			if strings.HasPrefix(plain(name), "taxonomy") || describes(item) {
				return true
			}
		}
	}
	return false
}

// unreadableText says whether a text was destroyed on its way: a program that cannot read
// a character writes U+FFFD in its place, and no text of a person holds a NUL.
func unreadableText(text string) bool { return strings.ContainsAny(text, "\x00\ufffd") }

// safe is the name of a property of HSDS; of another nothing is repeated.
func safe(shape, name string) string {
	if _, known := shapes[shape][name]; known {
		return name
	}
	return ""
}

// unreadableValue is unreadableText for a value that is no object of HSDS.
func unreadableValue(v any) bool {
	text, ok := v.(string)
	return ok && unreadableText(text)
}

func (r *reader) identify(o *row, v any) {
	text, _ := v.(string)
	id := strings.ToLower(strings.TrimSpace(text))
	switch {
	case v == nil || v == "":
		if completed(o.shape) {
			return // a term of ours is known by its code
		}
		r.reject(o, "id", "is required")
	case !isUUID(id):
		r.reject(o, "id", "must be a UUID")
	default:
		o.id, o.values["id"] = id, id
	}
}

// completed shapes may stand without an identifier: see complete.
func completed(shape string) bool { return shape == "taxonomy_term" || shape == "taxonomy" }

func (r *reader) many(o *row, name string, f field, v any, depth int) {
	items, ok := v.([]any)
	if !ok {
		r.reject(o, name, "must be an array")
		return
	}
	o.lists[name] = []*row{} // a list that is empty says something, too
	for i, item := range items {
		o.lists[name] = append(o.lists[name], r.row(f.of, o.path+"/"+name+"/"+strconv.Itoa(i), item, depth+2))
	}
}

// value reads a property that is no object. What HSDS wants as a text and comes
// as a number, or the other way round, is taken with a remark: it is the most
// frequent mistake of exporters, and the correction loses nothing.
func (r *reader) value(o *row, name string, f field, v any) {
	switch f.format {
	case asNumber:
		r.number(o, name, v)
		return
	case asText:
	default:
		if _, ok := v.(string); !ok {
			r.reject(o, name, "must be a text")
			return
		}
	}
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
		r.note(o, name, "is a number, and was read as text")
	default:
		r.reject(o, name, "must be a text")
		return
	}
	if len(text) > maxText {
		r.reject(o, name, "is too long")
		return
	}
	if f.format == asURI || f.format == asEmail {
		if !holds(f, text) {
			r.note(o, name, map[format]string{asURI: "is not a URI, and was left out", asEmail: "is not an e-mail address, and was left out"}[f.format])
			return
		}
	} else if !holds(f, text) {
		r.reject(o, name, rules[f.format])
		return
	}
	switch f.format {
	case asUUID:
		text = strings.ToLower(text)
	case asTime:
		if long := padded(text); long != text {
			r.note(o, name, "has one digit for the hour, and was read with a nought before it")
			text = long
		}
	}
	o.values[name] = text
}

func (r *reader) number(o *row, name string, v any) {
	switch v := v.(type) {
	case json.Number:
		if _, err := v.Float64(); err != nil {
			r.reject(o, name, "must be a number that is not beyond all bounds")
			return
		}
		o.values[name] = v
	case string:
		n := json.Number(strings.TrimSpace(v))
		if _, err := n.Float64(); err != nil || !json.Valid([]byte(n)) {
			r.reject(o, name, "must be a number")
			return
		}
		if !r.tabular {
			r.note(o, name, "is a text, and was read as a number")
		}
		o.values[name] = n
	default:
		r.reject(o, name, "must be a number")
	}
}

var rules = map[format]string{
	asUUID: "must be a UUID", asDate: "must be a date", asTime: "must be a time of day",
	asInstant: "must be a date-time with offset", asCode: "must be one of the words of HSDS", asText: "must be a text",
}

func holds(f field, text string) bool {
	var err error
	switch f.format {
	case asUUID:
		return isUUID(strings.ToLower(text))
	case asURI:
		u, err := url.Parse(text)
		return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "") && !strings.ContainsAny(text, " <>\"{}|\\^`")
	case asEmail:
		a, err := mail.ParseAddress(text)
		return err == nil && a.Address == text
	case asDate:
		_, err = parseDay(text)
	case asTime:
		_, err = parseClock(padded(text))
	case asInstant:
		err = new(time.Time).UnmarshalText([]byte(text))
	case asCode:
		return slices.Contains(f.codes, text)
	}
	return err == nil
}

// padded is a time of day whose hour has two digits: spreadsheets write 9:00.
func padded(text string) string {
	if len(text) > 1 && text[1] == ':' {
		return "0" + text
	}
	return text
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		default:
			return false
		}
	}
	return true
}

// fits says whether a value that HSDS does not name is small enough to keep.
func fits(v any, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch v := v.(type) {
	case string:
		return len(v) <= maxText && !unreadableText(v)
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !fits(item, depth+1) })
	case map[string]any:
		for name, item := range v {
			if len(name) > 100 || !fits(item, depth+1) {
				return false
			}
		}
	}
	return true
}

// document is the row and what is in it as JSON, without the rows that were
// rejected.
func (o *row) document() map[string]any {
	d := maps.Clone(o.values)
	for name, one := range o.ones {
		if !one.bad {
			d[name] = one.document()
		}
	}
	for name, list := range o.lists {
		items := []any{}
		for _, item := range list {
			if !item.bad {
				items = append(items, item.document())
			}
		}
		d[name] = items
	}
	return d
}

func (o *row) text(name string) string {
	s, _ := o.values[name].(string)
	return s
}

func (o *row) float(name string) (float64, bool) {
	n, ok := o.values[name].(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}
