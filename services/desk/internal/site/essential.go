package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// atStandards are the roles that see how services stand against the standards.
var atStandards = []string{"coordinator", "focal_point", "supervisor"}

func (s *Site) essentialPages() {
	s.page("GET /desk/essential", s.essential)
	s.page("GET /desk/assessments", s.assessments)
	s.page("GET /desk/assessments/{id}", s.oneAssessment)
}

// What the service answers of essential services. A test holds the names against the contract.
type (
	essentialMap struct {
		AsOf      time.Time           `json:"as_of"`
		Country   string              `json:"country"`
		Programme string              `json:"programme"`
		From      string              `json:"from"`
		Until     string              `json:"until"`
		Services  []essentialService  `json:"services"`
		Areas     []essentialArea     `json:"areas"`
		Coverage  []essentialCoverage `json:"coverage"`
		Whole     []essentialWhole    `json:"whole"`
		Answers   []essentialAnswer   `json:"answers"`
		Silent    []essentialSilent   `json:"silent"`
		Providers []essentialProvider `json:"providers"`
	}
	programmeText struct {
		Language string `json:"language"`
		Text     string `json:"text"`
	}
	essentialService struct {
		Essential string          `json:"essential"`
		Sector    string          `json:"sector"`
		Services  []string        `json:"services"`
		Words     []programmeText `json:"words"`
	}
	essentialArea struct {
		Area      string          `json:"area"`
		Latitude  *float64        `json:"latitude"`
		Longitude *float64        `json:"longitude"`
		Words     []programmeText `json:"words"`
	}
	essentialCoverage struct {
		Essential string `json:"essential"`
		Area      string `json:"area"`
		Providers int    `json:"providers"`
		Gap       string `json:"gap"`
	}
	essentialWhole struct {
		Service   string `json:"service"`
		Providers int    `json:"providers"`
		Unit      string `json:"unit"`
		Free      *int   `json:"free"`
		Maximum   *int   `json:"maximum"`
	}
	essentialAnswer struct {
		Service   string `json:"service"`
		Area      string `json:"area"`
		Median    int    `json:"median"`
		Ninetieth int    `json:"ninetieth"`
	}
	essentialSilent struct {
		Agency  string `json:"agency"`
		Service string `json:"service"`
	}
	essentialProvider struct {
		Service       string    `json:"service"`
		Agency        string    `json:"agency"`
		Listing       string    `json:"listing"`
		Areas         []string  `json:"areas"`
		MinimumAge    int       `json:"minimum_age"`
		MaximumAge    int       `json:"maximum_age"`
		Sexes         []string  `json:"sexes"`
		Situations    []string  `json:"situations"`
		Accessibility []string  `json:"accessibility"`
		Languages     []string  `json:"languages"`
		Serving       bool      `json:"serving"`
		Opening       string    `json:"opening"`
		Opens         time.Time `json:"opens"`
		Capacity      string    `json:"capacity"`
		Unit          string    `json:"unit"`
		Free          *int      `json:"free"`
		Maximum       *int      `json:"maximum"`
	}
	ownAnswers struct {
		Programme string `json:"programme"`
		Service   string `json:"service"`
		Answers   string `json:"answers"`
		From      string `json:"from"`
		Until     string `json:"until"`
	}
)

// said is a name of the programme in words: in the language of the reader, else in English, else in
// the first that the programme has. Lang is that language, where it is not the reader's.
func (v *visit) said(name string, texts []programmeText) (text, lang string) {
	for _, t := range texts {
		if t.Language == v.W.Tag {
			return t.Text, ""
		}
	}
	for _, t := range texts {
		if t.Language == "en" {
			return t.Text, t.Language
		}
	}
	if len(texts) > 0 {
		return texts[0].Text, texts[0].Language
	}
	return strings.ReplaceAll(name, "_", " "), ""
}

// essentialPage is what the page shows of one essential service.
type essentialPage struct {
	essentialMap
	// Of is the essential service that is shown.
	Of essentialService
	// ByArea and AsWhole are where it is; AsWhole is nil where nothing counts for the whole programme alone.
	ByArea  []essentialCoverage
	AsWhole *essentialCoverage
	Dots    []dot
	Box     string
}

