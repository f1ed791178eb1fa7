// Package delivery hands files of Open Referral HSDS in to a network. It reads them,
// judges them as one delivery by the rules of package hsds, and cuts what is taken into
// requests. It refuses to judge by the size of anything, and to hand in anything that a
// part that cannot be read may have been about.
package delivery

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

// Network is what a delivery is handed in to.
type Network interface {
	// Lookup gives what the directory holds of some identifiers.
	Lookup(ctx context.Context, ids []string) ([]Item, error)
	// Import hands one request in.
	Import(ctx context.Context, body Body) (Report, error)
}

// Body is a request to import.
type Body struct {
	Entries []Entry  `json:"entries,omitempty"`
	Doubted []string `json:"doubted,omitempty"`
}

// Entry is what a delivery says of one entry.
type Entry struct {
	Kind     code.EntryKind  `json:"kind"`
	Partial  bool            `json:"partial,omitempty"`
	Document json.RawMessage `json:"document"`

	id, path string
}

// Report is what became of a delivery, or of a part of one.
type Report struct {
	Taken     int          `json:"taken"`
	Unchanged int          `json:"unchanged"`
	Rejected  []hsds.Issue `json:"rejected"`
	Notes     []hsds.Issue `json:"notes"`
}

func (r *Report) add(other Report) {
	r.Taken += other.Taken
	r.Unchanged += other.Unchanged
	r.Rejected = append(r.Rejected, other.Rejected...)
	r.Notes = append(r.Notes, other.Notes...)
}

// Write writes the report in lines.
func (r *Report) Write(out io.Writer) {
	for _, i := range r.Notes {
		fmt.Fprintln(out, "note      "+line(i))
	}
	for _, i := range r.Rejected {
		fmt.Fprintln(out, "rejected  "+line(i))
	}
	fmt.Fprintf(out, "%d taken, %d unchanged, %d rejected, %d notes\n", r.Taken, r.Unchanged, len(r.Rejected), len(r.Notes))
}

func line(i hsds.Issue) string {
	line := i.Path
	if i.ID != "" {
		line += " (" + i.ID + ")"
	}
	if i.Field != "" {
		line += " " + i.Field
	}
	return line + ": " + i.Rule
}

// The bounds of a request. The network takes 64 KiB; something stands around the entries.
const (
	maxPart    = 60 << 10
	maxEntries = 1000
	maxIDs     = 500
	// maxRows is how many rows a delivery may have: far more than a country has.
	maxRows = 10_000_000
)

// errDoubt ends a delivery of which so much is in doubt that no request can name it.
var errDoubt = errors.New("too much of the delivery could not be taken; nothing more was handed in")

// Hand reads what is under some paths, and hands in what can be taken. It shows how many
// requests are done. The report also stands when an error is given.
func Hand(ctx context.Context, n Network, paths []string, encoding string, show func(done, total int, of string)) (Report, error) {
	d, report, err := read(paths, encoding)
	if err != nil {
		return report, err
	}
	batch, err := judge(ctx, n, d)
	if err != nil {
		return report, err
	}
	report.Rejected, report.Notes = append(report.Rejected, batch.Rejected...), append(report.Notes, batch.Notes...)
	h := handing{n: n, report: report, doubted: batch.Doubted}
	for _, e := range batch.Entries {
		h.entry(e)
	}
	err = h.hand(ctx, show)
	return h.report, err
}

// judge reads the delivery as a whole. What it refers to and does not hold is asked of
// the network first.
func judge(ctx context.Context, n Network, d hsds.Delivery) (hsds.Batch, error) {
	k := known{items: map[string][]Item{}, asked: map[string]bool{}}
	for {
		batch := hsds.Read(d, &k)
		if len(k.open) == 0 {
			return batch, nil
		}
		for ids := range slices.Chunk(k.open, maxIDs) {
			items, err := n.Lookup(ctx, ids)
			if err != nil {
				return batch, err
			}
			for _, i := range items {
				k.items[i.ID] = append(k.items[i.ID], i)
			}
		}
		k.open = nil
	}
}

