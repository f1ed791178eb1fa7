// Package app holds the use cases of essential services that need more than one record: what is in
// reach, how answers stand. It decides nothing itself, and refuses to hold a rule.
package app

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/coordination"
	"github.com/sanad-network/sanad/services/referral/internal/essential/internal/domain"
)

// Directory is what essential services ask of the directory.
type Directory interface {
	// Offered is what agencies give in a country, as far as this process knows.
	Offered(c code.Country, now time.Time) []domain.Offered
	// Asked is what holds of an agency that is asked for a service.
	Asked(ctx context.Context, agency string, s code.Service) (look.Fresh[domain.Listed], error)
}

// App is the assessments of all services, and the fold of answers.
type App struct {
	Assessments *record.Records[domain.Assessment]
	Directory   Directory
	Programmes  programme.Set
	*answers
}

// answers is the fold, and what was told of hidden places today.
type answers struct {
	mu     sync.Mutex
	fold   *domain.Fold
	wholes map[code.Country]told
}

type told struct {
	day  string
	rows []domain.Whole
}

// New adds the records to a book.
func New(b *record.Book, all programme.Set, d Directory) App {
	return App{record.New(b, "assess", &domain.ByNext), d, all, &answers{fold: domain.NewFold(all), wholes: map[code.Country]told{}}}
}

// Heard counts what came of an ask.
func (a *answers) Heard(one domain.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fold.Add(one)
}

// On looks up what an assessment hangs on.
func (a App) On(ctx context.Context, _ string, by fact.By, cmd domain.Assess) domain.On {
	on := a.amended(by)
	on.Agency, on.Err = a.Directory.Asked(ctx, cmd.Agency, cmd.Service)
	return on
}

// Amended is the programme under which an assessment is put right.
func (a App) Amended(_ context.Context, _ string, by fact.By) domain.On { return a.amended(by) }

func (a App) amended(by fact.By) domain.On {
	p, err := a.Programmes.InForce(by.Programme, by.At)
	if err != nil || string(p.Country) != by.Country {
		return domain.On{}
	}
	return domain.On{Is: a.Programmes.For(p.ID, p.Country, by.At, by.At).Essential, Zone: p.Zone, Installed: true}
}

// Text is a text in one language.
type Text struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

func texts(w programme.Words) []Text {
	all := []Text{}
	for _, language := range slices.Sorted(maps.Keys(w)) {
		all = append(all, Text{language, w[language]})
	}
	return all
}

// Service is an essential service of the programme.
type Service struct {
	Essential string               `json:"essential"`
	Sector    code.EssentialSector `json:"sector"`
	Services  []code.Service       `json:"services"`
	Words     []Text               `json:"words"`
}

// Area is an area of the programme, with its point where the programme gives one.
type Area struct {
	Area      string   `json:"area"`
	Latitude  *float64 `json:"latitude,omitempty"`
	Longitude *float64 `json:"longitude,omitempty"`
	Words     []Text   `json:"words"`
}

// Standard is a line of the checklist.
type Standard struct {
	Standard string         `json:"standard"`
	Services []code.Service `json:"services,omitempty"`
	Words    []Text         `json:"words"`
}

// Silent is a provider that does not answer.
type Silent struct {
	Agency  string       `json:"agency"`
	Service code.Service `json:"service"`
}