// essential is the map of essential services for a coordinator; for the people of an agency it is how
// their own answers stand.
func (s *Site) essential(v *visit) (templ.Component, error) {
	if !coordinates(v) {
		var own struct {
			Items []ownAnswers `json:"items"`
		}
		if _, err := v.get("getOwnAnswers", "", nil, &own); err != nil {
			return nil, err
		}
		return ownAnswersPage(v, own.Items), nil
	}
	var p essentialPage
	if _, err := v.get("getEssentialServices", "", nil, &p.essentialMap); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.Services, func(a, b essentialService) int { return cmp.Compare(sectorOrder(a.Sector), sectorOrder(b.Sector)) })
	for i, one := range p.Services {
		if i == 0 || one.Essential == v.URL.Query().Get("of") {
			p.Of = one
		}
	}
	for _, c := range p.Coverage {
		switch {
		case c.Essential != p.Of.Essential:
		case c.Area == "":
			p.AsWhole = &c
		default:
			p.ByArea = append(p.ByArea, c)
		}
	}
	p.Providers = slices.DeleteFunc(p.Providers, func(o essentialProvider) bool { return !slices.Contains(p.Of.Services, o.Service) })
	p.Dots, p.Box = p.dots()
	return essentialMapPage(v, p), nil
}

// sectors are in the order of the package.
var sectors = []string{"health", "justice_and_policing", "social_services", "coordination"}

func sectorOrder(s string) int { return slices.Index(sectors, s) }

// Area is an area of the programme by its code.
func (p essentialPage) Area(of string) essentialArea {
	for _, a := range p.Areas {
		if a.Area == of {
			return a
		}
	}
	return essentialArea{Area: of}
}

// Gaps are how many areas have nobody, of how many.
func (p essentialPage) Gaps(essential string) (gaps, areas int) {
	for _, c := range p.Coverage {
		if c.Essential == essential && c.Area != "" {
			areas++
			if c.Gap != "" {
				gaps++
			}
		}
	}
	return gaps, areas
}

// Has says whether a sector has a service.
func (p essentialPage) Has(sector string) bool {
	return slices.ContainsFunc(p.Services, func(s essentialService) bool { return s.Sector == sector })
}

// IsSilent says that a provider does not answer.
func (p essentialPage) IsSilent(agency, service string) bool {
	return slices.Contains(p.Silent, essentialSilent{agency, service})
}

// dot is an area on the map, in its units.
type dot struct {
	X, Y string
	// Code is the last part of the area's code, Title all that is said of it.
	essentialCoverage
	Code string
}

// mapWide is how wide the map is in its own units, and dotSize how much room an area takes there.
const (
	mapWide = 640.0
	dotSize = 34.0
)

// dots puts the areas where they are: north above and west at the left, in every language. Where one
// would stand on another, it moves aside. Without points there is no map.
func (p essentialPage) dots() (all []dot, box string) {
	type at struct{ x, y float64 }
	var points []at
	var shown []essentialCoverage
	low, high := at{1e9, 1e9}, at{-1e9, -1e9}
	for _, c := range p.ByArea {
		a := p.Area(c.Area)
		if a.Latitude == nil || a.Longitude == nil {
			continue
		}
		point := at{*a.Longitude, -*a.Latitude}
		low, high = at{min(low.x, point.x), min(low.y, point.y)}, at{max(high.x, point.x), max(high.y, point.y)}
		points, shown = append(points, point), append(shown, c)
	}
	if len(points) < 2 {
		return nil, ""
	}
	scale := mapWide / max(high.x-low.x, high.y-low.y, 0.01)
	for i := range points {
		points[i] = at{(points[i].x - low.x) * scale, (points[i].y - low.y) * scale}
	}
	for range 40 {
		moved := false
		for i := range points {
			for j := range i {
				dx, dy := points[i].x-points[j].x, points[i].y-points[j].y
				if dx*dx+dy*dy >= dotSize*dotSize {
					continue
				}
				moved = true
				if dx == 0 && dy == 0 {
					dx = 1
				}
				along := dotSize / 8 / max(dx, -dx, dy, -dy)
				points[i].x, points[i].y = points[i].x+dx*along, points[i].y+dy*along
				points[j].x, points[j].y = points[j].x-dx*along, points[j].y-dy*along
			}
		}
		if !moved {
			break
		}
	}
	low, high = points[0], points[0]
	for _, q := range points {
		low, high = at{min(low.x, q.x), min(low.y, q.y)}, at{max(high.x, q.x), max(high.y, q.y)}
	}
	whole := func(f float64) string { return strconv.Itoa(int(f)) }
	for i, c := range shown {
		code := c.Area
		if _, after, ok := strings.Cut(c.Area, "-"); ok {
			code = after
		}
		all = append(all, dot{X: whole(points[i].x - low.x + dotSize), Y: whole(points[i].y - low.y + dotSize), essentialCoverage: c, Code: code})
	}
	return all, "0 0 " + whole(high.x-low.x+2*dotSize) + " " + whole(high.y-low.y+2*dotSize)
}

