package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/pkg/chart"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// atFigures are the roles that the navigation leads to the figures. Everybody else of the network may
// look at what is released to them, too.
var atFigures = []string{"coordinator", "fund_manager", "supervisor"}

func (s *Site) figuresPages() {
	s.page("GET /desk/figures", atDesk(s.figures))
	s.page("GET /desk/figures/due", s.figuresDue)
	s.page("GET /desk/figures/{id}/{table}", atDesk(s.figureTable))
	s.page("GET /desk/figures/{id}/{table}/csv", atDesk(s.figureFile))
}

// atDesk keeps a page that everybody of the network may ask for from who only runs the network.
func atDesk(show func(*visit) (templ.Component, error)) func(*visit) (templ.Component, error) {
	return func(v *visit) (templ.Component, error) {
		if !deskRole(v) {
			return nil, errNowhere
		}
		return show(v)
	}
}

// What the service answers of figures. A test holds the names against the contract.
type (
	figuresOf struct {
		ID        string           `json:"id"`
		Programme string           `json:"programme"`
		Country   string           `json:"country"`
		Period    string           `json:"period"`
		Version   int              `json:"version"`
		ClosedAt  time.Time        `json:"closed_at"`
		ClosedBy  string           `json:"closed_by"`
		Tables    []figureReleased `json:"tables"`
		Waiting   []figureReleased `json:"waiting"`
	}
	figureReleased struct {
		Table string `json:"table"`
		For   string `json:"for"`
		figureApproval
	}
	figureApproval struct {
		ReleasedAt time.Time `json:"released_at"`
		ReleasedBy string    `json:"released_by"`
	}
	figuresWaiting struct {
		Close   []periodDue `json:"close"`
		Release []tableDue  `json:"release"`
	}
	periodDue struct {
		Programme string    `json:"programme"`
		Period    string    `json:"period"`
		Since     time.Time `json:"since"`
	}
	tableDue struct {
		Figures   string `json:"figures"`
		Programme string `json:"programme"`
		Period    string `json:"period"`
		Table     string `json:"table"`
		For       string `json:"for"`
		Another   bool   `json:"another_person"`
	}
	figureTable struct {
		Figures   string `json:"figures"`
		Programme string `json:"programme"`
		Country   string `json:"country"`
		Version   int    `json:"version"`
		figureApproval
		Name    string         `json:"name"`
		Period  string         `json:"period"`
		For     string         `json:"for"`
		K       int            `json:"k"`
		Zeros   bool           `json:"zeros"`
		Above   []string       `json:"above"`
		Columns string         `json:"columns"`
		Rows    []publishedRow `json:"rows"`
	}
	publishedRow struct {
		Path []struct {
			Dimension string `json:"dimension"`
			Value     string `json:"value"`
		} `json:"path"`
		Total    int             `json:"total"`
		Cells    []publishedCell `json:"cells"`
		Withheld bool            `json:"withheld"`
	}
	publishedCell struct {
		Value string `json:"value"`
		Count int    `json:"count"`
	}
)

// catalogues are the words of the tables, by programme. Where the service does not tell, their names stay.
type catalogues map[string]words.Words

// named are the words of the tables of all programmes in force. Errors: 401.
func (v *visit) named() (catalogues, error) {
	all := catalogues{}
	used, err := v.programmes()
	for _, p := range used {
		all[p.Programme] = v.W.In(p.words())
	}
	return all, also(err)
}

// Table is what a programme calls one of its tables.
func (c catalogues) Table(v *visit, programme, name string) string {
	w, known := c[programme]
	if !known {
		w = v.W
	}
	return w.Code("FigureTableName", name)
}

