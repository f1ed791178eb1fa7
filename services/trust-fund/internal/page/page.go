// Package page draws the public page of the fund: what was given, to whom, for what, and what it did.
// It is one small document without scripts; it asks no other server for anything. It refuses to know
// an application that was not awarded, where a hidden grantee works, and how a grant goes on.
package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
	"github.com/sanad-network/sanad/services/trust-fund/internal/served"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// Path is where the page is.
const Path = "/fund"

var (
	//go:embed page.html
	source string
	//go:embed page.css
	style string

	page = template.Must(template.New("page").Parse(source))

	policy = "default-src 'none'; style-src " + hash(style) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Donor is who gave how much.
type Donor struct {
	// Country is that of a State that gave; a company has a name.
	Country code.Country `json:"country,omitempty"`
	Name    string       `json:"name,omitempty"`
	// PaidCents is what came in, in US dollar cents.
	PaidCents int64 `json:"paid_cents"`
}

// Grant is what was given to one grantee. Of one whose place is hidden it has the name, the money and
// for how long.
type Grant struct {
	Grantee string `json:"grantee"`
	// Cents is what was given, in US dollar cents.
	Cents        int64             `json:"cents"`
	Months       int               `json:"months"`
	SubProgramme code.SubProgramme `json:"sub_programme"`
	Country      code.Country      `json:"country,omitempty"`
	Services     []code.Service    `json:"services,omitempty"`
	// Served are the figures that were released for everybody; left out where none were.
	Served []served.Item `json:"served,omitempty"`
}

// Fund is all that everybody may know of the fund.
type Fund struct {
	// AsOf is the day on which this was asked.
	AsOf string `json:"as_of"`
	// PaidCents is what donors paid, GivenCents what grantees were given, in US dollar cents.
	PaidCents  int64   `json:"paid_cents"`
	GivenCents int64   `json:"given_cents"`
	Donors     []Donor `json:"donors"`
	Grants     []Grant `json:"grants"`
}

// Make puts together what everybody may know: donors by how much they gave, grants by their names.
// Grants that were not agreed are not among them, and neither is their number.
func Make(now time.Time, money ledger.Ledger, grants []grant.Grant, tables []served.Table) Fund {
	f := Fund{AsOf: vienna.Of(now), Donors: []Donor{}, Grants: []Grant{}}
	for _, d := range money.Shown().Donations {
		f.received(Donor{Country: d.Country, Name: d.Donor, PaidCents: d.ReceivedCents})
	}
	for _, g := range grants {
		p, agreed := g.Public()
		if !agreed {
			continue
		}
		one := Grant{Grantee: p.Name, Cents: p.Cents, Months: p.Months, SubProgramme: p.SubProgramme, Country: p.Country, Services: p.Services}
		if !p.HiddenPlace {
			one.Served = served.Of(p.ID, code.FiguresPublic, tables).Items
		}
		f.GivenCents += p.Cents
		f.Grants = append(f.Grants, one)
	}
	slices.SortStableFunc(f.Donors, func(x, y Donor) int {
		return cmp.Or(cmp.Compare(y.PaidCents, x.PaidCents), cmp.Compare(x.Country, y.Country), cmp.Compare(x.Name, y.Name))
	})
	slices.SortStableFunc(f.Grants, func(x, y Grant) int { return cmp.Compare(x.Grantee, y.Grantee) })
	return f
}

// received adds what a donor paid to what the same donor paid before. A State is named by its country.
func (f *Fund) received(d Donor) {
	if d.Country != "" {
		d.Name = ""
	}
	if d.PaidCents == 0 {
		return
	}
	f.PaidCents += d.PaidCents
	for i, o := range f.Donors {
		if o.Country == d.Country && o.Name == d.Name {
			f.Donors[i].PaidCents += d.PaidCents
			return
		}
	}
	f.Donors = append(f.Donors, d)
}

// view is what the page shows.
type view struct {
	Language    code.NoticeLanguage
	Direction   string
	Say         words
	Style       template.CSS
	AsOf        string
	Paid, Given string
	Donors      []donor
	Grants      []given
	Others      []other
	Trouble     string
}

type donor struct{ Name, Money string }

type given struct {
	Name, Money, Months, For, Country string
	Services                          []string
	Served                            []line
}

type line struct{ Service, Period, AtLeast string }

// other is another language of the page.
type other struct {
	Language            code.NoticeLanguage
	Direction, Name, At string
}

// languages are those of the page, the first for who speaks none of them.
var languages = []code.NoticeLanguage{code.English, code.Spanish, code.Arabic}

// Show draws the page in the language that was chosen, or that the browser asks for.
func Show(v edge.Visit, f Fund) edge.Page {
	in := speak(v)
	say := said[in]
	countries := display.Regions(language.Make(string(in)))
	named := func(c code.Country) string {
		region, err := language.ParseRegion(string(c))
		if err != nil {
			return string(c)
		}
		return cmp.Or(countries.Name(region), string(c))
	}
	drawn := view{AsOf: f.AsOf, Paid: dollars(f.PaidCents), Given: dollars(f.GivenCents)}
	for _, d := range f.Donors {
		name := d.Name
		if name == "" {
			name = named(d.Country)
		}
		drawn.Donors = append(drawn.Donors, donor{name, dollars(d.PaidCents)})
	}
	for _, g := range f.Grants {
		one := given{Name: g.Grantee, Money: dollars(g.Cents), Months: strconv.Itoa(g.Months), For: say.SubProgrammes[g.SubProgramme]}
		if g.Country != "" {
			one.Country = named(g.Country)
		}
		for _, s := range g.Services {
			one.Services = append(one.Services, say.Services[s])
		}
		for _, s := range g.Served {
			one.Served = append(one.Served, line{say.Services[s.Service], s.Period, strconv.Itoa(s.AtLeast)})
		}
		drawn.Grants = append(drawn.Grants, one)
	}
	return draw(in, drawn)
}

// Refused says that the page cannot be shown now.
func Refused(v edge.Visit, _ *fault.Error) edge.Page {
	in := speak(v)
	return draw(in, view{Trouble: said[in].Failed})
}

func draw(in code.NoticeLanguage, v view) edge.Page {
	v.Language, v.Direction, v.Say, v.Style = in, direction(in), said[in], template.CSS(style) //nolint:gosec // our own file
	for _, l := range languages {
		if l != in {
			v.Others = append(v.Others, other{l, direction(l), said[l].Name, Path + "?language=" + string(l)})
		}
	}
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		panic(err) // of a template whose data are all here; the chain tells it as a defect
	}
	return edge.Page{HTML: b.Bytes(), Policy: policy}
}

func direction(l code.NoticeLanguage) string {
	if l == code.Arabic {
		return "rtl"
	}
	return "ltr"
}

// speak is the language that was chosen, or the first that the browser asks for and the page speaks.
func speak(v edge.Visit) code.NoticeLanguage {
	asked := v.Query.Get("language") + "," + v.Languages
	for tag := range strings.SplitSeq(asked[:min(len(asked), 256)], ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		if l := code.NoticeLanguage(tag); slices.Contains(languages, l) {
			return l
		}
	}
	return languages[0]
}

// dollars writes US dollar cents for people: 20,000.00.
func dollars(cents int64) string {
	whole := strconv.FormatInt(cents/100, 10)
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	rest := strconv.FormatInt(cents%100+100, 10)[1:]
	return whole + "." + rest
}