// Path leads to the provider: to its entry in the directory, else to its agency.
func (o essentialProvider) Path() string {
	if o.Listing != "" {
		return "/desk/places/" + o.Listing
	}
	return "/desk/agencies/" + o.Agency
}

// forWhom are those whom a provider serves, in words; none is everybody.
func (v *visit) forWhom(o essentialProvider) (all []string) {
	ages := hsdsService{MinimumAge: float64(o.MinimumAge), MaximumAge: float64(o.MaximumAge)}
	if text := v.ages(ages); text != "" {
		all = append(all, text)
	}
	for _, one := range []struct {
		list  string
		codes []string
	}{{"Sex", o.Sexes}, {"Situation", o.Situations}, {"Accessibility", o.Accessibility}} {
		for _, c := range one.codes {
			all = append(all, v.W.Code(one.list, c))
		}
	}
	return all
}

// counted is what is free of a unit, which is the agency's own word or a code.
func (v *visit) counted(unit string, free, maximum *int) string {
	if slices.Contains([]string{"bed", "room", "slot"}, unit) {
		unit = v.W.Code("PlaceUnit", unit)
	}
	if maximum != nil {
		return v.W.T("essential.free_of", "Unit", unit, "Free", strconv.Itoa(*free), "Most", strconv.Itoa(*maximum))
	}
	return v.W.T("essential.free_now", "Unit", unit, "Free", strconv.Itoa(*free))
}

// coverage is where an essential service stands in an area, in words.
func (v *visit) coverage(c essentialCoverage) string {
	if c.Gap != "" {
		return v.W.Code("EssentialGap", c.Gap)
	}
	return v.W.N("essential.in_reach", c.Providers)
}

// span is a number of minutes as people say it.
func (v *visit) span(minutes int) string {
	switch {
	case minutes < 2*60:
		return v.W.N("essential.minutes", minutes)
	case minutes <= 48*60:
		return v.W.N("essential.hours", (minutes+59)/60)
	}
	return v.W.N("essential.days", minutes/(24*60))
}

// day is a day in words.
func (v *visit) day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	w := v.W
	w.Zone = time.UTC
	return w.Moment("format.day", t)
}

// lastDay is the day before one, in words.
func (v *visit) lastDay(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return v.day(t.AddDate(0, 0, -1).Format(time.DateOnly))
}

// Standards: how services stand against them.
type (
	assessment struct {
		ID        string              `json:"assessment"`
		Agency    string              `json:"agency"`
		Service   string              `json:"service"`
		Programme string              `json:"programme"`
		Version   int                 `json:"version"`
		Amends    string              `json:"amends"`
		On        string              `json:"on"`
		Next      string              `json:"next"`
		Due       bool                `json:"due"`
		Assessor  string              `json:"assessor"`
		Note      string              `json:"note"`
		Findings  []standardFound     `json:"findings"`
		Earlier   []assessmentVersion `json:"earlier"`
		Commands  []string            `json:"commands"`
	}
	assessmentVersion struct {
		Version  int             `json:"version"`
		Amends   string          `json:"amends"`
		On       string          `json:"on"`
		Assessor string          `json:"assessor"`
		Findings []standardFound `json:"findings"`
	}
	standardFound struct {
		Standard string `json:"standard"`
		Finding  string `json:"finding"`
	}
	standard struct {
		Standard string          `json:"standard"`
		Services []string        `json:"services"`
		Words    []programmeText `json:"words"`
	}
)

