package page

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
	"github.com/sanad-network/sanad/services/trust-fund/internal/served"
)

var now = time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)

// given is a grant that both parts have signed; with turn zero it is a draft.
func agreed(name string, turn int, hidden bool) grant.Grant {
	return grant.Grant{ID: "grant_" + strings.ToLower(strings.ReplaceAll(name, " ", "")), Turn: turn, Status: code.GrantInForce, Terms: grant.Terms{
		Name: name, Agency: "agency-" + strings.ToLower(name), Country: "GT", SubProgramme: "short_term", HiddenPlace: hidden,
		Services: []code.Service{code.SafeHouse}, Cents: 2_000_000, Months: 8,
	}}
}

func donation(name string, country code.Country, paid ...int64) ledger.Donation {
	d := ledger.Donation{Pledge: ledger.Pledge{Donor: name, Country: country}}
	for _, cents := range paid {
		d.Paid = append(d.Paid, ledger.Payment{Cents: cents})
	}
	return d
}

func money(all ...ledger.Donation) ledger.Ledger { return ledger.Ledger{Donations: all} }

func says(of string, audience code.FigureAudience) served.Table {
	return served.Table{ServedNoted: trustfundv1.ServedNoted{
		Served: "served_1", Programme: "guatemala", Period: "2026-Q3", For: audience,
		Rows: []trustfundv1.Served{{Grant: of, Service: code.SafeHouse, AtLeast: 23}},
	}}
}

// What was given, to whom, for what, and what it did; nothing of what was not agreed, nor how many
// those were; of a hidden place the name alone.
func TestMake(t *testing.T) {
	grants := []grant.Grant{agreed("Open Door", 1, false), agreed("Quiet House", 1, true), agreed("Never Agreed", 0, false)}
	tables := []served.Table{says("grant_opendoor", code.FiguresPublic), says("grant_quiethouse", code.FiguresPublic)}
	donors := money(
		donation("A Company", "", 300_000), donation("Norway", "NO", 8_000_000), donation("Austria", "AT"), donation("A Company", "", 200_000), donation("Norge", "NO", 1_000_000),
	)
	want := Fund{
		AsOf: "2026-11-03", PaidCents: 9_500_000, GivenCents: 4_000_000,
		Donors: []Donor{{Country: "NO", PaidCents: 9_000_000}, {Name: "A Company", PaidCents: 500_000}},
		Grants: []Grant{
			{
				Grantee: "Open Door", Cents: 2_000_000, Months: 8, SubProgramme: "short_term", Country: "GT", Services: []code.Service{code.SafeHouse},
				Served: []served.Item{{Programme: "guatemala", Period: "2026-Q3", Service: code.SafeHouse, AtLeast: 23}},
			},
			{Grantee: "Quiet House", Cents: 2_000_000, Months: 8, SubProgramme: "short_term"},
		},
	}
	if diff := cmp.Diff(want, Make(now, donors, grants, tables)); diff != "" {
		t.Error(diff)
	}
	for _, l := range languages {
		text := string(Show(edge.Visit{Languages: string(l)}, Make(now, donors, grants, tables)).HTML)
		hidden := text[strings.Index(text, "Quiet House"):]
		hidden, _, _ = strings.Cut(hidden, "</li>")
		for _, secret := range []string{"Never Agreed", "agency-", "grant_"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: the page says %q", l, secret)
			}
		}
		for _, secret := range []string{"23", said[l].Services[code.SafeHouse], said[l].Country} {
			if !strings.Contains(text, secret) || strings.Contains(hidden, secret) {
				t.Errorf("%s: %q is not on the page, or stands with a hidden place: %s", l, secret, hidden)
			}
		}
	}
}

// What is for the fund is not for everybody.
func TestFiguresForTheFundAreNotPublic(t *testing.T) {
	f := Make(now, ledger.Ledger{}, []grant.Grant{agreed("Open Door", 1, false)}, []served.Table{says("grant_opendoor", code.FiguresFund)})
	if len(f.Grants[0].Served) > 0 {
		t.Errorf("%+v", f.Grants[0])
	}
	if text := string(Show(edge.Visit{}, f).HTML); !strings.Contains(text, said[code.English].NoFigures) {
		t.Error("the page does not say that no figures were released")
	}
}

// The page has no script and asks no other server, and it is read from right to left in Arabic.
func TestThePageIsPlain(t *testing.T) {
	f := Make(now, money(donation("Norway", "NO", 1)), []grant.Grant{agreed("<b>Open</b>", 1, false)}, nil)
	for _, l := range languages {
		p := Show(edge.Visit{Languages: "fr, " + string(l) + "-X;q=0.3"}, f)
		text := string(p.HTML)
		for _, odd := range []string{"<script", "http:", "https:", "<b>Open", "src=", "style=\"", "<no value>"} {
			if strings.Contains(text, odd) {
				t.Errorf("%s: %q", l, odd)
			}
		}
		if !strings.Contains(text, `<html lang="`+string(l)+`" dir="`+direction(l)+`"`) || strings.Contains(p.Policy, "unsafe") {
			t.Errorf("%s: %.80s; %s", l, text, p.Policy)
		}
	}
	if p := Show(edge.Visit{Languages: "es", Query: map[string][]string{"language": {"ar"}}}, f); !strings.Contains(string(p.HTML), `dir="rtl"`) {
		t.Error("the language that was chosen does not count")
	}
	if p := Refused(edge.Visit{Languages: "es"}, nil); !strings.Contains(string(p.HTML), said[code.Spanish].Failed) {
		t.Error("what is refused is not said")
	}
}

// Every language says everything, and every code has a name in it.
func TestEveryLanguageSaysEverything(t *testing.T) {
	for _, l := range languages {
		w := reflect.ValueOf(said[l])
		for i := range w.NumField() {
			if f := w.Field(i); f.Kind() == reflect.String && f.String() == "" {
				t.Errorf("%s: no %s", l, w.Type().Field(i).Name)
			}
		}
		for _, c := range code.Services {
			if said[l].Services[c] == "" {
				t.Errorf("%s: no name for %s", l, c)
			}
		}
		for _, s := range code.SubProgrammes {
			if said[l].SubProgrammes[s] == "" {
				t.Errorf("%s: no name for %s", l, s)
			}
		}
	}
}

func TestMoney(t *testing.T) {
	for cents, want := range map[int64]string{0: "0.00", 5: "0.05", 99_999: "999.99", 100_000: "1,000.00", 350_000_000: "3,500,000.00"} {
		if got := dollars(cents); got != want {
			t.Errorf("%d is %s", cents, got)
		}
	}
}
