package notify

import (
	_ "embed"
	"encoding/json"
	"strings"

	"github.com/sanad-network/sanad/api/code"
)

// words is all that notices say in one language. "{link}" opens what waits,
// "{page}" is where "{code}" is typed. A new language needs its forbidden words
// in the test.
type words struct {
	// Link is how an e-mail opens what waits, Typed how an SMS does; Page is said
	// where there is no code. Once is said of a code for one answer.
	Link, Once, Page, Keep, Typed string
	Kinds                         map[code.NoticeKind]said
}

// said is what one kind says, with a code and without.
type said struct{ Subject, Say string }

//go:embed words.json
var wordsFile []byte

var texts = readWords(wordsFile)

// readWords panics on a file that is not its form: it is a part of the program.
func readWords(raw []byte) (all map[code.NoticeLanguage]words) {
	if err := json.Unmarshal(raw, &all); err != nil {
		panic(err)
	}
	return all
}

// write fills in the text of a notice. A language or a kind that is not there is
// a defect in the program. Another one is never used in its place.
func write(base string, n Notice) (Letter, error) {
	w := texts[n.Language]
	kind, ok := w.Kinds[n.Kind]
	if !ok {
		return Letter{}, ErrRefused
	}
	page := base + n.Path
	fill := strings.NewReplacer("{link}", page+"#"+n.Secret, "{page}", page, "{code}", n.Code)
	l := Letter{To: n.To, Key: n.Key, Body: fill.Replace(w.sms(kind, n))}
	if n.Channel == code.Email {
		l.Subject, l.Body = kind.Subject, fill.Replace(w.email(kind, n))
	}
	return l, nil
}

func (w words) sms(kind said, n Notice) string {
	switch {
	case n.Code != "":
		return kind.Say + " " + w.Typed
	case n.Path != "":
		return kind.Say + " " + w.Page
	}
	return kind.Say
}

func (w words) email(kind said, n Notice) string {
	parts := []string{kind.Say}
	switch {
	case n.Code != "":
		parts = append(parts, w.Link, w.Once+" "+w.Keep)
	case n.Path != "":
		parts = append(parts, w.Page, w.Keep)
	default:
		parts = append(parts, w.Keep)
	}
	return strings.Join(parts, "\n\n") + "\n"
}