// judges says whether a service is judged by the standard.
func (s standard) judges(service string) bool {
	return len(s.Services) == 0 || slices.Contains(s.Services, service)
}

// standards are those of a programme.
func (v *visit) standards(programme string) ([]standard, error) {
	var page struct {
		Items []standard `json:"items"`
	}
	_, err := v.get("listStandards", "", url.Values{"programme": {programme}}, &page)
	return page.Items, err
}

// standardText is what a programme calls a standard.
func (v *visit) standardText(all []standard, name string) (text, lang string) {
	for _, s := range all {
		if s.Standard == name {
			return v.said(name, s.Words)
		}
	}
	return v.said(name, nil)
}

// assessments are those of the person's agency, or of the programme that they coordinate: what is due
// first comes first.
func (s *Site) assessments(v *visit) (templ.Component, error) {
	var page struct {
		Items []assessment `json:"items"`
	}
	query := url.Values{}
	if v.URL.Query().Get("due") == "true" {
		query.Set("due", "true")
	}
	next, err := v.leaf("listAssessments", "", query, &page)
	if err != nil {
		return nil, err
	}
	var all []agency
	if coordinates(v) {
		if all, err = v.agencies(); err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(a agency) bool { return a.Country != v.S.Country })
	}
	return assessmentsPage(v, page.Items, next, all), nil
}

func (s *Site) oneAssessment(v *visit) (templ.Component, error) {
	var a assessment
	answer, err := v.get("getAssessment", v.PathValue("id"), nil, &a)
	if err != nil {
		return nil, err
	}
	all, err := v.standards(a.Programme)
	if err != nil {
		return nil, err
	}
	return assessmentPage(v, a, all, v.buttons("assessment", a.Commands, a.ID, answer.Version)), nil
}

// assessPath is the form for an assessment of a service of an agency.
func assessPath(agency, service string) string {
	op := "recordAssessment"
	return "/desk/do/" + op + "/" + unnamed + "?" + url.Values{backField: {"/desk/assessments"}, "/agency": {agency}, "/service": {service}}.Encode()
}

// prefillAssess has a row for each standard of the service that the address names. Of which programme it
// is, the token says.
func prefillAssess(v *visit) (p prefill, err error) {
	p.Values, p.Fixed = url.Values{"/programme": {v.S.Programme}}, []string{"programme"}
	all, err := v.standards(v.S.Programme)
	if err != nil {
		return p, err
	}
	row := 0
	for _, s := range all {
		if s.judges(v.Form.Get("/service")) {
			p.Values.Set("/findings/"+strconv.Itoa(row)+"/standard", s.Standard)
			row++
		}
	}
	return p, nil
}

// prefillAmendAssessment is what was said.
func prefillAmendAssessment(v *visit) (p prefill, err error) {
	if p.Values = (url.Values{}); v.Method != http.MethodGet {
		return p, nil // what the person wrote stands
	}
	return p, p.read(v, "amendAssessment", "getAssessment", &assessment{})
}

// essentialSide is the part of home for who coordinates: what is due.
func (v *visit) essentialSide() ([]side, error) {
	if !coordinates(v) {
		return nil, nil
	}
	one := side{Title: v.W.T("essential.nav")}
	due := heap{Path: "/desk/assessments?due=true", Label: v.W.T("assessment.due")}
	if err := one.count(v, "listAssessments", url.Values{"due": {"true"}}, due); err != nil {
		return nil, err
	}
	if len(one.Heaps) == 0 && !one.Away {
		return nil, nil
	}
	return []side{one}, nil
}

// standardChoices are the standards from which each row of an assessment chooses, by its pointer.
func (v *visit) standardChoices(o api.Operation) map[string][]form.Option {
	if !slices.Contains([]string{"recordAssessment", "amendAssessment"}, o.ID) {
		return nil
	}
	all, err := v.standards(v.S.Programme)
	if err != nil || len(all) == 0 {
		return nil // people type
	}
	var options []form.Option
	for _, s := range all {
		text, _ := v.said(s.Standard, s.Words)
		options = append(options, form.Option{Value: s.Standard, Label: text})
	}
	choices := map[string][]form.Option{}
	for i := range form.Most {
		choices["/findings/"+strconv.Itoa(i)+"/standard"] = options
	}
	return choices
}
