package served_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/trust-fund/internal/served"
)

const (
	one = "grant_7hq8m2w5v9k3c1x0z4b6n8d2ft"
	two = "grant_00000000000000000000000000"
)

func row(grant string, cells ...intakev1.FigureCell) intakev1.FigureRow {
	r := intakev1.FigureRow{Path: []intakev1.FigureValue{{Dimension: code.FigureGrant, Value: grant}}, Cells: cells}
	for _, c := range cells {
		r.Total += c.Count
	}
	return r
}

func released(rows ...intakev1.FigureRow) intakev1.TableReleased {
	return intakev1.TableReleased{
		Figures: "figures_1", Table: "grants_by_service", Programme: "guatemala", Country: "GT", Version: 3, Period: "2026-Q3", For: code.FiguresFund, K: 11,
		Above: []code.FigureDimension{code.FigureGrant}, Columns: code.FigureService, Rows: rows,
	}
}

func cell(s code.Service, n int) intakev1.FigureCell {
	return intakev1.FigureCell{Value: string(s), Count: n}
}

func noted(t *testing.T, e intakev1.TableReleased) served.Table {
	t.Helper()
	events, err := served.Table{}.OnReleased(fact.By{}, e)
	if err != nil {
		t.Fatal(err)
	}
	var s served.Table
	for _, e := range events {
		s = s.Evolve(e)
	}
	return s
}

func TestOnReleased(t *testing.T) {
	whole := released(row(one, cell(code.Food, 40), cell(code.LegalAssistance, 12)), row(two, cell(code.Food, 11)), row("none", cell(code.Food, 90)))
	want := []trustfundv1.Served{{Grant: two, Service: code.Food, AtLeast: 11}, {Grant: one, Service: code.Food, AtLeast: 40}, {Grant: one, Service: code.LegalAssistance, AtLeast: 12}}
	for name, c := range map[string]struct {
		so   func(*intakev1.TableReleased)
		want []trustfundv1.Served
	}{
		"for the fund":                      {func(*intakev1.TableReleased) {}, want},
		"for everybody":                     {func(e *intakev1.TableReleased) { e.For = code.FiguresPublic }, want},
		"for coordination":                  {func(e *intakev1.TableReleased) { e.For = code.FiguresCoordination }, nil},
		"for the network":                   {func(e *intakev1.TableReleased) { e.For = code.FiguresNetwork }, nil},
		"below what its programme asks for": {func(e *intakev1.TableReleased) { e.K = 20 }, want[1:2]},
		"with fewer than eleven":            {func(e *intakev1.TableReleased) { e.K, e.Rows[1].Cells[0].Count = 5, 10 }, want[1:]},
		"with a zero":                       {func(e *intakev1.TableReleased) { e.Rows[1].Cells[0].Count = 0 }, want[1:]},
		"withheld":                          {func(e *intakev1.TableReleased) { e.Rows[0].Withheld = true }, want[:1]},
		"by sex as well":                    {func(e *intakev1.TableReleased) { e.Above = append(e.Above, code.FigureSex) }, nil},
		"not by grant":                      {func(e *intakev1.TableReleased) { e.Above = nil }, nil},
		"not by service":                    {func(e *intakev1.TableReleased) { e.Columns = code.FigureArea }, nil},
		"of whether it was funded, too":     {func(e *intakev1.TableReleased) { e.Above = []code.FigureDimension{code.FigureFunded, code.FigureGrant} }, want},
	} {
		var e intakev1.TableReleased
		text, _ := json.Marshal(whole)
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		c.so(&e)
		if diff := cmp.Diff(c.want, noted(t, e).Rows); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// A table is released once. It may be told twice, and cannot say something else.
func TestToldTwice(t *testing.T) {
	e := released(row(one, cell(code.Food, 40)))
	s := noted(t, e)
	if events, err := s.OnReleased(fact.By{}, e); len(events) > 0 || err != nil {
		t.Errorf("%v %v", events, err)
	}
	if _, err := s.OnReleased(fact.By{}, released(row(one, cell(code.Food, 41)))); !errors.Is(err, agree.Err) {
		t.Error(err)
	}
}

// What is not released has no number, and no zero stands for it.
func TestOf(t *testing.T) {
	fund := noted(t, released(row(one, cell(code.Food, 40))))
	public := released(row(one, cell(code.Food, 40), cell(code.Psychosocial, 15)))
	public.For, public.Table = code.FiguresPublic, "public_grants"
	tables := []served.Table{fund, noted(t, public)}
	want := served.Answer{State: code.ServedReleased, Items: []served.Item{
		{Programme: "guatemala", Period: "2026-Q3", Service: code.Food, AtLeast: 40}, {Programme: "guatemala", Period: "2026-Q3", Service: code.Psychosocial, AtLeast: 15},
	}}
	if diff := cmp.Diff(want, served.Of(one, code.FiguresFund, tables)); diff != "" {
		t.Error(diff)
	}
	if got := served.Of(one, code.FiguresPublic, tables[:1]); len(got.Items) > 0 || got.State != code.NothingReleased {
		t.Errorf("everybody is told what is for the fund: %+v", got)
	}
	text, err := json.Marshal(served.Of(two, code.FiguresFund, tables))
	if err != nil || strings.ContainsAny(string(text), "0123456789") {
		t.Errorf("nothing was released, and it says %s", text)
	}
}
