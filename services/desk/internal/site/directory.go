package site

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// The fields of a search for a place.
const (
	kindField  = "service"
	whereField = "area"
	wordsField = "words"
	pageField  = "page"
)

// atDirectory are the roles that read the directory.
var atDirectory = []string{"caseworker", "coordinator", "counsellor", "examiner", "focal_point", "lawyer", "supervisor"}

func (s *Site) directoryPages() {
	s.page("GET /desk/directory", s.directory)
	s.page("POST /desk/directory", s.find)
	s.page("GET /desk/agencies/{id}", s.oneAgency)
	s.placePages()
}

// agency is who answers referrals, as the network knows it.
type agency struct {
	Agency   string   `json:"agency"`
	Country  string   `json:"country"`
	Services []string `json:"services"`
	Feed     bool     `json:"feed"`
	TwoSteps bool     `json:"two_step_denial"`
	Status   string   `json:"status"`
	Commands []string `json:"commands"`
}

// channels are where an agency gets its notices.
type channels struct {
	Language    string    `json:"language"`
	Zone        string    `json:"zone"`
	Coordinates bool      `json:"coordinates"`
	Channels    []channel `json:"channels"`
	Duty        []channel `json:"duty"`
	Commands    []string  `json:"commands"`
}

type channel struct {
	Kind    string `json:"kind"`
	Address string `json:"address"`
}

// looked is what somebody looked for, and what was found.
type looked struct {
	Fields []form.Field
	// Done says that somebody looked.
	Done   bool
	Places []hsdsService
	// Total is how many there are, and Next the page that follows; 0 is none.
	Total, Next int
	// Agencies are those of which no place is shown.
	Agencies []agency
	// Status is that of each agency, by name.
	Status map[string]string
	// More is the address of more agencies.
	More string
	// PlacesAway and AgenciesAway say that a part did not answer.
	PlacesAway, AgenciesAway bool
}

// lookFields are what can be looked for. The answer is that of a form that is posted: what
// people write stands in no address.
func (v *visit) lookFields() []form.Field {
	one := func(name, label, help string, kind form.Kind) form.Field {
		return form.Field{Name: name, Kind: kind, Label: v.W.T(label), Help: v.W.T(help), Max: 80, Values: v.PostForm[name]}
	}
	kind := form.Field{Name: kindField, Kind: form.Choice, Label: v.W.T("directory.kind"), Values: v.PostForm[kindField], Options: v.services()}
	return []form.Field{kind, one(whereField, "directory.area", "directory.area_help", form.Line), one(wordsField, "directory.words", "directory.words_help", form.Line)}
}

// directory is where people look for a place, and the agencies of the network.
func (s *Site) directory(v *visit) (templ.Component, error) {
	l := looked{Fields: v.lookFields(), Status: map[string]string{}}
	query := url.Values{"limit": {"50"}}
	if cursor := v.URL.Query().Get("cursor"); cursor != "" {
		query.Set("cursor", cursor)
	}
	var page struct {
		Items []agency `json:"items"`
	}
	answer, err := v.get("listAgencies", "", query, &page)
	if err != nil {
		if lost(err) {
			return nil, err
		}
		l.AgenciesAway = true
	}
	if l.Agencies = page.Items; answer.Cursor != "" {
		l.More = "/desk/directory?" + url.Values{"cursor": {answer.Cursor}}.Encode()
	}
	return directoryPage(v, l), nil
}

// find shows the places for what was looked for.
func (s *Site) find(v *visit) (templ.Component, error) {
	l := looked{Fields: v.lookFields(), Done: true, Status: map[string]string{}}
	all, err := v.agencies()
	if err != nil {
		if lost(err) {
			return nil, err
		}
		l.AgenciesAway = true
	}
	for _, a := range all {
		l.Status[a.Agency] = a.Status
	}
	if err := v.places(&l); err != nil {
		if lost(err) {
			return nil, err
		}
		l.PlacesAway = true
	}
	shown := map[string]bool{}
	for _, p := range l.Places {
		shown[p.Organization.Agency()] = true
	}
	l.Agencies = slices.DeleteFunc(all, func(a agency) bool { return shown[a.Agency] || !v.asksFor(a) })
	return directoryPage(v, l), nil
}

// asksFor says whether somebody looks for an agency, as far as the network knows it.
func (v *visit) asksFor(a agency) bool {
	if kind := v.PostForm.Get(kindField); kind != "" && !slices.Contains(a.Services, kind) {
		return false
	}
	for word := range strings.FieldsSeq(strings.ToLower(v.PostForm.Get(wordsField))) {
		if !strings.Contains(a.Agency, word) {
			return false
		}
	}
	return true
}

// found is how many places stand on a page.
const found = 20

// places are those of the directory in which all words stand that were looked for.
func (v *visit) places(l *looked) error {
	number, err := strconv.Atoi(cmp.Or(v.PostForm.Get(pageField), "1"))
	if err != nil || number < 1 {
		number = 1
	}
	query := url.Values{"full": {"true"}, "per_page": {strconv.Itoa(found)}, "page": {strconv.Itoa(number)}}
	if words := strings.TrimSpace(v.PostForm.Get(whereField) + " " + v.PostForm.Get(wordsField)); words != "" {
		query.Set("search", words)
	}
	if kind := v.PostForm.Get(kindField); kind != "" {
		term, err := v.term(kind)
		if err != nil {
			return err
		}
		if term == "" {
			return nil // no such kind of help
		}
		query.Set("taxonomy_term_id", term)
	}
	var page struct {
		Contents []hsdsService `json:"contents"`
		Total    int           `json:"total_items"`
		Last     bool          `json:"last_page"`
	}
	if _, err := v.get("listDirectoryServices", "", query, &page); err != nil {
		return err
	}
	if l.Places, l.Total = page.Contents, page.Total; !page.Last {
		l.Next = number + 1
	}
	return nil
}

