package figures_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// areas and grants are those that random cases have. The network has others.
var (
	areas  = []string{"GT-01", "GT-13", "PE-LIM"}
	grants = []string{"grant_01jr8hmcdw", "grant_02", "grant_zz"}
)

// related are the dimensions of which one rules out values of another: they are drawn more often.
var related = []code.FigureDimension{
	code.FigureMonth, code.FigureQuarter, code.FigureFunded, code.FigureService, code.FigureGrant, code.FigureFunded, code.FigureGrant,
}

// values are some of a dimension, the listed and the open ones.
func values(d code.FigureDimension) []string {
	all, _ := programme.FigureListed(d)
	switch d {
	case code.FigureArea:
		return append(slices.Clone(all), areas...)
	case code.FigureGrant:
		return append(slices.Clone(all), grants...)
	}
	return all
}

// anyFigures draws a catalogue that keeps the rules.
func anyFigures(t *rapid.T) programme.Figures {
	f := programme.Figures{
		Period:  rapid.SampledFrom(code.FigurePeriods).Draw(t, "period"),
		Settles: 24 * time.Hour * time.Duration(rapid.IntRange(1, 90).Draw(t, "settles")),
		K:       rapid.SampledFrom([]int{11, 11, 11, 12, 20}).Draw(t, "k"),
		Tables:  []programme.FigureTable{{Name: "all", For: code.FiguresPublic}},
	}
	for range rapid.IntRange(0, 8).Draw(t, "tables") {
		parent := rapid.SampledFrom(f.Tables).Draw(t, "parent")
		next := programme.FigureTable{
			Name: "table_" + string(rune('a'+len(f.Tables))), Parent: parent.Name,
			Columns: rapid.SampledFrom(append(slices.Clone(code.FigureDimensions), related...)).Draw(t, "columns"),
			For:     rapid.SampledFrom(code.FigureAudiences).Draw(t, "for"),
			Zeros:   rapid.IntRange(0, 3).Draw(t, "zeros") > 0,
		}
		if parent.Columns != "" && rapid.Bool().Draw(t, "some") {
			next.Of = rapid.SliceOfNDistinct(rapid.SampledFrom(values(parent.Columns)), 1, min(3, len(values(parent.Columns))), rapid.ID).Draw(t, "of")
		}
		with := f
		with.Tables = append(slices.Clip(f.Tables), next)
		if len(with.Wrong()) == 0 {
			f = with
		}
	}
	return f
}

// anyCases draws the cases of a period: some kinds of cases, many of each or a few.
func anyCases(t *rapid.T, p figures.Period) (all []figures.Contribution) {
	days := int(p.To.Sub(p.From) / (24 * time.Hour))
	for range rapid.IntRange(1, 9).Draw(t, "kinds") {
		one := figures.Contribution{
			Opened:       p.From.AddDate(0, 0, rapid.IntRange(0, days-1).Draw(t, "day")),
			Type:         rapid.SampledFrom(append([]code.GBVType{""}, code.GBVTypes[:3]...)).Draw(t, "type"),
			Sex:          rapid.SampledFrom(append([]code.Sex{""}, code.Sexes...)).Draw(t, "sex"),
			Age:          rapid.SampledFrom(append([]code.AgeBand{""}, code.AgeBands...)).Draw(t, "age"),
			Displacement: rapid.SampledFrom(append([]code.Displacement{""}, code.Displacements[:2]...)).Draw(t, "displacement"),
			Disability:   rapid.SampledFrom(append([]code.Disability{""}, code.Disabilities...)).Draw(t, "disability"),
			Area:         rapid.SampledFrom(append([]string{"", "no area!"}, areas...)).Draw(t, "area"),
			Service:      rapid.SampledFrom([]code.Service{"", code.SafeHouse, code.Food, code.Psychosocial}).Draw(t, "service"),
			Grant:        rapid.SampledFrom(append([]string{"", "", "somebody's"}, grants...)).Draw(t, "grant"),
		}
		for range rapid.SampledFrom([]int{1, 2, 10, 11, 12, 25, 40}).Draw(t, "many") {
			all = append(all, one)
		}
	}
	return all
}

// anyPeriod is a period in which something can be counted.
func anyPeriod(t *rapid.T, c figures.Catalogue) figures.Period {
	return c.Period(time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 15, 0, 0, 0, 0, time.UTC))
}
