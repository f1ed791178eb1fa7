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

// The fields of the form that says how many places are free.
const (
	unitField      = "unit"
	shownField     = "shown"
	availableField = "available"
)

// hsdsService is help that an organization gives, as the directory shows it to the person. A
// test holds its names against the contract.
type hsdsService struct {
	ID             string         `json:"id"`
	OrganizationID string         `json:"organization_id"`
	Name           string         `json:"name"`
	OtherName      string         `json:"alternate_name"`
	Description    string         `json:"description"`
	URL            string         `json:"url"`
	Email          string         `json:"email"`
	Status         string         `json:"status"`
	MinimumAge     float64        `json:"minimum_age"`
	MaximumAge     float64        `json:"maximum_age"`
	Organization   hsdsGiver      `json:"organization"`
	Places         []hsdsPlace    `json:"service_at_locations"`
	Schedules      []hsdsSchedule `json:"schedules"`
	Languages      []hsdsLanguage `json:"languages"`
	Areas          []hsdsArea     `json:"service_areas"`
	Capacities     []hsdsCapacity `json:"capacities"`
	Phones         []hsdsPhone    `json:"phones"`
	Contacts       []hsdsContact  `json:"contacts"`
	Attributes     hsdsAttributes `json:"attributes"`
}

// hsdsGiver is the organization of a service.
type hsdsGiver struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Identifiers []hsdsIdentifier `json:"organization_identifiers"`
}

type hsdsIdentifier struct {
	Scheme     string `json:"identifier_scheme"`
	Identifier string `json:"identifier"`
}

// hsdsOrganization is an organization with its services.
type hsdsOrganization struct {
	hsdsGiver
	Email    string        `json:"email"`
	Website  string        `json:"website"`
	Phones   []hsdsPhone   `json:"phones"`
	Services []hsdsService `json:"services"`
}

type hsdsPlace struct {
	ID          string         `json:"id"`
	Description string         `json:"description"`
	Location    hsdsLocation   `json:"location"`
	Schedules   []hsdsSchedule `json:"schedules"`
	Phones      []hsdsPhone    `json:"phones"`
	Attributes  hsdsAttributes `json:"attributes"`
}

// Hours are those of the service at the place, else those of the place.
func (p hsdsPlace) Hours() []hsdsSchedule {
	if len(p.Schedules) > 0 {
		return p.Schedules
	}
	return p.Location.Schedules
}

type hsdsLocation struct {
	ID         string         `json:"id"`
	Type       string         `json:"location_type"`
	Name       string         `json:"name"`
	Addresses  []hsdsAddress  `json:"addresses"`
	Phones     []hsdsPhone    `json:"phones"`
	Schedules  []hsdsSchedule `json:"schedules"`
	Attributes hsdsAttributes `json:"attributes"`
}

type hsdsAddress struct {
	First      string `json:"address_1"`
	Second     string `json:"address_2"`
	City       string `json:"city"`
	Province   string `json:"state_province"`
	PostalCode string `json:"postal_code"`
}