type handing struct {
	n       Network
	parts   [][]Entry
	size    int
	report  Report
	doubted []string
}

// entry packs an entry behind those before it. Organizations and locations come before
// the services that refer to them: a location is hidden until a service is given there.
func (h *handing) entry(e hsds.Entry) {
	text, err := hsds.Encode(e.Document)
	entry := Entry{Kind: e.Kind, Partial: e.Partial, Document: text, id: e.ID, path: e.Path}
	size := len(text) + 100
	if err != nil || size > maxPart {
		h.reject(entry, hsds.Issue{Path: e.Path, ID: e.ID, Rule: "is too large for one request"})
		return
	}
	last := len(h.parts) - 1
	if last < 0 || h.size+size > maxPart || len(h.parts[last]) == maxEntries || rank(h.parts[last][0].Kind) != rank(e.Kind) {
		h.parts, h.size, last = append(h.parts, nil), 0, last+1
	}
	h.parts[last], h.size = append(h.parts[last], entry), h.size+size
}

// rank orders the kinds: what is referred to comes first.
func rank(k code.EntryKind) int {
	if k == code.EntryService {
		return 1
	}
	return 0
}

// reject tells of an entry that was not taken, and doubts what it was about.
func (h *handing) reject(e Entry, i hsds.Issue) {
	h.report.Rejected = append(h.report.Rejected, i)
	h.doubted = append(h.doubted, e.id)
	if s, err := hsds.ParseService(e.Document); err == nil && e.Kind == code.EntryService {
		for _, p := range s.At {
			if p.LocationID != "" {
				h.doubted = append(h.doubted, p.LocationID)
			}
		}
	}
}

func (h *handing) hand(ctx context.Context, show func(done, total int, of string)) error {
	slices.SortStableFunc(h.parts, func(a, b []Entry) int { return cmp.Compare(rank(a[0].Kind), rank(b[0].Kind)) })
	for i, part := range h.parts {
		show(i, len(h.parts), part[0].path)
		slices.Sort(h.doubted)
		h.doubted = slices.Compact(h.doubted)
		for _, body := range split(part, h.doubted) {
			if len(body.Doubted) > maxIDs {
				return errDoubt
			}
			report, err := h.n.Import(ctx, body)
			if err != nil {
				return fmt.Errorf("%s: %w", body.Entries[0].path, err)
			}
			h.add(body, report)
		}
	}
	return nil
}

// split makes room for the entries in doubt: each request names all of them.
func split(part []Entry, doubted []string) []Body {
	room := maxPart - 40*len(doubted)
	var bodies []Body
	size := 0
	for _, e := range part {
		if n := len(e.Document) + 100; len(bodies) == 0 || size+n > room {
			bodies, size = append(bodies, Body{Doubted: doubted}), 0
		}
		last := &bodies[len(bodies)-1]
		last.Entries, size = append(last.Entries, e), size+len(e.Document)+100
	}
	return bodies
}

// add adds a report with the places that the files know.
func (h *handing) add(body Body, r Report) {
	rejected, notes := r.Rejected, r.Notes
	r.Rejected, r.Notes = nil, nil
	h.report.add(r)
	for _, i := range notes {
		if !slices.ContainsFunc(h.report.Notes, func(n hsds.Issue) bool { return n.ID == i.ID && n.Field == i.Field && n.Rule == i.Rule }) {
			i.Path, _ = place(body, i.Path)
			h.report.Notes = append(h.report.Notes, i) // the others were made here
		}
	}
	for _, i := range rejected {
		var e Entry
		i.Path, e = place(body, i.Path)
		h.reject(e, i)
	}
}

func place(body Body, path string) (string, Entry) {
	var n int
	if _, err := fmt.Sscanf(path, "entries/%d", &n); err != nil || n < 0 || n >= len(body.Entries) {
		return path, Entry{}
	}
	e := body.Entries[n]
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "entries/"), "/")
	return strings.TrimSuffix(e.path+"/"+rest, "/"), e
}
