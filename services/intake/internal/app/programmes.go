package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Programmes are the country programmes in force.
type Programmes struct {
	Items []Programme `json:"items"`
	// Training says that nothing here is real.
	Training bool `json:"training"`
}

// Programme is what people at a desk and integrators must know of one.
type Programme struct {
	Programme string               `json:"programme"`
	Country   code.Country         `json:"country"`
	Version   int                  `json:"version"`
	From      string               `json:"from"`
	Status    code.ProgrammeStatus `json:"status"`
	Zone      string               `json:"zone"`
	Languages []string             `json:"languages"`
	Channels  []code.Channel       `json:"channels"`
	Asks      []Asks               `json:"asks"`
	Services  []Used               `json:"services"`
	Reasons   map[string][]Used    `json:"reasons"`
	Reporting []ReportLaw          `json:"reporting"`
	// Figures are the tables of its catalogue, the root first.
	Figures []Used `json:"figures"`
}

// ReportLaw is a law that asks somebody to report to an authority.
type ReportLaw struct {
	Used
	Reporters   []Text `json:"reporters"`
	Minimum     []Text `json:"minimum"`
	Authorities []Used `json:"authorities"`
}

// Asks is what a door asks first, and then.
type Asks struct {
	Channel code.Channel    `json:"channel"`
	Asks    []code.FirstAsk `json:"asks"`
}

// Used is a code in use, with its words by language.
type Used struct {
	Code  string `json:"code"`
	Words []Text `json:"words"`
}

// Text is how one language says it.
type Text struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

// ListProgrammes tells which programmes hold now.
func (a App) ListProgrammes(_ context.Context, by fact.By) (Programmes, error) {
	all := Programmes{Items: []Programme{}, Training: a.Training}
	for _, installed := range a.Rules.Programmes.List() {
		version, is, ok := installed.At(by.At)
		if !ok {
			continue
		}
		p := Programme{
			Programme: is.ID, Country: is.Country, Version: version.Number, From: version.From.Format(time.DateOnly),
			Status: version.Status, Zone: is.Zone.String(), Languages: is.Languages, Channels: is.Channels, Asks: []Asks{},
			Reasons: map[string][]Used{"decline": used(is.Reasons.Decline, code.DeclineReasons), "cancel": used(is.Reasons.Cancel, code.CancelReasons), "close": used(is.Reasons.Close, code.CloseReasons)},
		}
		for _, c := range is.Channels {
			p.Asks = append(p.Asks, Asks{Channel: c, Asks: is.AsksOf(c)})
		}
		p.Services = used(is.Services, code.Services)
		p.Reporting = reporting(is.Reporting)
		p.Figures = tables(is.Figures.Tables)
		all.Items = append(all.Items, p)
	}
	return all, nil
}

func tables(all []programme.FigureTable) []Used {
	named := make([]Used, 0, len(all))
	for _, t := range all {
		named = append(named, Used{Code: t.Name, Words: texts(t.Words)})
	}
	return named
}

func reporting(laws programme.Reporting) []ReportLaw {
	all := make([]ReportLaw, 0, len(laws))
	for _, name := range slices.Sorted(maps.Keys(laws)) {
		law := laws[name]
		all = append(all, ReportLaw{
			Used: Used{Code: name, Words: texts(law.Words)}, Reporters: texts(law.Reporters), Minimum: texts(law.Minimum),
			Authorities: used(law.Authorities, slices.Sorted(maps.Keys(law.Authorities))),
		})
	}
	return all
}

// texts are the words by language.
func texts(w programme.Words) []Text {
	all := make([]Text, 0, len(w))
	for _, l := range slices.Sorted(maps.Keys(w)) {
		all = append(all, Text{Language: l, Text: w[l]})
	}
	return all
}

// used are the codes of a list that are in use, in the order of the list.
func used[C ~string](words map[C]programme.Words, list []C) []Used {
	all := make([]Used, 0, len(words))
	for _, c := range list {
		if w, ok := words[c]; ok {
			all = append(all, Used{Code: string(c), Words: texts(w)})
		}
	}
	return all
}
