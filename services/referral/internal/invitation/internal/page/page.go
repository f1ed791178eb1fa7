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

	Trouble, Thanks string
	AsksCode        bool
	Code            string
	Preview         *preview
}

type preview struct {
	Service, Urgency, Instant, RespondBy string
	Reasons                              []reason
}

type reason struct {
	Code  code.DeclineReason
	Label string
}

// Ask is the form in which a code is typed.
func Ask(languages string) edge.Page { return draw(Language(languages), view{AsksCode: true}) }

// Preview shows what a code is for, and takes the answer.
func Preview(language code.NoticeLanguage, typed string, p domain.Preview) edge.Page {
	say := said[language]
	shown := &preview{
		Service: say.Services[p.Service], Urgency: say.Urgencies[p.Urgency],
		Instant: p.RespondBy.UTC().Format(time.RFC3339), RespondBy: p.RespondBy.UTC().Format("2006-01-02 15:04 UTC"),
	}
	for _, r := range code.DeclineReasons {
		shown.Reasons = append(shown.Reasons, reason{r, say.Reasons[r]})
	}
	return draw(language, view{Code: typed, Preview: shown})
}

// Thanks says that an answer was taken.
func Thanks(language code.NoticeLanguage, a code.Answer) edge.Page {
	if a == code.Accept {
		return draw(language, view{Thanks: said[language].Accepted})
	}
	return draw(language, view{Thanks: said[language].Declined})
}

// Refused says what is wrong in words that do not help to guess, and asks again.
func Refused(languages string, f *fault.Error) edge.Page {
	language := Language(languages)
	say := said[language]
	v := view{AsksCode: true}
	switch {
	case f.Code == fault.Quarantined:
		v.Trouble = say.Closed
	case f.Kind == fault.NotFound, f.Kind == fault.Invalid, f.Kind == fault.Conflict:
		v.Trouble = say.Wrong
	case f.Kind == fault.RateLimited:
		v.Trouble = say.Wait
	default:
		v.Trouble = say.Failed
	}
	return draw(language, v)
}

func draw(language code.NoticeLanguage, v view) edge.Page {
	v.Language, v.Direction = language, "ltr"
	if language == code.Arabic {
		v.Direction = "rtl"
	}
	v.Say, v.Style, v.Script = said[language], template.CSS(style), template.JS(script) //nolint:gosec // our own files
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		panic(err) // of a template whose data are all here; the chain tells it as a defect
	}
	return edge.Page{HTML: b.Bytes(), Policy: policy}
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
