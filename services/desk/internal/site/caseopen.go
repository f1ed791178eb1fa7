package site

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// opened are what a case is opened with beyond what it needs, the safest contact first. All
// of it may stay empty, and can be written later.
var opened = []string{"contact", "name", "happened", "incident", "survivor", "narrative", "must_not_meet"}

// doors are the choices of a person that hold for the next case, too: of their desk, and of
// nobody who came to it.
var doors = []string{"/channel", "/country", "/programme"}

// opening is the form of a new case: what is required first, the rest behind "more".
type opening struct {
	sheet
	Least, More []form.Field
	// Door is the channel of the page; empty for any.
	Door string
	// Wide says that more was written, or refused, and must be seen.
	Wide bool
}

// askOpen is the page of a door, or of any door. A door of its own is chosen by its address,
// which says nothing of her.
func (s *Site) askOpen(v *visit) (templ.Component, error) {
	door, err := v.door()
	if err != nil {
		return nil, err
	}
	if !anyOf("caseworker")(v) {
		return nil, errNowhere
	}
	o := v.site.cfg.Client.Contract().Operations["openCase"]
	f := v.form(o)
	f.Values = url.Values{}
	for _, at := range doors {
		f.Values.Set(at, v.S.Last[at])
	}
	f.Values.Set("/programme", cmp.Or(f.Values.Get("/programme"), v.S.Programme))
	country, err := v.country()
	if err != nil {
		return nil, err
	}
	f.Values.Set("/country", cmp.Or(f.Values.Get("/country"), country))
	if only := f.Choose["/programme"]; len(only) == 1 {
		f.Values.Set("/programme", only[0].Value)
	}
	return caseOpenPage(v, sorted(f, door, sheet{Op: o, Key: newKey()})), nil
}

// door is the channel of the address; empty for any.
func (v *visit) door() (string, error) {
	door := v.PathValue("channel")
	if door != "" && !slices.Contains(v.channels(), door) {
		return "", errNowhere
	}
	return door, nil
}

// channels are all doors.
func (v *visit) channels() []string {
	return v.contract().Operations["openCase"].Body.Property("channel").Enum
}

func (s *Site) doOpen(v *visit) (templ.Component, error) {
	door, err := v.door()
	if err != nil {
		return nil, err
	}
	o := v.site.cfg.Client.Contract().Operations["openCase"]
	f := v.form(o)
	if door != "" {
		f.Values.Set("/channel", door)
	}
	sh := sheet{Op: o, Key: v.FormValue(keyField)}
	if v.Form.Has(form.Add) {
		return caseOpenPage(v, sorted(f, door, sh)), nil
	}
	answer, err := v.send(o, sh, f)
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, sh.Problem, sh.Key = p, p, nextKey(sh.Key, p)
			return caseOpenPage(v, sorted(f, door, sh))
		})
	}
	for _, at := range doors {
		s.cfg.Sessions.Remember(v.Request, at, f.Values.Get(at))
	}
	on := "/desk/cases/" + url.PathEscape(path.Base(answer.Location))
	if door != "" {
		on += "/asks"
	}
	return v.to(with(on, "done", o.ID))
}

// sorted sorts the fields: what the contract requires first. The page of a door does not ask for it.
func sorted(f form.Form, door string, sh sheet) opening {
	one := opening{sheet: sh, Door: door}
	for _, field := range f.Fields() {
		switch {
		case door != "" && field.Name == "/channel":
		case field.Required:
			one.Least = append(one.Least, field)
		default:
			one.More = append(one.More, field)
			one.Wide = one.Wide || field.Used()
		}
	}
	slices.SortStableFunc(one.More, func(a, b form.Field) int {
		return slices.Index(opened, strings.TrimPrefix(a.Name, "/")) - slices.Index(opened, strings.TrimPrefix(b.Name, "/"))
	})
	return one
}

// country is that of the person's agency: as their token says, or as the directory does.
func (v *visit) country() (string, error) {
	if v.S.Country != "" {
		return v.S.Country, nil
	}
	var own struct {
		Country string `json:"country"`
	}
	if _, err := v.get("getAgency", v.S.Agency, nil, &own); err != nil && lost(err) {
		return "", err
	}
	return own.Country, nil // a desk need not be in the directory
}

// countries are all countries by their names in the language of the page.
func countries(v *visit) ([]form.Option, error) {
	schema := v.site.cfg.Client.Contract().Operations["openCase"].Body.Property("country")
	var all []form.Option
	for _, code := range schema.Enum {
		all = append(all, form.Option{Value: code, Label: v.W.Code(schema.Name, code)})
	}
	slices.SortStableFunc(all, func(a, b form.Option) int { return cmp.Compare(a.Label, b.Label) })
	return all, nil
}

// programmes are those in force, with their countries. Where the service does not tell them,
// people type.
func programmes(v *visit) ([]form.Option, error) {
	in, err := v.programmes()
	if err != nil {
		return nil, err
	}
	schema := v.contract().Operations["openCase"].Body.Property("country")
	var all []form.Option
	for _, p := range in {
		all = append(all, form.Option{Value: p.Programme, Label: isolate(p.Programme + ", " + v.W.Code(schema.Name, p.Country))})
	}
	return all, nil
}

// colleagues are the people on the register of the person's agency.
func colleagues(v *visit) ([]form.Option, error) {
	var page struct {
		Items []colleague `json:"items"`
	}
	if _, err := v.get("listWorkers", "", url.Values{"limit": {"200"}}, &page); err != nil {
		return nil, err
	}
	var all []form.Option
	for _, w := range page.Items {
		label := w.Subject
		if !w.AbsentUntil.IsZero() {
			label = v.W.T("case.away", "Person", w.Subject, "At", v.at(w.AbsentUntil))
		}
		all = append(all, form.Option{Value: w.Subject, Label: label})
	}
	return all, nil
}

// ownCases are the cases that the person has, but for the one of the address.
func ownCases(v *visit) ([]form.Option, error) {
	var page struct {
		Items []kase `json:"items"`
	}
	if _, err := v.get("listCases", "", url.Values{"mine": {"true"}, "limit": {"200"}}, &page); err != nil {
		return nil, err
	}
	var all []form.Option
	for _, k := range page.Items {
		if k.ID != v.PathValue("id") && k.MergedInto == "" {
			all = append(all, form.Option{Value: k.ID, Label: v.W.T("case.one", "Reference", k.Reference) + ", " + v.at(k.OpenedAt)})
		}
	}
	return all, nil
}

// colleague is somebody on the register.
type colleague struct {
	Subject     string    `json:"subject"`
	AbsentUntil time.Time `json:"absent_until"`
}