// figures are the released tables that the reader may see, the latest period first.
func (s *Site) figures(v *visit) (templ.Component, error) {
	query := v.query("programme")
	query.Set("limit", "200")
	var page struct {
		Items []figuresOf `json:"items"`
	}
	next, err := v.leaf("listFigures", "", query, &page)
	if err != nil {
		return nil, err
	}
	named, err := v.named()
	if err != nil {
		return nil, err
	}
	slices.Reverse(page.Items)
	page.Items = slices.DeleteFunc(page.Items, func(f figuresOf) bool { return len(f.Tables)+len(f.Waiting) == 0 })
	return figuresPage(v, named, page.Items, next), nil
}

// whichProgramme leads to the figures of one programme alone.
func (v *visit) whichProgramme(items []figuresOf) []link {
	now := v.URL.Query().Get("programme")
	all := []link{{"/desk/figures", v.W.T("figures.all"), now == ""}}
	var names []string
	for _, f := range items {
		names = append(names, f.Programme)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		all = append(all, link{"/desk/figures?" + url.Values{"programme": {name}}.Encode(), name, now == name})
	}
	return all
}

func figurePath(figures, table string) string {
	return "/desk/figures/" + url.PathEscape(figures) + "/" + url.PathEscape(table)
}

func (s *Site) figuresDue(v *visit) (templ.Component, error) {
	var due figuresWaiting
	if _, err := v.get("listFiguresDue", "", nil, &due); err != nil {
		return nil, err
	}
	named, err := v.named()
	if err != nil {
		return nil, err
	}
	return figuresDuePage(v, named, due), nil
}

// Path is the form on which the period is closed.
func (d periodDue) Path() string {
	return "/desk/do/closePeriod/new?" + url.Values{backField: {"/desk/figures/due"}, "/programme": {d.Programme}, "/period": {d.Period}}.Encode()
}

// Path is the form on which the table is released.
func (d tableDue) Path() string {
	return "/desk/do/releaseTable/" + url.PathEscape(d.Figures) + "?" + url.Values{backField: {"/desk/figures/due"}, "/table": {d.Table}}.Encode()
}

// prefillClose names the period in the title, so that nobody closes another one.
func prefillClose(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	if period := v.Form.Get("/period"); period != "" && v.Form.Get("/programme") != "" {
		p.Title, p.Fixed = v.W.T("figures.close_one", "Period", period), []string{"programme", "period"}
	}
	return p, nil
}

// prefillRelease names the table and the period in the title.
func prefillRelease(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	var of figuresOf
	answer, err := v.get("getFigures", v.PathValue("id"), nil, &of)
	if err != nil {
		return p, err
	}
	p.Version = answer.Version
	if err := v.speak(of.Programme, of.Country); err != nil {
		return p, err
	}
	if table := v.Form.Get("/table"); table != "" {
		p.Title, p.Fixed = v.W.T("figures.release_one", "Table", v.W.Code("FigureTableName", table), "Period", of.Period), []string{"table"}
		for _, t := range slices.Concat(of.Waiting, of.Tables) {
			if t.Table == table {
				p.Note = v.W.T("figures.for") + ": " + v.W.Code("FigureAudience", t.For)
			}
		}
	}
	return p, nil
}

// figuresSide is the part of home for who closes periods and releases tables.
func (v *visit) figuresSide() ([]side, error) {
	if !coordinates(v) {
		return nil, nil
	}
	one := side{Title: v.W.T("figures.title")}
	var due figuresWaiting
	if _, err := v.get("listFiguresDue", "", nil, &due); err != nil {
		one.Away = true
		return []side{one}, also(err)
	}
	mine := slices.DeleteFunc(due.Release, func(d tableDue) bool { return d.Another })
	for _, h := range []heap{{Label: v.W.T("figures.to_close"), Count: len(due.Close)}, {Label: v.W.T("figures.to_release"), Count: len(mine)}} {
		if h.Path = "/desk/figures/due"; h.Count > 0 {
			one.Heaps = append(one.Heaps, h)
		}
	}
	return []side{one}, nil
}