// Line is the address in one line.
func (a hsdsAddress) Line() string {
	parts := slices.DeleteFunc([]string{a.First, a.Second, strings.TrimSpace(a.PostalCode + " " + a.City), a.Province}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

type hsdsLanguage struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

type hsdsArea struct {
	Name   string `json:"name"`
	Extent string `json:"extent"`
}

type hsdsPhone struct {
	Number      string  `json:"number"`
	Extension   float64 `json:"extension"`
	Description string  `json:"description"`
}

// Call is what is dialled.
func (p hsdsPhone) Call() string {
	if p.Extension == 0 {
		return p.Number
	}
	return p.Number + " – " + amount(p.Extension)
}

type hsdsContact struct {
	Name   string      `json:"name"`
	Title  string      `json:"title"`
	Email  string      `json:"email"`
	Phones []hsdsPhone `json:"phones"`
}

// hsdsCapacity is how much of a unit is left. The unit is the agency's own word.
type hsdsCapacity struct {
	Unit struct {
		Name string `json:"name"`
	} `json:"unit"`
	Available float64   `json:"available"`
	Maximum   *float64  `json:"maximum"`
	Updated   time.Time `json:"updated"`
}

// hsdsAttributes describe an entry by terms.
type hsdsAttributes []struct {
	Term hsdsTerm `json:"taxonomy_term"`
}

type hsdsTerm struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	Taxonomy string `json:"taxonomy"`
}

// Of are the codes of a taxonomy of this network.
func (a hsdsAttributes) Of(taxonomy string) (codes []string) {
	for _, one := range a {
		if one.Term.Taxonomy == taxonomy && !slices.Contains(codes, one.Term.Code) {
			codes = append(codes, one.Term.Code)
		}
	}
	return codes
}

// Kinds are the kinds of help, as referrals name them.
func (s hsdsService) Kinds() []string { return s.Attributes.Of("sanad-service") }

// Usable is what makes it usable for her, at the service or at one of its places.
func (s hsdsService) Usable() []string {
	codes := s.Attributes.Of("sanad-accessibility")
	for _, p := range s.Places {
		codes = slices.Concat(codes, p.Attributes.Of("sanad-accessibility"), p.Location.Attributes.Of("sanad-accessibility"))
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Agency is the name by which the network knows an organization.
func (o hsdsGiver) Agency() string {
	for _, i := range o.Identifiers {
		if i.Scheme == agencyScheme {
			return i.Identifier
		}
	}
	return nameless + strings.ReplaceAll(o.ID, "-", "")
}

// agencyScheme is the scheme of an organization's identifier that is its name in this
// network. One without goes by nameless and its identifier.
const (
	agencyScheme = "sanad-agency"
	nameless     = "org-"
)

func amount(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Says is the count in words.
func (c hsdsCapacity) Says(v *visit) string {
	switch {
	case c.Available <= 0:
		return v.W.T("place.none_free")
	case c.Maximum != nil:
		return v.W.T("place.free_of", "Free", amount(c.Available), "Most", amount(*c.Maximum))
	}
	return v.W.T("place.free_now", "Free", amount(c.Available))
}

// Today says whether the count was said on this day.
func (c hsdsCapacity) Today(v *visit) bool {
	day := func(t time.Time) string { return t.In(v.W.Zone).Format(time.DateOnly) }
	return day(c.Updated) == day(v.site.cfg.Clock())
}

// Less and More are the counts beside it; empty where there is none.
func (c hsdsCapacity) Less() string {
	if c.Available < 1 {
		return ""
	}
	return amount(c.Available - 1)
}

// More is Less's other side.
func (c hsdsCapacity) More() string {
	if c.Maximum != nil && c.Available >= *c.Maximum {
		return ""
	}
	return amount(c.Available + 1)
}

func (s *Site) placePages() {
	s.page("GET /desk/places/{id}", s.onePlace)
	s.page("POST /desk/places/{id}/free", s.sayFree)
	s.page("GET /desk/free", s.free)
}

// placeShown is a service with what else its page needs.
type placeShown struct {
	hsdsService
	// Registered and Suspended say whether the agency takes referrals at all.
	Registered, Suspended bool
	// Counts says that the person may say how many places are free.
	Counts bool
	// Others are the other services of the organization.
	Others []hsdsService
	// Held is what is counted one by one, nil where nothing is, and Buttons what the person
	// can do with it. Own says that it is the person's own agency that can count.
	Held    *heldPlace
	Buttons []button
	Own     bool
	// Away says that a part did not answer.
	Away bool
	// Problem is what was refused of a count, of the unit Unit; Moved says that somebody else
	// said another number meanwhile.
	Problem     *api.Problem
	Unit, Wrote string
	Moved       bool
}

// Refused is the number of a unit that was not taken, as a field: its fault, and what the
// person wrote.
func (p placeShown) Refused(unit string) (f form.Field) {
	if p.Problem == nil || p.Unit != unit {
		return f
	}
	f.Values = []string{p.Wrote}
	for _, e := range p.Problem.Errors {
		if e.Pointer == "/available" {
			f.Fault = e.Rule
		}
	}
	return f
}

// onePlace is help at its places: when, for whom, how it is reached, and what is free.
func (s *Site) onePlace(v *visit) (templ.Component, error) {
	p, err := v.placeShown()
	if err != nil {
		return nil, err
	}
	return placePage(v, p), nil
}

func (v *visit) placeShown() (p placeShown, err error) {
	if _, err := v.get("getDirectoryService", v.PathValue("id"), nil, &p.hsdsService); err != nil {
		return p, err
	}
	var a agency
	if _, err := v.get("getAgency", p.Organization.Agency(), nil, &a); err != nil {
		if lost(err) {
			return p, err
		}
		p.Away = !missing(err)
	}
	p.Registered, p.Suspended = a.Agency != "", a.Status == suspended
	p.Counts = v.keeps(p.Organization.Agency(), a.Country)
	p.Own = p.Counts && p.Organization.Agency() == v.S.Agency
	held, version, err := v.heldAt(p.ID)
	if err != nil {
		if lost(err) {
			return p, err
		}
		p.Away = true
	}
	if p.Held = held; held != nil {
		p.Buttons = v.buttons("place", held.Commands, p.ID, version)
	}
	var o hsdsOrganization
	if _, err := v.get("getDirectoryOrganization", p.Organization.ID, nil, &o); err != nil {
		if lost(err) {
			return p, err
		}
		p.Away = p.Away || !missing(err)
	}
	p.Others = slices.DeleteFunc(o.Services, func(s hsdsService) bool { return s.ID == p.ID })
	return p, nil
}

// suspended is the status of an agency that takes no new referrals.
const suspended = "suspended"

// missing says that an error is that nothing is there.
func missing(err error) bool {
	p := api.Refused(err)
	return p != nil && p.Status == http.StatusNotFound
}

// keeps says whether the person keeps what the network knows of an agency: their own, and a
// coordinator those of her country. The service decides.
func (v *visit) keeps(agency, country string) bool {
	if agency == v.S.Agency {
		return anyOf("focal_point", "coordinator")(v)
	}
	return v.S.Is("coordinator") && country != "" && country == v.S.Country
}

// sayFree says how many places are free. The number is the whole one, and not the step: a
// form that is sent twice has one effect. Where somebody else said another number meanwhile,
// the person is shown it first.
func (s *Site) sayFree(v *visit) (templ.Component, error) {
	unit, wanted := v.PostFormValue(unitField), v.PostFormValue(availableField)
	p, err := v.placeShown()
	if err != nil {
		return nil, err
	}
	p.Unit, p.Wrote = unit, wanted
	again := func(problem *api.Problem) templ.Component {
		p.Problem = problem
		return placePage(v, p)
	}
	for _, c := range p.Capacities {
		now := amount(c.Available)
		if c.Unit.Name == unit && now != v.PostFormValue(shownField) && now != wanted {
			p.Moved = true
			v.render(http.StatusConflict, again(nil))
			return nil, nil
		}
	}
	n, err := strconv.Atoi(strings.TrimSpace(wanted))
	if err != nil {
		return v.again((&form.Fault{Pointer: "/available", Rule: "a whole number"}).Problem(), again)
	}
	o := v.contract().Operations["reportCapacity"]
	sh := sheet{Op: o, ID: v.PathValue("id"), Key: part(v.PostFormValue(keyField), wanted)}
	if _, err := v.command(o, sh, map[string]any{"unit": unit, "available": n}); err != nil {
		return v.again(err, again)
	}
	return v.to(with(back(v.PostFormValue(backField), "/desk/places/"+url.PathEscape(v.PathValue("id"))), "done", o.ID))
}

// free is what the person's own agency counts.
func (s *Site) free(v *visit) (templ.Component, error) {
	o, err := v.organizationOf(v.S.Agency)
	if err != nil {
		return nil, err
	}
	held, err := v.ownHeld()
	if err != nil {
		return nil, err
	}
	return freePage(v, o, held), nil
}

// organizationOf is what the directory has of an agency; empty where it has nothing.
func (v *visit) organizationOf(agency string) (o hsdsOrganization, err error) {
	if id, ok := strings.CutPrefix(agency, nameless); ok && len(id) == 32 {
		id = strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
		if _, err = v.get("getDirectoryOrganization", id, nil, &o); missing(err) {
			err = nil
		}
		return o, err
	}
	var page struct {
		Contents []hsdsOrganization `json:"contents"`
	}
	if _, err := v.get("listDirectoryOrganizations", "", url.Values{"search": {agency}, "full": {"true"}, "per_page": {"200"}}, &page); err != nil {
		return o, err
	}
	for _, o := range page.Contents {
		if o.Agency() == agency {
			return o, nil
		}
	}
	return hsdsOrganization{}, nil
}

// countPath is the form for another unit, or another maximum.
func countPath(service, from string) string {
	return "/desk/do/reportCapacity/" + url.PathEscape(service) + "?" + url.Values{backField: {from}}.Encode()
}

// ages are for whom a service is, by age; empty for everybody.
func (v *visit) ages(s hsdsService) string {
	switch {
	case s.MinimumAge > 0 && s.MaximumAge > 0:
		return v.W.T("place.ages", "From", amount(s.MinimumAge), "To", amount(s.MaximumAge))
	case s.MinimumAge > 0:
		return v.W.T("place.age_from", "From", amount(s.MinimumAge))
	case s.MaximumAge > 0:
		return v.W.T("place.age_to", "To", amount(s.MaximumAge))
	}
	return ""
}

// areas are where a service is given: by their names, else by their codes.
func (v *visit) areas(s hsdsService) (names []string) {
	for _, a := range s.Areas {
		names = append(names, cmp.Or(a.Name, a.Extent))
	}
	if len(names) > 0 {
		return names
	}
	for _, code := range s.Attributes.Of("sanad-area") {
		names = append(names, v.W.Code("Country", code))
	}
	return names
}

func spoken(s hsdsService) (names []string) {
	for _, l := range s.Languages {
		names = append(names, cmp.Or(l.Name, l.Code))
	}
	return names
}