// Map is where essential services are in a programme, and where not.
type Map struct {
	AsOf      time.Time    `json:"as_of"`
	Country   code.Country `json:"country"`
	Programme string       `json:"programme"`
	// From and Until are the first day of the period of the answers, and the first after it; left out before a whole one
	// has passed.
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`

	Services  []Service         `json:"services"`
	Areas     []Area            `json:"areas"`
	Coverage  []domain.Coverage `json:"coverage"`
	Whole     []domain.Whole    `json:"whole"`
	Answers   []domain.Figure   `json:"answers"`
	Silent    []Silent          `json:"silent"`
	Providers []domain.Shown    `json:"providers"`
}

// programme is the programme of a coordinator, as it holds now.
func (a App) programme(by fact.By) (is programme.Programme, in domain.Period, measured bool, err error) {
	if err := coordination.Check(by, domain.ErrNotCoordinator); err != nil {
		return is, in, false, err
	}
	country := code.Country(by.Country)
	is = a.Programmes.For(by.Programme, country, by.At, by.At)
	installed, err := a.Programmes.InForce(by.Programme, by.At)
	if err != nil || installed.Country != country {
		return is, in, false, nil //nolint:nilerr // the base of the network, which measures nothing
	}
	in, _, measured = domain.LastPeriod(installed, by.At)
	return is, in, measured, nil
}

// Map shows a coordinator what is essential in their programme.
func (a App) Map(_ context.Context, by fact.By, _ string, _ url.Values) (Map, error) {
	is, in, measured, err := a.programme(by)
	if err != nil {
		return Map{}, err
	}
	country := code.Country(by.Country)
	all := a.Directory.Offered(country, by.At)
	m := Map{
		AsOf: by.At.UTC().Truncate(time.Millisecond), Country: country, Programme: by.Programme,
		Services: []Service{}, Areas: []Area{}, Answers: []domain.Figure{}, Silent: []Silent{}, Providers: domain.Show(all),
	}
	silent := map[Silent]bool{}
	a.mu.Lock()
	if measured {
		m.From, m.Until = in.From.Format(time.DateOnly), in.Until.Format(time.DateOnly)
		m.Answers = a.fold.Figures(country, by.Programme, in)
		for _, r := range a.fold.Records(country, by.Programme, in, is.Reach.Silent) {
			if r.Is == code.AgencySilent {
				m.Silent = append(m.Silent, Silent{r.Agency, r.Service})
				silent[Silent{r.Agency, r.Service}] = true
			}
		}
	}
	m.Whole = a.whole(country, by.At, all)
	a.mu.Unlock()
	rules := domain.Rules{
		Country: country, Essential: is.Essential, Reach: is.Reach,
		Silent: func(agency string, s code.Service) bool { return silent[Silent{agency, s}] },
	}
	areas := domain.Areas(rules, all)
	m.Coverage = domain.Cover(rules, areas, all)
	for _, name := range slices.Sorted(maps.Keys(is.Essential.Services)) {
		s := is.Essential.Services[name]
		m.Services = append(m.Services, Service{name, s.Sector, s.Services, texts(s.Words)})
	}
	for _, name := range areas {
		area := Area{Area: name, Words: []Text{}}
		if at, ok := is.Reach.Areas[name]; ok {
			area.Latitude, area.Longitude, area.Words = &at.Latitude, &at.Longitude, texts(at.Words)
		}
		m.Areas = append(m.Areas, area)
	}
	return m, nil
}

// whole is what is told of hidden places. It stays the same for a day: who asks often would see a bed taken, and
// know when.
func (a *answers) whole(c code.Country, now time.Time, all []domain.Offered) []domain.Whole {
	day := now.UTC().Format(time.DateOnly)
	if t := a.wholes[c]; t.day == day {
		return t.rows
	}
	rows := domain.Wholes(all)
	a.wholes[c] = told{day, rows}
	return rows
}

// Standards are the checklist of a programme.
type Standards struct {
	Items []Standard `json:"items"`
}

// Standards lists the standards of a programme, in words: those of the token, or of the programme
// that is named.
func (a App) Standards(_ context.Context, by fact.By, _ string, q url.Values) (Standards, error) {
	name := by.Programme
	if q.Has("programme") {
		name = q.Get("programme")
	}
	is := a.Programmes.Base()
	if p, err := a.Programmes.InForce(name, by.At); err == nil {
		is = a.Programmes.For(p.ID, p.Country, by.At, by.At)
	}
	all := Standards{Items: []Standard{}}
	for _, one := range slices.Sorted(maps.Keys(is.Essential.Standards)) {
		s := is.Essential.Standards[one]
		all.Items = append(all.Items, Standard{one, s.Services, texts(s.Words)})
	}
	return all, nil
}

// Own is how the answers of one's own agency stand in a programme.
type Own struct {
	Programme string            `json:"programme"`
	Service   code.Service      `json:"service"`
	Answers   code.AnswerRecord `json:"answers"`
	From      string            `json:"from"`
	Until     string            `json:"until"`
}

// Owns are those of all programmes.
type Owns struct {
	Items []Own `json:"items"`
}

// Own shows an agency how its own answers stand, and those of no other.
func (a App) Own(_ context.Context, by fact.By, _ string, _ url.Values) (Owns, error) {
	own := Owns{Items: []Own{}}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range a.Programmes.List() {
		in, reach, ok := domain.LastPeriod(p, by.At)
		if !ok {
			continue
		}
		for _, r := range a.fold.Records(p.Country, p.ID, in, reach.Silent) {
			if r.Agency == by.Agency {
				own.Items = append(own.Items, Own{p.ID, r.Service, r.Is, in.From.Format(time.DateOnly), in.Until.Format(time.DateOnly)})
			}
		}
	}
	return own, nil
}
