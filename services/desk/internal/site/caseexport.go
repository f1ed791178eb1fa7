package site

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// exporting is the form that takes incidents out as rows.
type exporting struct {
	sheet
	// Nothing says that there were no rows to take out.
	Nothing bool
}

func (s *Site) askExport(v *visit) (templ.Component, error) {
	if !anyOf(atCases...)(v) {
		return nil, errNowhere
	}
	o := v.site.cfg.Client.Contract().Operations["exportIncidents"]
	return exportPage(v, exporting{sheet: sheet{Op: o, Key: newKey(), Fields: v.form(o).Fields()}}), nil
}

// doExport answers with a file, which the browser saves and does not show. The name of the file says
// nothing of what is in it, and nothing keeps it here.
func (s *Site) doExport(v *visit) (templ.Component, error) {
	o := v.site.cfg.Client.Contract().Operations["exportIncidents"]
	one := exporting{sheet: sheet{Op: o, Key: v.PostFormValue(keyField)}}
	f := v.form(o)
	var rows exported
	answer, err := v.send(o, one.sheet, f)
	if err == nil {
		err = answer.Into(&rows)
	}
	one.Key = newKey()
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component {
			f.Problem, one.Problem = p, p
			one.Fields = f.Fields()
			return exportPage(v, one)
		})
	}
	if len(rows.Rows) == 0 {
		one.Nothing, one.Fields = true, f.Fields()
		return exportPage(v, one), nil
	}
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	name := "rows.csv"
	if v.site.cfg.Training {
		name = "rows-training.csv"
	}
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	v.w.Header().Del("Refresh")
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write([]byte(rows.CSV)) // the browser went away: there is nobody to tell
	return nil, nil
}

// exported is what the page takes from the answer.
type exported struct {
	Rows [][]string `json:"rows"`
	CSV  string     `json:"csv"`
}
