package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// caseParts are what is written in a case, in the order in which people read it. Her contact
// stands on top of the page.
var caseParts = []string{"name", "survivor", "happened", "incident", "narrative", "must_not_meet"}

const (
	// removeField is the button that leaves the part without anything.
	removeField = "remove"
	// heldField says that something was written in the part.
	heldField = "held"
)

// amending is the form of one part, with what is written there now.
type amending struct {
	sheet
	Part string
	Held bool
	// Asks says that the page of what to ask next comes after it.
	Asks bool
}

// Action is where the form is sent.
func (a amending) Action() string {
	if a.Asks {
		return caseAmendPath(a.ID, a.Part) + "?then=asks"
	}
	return caseAmendPath(a.ID, a.Part)
}

func caseAmendPath(id, part string) string {
	return "/desk/cases/" + url.PathEscape(id) + "/amend/" + part
}

// amendPart is the form of the part of the address.
func (v *visit) amendPart() (form.Form, amending, error) {
	o := v.contract().Operations["amendCase"]
	one := amending{
		sheet: sheet{Op: o, ID: v.PathValue("id"), Back: "/desk/cases/" + url.PathEscape(v.PathValue("id"))}, Part: v.PathValue("part"),
	}
	if one.Asks = v.URL.Query().Get("then") == "asks"; one.Asks {
		one.Back += "/asks"
	}
	parts := append([]string{"contact"}, caseParts...)
	if !slices.Contains(parts, one.Part) {
		return form.Form{}, one, errNowhere
	}
	if err := v.ParseForm(); err != nil {
		return form.Form{}, one, err
	}
	f := v.form(o)
	f.Skip = append(slices.DeleteFunc(parts, func(p string) bool { return p == one.Part }), "remove")
	return f, one, nil
}

// anewFields are those of the part that is written anew, which stand open, and then why.
func anewFields(f form.Form, part string) []form.Field {
	fields := f.Fields()
	for i := range fields {
		fields[i].Required = fields[i].Required || fields[i].Kind == form.Group
	}
	slices.SortStableFunc(fields, func(x, y form.Field) int {
		switch "/" + part {
		case x.Name:
			return -1
		case y.Name:
			return 1
		}
		return 0
	})
	return fields
}

func (s *Site) askAmend(v *visit) (templ.Component, error) {
	f, one, err := v.amendPart()
	if err != nil {
		return nil, err
	}
	k, version, err := v.kase()
	if err != nil {
		return nil, err
	}
	if !k.May(one.Op.ID) {
		return nil, errNowhere
	}
	f.Values = url.Values{}
	if one.Asks {
		f.Values.Set("/reason", "addition") // nobody is asked why, in the middle of a talk
	}
	present, held := k.parts[one.Part]
	if held {
		form.Fill(v.W, f.Values, "/"+one.Part, one.Op.Body.Property(one.Part), present)
	}
	one.Version, one.Key, one.Held, one.Fields = version, newKey(), held, anewFields(f, one.Part)
	return caseAmendPage(v, one), nil
}

func (s *Site) doAmend(v *visit) (templ.Component, error) {
	f, one, err := v.amendPart()
	if err != nil {
		return nil, err
	}
	one.Key, one.Version, one.Held = v.PostFormValue(keyField), v.PostFormValue(versionField), v.PostFormValue(heldField) == "true"
	if v.PostForm.Has(form.Add) {
		one.Fields = anewFields(f, one.Part)
		return caseAmendPage(v, one), nil
	}
	body, err := read(f)
	if one.blind(v) {
		err = errStale
	}
	if err == nil {
		if body[one.Part] == nil && one.Held || v.PostForm.Has(removeField) {
			delete(body, one.Part)
			body["remove"] = []string{one.Part}
		}
		_, err = v.command(one.Op, one.sheet, body)
	}
	if p := api.Refused(err); p != nil && p.Status == http.StatusPreconditionFailed {
		answer, err := v.reread(&one.sheet)
		if err != nil {
			return nil, err
		}
		if len(answer.Body) > 0 && !one.Over() {
			parts := map[string]any{}
			if err := answer.Into(&parts); err != nil {
				return nil, err
			}
			one.Held = parts[one.Part] != nil
			one.Changed.read(v.rows(v.written(one.Part), "", parts[one.Part]))
		}
	}
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, one.Problem, one.Key = p, p, nextKey(one.Key, p)
			one.Fields = anewFields(f, one.Part)
			return caseAmendPage(v, one)
		})
	}
	return v.to(with(one.Back, "done", one.Op.ID))
}

// row is one answer under its question.
type row struct{ Label, Text string }

// rows are a value as people read it: by the schema that it was written by. Without a name
// it is the whole of a part, and has no question of its own.
func (v *visit) rows(s *api.Schema, name string, value any) (all []row) {
	if s == nil {
		return nil
	}
	label := ""
	if name != "" {
		label = v.pointer("/" + name)
	}
	if said, ok := v.line(s.Name, value); ok {
		return []row{{label, said}}
	}
	switch t := value.(type) {
	case map[string]any:
		for _, p := range s.Properties {
			if one, ok := t[p.Name]; ok {
				all = append(all, v.rows(p.Schema, p.Name, one)...)
			}
		}
		return all
	case []any:
		if s.Items != nil {
			if all, ok := v.listed(label, s.Items.Name, t); ok {
				return all
			}
		}
		var codes []string
		for _, one := range t {
			switch one := one.(type) {
			case string:
				codes = append(codes, one)
			case map[string]any:
				all = append(all, v.rows(s.Items, name, one)...)
			}
		}
		if s.Items == nil || len(all) > 0 {
			return all
		}
		return []row{{label, v.codes(s.Items.Name, codes)}}
	case string:
		switch {
		case len(s.Enum) > 0:
			t = v.W.Code(s.Name, t)
		case s.Format == "date-time":
			t = v.instant(t)
		}
		return []row{{label, t}}
	case float64:
		return []row{{label, strconv.FormatFloat(t, 'f', -1, 64)}}
	}
	return nil
}
