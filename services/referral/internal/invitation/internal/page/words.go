package page

import (
	"bytes"
	_ "embed" // the words
	"encoding/json"

	"github.com/sanad-network/sanad/api/code"
)

// words is all that the page says in one language.
type words struct {
	// Name is that of the language, in it.
	Name, Languages                         string
	Title, Code, Hint, Continue             string
	Service, Urgency, RespondBy             string
	Accept, Decline, Reason, Choose         string
	Accepted, Declined, Wrong, Wait, Failed string
	// Once is for a page that was shown, or was not brought back.
	Once string
	// Ended and the next are for what became of copies; Unsaid is for an answer of which a
	// part is missing.
	Ended, Became, Destroyed, Ground, GroundHint, Until string
	SheWasTold, Yes, NotYet, Kept, Noted, Unsaid        string
	// Closed is for a referral or an invitation that is in quarantine.
	Closed string

	// Titles are those of the states in which no answer is awaited, or the code is to be typed
	// again. In all others it is Title.
	Titles map[Said]string

	Services  map[code.Service]string
	Urgencies map[code.Urgency]string
	Reasons   map[code.DeclineReason]string
}

//go:embed words.json
var translations []byte

// said are the words by language. A language, a code or a name that is not known
// keeps the program from starting.
var said = func() (all map[code.NoticeLanguage]words) {
	d := json.NewDecoder(bytes.NewReader(translations))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		panic(err)
	}
	return all
}()
