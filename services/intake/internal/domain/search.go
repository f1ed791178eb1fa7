package domain

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/name"
)

// Search is the command that looks for a case at one's own desk, by its reference or by
// her name. Nothing of what it looks for is kept.
type Search struct {
	Reference string            `json:"reference,omitempty"`
	Name      string            `json:"name,omitempty"`
	Reason    code.SearchReason `json:"reason"`
}

// Kind is by what the search looks (ErrSearch).
func (s Search) Kind() (code.SearchKind, error) {
	if err := known("/reason", s.Reason, code.SearchReasons); err != nil {
		return "", err
	}
	switch {
	case s.Name == "" && s.Spoken() != "":
		return code.ByReference, nil
	case s.Name == "" && s.Reference != "":
		return "", ErrSearch.At("/reference", "eight letters and digits, as they were read out")
	case s.Reference == "" && name.Folded(s.Name) != "":
		return code.ByName, nil
	}
	return "", ErrSearch.At("/name", "a name or a reference, and one of them")
}

// Spoken is the reference as it is written here; empty where it is none.
func (s Search) Spoken() string { return ReadReference(s.Reference) }

// Finds says whether the search finds a case of whom the searcher acts for: by reference
// an open or a closed one, by name an open one. A restricted case is never found.
func (s Search) Finds(c Case) bool {
	switch {
	case !c.findable():
		return false
	case s.Reference != "":
		return c.Reference() == s.Spoken()
	}
	return !c.Closed() && name.Same(s.Name, c.Name)
}

// SearchesPrefix begins the identifier of what one person searched for.
const SearchesPrefix = "searches"

// SearchesOf names the record of the searches of a worker.
func SearchesOf(worker string) string { return fact.Rename(SearchesPrefix, worker) }

// Searches is that one person of a desk searched, when, by what and why. It does not hold
// what they searched for.
type Searches struct {
	Agency string
	Made   []Searched
}

// Searched is one search.
type Searched struct {
	At     time.Time         `json:"at"`
	By     string            `json:"by"`
	Kind   code.SearchKind   `json:"kind"`
	Reason code.SearchReason `json:"reason"`
}

// Searcher is the private half of a search: who searched, as their token names them.
type Searcher struct {
	By string `json:"by"`
}

// Note records a search, before anything is looked for.
func (Searches) Note(by fact.By, s Search) ([]fact.Event, error) {
	kind, err := s.Kind()
	if err != nil {
		return nil, err
	}
	return fact.With(
		intakev1.CasesSearched{Agency: by.Agency, Worker: Self(by).Owner, Kind: kind, Reason: s.Reason},
		Searcher{By: by.Principal},
	), nil
}

// Evolve is the searches after an event.
func (s Searches) Evolve(e fact.Event) Searches {
	if d, ok := e.Data.(intakev1.CasesSearched); ok {
		who, _ := e.Private.(Searcher)
		s.Agency = d.Agency
		s.Made = append(slices.Clip(s.Made), Searched{At: e.At, By: who.By, Kind: d.Kind, Reason: d.Reason})
	}
	return s
}

// Case is empty: a search belongs to no case, and says nothing of one.
func (s Searches) Case() string { return "" }

// Visible is for the network alone.
func (s Searches) Visible(by fact.By) bool { return by.System() }

// Closed is always: it is in memory only while somebody searches or reviews.
func (s Searches) Closed() bool { return true }

// Deadlines is empty.
func (s Searches) Deadlines() []fact.Deadline { return nil }

// View shows nothing: a use case shows it to supervisors.
func (s Searches) View(fact.By) any { return struct{}{} }

// SearchesByAgency lists who of an agency searched.
var SearchesByAgency = image.List[Searches]{Keys: func(s Searches) []string { return []string{fact.Key(s.Agency)} }}

// OpenStatuses are those of cases whose names are searched.
var OpenStatuses = []code.CaseStatus{code.CaseOpen, code.CaseFinished}

// Latest is a part of the searches of several people, the latest first: at most limit of
// the first ones in time, and the cursor of what is left behind them.
func Latest(all []Searched, first, limit int) (page []Searched, next string) {
	slices.SortStableFunc(all, func(a, b Searched) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.By, b.By)) })
	first = min(first, len(all))
	before := max(first-limit, 0)
	page = append([]Searched{}, all[before:first]...)
	slices.Reverse(page)
	if before > 0 {
		next = strconv.Itoa(before)
	}
	return page, next
}