// figureTable is one released table, in the words of its programme.
func (s *Site) figureTable(v *visit) (templ.Component, error) {
	var t figureTable
	if _, err := v.get("getFigureTable", v.PathValue("id"), url.Values{"table": {v.PathValue("table")}}, &t); err != nil {
		return nil, err
	}
	if err := v.speak(t.Programme, t.Country); err != nil {
		return nil, err
	}
	return figureTablePage(v, t), nil
}

// figureFile gives a table as comma-separated text to the machine of the person.
func (s *Site) figureFile(v *visit) (templ.Component, error) {
	var t figureTable
	query := url.Values{"table": {v.PathValue("table")}}
	if _, err := v.get("getFigureTable", v.PathValue("id"), query, &t); err != nil {
		return nil, err
	}
	return nil, v.download("getFigureTableAsCSV", query, t.Name+"-"+t.Period+".csv")
}

// Withheld says that a row of it is.
func (t figureTable) Withheld() bool {
	return slices.ContainsFunc(t.Rows, func(r publishedRow) bool { return r.Withheld })
}

// Values are the columns: every value that a row has, in the order in which rows have them.
func (t figureTable) Values() (all []string) {
	for _, row := range t.Rows {
		for _, c := range row.Cells {
			if !slices.Contains(all, c.Value) {
				all = append(all, c.Value)
			}
		}
	}
	return all
}

// Count is a number of a row. A value that a row which is shown does not have is a zero.
func (r publishedRow) Count(value string) string {
	for _, c := range r.Cells {
		if c.Value == value {
			return strconv.Itoa(c.Count)
		}
	}
	return "0"
}

// figureLists are the lists of codes behind dimensions.
var figureLists = map[string]string{
	"type": "GBVType", "sex": "Sex", "age": "AgeBand", "displacement": "Displacement", "disability": "Disability", "service": "Service",
}

// figure is a value of a dimension in words. A grant, an area and a quarter are called as they are.
func (v *visit) figure(dimension, value string) string {
	list := figureLists[dimension]
	switch {
	case value == "unknown":
		return v.W.T("figures.unknown")
	case value == "none" && dimension == "grant":
		return v.W.T("figures.no_grant")
	case value == "none":
		return v.W.T("figures.no_service")
	case dimension == "funded" && value == "yes":
		return v.W.T("figures.funded")
	case dimension == "funded":
		return v.W.T("figures.not_funded")
	case dimension == "month":
		return v.W.T("month." + strings.TrimPrefix(value, "0"))
	case list != "":
		return v.W.Code(list, value)
	}
	return value
}

// titled is what the programme calls the table, and the period.
func (v *visit) titled(t figureTable) string {
	return v.W.T("figures.one", "Table", v.W.Code("FigureTableName", t.Name), "Period", t.Period)
}

// chart is the table as bars, in the words and the direction of the page.
func (v *visit) chart(t figureTable) string {
	c := chart.Chart{
		ID: "figure-" + t.Name + "-" + t.Period, Title: v.titled(t),
		Notes:   []string{v.W.T("figures.counted"), v.W.T("figures.least", "K", strconv.Itoa(t.K))},
		Nothing: v.W.T("figures.nothing"), RightToLeft: v.W.Direction() == "rtl",
	}
	for _, of := range t.Rows {
		row := chart.Row{Total: of.Total}
		var path []string
		for _, at := range of.Path {
			path = append(path, v.figure(at.Dimension, at.Value))
		}
		row.Words = strings.Join(append(path, v.W.T("figures.total")+": "+strconv.Itoa(of.Total)), " · ")
		switch {
		case of.Withheld:
			row.Withheld = v.W.T("figures.withheld")
		case t.Columns == "":
			row.Bars = []chart.Bar{{Count: of.Total}}
		}
		for _, one := range of.Cells {
			row.Bars = append(row.Bars, chart.Bar{Words: v.figure(t.Columns, one.Value), Count: one.Count})
		}
		c.Rows = append(c.Rows, row)
	}
	return c.SVG()
}
