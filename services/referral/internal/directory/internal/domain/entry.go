package domain

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

// Entry is an organization, a service, a location, a taxonomy or a term, as
// its publisher handed it in.
type Entry struct {
	Listed referralv1.DirectoryListed
	// Text is the entry's HSDS document.
	Text json.RawMessage

	// Only the one of the entry's kind is set.
	Organization *hsds.Organization
	Service      *hsds.Service
	Location     *hsds.Location
}

// Listing is the private half of DirectoryListed.
type Listing struct {
	Document json.RawMessage `json:"document"`
}

// List is what a delivery says of an entry, with what belongs to it.
type List struct {
	Kind code.EntryKind
	ID   string
	// Document holds what is to be added or changed; nothing for an entry that
	// is only looked at again, because something around it changed.
	Document map[string]any
	// What belongs to the entry: its organization, for a service its locations,
	// for a location the services that are given there.
	Organization look.Fresh[Entry]
	Locations    []look.Fresh[Entry]
	Given        []look.Fresh[Entry]
	// Doubted says that something was not taken that may have been about the entry.
	Doubted bool
	// Owner is the organization as it stands before the delivery.
	Owner look.Fresh[Entry]
	// Homes are the countries in which the agencies are registered to which the entry
	// belongs, before the delivery and after it; empty for one that nobody registered.
	Homes map[string]look.Fresh[code.Country]
}

// List adds an entry, or changes it, in the country of the coordinator. The same
// again changes nothing. An entry that is only looked at again may be another
// country's: a location hides when a safe house moves in, also when another country handed that in.
func (e Entry) List(by fact.By, cmd List) ([]fact.Event, error) {
	if err := MayImport(by); err != nil {
		return nil, err
	}
	cmd.Document, _ = hsds.Arrived(cmd.Document, by.At)
	next, err := e.With(cmd.Kind, cmd.ID, cmd.Document)
	if err != nil {
		return nil, err
	}
	listed := next.listed(cmd)
	if cmd.Doubted && next.Location != nil && next.Location.Stated() == "" {
		// A safe house may be there that could not be read: it is not opened further.
		was := code.VisibleNobody
		if e.Exists() {
			was = e.Listed.Visibility
		}
		if listed.Visibility = hsds.Strictest(listed.Visibility, was); listed.Visibility == code.VisibleNobody {
			listed.Country = ""
		}
	}
	listed.Coordination = e.Listed.Coordination
	alike := bytes.Equal(next.Text, e.Text) && same(listed, e.Listed)
	if cmd.Document != nil && (!alike || !e.word()) {
		if err := e.belongs(by, cmd, listed.Agency); err != nil {
			return nil, err
		}
		listed.Coordination = code.Country(by.Country)
		alike = alike && listed.Coordination == e.Listed.Coordination
	}
	if alike {
		return nil, nil
	}
	return fact.With(listed, Listing{Document: next.Text}), nil
}

// same compares as events are kept: no list and an empty list are the same.
func same(a, b referralv1.DirectoryListed) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// With is the entry as a delivery leaves it, before it is listed.
func (e Entry) With(kind code.EntryKind, id string, document map[string]any) (Entry, error) {
	if document == nil {
		return e, nil
	}
	text, err := hsds.Encode(hsds.Merge(hsds.Document(e.Text), document))
	return Entry{Listed: referralv1.DirectoryListed{Kind: kind, Entry: id}}.read(text), err
}

// listed is what everybody on the network may know of the entry.
func (e Entry) listed(around List) referralv1.DirectoryListed {
	l := referralv1.DirectoryListed{Kind: around.Kind, Entry: around.ID, Visibility: code.VisiblePublic}
	if o := around.Organization.Value().Organization; o != nil {
		l.Organization, l.Agency = o.ID, o.Agency()
	}
	switch {
	case e.Organization != nil:
		l.Organization, l.Agency, l.Visibility = e.Organization.ID, e.Organization.Agency(), e.Organization.Visibility()
	case e.Service != nil:
		s := *e.Service
		l.Services, l.Sexes, l.Situations, l.Accessibility = s.Kinds(), s.Sexes(), s.Situations(), s.Accessibility()
		l.Visibility = s.Visibility()
		l.Country = country(s, around.Locations)
	case e.Location != nil:
		l.Accessibility = e.Location.Accessibility()
		var given []hsds.Service
		for _, s := range around.Given {
			given = append(given, *s.Value().Service)
		}
		l.Visibility = e.Location.Visibility(given)
		if l.Visibility != code.VisibleNobody {
			l.Country = e.Location.Country()
		}
	}
	return l
}

