// Package app holds the use cases of the directory that need more than one record:
// a delivery, a match, and what the loop needs of an agency. It decides nothing
// itself, and refuses to hold a rule.
package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/hsds"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

// Directory is the records of the directory, and what countries decide of clinical
// and forensic windows.
type Directory struct {
	*shelf.Shelf
	Programmes programme.Set
}

// Asked is what holds where an agency is asked for a service.
func (d Directory) Asked(ctx context.Context, agency string, s code.Service) (look.Fresh[domain.Asked], error) {
	known, err := d.Agencies.Fresh(ctx, agency)
	return look.As(known, func(a domain.Agency) domain.Asked { return a.Asked(s) }), err
}

// Home is the country in which an agency is registered; empty when it is not.
func (d Directory) Home(ctx context.Context, agency string) (look.Fresh[code.Country], error) {
	known, err := d.Agencies.Fresh(ctx, agency)
	return look.As(known, func(a domain.Agency) code.Country { return a.Country }), err
}

// Import is a delivery of HSDS, or a part of one.
type Import struct {
	// Documents are objects of HSDS, pages or arrays of them, or tables as JSON.
	Documents []json.RawMessage `json:"documents"`
	// Tables are CSV texts by the name of their file.
	Tables map[string]string `json:"tables"`
	// Entries are those of a delivery that was judged as a whole before.
	Entries []Given `json:"entries"`
	// Doubted are entries of which another part of the same delivery could not be read.
	Doubted []string `json:"doubted"`
}

// Given is one entry of a delivery that was judged as a whole. Partial says that it adds
// to an entry that is there.
type Given struct {
	Kind     code.EntryKind  `json:"kind"`
	Partial  bool            `json:"partial,omitempty"`
	Document json.RawMessage `json:"document"`
}

func (in Import) delivery() hsds.Delivery {
	d := hsds.Delivery{Doubted: in.Doubted}
	for i, text := range in.Documents {
		d.Documents = append(d.Documents, hsds.Source{Path: "documents/" + strconv.Itoa(i), Text: text})
	}
	if len(in.Tables) > 0 {
		d.Folders = []hsds.Folder{{Tables: in.Tables}}
	}
	for i, e := range in.Entries {
		d.Entries = append(d.Entries, hsds.Entry{Kind: e.Kind, Path: "entries/" + strconv.Itoa(i), Document: hsds.Handed(e.Document), Partial: e.Partial})
	}
	return d
}

// Report is the outcome of a delivery, with a line for each row that was not
// taken.
type Report struct {
	Taken     int          `json:"taken"`
	Unchanged int          `json:"unchanged"`
	Rejected  []hsds.Issue `json:"rejected"`
	Notes     []hsds.Issue `json:"notes"`
}

// Import takes what can be taken of a delivery. An entry is taken whole or not
// at all; what a delivery does not mention stays. A delivery that would change an
// entry of another country is refused whole: what the others of it say may rest on
// that entry.
func (d Directory) Import(ctx context.Context, by fact.By, in Import) (Report, error) {
	if err := domain.MayImport(by); err != nil {
		return Report{}, err
	}
	known := held{ctx: ctx, d: d}
	batch := hsds.Read(in.delivery(), &known)
	if known.err != nil {
		return Report{}, known.err // what a delivery refers to cannot be read now
	}
	report := Report{Rejected: orNone(batch.Rejected), Notes: orNone(batch.Notes)}
	w := writing{d: d, doubted: batch.Doubted, batch: map[code.EntryKind]map[string]hsds.Entry{}}
	for _, e := range batch.Entries {
		if w.batch[e.Kind] == nil {
			w.batch[e.Kind] = map[string]hsds.Entry{}
		}
		w.batch[e.Kind][e.ID] = e
		if _, future := hsds.Arrived(e.Document, by.At); future {
			report.Notes = append(report.Notes, hsds.Issue{Path: e.Path, ID: e.ID, Field: "capacities", Rule: "has a count from the future: it counts from its arrival"})
		}
	}
	if err := w.may(ctx, by, batch.Entries); err != nil {
		return Report{}, err
	}
	for _, e := range batch.Entries {
		now, changed, err := w.list(ctx, e.Kind, e.ID)
		if err != nil {
			return report, err
		}
		if !changed {
			report.Unchanged++
			continue
		}
		report.Taken++
		if now.HiddenByDefault() {
			report.Notes = append(report.Notes, hsds.Issue{Path: e.Path, ID: e.ID, Rule: ruleHidden})
		}
	}
	return report, w.around(ctx)
}

// Lookup asks what the directory holds under some identifiers, so that a delivery can be
// judged as a whole before a part of it is handed in.
type Lookup struct {
	IDs []string `json:"ids"`
}

// Found is what the directory holds, without what an entry says.
type Found struct {
	Items []Item `json:"items"`
}

