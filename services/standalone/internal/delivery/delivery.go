// Package delivery reads files of Open Referral HSDS and cuts them into parts that
// the network takes in one request each. It knows how HSDS refers from row to row,
// and refuses no row: the directory does.
package delivery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxPart is how large a part may be: a little less than the 64 KiB that the
// network takes, for what stands around it.
const maxPart = 60 << 10

// Body is a request to import.
type Body struct {
	Documents []json.RawMessage `json:"documents,omitempty"`
	Tables    map[string]string `json:"tables,omitempty"`
}

// Part is one request, and where it comes from.
type Part struct {
	// Source is the file or folder.
	Source string
	Body   Body
	// rows are the rows of the source, by table and place in this part.
	rows map[string][]int
	// at is the place of the part's documents in the source, empty for all.
	at []string
}

// Issue is a row that was not taken, or a remark.
type Issue struct {
	Path  string `json:"path"`
	ID    string `json:"id"`
	Field string `json:"field"`
	Rule  string `json:"rule"`
}

// Report is what became of parts.
type Report struct {
	Taken     int     `json:"taken"`
	Unchanged int     `json:"unchanged"`
	Rejected  []Issue `json:"rejected"`
	Notes     []Issue `json:"notes"`
}

// Add adds what became of another part.
func (r *Report) Add(other Report) {
	r.Taken += other.Taken
	r.Unchanged += other.Unchanged
	r.Rejected = append(r.Rejected, other.Rejected...)
	r.Notes = append(r.Notes, other.Notes...)
}

// Write writes the report in lines.
func (r *Report) Write(out io.Writer) {
	for _, i := range r.Notes {
		fmt.Fprintln(out, "note      "+i.line())
	}
	for _, i := range r.Rejected {
		fmt.Fprintln(out, "rejected  "+i.line())
	}
	fmt.Fprintf(out, "%d taken, %d unchanged, %d rejected, %d notes\n", r.Taken, r.Unchanged, len(r.Rejected), len(r.Notes))
}

func (i Issue) line() string {
	line := i.Path
	if i.ID != "" {
		line += " (" + i.ID + ")"
	}
	if i.Field != "" {
		line += " " + i.Field
	}
	return line + ": " + i.Rule
}

// Named is a report with the places that the source knows.
func (p Part) Named(r Report) Report {
	for _, list := range [][]Issue{r.Rejected, r.Notes} {
		for i := range list {
			list[i].Path = p.place(list[i].Path)
		}
	}
	return r
}

func (p Part) place(path string) string {
	segments := strings.Split(path, "/")
	if len(segments) > 1 && segments[0] == "documents" {
		n, err := strconv.Atoi(segments[1])
		segments = segments[2:]
		if err == nil && n < len(p.at) && p.at[n] != "" {
			segments = append([]string{p.at[n]}, segments...)
		}
	}
	if len(segments) == 2 {
		if n, err := strconv.Atoi(segments[1]); err == nil && n > 0 && n <= len(p.rows[segments[0]]) {
			segments[1] = strconv.Itoa(p.rows[segments[0]][n-1])
		}
	}
	return strings.TrimSuffix(p.Source+"/"+strings.Join(segments, "/"), "/")
}

// Read reads files and folders. What is no HSDS is reported and left out.
func Read(paths []string) ([]Part, Report, error) {
	r := &reading{}
	for _, path := range paths {
		if err := r.path(path); err != nil {
			return nil, r.remarks, err
		}
	}
	return r.parts, r.remarks, nil
}

type reading struct {
	parts   []Part
	remarks Report
}

func (r *reading) note(path, rule string) {
	r.remarks.Notes = append(r.remarks.Notes, Issue{Path: path, Rule: rule})
}

func (r *reading) reject(path, rule string) {
	r.remarks.Rejected = append(r.remarks.Rejected, Issue{Path: path, Rule: rule})
}