// country is where a service is given, when that is one.
func country(s hsds.Service, places []look.Fresh[Entry]) code.Country {
	var list []code.Country
	for _, area := range s.AreaCodes() {
		list = append(list, code.Country(area[:2]))
	}
	for _, l := range places {
		if c := l.Value().Country(); c != "" {
			list = append(list, code.Country(c))
		}
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) == 1 {
		return list[0]
	}
	return ""
}

// read is the entry with a document. A document was checked before it was
// taken. One that cannot be read all the same leaves the entry without its data
// for matching.
func (e Entry) read(text json.RawMessage) Entry {
	e.Text, e.Organization, e.Service, e.Location = text, nil, nil, nil
	switch e.Listed.Kind {
	case code.EntryOrganization:
		if o, err := hsds.ParseOrganization(text); err == nil {
			e.Organization = &o
		}
	case code.EntryService:
		if s, err := hsds.ParseService(text); err == nil {
			e.Service = &s
		}
	case code.EntryLocation:
		if l, err := hsds.ParseLocation(text); err == nil {
			e.Location = &l
		}
	case code.EntryTaxonomy, code.EntryTerm:
	}
	return e
}

// Exists says whether the entry was ever listed.
func (e Entry) Exists() bool { return e.Listed.Entry != "" }

// HiddenByDefault says whether the entry is a location that is hidden without
// its publisher having said so.
func (e Entry) HiddenByDefault() bool {
	return e.Location != nil && e.Location.Stated() == "" && e.Listed.Visibility == code.VisibleNobody
}

// Case is empty: the directory belongs to no case.
func (e Entry) Case() string { return "" }

// Visible says who may know that there is the entry: its own agency and the
// coordinators of the country that handed it in always, others by its visibility.
// Publication checks again what they read of it.
func (e Entry) Visible(by fact.By) bool {
	return by.Agency != "" && e.kept(by) == nil || Sees(by, e.Listed.Visibility, e.Listed.Agency)
}

// Closed is never.
func (e Entry) Closed() bool { return false }

// Deadlines are none.
func (e Entry) Deadlines() []fact.Deadline { return nil }

// Evolve is the entry after an event.
func (e Entry) Evolve(f fact.Event) Entry {
	switch d := f.Data.(type) {
	case referralv1.DirectoryListed:
		p, _ := f.Private.(Listing)
		e.Listed = d
		return e.read(arrived(p.Document, f.At))
	case referralv1.CapacityReported:
		p, _ := f.Private.(Count)
		document := hsds.Counted(hsds.Document(e.Text), hsds.Document(p.Capacity))
		if text, err := hsds.Encode(document); err == nil {
			return e.read(text)
		}
	}
	return e
}

// arrived is a document that an earlier release took with a count from the future.
func arrived(text json.RawMessage, at time.Time) json.RawMessage {
	if at.IsZero() || !bytes.Contains(text, []byte(`"capacities"`)) {
		return text
	}
	if document, future := hsds.Arrived(hsds.Document(text), at); future {
		if again, err := hsds.Encode(document); err == nil {
			return again
		}
	}
	return text
}

// Sees says whether an actor may see what has a visibility and belongs to an
// agency. A reader without a token sees what is public. Nobody sees what is
// hidden, and no role opens it.
func Sees(by fact.By, v code.Visibility, agency string) bool {
	switch v {
	case code.VisiblePublic:
		return true
	case code.VisibleNetwork:
		return by.Agency != ""
	case code.VisibleAssigned:
		return by.Agency != "" && by.Agency == agency
	case code.VisibleNobody:
	}
	return false
}

// Tier names the readers of what has a visibility and belongs to an agency; empty
// for none. It is one of the Tiers of each actor who Sees it.
func Tier(v code.Visibility, agency string) string {
	switch v {
	case code.VisiblePublic, code.VisibleNetwork:
		return string(v)
	case code.VisibleAssigned:
		if agency != "" {
			return string(v) + "/" + agency
		}
	case code.VisibleNobody:
	}
	return ""
}

// Tiers are those of a reader. Nothing is in two of them.
func Tiers(by fact.By) []string {
	if by.Agency == "" {
		return []string{string(code.VisiblePublic)}
	}
	return []string{string(code.VisiblePublic), string(code.VisibleNetwork), Tier(code.VisibleAssigned, by.Agency)}
}