// Item is an entry of the directory, or a service at a location, which has no kind. Of a
// term and a taxonomy it says by which words they go.
type Item struct {
	ID       string         `json:"id"`
	Kind     code.EntryKind `json:"kind,omitempty"`
	Service  string         `json:"service,omitempty"`
	Taxonomy string         `json:"taxonomy,omitempty"`
	Code     string         `json:"code,omitempty"`
}

// Lookup says what the directory holds.
func (d Directory) Lookup(ctx context.Context, by fact.By, in Lookup) (Found, error) {
	if err := domain.MayImport(by); err != nil {
		return Found{}, err
	}
	known, found := held{ctx: ctx, d: d}, Found{Items: []Item{}}
	for _, id := range in.IDs {
		id = strings.ToLower(id)
		for _, kind := range code.EntryKinds {
			if !known.Has(kind, id) {
				continue
			}
			item := Item{ID: id, Kind: kind}
			switch kind {
			case code.EntryTerm:
				item.Taxonomy, item.Code, _ = known.Term(id)
			case code.EntryTaxonomy:
				item.Taxonomy, _ = known.Taxonomy(id)
			case code.EntryOrganization, code.EntryService, code.EntryLocation:
			}
			found.Items = append(found.Items, item)
		}
		if service, ok := known.ServiceOf(id); ok {
			found.Items = append(found.Items, Item{ID: id, Service: service})
		}
	}
	return found, known.err
}

const ruleHidden = "is hidden: it is not stated otherwise, and a safe house is there, or nobody says what is"

func orNone(list []hsds.Issue) []hsds.Issue {
	if list == nil {
		return []hsds.Issue{}
	}
	return list
}

// writing is one import under way.
type writing struct {
	d     Directory
	batch map[code.EntryKind]map[string]hsds.Entry
	// doubted are the entries that something may have been about that was not taken.
	doubted []string
	// services and locations are those with a change in what belongs to them.
	services, locations []string
}

