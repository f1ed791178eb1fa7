package page

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/edge"
)

// path is where the page is.
const path = "/answer"

// Kept is what a browser brings from a form to the page that answers it: the code, so
// that no address holds it, or what became of the answer.
type Kept struct {
	Code string
	Said Said
	// Language is the agency's, for what is said after its answer.
	Language code.NoticeLanguage
}

// Said is what the page says of the form before.
type Said string

// What was said of a form.
const (
	Accepted Said = "accepted"
	Declined Said = "declined"
	Wrong    Said = "wrong"
	// Wait, Failed and Closed are what may go well the next time: too many tries, a trouble of
	// ours, and a record in quarantine.
	Wait   Said = "wait"
	Failed Said = "failed"
	Closed Said = "closed"
	// Reasonless is a decline that gives no reason.
	Reasonless Said = "reasonless"
	// Noted is what became of copies, and Unsaid one that lacks a part.
	Noted  Said = "noted"
	Unsaid Said = "unsaid"

	// once is a page that was shown, or was not brought back, and ended asks what became of
	// copies. No form says either.
	once  Said = "once"
	ended Said = "ended"
)

// Read takes what a browser brings back. Anybody can write that, so it only chooses
// among what the page has to say; a code in it is tried like any other.
func Read(kept string) Kept {
	values, err := url.ParseQuery(kept)
	if err != nil {
		return Kept{}
	}
	return Kept{Code: values.Get("code"), Said: Said(values.Get("said")), Language: code.NoticeLanguage(values.Get("language"))}
}

func (k Kept) write() string {
	values := url.Values{}
	for name, value := range map[string]string{"code": k.Code, "said": string(k.Said), "language": string(k.Language)} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

// See sends the browser on to the page, with what it is to show there.
func See(v edge.Visit, k Kept) edge.Page {
	at := path + "?after=form"
	if chosen := chosen(v); chosen != "" {
		at += "&language=" + string(chosen)
	}
	language := speak(v, k.Language)
	drawn := draw(language, view{Title: cmp.Or(said[language].Titles[k.Said], said[language].Title), See: at})
	drawn.See, drawn.Keep = at, k.write()
	return drawn
}

// chosen is the language that was chosen on the page, empty for none.
func chosen(v edge.Visit) code.NoticeLanguage {
	if l := code.NoticeLanguage(v.Query.Get("language")); slices.Contains(code.NoticeLanguages, l) {
		return l
	}
	return ""
}

// speak is the language of the page: the one that was chosen, else the agency's, else
// the browser's.
func speak(v edge.Visit, agency code.NoticeLanguage) code.NoticeLanguage {
	switch l := chosen(v); {
	case l != "":
		return l
	case slices.Contains(code.NoticeLanguages, agency):
		return agency
	}
	return Language(v.Languages)
}

// in is the page in a language.
func in(language code.NoticeLanguage) string { return path + "?language=" + string(language) }
