// Package page draws the page on which an agency without an account answers. It
// is one small document: it asks no other server for anything, works without
// scripts, with a keyboard and with a screen reader. Without a code it shows
// nothing, not even what kind of thing waits.
package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

var (
	//go:embed page.html
	source string
	//go:embed page.css
	style string
	//go:embed page.js
	script string

	page = template.Must(template.New("page").Parse(source))

	policy = "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// view is what the page shows.
type view struct {
	Language  code.NoticeLanguage
	Direction string
	Say       words
	Style     template.CSS
	Script    template.JS

	// Action is where its forms are sent, in the language that was chosen.
	Action                string
	Title                 string
	Trouble, Thanks, Note string
	// Invalid says that the trouble is with what was typed.
	Invalid bool
	// Said is what the page says of the form before, to say it again in another language.
	Said Said
	// See is where the page is that the browser is sent on to.
	See      string
	AsksCode bool
	Code     string
	Preview  *preview
	// Tomorrow is the first day until which a law can keep copies, where the page asks what
	// became of them; empty where it does not.
	Tomorrow string
	Others   []other
}

type preview struct {
	Service, Urgency, Instant, RespondBy, Zone string
	Reasons                                    []reason
}

// other is another language of the page.
type other struct {
	Language            code.NoticeLanguage
	Direction, Name, At string
}

type reason struct {
	Code  code.DeclineReason
	Label string
}

// Ask is the form in which a code is typed, and what is to be said of the form
// before.
func Ask(v edge.Visit, k Kept) edge.Page {
	language := speak(v, k.Language)
	say := said[language]
	asks := view{Action: action(v), Title: cmp.Or(say.Titles[k.Said], say.Title), AsksCode: true, Said: k.Said}
	ends := view{Action: asks.Action, Title: asks.Title, Said: k.Said}
	switch k.Said {
	case Accepted:
		ends.Thanks = say.Accepted
		return draw(language, ends)
	case Declined:
		ends.Thanks = say.Declined
		return draw(language, ends)
	case Noted:
		ends.Thanks = say.Noted
		return draw(language, ends)
	case Wrong:
		asks.Trouble, asks.Invalid = say.Wrong, true
	case Wait:
		asks.Trouble = say.Wait
	case Failed:
		asks.Trouble = say.Failed
	case Closed:
		asks.Trouble = say.Closed
	default:
		asks.Title, asks.Said = say.Title, ""
		if v.Query.Has("after") {
			asks.Title, asks.Note = say.Titles[once], say.Once
		}
	}
	return draw(language, asks)
}

// Preview shows what a code is for, and takes the answer. Times are in the agency's
// zone, which is named.
func Preview(v edge.Visit, k Kept, agency code.NoticeLanguage, zone *time.Location, p domain.Preview) edge.Page {
	language := speak(v, agency)
	say, until := said[language], p.RespondBy.In(zone)
	shown := &preview{
		Service: say.Services[p.Service], Urgency: say.Urgencies[p.Urgency],
		Instant: p.RespondBy.UTC().Format(time.RFC3339), RespondBy: until.Format("2006-01-02 15:04"), Zone: named(until),
	}
	for _, r := range code.DeclineReasons {
		shown.Reasons = append(shown.Reasons, reason{r, say.Reasons[r]})
	}
	drawn := view{Action: action(v), Title: say.Title, Code: k.Code, Preview: shown}
	if k.Said == Reasonless {
		drawn.Trouble, drawn.Invalid, drawn.Said = say.Choose, true, k.Said
	}
	return draw(language, drawn)
}

// LetGo says that it has ended, and asks what became of the agency's copies. It names
// neither what it was nor anybody.
func LetGo(v edge.Visit, k Kept, agency code.NoticeLanguage, now time.Time) edge.Page {
	language := speak(v, agency)
	say := said[language]
	drawn := view{Action: action(v), Title: say.Titles[ended], Code: k.Code, Tomorrow: domain.Tomorrow(now).Format(time.DateOnly)}
	if k.Said == Unsaid {
		drawn.Trouble, drawn.Invalid, drawn.Said = say.Unsaid, true, k.Said
	}
	return draw(language, drawn)
}

// named says in which zone a time is. A name says it to people, the offset to those
// who do not know the name.
func named(t time.Time) string {
	if t.Location() == time.UTC {
		return "UTC"
	}
	return t.Location().String() + ", " + t.Format("UTC-07:00")
}

// Refused says what is wrong in words that do not help to guess, and asks again. A
// code that is wrong is told at another address: a form that is sent again would cost
// another try. What may go well the next time stays where it is, to be sent again.
func Refused(v edge.Visit, f *fault.Error) edge.Page {
	what := Failed
	switch {
	case f.Code == fault.Quarantined:
		what = Closed
	case f.Kind == fault.RateLimited:
		what = Wait
	case f.Kind == fault.NotFound, f.Kind == fault.Invalid, f.Kind == fault.Conflict:
		if what = Wrong; v.Form {
			return See(v, Kept{Said: what})
		}
	}
	return Ask(v, Kept{Said: what})
}

func action(v edge.Visit) string {
	if l := chosen(v); l != "" {
		return in(l)
	}
	return path
}

func draw(language code.NoticeLanguage, v view) edge.Page {
	v.Language, v.Direction = language, direction(language)
	for _, l := range code.NoticeLanguages {
		if l != language {
			v.Others = append(v.Others, other{l, direction(l), said[l].Name, in(l)})
		}
	}
	v.Say, v.Style, v.Script = said[language], template.CSS(style), template.JS(script) //nolint:gosec // our own files
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

// Language is the first language of an Accept-Language header that the page
// speaks. Its weights are passed over: browsers send the best first.
func Language(accepted string) code.NoticeLanguage {
	for tag := range strings.SplitSeq(accepted[:min(len(accepted), 256)], ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		if l := code.NoticeLanguage(tag); slices.Contains(code.NoticeLanguages, l) {
			return l
		}
	}
	return cmp.Or(code.NoticeLanguages[0], code.English)
}
