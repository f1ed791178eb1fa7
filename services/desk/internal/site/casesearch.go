package site

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// searched is what a search found. Nil is before one.
type searched struct {
	sheet
	Found []kase
	Done  bool
}

// searchFields ask why first: a search without a reason is none.
func searchFields(f form.Form) []form.Field {
	fields := f.Fields()
	slices.SortStableFunc(fields, func(a, b form.Field) int {
		switch {
		case a.Name == "/reason":
			return -1
		case b.Name == "/reason":
			return 1
		}
		return 0
	})
	return fields
}

func (s *Site) askSearch(v *visit) (templ.Component, error) {
	if !anyOf(atCases...)(v) {
		return nil, errNowhere
	}
	o := v.site.cfg.Client.Contract().Operations["searchCases"]
	return searchPage(v, searched{sheet: sheet{Op: o, Key: newKey(), Fields: searchFields(v.form(o))}}), nil
}

// doSearch answers with what was found. The page does not repeat what was searched for, and
// no address has it.
func (s *Site) doSearch(v *visit) (templ.Component, error) {
	o := v.site.cfg.Client.Contract().Operations["searchCases"]
	one := searched{sheet: sheet{Op: o, Key: v.PostFormValue(keyField)}}
	f := v.form(o)
	var found struct {
		Items []kase `json:"items"`
	}
	answer, err := v.send(o, one.sheet, f)
	if err == nil {
		err = answer.Into(&found)
	}
	one.Key = newKey()
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, one.Problem = p, p
			one.Fields = searchFields(f)
			return searchPage(v, one)
		})
	}
	f.Values.Del("/name")
	f.Values.Del("/reference")
	one.Found, one.Done, one.Fields = found.Items, true, searchFields(f)
	return searchPage(v, one), nil
}

// caseSearch is that somebody of the desk searched.
type caseSearch struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Kind   string    `json:"kind"`
	Reason string    `json:"reason"`
}

// searches shows a supervisor who searched, and why.
func (s *Site) searches(v *visit) (templ.Component, error) {
	var page struct {
		Items []caseSearch `json:"items"`
	}
	next, err := v.leaf("listSearches", "", nil, &page)
	if err != nil {
		return nil, err
	}
	return searchesPage(v, page.Items, next), nil
}