// term is the identifier by which the directory knows a kind of help; empty where it knows
// none.
func (v *visit) term(kind string) (id string, err error) {
	var page struct {
		Contents []hsdsTerm `json:"contents"`
	}
	_, err = v.get("listTaxonomyTerms", "", url.Values{"search": {kind}, "per_page": {"200"}}, &page)
	for _, t := range page.Contents {
		if t.Code == kind && t.Taxonomy == "sanad-service" {
			return t.ID, err
		}
	}
	return "", err
}

// mostAgencies is how many pages of agencies are read at the most.
const mostAgencies = 10

// agencies are all of the network.
func (v *visit) agencies() (all []agency, err error) {
	query := url.Values{"limit": {"200"}}
	for range mostAgencies {
		var page struct {
			Items []agency `json:"items"`
		}
		answer, err := v.get("listAgencies", "", query, &page)
		if err != nil {
			return all, err
		}
		if all = append(all, page.Items...); answer.Cursor == "" {
			return all, nil
		}
		query.Set("cursor", answer.Cursor)
	}
	return all, nil
}

// agencyShown is an agency with what else its page needs.
type agencyShown struct {
	agency
	// ID is its name, whether it is registered or not.
	ID, Version string
	Listed      hsdsOrganization
	// Keeps says that the person keeps its settings, and Channels are where it gets notices;
	// nil is nowhere.
	Keeps    bool
	Channels *channels
	Away     bool
}

// Registered says that the network knows the agency.
func (a agencyShown) Registered() bool { return a.Agency != "" }

// oneAgency is an agency: whether it can be asked, what it gives, and where. Who keeps its
// entry has its settings there.
func (s *Site) oneAgency(v *visit) (templ.Component, error) {
	a := agencyShown{ID: v.PathValue("id")}
	answer, refused := v.get("getAgency", a.ID, nil, &a.agency)
	if refused != nil && !missing(refused) {
		return nil, refused
	}
	a.Version = answer.Version
	var err error
	if a.Listed, err = v.organizationOf(a.ID); err != nil {
		if lost(err) {
			return nil, err
		}
		a.Away = true
	}
	if a.Keeps = v.keeps(a.ID, a.Country); a.Keeps {
		var c channels
		_, err := v.get("getAgencyChannels", a.ID, nil, &c)
		switch {
		case err == nil:
			a.Channels = &c
		case lost(err):
			return nil, err
		case !missing(err):
			a.Away = true
		}
	}
	if refused != nil && a.Listed.ID == "" && !a.Keeps {
		return nil, refused
	}
	return agencyPage(v, a), nil
}

// Settings are the commands of its entry and of its channels.
func (a agencyShown) Settings(v *visit) (all []button) {
	at := func(op, label string) button {
		o := v.contract().Operations[op]
		return button{o, label, sheet{Op: o, ID: a.ID}.Action() + "?" + url.Values{backField: {v.URL.Path}}.Encode()}
	}
	for _, b := range v.buttons("agency", a.Commands, a.ID, a.Version) {
		if b.Op.ID == "registerAgency" {
			b.Label = a.Change(v)
		}
		all = append(all, b)
	}
	if !a.Keeps {
		return all
	}
	if !a.Registered() {
		all = append(all, at("registerAgency", v.W.T("directory.register")))
	}
	return append(all, at("setAgencyChannels", v.W.T("agency.set_channels")))
}

// Change is what a new registration is for.
func (a agency) Change(v *visit) string {
	if a.Status == suspended {
		return v.W.T("agency.again")
	}
	return v.W.T("agency.change")
}

// unnamed stands in the address of a form for the name of what is not there yet: no name is
// written so.
const unnamed = "-"

// prefillAgency is what is registered.
func prefillAgency(v *visit) (p prefill, err error) {
	if p.Values = (url.Values{}); v.PathValue("id") == unnamed {
		p.Values.Set("/country", v.S.Country)
		p.Title = v.W.T("directory.register")
		return p, nil
	}
	p.Fixed = []string{"agency"}
	var a agency
	if err = p.read(v, "registerAgency", "getAgency", &a); missing(err) {
		err = nil
	}
	p.Values.Set("/agency", v.PathValue("id"))
	if a.Agency != "" {
		p.Title = a.Change(v)
	}
	if !p.Values.Has("/country") {
		p.Values.Set("/country", v.S.Country)
	}
	return p, err
}

// prefillChannels are the channels that are set.
func prefillChannels(v *visit) (p prefill, err error) {
	p.Values, p.Fixed = url.Values{}, []string{"agency"}
	if v.PathValue("id") != v.S.Agency || !v.S.Is("coordinator") {
		p.Fixed = append(p.Fixed, "coordinates") // said by a coordinator, of their own agency
	}
	err = p.read(v, "setAgencyChannels", "getAgencyChannels", &channels{})
	if missing(err) {
		p.Values.Set("/zone", v.W.Zone.String())
		p.Values.Set("/language", v.W.Tag)
		err = nil
	}
	p.Values.Set("/agency", v.PathValue("id"))
	return p, err
}
