package domain

import (
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Nothing is half said. What a law keeps has a ground, a last day that is ahead wherever
// the agency is, and a word on whether she was told.
func TestWhatBecameOfCopiesIsWholeOrNothing(t *testing.T) {
	yes, no := true, false
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, c := range map[string]struct {
		said LetGo
		want bool
	}{
		"destroyed":                 {LetGo{Erasure: code.DataDeleted}, true},
		"kept":                      {LetGo{code.DataKeptByLaw, "a law", day("2026-03-09"), &yes}, true},
		"kept, and not told":        {LetGo{code.DataKeptByLaw, "a law", day("2031-01-01"), &no}, true},
		"nothing":                   {LetGo{}, false},
		"by her wish":               {LetGo{Erasure: code.DataKeptByHerWish}, false},
		"closed by the network":     {LetGo{Erasure: code.DataClosed}, false},
		"destroyed, with a ground":  {LetGo{Erasure: code.DataDeleted, Ground: "a law"}, false},
		"destroyed, with a day":     {LetGo{Erasure: code.DataDeleted, Day: day("2031-01-01")}, false},
		"no ground":                 {LetGo{code.DataKeptByLaw, " \t", day("2031-01-01"), &yes}, false},
		"a ground that is too long": {LetGo{code.DataKeptByLaw, strings.Repeat("ق", 251), day("2031-01-01"), &yes}, false},
		"no day":                    {LetGo{code.DataKeptByLaw, "a law", time.Time{}, &yes}, false},
		"today":                     {LetGo{code.DataKeptByLaw, "a law", day("2026-03-08"), &yes}, false},
		"for ever":                  {LetGo{code.DataKeptByLaw, "a law", day("9999-12-31"), &yes}, false},
		"no word on her":            {LetGo{code.DataKeptByLaw, "a law", day("2031-01-01"), nil}, false},
	} {
		if got := c.said.Whole(noon); got != c.want {
			t.Errorf("%s: whole is %t", name, got)
		}
	}
	for _, zone := range []string{"Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"} {
		z, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, now := range []time.Time{noon, noon.Add(12*time.Hour - 1), noon.Add(12 * time.Hour)} {
			until := LetGo{Day: Tomorrow(now)}.Until(z)
			if !until.After(now) || until.In(z).Hour() != 0 || until.In(z).AddDate(0, 0, -1).Format(time.DateOnly) != Tomorrow(now).Format(time.DateOnly) {
				t.Errorf("%s: the first day that is ahead ends at %s, and now it is %s", zone, until, now)
			}
			// What the page takes, the loop takes: no last day ends later than in 100 years.
			for last := range 4 {
				said := LetGo{code.DataKeptByLaw, "a law", now.UTC().Truncate(24*time.Hour).AddDate(100, 0, -last), &yes}
				if end := said.Until(z); said.Whole(now) && end.After(now.AddDate(100, 0, 0)) {
					t.Errorf("%s: at %s the page takes a day that ends at %s", zone, now, end)
				}
			}
		}
	}
	if !(LetGo{Erasure: code.DataDeleted}).Until(time.UTC).IsZero() {
		t.Error("what is destroyed is kept until a day")
	}
}
