package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// errorField is the button that says that an entry was entered in error.
const errorField = "in_error"

// anew is the form of one entry, with what is written there now.
type anew struct {
	sheet
	amendment
	entry string
}

// about says what it is to say that an entry was entered in error which is never written anew.
func (a anew) about() string {
	if a.prefix == "rul" {
		return "room.answer_about"
	}
	return "room.error_about"
}

// Action is where the form is sent.
func (a anew) Action() string { return a.Back + "/amend/" + url.PathEscape(a.entry) }

// anew is the form of the entry of the address.
func (v *visit) anew(r *room) (form.Form, anew, error) {
	o := v.contract().Operations[r.amend]
	one := anew{
		sheet: sheet{Op: o, ID: v.PathValue("id"), Back: r.path + "/" + url.PathEscape(v.PathValue("id"))}, entry: v.PathValue("entry"),
	}
	prefix, _, _ := strings.Cut(one.entry, "_")
	for _, k := range r.kinds {
		for _, a := range k.amends {
			if a.prefix == prefix {
				one.amendment = a
			}
		}
	}
	if one.prefix == "" {
		return form.Form{}, one, errNowhere
	}
	if err := v.ParseForm(); err != nil {
		return form.Form{}, one, err
	}
	f := v.form(o)
	if part := o.Body.Property(one.part); part != nil {
		for _, name := range part.Required {
			f.Must = append(f.Must, "/"+one.part+"/"+name)
		}
	}
	for _, p := range o.Body.Properties {
		if p.Name != one.part && p.Name != "reason" {
			f.Skip = append(f.Skip, p.Name)
		}
	}
	return f, one, nil
}

// askEntry shows the entry as it stands, to be written anew.
func (v *visit) askEntry(r *room) (templ.Component, error) {
	f, one, err := v.anew(r)
	if err != nil {
		return nil, err
	}
	w, version, err := v.work(r)
	if err != nil {
		return nil, err
	}
	present, found := v.entry(r, w, one)
	if !found || !slices.Contains(w.Commands, r.amend) {
		return nil, errNowhere
	}
	f.Values = url.Values{}
	if part := one.Op.Body.Property(one.part); part != nil {
		for _, p := range part.Properties {
			name := p.Name
			if other := one.other[name]; other != "" {
				name = other
			}
			form.Fill(v.W, f.Values, "/"+one.part+"/"+p.Name, p.Schema, present.value[name])
		}
	}
	one.Version, one.Key, one.Fields = version, newKey(), anewFields(f, one.part)
	return entryPage(v, r, one), nil
}

// entry finds the one of a form in a record.
func (v *visit) entry(r *room, w work, one anew) (entry, bool) {
	for _, k := range r.kinds {
		if !slices.ContainsFunc(k.amends, func(a amendment) bool { return a.prefix == one.prefix }) {
			continue
		}
		for _, e := range v.section(r, k, w.all).Entries {
			if e.Text(one.id) == one.entry && !e.InError() {
				return e, true
			}
		}
	}
	return entry{}, false
}

// doEntry writes the entry anew, or says that it was entered in error.
func (v *visit) doEntry(r *room) (templ.Component, error) {
	f, one, err := v.anew(r)
	if err != nil {
		return nil, err
	}
	one.Key, one.Version = v.PostFormValue(keyField), v.PostFormValue(versionField)
	body, err := read(f)
	if one.blind(v) {
		err = errStale
	}
	if err == nil {
		body["entry"] = one.entry
		delete(body, "entered_in_error")
		if one.part == "" || v.PostForm.Has(errorField) && !one.stays {
			delete(body, one.part)
			body["entered_in_error"] = true
		}
		_, err = v.command(one.Op, one.sheet, body)
	}
	if p := api.Refused(err); p != nil && p.Status == http.StatusPreconditionFailed {
		answer, err := v.reread(&one.sheet)
		if err != nil {
			return nil, err
		}
		if len(answer.Body) > 0 && !one.Over() {
			var now work
			if err := answer.Into(&now.all); err != nil {
				return nil, err
			}
			present, found := v.entry(r, now, one)
			if one.Changed.Over = !found; found {
				one.Changed.read(v.held(version{entry: present}))
			}
		}
	}
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, one.Problem, one.Key = p, p, nextKey(one.Key, p)
			one.Fields = anewFields(f, one.part)
			return entryPage(v, r, one)
		})
	}
	return v.to(with(one.Back, "done", one.Op.ID))
}

// chosen are the entries of a kind from which a field of a command chooses, by a property.
// Where the address says which one, it is the only one.
func chosen(page, name, property, pointer string) func(*visit) ([]form.Option, error) {
	return func(v *visit) (all []form.Option, err error) {
		r := rooms[slices.IndexFunc(rooms, func(r *room) bool { return r.page == page })]
		w, _, err := v.work(r)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(r.kinds, func(k kind) bool { return k.name == name })
		for _, e := range v.section(r, r.kinds[i], w.all).Entries {
			given := v.FormValue(pointer)
			if e.Has(property) && !e.InError() && (given == "" || given == e.Text(property)) {
				all = append(all, form.Option{Value: e.Text(property), Label: v.head(e)})
			}
		}
		return all, nil
	}
}

// replacing are the commands that may stand in the place of an earlier one. Without one, the
// form does not ask for it, nor why.
var replacing = []string{"recordOrderResult", "issueCertificate"}

// lasting are the choices of a worker that hold for the next work, too: their own, and of
// nobody who came to them.
var lasting = map[string][]string{"recordExamination": {"/examiner_credential"}, "recordSession": {"/kind"}}

// likely fills in what is likely: what was chosen last, and now for what is recorded at once.
func (v *visit) likely(f form.Form) {
	for _, at := range lasting[f.Op.ID] {
		if last := v.S.Last[f.Op.ID+at]; last != "" && !f.Values.Has(at) {
			f.Values.Set(at, last)
		}
	}
	if f.Op.ID == "recordExamination" && !f.Values.Has("/examined_at") {
		now := v.site.cfg.Clock().UTC().Format(time.RFC3339)
		form.Fill(v.W, f.Values, "/examined_at", f.Op.Body.Property("examined_at"), now)
	}
}

// remember keeps what holds for the next work.
func (v *visit) remember(f form.Form) {
	for _, at := range lasting[f.Op.ID] {
		v.site.cfg.Sessions.Remember(v.Request, f.Op.ID+at, f.Values.Get(at))
	}
}