// may refuses the delivery, and names the row, when one of its entries cannot be
// listed. Nothing was written then.
func (w *writing) may(ctx context.Context, by fact.By, entries []hsds.Entry) error {
	for _, e := range entries {
		before, err := w.d.Kind(e.Kind).Fresh(ctx, e.ID)
		if err != nil {
			return err
		}
		cmd, err := w.surroundings(ctx, e.Kind, e.ID)
		if err != nil {
			return err
		}
		_, err = before.Value().List(by, cmd)
		if f, ok := errors.AsType[*fault.Error](err); ok {
			err = f.At("/"+e.Path, "of the country of the token")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// list writes one entry and keeps what that concerns.
func (w *writing) list(ctx context.Context, kind code.EntryKind, id string) (now domain.Entry, changed bool, err error) {
	records := w.d.Kind(kind)
	before, err := records.Fresh(ctx, id)
	if err != nil {
		return now, false, err
	}
	cmd, err := w.surroundings(ctx, kind, id)
	if err != nil {
		return now, false, err
	}
	changed = true // a request that comes again is answered as it was the first time
	res, err := records.Execute(ctx, id, func(e domain.Entry, by fact.By) ([]fact.Event, error) {
		events, err := e.List(by, cmd)
		changed = len(events) > 0
		return events, err
	})
	if err != nil {
		return now, false, err
	}
	now = res.State
	if now.Listed.Agency != before.Value().Listed.Agency && kind == code.EntryOrganization {
		if err := w.also(ctx, domain.ByOrganization.Of(id)); err != nil {
			return now, false, err
		}
	}
	if now.Country() != before.Value().Country() {
		if err := w.also(ctx, domain.ByLocation.Of(id)); err != nil {
			return now, false, err
		}
	}
	w.locations = append(append(w.locations, before.Value().At()...), now.At()...)
	return now, changed, nil
}

// also notes services with a change around them.
func (w *writing) also(ctx context.Context, in image.Part[domain.Entry]) error {
	services, err := w.d.Services.FreshIn(ctx, in)
	w.services = append(w.services, services.Value()...)
	return err
}

// around looks again at what lies around the entries that were written: a
// location hides when a safe house moves in.
func (w *writing) around(ctx context.Context) error {
	ctx = record.Step(ctx, "around")
	again := func(kind code.EntryKind, ids []string) error {
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			e, err := w.d.Kind(kind).Fresh(ctx, id)
			if err != nil {
				return err
			}
			id := e.Value().Listed.Entry
			if _, written := w.batch[kind][id]; written || id == "" {
				continue
			}
			if _, _, err := w.list(ctx, kind, id); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.Join(again(code.EntryService, w.services), again(code.EntryLocation, w.locations))
}

// next is an entry as this import leaves it.
func (w *writing) next(ctx context.Context, kind code.EntryKind, id string) (look.Fresh[domain.Entry], error) {
	e, err := w.d.Kind(kind).Fresh(ctx, id)
	if err != nil {
		return e, err
	}
	next := look.As(e, func(e domain.Entry) domain.Entry {
		e, err = e.With(kind, id, w.batch[kind][id].Document)
		return e
	})
	return next, err
}

// surroundings finds what an entry's listing depends on besides itself.
func (w *writing) surroundings(ctx context.Context, kind code.EntryKind, id string) (domain.List, error) {
	cmd := domain.List{Kind: kind, ID: id, Document: w.batch[kind][id].Document, Doubted: slices.Contains(w.doubted, id)}
	e, err := w.next(ctx, kind, id)
	if err != nil {
		return cmd, err
	}
	if owner := e.Value().Owner(); owner != "" {
		if cmd.Organization, err = w.next(ctx, code.EntryOrganization, owner); err != nil {
			return cmd, err
		}
		if cmd.Owner, err = w.d.Organizations.Fresh(ctx, owner); err != nil {
			return cmd, err
		}
	}
	for _, at := range e.Value().At() {
		l, err := w.next(ctx, code.EntryLocation, at)
		if err != nil {
			return cmd, err
		}
		cmd.Locations = append(cmd.Locations, l)
	}
	if cmd.Homes, err = w.homes(ctx, kind, id, e.Value().Of(cmd.Organization)); err != nil {
		return cmd, err
	}
	if kind == code.EntryLocation {
		cmd.Given, err = w.given(ctx, id)
	}
	return cmd, err
}

// homes are the countries of the agencies to which an entry belongs before this
// import and after it.
func (w *writing) homes(ctx context.Context, kind code.EntryKind, id, after string) (map[string]look.Fresh[code.Country], error) {
	before, err := w.d.Kind(kind).Fresh(ctx, id)
	if err != nil {
		return nil, err
	}
	homes := map[string]look.Fresh[code.Country]{}
	for _, agency := range []string{before.Value().Listed.Agency, after} {
		if agency == "" {
			continue
		}
		if homes[agency], err = w.d.Home(ctx, agency); err != nil {
			return nil, err
		}
	}
	return homes, nil
}

// given are the services that this import leaves at a location. One in quarantine
// may be a safe house there.
func (w *writing) given(ctx context.Context, location string) ([]look.Fresh[domain.Entry], error) {
	if !w.d.Services.Complete() {
		return nil, record.ErrQuarantined
	}
	there, err := w.d.Services.FreshIn(ctx, domain.ByLocation.Of(location))
	if err != nil {
		return nil, err
	}
	ids := slices.Concat(slices.Collect(maps.Keys(w.batch[code.EntryService])), there.Value())
	slices.Sort(ids)
	var list []look.Fresh[domain.Entry]
	for _, id := range slices.Compact(ids) {
		s, err := w.next(ctx, code.EntryService, strings.TrimPrefix(id, "svc_"))
		if err != nil {
			return nil, err
		}
		if slices.Contains(s.Value().At(), location) {
			list = append(list, s)
		}
	}
	return list, nil
}

// held is what the directory holds, as a delivery refers to it.
type held struct {
	ctx context.Context // of the one import
	d   Directory
	// err is the first failed read. An entry that seems to be missing then may be
	// there.
	err error
}

func (h *held) get(records *record.Records[domain.Entry], id string) (domain.Entry, bool) {
	e, err := records.Fresh(h.ctx, id)
	h.err = cmp.Or(h.err, err)
	return e.Value(), err == nil && e.Value().Exists()
}

// Has says whether there is an entry.
func (h *held) Has(kind code.EntryKind, id string) bool {
	_, ok := h.get(h.d.Kind(kind), id)
	return ok
}

// Term is a term by its identifier.
func (h *held) Term(id string) (taxonomy, word string, ok bool) {
	e, ok := h.get(h.d.Terms, id)
	if !ok {
		return "", "", false
	}
	taxonomy, word = e.Term()
	return taxonomy, word, true
}

// Taxonomy is the name of a taxonomy by its identifier.
func (h *held) Taxonomy(id string) (string, bool) {
	e, ok := h.get(h.d.Taxonomies, id)
	name, _ := hsds.Document(e.Text)["name"].(string)
	return name, ok
}

// At are the locations at which a service is given.
func (h *held) At(service string) []string {
	e, _ := h.get(h.d.Services, service)
	return e.At()
}

// ServiceOf is the service that is given at a place.
func (h *held) ServiceOf(place string) (string, bool) {
	ids, err := h.d.Services.FreshIn(h.ctx, domain.ByPlace.Of(place))
	h.err = cmp.Or(h.err, err)
	if len(ids.Value()) != 1 {
		return "", false
	}
	e, ok := h.get(h.d.Services, ids.Value()[0])
	return e.Listed.Entry, ok
}