func (r *reading) path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return r.file(path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	tables := map[string]string{}
	var folders []fs.DirEntry
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		switch {
		case e.IsDir():
			folders = append(folders, e)
		case strings.HasSuffix(e.Name(), ".csv"):
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			tables[e.Name()] = string(text)
		case strings.HasSuffix(e.Name(), ".json"):
			if err := r.file(name); err != nil {
				return err
			}
		}
	}
	if len(tables) > 0 {
		r.tables(path, tables)
	}
	for _, e := range folders {
		if err := r.path(filepath.Join(path, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// file reads one JSON file, or one table.
func (r *reading) file(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if strings.HasSuffix(path, ".csv") {
		r.tables(path, map[string]string{filepath.Base(path): string(text)})
		return nil
	}
	description := filepath.Base(path) == "datapackage.json"
	var top map[string]json.RawMessage
	switch err := unmarshal(text, &top); {
	case err != nil && description:
		r.note(path, "is not JSON; a description of the tables is not needed")
	case err != nil:
		r.reject(path, "is not a JSON object")
	case description:
		r.note(path, "describes the tables and holds none; it was left out")
	case top["properties"] != nil || top["openapi"] != nil || top["$schema"] != nil:
		r.note(path, "is a schema and holds no records; it was left out")
	default:
		r.document(path, text, top)
	}
	return nil
}

func unmarshal(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("goes on behind its end")
	}
	return nil
}

func compact(text []byte) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, text) != nil {
		return text
	}
	return b.Bytes()
}

// document cuts a document, where it is too large, along what HSDS nests.
func (r *reading) document(path string, text []byte, top map[string]json.RawMessage) {
	text = compact(text)
	if len(text) <= maxPart {
		r.parts = append(r.parts, Part{Source: path, Body: Body{Documents: []json.RawMessage{text}}})
		return
	}
	var contents []json.RawMessage
	if top["contents"] != nil && json.Unmarshal(top["contents"], &contents) == nil {
		r.items(path, "contents/", contents)
		return
	}
	tables := map[string][]row{}
	for name, list := range top {
		var rows []row
		if strings.HasSuffix(name, ".csv") && unmarshal(list, &rows) == nil {
			tables[name] = rows
		}
	}
	if len(tables) > 0 {
		r.split(path, tables)
		return
	}
	r.organization(path, top)
}

// items packs documents into parts, as many as go into each.
func (r *reading) items(path, at string, items []json.RawMessage) {
	part, size := Part{Source: path}, 0
	flush := func() {
		if len(part.Body.Documents) > 0 {
			r.parts = append(r.parts, part)
		}
		part, size = Part{Source: path}, 0
	}
	for i, item := range items {
		item, place := compact(item), at+strconv.Itoa(i)
		if len(item) > maxPart {
			var top map[string]json.RawMessage
			if unmarshal(item, &top) != nil {
				r.reject(path+"/"+place, "is too large for one request")
				continue
			}
			flush()
			r.organization(path+"/"+place, top)
			continue
		}
		if size+len(item)+1 > maxPart || len(part.Body.Documents) == 1000 {
			flush()
		}
		part.Body.Documents = append(part.Body.Documents, item)
		part.at = append(part.at, place)
		size += len(item) + 1
	}
	flush()
}

// organization hands in an organization without what is nested in it, and then
// its locations and services, which name it.
func (r *reading) organization(path string, top map[string]json.RawMessage) {
	nested := map[string][]json.RawMessage{}
	for _, name := range []string{"locations", "services"} {
		var list []map[string]json.RawMessage
		if top[name] == nil || json.Unmarshal(top[name], &list) != nil {
			continue
		}
		for _, item := range list {
			if item["organization_id"] == nil && item["organization"] == nil {
				item["organization_id"] = top["id"]
			}
			text, err := json.Marshal(item)
			if err == nil {
				nested[name] = append(nested[name], text)
			}
		}
		delete(top, name)
	}
	text, err := json.Marshal(top)
	if err != nil || len(text) > maxPart || len(nested) == 0 {
		r.reject(path, "is too large for one request")
		return
	}
	r.parts = append(r.parts, Part{Source: path, Body: Body{Documents: []json.RawMessage{text}}})
	for _, name := range slices.Sorted(slices.Values([]string{"locations", "services"})) {
		r.nested(path, name, nested[name])
	}
}

// nested refuses what cannot be cut any further.
func (r *reading) nested(path, name string, items []json.RawMessage) {
	for i, item := range items {
		if len(item) > maxPart {
			r.reject(path+"/"+name+"/"+strconv.Itoa(i), "is too large for one request")
		}
	}
	items = slices.DeleteFunc(items, func(item json.RawMessage) bool { return len(item) > maxPart })
	r.items(path, name+"/", items)
}
